package extract

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mostHeadings is how many headings of each rank are looked at: an article has one title, and careless sites a few.
const mostHeadings = 8

// readHeadings finds the title of the article among the headings of a page, and what the site calls itself: the heading that leads to its front page.
func (h *head) readHeadings(ranks [4][]*html.Node) {
	var first []*html.Node
	for rank, headings := range ranks {
		for _, n := range headings {
			text := oneLine(textOf(n))
			if k := Key(text); k != "" && (h.leadsAway(n) || isSiteTitle(n)) && !slices.Contains(h.names, k) {
				h.names = append(h.names, k)
			}
			if text != "" && rank == 0 {
				h.headings, first = append(h.headings, text), append(first, n)
			}
			if h.marked == "" && (isTitle(n) || h.leadsToItself(n)) && !isWithin(n, atom.Li, atom.Aside, atom.Nav, atom.Footer) && !h.leadsAway(n) && !h.leadsToAnother(n) {
				h.marked = text
			}
		}
	}
	for _, n := range first {
		h.readBelow(n)
	}
	h.heading = h.articleHeading(first, ranks[1])
}

// readBelow takes a heading of the first rank for a name of the site where it is one end of the title of the page, and a heading between it and the text the
// other; and notes the heading under a name of the site, which is the article's.
func (h *head) readBelow(n *html.Node) {
	name, below := Key(oneLine(textOf(n))), h.headingsBelow(n)
	if !slices.Contains(h.names, name) && slices.ContainsFunc(below, func(title *html.Node) bool { return h.isNameBeside(n, title) }) {
		h.names = append(h.names, name)
	}
	var under *html.Node // the highest, and nearest to the text
	for _, title := range below {
		text := oneLine(textOf(title))
		isOwn := text != "" && !slices.Contains(h.names, Key(text)) && !h.isAside(title) && !h.leadsToAnother(title)
		if isOwn && (under == nil || title.Data <= under.Data) {
			under = title
		}
	}
	if slices.Contains(h.names, name) && under != nil {
		h.under = cmp.Or(h.under, oneLine(textOf(under)))
	}
}

// headingsBelow are those between a heading and the text below it, but for those of menus, lists and margins.
func (h *head) headingsBelow(n *html.Node) (below []*html.Node) {
	for next := following(n); next != nil && len(below) < mostHeadings; next = following(next) {
		switch {
		case next.DataAtom == atom.P && utf8.RuneCountInString(words(next)) > longestDateline:
			return below
		case isHeading(next) && !isWithin(next, atom.Nav, atom.Aside, atom.Footer, atom.Li):
			below = append(below, next)
		}
	}
	return below
}

// following is what comes next in a page.
func following(n *html.Node) *html.Node {
	if n.FirstChild != nil {
		return n.FirstChild
	}
	for n != nil && n.NextSibling == nil {
		n = n.Parent
	}
	if n == nil {
		return nil
	}
	return n.NextSibling
}

// isNameBeside reports a heading that says one end of the title of the page, where another below it says the other: the first is a name and the second the
// title of the article. Sites write their name behind that. Where they write it before, it is set so, in a header, or shorter than titles are.
func (h *head) isNameBeside(n, title *html.Node) bool {
	name, own := oneLine(textOf(n)), Key(oneLine(textOf(title)))
	for _, at := range separator().FindAllStringIndex(h.title, -1) {
		left, right := Key(h.title[:at[0]]), Key(h.title[at[1]:])
		isSet := strings.Contains(h.title[at[0]:at[1]], "»") || h.isAside(n) || len(strings.Fields(name)) < shortestTitle
		isBehind := left == own && strings.HasSuffix(right, Key(name))
		isBefore := right == own && strings.HasPrefix(left, Key(name)) && isSet
		if Key(name) != "" && own != "" && (isBehind || isBefore) {
			return true
		}
	}
	return false
}

// isTitle reports a heading that is marked as the title of an article: by microdata, an hAtom or an h-entry, or by a class as designs call it.
func isTitle(n *html.Node) bool {
	if hasWord(attribute(n, "itemprop"), "headline") {
		return true
	}
	for class := range strings.FieldsSeq(strings.ToLower(attribute(n, "class"))) {
		switch class {
		case "entry-title", "p-name", "post-title", "post__title", "article-title", "article__title", "single-title":
			return true
		}
	}
	return false
}

// ofSiteTitle finds the classes by which designs call the name of a site.
var ofSiteTitle = expression(`(?i)^(?:site|blog)[-_]{0,2}(?:title|name|titre|nom)$`)

// isSiteTitle reports a heading that is called the name of the site, or stands in what is, above others.
func isSiteTitle(n *html.Node) bool {
	isCalled := func(of *html.Node) bool {
		return slices.ContainsFunc(strings.Fields(attribute(of, "class")+" "+attribute(of, "id")), ofSiteTitle().MatchString)
	}
	return n.DataAtom == atom.H1 && (isCalled(n) || isCalled(n.Parent))
}

// articleHeading is the heading of the only <article> that has one, else the first on the page that says enough for a title and stands above no
// other that begins the title of the page: that is one of a part of the site.
func (h *head) articleHeading(first, second []*html.Node) string {
	var inside, open []string
	for _, n := range first {
		text := oneLine(textOf(n))
		if h.isAside(n) || slices.Contains(h.names, Key(text)) {
			continue
		}
		if isWithin(n, atom.Article) && !slices.Contains(inside, text) {
			inside = append(inside, text)
		}
		if len(strings.Fields(text)) >= shortestTitle {
			open = append(open, text)
		}
	}
	titled := func(n *html.Node) bool {
		k := Key(oneLine(textOf(n)))
		return k != "" && strings.HasPrefix(Key(h.title), k) && len(k)*2 >= len(Key(h.title))
	}
	switch {
	case len(inside) == 1:
		return inside[0]
	case len(open) == 0 || slices.ContainsFunc(second, titled):
		return ""
	}
	return open[0]
}

// shortestTitle is how many words a heading has, at least, that is not taken for the name of a part of the site.
const shortestTitle = 3

// isAside reports what stands in something around the article, or is the way to the front page.
func (h *head) isAside(n *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if isFurniture(p) {
			return true
		}
	}
	return h.leadsAway(n)
}

// leadsAway reports a heading that is a link to the front page.
func (h *head) leadsAway(n *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if h.leadsToFront(p) {
			return true
		}
	}
	for d := range n.Descendants() {
		if h.leadsToFront(d) && words(d) == words(n) {
			return true
		}
	}
	return false
}

// leadsToAnother reports a heading that is a link to another page of the site: the title of an article there.
func (h *head) leadsToAnother(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.A && h.isElsewhere(attribute(d, "href")) && words(d) == words(n) {
			return true
		}
	}
	return n.Parent != nil && n.Parent.DataAtom == atom.A && h.isElsewhere(attribute(n.Parent, "href"))
}

// leadsToItself reports a heading that is a link to the page on which it stands: the title of its article.
func (h *head) leadsToItself(n *html.Node) bool {
	for d := range n.Descendants() {
		to := Absolute(h.base, attribute(d, "href"))
		if d.DataAtom == atom.A && to != "" && (to == h.own || to == h.address.String()) && words(d) == words(n) {
			return !h.isFront()
		}
	}
	return false
}

// isElsewhere reports the address of another page of the site than this, and than its front page.
func (h *head) isElsewhere(address string) bool {
	full := Absolute(h.base, address)
	u, err := url.Parse(full)
	if err != nil || full == "" || strings.HasPrefix(strings.TrimSpace(address), "#") || !SameSite(full, h.address.String()) {
		return false
	}
	to := strings.Trim(u.Path, "/")
	own, err := url.Parse(h.own)
	return to != "" && to != strings.Trim(h.address.Path, "/") && (err != nil || to != strings.Trim(own.Path, "/"))
}

func (h *head) leadsToFront(n *html.Node) bool {
	if n.DataAtom != atom.A {
		return false
	}
	u, err := url.Parse(Absolute(h.base, attribute(n, "href")))
	return err == nil && u.Host != "" && strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

// headline is the title of the article, without the name of the site around it. Where a program has cut it, the whole one serves.
func (h *head) headline() string {
	var all []string
	for _, given := range slices.Concat(h.dataTitles(), h.meta["og:title"], []string{h.marked}, h.shownTitles(), h.meta["twitter:title"], h.meta["title"], h.meta["dc.title"], h.data.texts(h.article, "headline"), h.data.texts(h.article, "name")) {
		if t := h.bare(oneLine(given)); t != "" && !slices.Contains(h.names, Key(t)) {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return ""
	}
	begun := strings.TrimSpace(strings.TrimRight(all[0], "….[]"))
	for _, t := range all[1:] {
		if begun != all[0] && len(t) > len(all[0]) && strings.HasPrefix(t, begun) {
			return Cut(t, MaxTitle)
		}
	}
	return Cut(all[0], MaxTitle)
}

// dataTitles are those of JSON-LD that come before all that the page shows. Some sites give the name of the article for its headline, and others their own for
// its name: the one that the page shows comes first. A name that it does not show is that of something else, and so is a headline where all that it shows agree
// on another.
func (h *head) dataTitles() []string {
	headline, name := oneLine(h.data.text(h.article, "headline")), oneLine(h.data.text(h.article, "name"))
	switch {
	case h.shows(name) && !h.begins(headline):
		return []string{name, headline}
	case h.shows(name):
		return []string{headline, name}
	case h.contradicts(headline):
		return nil
	}
	return []string{headline}
}

// isOfBlock reports that the data that pass for the article may be those of a block within it: the page does not show their name as its title.
func (h *head) isOfBlock() bool {
	return h.data.isBlock(h.article) && !h.shows(h.data.text(h.article, "name"))
}

// shows reports a title that the page shows and does not go on with: as a heading, or before the name of the site.
func (h *head) shows(title string) bool {
	k := Key(title)
	given := slices.Concat(h.headings, h.meta["og:title"], h.meta["twitter:title"], []string{h.marked})
	isIt := func(shown string) bool { return Key(h.bare(oneLine(shown))) == k }
	goesOn := func(shown string) bool { return strings.HasPrefix(Key(shown), k) && !isIt(shown) }
	if k == "" || slices.ContainsFunc(given, isIt) {
		return k != ""
	}
	rest, begins := strings.CutPrefix(h.title, title)
	return isIt(h.title) || begins && afterTitle().MatchString(rest) && !slices.ContainsFunc(given, goesOn)
}

// begins reports a title that begins what the page shows.
func (h *head) begins(title string) bool {
	return title != "" && slices.ContainsFunc(append([]string{h.title}, h.headings...), func(shown string) bool { return strings.HasPrefix(Key(shown), Key(title)) })
}

// contradicts reports a title in the place of which all that the page gives, at least two, agree on another. A title that says half of the same in other words
// is not contradicted. That of what may be a block is, and by a single one.
func (h *head) contradicts(title string) bool {
	var agreed []string
	for _, given := range slices.Concat(h.meta["og:title"], []string{h.title, h.marked}, h.headings) {
		if given = h.bare(oneLine(given)); given != "" && !slices.Contains(h.names, Key(given)) {
			agreed = append(agreed, given)
		}
	}
	if len(agreed) == 0 || len(agreed) == 1 && !h.article.isA(mayBeBlock) || slices.ContainsFunc(agreed, func(given string) bool { return Key(given) != Key(agreed[0]) }) {
		return false
	}
	return Key(title) != Key(agreed[0]) && (h.article.isA(mayBeBlock) || !h.isTitled(thing{"headline": title}, agreed) && !h.isTitled(thing{"headline": agreed[0]}, []string{title}))
}

// shownTitles are those that readers see. A heading that has little to do with the title of the page is that of the site, or of a part of it, unless
// it stands where that of the article does.
func (h *head) shownTitles() []string {
	titled := func(heading string) bool {
		k, whole := Key(heading), Key(h.title)
		return strings.Contains(whole, k) && len(k)*3 >= len(whole)
	}
	var first, rest []string
	for _, heading := range h.headings {
		if titled(heading) {
			first = append(first, heading)
		} else {
			rest = append(rest, heading)
		}
	}
	heading := h.heading
	if h.isOfSite(h.title) {
		heading = cmp.Or(heading, h.under)
	}
	return slices.Concat(first, []string{heading, h.title}, rest)
}

// isOfSite reports a title of nothing but a name of the site, or of that and what the site says of itself, which no heading does.
func (h *head) isOfSite(title string) bool {
	if slices.Contains(h.names, Key(title)) {
		return true
	}
	at := separator().FindStringIndex(title)
	return at != nil && slices.Contains(h.names, Key(title[:at[0]])) && Key(title[at[1]:]) != Key(h.under)
}

// separator is what stands between a title and the name of a site. A no-break space counts as a space.
var separator = expression(`[\s\x{a0}\x{202f}]+(?:[-–—|·•:»/]|::)[\s\x{a0}\x{202f}]+`)

// TitleParts are the parts of a title between spaced signs, such as “ | ”, by which sites add their names.
func TitleParts(title string) []string { return separator().Split(title, -1) }

// LastPart is the part behind the last separator of a title, and what stands before it; empty: it has none.
func LastPart(title string) (before, last string) {
	places := separator().FindAllStringIndex(title, -1)
	if len(places) == 0 {
		return title, ""
	}
	at := places[len(places)-1]
	return title[:at[0]], title[at[1]:]
}

// afterTitle is what follows a title that the page shows as its heading, unless it goes on.
var afterTitle = expression(`^[\s\x{a0}\x{202f}]+[-–—|·•»/][\s\x{a0}\x{202f}]+`)

// bare takes the name of the site off a title, and what stands between them. Only what is known to be the name goes: many titles
// have a dash or a colon of their own.
func (h *head) bare(title string) string {
	for _, heading := range append([]string{h.marked}, h.headings...) {
		rest, begins := strings.CutPrefix(title, heading)
		if begins && len(strings.Fields(heading)) > 2 && afterTitle().MatchString(rest) {
			return heading
		}
	}
	for range 3 {
		places := separator().FindAllStringIndex(title, -1)
		if len(places) == 0 {
			return title
		}
		first, last := places[0], places[len(places)-1]
		switch {
		case slices.Contains(h.names, Key(title[last[1]:])):
			title = title[:last[0]]
		case slices.Contains(h.names, Key(title[:first[0]])):
			title = title[first[1]:]
		case ofBlog().MatchString(title[last[1]:]):
			title = title[:last[0]]
		default:
			return title
		}
	}
	return title
}

// ofBlog is what people call their blogs by, which no title ends with behind a dash.
var ofBlog = expression(`(?i)^(?:le |the )?blog (?:de |du |des |d[’']|of )|^.{1,40}[’']s blog$`)

// isName reports a line that is a name of the site, or what the title of the page says beside that of the article.
func (h *head) isName(line, title string) bool {
	k := Key(line)
	return k != "" && (slices.Contains(h.names, k) || k == strings.Replace(Key(h.title), Key(title), "", 1))
}

// handTitle is the line above the text that a page without headings shows as its title: it is large or bold from its beginning to its end, and stands above
// who wrote, or says what the title of the page says, or stands above a date, or is larger than the text below it. Empty: there is none, or the page needs
// none.
func (r pageReader) handTitle(c *clearing) string {
	h := r.head
	isSite := func(heading string) bool { return slices.Contains(h.names, Key(heading)) }
	isTitle := func(heading string) bool { return !isSite(heading) && len(strings.Fields(heading)) >= shortestTitle }
	if cmp.Or(h.dataTitles()...) != "" || h.first("og:title") != "" || h.marked != "" || slices.ContainsFunc(h.headings, isTitle) {
		return ""
	}
	var signed, titled, dated, above string
	lines := c.beforeProse()
	for i, line := range lines {
		text := words(line)
		if !isTitle(text) || holds(line, atom.A) || !c.standsOut(line) {
			continue
		}
		next := ""
		if i+1 < len(lines) {
			next = words(lines[i+1])
		}
		switch k, whole := Key(text), Key(h.title); {
		case namesIn(next) != nil:
			signed = cmp.Or(signed, text)
		case strings.Contains(whole, k) && len(k)*3 >= len(whole) && len(text) > len(titled):
			titled = text
		case !readDate(next, r.zone).IsZero():
			dated = cmp.Or(dated, text)
		case isMarked([]*html.Node{line}, large):
			above = text
		}
	}
	if slices.ContainsFunc(h.headings, func(heading string) bool { return !isSite(heading) }) { // it may be the title, however short
		return signed
	}
	return cmp.Or(signed, titled, dated, above)
}

// standsOut reports a line that is set as a title, by itself or by what holds nothing else.
func (c *clearing) standsOut(line *html.Node) bool {
	if isHeading(line) || isMarked(slices.Collect(line.ChildNodes()), strong) {
		return true
	}
	for n := line; n != c.body && c.size[n] == c.size[line]; n = n.Parent {
		if strong(n) || hasNamePart(attribute(n, "class"), " titre title headline ") {
			return true
		}
	}
	return false
}
