package extract

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"facteur/internal/render"
)

// A markup is a text in HTML, read for its Markdown.
type markup struct {
	base   *url.URL
	blocky map[*html.Node]bool // elements that hold paragraphs, at whatever depth
	images []Image
	depth  int // of quotes and lists
}

// HTML makes paragraphs of Markdown of a text in HTML, addresses in full, and tells the pictures that it shows. What is no text of an
// article, such as scripts, forms, share buttons and lists of other articles, is left out.
func HTML(text string, base *url.URL) (paragraphs []string, images []Image) {
	body, err := parseText(text)
	if err != nil { // nested too deep for anybody to have meant it
		return paragraph(escape(render.Summary(text))), nil
	}
	freeQuotes(body)
	freeCaptions(body)
	c := newClearing(body)
	c.home = base
	c.dropAround()
	m := &markup{base: base, blocky: map[*html.Node]bool{}}
	m.survey(body)
	return m.blocks(body), m.images
}

// parseText reads a text in HTML that is no whole page.
func parseText(text string) (*html.Node, error) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(text), body)
	for _, n := range nodes {
		body.AppendChild(n)
	}
	return body, err
}

// kinds of elements.
func leftOut(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Embed, atom.Form, atom.Button, atom.Input, atom.Select,
		atom.Textarea, atom.Nav, atom.Svg, atom.Math, atom.Audio, atom.Video, atom.Canvas, atom.Figcaption, atom.Head, atom.Title:
		return true
	}
	return false
}

// asks are parts by which a site asks its visitors for something or shows them its latest, by a word in their class: Ghost's cards, and blocks and plugins of WordPress.
func asks(n *html.Node) bool {
	class := attribute(n, "class")
	for _, word := range [...]string{
		"kg-button-card", "kg-signup-card", "kg-cta-card", "kg-email", "kg-product-card", "wp-block-button", "wp-block-latest-posts", "wp-block-query", "newspack-blocks-homepage-articles", "jetpack-subscription", "jp-relatedposts", "sharedaddy", "mc4wp", "mailpoet",
	} {
		if strings.Contains(class, word) {
			return true
		}
	}
	return false
}

// isOrnament reports what Ghost's cards show beside what they say: the picture of a callout, of a bookmark all but its title, and the knobs of a player.
func isOrnament(n *html.Node) bool {
	for name := range strings.FieldsSeq(attribute(n, "class")) {
		switch name {
		case "kg-callout-emoji", "kg-bookmark-description", "kg-bookmark-metadata", "kg-bookmark-thumbnail", "kg-audio-player", "kg-video-player-container", "kg-file-card-metadata":
			return true
		}
	}
	return false
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Aside, atom.Figure, atom.Table, atom.Tr, atom.Ul, atom.Ol,
		atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Blockquote, atom.Pre, atom.Hr, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Address, atom.Details:
		return true
	}
	return false
}

// survey notes which elements hold paragraphs.
func (m *markup) survey(n *html.Node) bool {
	holds := false
	for c := range n.ChildNodes() {
		if m.survey(c) {
			holds = true
		}
	}
	m.blocky[n] = holds || n.Type == html.ElementNode && isBlock(n.DataAtom)
	return m.blocky[n]
}

// blocks are the paragraphs inside an element.
func (m *markup) blocks(n *html.Node) (all []string) {
	var run strings.Builder
	flush := func() {
		all = append(all, paragraph(run.String())...)
		run.Reset()
	}
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode && (leftOut(c.DataAtom) || asks(c) || isOrnament(c)) {
			continue
		}
		if !m.blocky[c] {
			run.WriteString(m.inline(c))
			continue
		}
		flush()
		all = append(all, m.block(c)...)
	}
	flush()
	return all
}

// block is an element that stands by itself.
func (m *markup) block(n *html.Node) []string {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		title := strings.Join(strings.Fields(m.inlines(n)), " ")
		if title == "" {
			return nil
		}
		return []string{strings.Repeat("#", int(n.Data[1]-'0')) + " " + title}
	case atom.Hr:
		return []string{"---"}
	case atom.Pre:
		return []string{fenced(textOf(n))}
	case atom.Blockquote, atom.Ul, atom.Ol:
		return m.nested(n)
	case atom.Tr:
		return paragraph(strings.Join(m.cells(n), " – "))
	case atom.A:
		return m.card(n)
	}
	return m.blocks(n)
}

// plainLine finds what begins a paragraph that is neither a quote, nor a list, nor code, and the mark of a heading.
var plainLine = expression("^(#+ )?(?:[^>`0-9#-]|[0-9]+[^.0-9])")

// card is a link around paragraphs. The first of them leads where it does.
func (m *markup) card(n *html.Node) []string {
	all := m.blocks(n)
	address := Absolute(m.base, attribute(n, "href"))
	if address == "" || len(all) == 0 {
		return all
	}
	if mark := plainLine().FindStringSubmatch(all[0]); mark != nil {
		all[0] = mark[1] + linkTo(strings.TrimPrefix(all[0], mark[1]), address)
	}
	return all
}

// deepest is how far quotes and lists stand inside one another: each level makes every line of it longer.
const deepest = 8

// nested is a quote or a list.
func (m *markup) nested(n *html.Node) []string {
	if m.depth == deepest {
		return m.blocks(n)
	}
	m.depth++
	defer func() { m.depth-- }()
	text := ""
	if n.DataAtom == atom.Blockquote {
		text = indent(strings.Join(m.blocks(n), "\n\n"), "> ", "> ")
	} else {
		text = m.items(n)
	}
	if strings.Trim(text, "> \n") == "" {
		return nil
	}
	return []string{text}
}

func (m *markup) items(list *html.Node) string {
	var items []string
	for c := range list.ChildNodes() {
		if c.DataAtom != atom.Li {
			continue
		}
		text := strings.Join(m.blocks(c), "\n\n")
		if text == "" {
			continue
		}
		mark := "- "
		if list.DataAtom == atom.Ol {
			mark = strconv.Itoa(len(items)+1) + ". "
		}
		items = append(items, indent(text, mark, "    "))
	}
	return strings.Join(items, "\n")
}

func (m *markup) cells(row *html.Node) (cells []string) {
	for c := range row.ChildNodes() {
		if text := strings.Join(m.blocks(c), " "); text != "" {
			cells = append(cells, text)
		}
	}
	return cells
}

func indent(text, first, others string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		if i == 0 {
			lines[i] = first + lines[i]
		} else {
			lines[i] = strings.TrimRight(others+lines[i], " ")
		}
	}
	return strings.Join(lines, "\n")
}

func fenced(code string) string {
	fence := "```"
	for strings.Contains(code, fence) {
		fence += "`"
	}
	return fence + "\n" + strings.Trim(code, "\n") + "\n" + fence
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func (m *markup) inlines(n *html.Node) string {
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(m.inline(c))
	}
	return b.String()
}

// inline is a part of a paragraph.
func (m *markup) inline(n *html.Node) string {
	if n.Type == html.TextNode {
		return escape(folded(n.Data))
	}
	if n.Type != html.ElementNode || leftOut(n.DataAtom) || asks(n) {
		return ""
	}
	switch n.DataAtom {
	case atom.Br:
		return "  \n"
	case atom.Img:
		m.image(n)
		return ""
	case atom.Strong, atom.B:
		return wrapped(m.inlines(n), "**")
	case atom.Em, atom.I:
		return wrapped(m.inlines(n), "*")
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt:
		if text := strings.TrimSpace(folded(textOf(n))); text != "" && !strings.Contains(text, "`") {
			return "`" + text + "`"
		}
	case atom.A:
		return m.link(n)
	}
	return m.inlines(n)
}

// folded puts a text on one line. The no-break spaces of French stay.
func folded(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range text {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f':
			gap = true
			continue
		case unicode.IsControl(r):
			continue
		case gap:
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(r)
	}
	if gap {
		b.WriteByte(' ')
	}
	return b.String()
}

// wrapped marks a text, and leaves the spaces around it outside, where Markdown wants them.
func wrapped(text, mark string) string {
	inner := strings.TrimSpace(text)
	if inner == "" || strings.Contains(inner, "\n") {
		return text
	}
	before, after, _ := strings.Cut(text, inner)
	return before + mark + inner + mark + after
}

func (m *markup) link(n *html.Node) string {
	text := m.inlines(n)
	address := Absolute(m.base, attribute(n, "href"))
	if address == "" || strings.TrimSpace(text) == "" {
		return text
	}
	inner := strings.TrimSpace(text)
	before, after, _ := strings.Cut(text, inner)
	return before + linkTo(inner, address) + after
}

func linkTo(text, address string) string {
	return fmt.Sprintf("[%s](<%s>)", strings.ReplaceAll(text, "\n", " "), address)
}

// Image notes a picture, unless it counts readers or is an ornament.
func (m *markup) image(n *html.Node) {
	small := func(name string) bool {
		px, err := strconv.Atoi(strings.TrimSuffix(attribute(n, name), "px"))
		return err == nil && px < 64
	}
	address := attribute(n, "src")
	if strings.HasPrefix(address, "data:") || address == "" { // put there until a script brings the picture
		address = attribute(n, "data-src")
	}
	if address = Absolute(m.base, address); strings.HasPrefix(address, "http") && !small("width") && !small("height") {
		m.images = append(m.images, Image{address, strings.TrimSpace(folded(attribute(n, "alt")))})
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// Absolute is an address in full; empty: it leads neither into the web nor to a mailbox.
func Absolute(base *url.URL, address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || address == "" {
		return ""
	}
	if base != nil {
		u = base.ResolveReference(u)
	}
	switch {
	case u.Scheme == "mailto" && u.Opaque != "":
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
	default:
		return ""
	}
	return strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20").Replace(u.String())
}

// special stand for something in Markdown wherever they are.
var special = strings.NewReplacer(`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `<`, `\<`)

var looksLikeEntity = expression(`&(#?[A-Za-z0-9]{1,31};)`)

// escape keeps a text from being read as Markdown.
func escape(text string) string {
	if strings.Contains(text, "&") {
		text = looksLikeEntity().ReplaceAllString(text, "&amp;$1")
	}
	return special.Replace(text)
}

// opening is what makes a line the beginning of something else than a paragraph.
var opening = expression(`^(?:[#>+=~|:-]|[0-9]{1,9}[.)])`)

const (
	white  = " \t\n\r\f" // but not the no-break spaces of French
	begins = "#>+=~|:-0123456789"
)

// paragraph is a run of text that stands by itself; what would make it a heading or a list is escaped. None is left of nothing.
func paragraph(text string) []string {
	if strings.TrimSpace(text) == "" { // a no-break space is an empty line of an editor
		return nil
	}
	var lines []string
	for l := range strings.SplitSeq(text, "\n") {
		if l = strings.Trim(l, white); l == "" {
			continue
		}
		if strings.IndexByte(begins, l[0]) >= 0 {
			if mark := opening().FindString(l); mark != "" {
				l = mark[:len(mark)-1] + `\` + l[len(mark)-1:]
			}
		}
		lines = append(lines, l)
	}
	return []string{strings.Join(lines, "  \n")}
}

// Text makes paragraphs of Markdown of a text without marks, between empty lines.
func Text(text string) (paragraphs []string) {
	for part := range strings.SplitSeq(text, "\n\n") {
		lines := strings.Split(part, "\n")
		for i := range lines {
			lines[i] = folded(lines[i])
		}
		paragraphs = append(paragraphs, paragraph(escape(strings.Join(lines, "\n")))...)
	}
	return paragraphs
}
