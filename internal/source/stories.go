package source

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	shared   map[*html.Node]bool       // blocks with buttons to share them, of those looked at
	anchors  map[string]bool           // ids to which links of the page lead
	titled   map[*html.Node]bool       // own and what they stand in
	sure     bool                      // that own are the title, and first stands under it
}

// lowestTitle is the lowest rank of headings that are titles of stories.
const lowestTitle = 3

// dropOtherStories takes out of a page what it shows beside its article. It is an error where nothing tells which of several that is.
func (r pageReader) dropOtherStories(c *clearing) error {
	if r.head.article.isA(func(name string) bool { return name == "LiveBlogPosting" }) { // of many short ones
		return nil
	}
	s := &stories{pageReader: r, c: c, rank: lowestTitle, around: map[*html.Node]bool{}, titled: map[*html.Node]bool{},
		holding: map[*html.Node]*html.Node{}, judged: map[*html.Node]int{}, shared: map[*html.Node]bool{}, anchors: map[string]bool{}}
	s.find()
	s.keepLead()
	if s.first == nil {
		return nil
	}
	var others []*html.Node
	for _, heading := range s.headings {
		switch block, kind := s.judge(heading); {
		case kind == otherStory && s.sure:
			others = append(others, block)
		case kind == otherStory, kind == oneOfMany:
			return wall{"it shows several articles, one under another", otherPage}
		case kind == anyStory && s.sure:
			return wall{"it shows several texts under titles of one rank, which may be one article or several", byHand}
		}
	}
	for _, n := range append(others, s.untitled()...) {
		if c.isThere(n) {
			s.remove(n)
		}
	}
	s.unnest()
	c.dropEach(c.body, func(n *html.Node) bool { return (asks(n) || isNamed(n, otherArticles)) && s.isList(n) })
	return nil
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

// find reads the page for its headings and paragraphs, and where its article begins.
func (s *stories) find() {
	for _, given := range slices.Concat(s.head.dataTitles(), s.head.meta["og:title"], []string{s.head.title}, s.head.meta["twitter:title"]) {
		if k := key(s.head.bare(oneLine(given))); k != "" && !slices.Contains(s.head.names, k) {
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
		case isHeading(n) && int(n.Data[1]-'0') <= lowestTitle && s.c.size[n] > 0:
			s.headings = append(s.headings, n)
		case s.c.isLong(n):
			s.long = append(s.long, s.c.at[n])
			paragraphs = append(paragraphs, n)
		case s.c.leaf[n] && s.c.size[n] <= maxTitle && !isHeading(n) && s.isTitle(n):
			lines = append(lines, n)
		}
	})
	s.own = slices.DeleteFunc(slices.Clone(s.headings), func(n *html.Node) bool { return !s.isTitle(n) })
	if len(s.own) == 0 {
		s.own = lines
	}
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
	k := key(words(n))
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
	first := slices.DeleteFunc(slices.Clone(s.headings), func(n *html.Node) bool { return n.DataAtom != atom.H1 || slices.Contains(s.head.names, key(words(n))) })
	if len(first) == 1 {
		return first[0]
	}
	return nil
}

// longWords are the words of a text that mean something, each once.
func longWords(text string) (all []string) {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if word = key(word); utf8.RuneCountInString(word) > 3 && !slices.Contains(all, word) {
			all = append(all, word)
		}
	}
	return all
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
	mostJudged = 4   // headings at the beginning of a block
	mostSigns  = 400 // elements and texts at the beginning of a block
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
	signs, isHigh := s.signs(block, heading), rankOf(heading) <= s.rank
	isChapter := s.anchors[attribute(heading, "id")] || s.anchors[attribute(block, "id")] || s.anchors[attribute(heading.Parent, "id")]
	switch {
	case isChapter && !signs.isTold():
		return nil, ownText
	case s.prose(block) == 0: // it is the title of what follows, at most
		isTitled := signs.isSigned && (block == heading || s.isUnit(own)) || s.isTitleBlock(block)
		if s.sure && isHigh && isTitled && s.precedesProse(block) {
			return block, otherStory
		}
		return nil, ownText
	case s.sure && !s.isInStory(block.Parent) && s.isAlike(own, heading, signs):
		return block, oneOfMany
	case s.isOther(block, heading, own, signs):
		return block, otherStory
	case isHigh && s.isUnit(own) && !s.isInStory(block.Parent) && s.c.at[block] > s.c.at[s.first] && !s.signs(own, nil).any() && !isBuilt(block):
		return block, anyStory
	}
	return nil, ownText
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
	from, _ := slices.BinarySearch(s.long, s.c.at[block])
	to, _ := slices.BinarySearch(s.long, s.c.end[block])
	return to - from
}

// precedesProse reports a block that paragraphs beside it follow, as those of a title of its own do.
func (s *stories) precedesProse(block *html.Node) bool {
	for n := block.NextSibling; n != nil && !s.around[n] && !s.titled[n]; n = n.NextSibling {
		if s.prose(n) > 0 {
			return true
		}
	}
	return false
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

// storyIn is the outermost element from one down to another that is made for a story of its own; nil: none is.
func (s *stories) storyIn(block, n *html.Node) (story *html.Node) {
	for ; n != nil && n != block.Parent; n = n.Parent {
		if isStory(n) {
			story = n
		}
	}
	return story
}

// ofStory finds the classes of what holds one.
var (
	numberedStory = expression(`^(?:post|article|story|entry|node)-?[0-9]+$`)
	ofStory       = expression(`^(?:blog-?)?(?:post|article|story|entry|news|billet|hentry|h-entry)(?:[-_]{1,2}(?:wrapper|wrap|container|page|full|item|single|view|detail|type))?$|^type-post$`)
)

// isStory reports an element that is made for a story: by HTML, microdata, an hAtom or an h-entry, or by its class or number.
func isStory(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Article:
		return true
	case atom.Div, atom.Section, atom.Li:
	default:
		return false
	}
	if kind := attribute(n, "itemtype"); kind != "" && isArticle(kind[strings.LastIndexByte(kind, '/')+1:]) || attribute(n, "role") == "article" || numberedStory().MatchString(attribute(n, "id")) {
		return true
	}
	for class := range strings.FieldsSeq(strings.ToLower(attribute(n, "class"))) {
		if ofStory().MatchString(class) || numberedStory().MatchString(class) {
			return true
		}
	}
	return false
}

// isBuilt reports a block whose class says that a program for building pages has made it.
func isBuilt(n *html.Node) bool {
	return hasNamePart(attribute(n, "class"), " elementor et wpb vc wp fl fusion brxe divi frame field paragraph component block slice module row container widget chapter chapitre ")
}

// Signs that a block is a story by itself.
type storySigns struct {
	isSigned bool // who wrote, or an address of its own
	isDated  bool
	isNext   bool // what leads to it says so
	isShared bool // it has buttons of its own to share it, and so has the article of the page
}

func (s storySigns) any() bool    { return s.isSigned || s.isDated || s.isNext || s.isShared }
func (s storySigns) isTold() bool { return s.isSigned || s.isNext || s.isShared }

// signs are those at the beginning of a block, above its first paragraph below its heading.
func (s *stories) signs(block, heading *html.Node) (signs storySigns) {
	signs.isNext = isCalledNext(block) || others().MatchString(s.c.said(s.c.lineBefore(block)))
	begin := s.c.at[block]
	if heading != nil {
		begin = s.c.at[heading]
		for p := heading; p != block.Parent; p = p.Parent {
			signs.isSigned = signs.isSigned || s.hasAddress(p)
			signs.isNext = signs.isNext || isCalledNext(p)
		}
	}
	seen := 0
	for n := block; n != nil && seen < mostSigns; n = s.c.next(n) {
		if seen++; n.Type != html.ElementNode {
			continue
		}
		if s.c.leaf[n] && s.c.size[n] > longestDateline && s.c.at[n] > begin || n != block && (s.around[n] || s.titled[n]) && heading != nil {
			break
		}
		signs.isSigned = signs.isSigned || isAuthor(n) || heading != nil && s.leadsToIt(n, heading)
		signs.isDated = signs.isDated || n.DataAtom == atom.Time
		if s.c.leaf[n] && s.c.size[n] <= longestDateline && n != heading {
			text := words(n)
			signs.isSigned = signs.isSigned || namesIn(text) != nil && !isSentence(text)
			signs.isDated = signs.isDated || s.isDateline(text, "")
			signs.isNext = signs.isNext || s.c.at[n] < begin && others().MatchString(text)
		}
	}
	signs.isShared = heading != nil && block != heading && s.hasShares(block) && s.hasShares(s.holding[block.Parent])
	return signs
}

var nextStory = expression(`(?i)^(?:(?:up-?)?next|suivante?|(?:up-?)?(?:next|suivant)[-_]?(?:article|post|story|news|content|item|page)s?|(?:article|post|story|news)[-_]?(?:next|suivante?)|(?:infinite|autoload).*)$`)

// isCalledNext reports what a class calls the next article.
func isCalledNext(n *html.Node) bool {
	return isBlock(n.DataAtom) && slices.ContainsFunc(strings.Fields(attribute(n, "class")+" "+attribute(n, "id")), nextStory().MatchString)
}

func (s *stories) hasShares(n *html.Node) bool {
	has, known := s.shared[n]
	if !known {
		for d := range n.Descendants() {
			has = has || isNamed(d, " share shares sharing sharer sharedaddy addtoany partage partager ")
		}
		s.shared[n] = has
	}
	return has
}

// hasAddress reports an element that gives programs the address of another page than the one it stands on.
func (s *stories) hasAddress(n *html.Node) bool {
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "data-") && (strings.HasSuffix(a.Key, "url") || strings.HasSuffix(a.Key, "href") || strings.HasSuffix(a.Key, "permalink") || strings.HasSuffix(a.Key, "link") || strings.HasSuffix(a.Key, "path")) && s.head.isElsewhere(a.Val) {
			return true
		}
	}
	return false
}

// leadsToIt reports a link that is all of a heading, or stands for a permanent one, to another page of the site.
func (s *stories) leadsToIt(n, heading *html.Node) bool {
	if n.DataAtom != atom.A || !s.head.isElsewhere(attribute(n, "href")) {
		return false
	}
	return hasWord(attribute(n, "rel"), "bookmark") || isIn(heading, n) || isIn(n, heading) && words(n) == words(heading)
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
