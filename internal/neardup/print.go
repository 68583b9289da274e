package neardup

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"facteur/internal/newsletter"
)

const (
	mostText = 20_000  // bytes of a text that are compared word by word
	mostRest = 200_000 // of what follows, as a whole
	shingle  = 3       // words
	longWord = 4       // letters
)

// A Print is what is compared of an article.
type Print struct {
	url                string // as it is stored
	page               string // of [pageOf] that
	address, canonical string
	host               string   // of the address
	title              string   // its words, without the site's name
	titled             []string // its words, each figure in digits, without the mark of a film and the like
	accented, signs    []string // its words and what signs make of them, as they are written
	language           string
	sources            []string // that have it
	standing           Standing
	dated, published   time.Time

	whole    bool     // there is a text, and not cut
	chapo    uint64   // of the words of the summary; 0: of too few
	said     uint64   // of all of them
	length   int      // words of the text; of the summary where there is no text
	text     uint64   // of all of them, in their order
	rest     uint64   // of what is not compared word by word; 0: nothing
	written  []string // all of them, each figure in digits, for their spelling
	breaks   []int    // in those, where something of its own begins
	shingles set
	figures, // words with a digit, of title and text
	names, // words with a capital, of the text, and of the title where that tells something
	all, // words of title and text
	marks set // of the title: words that say when, signs, and figures as they are written, such as “5.1”
}

// Of takes the print of an article that some sources have; an empty one is the inbox or a person.
func Of(a newsletter.Article, sources ...string) Print {
	text, bodied := a.Body, strings.TrimSpace(a.Body) != ""
	if !bodied {
		text = a.Summary
	}
	p := Print{url: a.URL, page: pageOf(a.URL), address: Address(a.URL), canonical: Address(a.Canonical), sources: sources, dated: a.Dated(), published: a.Published}
	p.host = host(p.address)
	p.language, _, _ = strings.Cut(strings.ToLower(a.Language), "-")

	if len(text) > mostText {
		p.rest = hash(text[mostText:min(len(text), mostRest)], strconv.Itoa(len(text)))
	}
	text = cleaned(text, mostText)
	body := fold(text)
	written, said := body.words, body.words
	if bodied {
		said = words(plain(a.Summary))
	}
	cut := isExtract(text)
	if cut && len(written) > 0 { // within a word
		written = written[:len(written)-1]
	}
	p.whole, p.chapo, p.said = bodied && !cut, chapo(said), hash(said...)
	p.length, p.text, p.shingles = len(written), hash(written...), shingles(written)
	p.written, p.breaks = inDigits(written), body.breaks
	told := unnamed(a.Title, p.host)
	title := fold(told)
	p.title = strings.Join(title.words, " ")
	p.titled = inDigits(words(unelided(unmarked(told))))
	p.accented, p.signs = accented(told), signs(told)
	p.all = slices.Concat(setOf(written), setOf(title.words), setOf(p.written), setOf(p.titled)).sorted()
	p.figures = setOf(slices.Concat(figures(written), figures(title.words)))
	p.names = setOf(slices.Concat(names(written, body.capital), titleNames(title.words, title.capital)))
	p.marks = marks(figuresWhole(told), title.words, p.signs)
	return p
}

// chapo is the same for the words of a summary in two spellings, and 0 where they are too few to tell anything.
func chapo(said []string) uint64 {
	if len(said) < fewWords {
		return 0
	}
	return hash(said...)
}

// figures are the words with a digit.
func figures(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(word string) bool { return !isFigure(word) })
}

// names are the words with a capital. With the figures they tell one story from another of the same pattern.
func names(words []string, capital []bool) (all []string) {
	for i, word := range words {
		if capital[i] && !isFigure(word) {
			all = append(all, word)
		}
	}
	return all
}

// titleNames are the names of a title, but for short words: who begins with “Un” or speaks of “IA” names nothing else. Where all words have a capital, as in
// English headlines, nobody knows which are names, and all count.
func titleNames(words []string, capital []bool) []string {
	return slices.DeleteFunc(names(words, capital), func(word string) bool { return len(word) < longWord })
}

// marks are what tells one title of a pattern from another. A title as it is written has figures whole that fold parts.
func marks(title string, titled, signs []string) set {
	marks := slices.DeleteFunc(slices.Concat(titled, signs), func(word string) bool { return !isDay(word) && !isSigned(word) })
	for _, word := range strings.FieldsFunc(title, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '.' && r != ',' }) {
		if word = strings.ToLower(strings.Trim(word, ".,")); isFigure(word) {
			marks = append(marks, strings.ReplaceAll(word, ",", "."))
		}
	}
	return setOf(marks)
}

func shingles(words []string) set {
	s := make(set, 0, len(words))
	for i := 0; i+shingle <= len(words); i++ {
		s = append(s, hash(words[i:i+shingle]...))
	}
	return s.sorted()
}

// hash is FNV-1a of 64 bits (Fowler, Noll and Vo), with a zero byte behind each text. Stored keys are made of it.
func hash(texts ...string) uint64 {
	const prime = 0x100000001b3
	h := uint64(0xcbf29ce484222325)
	for _, t := range texts {
		for i := range len(t) {
			h = (h ^ uint64(t[i])) * prime
		}
		h *= prime
	}
	return h
}

// MinHash (Broder, “On the resemblance and containment of documents”, 1997) in bands: of two texts that share 85 of 100 shingles, fewer than
// one pair in a hundred has no band in common.
const (
	bands = 8
	rows  = 4
)

// Keys are what two articles that may be the same have at least one of in common. Among many texts of one pattern, the one that is a copy has a
// key in common that the others have not.
func (p Print) Keys() []int64 {
	var keys set
	for _, address := range []string{p.address, p.canonical} {
		if address != "" && !isFront(address) {
			keys = append(keys, hash("address", address))
		}
	}
	if p.title != "" {
		keys = append(keys, hash("title", p.title))
	}
	if p.length >= longText {
		bands := p.bands()
		keys = append(append(keys, bands[:]...), p.copy())
	}
	keys = keys.sorted()
	all := make([]int64, len(keys))
	for i, key := range keys {
		all[i] = int64(key)
	}
	return all
}

// copy is the key of an equal text under a title with the same figures.
func (p Print) copy() uint64 {
	sum := p.text
	for _, figure := range p.figures {
		sum = mix(sum ^ figure)
	}
	return mix(sum)
}

func (p Print) bands() [bands]uint64 {
	var least [bands * rows]uint64
	for i := range least {
		least[i] = ^uint64(0)
	}
	for _, s := range p.shingles {
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
