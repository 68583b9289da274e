package render

import (
	"regexp"
	"strings"

	"github.com/gomarkdown/markdown/ast"

	"facteur/internal/typography"
)

// setWords sets the words of a document, those of a paragraph as one text, whatever markup is between them. Code stays as it is; a passage
// that says of itself in which language it is, as <span lang="en"> does, is set as that asks.
func setWords(document ast.Node, lang string) {
	s := setter{lang: lang}
	ast.WalkFunc(document, func(node ast.Node, entering bool) ast.WalkStatus {
		switch n := node.(type) {
		case *ast.Text:
			s.add(&n.Literal)
		case *ast.Code, *ast.Math, *ast.Image:
			s.add(nil)
			return ast.SkipChildren
		case *ast.Hardbreak:
			end := []byte("\n")
			s.add(&end)
		case *ast.HTMLSpan:
			s.tag(string(n.Literal))
		case *ast.Strong, *ast.Emph, *ast.Del, *ast.Link, *ast.Softbreak, *ast.NonBlockingSpace, *ast.Subscript, *ast.Superscript:
		default:
			s.end()
		}
		return ast.GoToNext
	})
	s.end()
}

// A setter gathers the texts of a paragraph.
type setter struct {
	lang  string
	texts []*[]byte // nil: something that is no text stands there

	passage []*[]byte // within the tag that names another language
	within  string    // that tag; empty: there is none
	other   string    // its language
}

// thing takes the place of what is no text: to what stands beside it, it is a word.
const thing = "x"

func (s *setter) add(text *[]byte) {
	if s.within == "" {
		s.texts = append(s.texts, text)
		return
	}
	s.passage = append(s.passage, text)
}

// speaks is a tag of HTML that names the language of what is in it.
var speaks = regexp.MustCompile(`(?i)^<(\w+)\s[^>]*\blang\s*=\s*["']?([a-z]+(?:-[a-z0-9]+)*)`)

func (s *setter) tag(written string) {
	if s.within != "" {
		if strings.EqualFold(strings.TrimSpace(written), "</"+s.within+">") {
			s.leave()
		}
		return
	}
	if found := speaks.FindStringSubmatch(written); found != nil {
		s.within, s.other = found[1], found[2]
		s.texts = append(s.texts, nil)
	}
}

// leave ends a passage in another language.
func (s *setter) leave() {
	set(s.passage, s.other)
	s.passage, s.within = nil, ""
}

// end ends a paragraph.
func (s *setter) end() {
	s.leave()
	set(s.texts, s.lang)
	s.texts = nil
}

func set(texts []*[]byte, lang string) {
	runs := make([]string, len(texts))
	for i, text := range texts {
		if runs[i] = thing; text != nil {
			runs[i] = string(*text)
		}
	}
	for i, run := range typography.SetRuns(runs, lang) {
		if texts[i] != nil {
			*texts[i] = []byte(run)
		}
	}
}
