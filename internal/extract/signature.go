package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// shownAuthor is who wrote by what a page shows its readers: who is marked so, with those who stand beside, or who a line names, or who the page calls an
// author by a class or a link, or who stands before the date or under the title.
func (c *clearing) shownAuthor(h *head, title string) string {
	if marked := c.markedAuthors(h.people, c.body.Descendants(), isAuthor); marked != "" {
		return marked
	}
	lines := c.beforeProse()
	for _, line := range lines {
		if names := firstNonEmpty(linkedNames(line), namesIn(words(line))); h.people(names) != "" && !isSaid(words(line)) {
			return h.people(names)
		}
	}
	for _, isOne := range []func(*html.Node) bool{isCalledAuthor, leadsToAuthor} {
		if marked := c.markedAuthors(h.people, slices.Values(c.opening()), isOne); marked != "" {
			return marked
		}
	}
	below, _ := c.postedBelow()
	return cmp.Or(h.people(unmarkedName(lines, title)), c.bareName(h, lines, title), h.people([]string{below}))
}

// unmarkedName is who stands before the date of an article, or in italics under its title, with no word in the line that says so.
func unmarkedName(lines []*html.Node, title string) []string {
	for i, line := range lines {
		text, isItalic := words(line), isMarked(slices.Collect(line.ChildNodes()), italic)
		if at := namedAndDated().FindStringSubmatch(text); at != nil && isPerson(at[1]) && (isItalic || strings.HasPrefix(at[2], ",")) {
			return at[1:2]
		}
		if at := datedAndNamed().FindStringSubmatch(text); at != nil {
			return at[1:]
		}
		if i > 0 && saysBy().MatchString(words(lines[i-1])) && isPerson(text) {
			return listed(text)
		}
		if i > 0 && isPerson(text) && isItalic && Key(words(lines[i-1])) == Key(title) {
			return []string{text}
		}
	}
	return nil
}

// saysBy finds a line that is nothing but the word above a name.
var saysBy = expression(`(?i)^(?:(?:article\s+)?(?:écrit|rédigé|publié|posté|proposé|written|posted|published)\s+)?(?:par|by)\s*:?$`)

// namedAndDated finds a line that is a name, a sign and a date: behind a comma, or in italics, the name is no part of the site. A place has an article before
// its date: “La Rochelle, le 3 mars 2026”. datedAndNamed finds one as Drupal wrote it.
var (
	namedAndDated = expression(`(?i)^(?-i:(` + name + `))(,|\s+[-–—|·])\s+(?:` + weekday + `\s+)?[0-9]{1,2}(?:er)?\s+` + monthName + `\s+[0-9]{4}$`)
	datedAndNamed = expression(`[0-9]{4} - [0-9]{1,2}:[0-9]{2}\s+—\s+(` + name + `)$`)
)

// bareName is who stands under the title in a line that says nothing else but when: in words that only a signature has, or where the page says by a class
// that the line tells of the article, or the line that it came out.
func (c *clearing) bareName(h *head, lines []*html.Node, title string) string {
	isTitle := func(line *html.Node) bool { return Key(words(line)) == Key(title) }
	for _, line := range lines[1+slices.IndexFunc(lines, isTitle):] {
		text := words(line)
		rest := besideDates(text)
		names := signedAlone(rest)
		isPictured := c.isPictured(line, rest)
		isTold := rest != text && (c.isTold(line) || released().MatchString(text)) || c.isByDate(line)
		if names == nil && (isTold || isPictured) && h.canSign(rest) && !holds(line, atom.A) { // a link leads to a part of the site: one to an author has told
			names = []string{rest}
		}
		if people := h.people(names); people != "" && !isHeading(line) {
			return people
		}
	}
	return ""
}

// isByDate reports a line beside one that is nothing but a date, where nothing else stands in what holds both.
func (c *clearing) isByDate(line *html.Node) bool {
	beside := line.Parent.FirstChild
	for beside != nil && (beside == line || c.size[beside] == 0) {
		beside = beside.NextSibling
	}
	return beside != nil && c.leaf[beside] && c.size[line]+c.size[beside] == c.size[line.Parent] && besideDates(words(beside)) == "" && when().MatchString(words(beside))
}

// dropBios takes out what stands below a text, set apart from it by a rule or a box, and tells who somebody is who wrote it.
func (c *clearing) dropBios(authors string) {
	for _, line := range c.lines(2 * shortLine) {
		text := words(line)
		name := nameBefore(text, authors)
		isTold := aboutAuthor().MatchString(text)
		if name == "" && !isTold || c.at[line] < c.text || !c.isThere(line) {
			continue
		}
		box := c.boxOf(line)
		isBox := box != line && (isTold || text == name || isPictureOf(box, name))
		isSaid := (box != line || c.elementBefore(line) == atom.Hr) && aboutPeople().MatchString(text)
		if (isBox || isSaid) && !c.isFollowed(box) {
			c.remove(box)
		}
	}
}

// aboutAuthor is a line above what a page says of who wrote it.
var aboutAuthor = expression(`(?i)^(?:[àa]\s+propos\s+(?:de\s+l[’']aut(?:eure?|rice)|des\s+aut(?:eurs|rices))|about\s+the\s+authors?)\s*:?$`)

// nameBefore is the name of the author with which a text begins; empty: none does.
func nameBefore(text, authors string) string {
	for name := range strings.SplitSeq(authors, ", ") {
		if isPerson(name) && strings.HasPrefix(text, name) {
			return name
		}
	}
	return ""
}

// isPictureOf reports an element with a picture that is named after somebody.
func isPictureOf(n *html.Node, name string) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.Img && name != "" && strings.HasSuffix(Key(attribute(d, "alt")), Key(name)) {
			return true
		}
	}
	return false
}

// elementBefore is what kind of element stands directly before another.
func (c *clearing) elementBefore(n *html.Node) atom.Atom {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.ElementNode {
			return s.DataAtom
		}
	}
	return 0
}

// isFollowed reports a block below which the text goes on.
func (c *clearing) isFollowed(block *html.Node) bool {
	return slices.ContainsFunc(c.lines(math.MaxInt), func(line *html.Node) bool { return c.at[line] > c.at[block] && !isIn(line, block) && c.isLong(line) })
}

// isPictured reports a name beside the picture of who bears it.
func (c *clearing) isPictured(line *html.Node, name string) bool {
	for n := line; n != c.body && c.size[n] <= longestDateline; n = n.Parent {
		if isPictureOf(n, name) {
			return true
		}
	}
	return false
}

// canSign reports a name of a person or a desk, and none under which the page files the article.
func (h *head) canSign(name string) bool {
	filed := Keys(append(h.tags(), h.section()))
	return (isPerson(name) && !isNoPerson().MatchString(name) || desk().MatchString(name)) && !slices.Contains(filed, Key(name))
}

// isNoPerson begins the names of places and of parts of a site.
var isNoPerson = expression(`(?i)^(?:l[ae]s?\s|l[’']|the\s)`)

// isTold reports a line in something short that tells of the article by its class.
func (c *clearing) isTold(line *html.Node) bool {
	for n := line; n != c.body && c.size[n] <= longestDateline; n = n.Parent {
		if isNamed(n, " meta metas metadata byline author auteur posted published publi submitted dateline info infos ") {
			return true
		}
	}
	return false
}

// agencies are those whose letters newspapers print.
const agencies = `(?:l[’'])?(?:AFP|Agence France-Presse|AP|Associated Press|Reuters|Belga|(?:Keystone-)?ATS|DPA|EFE|ANSA|Bloomberg|ETX(?: Daily Up)?|La Presse canadienne|(?:les\s+)?agences)`

// writing is what a line may call the article that names who wrote it.
const writing = `(?:article|enquête|reportage|dossier|texte|récit|billet|chronique|analyse|story|reporting)`

// Lines that are a signature whatever stands around them: agencies, those whom they helped, the newsroom, and who wrote what the line calls the article.
var (
	agency     = expression(`^` + agencies + `$`)
	byAgency   = expression(`^(?:(?i:par|by|avec|with)\s+)?(` + agencies + `(?:(?:\s*[,/&]\s*|\s+(?:et|and|avec|with)\s+)` + agencies + `)*)$`)
	helpedBy   = expression(`^(` + name + `(?:(?:,|\s+(?:et|and|&))\s+` + name + `)*?|(?i:la|notre)\s+rédaction)\s*(?:,\s*|\s+|\()\s*(?:avec|with)\s+(` + agencies + `(?:(?:,|\s+(?:et|and|&))\s+` + agencies + `)*)\)?$`)
	newsroom   = expression(`^(?i:la|notre)\s+(?i:rédaction)(?:\s+(?:de\s+la|de\s+l[’']|de|du|des|d[’'])\s*` + name + `)?$`)
	workOf     = expression(`(?i)^(?:(?:un|une|an?)\s+)?` + writing + `\s+(?:de\s+|d[’']|signée?s?\s+|par\s+|by\s+)(.+)$`)
	sentBehind = expression(`^(` + namePart + `\s+` + name + `),?\s+(?i:(?:envoyée?\s+spécia\pL+|correspondante?)(?:\s+(?:permanent|particuli[eè]r)\pL*)?(?:\s+(?:à|au|aux|en|dans)\s+[^,.]{1,40})?)$`)
	sentFrom   = expression(`(?i)^de\s+` + sentBy + `(.+)$`)
)

// signedAlone are the names of such a line.
func signedAlone(line string) []string {
	if newsroom().MatchString(line) {
		return []string{line}
	}
	for _, form := range []pattern{byAgency, helpedBy, sentBehind} {
		if found := form().FindStringSubmatch(line); found != nil {
			return parted(strings.Join(found[1:], ", "))
		}
	}
	for _, form := range []pattern{workOf, sentFrom} {
		if found := form().FindStringSubmatch(line); found != nil {
			names := listed(found[1])
			if len(names) > 0 && (isPerson(names[0]) || desk().MatchString(names[0])) && strings.HasSuffix(found[1], names[len(names)-1]) {
				return names
			}
		}
	}
	return nil
}

// between is what stands between the names in such a line, and before that of an agency.
var between = expression(`(?:^|,\s+|\s*[/&]\s*|\s+(?:et|and|avec|with)\s+)(?:l[’']|)`)

// parted are the names in such a line, without “agences”, which names none.
func parted(line string) []string {
	return slices.DeleteFunc(between().Split(line, -1), func(name string) bool { return name == "" || startsLower(name) })
}
