package extract

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

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
	isSigned bool // by who wrote
	isLinked bool // to an address of its own
	isDated  bool
	isNext   bool // what leads to it says so
	isShared bool // it has buttons of its own to share it, and so has the article of the page
}

func (s storySigns) any() bool    { return s.isTold() || s.isDated }
func (s storySigns) isTold() bool { return s.isSigned || s.isLinked || s.isNext || s.isShared }

// signs are those at the beginning of a block, above its first paragraph below its heading.
func (s *stories) signs(block, heading *html.Node) (signs storySigns) {
	signs.isNext = isCalledNext(block) || others().MatchString(s.c.said(s.c.lineBefore(block)))
	begin := s.c.at[block]
	if heading != nil {
		begin = s.c.at[heading]
		for p := heading; p != block.Parent; p = p.Parent {
			signs.isLinked = signs.isLinked || s.hasAddress(p)
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
		signs.isSigned = signs.isSigned || isAuthor(n)
		signs.isLinked = signs.isLinked || heading != nil && s.leadsToIt(n, heading)
		signs.isDated = signs.isDated || n.DataAtom == atom.Time
		if s.c.leaf[n] && s.c.size[n] <= longestDateline && n != heading {
			line := s.signsIn(n)
			signs.isSigned, signs.isDated = signs.isSigned || line.isSigned, signs.isDated || line.isDated
			signs.isNext = signs.isNext || s.c.at[n] < begin && line.isNext
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

// signsIn are those of a short line.
func (s *stories) signsIn(line *html.Node) storySigns {
	signs, known := s.lines[line]
	if !known {
		text := words(line)
		signs = storySigns{isSigned: namesIn(text) != nil && !isSentence(text), isDated: s.isDateline(text, ""), isNext: others().MatchString(text)}
		s.lines[line] = signs
	}
	return signs
}

// Attributes in which scripts find the address of a story, and addresses of what is no page.
var (
	addressOfStory = expression(`^data-(?:[a-z]+-)*(?:url|href|permalink|link|path)$`)
	ofNoPage       = expression(`(?i)\.(?:jpe?g|png|gif|webp|avif|svg|mp[34]|webm|js|css|json|xml|pdf)(?:$|[?#])|/(?:wp-json|api|ajax)/`)
)

// hasAddress reports an element that gives programs the address of another page than the one it stands on.
func (s *stories) hasAddress(n *html.Node) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return addressOfStory().MatchString(a.Key) && !ofNoPage().MatchString(a.Val) && s.head.isElsewhere(a.Val)
	})
}

// leadsToIt reports a link that is all of a heading, or stands for a permanent one, to another page of the site.
func (s *stories) leadsToIt(n, heading *html.Node) bool {
	if n.DataAtom != atom.A || !s.head.isElsewhere(attribute(n, "href")) {
		return false
	}
	return hasWord(attribute(n, "rel"), "bookmark") || isIn(heading, n) || isIn(n, heading) && words(n) == words(heading)
}
