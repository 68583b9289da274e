package extract

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/publicsuffix"

	"facteur/internal/neardup"
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
	under    string   // the heading of lower rank under one that is a name of the site; empty: none is there
	marked   string   // the heading of whatever rank that is marked as the article's
	data     linked
	article  thing    // of data; nil: none is there
	names    []string // of the site, as keys
}

// readHead gathers what a page at an address says of itself.
func readHead(doc *html.Node, address *url.URL) *head {
	h := &head{address: address, base: address, meta: map[string][]string{}, data: linked{byID: map[string]thing{}}}
	var canonical string
	var ranks [4][]*html.Node // headings
	var links []*html.Node    // the first
	for n := range doc.Descendants() {
		switch n.DataAtom {
		case atom.Html:
			h.language = attribute(n, "lang")
		case atom.Base:
			if base := Absolute(address, attribute(n, "href")); strings.HasPrefix(base, "http") && h.base == address {
				h.base, _ = url.Parse(base) // absolute has read it
			}
		case atom.Title:
			if h.title == "" && n.Namespace == "" { // pictures have titles, too
				h.title = oneLine(textOf(n))
			}
		case atom.H1, atom.H2, atom.H3, atom.H4:
			if rank := n.Data[1] - '1'; len(ranks[rank]) < mostHeadings {
				ranks[rank] = append(ranks[rank], n)
			}
		case atom.A:
			if len(links) < mostToFront {
				links = append(links, n)
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
	h.own = Absolute(h.base, cmp.Or(canonical, h.first("og:url")))
	h.article = h.ownArticle(ranks[0])
	h.names = h.siteNames()
	h.readLinks(links)
	h.readHeadings(ranks)
	return h
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

// Key is the same for two spellings of a name or a title.
func Key(text string) string { return strings.ReplaceAll(newsletter.SectionKey(text), "-", "") }

// siteNames are the names by which a site calls itself.
func (h *head) siteNames() []string {
	given := slices.Concat(h.meta["og:site_name"], h.meta["application-name"], h.meta["apple-mobile-web-app-title"], h.data.texts(h.article, "publisher", "name"))
	for _, t := range h.data.all {
		if t.isA(isSite) {
			given = append(given, h.data.texts(t, "name")...)
		}
	}
	for _, name := range given { // “Le Quai.fr”
		given = append(given, domain().ReplaceAllString(name, ""))
	}
	return Keys(slices.Concat(given, neardup.SiteNames(h.address.Hostname())))
}

var domain = expression(`\.[a-z]{2,4}$`)

// mostToFront is how many links of a page are looked at for one to the front page: it stands above all others.
const mostToFront = 12

// readLinks takes for a name of the site what a link to its front page says, and the title of the page ends with.
func (h *head) readLinks(links []*html.Node) {
	for _, n := range links {
		text := oneLine(textOf(n))
		k := Key(text)
		if k != "" && h.leadsToFront(n) && strings.HasSuffix(Key(h.title), k) && len(k) < len(Key(h.title)) && !slices.Contains(h.names, k) {
			h.names = append(h.names, k)
		}
	}
}

// Keys are the keys of names, each once.
func Keys(names []string) (keys []string) {
	for _, name := range names {
		if k := Key(oneLine(name)); k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// SameSite reports two addresses of one site: of one domain that somebody registered, or else of one host.
func SameSite(a, b string) bool {
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

// Tags are the words under which the site files the article.
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
	return Tags(all)
}

// description is what the page says of the article in a few sentences; empty where a program cut it from the text, or says it of the site.
func (h *head) description() string {
	ofData, ofPage := h.data.text(h.article, "description"), h.first("og:description", "description", "twitter:description", "dc.description")
	if h.isOfBlock() {
		ofData = ""
	}
	given := oneLine(cmp.Or(ofData, ofPage))
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
		if full, err := newsletter.PictureURL(Absolute(h.base, given)); err == nil && full != "" {
			return full, Cut(oneLine(h.first("og:image:alt", "twitter:image:alt")), maxAlt)
		}
	}
	return "", ""
}

// section is the part of its site in which the article stands, as the site calls it.
func (h *head) section() string {
	return oneLine(cmp.Or(h.first("article:section"), h.data.text(h.article, "articleSection", "name")))
}

// tongue is the language that the page names; one that is none counts as not given.
func (h *head) tongue() string {
	for _, given := range []string{h.language, h.data.text(h.article, "inLanguage", "alternateName"), h.first("og:locale")} {
		if tag, err := newsletter.ParseLanguage(strings.ReplaceAll(given, "_", "-")); err == nil && tag != "" {
			return tag
		}
	}
	return ""
}
