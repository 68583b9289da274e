package extract

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A name begins with a capital, and so does each of its parts but for particles, behind which another part stands: "le 12" is none.
const (
	namePart = `(?:d[’'])?\p{Lu}[\pL’'.-]*`
	name     = namePart + `(?:\s+(?:(?:de|du|des|le|la|van|von|der|den|di|da)\s+){0,2}` + namePart + `){0,4}`
)

// How a byline is read: the word that says who wrote, and then names. Behind a comma may stand a place or a paper: it parts names only where a word
// ends their list.
var (
	byWord   = expression(`(?i)(?:^|[\s•·|,.(–-])(?:(?:par|by)\s*:?\s+|(?:auteure?s?|author|textes?(?:\s+et\s+photos?)?)\s*:\s*)`)
	nameAt   = expression(`^` + name)
	nextName = expression(`^\s*,\s*`)
	lastName = expression(`^\s*,?\s+(?:et|and|&|(?:avec|with)(?:\s+(?:la|le|the))?)\s+(?:l[’'])?`)
	listEnd  = expression(`\s*,|\s+(?:et|and|&|avec|with)\s`)
	fullName = expression(`^` + name + `$`)
	sentence = expression(`\pL{4,}\.`) // initials are shorter
)

// otherWork stands before the word that says who did something else than write the article.
var otherWork = expression(`(?i)\b(?:photos?|photograph\pL*|images?|illustr\pL+|dessins?|infographies?|vid[ée]os?|traduite?s?(?:\s+(?:de\s+l[’']|du\s+|d[’'])\pL+(?:\s+\([^)]*\))?)?|traduction|translated(?:\s+from\s+(?:the\s+)?\pL+)?|relue?s?|edited|reviewed|propulsée?|powered|built|présentée?|presented|sponsor\pL+|offerte?|financée?|modifiée?|validée?)\s*:?$`)

// desk is a part of a newsroom, which signs in its own words.
var desk = expression(`(?i)^(?:(?:la|le|les|notre|the|our)\s+|l[’'])?(?:rédaction|service|équipe|desk|collectif|comité|staff|newsroom|editorial|editors?)\b`)

// role is what people of a newsroom do.
const role = `(?:journalistes?|envoyée?s?\s+spécia\pL+|correspondante?s?|correspondent|rédact(?:eur|rice)s?|reporters?|staff\s+writer)`

// behindNames is what follows names and is none of them, whatever its capitals; in a byline a role needs no comma before it.
var behindNames = expression(`(?i)\s*(?:[|•·–—→/>(\[]|\s-\s|` +
	`\b(?:publiée?s?|postée?s?|parue?s?|mise?s?\s+(?:à\s+jour|en\s+ligne)|modifiée?s?|actualisée?s?|published|updated|posted|modified)(?:[\s:,]|$)|` +
	`\b(?:le|on)\s+(?:\pL+\.?,?\s+)?[0-9]|\b` + monthName + `\.?\s+[0-9]|\b` + weekday + `\b,?\s+(?:[0-9]|` + monthName + `)|` +
	`,\s*` + role + `\b)`)

// roleBetween is what somebody does of whom a list of names says so, before the next.
var roleBetween = expression(`(?i),\s*(?:` + role + `|photographes?|photographer)((?:\s*,|\s+(?:et|and|&))\s+(?-i:\p{Lu}))`)

var roleBehind = expression(`(?i)\s+` + role + `\b.*`)

// sentBy is what a newsroom says of its own people before it names them.
const sentBy = `(?:notre|nos|our)\s+(?:grande?s?\s+)?` + role + `(?:\s+(?:permanent|particuli[eè]r)\pL*)?(?:\s+(?:à|au|aux|en|dans|in|at)\s+[^,:|]{1,40}[,:]|\s*[,:])?\s+`

var ownPeople = expression(`(?i)^` + sentBy)

// withAgency is where a byline names in brackets who helped.
var withAgency = expression(`(?i)\s*\(\s*((?:avec|with)\s+[^()]*)\)`)

// namesIn are those of a byline.
func namesIn(line string) []string {
	for _, at := range byWord().FindAllStringIndex(line, -1) {
		if otherWork().MatchString(strings.TrimRight(line[:at[0]], " ")) {
			continue
		}
		if names := listed(line[at[1]:]); names != nil {
			return names
		}
	}
	return nil
}

// listed are the names with which a text begins.
func listed(text string) (names []string) {
	text = roleBetween().ReplaceAllString(ownPeople().ReplaceAllString(text, ""), "$1")
	text = roleBehind().ReplaceAllString(untilBehind(withAgency().ReplaceAllString(text, " $1")), "")
	closed, before := 0, ""
	for {
		one, rest := firstName(text)
		if one == "" {
			break
		}
		names = append(names, one)
		if len(names) == 1 || lastName().MatchString(before) {
			closed = len(names)
		}
		if before = cmp.Or(lastName().FindString(rest), nextName().FindString(rest)); before == "" {
			break
		}
		text = rest[len(before):]
	}
	return names[:closed]
}

// untilBehind is a text as far as it may be names.
func untilBehind(text string) string {
	if at := behindNames().FindStringIndex(text); at != nil {
		return text[:at[0]]
	}
	return text
}

// firstName is the name with which a text begins, and what stands behind it. An article alone is none.
func firstName(text string) (name, rest string) {
	if desk().MatchString(text) {
		if at := listEnd().FindStringIndex(text); at != nil {
			return text[:at[0]], text[at[0]:]
		}
		return strings.TrimRight(text, " .,:;-"), ""
	}
	name = nameAt().FindString(text)
	if at := sentence().FindStringIndex(name); at != nil {
		name = name[:at[1]-1]
	}
	switch strings.ToLower(name) {
	case "la", "le", "les", "un", "une", "the", "a", "notre", "our":
		return "", text
	}
	return name, text[len(name):]
}

// What stands around a name that is given for that of an author: how it begins, and a date or a place behind it.
var (
	signed    = expression(`(?i)^(?:(?:article\s+)?(?:écrit|rédigé|publié|posté|soumis|proposé|propos\s+recueillis|written|posted|published|submitted)\s+)?(?:par|by|por|von)\s*:?\s+`)
	afterName = expression(`\s+[-–—|·•]\s.*[0-9].*$`)
	bothOf    = expression(`^(.*)\s+(?:et|and|&)\s+(.*)$`)
	helped    = expression(`\s+(?:avec|with)\s+(?:la\s+|le\s+|the\s+|l[’'])?`)
	handle    = expression(`\s+@\S+`)
	address   = expression(`@|://|^www\.|^\S+\.\S+/`)
)

// account finds names under which programs let people write, and of which none is anybody's.
var account = expression(`^(?i:(?:wp|site|web|super)?[-_ ]?admin(?:istrat(?:or|eur|rice))?[-_ ]?[0-9]*|web[- ]?master|super[- ]?user|root|user[0-9]*|utilisateur|anonym(?:e|ous)|guest|invitée?|unknown|inconnue?|default|author|auteur|null|undefined|test)$` +
	`|^[a-z]+[._-]?[0-9][a-z0-9._-]*$|^[a-z0-9]+_[a-z0-9_]+$`)

// Names are the names in what was given for an author.
func Names(text string) (names []string) {
	text = handle().ReplaceAllString(signed().ReplaceAllString(oneLine(text), ""), "")
	if address().MatchString(text) {
		return nil
	}
	text = afterName().ReplaceAllString(withAgency().ReplaceAllString(text, " $1"), "")
	text = helped().ReplaceAllString(text, ", ")
	for part := range strings.SplitSeq(untilBehind(text), ", ") {
		part = strings.Trim(part, " |•·–—-,;:\u00a0")
		if both := bothOf().FindStringSubmatch(part); both != nil && isPerson(both[1]) && isPerson(both[2]) {
			names = append(names, both[1:]...)
		} else if part != "" && !account().MatchString(part) && (len(names) == 0 || !startsLower(part)) {
			names = append(names, part)
		}
	}
	return names
}

// isPerson reports a name of two words and more.
func isPerson(text string) bool { return fullName().MatchString(text) && strings.Contains(text, " ") }

// startsLower reports what stands behind a name and is none, such as what its bearer does.
func startsLower(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(r) && !desk().MatchString(text)
}

// people are the names among what was given for authors, without that of the site where it stands beside others; addresses and accounts are nobody's.
func (h *head) people(given []string) string {
	var names []string
	for _, text := range given {
		for _, name := range Names(text) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	isSite := func(name string) bool { return slices.Contains(h.names, Key(name)) }
	if people := slices.DeleteFunc(slices.Clone(names), isSite); len(people) > 0 {
		names = people
	}
	return Cut(strings.Join(names, ", "), MaxAuthor)
}

// authors are the names that the page gives to programs.
func (h *head) authors() string {
	given := [][]string{h.data.names(h.article, "author"), h.data.names(h.article, "creator")}
	if h.isOfBlock() {
		given = [][]string{nil}
	}
	if strings.HasPrefix(h.first("generator"), "Ghost") { // which names the first author so, and the others so
		given[0] = append(given[0], h.data.names(h.article, "contributor")...)
	}
	for _, name := range []string{"author", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "citation_author", "twitter:data1"} {
		if name != "twitter:data1" || slices.Contains(writtenBy, strings.ToLower(h.first("twitter:label1"))) {
			given = append(given, forenamesFirst(h.meta[name]))
		}
	}
	for _, g := range given {
		if people := h.people(g); people != "" {
			return people
		}
	}
	return ""
}

// forenamesFirst are names of which some have the family name first, as libraries file them: “Roux, Ana”.
func forenamesFirst(given []string) (names []string) {
	for _, text := range given {
		family, forename, isFiled := strings.Cut(text, ",")
		forename = strings.TrimSpace(forename)
		isTwo := isPerson(family) && isPerson(forename)
		if isFiled && !isTwo && nameAt().FindString(family) == family && nameAt().FindString(forename) == forename {
			text = forename + " " + family
		}
		names = append(names, text)
	}
	return names
}

// writtenBy are the labels under which programs name an author on a card of Twitter.
var writtenBy = []string{"written by", "écrit par", "rédigé par"}

// markedAuthors are the first whom an element names that is marked for one, and those who stand beside.
func (c *clearing) markedAuthors(people func(given []string) string, among iter.Seq[*html.Node], isOne func(*html.Node) bool) string {
	var first, last *html.Node
	var marked []string
	for n := range among {
		if c.size[n] == 0 || c.size[n] >= longestDateline || first != nil && c.frameOf(n).Parent != c.frameOf(first).Parent || c.isListed(n) || last != nil && isIn(n, last) || !isOne(n) {
			continue
		}
		name := signature(n)
		if people([]string{name}) == "" {
			continue
		}
		if first == nil {
			first = n
		}
		last, marked = n, append(marked, name)
	}
	if first == nil {
		return ""
	}
	if named := namesIn(words(first.Parent)); len(named) > len(marked) && named[0] == marked[0] {
		marked = named // not all of them are marked
	}
	return people(marked)
}

// frameOf is the outermost element around another that says no more.
func (c *clearing) frameOf(n *html.Node) *html.Node {
	for n.Parent != c.body && c.size[n.Parent] == c.size[n] {
		n = n.Parent
	}
	return n
}

// isAuthor reports what is marked for programs as who wrote: by a link, microdata, an h-entry or an hAtom.
func isAuthor(n *html.Node) bool {
	class := attribute(n, "class")
	return hasWord(attribute(n, "rel"), "author") || hasWord(attribute(n, "itemprop"), "author") || hasWord(class, "p-author") || hasWord(class, "author") && hasWord(class, "vcard")
}

// signature is the name in what is marked so.
func signature(n *html.Node) string {
	for d := range n.Descendants() {
		if hasWord(attribute(d, "itemprop"), "name") || hasWord(attribute(d, "class"), "fn") || hasWord(attribute(d, "class"), "p-name") {
			if name := words(d); name != "" {
				return name
			}
		}
	}
	text := words(n)
	if names := firstNonEmpty(linkedNames(n), namesIn(text)); names != nil {
		return strings.Join(names, ", ")
	}
	return text
}

// calledAuthor are words in the classes of what names who wrote.
const calledAuthor = " author authors authorname auteur auteurs username uid signature byline "

// isCalledAuthor reports a name, or a list of such, that a class calls an author, or the name of one.
func isCalledAuthor(n *html.Node) bool {
	class := attribute(n, "class")
	isOne := hasNamePart(class, calledAuthor) || hasNamePart(class, " name nom ") && (hasNamePart(attribute(n.Parent, "class"), calledAuthor) || hasNamePart(attribute(n.Parent.Parent, "class"), calledAuthor))
	if !isOne || isAny(n.Descendants(), func(d *html.Node) bool { return d.Type == html.ElementNode && isCalledAuthor(d) }) {
		return false
	}
	isName := hasNamePart(class, " name nom authorname username uid ") // and may be a pen name
	names := Names(signature(n))
	for _, name := range names {
		signs := isPerson(name) || desk().MatchString(name) || agency().MatchString(name) || isName && fullName().MatchString(name)
		if !signs {
			return false
		}
	}
	return len(names) > 0
}

// toAuthor finds the addresses of the pages of people who write.
var toAuthor = expression(`(?i)(?:^|/)(?:authors?|auteure?s?[0-9]*|journalistes?|redact(?:eur|rice)s?|contribut(?:ors?|eurs?)|writers?)(?:/|$|[?.])`)

// leadsToAuthor reports a link with the name of somebody to the page of an author.
func leadsToAuthor(n *html.Node) bool {
	if n.DataAtom != atom.A || !toAuthor().MatchString(attribute(n, "href")) {
		return false
	}
	names := listed(words(n))
	return len(names) > 0 && isPerson(names[0])
}

// inLinks finds behind the word that says who wrote several links, each of them NUL.
var inLinks = expression(`(?i)(?:^|[\s,])(?:par|by)\s*:?\s*(\x00(?:\s*(?:,|\bet\b|\band\b|&)\s*\x00)+)`)

// linkedNames are those of a byline in which each is a link.
func linkedNames(line *html.Node) (names []string) {
	text := besideLinks(line)
	at := inLinks().FindStringSubmatchIndex(text)
	if at == nil {
		return nil
	}
	first, many := strings.Count(text[:at[2]], "\x00"), strings.Count(text[at[2]:at[3]], "\x00")
	for d := range line.Descendants() {
		if d.DataAtom == atom.A {
			names = append(names, words(d))
		}
	}
	if len(names) < first+many {
		return nil
	}
	return names[first : first+many]
}

func firstNonEmpty(lists ...[]string) []string {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}
