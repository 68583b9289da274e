package neardup

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A folding is words in the form in which two spellings are equal: lower case, without accents and punctuation.
type folding struct {
	letters []byte // of all words
	ends    []int  // of the words, in letters
	capital []bool // which of them was written with one
	breaks  []int  // the words with which a paragraph, a heading or a bracket begins, and what follows a heading
	within  bool   // a word has begun
	broken  bool   // the next word is one of the breaks
	line    byte   // what stands in it so far: 0, '#' of a heading, or 'a'
}

// A folded text is its words, which of them were written with a capital, and at which something of its own begins.
type folded struct {
	words   []string
	capital []bool
	breaks  []int
}

// fold goes from letter to letter, since each text that arrives is folded.
func fold(text string) folded {
	f := folding{letters: make([]byte, 0, len(text)), ends: make([]int, 0, len(text)/5), capital: make([]bool, 0, len(text)/5)}
	var parts []byte
	for _, r := range figuresWhole(text) {
		f.lay(r)
		if r < utf8.RuneSelf {
			f.add(unicode.ToLower(r), 'A' <= r && r <= 'Z')
			continue
		}
		parts = norm.NFKD.AppendString(parts[:0], string(unicode.ToLower(r)))
		for _, part := range string(parts) {
			f.add(unicode.ToLower(part), unicode.IsUpper(r))
		}
	}
	words := make([]string, len(f.ends))
	letters, from := string(f.letters), 0
	for i, end := range f.ends {
		words[i], from = letters[from:end], end
	}
	return folded{words, f.capital, f.breaks}
}

// lay sees where something of its own begins.
func (f *folding) lay(r rune) {
	switch {
	case r == '\n':
		f.broken = f.broken || f.line != 'a'
		f.line = 0
	case r == '(':
		f.broken = true
	case r == '#' && f.line == 0:
		f.broken, f.line = true, '#'
	case f.line == 0 && !unicode.IsSpace(r):
		f.line = 'a'
	}
}

func (f *folding) add(r rune, capital bool) {
	switch {
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		if sign := isSign(r); !f.within || sign {
			f.begin()
			f.within = !sign
		}
	case unicode.Is(unicode.Cf, r) || isAccent(r): // such as a soft hyphen
		return
	case unicode.Is(unicode.M, r) && len(f.ends) > 0:
	default:
		f.within = false
		return
	}
	switch r {
	case 'œ':
		f.letters = append(f.letters, "oe"...)
	case 'æ':
		f.letters = append(f.letters, "ae"...)
	case 'ß':
		f.letters = append(f.letters, "ss"...)
	default:
		f.letters = utf8.AppendRune(f.letters, r)
	}
	last := len(f.ends) - 1
	f.ends[last] = len(f.letters)
	f.capital[last] = f.capital[last] || capital
}

// begin begins a word.
func (f *folding) begin() {
	if f.broken {
		f.breaks, f.broken = append(f.breaks, len(f.ends)), false
	}
	f.ends, f.capital = append(f.ends, len(f.letters)), append(f.capital, false)
}

// isSign reports a letter of a script that has no blanks between words, of which each counts as one.
func isSign(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Thai, unicode.Lao, unicode.Myanmar, unicode.Khmer, unicode.Hiragana, unicode.Katakana, unicode.Han)
}

// isAccent reports a mark that is no more than another spelling of a letter. The vowels of Hindi or Thai are marks as well, and so is what makes が of か.
func isAccent(r rune) bool { return unicode.Is(unicode.Inherited, r) && r != 0x3099 && r != 0x309a }

// figuresWhole is a text with “1 200 000” as “1200000”.
func figuresWhole(text string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); {
		n := digits(text[i:])
		whole := n > 0 && n <= 3 && text[i] != '0'
		i += n
		for whole {
			blank := blankAt(text[i:])
			if blank == 0 || digits(text[i+blank:]) != 3 {
				break
			}
			b.WriteString(text[done:i])
			done = i + blank
			i = done + 3
		}
		if n == 0 {
			i++
		}
	}
	if done == 0 {
		return text
	}
	return b.String() + text[done:]
}

// digits counts those that a text begins with.
func digits(text string) (n int) {
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	return n
}

// blankAt is how many bytes a blank has that a text begins with and that parts the thousands of a figure.
func blankAt(text string) int {
	for _, blank := range []string{" ", "\u00a0", "\u202f", "\u2009"} {
		if strings.HasPrefix(text, blank) {
			return len(blank)
		}
	}
	return 0
}

func words(text string) []string { return fold(text).words }

// unnamed is a title without the name of the site around it, after a bar or a dash, where that is the name of the host: the same words may stand in a
// title for their own sake.
func unnamed(title, host string) string {
	for _, bar := range []string{" | ", " - ", " – ", " — ", " · ", "\u00a0| ", "\u00a0– ", "\u00a0— ", "\u00a0- "} {
		if i := strings.LastIndex(title, bar); i > 0 && namesSite(title[i+len(bar):], host) {
			title = title[:i]
		}
		if i := strings.Index(title, bar); i > 0 && namesSite(title[:i], host) {
			title = title[i+len(bar):]
		}
	}
	return title
}

// unmarked is a title without the mark before it of how a story is told: “VIDÉO. ”, “Podcast : ”.
func unmarked(title string) string {
	if i := strings.IndexAny(title, ".:|–—]"); i > 0 {
		switch strings.Join(words(title[:i]), " ") {
		case "video", "videos", "en video", "photo", "photos", "en photos", "images", "en images", "podcast", "audio", "infographie", "diaporama",
			"watch", "listen", "pictures", "in pictures", "infographic":
			_, size := utf8.DecodeRuneInString(title[i:])
			return title[i+size:]
		}
	}
	return title
}

// elision is an article or a pronoun that lost its vowel.
var elision = regexp.MustCompile(`(^|[^\pL\pN])[cdjlmsCDJLMS]['’ʼ]`)

// unelided is a title without what says nothing in it and would be a letter that stands alone.
func unelided(title string) string { return elision.ReplaceAllString(title, "$1") }

// inDigits are words of which those that are a figure are written in digits, in French and English. “Un” and “one” are articles and more.
func inDigits(words []string) []string {
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = digit(word)
	}
	return all
}

func digit(word string) string {
	switch word {
	case "deux", "two":
		return "2"
	case "trois", "three":
		return "3"
	case "quatre", "four":
		return "4"
	case "cinq", "five":
		return "5"
	case "six":
		return "6"
	case "sept", "seven":
		return "7"
	case "huit", "eight":
		return "8"
	case "neuf", "nine":
		return "9"
	case "dix", "ten":
		return "10"
	case "onze", "eleven":
		return "11"
	case "douze", "twelve":
		return "12"
	}
	return word
}

// namesSite reports a site's name, as the domain of its host spells it: “Le Monde” is lemonde.fr, and “La Gazette” actu.gazette.example. What stands before the
// domain may be the town of an edition.
func namesSite(text, host string) bool {
	name := words(text)
	names := []string{strings.Join(name, "")}
	if len(name) > 1 && isGrammar(name[0]) {
		names = append(names, strings.Join(name[1:], ""))
	}
	return slices.ContainsFunc(SiteNames(host), func(part string) bool {
		part = strings.Join(words(part), "")
		return part != "" && slices.Contains(names, part)
	})
}

// plain is Markdown without the addresses that it leads to: they differ where the words do not.
func plain(markdown string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(markdown, "](")
		b.WriteString(before)
		if !found {
			break
		}
		b.WriteByte(' ')
		_, markdown, _ = strings.Cut(rest, ")")
	}
	if !strings.Contains(b.String(), "://") {
		return b.String()
	}
	fields := strings.Fields(b.String())
	kept := fields[:0]
	for _, f := range fields {
		if !strings.Contains(f, "://") {
			kept = append(kept, f)
		}
	}
	return strings.Join(kept, " ")
}
