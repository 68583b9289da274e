package typography

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// inline is white space within a line; gap is white space at which a line may be broken, with one line end at
	// most: an empty line between two paragraphs is not touched.
	inline = `[ \t\x{A0}\x{202F}\x{2000}-\x{200A}]`
	gap    = inline + `*(?:\r?\n` + inline + `*)?`

	digits   = "0123456789"
	currency = `(?:k|M|Mds?)?[€$£¥]`
	unit     = `(?:[kMG]?Hz|[kMGT]?Wh|[kMG]?W|[kMGTP]?o|[KMGTP]B|octets|[kcm]?m|[kmµ]?g|[cm]?l|[mµn]?s|h|min|px|` +
		`ans?|jours?|heures?|minutes?|secondes?|euros?|dollars?|millions?|milliards?)`
	// gluedUnit are the units that are no part of a name where they stand beside their number: 16Go, but not 70B or 5G.
	gluedUnit = `(?:[kMG]Hz|[kMGT]?Wh|[kMGTP]o|[KMGTP]B|octets|[kcm]m|[kmµ]g|[cm]l|ms|min)`

	// A title keeps to the name after it, a reference to its number.
	title     = `(?:MM?\.|M(?:me|lle)s?|Mgr|[DP]rs?|Me)` + inline + `+\p{Lu}`
	pointing  = `(?:(?:pp?|[aA]rt|[cC]hap|[vV]ol|[fF]ig)\.|§§?)` + inline + `+(?:\d+|[IVXLC]+\b|\p{Lu}[.\d]\d*)`
	ofNumber  = `[nN]°` + inline + `+[\p{L}\p{N}]`
	telephone = `(?:0|\+33` + inline + `+)[1-9](?:` + inline + `\d\d){4}`
	number    = `[nN]o` + inline + `+\d+`
	day       = `(?:1er|\d{1,2})` + inline + `+(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b(?:` + inline + `+\d{4})?`
	hour      = `\d{1,2}(?:h(?:[0-5]\d)?|H[0-5]\d)`
	incise    = `[–—]` + inline + `+(?:[^–—\n.]|\.[^\s–—])+?` + inline + `+[–—]`
)

var frenchRules = []rule{
	replace("\u202F", `\x{202F}`, widened),
	setEllipsis(),
	setQuotes(marks{"«", "»"}, marks{"“", "”"}),
	replace("-", `[ \t]--?[ \t]`, dash),
	replace("'", `'`, frenchApostrophe),
	replace("«", `«`+gap, afterGuillemet),
	replace("»", gap+`»`, beforeGuillemet),
	replace(";!?", gap+`[;!?]+`, spaceBefore),
	replace(":", gap+`:`, spaceBefore),
	replace("°", `[nN]°`+inline+`*\d`, numero),
	replace(digits, hour+`(?:[-–]`+hour+`)?`, hours),
	replace(digits+"IVXLC", `(?:\d+|[IVXLC]{2,}|[VX])i?[èe]mes?`, ordinal),
	replace("1", `1i?[èe]res?`, ordinal),
	replace(digits, `\d+(?:,\d+)?`+gluedUnit, unglued),
	replace("%‰°€$£¥", `\d`+inline+`*(?:[%‰]|°[CF]|`+currency+`)`, symbol),
	replace(digits, `\d`+inline+`+`+unit, spaced),
	replace(digits, `(?:\d`+inline+`+)?\d{5,15}(?:,\d+)?\x{A0}(?:[%‰]|`+currency+`|`+unit+`)`, amount),
	replace(digits, `\d{1,3}(?:`+inline+`\d{3})+`, grouped),
	replace(digits, `\d`+inline+`+h`+inline+`+\d\d`, spaced), // once the spaces behind it are there
	replace("0+", telephone, together),
	replace("MDP.§°", title+`|`+pointing+`|`+ofNumber, together),
	replace(digits, day+`|`+number, together),
	replace("–—", incise, embraced),
}

// French sets French text: spaces before ; : ! ? and inside « », apostrophes, quotes, ellipses, dashes, ordinals (2e, 1re), and no-break
// spaces within numbers and times (8 h 30), before their units, after a title or a reference (M. Hugo, art. 50) and inside the dashes that
// enclose words. Digits are grouped in threes where the writer grouped them, and from
// five digits on before a unit; a bare number may be a code or a year.
func French(text string) string { return apply(text, frenchRules) }

// spaceBefore sets the space before a mark. Where the writer put none it is added only if the mark ends a word or a
// sentence, so that 08:30 and key:value stay.
func spaceBefore(before rune, found string, after rune) string {
	mark := strings.TrimLeftFunc(found, unicode.IsSpace)
	written := found[:len(found)-len(mark)]
	switch {
	case startsLine(before, written), before == '«':
		return found
	case written != "", endsWord(before) && opensNothing(after):
		return noBreak + mark
	case isWord(before) && (after == '«' || after == '“'):
		return noBreak + mark + " "
	}
	return found
}

// widened is the one no-break space, for a narrow one.
func widened(rune, string, rune) string { return noBreak }

func beforeGuillemet(before rune, found string, _ rune) string {
	if startsLine(before, strings.TrimSuffix(found, "»")) {
		return found
	}
	return noBreak + "»"
}

func afterGuillemet(_ rune, found string, after rune) string {
	lineEnd := strings.IndexAny(found, "\r\n")
	if lineEnd >= 0 && (after == '\n' || after == '\r') {
		return "«" + noBreak + found[lineEnd:]
	}
	return "«" + noBreak
}

// startsLine reports whether the mark after this gap begins a paragraph or the text, so that it has no word to keep to.
// A gap without a line end at the start of the text counts as a space after a word: the text may be part of a sentence.
func startsLine(before rune, gap string) bool {
	return before == '\n' || before == '\r' || before == 0 && strings.Contains(gap, "\n")
}

// endsWord reports whether a mark that follows this rune directly is meant as punctuation.
func endsWord(r rune) bool {
	return isWord(r) || strings.ContainsRune(`)]}»”’…%‰€$£°.*_+#`, r) || unicode.IsSymbol(r) && r > unicode.MaxASCII
}

// opensNothing reports whether a mark before this rune is meant as punctuation.
func opensNothing(r rune) bool {
	return r == 0 || unicode.IsSpace(r) || strings.ContainsRune(`)]}»”’"…,.*_`, r)
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == mask
}

// dash turns a hyphen between spaces, or two as typewriters had them, into a dash, but not at the head of a list and not between numbers.
func dash(before rune, found string, after rune) string {
	joins := func(r rune) bool { return r != 0 && !unicode.IsSpace(r) && !unicode.Is(unicode.Dash, r) }
	if !joins(before) || !joins(after) || unicode.IsDigit(before) && unicode.IsDigit(after) {
		return found
	}
	return " – "
}

// frenchApostrophe leaves the sign of minutes in 5'30 and a quote at the end of a word.
func frenchApostrophe(before rune, found string, after rune) string {
	if !isWord(before) || unicode.IsDigit(before) && unicode.IsDigit(after) {
		return found
	}
	if isWord(after) || strings.ContainsRune("«“", after) {
		return "’"
	}
	return found
}

// inNumber knows what continues a number or a code on its left.
func inNumber(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(".,:/+-–_#°", r)
}

// grouped sets the spaces of a number that the writer has grouped in threes.
func grouped(before rune, found string, after rune) string {
	if inNumber(before) || unicode.IsDigit(after) {
		return found
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return '\u00A0'
		}
		return r
	}, found)
}

// spaced makes the spaces between a number and its unit no-break ones.
func spaced(_ rune, found string, after rune) string {
	if isWord(after) {
		return found
	}
	return strings.Join(strings.Fields(found), noBreak)
}

// together makes the spaces within what was found no-break ones.
func together(before rune, found string, after rune) string {
	if isWord(before) || unicode.IsDigit(before) || unicode.IsDigit(after) && unicode.IsDigit(runeBefore(found, len(found))) {
		return found
	}
	return strings.Join(strings.FieldsFunc(found, unicode.IsSpace), noBreak)
}

// embraced keeps the words between two dashes to their dashes. A dash at the head of a line begins an item of a list.
func embraced(before rune, found string, after rune) string {
	if before == 0 || before == '\n' || !unicode.IsSpace(before) || isWord(after) {
		return found
	}
	opening, closing := utf8.RuneLen('–'), len(found)-utf8.RuneLen('–')
	return found[:opening] + noBreak + strings.TrimFunc(found[opening:closing], unicode.IsSpace) + noBreak + found[closing:]
}

// unglued sets a unit off from its number.
func unglued(before rune, found string, after rune) string {
	if inNumber(before) || isWord(after) {
		return found
	}
	end := strings.LastIndexFunc(found, unicode.IsDigit) + 1
	return found[:end] + noBreak + found[end:]
}

// symbol puts a no-break space between a number and a sign, and adds it where there is none.
func symbol(_ rune, found string, after rune) string {
	if isWord(after) {
		return found
	}
	return found[:1] + noBreak + strings.TrimLeftFunc(found[1:], unicode.IsSpace)
}

// numero does the same between n° and the number.
func numero(before rune, found string, _ rune) string {
	if isWord(before) {
		return found
	}
	last := len(found) - 1
	return strings.TrimRightFunc(found[:last], unicode.IsSpace) + noBreak + found[last:]
}

// hours sets the time of day that was written without spaces: 8 h 30, 8 h 30-9 h. In 24h/24 and in names it stays.
func hours(before rune, found string, after rune) string {
	if inNumber(before) || isWord(after) || strings.ContainsRune("/-–_", after) {
		return found
	}
	var set strings.Builder
	for i, r := range found {
		switch {
		case r != 'h' && r != 'H':
			set.WriteRune(r)
		case unicode.IsDigit(runeAfter(found, i+1)):
			set.WriteString(noBreak + "h" + noBreak)
		default:
			set.WriteString(noBreak + "h")
		}
	}
	return set.String()
}

// ordinal shortens an ordinal as printers do: 2ème is 2e, 1ère is 1re (Lexique de l'Imprimerie nationale, « abréviations »).
func ordinal(before rune, found string, after rune) string {
	end := strings.IndexAny(found, "ièe")
	number, plural := found[:end], ""
	if strings.HasSuffix(found, "s") {
		plural = "s"
	}
	feminine := strings.Contains(found[end:], "r")
	if inNumber(before) || isWord(after) || (number == "1") != feminine {
		return found
	}
	if feminine {
		return number + "re" + plural
	}
	return number + "e" + plural
}

// amount groups the digits of a number that has a unit and no grouping. One that follows another number stays: the two
// would read as one.
func amount(before rune, found string, after rune) string {
	end := strings.IndexFunc(found, func(r rune) bool { return !unicode.IsDigit(r) })
	if inNumber(before) || isWord(after) || found[0] == '0' {
		return found
	}
	return groupDigits(found[:end], noBreak) + found[end:]
}
