package neardup

import (
	"strings"
	"time"
	"unicode/utf8"
)

// A Sign is by what two articles were found to be one story.
type Sign string

const (
	ByAddress   Sign = "address"   // of the same page, spelled in two ways
	ByCanonical Sign = "canonical" // one names the other's address as its own, or both name the same
	ByTitle     Sign = "title"     // at about the same time, and nothing else speaks against it
	ByText      Sign = "text"
	ByHand      Sign = "hand" // of an editor
)

const (
	longText   = 60 // words by which a text can be recognised
	someText   = 40 // words that can bear out a title
	nearTitle  = 48 * time.Hour
	nearText   = 10 * 24 * time.Hour
	sameText   = 0.85 // of shingles, of two texts that are one
	likeText   = 0.5  // of two with one title
	otherText  = 0.2  // of two that are not one, whatever their addresses say
	ofLonger   = 0.8  // of the shorter's shingles, where it is an extract
	fewWords   = 8    // that a summary needs to speak against a title
	titleWords = 5    // and
	titleRunes = 25   // that a title needs to be no column's
)

// Same says by what two articles are one story, and nothing where they are not. The order of the two makes no difference.
func Same(a, b Print) Sign {
	switch {
	case a.language != b.language && a.language != "" && b.language != "":
		return ""
	case a.address == b.address && !isFront(a.address) && !a.apart(b):
		return ByAddress
	case a.sharesCanonical(b) && (a.title == b.title || alike(a.title, b.title) >= likeText || a.resembles(b) >= likeText) && !a.apart(b):
		return ByCanonical
	case a.title == b.title && a.bornOut(b):
		return ByTitle
	case a.copies(b):
		return ByText
	}
	return ""
}

// sharesCanonical reports that what the two call their own addresses is one.
func (p Print) sharesCanonical(o Print) bool {
	for _, pair := range [][2]string{{p.canonical, o.address}, {p.address, o.canonical}, {p.canonical, o.canonical}} {
		if pair[0] == pair[1] && pair[0] != "" && !isFront(pair[0]) {
			return true
		}
	}
	return false
}

// apart reports two of which titles and texts say that they are not one: an address may be given to another article.
func (p Print) apart(o Print) bool {
	return p.title != o.title && p.length >= someText && o.length >= someText && p.resembles(o) < otherText
}

// resembles is the part of the shingles that both have (Jaccard).
func (p Print) resembles(o Print) float64 {
	both := p.shingles.shared(o.shingles)
	if all := len(p.shingles) + len(o.shingles) - both; all > 0 {
		return float64(both) / float64(all)
	}
	return 0
}

// contained is the part of the shorter's shingles that the longer has.
func (p Print) contained(o Print) float64 {
	if least := min(len(p.shingles), len(o.shingles)); least > 0 {
		return float64(p.shingles.shared(o.shingles)) / float64(least)
	}
	return 0
}

// alike is the part of the words that two titles share.
func alike(a, b string) float64 {
	one, two := setOf(strings.Fields(a)), setOf(strings.Fields(b))
	both := one.shared(two)
	return float64(both) / float64(max(1, len(one)+len(two)-both))
}

// distinct reports a title that is hardly that of a column, which comes again each day.
func distinct(title string) bool {
	return len(strings.Fields(title)) >= titleWords && utf8.RuneCountInString(title) >= titleRunes
}

// bornOut reports that what else is known of two articles with one title makes them one.
func (p Print) bornOut(o Print) bool {
	if !distinct(p.title) || p.dated.Sub(o.dated).Abs() > nearTitle {
		return false
	}
	if min(p.length, o.length) >= someText {
		return (p.resembles(o) >= likeText || p.contained(o) >= ofLonger) && p.agrees(o) && p.extends(o)
	}
	together := !p.published.IsZero() && !o.published.IsZero() && p.published.Truncate(time.Minute).Equal(o.published.Truncate(time.Minute))
	if !together || host(p.address) != host(o.address) {
		return false
	}
	return min(p.length, o.length) < fewWords || p.contained(o) >= ofLonger && p.agrees(o)
}

// agrees reports that neither has a figure that the other has not, unless it is longer, and that not each has a name that the other has not:
// that is how the same pattern tells two stories.
func (p Print) agrees(o Print) bool {
	if p.figures.lacks(o.all) && p.length <= o.length || o.figures.lacks(p.all) && o.length <= p.length {
		return false
	}
	return !p.names.lacks(o.all) || !o.names.lacks(p.all)
}

// copies reports two texts that are one, apart from what was added to one of them.
func (p Print) copies(o Print) bool {
	if min(p.length, o.length) < longText || p.dated.Sub(o.dated).Abs() > nearText {
		return false
	}
	if p.figures.lacks(o.all) || o.figures.lacks(p.all) || p.names.lacks(o.all) && o.names.lacks(p.all) {
		return false
	}
	return p.resembles(o) >= sameText && p.extends(o)
}

// extends reports that one text has all words of the other, but for typing errors that were mended: one that puts another word in the place of
// one may say the contrary.
func (p Print) extends(o Print) bool {
	return !p.vocabulary.lacks(o.vocabulary) || !o.vocabulary.lacks(p.vocabulary) || p.mends(o)
}

// mends reports two of one site, of about one time and of much the same title, of which one has each word of the other, or that word
// in another spelling. Across sites that is no correction, and may be the card of another thing.
func (p Print) mends(o Print) bool {
	if p.dated.Sub(o.dated).Abs() > nearTitle || host(p.address) != host(o.address) || alike(p.title, o.title) < likeText {
		return false
	}
	return respells(p.written, o.written) || respells(o.written, p.written)
}
