package preflight

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"facteur/internal/newsletter"
)

// A page is the HTML of a letter, read as a browser does.
type page struct {
	root    *html.Node
	tags    []tag  // every element in the order of the source, those that only Outlook sees among them
	rules   []rule // of its style sheets
	sheets  []*html.Node
	outlook []string            // style sheets that only Outlook reads
	unread  bool                // its style sheets are too much to be judged
	gone    map[*html.Node]bool // elements that hide themselves
	within  map[*html.Node]bool // elements in one that hides itself, or that nobody sees
	lost    map[*html.Node]bool // elements that a style sheet hides, where it is kept
	ink     map[*html.Node]ink  // how the text of an element is written
	anchors []anchor
	stories map[string]string // title of a story by the key of its address
	places  int               // how many stories were looked for
}

// A tag is the beginning of an element as it stands in the source.
type tag struct {
	name string
	attr []html.Attribute
	line int
	node *html.Node // nil in a conditional comment
}

func (t tag) get(name string) (string, bool) { return find(t.attr, name) }

// An anchor is a link of a letter.
type anchor struct {
	node   *html.Node
	href   string
	text   string
	sure   string // as much of the text as everybody sees
	hidden bool   // to some, or to all
}

// lineMark is the attribute by which an element remembers its line while the page is read.
const lineMark = "facteur-line"

// parse reads the HTML of a letter.
func parse(source string, c newsletter.Content) (*page, error) {
	root, err := html.Parse(strings.NewReader(withLines(source)))
	if err != nil {
		return nil, err
	}
	p := &page{root: root, gone: map[*html.Node]bool{}, within: map[*html.Node]bool{}, lost: map[*html.Node]bool{}, ink: map[*html.Node]ink{}, stories: map[string]string{}}
	for _, s := range c.Stories() {
		p.stories[key(s.URL)] = s.Title
	}
	p.read(root, false, ink{size: usualSize})
	p.unread = p.heavy()
	p.lose()
	for _, t := range p.tags {
		if href, there := t.get("href"); there && t.name == "a" && t.node != nil {
			p.anchors = append(p.anchors, anchor{t.node, href, p.words(t.node), p.sureWords(t.node), p.gone[t.node] || p.within[t.node] || p.isLost(t.node)})
		}
	}
	return p, nil
}

func (p *page) read(n *html.Node, within bool, around ink) {
	switch n.Type {
	case html.ElementNode:
		p.tags = append(p.tags, tag{name: n.Data, attr: visible(n), line: line(n), node: n})
		if n.Data == "style" {
			p.sheets = append(p.sheets, n)
			p.rules = append(p.rules, readSheet(content(n), mostRules-len(p.rules))...)
		}
		p.within[n] = within
		around = around.of(n)
		p.ink[n] = around
		if hides(n) {
			p.gone[n], within = true, true
		}
		within = within || unseen(n)
	case html.CommentNode:
		tags, sheets := conditional(n.Data)
		p.tags, p.outlook = append(p.tags, tags...), append(p.outlook, sheets...)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.read(c, within, around)
	}
}

// heavy reports style sheets that would take long to be held against every element.
func (p *page) heavy() bool {
	work := 0
	for _, r := range p.rules {
		for _, s := range r.selectors {
			if work++; strings.Contains(s, " ") || strings.Contains(s, ">") {
				work += 20
			}
		}
	}
	return work*len(p.tags) > 5_000_000
}

// withLines gives each element the number of its line, which the parser does not keep.
func withLines(source string) string {
	var b strings.Builder
	at := 1
	tokens := html.NewTokenizer(strings.NewReader(source))
	for {
		kind := tokens.Next()
		raw := tokens.Raw()
		lines := bytes.Count(raw, []byte("\n"))
		switch kind {
		case html.ErrorToken:
			b.Write(raw)
			return b.String()
		case html.StartTagToken, html.SelfClosingTagToken:
			t := tokens.Token()
			t.Attr = append([]html.Attribute{{Key: lineMark, Val: strconv.Itoa(at)}}, t.Attr...)
			b.WriteString(t.String())
		default:
			b.Write(raw)
		}
		at += lines
	}
}

// conditional lists the elements and style sheets of a comment that Outlook takes for HTML.
func conditional(comment string) (tags []tag, sheets []string) {
	condition, inside, found := strings.Cut(comment, "]>")
	if !found || !strings.HasPrefix(strings.TrimSpace(condition), "[if") {
		return nil, nil
	}
	tokens := html.NewTokenizer(strings.NewReader(inside))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return tags, sheets
		case html.TextToken:
			if len(tags) > 0 && tags[len(tags)-1].name == "style" {
				sheets = append(sheets, string(tokens.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := tokens.Token()
			tags = append(tags, tag{name: t.Data, attr: t.Attr})
		}
	}
}

// visible are the attributes of an element that stand in the letter.
func visible(n *html.Node) []html.Attribute {
	return slices.DeleteFunc(slices.Clone(n.Attr), func(a html.Attribute) bool { return a.Key == lineMark })
}

// line is where an element begins. One that the parser made up begins where its parent does.
func line(n *html.Node) int {
	for ; n != nil; n = n.Parent {
		if mark, there := find(n.Attr, lineMark); there {
			at, _ := strconv.Atoi(mark)
			return at
		}
	}
	return 0
}

func find(attrs []html.Attribute, name string) (string, bool) {
	for _, a := range attrs {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

func attribute(n *html.Node, name string) string {
	value, _ := find(n.Attr, name)
	return value
}

// content is the text of an element that holds nothing else.
func content(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// unseen are elements whose text is no reader's.
func unseen(n *html.Node) bool {
	switch n.Data {
	case "head", "style", "script", "title", "template", "noscript", "iframe", "object", "select", "textarea":
		return true
	}
	return false
}

// inlineElements are those that begin no line of their own.
const inlineElements = " a abbr b bdi bdo cite code del dfn em font i ins kbd mark q s samp small span strong sub sup u var "

// words are what an element says to who sees it, pictures by their alt.
func (p *page) words(n *html.Node) string {
	var b strings.Builder
	p.say(&b, n, false)
	return oneLine(b.String())
}

// sureWords are what an element says to everybody, whatever becomes of the style sheets.
func (p *page) sureWords(n *html.Node) string {
	var b strings.Builder
	p.say(&b, n, true)
	return oneLine(b.String())
}

func (p *page) say(b *strings.Builder, n *html.Node, surely bool) {
	switch {
	case n.Type == html.TextNode:
		if !p.ink[n.Parent].faint() {
			b.WriteString(strings.Map(dropInvisible, n.Data))
		}
		return
	case n.Type == html.ElementNode && (unseen(n) || p.gone[n] || surely && p.lost[n]):
		return
	case n.Type == html.ElementNode && n.Data == "img":
		b.WriteString(" " + strings.Map(dropInvisible, attribute(n, "alt")) + " ")
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.say(b, c, surely)
	}
	if n.Type == html.ElementNode && !strings.Contains(inlineElements, " "+n.Data+" ") {
		b.WriteByte(' ')
	}
}

// oneLine folds all white space to single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// fold is a text as people compare it: without capitals, spaces and marks.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// inQuotes are what templates of HTML encode in addresses, so that an attribute can hold them, although nothing asks for it (RFC 3986 §2.2).
var inQuotes = strings.NewReplacer("'", "%27", "(", "%28", ")", "%29")

// key is an address, or a text with addresses in it, in the form in which those of a letter are found: what the choice holds for two stays two.
func key(s string) string { return inQuotes.Replace(newsletter.NormalEscapes(s)) }

// at is the place of an element: its line, and the story it stands with.
func (p *page) at(n *html.Node, text string) Place {
	return Place{Part: InHTML, Line: line(n), Story: p.story(n), Text: text}
}

func (p *page) atTag(t tag, text string) Place {
	if t.node == nil {
		return Place{Part: InHTML, Text: "in a comment that Outlook reads: " + text}
	}
	return p.at(t.node, text)
}

// mostPlaces is for how many findings the story is looked for: beyond that, the letter is rotten everywhere.
const mostPlaces = 100

// story is the title of the story that an element belongs to: that of the last link to a story before it within the smallest
// surrounding that has one and is not the whole letter, or of the first.
func (p *page) story(n *html.Node) string {
	if p.places++; len(p.stories) == 0 || n.Data == "h1" || n.Data == "h2" || p.places > mostPlaces {
		return ""
	}
	for around := n; around != nil; around = around.Parent {
		before, first, whole, passed := "", "", around.Data == "body", false
		for d := range around.Descendants() {
			passed = passed || d == n
			if d.Type != html.ElementNode {
				continue
			}
			whole = whole || d.Data == "h1"
			title := p.stories[key(attribute(d, "href"))]
			if title == "" || d.Data != "a" {
				continue
			}
			if first == "" {
				first = title
			}
			if !passed || d == n {
				before = title
			}
		}
		if own := p.stories[key(attribute(around, "href"))]; own != "" {
			return own
		}
		switch {
		case whole:
			return ""
		case before != "":
			return before
		case first != "":
			return first
		}
	}
	return ""
}
