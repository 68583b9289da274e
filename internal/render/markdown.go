package render

import (
	"bytes"
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
	return strip(toHTML(parse(text)))
}

// Words counts the words of a Markdown text, for its reading time.
func Words(text string) int {
	return len(strings.Fields(PlainText(text)))
}

// Chapo returns the plain text that stands before the first heading of an article. Articles copied from a page often
// begin with their own title, as a heading or as a line: it is not part of the chapô.
func Chapo(title, text string) string {
	title = strings.ToLower(PlainText(title))
	var chapo bytes.Buffer
	for _, block := range parse(text).GetChildren() {
		page := toHTML(block)
		if chapo.Len() == 0 && strings.ToLower(strip(page)) == title {
			continue
		}
		if isHeading(block) {
			break
		}
		chapo.Write(page)
		chapo.WriteByte('\n')
	}
	return strip(chapo.Bytes())
}

func parse(text string) ast.Node {
	p := parser.NewCommonMarkWithExtensions(parser.CommonMarkExtensions)
	return p.Parse(markdown.NormalizeNewlines([]byte(strings.ToValidUTF8(text, "\uFFFD"))))
}

func toHTML(node ast.Node) []byte {
	return markdown.Render(node, markdownhtml.NewRenderer(markdownhtml.RendererOptions{Flags: markdownhtml.FlagsNone}))
}

// strip takes all markup out of a page, what stood as HTML in the Markdown included. bluemonday gives escaped text,
// which is unescaped here, once; html/template escapes it again where it is shown.
func strip(page []byte) string {
	return clean(html.UnescapeString(string(bluemonday.StrictPolicy().SanitizeBytes(page))))
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
