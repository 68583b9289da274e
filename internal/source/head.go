package source

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/publicsuffix"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
	"facteur/internal/render"
)

// A head is what a page says of itself.
type head struct {
	address  *url.URL            // of the page, after redirects
	base     *url.URL            // of relative addresses
	own      string              // rel=canonical, else og:url, in full; empty: neither is given
	meta     map[string][]string // contents of <meta> by name, property or itemprop, in lower case
	language string
	title    string   // of <title>
	headings []string // of <h1>
	heading  string   // the one of them that is the article's by where it stands; empty: none is for certain
	data     linked
	article  thing    // of data; nil: none is there
	names    []string // of the site, as keys
}

// mostHeadings is how many headings of the first rank are looked at: an article has one, and careless sites a few.
const mostHeadings = 8

// readHead gathers what a page at an address says of itself.
func readHead(doc *html.Node, address *url.URL) *head {
	h := &head{address: address, base: address, meta: map[string][]string{}, data: linked{byID: map[string]thing{}}}
	var canonical string
	var first, second []*html.Node // headings of these ranks
	for n := range doc.Descendants() {
		switch n.DataAtom {
		case atom.Html:
			h.language = attribute(n, "lang")
		case atom.Base:
			if base := absolute(address, attribute(n, "href")); strings.HasPrefix(base, "http") && h.base == address {
				h.base, _ = url.Parse(base) // absolute has read it
			}
		case atom.Title:
			if h.title == "" && n.Namespace == "" { // pictures have titles, too
				h.title = oneLine(textOf(n))
			}
		case atom.H1:
			if heading := oneLine(textOf(n)); heading != "" && len(h.headings) < mostHeadings {
				h.headings, first = append(h.headings, heading), append(first, n)
			}
		case atom.H2:
			if len(second) < mostHeadings {
				second = append(second, n)
			}
		case atom.Meta:
			h.note(n)
		case atom.Link:
			if canonical == "" && hasWord(attribute(n, "rel"), "canonical") {
				canonical = attribute(n, "href")
			}
		case atom.Script:
			if strings.HasPrefix(strings.ToLower(attribute(n, "type")), "application/ld+json") {
				h.data.add(textOf(n))
			}
		}
	}
	h.own = absolute(h.base, firstOf(canonical, h.first("og:url")))
	h.article = h.data.article(h.own, address.String())
	h.names = h.siteNames()
	h.heading = h.articleHeading(first, second)
	return h
}

// articleHeading is the heading of the only <article> that has one, else the first on the page that says enough for a title and stands above no
// other that begins the title of the page: that is one of a part of the site.
func (h *head) articleHeading(first, second []*html.Node) string {
	var inside, open []string
	for _, n := range first {
		text := oneLine(textOf(n))
		if h.isAside(n) || slices.Contains(h.names, key(text)) {
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
		k := key(oneLine(textOf(n)))
		return k != "" && strings.HasPrefix(key(h.title), k) && len(k)*2 >= len(key(h.title))
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
		if isFurniture(p) || h.leadsToFront(p) {
			return true
		}
	}
	return slices.ContainsFunc(slices.Collect(n.ChildNodes()), h.leadsToFront)
}

func (h *head) leadsToFront(n *html.Node) bool {
	if n.DataAtom != atom.A {
		return false
	}
	u, err := url.Parse(absolute(h.base, attribute(n, "href")))
	return err == nil && u.Host != "" && strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

func (h *head) note(n *html.Node) {
	content := attribute(n, "content")
	if content == "" {
		return
	}
	for _, key := range []string{"name", "property", "itemprop"} {
		for name := range strings.FieldsSeq(strings.ToLower(attribute(n, key))) {
			h.meta[name] = append(h.meta[name], content)
		}
	}
}

// first is the first content of the first of these names that has one.
func (h *head) first(names ...string) string {
	for _, name := range names {
		if all := h.meta[name]; len(all) > 0 {
			return all[0]
		}
	}
	return ""
}

func hasWord(text, word string) bool {
	return slices.Contains(strings.Fields(strings.ToLower(text)), word)
}

// oneLine is what a text says, without the tags and entities that programs leave in it.
func oneLine(text string) string { return render.Summary(text) }

// key is the same for two spellings of a name or a title.
func key(text string) string { return strings.ReplaceAll(newsletter.SectionKey(text), "-", "") }

// siteNames are the names by which a site calls itself.
func (h *head) siteNames() []string {
	given := slices.Concat(h.meta["og:site_name"], h.meta["application-name"], h.meta["apple-mobile-web-app-title"], h.data.texts(h.article, "publisher", "name"))
	for _, t := range h.data.all {
		if t.isA(isSite) {
			given = append(given, h.data.texts(t, "name")...)
		}
	}
	return nameKeys(slices.Concat(given, hostNames(h.address)))
}

// hostNames are the names of a site by its address.
func hostNames(address *url.URL) []string {
	host := strings.TrimPrefix(address.Hostname(), "www.")
	own, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return []string{host}
	}
	label, _, _ := strings.Cut(own, ".")
	return []string{host, own, label}
}

// nameKeys are the keys of names, each once.
func nameKeys(names []string) (keys []string) {
	for _, name := range names {
		if k := key(oneLine(name)); k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// sameSite reports two addresses of one site: of one domain that somebody registered, or else of one host.
func sameSite(a, b string) bool {
	one, err := url.Parse(a)
	if err != nil {
		return false
	}
	two, err := url.Parse(b)
	if err != nil {
		return false
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(one.Hostname())
	if err != nil {
		return strings.EqualFold(one.Host, two.Host)
	}
	other, err := publicsuffix.EffectiveTLDPlusOne(two.Hostname())
	return err == nil && strings.EqualFold(domain, other)
}

// canonical is the address under which the article is kept: the one that the page gives for its own, unless that is the front page of
// its site or a part of it that holds the page, which careless programs write into each page.
func (h *head) canonical() (string, error) {
	if own, err := newsletter.CanonicalURL(h.own); err == nil {
		if u, err := url.Parse(own); err == nil && (u.Path != "/" || u.RawQuery != "" || h.isFront()) && !h.isAbove(u) {
			return own, nil
		}
	}
	return newsletter.CanonicalURL(h.address.String())
}

// isAbove reports a folder above the page, where the page has a name of several words below it: what is no article of its own, such as a number, a
// form to print or AMP, has a short one.
func (h *head) isAbove(folder *url.URL) bool {
	rest, found := strings.CutPrefix(h.address.Path, strings.TrimSuffix(folder.Path, "/")+"/")
	words := strings.FieldsFunc(path.Base(rest), func(r rune) bool { return !unicode.IsLetter(r) })
	return found && len(words) >= shortestTitle
}

// isFront reports the address at which a site begins.
func (h *head) isFront() bool {
	return strings.Trim(h.address.Path, "/") == "" && h.address.RawQuery == ""
}

// headline is the title of the article, without the name of the site around it. Where a program has cut it, the whole one serves.
func (h *head) headline() string {
	var all []string
	for _, given := range slices.Concat(h.dataTitles(), h.meta["og:title"], h.shownTitles(), h.meta["twitter:title"], h.meta["title"], h.meta["dc.title"]) {
		if t := h.bare(oneLine(given)); t != "" && !slices.Contains(h.names, key(t)) {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return ""
	}
	begun := strings.TrimSpace(strings.TrimRight(all[0], "….[]"))
	for _, t := range all[1:] {
		if begun != all[0] && len(t) > len(all[0]) && strings.HasPrefix(t, begun) {
			return cut(t, maxTitle)
		}
	}
	return cut(all[0], maxTitle)
}

// dataTitles are those of JSON-LD. Some sites give the name of the article for its headline, and others their own for its name: the one that
// the page shows comes first.
func (h *head) dataTitles() []string {
	headline, name := h.data.text(h.article, "headline"), h.data.text(h.article, "name")
	shows := func(text string) bool {
		k := key(oneLine(text))
		return k != "" && slices.ContainsFunc(append([]string{h.title}, h.headings...), func(shown string) bool { return strings.HasPrefix(key(shown), k) })
	}
	if shows(name) && !shows(headline) {
		return []string{name, headline}
	}
	return []string{headline, name}
}

// shownTitles are those that readers see. A heading that has little to do with the title of the page is that of the site, or of a part of it, unless
// it stands where that of the article does.
func (h *head) shownTitles() []string {
	titled := func(heading string) bool {
		k, whole := key(heading), key(h.title)
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
	return slices.Concat(first, []string{h.heading, h.title}, rest)
}

// separator is what stands between a title and the name of a site. A no-break space counts as a space.
var separator = regexp.MustCompile(`[\s\x{a0}\x{202f}]+(?:[-–—|·•:»/]|::)[\s\x{a0}\x{202f}]+`)

// afterTitle is what follows a title that the page shows as its heading, unless it goes on.
var afterTitle = regexp.MustCompile(`^[\s\x{a0}\x{202f}]+[-–—|·•»/][\s\x{a0}\x{202f}]+`)

// bare takes the name of the site off a title, and what stands between them. Only what is known to be the name goes: many titles
// have a dash or a colon of their own.
func (h *head) bare(title string) string {
	for _, heading := range h.headings {
		rest, begins := strings.CutPrefix(title, heading)
		if begins && len(strings.Fields(heading)) > 2 && afterTitle.MatchString(rest) {
			return heading
		}
	}
	for range 3 {
		places := separator.FindAllStringIndex(title, -1)
		if len(places) == 0 {
			return title
		}
		first, last := places[0], places[len(places)-1]
		switch {
		case slices.Contains(h.names, key(title[last[1]:])):
			title = title[:last[0]]
		case slices.Contains(h.names, key(title[:first[0]])):
			title = title[first[1]:]
		default:
			return title
		}
	}
	return title
}

// authors are the names that the page gives.
func (h *head) authors() string {
	given := h.data.texts(h.article, "author", "name")
	for _, name := range []string{"author", "article:author", "dc.creator", "parsely-author", "sailthru.author"} {
		if len(given) == 0 {
			given = h.meta[name]
		}
	}
	return h.people(given)
}

// What stands around a name in a byline: how it begins, and a date or a place behind it.
var (
	byWord    = regexp.MustCompile(`(?i)^(?:(?:article\s+)?(?:écrit|rédigé|publié|proposé|written)\s+)?(?:par|by|por|von)\s*:?\s+`)
	afterName = regexp.MustCompile(`\s+[-–—|·•]\s.*[0-9].*$`)
)

// people are the names among what was given for authors, without that of the site where it stands beside others; addresses are nobody's.
func (h *head) people(given []string) string {
	var names []string
	for _, name := range given {
		name = afterName.ReplaceAllString(byWord.ReplaceAllString(oneLine(name), ""), "")
		if strings.ContainsAny(name, "@/") {
			continue
		}
		for part := range strings.SplitSeq(name, ", ") {
			if part = strings.TrimSpace(part); part != "" && !slices.Contains(names, part) {
				names = append(names, part)
			}
		}
	}
	isSite := func(name string) bool { return slices.Contains(h.names, key(name)) }
	if people := slices.DeleteFunc(slices.Clone(names), isSite); len(people) > 0 {
		names = people
	}
	return cut(strings.Join(names, ", "), maxAuthor)
}

// tags are the words under which the site files the article.
func (h *head) tags() []string {
	given := h.meta["article:tag"]
	if len(given) == 0 {
		given = h.data.texts(h.article, "keywords", "name")
	}
	if len(given) == 0 {
		given = slices.Concat(h.meta["news_keywords"], h.meta["keywords"])
	}
	var all []string
	for _, g := range given {
		all = append(all, strings.Split(g, ",")...)
	}
	return tags(all)
}

// description is what the page says of the article in a few sentences; empty where a program cut it from the text, or says it of the site.
func (h *head) description() string {
	given := oneLine(firstOf(h.data.text(h.article, "description"), h.first("og:description", "description", "twitter:description", "dc.description")))
	if withoutEnd(more, given) != given {
		return ""
	}
	for _, t := range h.data.all {
		if t.isA(isSite) && given == oneLine(h.data.text(t, "description")) {
			return ""
		}
	}
	return given
}

// picture is the one by which the page wants to be known.
func (h *head) picture() (address, alt string) {
	for _, given := range slices.Concat(h.meta["og:image:secure_url"], h.meta["og:image"], h.meta["og:image:url"], h.data.texts(h.article, "image", "url", "contentUrl"), h.meta["twitter:image"], h.meta["twitter:image:src"]) {
		if full, err := newsletter.PictureURL(absolute(h.base, given)); err == nil && full != "" {
			return full, cut(oneLine(h.first("og:image:alt", "twitter:image:alt")), maxAlt)
		}
	}
	return "", ""
}

// section is the part of its site in which the article stands, as the site calls it.
func (h *head) section() string {
	return oneLine(firstOf(h.first("article:section"), h.data.text(h.article, "articleSection", "name")))
}

// tongue is the language that the page names; one that is none counts as not given.
func (h *head) tongue() string {
	for _, given := range []string{h.language, h.data.text(h.article, "inLanguage", "alternateName"), h.first("og:locale")} {
		if tag, err := collect.ParseLanguage(strings.ReplaceAll(given, "_", "-")); err == nil && tag != "" {
			return tag
		}
	}
	return ""
}
