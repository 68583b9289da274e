package neardup

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// spelledAs reports titles that no sign and no accent tells apart.
func (p Print) spelledAs(o Print) bool {
	return slices.Equal(p.signs, o.signs) && !unaccented(p.accented, o.accented) && !unaccented(o.accented, p.accented)
}

// A figure with its sign, “+5” or “−5 %”, and a name that ends with one, “C++”, “C#”, “Canal +”. A dash between blanks is a sign before a percentage alone.
var (
	signedFigure = regexp.MustCompile(`\+\pZ?\d[\d.,]*|(?:^|[\pZ(«"“’':])(?:[-–−]\d[\d.,]*|−\pZ\d[\d.,]*|[-–]\pZ\d[\d.,]*\pZ?%)`)
	signedName   = regexp.MustCompile(`[\pL\pN]+(?:\pZ?\++|#+)`)
)

// signs are what signs make of the figures and names of a title, each in one spelling.
func signs(title string) []string {
	title = figuresWhole(title)
	all := append(signedFigure.FindAllString(title, -1), signedName.FindAllString(signedFigure.ReplaceAllString(title, " "), -1)...)
	for i, sign := range all {
		all[i] = strings.Map(func(r rune) rune {
			switch {
			case r == '-' || r == '–' || r == '−':
				return '-'
			case r == '+' || r == '#' || unicode.IsLetter(r) || unicode.IsNumber(r):
				return unicode.ToLower(r)
			}
			return -1
		}, sign)
	}
	return all
}

// isSigned reports a figure with its sign.
func isSigned(sign string) bool { return sign[0] == '+' || sign[0] == '-' }

// accented are the words of a title as they are written.
func accented(title string) []string {
	return strings.FieldsFunc(title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.M, r) })
}

// unaccented reports a title that has another word than a second one, since an accent is missing. Who writes accents elsewhere in it means what is written.
// Who writes none may have left them out, unless all that are missing are those on a last letter that make another word of a verb: marche, marché; tue, tué.
func unaccented(title, second []string) bool {
	if slices.Equal(title, second) {
		return false
	}
	spellings := make(map[string][]string)
	for _, word := range second {
		if of := strings.Join(words(word), ""); !slices.Contains(spellings[of], word) {
			spellings[of] = append(spellings[of], word)
		}
	}
	var meant []string // the words of the second that the title has without an accent
	for _, word := range title {
		of := strings.Join(words(word), "")
		i := slices.IndexFunc(spellings[of], func(other string) bool { return bare(word, other) })
		if i >= 0 && !slices.Contains(spellings[of], word) && !isGrammar(of) {
			meant = append(meant, spellings[of][i])
		}
	}
	if strings.ContainsFunc(norm.NFD.String(strings.Join(title, " ")), isAccent) {
		return len(meant) > 0
	}
	return len(meant) > 0 && !slices.ContainsFunc(meant, func(word string) bool { return !acute(word) })
}

// A letter of a word, and the accents on it.
type letter struct {
	r       rune
	accents string
}

func letters(word string) (all []letter) {
	for _, r := range norm.NFD.String(word) {
		if last := len(all) - 1; last >= 0 && isAccent(r) {
			all[last].accents += string(r)
		} else {
			all = append(all, letter{r: r})
		}
	}
	return all
}

const (
	acuteAccent = "\u0301"
	circumflex  = "\u0302"
)

// acute reports a word with an acute accent on its last letter, or on that before the s of a plural.
func acute(word string) bool {
	return strings.HasSuffix(norm.NFD.String(strings.TrimSuffix(word, "s")), acuteAccent)
}

// bare reports that a word has the letters of another, and lacks an accent on a small one of the Latin script. Capitals are written without, and so are i
// and u since the spelling of 1990 has no circumflex on them, except where that makes another word (Conseil supérieur de la langue française, “Les rectifications
// de l’orthographe”, Journal officiel of 6 December 1990).
func bare(word, other string) bool {
	one, two := letters(word), letters(other)
	if !slices.EqualFunc(one, two, func(a, b letter) bool { return unicode.ToLower(a.r) == unicode.ToLower(b.r) }) {
		return false
	}
	for i, l := range one {
		optional := two[i].accents == circumflex && strings.ContainsRune("iu", l.r) && !keepsCircumflex(word)
		if unicode.IsLower(l.r) && unicode.Is(unicode.Latin, l.r) && l.accents == "" && two[i].accents != "" && !optional {
			return true
		}
	}
	return false
}

// keepsCircumflex reports a word that is another with a circumflex: jeûne, mûr, sûr.
func keepsCircumflex(word string) bool {
	switch strings.TrimSuffix(word, "s") {
	case "jeune", "mur", "sur":
		return true
	}
	return false
}
