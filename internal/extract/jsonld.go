package extract

import (
	"cmp"
	"encoding/json"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"facteur/internal/newsletter"
)

// A thing is a node of the JSON-LD of a page, in the words of schema.org.
type thing map[string]any

// linked is the JSON-LD of a page.
type linked struct {
	all  []thing
	byID map[string]thing
}

// inScript finds what people put around JSON in a script.
var inScript = expression(`^\s*(?:<!--|<!\[CDATA\[|//\s*<!\[CDATA\[)|(?:-->|\]\]>|//\s*\]\]>)\s*$`)

// add reads one script. One that is no JSON is left out, as search engines do.
func (l *linked) add(script string) {
	text := inScript().ReplaceAllString(script, "")
	var v any
	if json.Unmarshal([]byte(text), &v) != nil { // programs forget to escape line ends
		if json.Unmarshal([]byte(strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(text)), &v) != nil {
			return
		}
	}
	l.gather(v, 0)
}

// deepestGraph is how far lists and graphs are looked into.
const deepestGraph = 8

func (l *linked) gather(v any, depth int) {
	if depth > deepestGraph {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			l.gather(one, depth+1)
		}
	case map[string]any:
		l.all = append(l.all, v)
		if id, ok := v["@id"].(string); ok && len(v) > 1 {
			l.byID[id] = v
		}
		l.gather(v["@graph"], depth+1)
		l.gather(v["mainEntity"], depth+1)
	}
}

// of is what a property holds: one value or several, those that are only named by their id in full.
func (l *linked) of(t thing, property string) (values []any) {
	given, several := t[property].([]any)
	if !several && t[property] != nil {
		given = []any{t[property]}
	}
	for _, v := range given {
		if m, ok := v.(map[string]any); ok && len(m) == 1 {
			if id, ok := m["@id"].(string); ok && l.byID[id] != nil {
				v = map[string]any(l.byID[id])
			}
		}
		values = append(values, v)
	}
	return values
}

// texts are the values of a property, those that are things by the first of their names that says something.
func (l *linked) texts(t thing, property string, names ...string) (texts []string) {
	for _, v := range l.of(t, property) {
		switch v := v.(type) {
		case string:
			texts = append(texts, v)
		case map[string]any:
			for _, name := range append(names, "@value") {
				if text, ok := v[name].(string); ok && text != "" {
					texts = append(texts, text)
					break
				}
			}
		}
	}
	return texts
}

// names are those of the people or organisations that a property holds, however deep in lists.
func (l *linked) names(t thing, property string) (names []string) {
	var gather func(v any, depth int)
	gather = func(v any, depth int) {
		switch v := v.(type) {
		case string:
			names = append(names, v)
		case []any:
			for _, one := range v {
				if depth < deepestGraph {
					gather(one, depth+1)
				}
			}
		case map[string]any:
			whole := thing(v)
			if id, ok := v["@id"].(string); ok && v["name"] == nil && l.byID[id] != nil {
				whole = l.byID[id]
			}
			name := []any{whole["name"], whole["@value"], whole["@list"]}
			if given, ok := whole["givenName"].(string); ok && whole["name"] == nil {
				family, _ := whole["familyName"].(string)
				name = []any{strings.TrimSpace(given + " " + family)}
			}
			if depth < deepestGraph {
				gather(name, depth+1)
			}
		}
	}
	gather(t[property], 0)
	return names
}

func (l *linked) text(t thing, property string, names ...string) string {
	return cmp.Or(l.texts(t, property, names...)...)
}

// isA reports a type, however its name is written.
func (t thing) isA(fits func(name string) bool) bool {
	types, several := t["@type"].([]any)
	if !several {
		types = []any{t["@type"]}
	}
	return slices.ContainsFunc(types, func(v any) bool {
		name, ok := v.(string)
		return ok && fits(name[strings.LastIndexByte(name, '/')+1:])
	})
}

// isArticle fits the types of schema.org below Article, and those by which sites call theirs.
func isArticle(name string) bool {
	switch name {
	case "BlogPosting", "LiveBlogPosting", "Report":
		return true
	}
	return strings.HasSuffix(name, "Article") || mayBeBlock(name)
}

// mayBeBlock fits the types by which some sites call their articles, and programs a block within one: its steps, what a customer says, a message.
func mayBeBlock(name string) bool {
	switch name {
	case "SocialMediaPosting", "DiscussionForumPosting", "Review", "HowTo", "Guide":
		return true
	}
	return false
}

// isBlock reports a thing of such types alone, which has none of what articles have: a headline.
func (l *linked) isBlock(t thing) bool {
	isSurely := func(name string) bool { return isArticle(name) && !mayBeBlock(name) }
	return t.isA(mayBeBlock) && !t.isA(isSurely) && l.text(t, "headline") == ""
}

func isSite(name string) bool { return name == "WebSite" }

func isPage(name string) bool { return name == "WebPage" || name == "ItemPage" }

// ownArticle is the thing that is the article of the page: the one at its address, else the first whose headline the page gives for its own title, else the
// first that stands at no address of another page. What may be a block comes last, and never where the page shows nothing of its name; nil: none is.
func (h *head) ownArticle(headings []*html.Node) thing {
	titles := slices.Concat([]string{h.title}, h.meta["og:title"], h.meta["twitter:title"])
	for _, n := range headings {
		titles = append(titles, textOf(n))
	}
	isUntitled := oneLine(strings.Join(titles, "")) == ""
	var titled, first, block thing
	for _, t := range h.data.all {
		if !t.isA(isArticle) {
			continue
		}
		at := slices.Concat(h.data.texts(t, "url"), h.data.texts(t, "mainEntityOfPage", "@id", "url"))
		isOwn := h.isTitled(t, titles)
		switch {
		case slices.ContainsFunc(append(at, h.data.texts(t, "@id")...), h.isHere):
			return t
		case h.data.isBlock(t):
			if block == nil && (isOwn || isUntitled && !slices.ContainsFunc(at, h.isThere)) {
				block = t
			}
		case titled == nil && isOwn:
			titled = t
		case first == nil && !slices.ContainsFunc(at, h.isThere):
			first = t
		}
	}
	for _, t := range []thing{titled, first, block} {
		if t != nil {
			return t
		}
	}
	return nil
}

// isHere reports an address of the page.
func (h *head) isHere(address string) bool {
	full := Absolute(h.base, address)
	if full == h.own || full == h.address.String() {
		return full != ""
	}
	at, err := newsletter.CanonicalURL(full)
	for _, own := range []string{h.own, h.address.String()} {
		if here, wrong := newsletter.CanonicalURL(own); err == nil && wrong == nil && at == here {
			return true
		}
	}
	return false
}

// isThere reports the address of another page, on this site or another, which is neither a front page nor a part of the site that holds this one.
func (h *head) isThere(address string) bool {
	if !strings.HasPrefix(address, "http") && !strings.HasPrefix(address, "/") { // programs write “true”, too
		return false
	}
	u, err := url.Parse(Absolute(h.base, address))
	if err != nil || h.isHere(address) || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
		return false
	}
	return !h.isAbove(u) && (path.Base(u.Path) != path.Base(h.address.Path) || u.RawQuery != h.address.RawQuery)
}

// isTitled reports a thing whose headline, or half of the words of it that mean something, one of these titles says.
func (h *head) isTitled(t thing, titles []string) bool {
	for _, headline := range slices.Concat(h.data.texts(t, "headline"), h.data.texts(t, "name")) {
		k, all := Key(oneLine(headline)), longWords(oneLine(headline))
		isSaid := func(title string) bool {
			said := longWords(oneLine(title))
			same := slices.DeleteFunc(slices.Clone(all), func(word string) bool { return !slices.Contains(said, word) })
			return strings.HasPrefix(Key(oneLine(title)), k) || len(same) > 1 && len(same)*2 >= len(all)
		}
		if k != "" && slices.ContainsFunc(titles, isSaid) {
			return true
		}
	}
	return false
}

// forSubscribers reports an article that says itself that not everybody may read it, or not all of it.
func (l *linked) forSubscribers(t thing) bool {
	if free, said := isFree(t); said {
		return !free
	}
	for _, v := range l.of(t, "hasPart") {
		if part, ok := v.(map[string]any); ok {
			if free, said := isFree(part); said && !free {
				return true
			}
		}
	}
	return false
}

// isFree is what a thing says of whether everybody may read it, if it does.
func isFree(t thing) (free, said bool) {
	switch v := t["isAccessibleForFree"].(type) {
	case bool:
		return v, true
	case string:
		return !strings.EqualFold(strings.TrimSpace(v[strings.LastIndexByte(v, '/')+1:]), "false"), true
	}
	return false, false
}
