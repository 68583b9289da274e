package typography

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Cut shortens text to at most limit characters: it ends after a word, not one that only leads on to the next, nor within a name or between a figure and
// its noun, and adds an ellipsis, which counts; behind a whole question or exclamation it adds none. A quotation or a parenthesis within which it ends
// is left out where two thirds of the limit stay without it, and closed behind the ellipsis where they do not. Where not even a word fits, it ends
// within it. A text that fits is returned as it is, but for white space around it. The language decides which words lead on.
func Cut(text string, limit int, lang string) string {
	text = trimmed(text)
	end := offset(text, limit)
	if end == len(text) {
		return text
	}
	if limit < 1 {
		return ""
	}
	for _, tail := range []*regexp.Regexp{leadingOn(lang), noTail} { // words that lead on are better than none
		for at := lastBreak(text, end); at > 0; at = lastBreak(text[:at], at) {
			if tail != noTail && isParted(text, at, lang) {
				continue
			}
			if cut := ended(text[:at], limit, tail); cut != "" {
				return cut
			}
		}
	}
	for end = charactersEnd(text, offset(text, limit-1)); end > 0; {
		if cut := ended(text[:end], limit, noTail); cut != "" {
			return cut
		}
		_, size := utf8.DecodeLastRuneInString(text[:end])
		end = charactersEnd(text, end-size)
	}
	return ellipsis
}

func trimmed(text string) string {
	return strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
}

// lastBreak is the last place up to end at which a line may end, 0 where there is none.
func lastBreak(text string, end int) int {
	if end < len(text) && isBreak(runeAfter(text, end)) {
		return end
	}
	return max(0, strings.LastIndexFunc(text[:end], isBreak))
}

// ended ends the beginning of a text with an ellipsis, and closes what is open. It is empty where nothing is left, or more than limit characters.
func ended(text string, limit int, tail *regexp.Regexp) string {
	text = withoutTail(text, tail)
	open := openMarks(text)
	for i, mark := range open {
		if before := withoutTail(text[:mark.at], tail); 3*utf8.RuneCountInString(before) >= 2*limit {
			text, open = before, open[:i]
			break
		}
	}
	if text == "" {
		return ""
	}
	if len(open) > 0 || tail == noTail || !asked.MatchString(text) {
		text += ellipsis
	}
	for _, mark := range slices.Backward(open) {
		text += mark.closing
	}
	if utf8.RuneCountInString(text) > limit {
		return ""
	}
	return text
}

// withoutTail takes off the end of a text what no ellipsis follows, and words that only lead on to the next.
func withoutTail(text string, tail *regexp.Regexp) string {
	for {
		text = withoutEnd(text)
		at := tail.FindStringIndex(text)
		if at == nil {
			return text
		}
		text = text[:at[0]]
	}
}

// asked finds a whole question or exclamation at the end of a text.
var asked = regexp.MustCompile(`[\pL\pN»”’)\]"'][\s\x{A0}\x{202F}]?[?!]+$`)

// withoutEnd takes off what no ellipsis follows. A straight quote is such a mark where it opens.
func withoutEnd(text string) string {
	for {
		text = strings.TrimRightFunc(text, func(r rune) bool {
			return unicode.IsSpace(r) || strings.ContainsRune(".…,;:–—-·([{«“‘/", r)
		})
		short := strings.TrimRight(text, `"'`)
		if short == text || short != "" && !opensAfter(runeBefore(short, len(short))) {
			return text
		}
		text = short
	}
}

// A mark is an opening quotation mark or bracket of a text, and what closes it, with the space before that.
type mark struct {
	at      int
	closing string
}

// openMarks are the marks of a text that are still open at its end, the outermost first.
func openMarks(text string) []mark {
	var open []mark
	before := rune(0)
	for i, r := range text {
		after := runeAfter(text, i+utf8.RuneLen(r))
		closes := slices.IndexFunc(open, func(m mark) bool { return strings.HasSuffix(m.closing, string(r)) })
		for next := closes + 1; closes >= 0 && next < len(open); next++ { // the innermost
			if strings.HasSuffix(open[next].closing, string(r)) {
				closes = next
			}
		}
		switch {
		case closes >= 0 && (r != '’' || !unicode.IsLetter(after)): // an apostrophe
			open = slices.Delete(open, closes, closes+1)
		case closes >= 0:
		case r == '"' && !opensAfter(before), r == '‘' && unicode.IsDigit(after): // of inches, of a year
		default:
			if closing := closingOf(r, after); closing != "" {
				open = append(open, mark{i, closing})
			}
		}
		before = r
	}
	return open
}

// closingOf is what closes an opening mark, empty for anything else. Guillemets keep off the words on both sides alike.
func closingOf(r, after rune) string {
	opening := []rune(`«‹“‘([{"`)
	i := slices.Index(opening, r)
	if i < 0 {
		return ""
	}
	closing := string([]rune(`»›”’)]}"`)[i])
	if i < 2 && unicode.IsSpace(after) {
		return noBreak + closing
	}
	return closing
}

// opensAfter reports that a straight quote after this rune, 0 at the beginning of the text, opens.
func opensAfter(r rune) bool {
	return r == 0 || unicode.IsSpace(r) || strings.ContainsRune("([{«“‘", r)
}

// leadingOn finds the end of a text that leads on to a next word.
func leadingOn(lang string) *regexp.Regexp {
	switch {
	case isFrench(lang):
		return frenchTail
	case isLanguage(lang, "en"):
		return englishTail
	}
	return noTail
}

var (
	noTail     = regexp.MustCompile(`\z.`)
	frenchTail = tail(
		// Articles, and what stands in their place.
		"le", "la", "les", "un", "une", "des", "du", "au", "aux", "ce", "cet", "cette", "ces", "mon", "ma", "mes", "ton", "ta", "tes", "son", "sa", "ses",
		"notre", "nos", "votre", "vos", "leur", "leurs", "quel", "quelle", "quels", "quelles", "chaque", "quelques", "n°", "M", "MM", "Mme", "Mmes",
		"Mlle", "Mlles", "Dr", "Pr", "Mgr", "Me", "p", "pp", "p. ex", "cf",
		// Prepositions.
		"à", "de", "en", "dans", "par", "pour", "sans", "sous", "sur", "vers", "avec", "chez", "entre", "contre", "depuis", "dès", "pendant", "durant",
		"avant", "après", "selon", "malgré", "parmi", "envers", "hors", "jusque", "outre", "via", "sauf", "hormis", "devant", "derrière", "concernant",
		`(?:grâce|face|suite|quant|(?:par )?rapport|jusqu['’]) ?(?:à|aux?)`,
		`(?:à cause|à partir|à propos|à côté|afin|au cours|au lieu|au nom|au-delà|au sein|autour|aux côtés|en dehors|en faveur|en raison|hors|lors|loin|près|vis-à-vis) (?:de|du|des)`,
		// Conjunctions, relative and clitic pronouns.
		"et", "ou", "mais", "donc", "or", "ni", "car", "que", "si", "comme", "quand", "lorsque", "puisque", "quoique", "afin", "lors", "quant", "parce", "tandis",
		`(?:ainsi|alors|avant|afin|après|bien|dès|lors|parce|pour|sans|tandis) que`,
		"(?:et|ou|mais|que|où) (?:elles?|nous|vous)",
		"qui", "quoi", "pourquoi", "comment", "dont", "où", "ne", "se", "me", "te", "je", "tu", "il", "ils", "on", "y", "très",
		// Each of them after an apostrophe, and the apostrophe alone.
		`(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’](?:ils?|elles?|on|une?|en|y|à|aux?|où|avec|entre|après|avant)?`,
	)
	englishTail = tail(
		"a", "an", "the", "its", "their", "his", "my", "your", "our", "this", "these", "those", "every", "each", "Mr", "Mrs", "Ms", "Dr", "St", "p", "pp", "e.g", "i.e", "vs",
		"of", "in", "on", "at", "by", "for", "with", "from", "to", "into", "onto", "over", "under", "about", "as", "than", "against", "among", "between",
		"through", "during", "without", "within", "upon", "via", "per", "until", "since", "after", "before", "toward", "towards", "amid", "despite",
		`(?:according|due|thanks|next|prior) to`, `(?:because|instead|out|ahead|in front|in spite|on behalf) of`, `(?:such|as well) as`, "rather than",
		"and", "or", "but", "nor", "if", "when", "while", "because", "although", "though", "whether", "that", "which", "who", "whom", "whose", "where", "why", "how",
		"very", "I", "he", "she", "they", "we",
	)
)

// tail makes the expression that finds one of these words at the end of a text, small as it stands here or with a capital; a single letter only so.
func tail(words ...string) *regexp.Regexp {
	spelled := make([]string, len(words))
	for i, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		spelled[i] = word
		if unicode.IsLower(first) && len(word) > size {
			spelled[i] = "[" + string(first) + string(unicode.ToUpper(first)) + "]" + word[size:]
		}
	}
	return regexp.MustCompile(`(?:^|[\s\x{A0}\x{202F}(\[«“‘"])(?:` + strings.Join(spelled, "|") + `)$`)
}
