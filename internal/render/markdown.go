package render

import (
	"html"
	"strings"

	"github.com/gomarkdown/markdown"
	"github.com/gomarkdown/markdown/ast"
	markdownhtml "github.com/gomarkdown/markdown/html"
	"github.com/gomarkdown/markdown/parser"
	"github.com/microcosm-cc/bluemonday"
)

// PlainText returns what a Markdown text says on one line: words of links without their addresses, no pictures, no
// markup, nothing of scripts and styles.
func PlainText(text string) string {
	return plain(parse(text))
}

// Words counts the words of a Markdown text, for its reading time.
func Words(text string) int {
	return len(strings.Fields(PlainText(text)))
}

// Chapo returns the plain text that stands before the first heading of an article. Articles copied from a page often
// begin with their own title, as a heading or as a line: it is not part of the chapô.
func Chapo(title, text string) string {
	title = strings.ToLower(PlainText(title))
	doc := parse(text)
	var chapo []string
	for _, block := range doc.GetChildren() {
		said := plain(block)
		if len(chapo) == 0 && strings.ToLower(said) == title {
			continue
		}
		if isHeading(block) {
			break
		}
		if said != "" {
			chapo = append(chapo, said)
		}
	}
	return strings.Join(chapo, " ")
}

func parse(text string) ast.Node {
	p := parser.NewCommonMarkWithExtensions(parser.CommonMarkExtensions)
	return p.Parse(markdown.NormalizeNewlines([]byte(strings.ToValidUTF8(text, "\uFFFD"))))
}

// plain renders a block and takes all markup out again, HTML that stood in the Markdown included.
func plain(node ast.Node) string {
	page := markdown.Render(node, markdownhtml.NewRenderer(markdownhtml.RendererOptions{Flags: markdownhtml.FlagsNone}))
	strict := bluemonday.StrictPolicy()
	return clean(html.UnescapeString(string(strict.SanitizeBytes(page))))
}

// isHeading knows a heading of Markdown, and one that stands there as HTML.
func isHeading(block ast.Node) bool {
	switch b := block.(type) {
	case *ast.Heading:
		return true
	case *ast.HTMLBlock:
		tag := strings.ToLower(string(b.Literal))
		return len(tag) > 2 && strings.HasPrefix(tag, "<h") && tag[2] >= '1' && tag[2] <= '6'
	}
	return false
}
