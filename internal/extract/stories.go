package extract

import (
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Stories are what a page shows under titles: its own, and those that a site puts below it whole, as pages that never end do. The blocks of one article
// have headings, too: another story has a title of the rank of the page's own, or signs of one, and stands beside the text of the page, never around it.
type stories struct {
	pageReader
	c        *clearing
	titles   []string                  // of the page, as keys
	headings []*html.Node              // on the page, but for those of what stands around its texts
	long     []int                     // where its long paragraphs stand
	own      []*html.Node              // headings that are the title of the page
	rank     int                       // the highest of theirs
	first    *html.Node                // paragraph of the article of the page
	around   map[*html.Node]bool       // first and what it stands in
	holding  map[*html.Node]*html.Node // what in an element around first holds it
	judged   map[*html.Node]int        // how many headings of a block were looked at
	lines    map[*html.Node]storySigns // what short lines tell, of those looked at
	shared   map[*html.Node]bool       // blocks with buttons to share them, of those looked at
	leading  map[*html.Node]bool       // headings that lead to another article, of those looked at
	anchors  map[string]bool           // ids to which links of the page lead
	titled   map[*html.Node]bool       // own and what they stand in
	known    bool                      // that own say the title of the page
	sure     bool                      // that they are it, for all that one can know
}

// lowestTitle is the lowest rank of headings that are titles of stories.
const lowestTitle = 3

// dropOtherStories takes out of a page what it shows beside its article. It is an error where nothing tells which of several that is.
func (r pageReader) dropOtherStories(c *clearing) error {
	if r.head.article.isA(func(name string) bool { return name == "LiveBlogPosting" }) { // of many short ones
		return nil
	}
	s := &stories{pageReader: r, c: c, rank: lowestTitle, around: map[*html.Node]bool{}, titled: map[*html.Node]bool{},
		holding: map[*html.Node]*html.Node{}, judged: map[*html.Node]int{}, shared: map[*html.Node]bool{}, lines: map[*html.Node]storySigns{}, anchors: map[string]bool{}, leading: map[*html.Node]bool{}}
	s.find()
	if s.isListing() {
		return Wall{"it shows several articles, one under another", otherPage}
	}
	s.keepLead()
	if s.first == nil {
		return nil
	}
	s.dropDiscussions()
	s.dropTeasers()
	s.dropBoxes()
	var others []*html.Node
	for _, heading := range s.headings {
		switch block, kind := s.judge(heading); {
		case kind == otherStory && (s.sure || s.isTeaser(heading)):
			others = append(others, block)
		case kind == otherStory, kind == oneOfMany:
			return Wall{"it shows several articles, one under another", otherPage}
		case kind == anyStory && s.sure:
			return Wall{"it shows several texts under titles of one rank, which may be one article or several", ByHand}
		}
	}
	for _, n := range append(others, s.untitled()...) {
		if c.isThere(n) {
			s.remove(n)
		}
	}
	s.dropBelow()
	s.unnest()
	c.dropEach(c.body, func(n *html.Node) bool { return (asks(n) || isNamed(n, otherArticles)) && s.isList(n) })
	return nil
}

// isTeaser reports the title of another article, which leads to that, below a text whose title does not.
func (s *stories) isTeaser(heading *html.Node) bool {
	return s.head.leadsToAnother(heading) && !slices.ContainsFunc(s.headings, func(n *html.Node) bool {
		return s.c.at[n] < s.c.at[s.first] && s.head.leadsToAnother(n)
	})
}

// isList reports what shows other articles of the site, and nothing else, however much of the page that is.
func (s *stories) isList(n *html.Node) bool {
	lists := false
	for d := range n.Descendants() {
		if isHeading(d) && s.c.size[d] > 0 {
			if !s.head.leadsToAnother(d) {
				return false
			}
			lists = true
		}
	}
	return lists
}

// unnest makes plain blocks of the articles within that of the page, which are parts of it now, and of a list in which that stood.
func (s *stories) unnest() {
	for n := range s.around {
		if n.DataAtom == atom.Li || n.DataAtom == atom.Ul || n.DataAtom == atom.Ol {
			n.Data, n.DataAtom = "div", atom.Div
		}
	}
	for n := range s.c.body.Descendants() {
		if n.DataAtom == atom.Article && isWithin(n.Parent, atom.Article) && !isWithin(n, atom.Aside) {
			n.Data, n.DataAtom = "div", atom.Div
		}
	}
}

// remove takes out a story: a block; or its heading, and all that follows beside it.
func (s *stories) remove(n *html.Node) {
	if isHeading(n) || s.prose(n) == 0 {
		for next := n.NextSibling; next != nil && !s.around[next] && !s.titled[next]; next = n.NextSibling {
			s.c.remove(next)
		}
	}
	s.c.remove(n)
}

// Kinds of what stands under a heading.
type storyKind int

const (
	ownText    storyKind = iota
	otherStory           // than that of the page
	anyStory             // which may be one of its own or another
	oneOfMany            // under titles of their own, that of the page being none of them
)

const (
	mostJudged = 4    // headings at the beginning of a block
	mostSigns  = 200  // elements and texts at the beginning of a block
	mostTitles = 1000 // headings of a page
)

// judge tells what a heading begins, and the block that is that; where the heading stands among the paragraphs of the article, it.
func (s *stories) judge(heading *html.Node) (block *html.Node, kind storyKind) {
	block = s.blockOf(heading)
	own := s.holding[block.Parent]
	isAbove := isWithin(heading, atom.Header) && !isWithin(heading, atom.Article, atom.Main, atom.Section)
	if s.judged[block]++; s.judged[block] > mostJudged {
		return nil, ownText
	}
	if own == nil || s.titled[block] || isAbove || s.isLong(s.c.at[block], s.c.at[heading]) {
		return nil, ownText
	}
	isHigh := rankOf(heading) <= s.rank
	if s.sure && s.isOutside(block, own) {
		return block, otherStory
	}
	if canBeTitle := s.sure && isHigh && s.precedesProse(block); s.prose(block) == 0 && !canBeTitle {
		return nil, ownText
	}
	signs := s.signs(block, heading)
	isChapter := s.anchors[attribute(heading, "id")] || s.anchors[attribute(block, "id")] || s.anchors[attribute(heading.Parent, "id")]
	switch {
	case isChapter && !signs.isTold():
		return nil, ownText
	case s.prose(block) == 0: // it is the title of what follows, at most
		isTitled := signs.isSigned && block == heading || signs.isTold() && block != heading && s.isUnit(own) || s.isTitleBlock(block)
		if isTitled {
			return block, otherStory
		}
		return nil, ownText
	case s.sure && !s.isInStory(block.Parent) && s.isAlike(own, heading, signs):
		return block, oneOfMany
	case s.isOther(block, heading, own, signs):
		return block, otherStory
	case isHigh && block != heading && s.isUnit(own) && !s.isInStory(block.Parent):
		return block, s.unsigned(block, own)
	}
	return nil, ownText
}

// isOutside reports a block that is made for nothing, with paragraphs in it or beside it, below the <article> in which the text of the page stands.
func (s *stories) isOutside(block, own *html.Node) bool {
	ours := s.storyIn(own, s.first)
	if ours == nil || ours.DataAtom != atom.Article || s.c.at[block] < s.c.at[ours] || s.isInStory(block) || holds(block, atom.Article) {
		return false
	}
	said := s.prose(block)
	if isHeading(block) {
		said = s.proseBehind(block)
	}
	return said > 0 && s.prose(ours) > max(1, said)
}

// proseBehind is how many long paragraphs follow a heading beside it.
func (s *stories) proseBehind(heading *html.Node) (count int) {
	for n := heading.NextSibling; n != nil; n = n.NextSibling {
		count += s.prose(n)
	}
	return count
}

// unsigned tells what a block is under a heading of the rank of the title, where nothing says more: no chapter stands above the title, or is in another
// language, and hardly one is a single paragraph in a block that has nothing in common with that of the title.
func (s *stories) unsigned(block, own *html.Node) storyKind {
	switch isAbove := s.c.at[block] < s.c.at[s.first]; {
	case isAbove && !s.known, !isAbove && (s.signs(own, nil).any() || isBuilt(block)):
		return ownText
	case isAbove, isOtherTongue(block, own), s.prose(block) == 1 && !isNamedAlike(block, own):
		return otherStory
	}
	return anyStory
}

// isOtherTongue reports two blocks that say in which language each is, and not the same.
func isOtherTongue(block, own *html.Node) bool {
	one, other := attribute(block, "lang"), attribute(own, "lang")
	return one != "" && other != "" && one != other
}

// isOther reports a block that is a story by itself, beside one of the article of the page.
func (s *stories) isOther(block, heading, own *html.Node, signs storySigns) bool {
	rank := rankOf(heading)
	theirs, ours := s.storyIn(block, heading), s.storyIn(own, s.first)
	switch {
	case signs.isNext:
		return true
	case theirs != nil && ours != nil:
		bothMade := theirs.DataAtom == atom.Article && ours.DataAtom == atom.Article
		return rank <= s.rank || signs.isTold() || bothMade && s.titled[ours] && rank <= 2
	case rank <= s.rank:
		return signs.isTold() || theirs != nil || signs.any() && !s.isInStory(block.Parent)
	}
	return signs.isTold() && (theirs != nil || s.isUnit(own) && !s.isInStory(block.Parent))
}

// isTitleBlock reports one like that with the title of the page, by the name that it has for it.
func (s *stories) isTitleBlock(block *html.Node) bool {
	class := attribute(block, "class")
	return hasNamePart(class, titleBlocks) && slices.ContainsFunc(s.own, func(title *html.Node) bool {
		for title.Parent != nil && title.Parent != block.Parent {
			title = title.Parent
		}
		return title.Parent != nil && attribute(title, "class") == class
	})
}

// titleBlocks are words in the names of blocks that open articles.
const titleBlocks = " hero header head masthead title titre entry post article story cartouche "

// isAlike reports what the article seems to be without the title of the page, and under a title of its own as another story beside it.
func (s *stories) isAlike(own, heading *html.Node, signs storySigns) bool {
	ours := s.storyIn(own, s.first)
	if ours == nil || s.titled[ours] {
		return false
	}
	var above *html.Node
	for d := range ours.Descendants() {
		if d == s.first {
			break
		}
		if isHeading(d) {
			above = d
		}
	}
	if above == nil || rankOf(above) != rankOf(heading) {
		return false
	}
	return s.head.leadsToAnother(above) || signs.any() && s.signs(above, above).any()
}

// isUnit reports a block that holds the title of the page and the beginning of its article.
func (s *stories) isUnit(own *html.Node) bool { return s.titled[own] && !isHeading(own) }

// blockOf is the largest element around a heading that does not hold the beginning of the article.
func (s *stories) blockOf(heading *html.Node) *html.Node {
	for heading.Parent != nil && !s.around[heading.Parent] {
		heading = heading.Parent
	}
	return heading
}

// prose is how many long paragraphs stand in a block.
func (s *stories) prose(block *html.Node) int {
	from, to := s.c.span(s.long, block)
	return to - from
}

// precedesProse reports a block below the beginning of the article that paragraphs beside it follow, as those of a title of its own do.
func (s *stories) precedesProse(block *html.Node) bool {
	return s.c.at[block] > s.c.at[s.first] && s.isLong(s.c.end[block], s.c.end[block.Parent])
}

// isLong reports a long paragraph between two places of the page.
func (s *stories) isLong(from, to int) bool {
	at, _ := slices.BinarySearch(s.long, from)
	return at < len(s.long) && s.long[at] < to
}

func (s *stories) isInStory(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if isStory(n) {
			return true
		}
	}
	return false
}

// untitled are the stories without a heading beside the one that has the title of the page, where each stands in an <article>.
func (s *stories) untitled() (others []*html.Node) {
	if !s.sure || !isWithin(s.first, atom.Article) {
		return nil
	}
	s.walk(s.c.body, func(n *html.Node) {
		if n.DataAtom == atom.Article && !s.around[n] && !s.titled[n] && firstHeading(n) == nil && !isWithin(n.Parent, atom.Article) && s.prose(n) > 0 && s.signs(n, nil).isSigned {
			others = append(others, n)
		}
	})
	return others
}
