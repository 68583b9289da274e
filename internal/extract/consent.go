package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"facteur/internal/render"
)

// A question is what a page asks of visitors about cookies and their data. A wall and a banner ask the same, with the same buttons; what tells
// them apart is whether an article is left without it.
type question struct {
	*clearing
	weight map[*html.Node]speech
	said   []string
}

// A speech is how much an element says, in characters: to visitors about cookies and their data, about these at all, to visitors about something else, and
// about something else to nobody.
type speech struct{ to, about, beside, other int }

const (
	longestLabel  = 40   // characters, of a button
	longestChoice = 60   // characters, of one that agrees or refuses
	mostControls  = 64   // of a page that are looked at: a banner has a few, a list of purposes two for each
	longestAsked  = 3000 // characters, of a question
	shortSentence = 40   // characters: what is shorter is a heading or a label
	besideControl = 4    // elements that ask together without a box around them
	shortestGuide = 600  // characters, of an article that speaks of nothing else
)

// takeQuestion takes out of a page what asks for consent, and returns what it said: nothing, where no button agrees or refuses.
func (c *clearing) takeQuestion() string {
	var controls []*html.Node
	for n := range c.body.Descendants() {
		if len(controls) < mostControls && c.isConsentControl(n) {
			controls = append(controls, n)
		}
	}
	if len(controls) == 0 {
		return ""
	}
	q := question{clearing: c, weight: map[*html.Node]speech{}}
	q.weigh(c.body)
	for _, control := range controls {
		if c.isThere(control) { // and did not go with another
			parts := q.box(control)
			if q.isGuide(parts) {
				continue
			}
			for _, part := range parts {
				q.take(part)
			}
		}
	}
	return strings.Join(strings.Fields(strings.Join(q.said, " ")), " ")
}

// isConsentControl reports a button, or what serves as one, that agrees or refuses. Only that of a real one may be a word of every day.
func (c *clearing) isConsentControl(n *html.Node) bool {
	button := n.DataAtom == atom.Button || n.DataAtom == atom.A || attribute(n, "role") == "button"
	label := ""
	switch {
	case n.DataAtom == atom.Input && (attribute(n, "type") == "button" || attribute(n, "type") == "submit"):
		button, label = true, attribute(n, "value")
	case button || n.DataAtom == atom.Span || n.DataAtom == atom.Div:
		label = cmp.Or(c.label(n), attribute(n, "aria-label"))
	}
	return utf8.RuneCountInString(label) <= longestChoice && (consentLabel().MatchString(label) || button && consentWord().MatchString(label))
}

// label is what an element says that may be a button; empty: it says too much.
func (c *clearing) label(n *html.Node) string {
	if c.size[n] == 0 || c.size[n] > longestChoice {
		return ""
	}
	var said []string
	for d := range n.Descendants() {
		if d.Type == html.TextNode && c.size[d] > 0 { // and not a script
			said = append(said, strings.Fields(d.Data)...)
		}
	}
	return strings.Join(said, " ")
}

// weigh adds up what each element says.
func (q *question) weigh(n *html.Node) (all speech) {
	switch {
	case q.size[n] == 0:
		return speech{}
	case q.leaf[n]:
		all = weighed(words(n))
	case n.Type == html.TextNode:
		all = weighed(n.Data)
	default:
		var before *html.Node
		for child := range n.ChildNodes() {
			said := q.weigh(child)
			if q.goesOnFrom(before, child) {
				said = speech{to: q.size[child], about: q.size[child]}
				q.weight[child] = said
			}
			all = all.plus(said, 1)
			if q.size[child] > 0 {
				before = child
			}
		}
	}
	q.weight[n] = all
	return all
}

// goesOnFrom reports a list that ends a sentence to visitors about cookies.
func (q *question) goesOnFrom(before, list *html.Node) bool {
	isList := list.DataAtom == atom.Ul || list.DataAtom == atom.Ol
	return isList && before != nil && q.weight[before].to > 0 && !sentenceEnd().MatchString(words(before))
}

func (s speech) plus(t speech, times int) speech {
	return speech{s.to + times*t.to, s.about + times*t.about, s.beside + times*t.beside, s.other + times*t.other}
}

func weighed(text string) speech {
	size := utf8.RuneCountInString(text)
	switch {
	case size > longestAsked:
	case asksVisitors(text):
		return speech{to: size, about: size}
	case consentMatter().MatchString(text) || purposes().MatchString(text):
		return speech{about: size}
	case size < shortSentence:
		return speech{}
	case toVisitors().MatchString(text):
		return speech{beside: size}
	}
	return speech{other: size}
}

func asksVisitors(text string) bool {
	return consentMatter().MatchString(text) && toVisitors().MatchString(text) || withPartners().MatchString(text)
}

// box is what asks with a control: the first element around it that speaks to visitors of cookies, unless it says more than that, as one that holds
// an article does; then what stands beside it there. Nothing: it agrees to something else.
func (q *question) box(control *html.Node) []*html.Node {
	for at := control; at != q.body; at = at.Parent {
		around := q.weight[at.Parent]
		switch {
		case around.to == 0 && around.other+around.beside < minText:
		case around.to*2 < around.about || around.isMore() || q.size[at.Parent] > longestAsked:
			return q.beside(at)
		case at.Parent == q.body:
			return slices.Collect(q.body.ChildNodes())
		default:
			return []*html.Node{at.Parent}
		}
	}
	return nil
}

// isGuide reports as many words as articles have, in none of which a site speaks of itself: a guide to cookies, with a button in it for something else.
func (q *question) isGuide(parts []*html.Node) bool {
	size := 0
	for _, part := range parts {
		if bySite().MatchString(cmp.Or(words(part), part.Data)) {
			return false
		}
		size += q.size[part]
	}
	return size >= shortestGuide
}

// isMore reports a speech that says more than a question does with what it promises.
func (s speech) isMore() bool { return s.other >= minText || s.beside >= minText }

// beside are an element and those just before it, as far as they speak to visitors of cookies, else those just behind it.
func (q *question) beside(at *html.Node) []*html.Node {
	for _, next := range []func(*html.Node) *html.Node{
		func(n *html.Node) *html.Node { return n.PrevSibling }, func(n *html.Node) *html.Node { return n.NextSibling },
	} {
		run, speaking, elements := []*html.Node{at}, 0, 0
		for n := next(at); n != nil && elements < besideControl; n = next(n) {
			said := q.weight[n]
			if said.other+said.beside > 0 || said.to < said.about {
				break
			}
			run = append(run, n)
			if n.Type == html.ElementNode {
				elements++
			}
			if said.to > 0 {
				speaking = len(run)
			}
		}
		if speaking > 0 {
			return run[:speaking]
		}
	}
	return nil
}

// take takes one part of the question out of the page.
func (q *question) take(part *html.Node) {
	if part.Type == html.TextNode {
		q.said = append(q.said, part.Data)
	} else {
		q.said = append(q.said, words(part))
	}
	for p := part.Parent; p != nil; p = p.Parent {
		q.weight[p] = q.weight[p].plus(q.weight[part], -1)
	}
	q.remove(part)
}

// consentFrames finds the frames in which services ask for consent, by their addresses and ids.
var consentFrames = expression(`(?i)(?:^|[/._-])(?:consent|consensu|cookies?|cmp|gdpr|privacy-mgmt|sp_message|didomi|trustarc|usercentrics|onetrust|sourcepoint)(?:[/._-]|$)`)

// asksInFrame is the address of such a frame; empty: none is there.
func asksInFrame(body *html.Node) string {
	for n := range body.Descendants() {
		if n.DataAtom == atom.Iframe && (consentFrames().MatchString(attribute(n, "src")) || consentFrames().MatchString(attribute(n, "id"))) {
			return cmp.Or(attribute(n, "src"), attribute(n, "id"))
		}
	}
	return ""
}

// isAnswered reports that the text of a page is an article besides what it asked: it speaks of something else than cookies and subscriptions, or
// speaks of them at greater length, as a guide does.
func isAnswered(asked string, paragraphs []string) bool {
	all, article := 0, 0
	for _, p := range paragraphs {
		text := render.PlainText(p)
		size := utf8.RuneCountInString(text)
		all += size
		isOffer := selling().MatchString(text) && toVisitors().MatchString(text)
		if !asksVisitors(text) && !purposes().MatchString(text) && !isOffer {
			article += size
		}
	}
	return article >= minText || all > max(shortestGuide, 2*utf8.RuneCountInString(asked))
}
