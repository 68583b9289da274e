package typography

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mask stands for one protected span while the rules run; they treat it like a letter. It is a Unicode noncharacter;
// one that comes with the text is itself protected.
const mask = '\uFDD0'

// protected finds what stays as written, the first kind that fits at a place. isPath, isEmoticon and isFormula look closer at what
// the named groups have found.
var protected = regexp.MustCompile(strings.Join([]string{
	// Code.
	"(?s:```.*?```|``.+?``)|`(?:[^`\n]|\n[^`\n])+`",
	`\{(?:[^{}\n]|\{[^{}\n]*\})*\}`,
	// Formulas of TeX: with a sign of one in them.
	`\$\$[^$\n]+\$\$`,
	`(?P<formula>\$(?:` + inFormula + `*[\\^_=+*/<>-]` + inFormula + `*|[\pL\pN\\{(][^$\n:]*[\\^_=][^$\n:]*)\$)`,
	// Addresses of pages and mailboxes.
	`(?i:(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)` + inAddress + `+)`,
	`[\p{L}\p{N}._%+'’-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`,
	// Paths, addresses without a scheme, file names with an apostrophe, query strings.
	`\.{1,2}/(?:` + inAddress + `*(?:\.{3}|` + atPathEnd + `))?`,
	`(?P<path>` + inPath + `*[/\\]` + inAddress + `*` + atPathEnd + `)`,
	`[\p{L}\p{N}_-]+(?:['’][\p{L}\p{N}_-]+)+\.` + fileExtension + `\b`,
	`[?&][\p{L}\p{N}_.%-]+=` + inAddress + `*`,
	// Operators like != and ::, short codes like :smile:, entities like &amp;, emoticons like :-).
	`[!:=<>]=+|::+|:/+`,
	`:[a-z][a-z0-9_+-]+:`,
	`&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]+);`,
	`(?P<emoticon>[:;=]['^-]?(?:\)+|\(+|[DPpOo]))`,
	string(mask),
}, "|"))

const (
	inFormula     = "[^$\\s\\x{A0}\\x{202F}]"
	inAddress     = "[^\\s\\x{A0}\\x{202F}\\x{FDD0}<>«»“”‘’\"`]"
	inPath        = "[^\\s\\x{A0}\\x{202F}<>«»“”\"`'‘’()…\\x{FDD0}]"
	atPathEnd     = "[^\\s\\x{A0}\\x{202F}<>«»“”\"`'‘’()…\\x{FDD0}.,;:!?]"
	fileExtension = `(?:csv|db|docx?|eml|gif|go|html?|jpe?g|js|json|md|mp[34]|odt|pdf|png|pptx?|py|sh|sql|svg|toml|txt|webp|xlsx?|xml|ya?ml|zip)`
)

// mayProtect reports that something of a text may be protected. Whatever is has one of these signs, or is a file name with an apostrophe.
func mayProtect(text string) bool {
	if strings.ContainsAny(text, "`{@/\\&=:;$wW"+string(mask)) { // w: www.
		return true
	}
	if !strings.ContainsAny(text, "'’") {
		return false
	}
	for i := 1; i < len(text); i++ {
		if text[i-1] == '.' && text[i] >= '0' { // the extension
			return true
		}
	}
	return false
}

// protect puts masks in the place of protected spans. An entity that is a no-break space becomes that space.
func protect(text string) (masked string, spans []string) {
	if !mayProtect(text) {
		return text, nil
	}
	path, emoticon, formula := protected.SubexpIndex("path"), protected.SubexpIndex("emoticon"), protected.SubexpIndex("formula")
	var out strings.Builder
	end := 0
	inBrackets := false
	pass := func(free string) {
		out.WriteString(free)
		if i := strings.LastIndexAny(free, "()"); i >= 0 {
			inBrackets = free[i] == '('
		}
	}
	for _, at := range protected.FindAllStringSubmatchIndex(text, -1) {
		pass(text[end:at[0]])
		end = at[1]
		span, space := text[at[0]:at[1]], spaceEntity(text[at[0]:at[1]])
		switch {
		case space != "":
			out.WriteString(space)
		case at[2*path] >= 0 && !isPath(span),
			at[2*formula] >= 0 && !isFormula(text[:at[0]], span, runeAfter(text, at[1])),
			at[2*emoticon] >= 0 && !isEmoticon(span, text[at[1]:], inBrackets):
			pass(span)
		default:
			out.WriteRune(mask)
			spans = append(spans, span)
		}
	}
	pass(text[end:])
	return out.String(), spans
}

func restore(masked string, spans []string) string {
	if len(spans) == 0 {
		return masked
	}
	var out strings.Builder
	for _, r := range masked {
		if r == mask {
			out.WriteString(spans[0])
			spans = spans[1:]
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func spaceEntity(span string) string {
	switch strings.ToLower(span) {
	case "&nbsp;", "&#160;", "&#xa0;", "&nnbsp;", "&#8239;", "&#x202f;":
		return noBreak
	}
	return ""
}

// isPath tells guides/debuter.html and site.example/?q=a from km/h, 24/7 and et/ou.
func isPath(span string) bool { return strings.ContainsAny(span, `.?=&:_~\`) }

// isFormula tells $E=mc^2$ from two sums of money, as in “5$-10$”, “$5/$10” and “$5 + 10$”: these are figures, and a dollar stands before or behind one, with
// a space between them or without.
func isFormula(before, span string, after rune) bool {
	named := strings.ContainsFunc(span, func(r rune) bool { return unicode.IsLetter(r) || r == '\\' })
	word := strings.TrimRightFunc(before, unicode.IsSpace)
	isSum := unicode.IsDigit(runeBefore(word, len(word)))
	return named && !isSum && !isWord(runeBefore(before, len(before))) && !isWord(after) && !unicode.IsSpace(runeBefore(span, len(span)-1))
}

// isEmoticon tells :-) from a mark before the end of a parenthesis, and :D from the beginning of a word, by the rest of the text behind it. What
// stands before it says nothing: a space may become a no-break one, and a quotation mark may take its shape.
func isEmoticon(span, rest string, inBrackets bool) bool {
	if strings.HasSuffix(span, ")") && inBrackets {
		return false
	}
	switch after := runeAfter(rest, 0); {
	case after == 0, unicode.IsSpace(after), strings.ContainsRune(".,;:!?…»”\")", after):
		return true
	case after == '\'' || after == '’': // the end of a quotation, but not in :D'accord
		return !isWord(runeAfter(rest, utf8.RuneLen(after)))
	}
	return false
}
