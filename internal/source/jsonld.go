package source

import (
	"encoding/json"
	"slices"
	"strings"
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
	return firstOf(l.texts(t, property, names...)...)
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
	case "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "Report", "Review", "HowTo", "Guide":
		return true
	}
	return strings.HasSuffix(name, "Article")
}

func isSite(name string) bool { return name == "WebSite" }

func isPage(name string) bool { return name == "WebPage" || name == "ItemPage" }

// article is the thing that is the article at one of these addresses, or the first that is one; nil: none is.
func (l *linked) article(addresses ...string) thing {
	var first thing
	for _, t := range l.all {
		if !t.isA(isArticle) {
			continue
		}
		if first == nil {
			first = t
		}
		for _, at := range slices.Concat(l.texts(t, "url"), l.texts(t, "mainEntityOfPage", "@id", "url"), l.texts(t, "@id")) {
			if slices.Contains(addresses, at) {
				return t
			}
		}
	}
	return first
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
