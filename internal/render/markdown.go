package render

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gomarkdown/markdown"
	"github.com/gomarkdown/markdown/ast"
	markdownhtml "github.com/gomarkdown/markdown/html"
	"github.com/gomarkdown/markdown/parser"
)

// PlainText returns what a Markdown text says on one line: words of links without their addresses, no pictures, no
// markup, nothing of scripts and styles.
func PlainText(text string) string {
	return sayings(blocks(pageOf(text, parse(text)), skipped))
}

// readMost is how many bytes of an article are read, some 15,000 words: what is longer is no article, and to parse it all takes 400 times
// its size of memory.
const readMost = 100_000

// beginning is the part of a text that is read, in whole lines where it has lines.
func beginning(text string) string {
	if len(text) <= readMost {
		return text
	}
	text = strings.ToValidUTF8(text[:readMost], "")
	if end := strings.LastIndexByte(text, '\n'); end > readMost/2 {
		return text[:end]
	}
	return text
}

// Words counts the words of a Markdown text, for its reading time; of a very long one those of its beginning, and as many in proportion
// for the rest.
func Words(text string) int {
	read := beginning(text)
	words := len(strings.Fields(PlainText(read)))
	if len(read) < len(text) && len(read) > 0 {
		words = int(int64(words) * int64(len(text)) / int64(len(read)))
	}
	return words
}

// Chapo returns the sentences that stand before the first heading of an article: its paragraphs, up to a list that
// follows them, and no table, code or caption. Articles copied from a page often begin with their own title, as a
// heading or as a line: it is not part of the chapô. Of a text that begins with a heading it is what stands under that, and of one that is only a list what
// its items say.
func Chapo(title, text string) string {
	title = strings.ToLower(PlainText(title))
	var chapo []block
	text = withoutNotes(beginning(text))
	all := blocks(pageOf(text, parse(text)), skipped+beside)
	for _, b := range all {
		if len(chapo) == 0 && (strings.ToLower(b.text) == title || b.listed || b.heading) {
			continue
		}
		if b.heading || b.listed {
			break
		}
		chapo = append(chapo, b)
	}
	if chapo == nil && !slices.ContainsFunc(all, func(b block) bool { return b.heading }) {
		return enumerated(all)
	}
	return sayings(chapo)
}

// enumerated are items of a list in a row.
func enumerated(all []block) string {
	items := make([]block, 0, len(all))
	for i, b := range all {
		if b.listed && i < len(all)-1 && !ended.MatchString(b.text) {
			b.text += ";"
		}
		if b.listed {
			items = append(items, b)
		}
	}
	return sayings(items)
}

// ended finds the end of a sentence, or a mark that leads on to the next words.
var ended = regexp.MustCompile(`[.!?…:,;](?:[ \x{A0}\x{202F}]?»|[”’"')\]])*$`)

var (
	// note is the text of a footnote, with the lines that belong to it, as Pandoc and others write it.
	note = regexp.MustCompile(`(?m)^ {0,3}\[\^([^\]\s]+)\]:.*(?:\n+(?: {4}|\t).*)*`)
	mark = regexp.MustCompile(`\[\^[^\]\s]+\]`)
)

// withoutNotes takes footnotes out of a Markdown text, and their marks.
func withoutNotes(text string) string {
	noted := map[string]bool{}
	for _, found := range note.FindAllStringSubmatch(text, -1) {
		noted["[^"+found[1]+"]"] = true
	}
	return mark.ReplaceAllStringFunc(note.ReplaceAllString(text, ""), func(found string) string {
		if noted[found] {
			return ""
		}
		return found
	})
}

func parse(text string) ast.Node {
	p := parser.NewCommonMarkWithExtensions(parser.CommonMarkExtensions)
	return p.Parse(markdown.NormalizeNewlines([]byte(strings.ToValidUTF8(text, "\uFFFD"))))
}

// pageOf is a text as HTML, in which the tags that it is about are text.
func pageOf(text string, document ast.Node) string {
	page := string(markdown.Render(document, markdownhtml.NewRenderer(markdownhtml.RendererOptions{Flags: markdownhtml.FlagsNone})))
	if !tagged.MatchString(text) { // and so about none
		return page
	}
	return AsHTML(page, false)
}
