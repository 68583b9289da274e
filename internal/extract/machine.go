package extract

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	largestSummary = 1500 // characters, more than a machine says of an article
	mostOfSummary  = 8    // paragraphs, headings and lists between its title and the line below it
)

// dropMachineSummaries takes out what a machine says of the article: boxes with a title or a line that tells so, and what stands without a box below such a title
// or between the title of a summary and such a line. What tells how the article itself was written stays, and so do sentences about machines that sum up.
func (c *clearing) dropMachineSummaries() {
	c.dropEach(c.body, func(n *html.Node) bool {
		title := n.FirstChild
		return n.DataAtom == atom.Details && title != nil && isMachineTitle(words(title)) && c.size[n] <= largestSummary && !c.isMost(n)
	})
	for _, line := range c.lines(largestSummary) {
		if !c.isThere(line) || isWithin(line, atom.Blockquote, atom.Pre, atom.Li) {
			continue
		}
		text := words(line)
		if !namesMachine(text) {
			continue
		}
		isTitle := c.size[line] <= longestRemnant && (byMachine().MatchString(text) || shortByMachine().MatchString(text) && c.standsOnTop(line))
		switch {
		case !isTitle && c.beginsAsMachine(line):
			c.remove(line)
			continue
		case !isTitle && (c.size[line] > longestCall || !isMachineNote(text)):
			continue
		}
		switch box := c.summaryBox(line, isTitle); {
		case box != line:
			c.remove(box)
		case !isHeading(line) && c.dropUpToTitle(line):
		case isTitle:
			c.dropBelowTitle(line)
		}
	}
}

// namesMachine reports a text in which a word stands by which the expressions below know a machine: few paragraphs have one, and this is cheap to see.
func namesMachine(text string) bool {
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		switch strings.ToLower(word) {
		case "ia", "ai", "intelligence", "chatgpt", "gpt", "claude", "gemini", "copilot", "mistral", "chat", "perplexity", "llm", "language", "robot", "algorithme", "machine", "automatique":
			return true
		}
	}
	return false
}

// beginsAsMachine reports a paragraph with such a title, set otherwise, before what the machine says.
func (c *clearing) beginsAsMachine(line *html.Node) bool {
	label := line.FirstChild
	for label != nil && c.size[label] == 0 {
		label = label.NextSibling
	}
	return label != nil && !isHeading(line) && (emphasis(label) || label.DataAtom == atom.Span) && c.size[label] < c.size[line] && isMachineTitle(words(label))
}

func isMachineTitle(text string) bool {
	return byMachine().MatchString(text) || shortByMachine().MatchString(text)
}

// summaryBox is the largest element around a title or a line by which a machine signs that is a summary: it begins with the title of one, or is called one. The line
// itself: there is none.
func (c *clearing) summaryBox(line *html.Node, isTitle bool) *html.Node {
	box := line
	for p := line.Parent; p != c.body && p.DataAtom != atom.Main && p.DataAtom != atom.Article; p = p.Parent {
		if c.isNoBox(p, largestSummary) {
			break
		}
		first := c.firstLine(p)
		isNamed := hasNamePart(attribute(p, "class")+" "+attribute(p, "id"), calledSummary)
		isTitled := first != line && summaryTitle().MatchString(words(first)) || isTitle && first == line && (c.size[line] == c.size[p] || !c.holdsProse(p) || c.standsOnTop(p))
		if isNamed || isTitled {
			box = p
		}
	}
	return box
}

// calledSummary are words in the names of boxes in which machines sum up or read aloud.
const calledSummary = " summary summaries resume résumé tldr takeaways keypoints highlights essentiel audio tts "

// firstLine is the first paragraph in an element; the element: it holds none.
func (c *clearing) firstLine(n *html.Node) *html.Node {
	for d := range n.Descendants() {
		if c.leaf[d] && c.size[d] > 0 {
			return d
		}
	}
	return n
}

// standsOnTop reports what hardly a paragraph of the text stands before.
func (c *clearing) standsOnTop(n *html.Node) bool {
	above := 0
	for d := range c.body.Descendants() {
		if d == n {
			break
		}
		if c.isLong(d) {
			above++
		}
	}
	return above < 2
}

// dropBelowTitle takes out a title and the list below it, or the paragraph between it and the next heading or rule.
func (c *clearing) dropBelowTitle(title *html.Node) {
	said := nextShown(title, behind)
	if said == nil {
		return
	}
	isList := said.DataAtom == atom.Ul || said.DataAtom == atom.Ol
	after := said.NextSibling
	for after != nil && c.size[after] == 0 && after.DataAtom != atom.Hr {
		after = after.NextSibling
	}
	if isList || c.leaf[said] && !isHeading(said) && after != nil && (isHeading(after) || after.DataAtom == atom.Hr) {
		c.remove(said)
		c.remove(title)
	}
}

// dropUpToTitle takes out a line by which a machine signs and what stands above it, as far as the title of a summary. It reports whether there is one: without, the
// line stays.
func (c *clearing) dropUpToTitle(line *html.Node) bool {
	var all []*html.Node
	for n := line; n != nil && len(all) < mostOfSummary; n = nextShown(n, before) {
		all = append(all, n)
		if n != line && summaryTitle().MatchString(words(n)) {
			for _, part := range all {
				c.remove(part)
			}
			return true
		}
		if isHeading(n) {
			break
		}
	}
	return false
}

// isMachineNote reports a line of which a sentence says that a machine wrote a summary, and each other speaks of that.
func isMachineNote(text string) bool {
	isOne := false
	said := slices.Collect(strings.SplitSeq(sentenceGap().ReplaceAllString(text, "\n"), "\n"))
	for _, sentence := range said {
		switch {
		case writtenByMachine().MatchString(sentence):
			isOne = true
		case strings.TrimSpace(sentence) != "" && !ofMachine().MatchString(sentence):
			return false
		}
	}
	return isOne && !citing().MatchString(text) && !reporting().MatchString(text)
}

const (
	machine   = `(?:(?:l’|une |d’une |notre |an? |our |the )?(?:(?:google |meta |outils? d’|modèles? d’)?(?:ia|ai)(?: générative| generative)?|intelligence artificielle(?: générative)?|(?:generative )?artificial intelligence|chatgpt|gpt[-\s]?[0-9.]*o?|claude|(?:google )?gemini|copilot|mistral(?: ai)?|le chat|perplexity|apple intelligence|llm|language model|robot|algorithme|machine)(?:\s?\([^()]{1,30}\))?)`
	byIt      = `(?:(?:par|avec|grâce à|à l’aide de?|au moyen de?|by|with|using|with the help of)\s+(?:d’)?` + machine + `)`
	aSummary  = `(?:(?:bref |court |quick |short |article |audio )?(?:résumés?|synthèses?|récap(?:itulatif)?|points? (?:clés?|forts?|essentiels?|importants?|à retenir)|(?:l’)?essentiel|à retenir|ce qu’il faut retenir|en bref|summar(?:y|ies)|overview|key (?:points|takeaways|facts)|takeaways|highlights|recap|bullet points|tl;?dr)(?: (?:de (?:l’|cet |notre )article|of (?:this|the) (?:article|story|post)))?)`
	aResume   = `(?:(?:bref |court |quick |short |article )?(?:résumés?|synthèses?|summar(?:y|ies)|overview|tl;?dr)(?: (?:de (?:l’|cet |notre )article|of (?:this|the) (?:article|story|post)))?)`
	wasMade   = `(?:(?:a|ont) été |(?:est|sont) |(?:was|were|is|are|has been|have been) )?(?:\pL+ment |\pL+ly )?(?:(?:généré|rédigé|créé|produit|fait|écrit|proposé|réalisé|élaboré|résumé|assisté|généré automatiquement)e?s?|generated|written|created|made|produced|powered|assisted|summari[sz]ed)(?: automatiquement| automatically)?`
	wasLooked = `(?:[\s,;.(–—-]+(?:et |puis |and |then )?(?:relu|vérifié|validé|corrigé|revu|supervisé|édité|reviewed|checked|edited|verified|fact-checked)e?s?(?: (?:par|by) [^.!?]{1,60})?\)?)?`
)

var (
	// byMachine is the title of what a machine says of the article, also with a colon before it.
	byMachine = anyOf(`^[^\pL]*%s`+wasLooked+`\s*[:.]?$`,
		aResume+`\s?[,:|(·–—-]? ?(?:`+wasMade+` )?`+byIt+`\)?`, aSummary+`\s?[,:|(·–—-]? ?`+wasMade+` `+byIt+`\)?`, `(?:ai|machine|ia)[- ](?:generated|powered) `+aSummary, aSummary+` \(?(?:ai[- ]generated)\)?`, `(?:résumé|summari[sz]ed) `+byIt, `l’ia (?:vous )?(?:résume|synthétise)(?: (?:cet |l’)article)?(?: pour vous)?`,
	)

	// shortByMachine is such a title that may be one of a text about machines, too.
	shortByMachine = anyOf(`^[^\pL]*%s\s*[:.]?$`, `(?:ai|machine|ia)[- ]`+aResume, aResume+` (?:de l’)?\(?(?:ia|ai|automatique)\)?`)

	// summaryTitle is one of a summary, whoever wrote it.
	summaryTitle = anyOf(`^[^\pL]*%s[^\pL]*$`, `(?:general |our |notre |le |la |les |the |your )?`+aSummary+`(?: (?:en|in) (?:bref|[0-9]+ points?|short))?`, aSummary+`[^.!?]{0,20}`+byIt, `(?:listen to|écouter) (?:this |the |cet |l’)?article`)

	// writtenByMachine is a sentence that says that a machine wrote a summary, or what is read aloud; ofMachine what else is said with it.
	writtenByMachine = anyOf(`^[^\pL]*%s`+wasLooked+`[^\pL]*$`, `(?:ce |cette |ces |le |la |les |l’|this |these |the |our )?(?:`+aSummary+`|contenu(?: audio)?|(?:audio )?content|audio|version audio|voix|voice)[^.!?«“"]{0,30}? `+wasMade+` (?:\pL+ ){0,2}`+byIt+`(?: [^.!?,]{0,40})?`, `(?:généré|créé|rédigé|generated|written|created)e?s? (?:\pL+ment |\pL+ly )?`+byIt)
	ofMachine        = anyOf(`(?:^|[^\pL])%s(?:$|[^\pL])`, `ia`, `ai`, `intelligence artificielle`, `artificial intelligence`, `(?:re)?lue?s?`, `vérifiée?s?`, `validée?s?`, `reviewed`, `checked`, `erreurs?`, `inexactitudes?`, `errors?`, `mistakes?`, `inaccura\pL+`, `expérimental\pL*`, `experimental`)
)
