package neardup

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss")

// words are those of a text in the form in which two spellings are equal: lower case, without accents and punctuation.
func words(text string) []string {
	folded := strings.ToLower(norm.NFKD.String(strings.ToLower(text)))
	folded = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, ligatures.Replace(folded))
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// Title is the form in which two spellings of a title are equal. The name of the site around it, after a bar or a dash, is taken off where it
// is that of the host: the same words may stand in a title for their own sake.
func Title(title, address string) string {
	at := host(Address(address))
	for _, bar := range []string{" | ", " - ", " – ", " — ", " · ", "\u00a0| ", "\u00a0– ", "\u00a0— ", "\u00a0- "} {
		if i := strings.LastIndex(title, bar); i > 0 && names(title[i+len(bar):], at) {
			title = title[:i]
		}
		if i := strings.Index(title, bar); i > 0 && names(title[:i], at) {
			title = title[i+len(bar):]
		}
	}
	return strings.Join(words(title), " ")
}

// names reports a site's name, as its host spells it: “Le Monde” is lemonde.fr.
func names(text, host string) bool {
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
	fields := strings.Fields(b.String())
	kept := fields[:0]
	for _, f := range fields {
		if !strings.Contains(f, "://") {
			kept = append(kept, f)
		}
	}
	return strings.Join(kept, " ")
}

// A set is what is looked for in another.
type set[T comparable] map[T]bool

func setOf[T comparable](items ...T) set[T] {
	s := make(set[T], len(items))
	for _, item := range items {
		s[item] = true
	}
	return s
}

// lacks reports that something of s is not in o.
func (s set[T]) lacks(o set[T]) bool {
	for item := range s {
		if !o[item] {
			return true
		}
	}
	return false
}

// shared counts what is in both.
func (s set[T]) shared(o set[T]) int {
	n := 0
	for item := range s {
		if o[item] {
			n++
		}
	}
	return n
}
