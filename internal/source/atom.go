package source

import (
	"cmp"
	"encoding/xml"
	"mime"
	"regexp"
	"slices"
	"strings"
	"sync"

	"facteur/internal/newsletter"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/atom"
)

// Relations of links: to the page of an entry (RFC 4287, section 4.2.7.2) and to its original (RFC 6596).
const (
	alternate = "alternate"
	canonical = "canonical"
)

// atomTranslator reads of the links of an entry those first that lead to its page, and keeps that to its original, which the library leaves out.
type atomTranslator struct{ gofeed.DefaultAtomTranslator }

func (t *atomTranslator) Translate(feed any) (*gofeed.Feed, error) {
	if given, is := feed.(*atom.Feed); is {
		sortLinks(given.Links, given.Language)
		for _, entry := range given.Entries {
			sortLinks(entry.Links, given.Language)
		}
	}
	all, err := t.DefaultAtomTranslator.Translate(feed)
	if err != nil {
		return nil, err
	}
	for i, entry := range feed.(*atom.Feed).Entries { // the library has looked
		for _, l := range entry.Links {
			if strings.EqualFold(l.Rel, canonical) {
				all.Items[i].Custom = map[string]string{canonical: l.Href}
			}
		}
	}
	return all, nil
}

// sortLinks puts the links to pages first: those in a language before those of which none is told, and these before others.
func sortLinks(links []*atom.Link, lang string) {
	rank := func(l *atom.Link) int {
		switch {
		case l.Rel != alternate:
			return 4
		case !isPageType(l.Type):
			return 3
		case l.Hreflang == "":
			return 1
		case sameTongue(l.Hreflang, lang):
			return 0
		}
		return 2
	}
	slices.SortStableFunc(links, func(a, b *atom.Link) int { return cmp.Compare(rank(a), rank(b)) })
}

// isPageType reports the type of a page, or none.
func isPageType(given string) bool {
	kind, _, err := mime.ParseMediaType(given)
	if err != nil {
		kind = strings.ToLower(strings.TrimSpace(given))
	}
	return kind == "" || kind == "text/html" || kind == "application/xhtml+xml"
}

// sameTongue reports two codes of one language, whatever its country.
func sameTongue(a, b string) bool {
	base := func(given string) string {
		tag, err := newsletter.ParseLanguage(strings.ReplaceAll(given, "_", "-"))
		if err != nil {
			return ""
		}
		tongue, _, _ := strings.Cut(tag, "-")
		return tongue
	}
	return base(a) != "" && base(a) == base(b)
}

// escapedMode finds where Atom 0.3 says that a text is escaped, which for those without a type the library does not understand.
var escapedMode = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(<(?:\w+:)?(?:title|tagline|summary|content)\b[^<>]*?)\smode\s*=\s*(?:"escaped"|'escaped')`)
})

// titleTypes are the types of the titles of the entries of an Atom feed, in their order, which the library drops; fewer where the feed is damaged.
func titleTypes(feed string) (types []string) {
	d := xml.NewDecoder(strings.NewReader(strings.Map(printed, feed)))
	d.Strict = false
	for depth, within := 0, ""; ; {
		token, err := d.Token()
		if err != nil {
			return types
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := ""
			if isAtom(e.Name.Space) {
				name = strings.ToLower(e.Name.Local)
			}
			switch depth++; {
			case depth == 2:
				if within = name; within == "entry" {
					types = append(types, "")
				}
			case depth == 3 && within == "entry" && name == "title":
				types[len(types)-1] = typeOf(e)
			}
		case xml.EndElement:
			depth--
		}
	}
}

// isAtom reports the namespaces of Atom 1.0 and 0.3, and none.
func isAtom(space string) bool {
	return space == "" || strings.EqualFold(space, "http://www.w3.org/2005/Atom") || strings.EqualFold(space, "http://purl.org/atom/ns#")
}

func typeOf(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local == "type" {
			return strings.ToLower(strings.TrimSpace(a.Value))
		}
	}
	return ""
}

// printed leaves out what XML cannot hold, as the library does.
func printed(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
		return -1
	}
	return r
}
