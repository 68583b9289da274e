package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fewestAbove is how many long paragraphs stand above a list of other articles, at least: a page that presents articles under its title says less of its own.
const fewestAbove = 3

// dropTeasers takes out the lists of other articles below a text, whatever they stand under: titles that lead to them, each with a paragraph at most.
func (s *stories) dropTeasers() {
	s.eachRun(s.c.body, func(run []*html.Node) {
		from, to := s.c.at[run[0]], s.c.end[run[len(run)-1]]
		above, _ := slices.BinarySearch(s.long, from)
		if above < fewestAbove || s.c.at[s.first] > from || s.isLong(to, s.c.end[s.c.body]) {
			return
		}
		if line := s.c.lineBefore(run[0]); len(line) == 1 && isHeading(line[0]) {
			run = append(run, line...)
		}
		for _, n := range run {
			s.forget(n)
		}
	})
}

// eachRun finds the lists of teasers below an element: several beside each other, or an element that holds several and nothing else.
func (s *stories) eachRun(in *html.Node, found func(run []*html.Node)) {
	var run []*html.Node
	flush := func() {
		if len(run) > 1 || len(run) == 1 && s.teasers(run[0]) > 1 {
			found(run)
		}
		run = nil
	}
	for _, n := range slices.Collect(in.ChildNodes()) {
		switch {
		case s.c.size[n] == 0:
		case s.teasers(n) > 0:
			run = append(run, n)
		default:
			flush()
			if !isFurniture(n) {
				s.eachRun(n, found)
			}
		}
	}
	flush()
}

// teasers is how many titles of other articles a block holds, each with a paragraph at most; 0: it holds anything else, but for a title of its own.
func (s *stories) teasers(block *html.Node) (count int) {
	if isHeading(block) || s.around[block] || block.Type != html.ElementNode {
		return 0
	}
	said, isTitled := 0, false // long paragraphs
	for d := range block.Descendants() {
		switch {
		case isHeading(d) && s.c.size[d] > 0:
			if s.isTitleOfAnother(d) {
				count++
			} else if isTitled || count > 0 {
				return 0
			}
			isTitled = true
		case s.c.isLong(d):
			if said++; said > count {
				return 0
			}
		}
	}
	return count
}

// isTitleOfAnother reports a heading that leads to another article, or stands in what does.
func (s *stories) isTitleOfAnother(heading *html.Node) bool {
	leads, known := s.leading[heading]
	if !known {
		leads = s.head.leadsToAnother(heading)
		for n := heading; n != nil && !leads; n = n.Parent {
			leads = n.DataAtom == atom.A && s.head.isElsewhere(attribute(n, "href"))
		}
		s.leading[heading] = leads
	}
	return leads
}

// isListing reports a page of titles that lead to other articles, each with a paragraph, and of no text of its own, but for a few words under the name of a
// part of the site.
func (s *stories) isListing() bool {
	if s.head.article != nil || s.head.first("og:type") == "article" {
		return false
	}
	titles, said, own := 0, 0, 0 // long paragraphs under titles, and others
	var title, before *html.Node
	for n := range s.c.body.Descendants() {
		switch {
		case isHeading(n) && s.c.size[n] > 0:
			if before, title = title, nil; s.isTitleOfAnother(n) {
				title = n
				titles++
			}
		case !s.c.isLong(n) || isWithin(n, atom.Aside, atom.Footer, atom.Nav):
		case title != nil && isBelow(n, title, before):
			said++
		default:
			own++
		}
	}
	isNamed := len(s.own) > 0 && len(strings.Fields(words(s.own[0]))) < shortestTitle
	return titles >= fewestListed && said >= fewestListed && said <= titles+1 && (own == 0 || own == 1 && isNamed)
}

// isBelow reports a paragraph beside a title, or in something with it in which the title before it does not stand.
func isBelow(n, title, before *html.Node) bool {
	p := title.Parent
	for !isIn(n, p) {
		p = p.Parent
	}
	return p == title.Parent || before == nil || !isIn(before, p)
}

// dropBelow takes out what stands below the <article> that holds the text of the page and says nothing at length: ways to go on, and what the site asks for.
func (s *stories) dropBelow() {
	var article *html.Node
	for n := range s.around {
		if n.DataAtom == atom.Article && (article == nil || isIn(article, n)) {
			article = n
		}
	}
	if article == nil || s.prose(article) < 2 || s.isLong(s.c.end[article], s.c.end[s.c.body]) {
		return
	}
	for p := article; p != s.c.body; p = p.Parent {
		for next := p.NextSibling; next != nil; {
			n := next
			next = next.NextSibling
			if s.c.size[n] > 0 && !s.titled[n] && s.isWayOn(n) {
				s.forget(n)
			}
		}
	}
}

// isWayOn reports a block under a heading, or of links and no sentence, which does not tell who wrote, or when.
func (s *stories) isWayOn(block *html.Node) bool {
	if block.DataAtom != atom.Div && block.DataAtom != atom.Section {
		return false
	}
	leads, says := false, false
	for d := range block.Descendants() {
		if isAuthor(d) || d.DataAtom == atom.Time || d.Type == html.ElementNode && (leadsToAuthor(d) || hasNamePart(attribute(d, "class"), calledAuthor)) {
			return false
		}
		leads = leads || d.DataAtom == atom.A || d.DataAtom == atom.Button
		says = says || s.c.leaf[d] && isSentence(words(d))
	}
	return firstHeading(block) != nil || leads && !says
}

// dropBoxes takes out of a text the boxes that do nothing but lead to other articles: links that are titles, and lists of links that nothing introduces. Where
// a page has one for each of its paragraphs, they are what it tells of.
func (s *stories) dropBoxes() {
	var boxes []*html.Node
	s.eachBox(s.c.body, func(box ...*html.Node) {
		if s.c.at[box[0]] > s.c.at[s.first] {
			boxes = append(boxes, box...)
		}
	})
	if len(boxes)*2 > len(s.long) {
		return
	}
	for _, box := range boxes {
		s.forget(box)
	}
}

// titleRun is a heading that leads to another article, and those like it that follow without a word between; and the line above that announces them. A single
// one may be of the text, where none does.
func (s *stories) titleRun(heading *html.Node) (run []*html.Node) {
	line := s.c.lineBefore(heading)
	for n := heading; n != nil; n = n.NextSibling {
		if s.c.size[n] == 0 {
			continue
		}
		if !isHeading(n) || !s.isTitleOfAnother(n) {
			break
		}
		run = append(run, n)
	}
	announced := others().MatchString(s.c.said(line))
	if len(run) == 0 || len(run) == 1 && !announced {
		return nil
	}
	if isLabel := len(line) == 1 && s.c.size[line[0]] <= shortestLead && !isSentence(words(line[0])) && !s.c.endsInColon(line) && !s.titled[line[0]]; announced || isLabel {
		run = append(run, line...)
	}
	return run
}

func (s *stories) eachBox(in *html.Node, found func(box ...*html.Node)) {
	var seen []*html.Node
	for _, n := range slices.Collect(in.ChildNodes()) {
		switch {
		case s.c.size[n] == 0 || isFurniture(n) || slices.Contains(seen, n):
		case isHeading(n):
			if run := s.titleRun(n); run != nil {
				found(run...)
				seen = append(seen, run...)
			}
		case s.isBox(n):
			found(n)
		default:
			s.eachBox(n, found)
		}
	}
}

// isBox reports a block without a text of its own that leads to other articles.
func (s *stories) isBox(n *html.Node) bool {
	if s.around[n] || s.titled[n] || s.c.size[n] > largestBox {
		return false
	}
	switch n.DataAtom {
	case atom.A:
		return firstHeading(n) != nil && s.head.isElsewhere(attribute(n, "href"))
	case atom.Div, atom.Section, atom.Aside:
		isOfTitles := s.teasers(n) > 0 && s.prose(n) == 0
		return isOfTitles || s.isListBox(n)
	}
	return false
}

// isListBox reports a block that holds a list of links to other articles, with a text before and behind, and no heading or colon above.
func (s *stories) isListBox(n *html.Node) bool {
	list := n
	for list.DataAtom != atom.Ul && list.DataAtom != atom.Ol {
		if list = s.onlyChild(list); list == nil {
			return false
		}
	}
	links := 0
	for d := range list.Descendants() {
		if d.DataAtom == atom.A {
			if links++; !s.head.isElsewhere(attribute(d, "href")) {
				return false
			}
		}
	}
	line := s.c.lineBefore(n)
	isIntroduced := len(line) > 0 && isHeading(line[0]) || s.c.endsInColon(line)
	return links > 1 && saysOnlyLinks(list) && !isIntroduced && s.isLong(s.c.end[n], s.c.end[s.c.body])
}

// onlyChild is the only element in another that says something; nil: there are several, or none.
func (s *stories) onlyChild(n *html.Node) (only *html.Node) {
	for child := range n.ChildNodes() {
		if s.c.size[child] == 0 {
			continue
		}
		if only != nil || child.Type != html.ElementNode {
			return nil
		}
		only = child
	}
	return only
}

// forget takes out of a page what stands below its article.
func (s *stories) forget(n *html.Node) {
	isIn := func(place int) bool { return s.c.at[n] <= place && place < s.c.end[n] }
	s.long = slices.DeleteFunc(s.long, isIn)
	s.headings = slices.DeleteFunc(s.headings, func(heading *html.Node) bool { return isIn(s.c.at[heading]) })
	s.c.remove(n)
}
