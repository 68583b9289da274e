package preflight

import (
	"fmt"
	"strings"
)

// left tells what an edition does not say: articles that only its page has room for, and what no letter may hold.
func left(n *notes, l Letter) {
	c := l.Content
	if c.Beyond > 0 {
		n.warns("articles-beyond", Place{Part: InLetter}, fmt.Sprintf("the letter has room for %d of %d articles: the last ones stand only on its page, and it says so", len(c.Stories())-c.Beyond, len(c.Stories())),
			"take fewer articles into each section, or give them shorter summaries")
	}
	if c.Lead != nil && c.Lead.Picture != nil && c.Lead.Picture.Alt == "" {
		n.warns("picture-wordless", Place{Part: InLetter, Story: c.Lead.Title}, "nothing stands for the picture where it is not shown, or where the letter is read aloud", "say in the article's picture_alt what it shows; leave it as it is if it only decorates")
	}
	for _, s := range c.Stories() {
		if s.Summary == "" && s.Words > 0 { // else nothing but its link is known
			n.warns("summary-missing", Place{Part: InLetter, Story: s.Title, Text: s.URL}, "it stands there with its title alone: no summary was given, and its text begins with no sentence", "give the article a summary")
		}
	}
	for _, s := range c.Stories() {
		if s.LeftOut == nil {
			continue
		}
		n.warns("article-cut", Place{Part: InLetter, Story: s.Title, Text: s.URL}, "the letter leaves out "+strings.Join(s.LeftOut, ", "), "look whether it still says what it should; if not, mend the article")
	}
}
