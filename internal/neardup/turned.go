package neardup

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode"
)

const (
	around     = 2    // words on each side by which a place in a text is known again
	placeWords = 4    // that stand at one at most
	mostPlaces = 5000 // that are compared of two texts
)

// turned reports texts that are not one at a place that both have, though what stands around it is: one denies there what the other says, or has another
// word in the place of one. What was moved is not looked at, nor what was written anew at length. Texts with more places than are compared, as of a few
// words again and again, are not one.
func turned(one, two []string) bool {
	one, two = differing(one, two, around)
	if cmp.Or(cmp.Compare(len(one), len(two)), slices.Compare(one, two)) > 0 {
		one, two = two, one // the places of the shorter are kept
	}
	ends := make([]string, around)
	one, two = slices.Concat(ends, one, ends), slices.Concat(ends, two, ends)
	found, left := make(map[uint64][][]string), mostPlaces
	for at, run := range places(one, shingles(two), func(uint64) bool { return true }) {
		if left--; left < 0 {
			return true
		}
		found[at] = append(found[at], run)
	}
	for at, run := range places(two, shingles(one), func(at uint64) bool { return len(found[at]) > 0 }) {
		left -= len(found[at])
		if left < 0 || slices.ContainsFunc(found[at], func(other []string) bool { return contrary(run, other) }) {
			return true
		}
	}
	return false
}

// differing is what is left of two without what is the same at their beginnings and ends, but for so much of that at each.
func differing[E comparable](one, two []E, keep int) (ofOne, ofTwo []E) {
	for len(one) > keep && len(two) > keep && slices.Equal(one[:keep+1], two[:keep+1]) {
		one, two = one[1:], two[1:]
	}
	for len(one) > keep && len(two) > keep && slices.Equal(one[len(one)-keep-1:], two[len(two)-keep-1:]) {
		one, two = one[:len(one)-1], two[:len(two)-1]
	}
	return one, two
}

// places yields what stands in a text between two words and two others, where not all of that is known from another text: of each place that is asked for
// every run of words once.
func places(text []string, known set, asked func(at uint64) bool) iter.Seq2[uint64, []string] {
	return func(yield func(uint64, []string) bool) {
		seen := make(map[uint64]bool)
		fresh := -around // where the last shingle began that is not known
		for i := 0; i+shingle <= len(text); i++ {
			if !known.has(hash(text[i : i+shingle]...)) {
				fresh = i
			}
			to := i + 1
			for from := min(to, fresh+around); from >= max(around, to-placeWords); from-- {
				at := hash(text[from-2], text[from-1], text[to], text[to+1])
				if !asked(at) {
					continue
				}
				run := mix(at ^ hash(text[from:to]...))
				if seen[run] {
					continue
				}
				seen[run] = true
				if !yield(at, text[from:to]) {
					return
				}
			}
		}
	}
}

// contrary reports words that cannot stand in the place of others in the same story: a negation more, another version, another word that is none of
// grammar, or the same ones in another order.
func contrary(one, two []string) bool {
	if slices.Equal(slices.Sorted(slices.Values(one)), slices.Sorted(slices.Values(two))) {
		return !slices.Equal(one, two)
	}
	if slices.Compare(one, two) > 0 {
		one, two = two, one // of several ways to set them against each other always one
	}
	for _, gap := range gaps(one, two) {
		x, y := gap[0], gap[1]
		switch {
		case spelled(x, y):
		case len(x)+len(y) <= 2*placeWords && slices.ContainsFunc(x, negates) != slices.ContainsFunc(y, negates):
			return true
		case len(x) == 0 || len(y) == 0:
			if !slices.ContainsFunc(slices.Concat(x, y), func(word string) bool { return !isVersion(word) }) {
				return true
			}
		case slices.ContainsFunc(x, weighs) && slices.ContainsFunc(y, weighs):
			return true
		}
	}
	return false
}

// gaps are what two short runs of words have between the words that they have in common, in one order: the longest that there is.
func gaps(one, two []string) (all [][2][]string) {
	longest := make([][]int, len(one)+1) // of what is left of both
	for i := range longest {
		longest[i] = make([]int, len(two)+1)
	}
	for i := len(one) - 1; i >= 0; i-- {
		for k := len(two) - 1; k >= 0; k-- {
			longest[i][k] = max(longest[i+1][k], longest[i][k+1])
			if one[i] == two[k] {
				longest[i][k] = longest[i+1][k+1] + 1
			}
		}
	}
	var i, k, fromOne, fromTwo int
	gap := func() {
		if i > fromOne || k > fromTwo {
			all = append(all, [2][]string{one[fromOne:i], two[fromTwo:k]})
		}
	}
	for i < len(one) && k < len(two) {
		switch {
		case one[i] == two[k]:
			gap()
			i, k = i+1, k+1
			fromOne, fromTwo = i, k
		case longest[i+1][k] >= longest[i][k+1]:
			i++
		default:
			k++
		}
	}
	i, k = len(one), len(two)
	gap()
	return all
}

// weighs reports a word that is more than grammar. Short ones are names, too: OM, UE, Go.
func weighs(word string) bool { return !isGrammar(word) || isVersion(word) || negates(word) }

// isGrammar reports a word that says nothing by itself in French or English, as it is folded: an article, a short pronoun, a form of being or having. What
// says where, when, or for and against whom does.
func isGrammar(word string) bool {
	switch word {
	case "a", "c", "d", "i", "j", "l", "m", "s", "y", "au", "ca", "ce", "de", "du", "en", "es", "et", "eu", "il", "je", "la", "le", "ma", "me", "mu", "on", "ou",
		"qu", "sa", "se", "si", "ta", "te", "tu", "un", "va", "vu", "les", "des", "une", "aux", "est", "sont", "ont", "ses", "son", "leur", "leurs", "cet", "cette", "ces",
		"am", "an", "as", "at", "be", "by", "do", "he", "if", "in", "is", "it", "my", "of", "or", "so", "to", "up", "we", "the", "its", "their", "are", "has", "have":
		return true
	}
	return false
}

func isFigure(word string) bool { return strings.ContainsFunc(word, unicode.IsNumber) }

// isVersion reports what alone makes another thing of one: “5.1” of “5”, “II” of “I”, “mini”.
func isVersion(word string) bool {
	switch word {
	case "mini", "nano", "lite", "flash", "turbo", "pro", "max", "ultra", "preview":
		return true
	}
	return isFigure(word) || strings.Trim(word, "ivx") == ""
}

// negates reports a word that makes a sentence its contrary, in French or English, as it is folded: of “n’ont” the n, of “don’t” the t. “Plus” and “que” do
// so with “ne” alone.
func negates(word string) bool {
	switch word {
	case "n", "ne", "pas", "non", "ni", "jamais", "rien", "aucun", "aucune", "aucunement", "nul", "nulle", "nullement", "guere", "sans", "peu", "rarement",
		"t", "not", "no", "nor", "never", "none", "nothing", "nobody", "nowhere", "neither", "cannot", "without", "hardly", "barely", "scarcely", "rarely", "seldom",
		"fail", "fails", "failed", "refuse", "refuses", "refused", "decline", "declines", "declined", "denies", "denied":
		return true
	}
	return false
}

// denies reports a word that makes a whole title its contrary, whatever its other words are: “pas de fermeture”, and not “sans réseau”.
func denies(word string) bool {
	switch word {
	case "n", "ne", "pas", "non", "aucun", "aucune", "jamais", "not", "no", "never", "cannot", "t":
		return true
	}
	return false
}

// isDay reports a word that says when, as it is folded. “May” and “March” are verbs as well, and written with a capital where they are not.
func isDay(word string) bool {
	switch word {
	case "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "hier", "aujourd", "demain",
		"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "yesterday", "today", "tomorrow",
		"january", "february", "april", "june", "july", "august", "september", "october", "november", "december":
		return true
	}
	return false
}
