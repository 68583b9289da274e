package extract

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"facteur/internal/render"
)

// Words in the classes of a paragraph that opens an article: those that mean nothing else, and those by which designs name large letters, too.
const (
	chapos = " chapo chapô chapeau standfirst "
	leads  = " accroche lead intro "
)

// shortestLead, in characters, is more than a label says.
const shortestLead = longestDateline / 2

// chapo is the paragraph that a page calls so, in one of the words for it, or else the one below the title in a header, or the one set apart above the text that says what the page gives for the
// description of the article, or is marked as that, and is not the first under a heading of the text.
func (c *clearing) chapo(description, title string) string {
	for n := range c.body.Descendants() {
		isOne := isNamed(n, chapos) || c.leaf[n] && hasInnerWord(attribute(n, "class"), chapos) || isNamed(n, leads) && c.size[n] > shortestLead && c.isApart(n)
		if isOne && c.canBeChapo(n) {
			return oneLine(words(n))
		}
	}
	if c.lead != nil && c.isThere(c.lead) && c.canBeChapo(c.lead) {
		return oneLine(words(c.lead))
	}
	given := Key(description)
	for _, n := range c.opening() {
		isOne := hasWord(attribute(n, "itemprop"), "description") || c.leaf[n] && given != "" && Key(words(n)) == given
		if isOne && c.canBeChapo(n) && c.isApart(n) && !c.isUnderHeading(n, title) {
			return oneLine(words(n))
		}
	}
	return ""
}

// hasInnerWord reports one of these words as the last of those that make up a class without a sign between them, as in “epArticleChapo”.
func hasInnerWord(classes, words string) bool {
	for name := range strings.FieldsSeq(classes) {
		at := strings.LastIndexFunc(name, unicode.IsUpper)
		if at > 0 && strings.Contains(words, " "+strings.ToLower(name[at:])+" ") {
			return true
		}
	}
	return false
}

func (c *clearing) canBeChapo(n *html.Node) bool {
	return c.size[n] > 0 && (c.leaf[n] || c.size[n] <= MaxSummary) && !isWithin(n, atom.A, atom.Li) && firstHeading(n) == nil
}

// isApart reports what is set otherwise than the paragraphs below it, or holds paragraphs, or stands where they do not, or above a rule or a heading of the text:
// else it is the first of them.
func (c *clearing) isApart(n *html.Node) bool {
	marked := func(d *html.Node) bool { return strong(d) || italic(d) }
	if !c.leaf[n] || isHeading(n) || isMarked([]*html.Node{n}, marked) || isRuledOff(n) {
		return true
	}
	isNext := false
	for _, line := range c.lines(math.MaxInt) {
		switch {
		case line == n:
			isNext = true
		case saysOnlyLinks(line): // it is none of the paragraphs
		case isNext && c.standsOut(line):
			return true
		case isNext && c.size[line] <= longestDateline && !isSentence(words(line)): // it tells of the article
		case isNext && (c.size[line] > longestDateline || line.Parent == n.Parent): // and no caption
			return line.Parent != n.Parent
		}
	}
	return true
}

// isRuledOff reports what stands above a rule.
func isRuledOff(n *html.Node) bool {
	for n = n.NextSibling; n != nil && n.Type != html.ElementNode; n = n.NextSibling {
	}
	return n != nil && n.DataAtom == atom.Hr
}

// isUnderHeading reports a paragraph directly below a heading of the text: one that is not the title, nor stands with that above the text, and that has a name
// by which texts begin or is one of several.
func (c *clearing) isUnderHeading(n *html.Node, title string) bool {
	above := c.headingAbove(n)
	if above == nil || above.DataAtom == atom.H1 || strings.HasPrefix(Key(title), Key(words(above))) {
		return false
	}
	box := n.Parent
	for box != c.body && !holds(box, atom.H1) {
		box = box.Parent
	}
	isNext := func(d *html.Node) bool {
		return isHeading(d) && c.at[d] > c.at[n] && c.size[d] > 0 && rankOf(d) == rankOf(above)
	}
	return ofBeginning().MatchString(words(above)) || isAny(box.Descendants(), isNext)
}

// headingAbove is the heading that stands directly above a paragraph, in a frame of its own or not; nil: another paragraph does, or nothing.
func (c *clearing) headingAbove(n *html.Node) *html.Node {
	above := nextShown(n, before)
	for above == nil && n.Parent != c.body {
		n = n.Parent
		above = nextShown(n, before)
	}
	if above == nil || isHeading(above) {
		return above
	}
	if h := firstHeading(above); h != nil && c.size[h] == c.size[above] {
		return h
	}
	return nil
}

// ofBeginning is what a heading says above the first paragraphs of a text.
var ofBeginning = anyOf(`^[^\pL]*%s[^\pL]*$`,
	`(?:(?:en|le) )?(?:résumé|bref)`, `introduction`, `intro`, `l’essentiel`, `synthèse`, `préambule`, `avant-propos`, `contexte`, `points? clés?`, `(?:ce qu’il faut|à) (?:retenir|savoir)`,
	`tl\s?[;:,/]?\s?dr`, `abstract`, `(?:the )?(?:executive )?summary`, `overview`, `background`, `in (?:brief|short)`, `(?:key )?takeaways?`, `at a glance`, `preface`, `foreword`,
)

// belowChapo is a text without the chapô above it, or below short lines above it, which goes out as the summary. A chapô that is too long for one, or under
// which next to nothing stands, is the text.
func belowChapo(chapo string, paragraphs []string) []string {
	if chapo == "" || utf8.RuneCountInString(chapo) > MaxSummary {
		return paragraphs
	}
	whole := Key(chapo)
	for from, p := range paragraphs[:min(lead, len(paragraphs))] {
		said := ""
		for to := from; to < len(paragraphs) && strings.HasPrefix(whole, said) && said != whole; to++ {
			said += Key(render.PlainText(paragraphs[to]))
			rest := paragraphs[to+1:]
			if said == whole && utf8.RuneCountInString(render.PlainText(strings.Join(rest, "\n\n"))) >= minText {
				return slices.Concat(paragraphs[:from], rest)
			}
		}
		if utf8.RuneCountInString(render.PlainText(p)) > longestDateline {
			break
		}
	}
	return paragraphs
}
