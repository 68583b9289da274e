package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isCutOff reports HTML of which the end did not come: the server broke off, or what stored it. It ends within a tag, a sentence, or the paragraphs of an
// element that is an article, and nothing that must be closed is (HTML, 13.1.2.4 “Optional tags”).
func isCutOff(text string) bool {
	open, last, said := map[atom.Atom]int{}, atom.Atom(0), ""
	closed := map[atom.Atom]bool{}
	z := html.NewTokenizer(strings.NewReader(text))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		switch kind {
		case html.StartTagToken:
			name, _ := z.TagName()
			said, last = "", 0
			open[atom.Lookup(name)]++
		case html.EndTagToken:
			name, _ := z.TagName()
			said, last = "", atom.Lookup(name)
			if last == atom.Body || last == atom.Html {
				return false
			}
			open[last]--
			closed[last] = true
		case html.TextToken:
			if raw := strings.TrimSpace(string(z.Raw())); raw != "" {
				said = raw
			}
		}
	}
	inArticle := open[atom.Article] > 0 || open[atom.Main] > 0
	mustClose := inArticle || open[atom.Div] > 0 || open[atom.Section] > 0 || open[atom.Table] > 0
	inTag := strings.LastIndexByte(text, '<') > strings.LastIndexByte(text, '>')
	inSentence := said != "" && !sentenceEnd().MatchString(said)
	inParagraph := closed[atom.P] && open[atom.P] > 0 && utf8.RuneCountInString(said) > shortestLead
	return mustClose && (inTag || inSentence) || inArticle && last == atom.P || inParagraph && inSentence
}
