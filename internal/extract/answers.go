package extract

import (
	"strings"

	"golang.org/x/net/html"

	"facteur/internal/render"
)

// answers are the beginnings of those that a page which says that it is a question with such gives to it: in its data, or in what it shows.
func (r pageReader) answers(c *clearing) (all []string) {
	if r.head.article != nil {
		return nil
	}
	add := func(text string) {
		if text = beginningOf(text); text != "" {
			all = append(all, text)
		}
	}
	for _, page := range r.head.data.all {
		if !page.isA(isQuestionPage) {
			continue
		}
		for _, question := range r.head.data.of(page, "mainEntity") {
			asked, _ := question.(map[string]any)
			for _, property := range []string{"acceptedAnswer", "suggestedAnswer"} {
				for _, text := range r.head.data.texts(asked, property, "text") {
					paragraphs, _ := HTML(text, r.head.base)
					add(render.PlainText(strings.Join(paragraphs, "\n\n")))
				}
			}
		}
	}
	isMarked := func(n *html.Node) bool {
		kind := attribute(n, "itemtype")
		return isQuestionPage(kind[strings.LastIndexByte(kind, '/')+1:])
	}
	if !isAny(root(c.body).Descendants(), isMarked) {
		return all
	}
	for n := range c.body.Descendants() {
		if prop := attribute(n, "itemprop"); hasWord(prop, "acceptedanswer") || hasWord(prop, "suggestedanswer") {
			for d := range n.Descendants() {
				if c.prose(d) > 0 && c.leaf[d] {
					add(words(d))
					break
				}
			}
		}
	}
	return all
}

func isQuestionPage(name string) bool { return name == "QAPage" }
