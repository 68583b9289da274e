package preflight

import (
	"iter"
	"slices"
	"strings"
)

// An Advertisement is what a letter must show of one, and for whom it is made.
type Advertisement struct {
	For   string   // the advertiser
	HTML  string   // how its words begin there
	Text  string   // the same in the text part
	Links []string // where it leads
}

// marks are words by which readers know advertising, in the languages of letters (loi n° 2004-575 pour la confiance dans
// l'économie numérique, art. 20: it must be clearly identifiable as such, and so must be for whom it is made).
var marks = map[string]string{
	"fr": "|publicite|publicité|communicationcommerciale|contenusponsorisé|",
	"en": "|advertisement|advertising|sponsored|",
}

// sponsors must be told from what the editors say, before they speak.
func sponsors(n *notes, l Letter, p *page) {
	if !l.isEdition() {
		for _, a := range p.anchors {
			if sponsored(a) {
				n.blocks("sponsor-unwanted", p.at(a.node, a.text), "a letter to one person about their subscription advertises nothing (CPCE, art. L34-5)", "take it out of the template")
			}
		}
		return
	}
	if l.Sponsor == nil {
		return
	}
	for _, in := range []struct {
		part        Part
		said, words string
	}{{InHTML, p.sureWords(p.root), l.Sponsor.HTML}, {InText, l.Text, l.Sponsor.Text}} {
		markedBefore(n, l, in.part, in.said, in.words)
	}
	for _, a := range p.anchors {
		if slices.ContainsFunc(l.Sponsor.Links, func(to string) bool { return key(to) == key(a.href) }) && !sponsored(a) {
			n.warns("sponsor-link", p.at(a.node, a.href), "the link was paid for and does not say so to programs, which search engines ask for", `give it rel="sponsored"`)
		}
	}
}

const (
	opening = 24  // letters by which the words of an advertisement are found
	nearby  = 240 // bytes before them in which they are marked: the word for it, and the longest name
)

// markedBefore looks for the mark before the words of an advertisement. They may stand elsewhere too, as in a summary that quotes
// them: the place that is marked best is taken for the advertisement.
func markedBefore(n *notes, l Letter, part Part, said, words string) {
	at := Place{Part: part, Text: words}
	shown, says, names := false, false, false
	for before := range befores(fold(said), fold(words)) {
		isMark := func(mark string) bool { return mark != "" && strings.Contains(before, mark) }
		marked, named := slices.ContainsFunc(strings.Split(marks[base(l.Newsletter.Language)], "|"), isMark), isMark(fold(l.Sponsor.For))
		if !shown || marked && (!says || named) {
			shown, says, names = true, marked, named
		}
	}
	const law = " (loi pour la confiance dans l'économie numérique, art. 20)"
	if !shown {
		n.warns("sponsor-missing", at, "the letter does not show the advertisement", "let the template show .Sponsor, or take it back: "+l.Newsletter.Command("digest sponsor --remove"))
		return
	}
	if !says {
		n.blocks("sponsor-unmarked", at, "the advertisement does not say that it is one"+law, "put the word for it above, where it can be seen, as the built-in template does: Publicité, Advertisement")
	}
	if !names {
		n.blocks("sponsor-unmarked", at, "the advertisement does not say for whom it is made"+law, "put {{.Sponsor.For}} above it, where it can be seen")
	}
}

// befores yields what stands before each place where the words of an advertisement begin, both folded.
func befores(whole, words string) iter.Seq[string] {
	return func(yield func(string) bool) {
		letters := []rune(words)
		begin := string(letters[:min(len(letters), opening)])
		for from := 0; begin != ""; {
			i := strings.Index(whole[from:], begin)
			if i < 0 || !yield(whole[max(0, from+i-nearby):from+i]) {
				return
			}
			from += i + len(begin)
		}
	}
}

func sponsored(a anchor) bool {
	return slices.Contains(strings.Fields(strings.ToLower(attribute(a.node, "rel"))), "sponsored")
}
