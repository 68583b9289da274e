package neardup

import (
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
	within  bool   // a word has begun
}

// fold goes from letter to letter, since each text that arrives is folded.
func fold(text string) (words []string, capital []bool) {
	f := folding{letters: make([]byte, 0, len(text)), ends: make([]int, 0, len(text)/5), capital: make([]bool, 0, len(text)/5)}
	var parts []byte
	for _, r := range text {
		if r < utf8.RuneSelf {
			f.add(unicode.ToLower(r), 'A' <= r && r <= 'Z')
			continue
		}
		parts = norm.NFKD.AppendString(parts[:0], string(unicode.ToLower(r)))
		for _, part := range string(parts) {
			f.add(unicode.ToLower(part), unicode.IsUpper(r))
		}
	}
	words = make([]string, len(f.ends))
	letters, from := string(f.letters), 0
	for i, end := range f.ends {
		words[i], from = letters[from:end], end
	}
	return words, f.capital
}

func (f *folding) add(r rune, capital bool) {
	if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
		f.within = f.within && unicode.Is(unicode.M, r)
		return
	}
	if !f.within {
		f.within, f.ends, f.capital = true, append(f.ends, 0), append(f.capital, false)
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

func words(text string) []string {
	all, _ := fold(text)
	return all
}

// Title is the form in which two spellings of a title are equal. The name of the site around it, after a bar or a dash, is taken off where it
// is that of the host: the same words may stand in a title for their own sake.
func Title(title, address string) string { return strings.Join(words(unnamed(title, address)), " ") }

func unnamed(title, address string) string {
	at := host(Address(address))
	for _, bar := range []string{" | ", " - ", " – ", " — ", " · ", "\u00a0| ", "\u00a0– ", "\u00a0— ", "\u00a0- "} {
		if i := strings.LastIndex(title, bar); i > 0 && namesSite(title[i+len(bar):], at) {
			title = title[:i]
		}
		if i := strings.Index(title, bar); i > 0 && namesSite(title[:i], at) {
			title = title[i+len(bar):]
		}
	}
	return title
}

// namesSite reports a site's name, as its host spells it: “Le Monde” is lemonde.fr.
func namesSite(text, host string) bool {
	name := strings.Join(words(text), "")
	whole := strings.Join(words(host), "")
	domain, _, _ := strings.Cut(host, ".")
	return name != "" && (name == whole || name == strings.Join(words(domain), ""))
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
