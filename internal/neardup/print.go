package neardup

import (
	"hash/fnv"
	"maps"
	"strings"
	"time"
	"unicode"

	"facteur/internal/newsletter"
)

const (
	mostText = 40_000 // bytes of a text that are compared
	shingle  = 3      // words
)

// A Print is what is compared of an article.
type Print struct {
	address, canonical string
	title              string
	language           string
	dated, published   time.Time

	words    []string // of the text; of the summary where there is no text
	shingles set[uint64]
	vocabulary,
	figures, // words with a digit, of title and text
	names, // words with a capital, of title and text
	all set[string] // words of title and text
}

// Of takes the print of an article.
func Of(a newsletter.Article) Print {
	text := a.Body
	if strings.TrimSpace(text) == "" {
		text = a.Summary
	}
	text = cleaned(text)
	p := Print{
		address: Address(a.URL), canonical: Address(a.Canonical), title: Title(a.Title, a.URL),
		dated: a.Dated(), published: a.Published, words: words(text),
	}
	p.language, _, _ = strings.Cut(strings.ToLower(a.Language), "-")
	p.shingles, p.vocabulary = shingles(p.words), setOf(p.words...)
	p.figures, p.names = set[string]{}, set[string]{}
	for _, written := range strings.FieldsFunc(text, isGap) {
		p.mark(written)
	}
	titled := setOf(strings.Fields(p.title)...)
	p.all = setOf(p.words...)
	maps.Copy(p.all, titled)
	for _, written := range strings.FieldsFunc(a.Title, isGap) {
		if folded := words(written); len(folded) == 1 && titled[folded[0]] {
			p.mark(written)
		}
	}
	return p
}

func isGap(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }

// mark notes a word that tells one story from another of the same pattern: a figure or a name. Most words are neither, and to fold one costs more
// than to see that.
func (p *Print) mark(written string) {
	if !strings.ContainsFunc(written, telling) {
		return
	}
	for _, folded := range words(written) {
		if strings.ContainsFunc(folded, unicode.IsNumber) {
			p.figures[folded] = true
		} else if strings.ContainsFunc(written, unicode.IsUpper) {
			p.names[folded] = true
		}
	}
}

func telling(r rune) bool { return unicode.IsNumber(r) || unicode.IsUpper(r) }

func shingles(words []string) set[uint64] {
	s := make(set[uint64], len(words))
	for i := 0; i+shingle <= len(words); i++ {
		s[hash(words[i:i+shingle]...)] = true
	}
	return s
}

func hash(texts ...string) uint64 {
	h := fnv.New64a()
	for _, t := range texts {
		_, _ = h.Write([]byte(t)) // a hash takes everything
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}

// MinHash (Broder, “On the resemblance and containment of documents”, 1997) in bands: of two texts that share 85 of 100 shingles, fewer than
// one pair in a hundred has no band in common.
const (
	bands = 8
	rows  = 4
)

// Keys are what two articles that may be the same have at least one of in common.
func (p Print) Keys() []int64 {
	keys := make(set[uint64])
	for _, address := range []string{p.address, p.canonical} {
		if address != "" && !isFront(address) {
			keys[hash("address", address)] = true
		}
	}
	if distinct(p.title) {
		keys[hash("title", p.title)] = true
	}
	if len(p.words) >= longText {
		for _, band := range p.bands() {
			keys[band] = true
		}
	}
	all := make([]int64, 0, len(keys))
	for key := range keys {
		all = append(all, int64(key))
	}
	return all
}

func (p Print) bands() [bands]uint64 {
	var least [bands * rows]uint64
	for i := range least {
		least[i] = ^uint64(0)
	}
	for s := range p.shingles {
		for i := range least {
			least[i] = min(least[i], mix(s+uint64(i+1)*0x9e3779b97f4a7c15))
		}
	}
	var all [bands]uint64
	for b := range all {
		sum := uint64(b)
		for _, v := range least[b*rows : (b+1)*rows] {
			sum = mix(sum ^ v)
		}
		all[b] = sum
	}
	return all
}

// mix spreads the bits of a number: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
