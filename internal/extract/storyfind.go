package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// find reads the page for its headings and paragraphs, and where its article begins.
func (s *stories) find() {
	for _, given := range slices.Concat(s.head.dataTitles(), s.head.meta["og:title"], []string{s.head.title}, s.head.meta["twitter:title"]) {
		if k := Key(s.head.bare(oneLine(given))); k != "" && !slices.Contains(s.head.names, k) {
			s.titles = append(s.titles, k)
		}
	}
	for n := range s.c.body.Descendants() {
		if to, isAnchor := strings.CutPrefix(attribute(n, "href"), "#"); n.DataAtom == atom.A && isAnchor && to != "" {
			s.anchors[to] = true
		}
	}
	var paragraphs, lines []*html.Node
	s.walk(s.c.body, func(n *html.Node) {
		switch {
		case isHeading(n) && int(n.Data[1]-'0') <= lowestTitle && s.c.size[n] > 0 && len(s.headings) < mostTitles:
			s.headings = append(s.headings, n)
		case s.c.isLong(n):
			s.long = append(s.long, s.c.at[n])
			paragraphs = append(paragraphs, n)
		case s.c.leaf[n] && s.c.size[n] <= longestDateline && len(lines) < mostHeadings && !isHeading(n) && s.isTitle(n):
			lines = append(lines, n)
		}
	})
	s.own = slices.DeleteFunc(slices.Clone(s.headings), func(n *html.Node) bool { return !s.isTitle(n) })
	if len(s.own) == 0 {
		s.own = lines
	}
	s.known = len(s.own) > 0
	if guess := s.guess(); len(s.own) == 0 && guess != nil {
		s.own = []*html.Node{guess}
	}
	s.sure = len(s.own) > 0
	s.begin(paragraphs)
}

// walk goes through what may be of an article, without headers that are none of one.
func (s *stories) walk(n *html.Node, visit func(*html.Node)) {
	for child := range n.ChildNodes() {
		isOut := isFurniture(child) && child.DataAtom != atom.Header && child.DataAtom != atom.Form || isAround(child) || isNamed(child, discussions) || child.DataAtom == atom.Li && !isStory(child) && !holds(child, atom.Article) || child.DataAtom == atom.Blockquote || child.DataAtom == atom.Figure
		if child.Type != html.ElementNode || isOut && !s.c.isMost(child) {
			continue
		}
		visit(child)
		s.walk(child, visit)
	}
}

// begin notes with which paragraph the article of the page begins: a lead may stand apart from it.
func (s *stories) begin(paragraphs []*html.Node) {
	from := -1
	for _, n := range s.own {
		if rank := rankOf(n); from < 0 || rank < s.rank {
			from, s.rank = s.c.at[n], rank
		}
		for p := n; p != nil; p = p.Parent {
			s.titled[p] = true
		}
	}
	for i, p := range paragraphs {
		isLead := isWithin(p, atom.Header) || isNamed(p, chapos+leads) || isNamed(p.Parent, chapos+leads) || i+1 < len(paragraphs) && s.standsByTitle(p)
		if s.c.at[p] < from || isLead {
			continue
		}
		s.first = p
		break
	}
	for p := s.first; p != nil; p = p.Parent {
		s.around[p], s.holding[p.Parent] = true, p
	}
	if from < 0 { // the title of a text without any may be that above it
		for _, n := range s.headings {
			if s.first != nil && s.c.at[n] < s.c.at[s.first] {
				s.rank = rankOf(n)
			}
		}
	}
}

// standsByTitle reports the only paragraph of a block that holds the title of the page, and is made for no story.
func (s *stories) standsByTitle(p *html.Node) bool {
	block := p.Parent
	for ; block != nil && !s.titled[block]; block = block.Parent {
	}
	return block != nil && block != s.c.body && !s.isInStory(block) && s.prose(block) == 1
}

// rankOf is that of a heading; a line that is set as a title has the second.
func rankOf(n *html.Node) int {
	if isHeading(n) {
		return int(n.Data[1] - '0')
	}
	return 2
}

// isTitle reports a heading that says what the title of the page does, or a good part of it.
func (s *stories) isTitle(n *html.Node) bool {
	k := Key(words(n))
	return k != "" && slices.ContainsFunc(s.titles, func(title string) bool {
		return k == title || strings.Contains(title, k) && len(k)*3 >= len(title)*2 || strings.Contains(k, title) && len(title)*3 >= len(k)*2
	})
}

// guess is the heading that is the title of the page for all that one can know: the one that has words of it, or of the address, where others have fewer;
// else the only one of the first rank. Nil: none is.
func (s *stories) guess() *html.Node {
	known := map[string]bool{}
	for _, text := range append(slices.Concat(s.head.dataTitles(), s.head.meta["og:title"], []string{s.head.title}), s.head.address.Path) {
		for _, word := range longWords(text) {
			known[word] = true
		}
	}
	var best *html.Node
	most, same := 1, false
	for _, n := range s.headings {
		count := 0
		all := longWords(words(n))
		for _, word := range all {
			if known[word] {
				count++
			}
		}
		if count*2 >= len(all) && count >= most && count > 1 {
			best, most, same = n, count, count == most
		}
	}
	if best != nil && !same {
		return best
	}
	first := slices.DeleteFunc(slices.Clone(s.headings), func(n *html.Node) bool { return n.DataAtom != atom.H1 || slices.Contains(s.head.names, Key(words(n))) })
	if len(first) == 1 {
		return first[0]
	}
	return nil
}

// longWords are the words of a text that mean something, each once.
func longWords(text string) (all []string) {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if word = Key(word); utf8.RuneCountInString(word) > 3 && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
}

// keepLead keeps what stands below the title of the page in a header: a sentence there is the chapô, wherever that header stands.
func (s *stories) keepLead() {
	for _, title := range s.own {
		header := title.Parent
		for header != nil && header.DataAtom != atom.Header && (s.prose(header) > 1 || !hasNamePart(attribute(header, "class"), " hero header masthead ")) {
			header = header.Parent
		}
		if header == nil || s.around[header] {
			continue
		}
		for n := range header.Descendants() {
			isSaid := s.c.leaf[n] && s.c.at[n] > s.c.at[title] && s.c.size[n] > shortestLead && !hasLink(n) && !isWithin(n, atom.Nav, atom.Li, atom.Figure, atom.Form)
			if text := words(n); isSaid && isSentence(text) && !s.isDateline(text, "") && !isAsking(text) && s.c.lead == nil {
				s.c.lead = n
			}
		}
		if s.c.lead != nil && !isWithin(header, atom.Article, atom.Main) {
			header.Data, header.DataAtom = "div", atom.Div
		}
	}
}
