package render

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Title returns what a title says of which nobody knows whether it was written as text or as HTML; see AsHTML. It is applied once.
func Title(given string, isText bool) string { return Summary(AsHTML(given, isText)) }

// AsHTML makes HTML of a line of which nobody knows whether it was written as that or as text. Tags that come in pairs are, and what breaks a line or is a
// picture; a tag that stands alone is what the line is about, as in “Faut-il encore utiliser <table> ?”. Where its format says that it is text, only such pairs
// are as mark words. Entities stand for something all the same: by “Vieil &eacute;l&egrave;ve” nobody means them.
func AsHTML(given string, isText bool) string {
	if !strings.Contains(given, "<") {
		return given
	}
	var kept strings.Builder
	end := 0
	for _, t := range markup(given, isText) {
		kept.WriteString(literal(given[end:t.from]))
		kept.WriteString(given[t.from:t.to])
		end = t.to
	}
	kept.WriteString(literal(given[end:]))
	return kept.String()
}

// literal is a text as HTML has it, in which nothing is a tag.
func literal(text string) string { return strings.ReplaceAll(text, "<", "&lt;") }

// A tag is one in a text, or a comment, which has no name.
type tag struct {
	from, to   int
	name       string
	attributes string
	closes     bool
}

// tagged finds comments and tags.
var tagged = regexp.MustCompile(`<!--[^<>]*-->|<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*|/)?)>`)

func tagsOf(text string) (all []tag) {
	for _, at := range tagged.FindAllStringSubmatchIndex(text, -1) {
		t := tag{from: at[0], to: at[1]}
		if at[2] >= 0 {
			t.closes, t.name, t.attributes = at[2] < at[3], strings.ToLower(text[at[4]:at[5]]), text[at[6]:at[7]]
		}
		all = append(all, t)
	}
	return all
}

// markup are the tags that a title has and does not mean.
func markup(title string, isText bool) (marks []tag) {
	tags := tagsOf(title)
	goes := make([]bool, len(tags))
	open := map[string][]int{}
	for i, t := range tags {
		begun := open[t.name]
		switch {
		case t.name == "":
			goes[i] = true
		case isOne(breaks, t.name):
			goes[i] = !isText || t.attributes != "" || isGlued(title, t)
		case t.name == "img":
			goes[i] = strings.Contains(t.attributes, "src=")
		case !t.closes:
			open[t.name] = append(begun, i)
		case len(begun) > 0:
			first := begun[len(begun)-1]
			open[t.name] = begun[:len(begun)-1]
			goes[i] = isPair(title, tags[first], t, isText)
			goes[first] = goes[i]
		}
	}
	for _, i := range open["p"] { // its end may be left out
		goes[i] = isGlued(title, tags[i])
	}
	for i, t := range tags {
		if goes[i] {
			marks = append(marks, t)
		}
	}
	return marks
}

// breaks are elements that break a line, and never come in pairs.
const breaks = " br hr wbr "

// isPair reports two tags that mark what stands between them.
func isPair(title string, first, last tag, isText bool) bool {
	switch {
	case isOne(skipped, first.name):
		return !isText
	case !isOne(within, first.name) && !isOne(parting, first.name):
		return false
	}
	return !isText || first.attributes != "" || strings.ContainsFunc(title[first.to:last.from], isInWord)
}

// isGlued reports a tag that does not stand where a word would.
func isGlued(title string, t tag) bool {
	before, _ := utf8.DecodeLastRuneInString(title[:t.from])
	after, _ := utf8.DecodeRuneInString(title[t.to:])
	return isInWord(before) || isInWord(after) || strings.ContainsRune(".,;:!?…»)”", before) || strings.ContainsRune("«“(<", after)
}

func isInWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
