package render

import (
	"regexp"
	"strings"
)

// longestText, in bytes, is more than a title or a summary takes, or what is read of an article (readMost): what is longer is HTML.
const longestText = 128 << 10

// AsHTML makes HTML of a text of which nobody knows whether it was written as that or as text. Tags that come in pairs are, and what breaks a line or is a
// picture; a tag that stands alone where a word would is what the text is about, as in “Faut-il encore utiliser <table> ?”. Where its format says that it is
// text, only such pairs are as mark words. Entities stand for something all the same: by “Vieil &eacute;l&egrave;ve” nobody means them.
func AsHTML(given string, isText bool) string {
	if len(given) > longestText || !strings.Contains(given, "<") {
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

	place
	paired bool
	goes   bool // it is markup, and not meant
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

// markup are the tags that a text has and does not mean.
func markup(text string, isText bool) (marks []tag) {
	tags := tagsOf(text)
	pair(text, tags, isText)
	lookBack(text, tags)
	var next *tag
	for i := len(tags) - 1; i >= 0; i-- {
		t := &tags[i]
		t.lookOn(text[t.to:], next)
		if !t.paired {
			t.goes = t.isMarkup(isText, text[t.to:])
		}
		next = t
	}
	for _, t := range tags {
		if t.goes {
			marks = append(marks, t)
		}
	}
	return marks
}

// isMarkup reports a tag that is markup, and comes in no pair.
func (t *tag) isMarkup(isText bool, rest string) bool {
	switch {
	case t.name == "":
		return true
	case isOne(breaks, t.name):
		return !isText || t.attributes != "" || t.isGlued()
	case t.name == "img":
		return strings.Contains(t.attributes, "src=")
	case isText:
		return t.name == "p" && !t.closes && t.isGlued()
	case !isElement(t.name):
		return false
	}
	return t.ends() || t.begins() || isCode(t.name, rest)
}

// breaks are elements that break a line, and never come in pairs.
const breaks = " br hr wbr "

// isElement reports the name of an element of HTML. A reader of plain text sees what stands in other such marks.
func isElement(name string) bool {
	return isOne(skipped, name) || isOne(parting, name) || isOne(within, name)
}

// pair finds which tags come in pairs, and which of these are markup.
func pair(text string, tags []tag, isText bool) {
	open := map[string][]*tag{}
	for i := range tags {
		t := &tags[i]
		begun := open[t.name]
		switch {
		case t.name == "" || t.name == "img" || isOne(breaks, t.name):
		case !t.closes:
			open[t.name] = append(begun, t)
		case len(begun) > 0:
			first := begun[len(begun)-1]
			open[t.name] = begun[:len(begun)-1]
			first.paired, t.paired = true, true
			t.goes = marksWords(text, *first, *t, isText)
			first.goes = t.goes
		}
	}
}

// marksWords reports two tags that mark what stands between them.
func marksWords(text string, first, last tag, isText bool) bool {
	between := text[first.to:last.from]
	switch {
	case !isElement(first.name) || !isText && areWords(text[:first.from], first, between):
		return false
	case isText && isOne(skipped, first.name):
		return false
	}
	return !isText || first.attributes != "" || strings.ContainsFunc(between, isInWord)
}

// areWords reports two tags that stand amid a sentence as words do, as in “entre <title> et </title>”.
func areWords(before string, first tag, between string) bool {
	said := strings.TrimRight(before, " ")
	apart := said != before && strings.HasPrefix(between, " ") && strings.HasSuffix(between, " ") && !strings.ContainsAny(between, "{=;\n")
	return apart && first.attributes == "" && !isOne(within, first.name) && (isInWord(lastOf(said)) || isOf(",:", lastOf(said)))
}

// codeShown is how many bytes of a script or a style show that it is one.
const codeShown = 500

// isCode reports the beginning of a script or a style of which the end was cut off.
func isCode(name, rest string) bool {
	return (name == "script" || name == "style") && strings.ContainsAny(rest[:min(len(rest), codeShown)], "{=")
}
