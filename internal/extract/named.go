package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// doubtful are words in the names of what stands around an article that designs give to parts of its text, too.
const doubtful = " newsletter newsletters subscribe subscription share shares sharing social socials related similar recommended cookie cookies popup modal advert advertisement ad ads pub" +
	" sponsor sponsored promo sidebar pagination cta toc sommaire ariane meta metas metadata posted published publi updated tags kicker surtitre banner extra legends menu remark teaser teasers" +
	" supplemental community rss header footer pager excerpt contact author auteur "

// editorial are words in the names of boxes that editors put into an article.
const editorial = " encadre encadré encart chiffres reperes repères definition définition glossaire infobox keyfacts facts focus explainer "

const (
	shortestBox = 40  // characters, more than the labels say that stand in boxes
	mostBoxes   = 100 // of a page, more than any article has
)

// A namer takes names off what is a part of the text of an article, and not what they say.
type namer struct {
	c     *clearing
	firm  string // words that leave no doubt
	long  []int  // where long paragraphs stand, but for those of discussions
	plain []int  // where those do that stand under no doubtful name
	boxes int    // that were held against whole
	whole string // key of all that the page says; empty: nobody asked

	alike    map[*html.Node]int          // how many long paragraphs stand in those that are named so, of elements that were asked for
	articles map[*html.Node][]*html.Node // in elements that were looked at
}

// freeText takes such names off, and off boxes in <aside> amid a text. What asks readers for something, leads them elsewhere, or tells who wrote, keeps its name.
func (c *clearing) freeText() {
	n := &namer{c: c, firm: " ", alike: map[*html.Node]int{}, articles: map[*html.Node][]*html.Node{}}
	for word := range strings.FieldsSeq(aroundArticles + aboutArticles + besideTexts + discussions) {
		if !strings.Contains(doubtful, " "+word+" ") {
			n.firm += word + " "
		}
	}
	n.freeHeadings()
	n.survey(c.body, true)
	n.free(c.body)
}

// survey notes where paragraphs stand.
func (n *namer) survey(of *html.Node, isPlain bool) {
	for child := range of.ChildNodes() {
		if child.Type != html.ElementNode || isNamed(child, n.firm) || child.DataAtom == atom.Li || child.DataAtom == atom.Nav || child.DataAtom == atom.Footer || isHidden(child) {
			continue
		}
		if n.c.isLong(child) {
			n.long = append(n.long, n.c.at[child])
			if isPlain && !n.isDoubtful(child) {
				n.plain = append(n.plain, n.c.at[child])
			}
		}
		n.survey(child, isPlain && !n.isDoubtful(child))
	}
}

func (n *namer) isDoubtful(of *html.Node) bool {
	return of.DataAtom == atom.Aside || isNamed(of, doubtful)
}

func (n *namer) free(in *html.Node) {
	var inside, texts []*html.Node
	for child := range in.ChildNodes() {
		isText := false
		switch {
		case child.Type != html.ElementNode || isHidden(child) || isNamed(child, n.firm) && !n.c.isMost(child):
			continue
		case n.isDoubtful(child):
			isText = n.isText(child)
		}
		if isText {
			texts = append(texts, child)
		}
		if isText || !n.isDoubtful(child) || n.c.isMost(child) {
			inside = append(inside, child)
		}
	}
	for _, child := range texts { // once all are known: those named alike are told together
		unname(child)
	}
	for _, child := range inside {
		n.free(child)
	}
}

// isText reports an element that is a part of the article: one with most of its paragraphs, one amid them, and at their edge one that speaks to nobody.
func (n *namer) isText(of *html.Node) bool {
	if role := attribute(of, "role"); role != "" && role != "main" && role != "note" && role != "region" && role != "complementary" || attribute(of, "aria-modal") == "true" {
		return false
	}
	if own := n.amongAlike(of); own > 1 && own*2 > len(n.long) && of.DataAtom != atom.Aside && !isNamed(of, otherArticles+" teaser teasers excerpt ") {
		return !n.asks(of)
	}
	before, after := n.beside(of)
	switch isBox := of.DataAtom == atom.Aside; {
	case !before && !after, !n.saysProse(of, isBox), isBox && n.isSaidTwice(of):
		return false
	case before && after, isBox && isNamed(of, editorial):
		return true
	case isBox, !isNamed(of, atEdges), hasNamePart(attribute(of, "class"), " col column "+besideWords), hasLink(of):
		return false
	}
	return !toVisitors().MatchString(words(of))
}

const (
	atEdges     = " meta metas metadata posted published publi updated tags kicker surtitre social socials promo banner extra " // as the first or last part of a text is named, too
	besideWords = "sidebar newsletter newsletters related similar popup modal cookie cookies ads pub sponsor sponsored menu footer header rss "
)

// amongAlike is how many long paragraphs stand in an element, and in those beside it that have the same name.
func (n *namer) amongAlike(of *html.Node) int {
	if _, known := n.alike[of]; !known {
		counts := map[string]int{}
		for s := range of.Parent.ChildNodes() {
			if s.Type == html.ElementNode {
				from, to := n.c.span(n.long, s)
				counts[calledAs(s)] += to - from
			}
		}
		for s := range of.Parent.ChildNodes() {
			n.alike[s] = counts[calledAs(s)]
		}
	}
	return n.alike[of]
}

// calledAs is what an element is called.
func calledAs(n *html.Node) string {
	return n.Data + " " + attribute(n, "class") + "#" + attribute(n, "id")
}

// beside reports paragraphs of the text before and behind an element, in the smallest element around it that has some.
func (n *namer) beside(of *html.Node) (before, after bool) {
	for p := of.Parent; p != nil; p = p.Parent {
		if of.DataAtom == atom.Aside && (p.DataAtom == atom.Body || n.standsByArticle(of, p)) {
			return false, false
		}
		if from, to := n.c.span(n.plain, p); from < to {
			return n.plain[from] < n.c.at[of], n.plain[to-1] >= n.c.end[of]
		}
	}
	return false, false
}

// standsByArticle reports an element that stands beside an <article> in another.
func (n *namer) standsByArticle(of, in *html.Node) bool {
	articles, known := n.articles[in]
	if !known {
		for child := range in.ChildNodes() {
			if child.DataAtom == atom.Article {
				articles = append(articles, child)
			}
		}
		n.articles[in] = articles
	}
	return len(articles) > 1 || len(articles) == 1 && !isIn(of, articles[0])
}

// asks reports an element with most of the page in which a paragraph asks for something, and hardly another stands.
func (n *namer) asks(of *html.Node) bool {
	asking, all := 0, 0
	for d := range of.Descendants() {
		if n.c.isLong(d) {
			all++
			if isAsking(words(d)) {
				asking++
			}
		}
	}
	return asking*2 >= all
}

// What a site says to who reads it of itself, and citing what it says that somebody said.
var (
	toReader = expression(`(?i)\b(?:vous|vos|votre|you|your)\b|\pL-(?:nous|us)\b`)
	toFollow = expression(`(?i)^[^\pL]*(?:suivez|rejoignez|retrouvez|soutenez|partagez|follow|join|support)[- ](?:nous|notre|nos|us|our|cet article|this article)\b`)
	citing   = expression(`[«“"]`)
)

// isAsking reports a text in which a site speaks to its visitors of itself.
func isAsking(text string) bool {
	speaks := toReader().MatchString(text) && ofAsking().MatchString(text) && isOnlyAsking(text) && !citing().MatchString(text)
	return speaks || invitation().MatchString(text) || toFollow().MatchString(text) || consentMatter().MatchString(text) && toVisitors().MatchString(text)
}

// aboutPeople finds who somebody is who writes.
var aboutPeople = expression(`(?i)^[^.]{0,60}\b(?:est|is)\s+(?:(?:une?|le|la|an?|the)\s+)?` + role + `\b`)

// saysProse reports an element that says something in sentences, and nothing that asks, or leads elsewhere. A box may say it in a list.
func (n *namer) saysProse(of *html.Node, isBox bool) bool {
	links, prose := 0, 0
	for d := range of.Descendants() {
		switch d.DataAtom {
		case atom.Form, atom.Input, atom.Textarea, atom.Select, atom.Button, atom.Article, atom.Iframe:
			return false
		case atom.A:
			if links += n.c.size[d]; hasWord(attribute(d, "rel"), "sponsored") || isWithin(d, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6) {
				return false
			}
		}
		if n.c.leaf[d] && !n.isHarmless(d) {
			return false
		}
		if n.c.isLong(d) {
			prose += n.c.size[d]
		}
	}
	if n.c.leaf[of] {
		if !n.isHarmless(of) || !sentenceEnd().MatchString(words(of)) {
			return false
		}
		prose = n.c.size[of]
	}
	return links*3 <= n.c.size[of] && (prose > longestDateline || isBox && links == 0 && n.c.size[of] > shortestBox)
}

// isHarmless reports a line that neither asks nor leads elsewhere, nor says that something else than the article begins.
func (n *namer) isHarmless(line *html.Node) bool {
	text := words(line)
	if n.c.isLong(line) {
		return !isAsking(text) && !aboutPeople().MatchString(text) && !strings.Contains(text, "@")
	}
	for _, sign := range []pattern{announcement, others, invitation, toSubscribe, aboutPeople} {
		if sign().MatchString(text) {
			return false
		}
	}
	leads := hasLink(line) && saysOnlyLinks(line)
	return !leads && !isRemnant(text) && !isCall(text) && namesIn(text) == nil && !strings.Contains(text, "@")
}

// isSaidTwice reports a box of words that the page says elsewhere, too.
func (n *namer) isSaidTwice(box *html.Node) bool {
	if n.boxes++; n.boxes > mostBoxes {
		return false
	}
	if n.whole == "" {
		n.whole = Key(words(n.c.body))
	}
	said := strings.Trim(Key(words(box)), "…")
	return said != "" && strings.Count(n.whole, said) > 1
}

// unname makes of an element one that means nothing, and takes the doubtful words out of the names of what stands inside.
func unname(n *html.Node) {
	had := " "
	for word := range strings.FieldsSeq(doubtful) {
		if isNamed(n, " "+word+" ") {
			had += word + " "
		}
	}
	if n.DataAtom == atom.Aside {
		n.Data, n.DataAtom = "div", atom.Div
	}
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "id" || a.Key == "role" || a.Key == "class" && !hasNamePart(a.Val, chapos+leads)
	})
	for d := range n.Descendants() {
		setNames(d, func(name string) bool { return !hasNamePart(name, had) })
	}
}

// setNames keeps of the class and the id of an element what is meant.
func setNames(n *html.Node, keeps func(string) bool) {
	for i, a := range n.Attr {
		if isName(a) {
			n.Attr[i].Val = strings.Join(slices.DeleteFunc(strings.Fields(a.Val), func(name string) bool { return !keeps(name) }), " ")
		}
	}
}
