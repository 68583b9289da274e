package render

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A place is where a tag stands: between which characters, and, past spaces, between which others. Those before it are past other tags, those behind it past
// markup.
type place struct {
	before, after rune // nothing where the text begins or ends
	last, next    rune
	parted        bool // a line ends on the way to the last one
	parts         bool // a line ends behind it
	leads         bool // markup follows that opens something
	cut           bool // nothing follows but a tag of which the end was cut off
}

// nothing stands for a character that is not there.
const nothing = utf8.RuneError

// lookBack finds what stands before each tag of a text.
func lookBack(text string, tags []tag) {
	end := 0
	for i := range tags {
		t, gap := &tags[i], unescaped(text[end:tags[i].from])
		said := strings.TrimSpace(gap)
		t.before, t.last = lastOf(gap), lastOf(said)
		t.parted = strings.Contains(gap[len(strings.TrimRightFunc(gap, unicode.IsSpace)):], "\n")
		if i > 0 && said == "" {
			t.last, t.parted = tags[i-1].last, t.parted || tags[i-1].parted
		}
		if i > 0 && gap == "" {
			t.before = tags[i-1].before
		}
		end = t.to
	}
}

// lookOn finds what stands behind a tag, in the rest of its text, where the next tag, if there is one, has been judged.
func (t *tag) lookOn(rest string, next *tag) {
	gap := rest
	if next != nil {
		gap = rest[:next.from-t.to]
	}
	gap = unescaped(gap)
	said := strings.TrimSpace(gap)
	t.after, t.next = firstOf(gap), firstOf(said)
	t.parts = strings.HasPrefix(strings.TrimLeft(gap, " \t\r"), "\n")
	if next == nil {
		t.cut = unfinished.MatchString(said)
		return
	}
	if said != "" {
		return
	}
	behind := place{after: '<', next: '<'}
	if next.goes {
		behind, t.leads = next.place, !next.closes
	}
	t.next, t.cut = behind.next, behind.cut
	if gap == "" {
		t.after = behind.after
	}
}

func firstOf(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

func lastOf(text string) rune {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r
}

const (
	// unended are elements whose end may be left out (HTML, 13.1.2.4 “Optional tags”).
	unended = " dd dt li p td th tr "

	sentenceEnds = ".!?…»]"     // of sentences, and of what was cut off
	shutting     = ".,;:!?…»)”" // stand behind a word
	opening      = "«“(["       // stand before one
)

// unfinished finds a tag of which the end was cut off, and nothing else.
var unfinished = regexp.MustCompile(`^</?(?:[A-Za-z][^<>]*)?$`)

// dressed finds the attributes that are in markup, and in no sentence about it.
var dressed = regexp.MustCompile(`(?i)\s(?:src|href|class|style)\s*=`)

// begins reports an opening tag that is no word: it is dressed, glued to what it marks or to what was cut off, or stands where a paragraph begins. That is seen by less where its end
// may be left out, or where it has attributes.
func (t *tag) begins() bool {
	leads, hasEnded := t.leads || t.parts, t.parted || isOf(sentenceEnds, t.last)
	switch {
	case t.closes:
		return false
	case t.cut:
		return true
	case dressed.MatchString(t.attributes):
		return true
	case isInWord(t.after) || isOf(opening, t.after) && (t.after != '(' || !isInWord(t.before)) || t.after == '"' && t.before != '"':
		return true // and no List<Object>(x), nor "<title>"
	case isOne(unended, t.name) || strings.Trim(t.attributes, " /") != "":
		return t.isGlued() || hasEnded || leads || isBeginning(t.next)
	}
	return leads && t.last == nothing || hasEnded && (leads || t.next == nothing)
}

// ends reports a closing tag that is no word: it is glued to what it marked, stands before other markup, or where a paragraph ends.
func (t *tag) ends() bool {
	if !t.closes || t.cut || t.leads || isInWord(t.before) || isInWord(t.after) || isOf(shutting, t.before) {
		return t.closes
	}
	hasEnded := t.last == nothing || t.parted || isOf(sentenceEnds, t.last)
	return hasEnded && (t.next == nothing || t.parts || isBeginning(t.next))
}

// isGlued reports a tag where no word could stand.
func (t *tag) isGlued() bool {
	return isInWord(t.before) || isInWord(t.after) || isOf(shutting, t.before) || isOf(opening, t.after) || t.after == '<'
}

func isOf(these string, r rune) bool { return r != nothing && strings.ContainsRune(these, r) }

// isBeginning reports what a sentence may begin with.
func isBeginning(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) || isOf("«“", r) }

func isInWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
