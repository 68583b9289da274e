package neardup

import "slices"

// longTitle is how many words of two titles are set against each other. Longer ones are one only where they are equal.
const longTitle = 60

// otherNews reports titles over one text that tell two stories. What a program can see is that words were added to a title, or others put in their place; that
// they say the contrary (“annulée”, “fin de”, “fake”, “nicht”) it sees in no language. So all words that are more than grammar count alike, and of two titles that
// have most of their words in common none may have one of its own, nor may one alone deny. On one site that is so of any two titles: it has no reason to tell
// one story twice. What two sources have of it at the same minute was corrected between them: there the same holds as on two sites, and a title may have grown
// longer at its end.
func (p Print) otherNews(o Print) bool {
	one, two := p.titled, o.titled
	switch {
	case p.marked(o):
		return true
	case p.titledAs(o):
		return false
	case max(len(one), len(two)) > longTitle || slices.ContainsFunc(one, denies) != slices.ContainsFunc(two, denies):
		return true
	case p.corrected(o):
		if prolongs(one, two) || prolongs(two, one) {
			return false
		}
	case p.host == o.host:
		return true
	}
	return mostly(one, two) || patterned(one, two)
}

// marked reports titles of which each names a day or a figure that the other does not.
func (p Print) marked(o Print) bool { return p.marks.lacks(o.marks) && o.marks.lacks(p.marks) }

// oneTitle reports two titles that are one but for spelling.
func (p Print) oneTitle(o Print) bool { return p.title == o.title && p.spelledAs(o) }

// titledAs reports two titles that are one but for spelling and grammar.
func (p Print) titledAs(o Print) bool {
	return (p.title == o.title || slices.EqualFunc(weighing(p.titled), weighing(o.titled), inflected)) && p.spelledAs(o)
}

// akin reports two titles of which one has more than half of the words of the other, and that neither name two days or figures nor are of one pattern.
func (p Print) akin(o Print) bool {
	one, two := weighing(p.titled), weighing(o.titled)
	return p.titledAs(o) || !p.marked(o) && !patterned(p.titled, o.titled) && 2*common(one, two) > min(len(one), len(two))
}

// corrected reports one text of one site and of one minute in two sources, of which one was read before the title was corrected. What one source has
// twice is two articles, however alike.
func (p Print) corrected(o Print) bool {
	_, one := p.oneSource(o)
	return !one && p.timed(o) && p.host == o.host && p.extends(o)
}

// prolongs reports a title that says more than another at its end, and no version.
func prolongs(title, other []string) bool {
	return len(title) > len(other) && slices.EqualFunc(title[:len(other)], other, respelled) && !slices.ContainsFunc(title[len(other):], isVersion)
}

// weighing are the words of a title that are more than grammar. A letter that stands alone, as no elision does there, is a name: line C, zone B.
func weighing(title []string) []string {
	return slices.DeleteFunc(slices.Clone(title), func(word string) bool {
		isLetter := len(word) == 1 && word != "a" && word != "s" && word != "y" // “à”, “it’s”, “il y a”
		return !isLetter && !weighs(word)
	})
}

// mostly reports two titles of which one has two thirds of the words of the other.
func mostly(one, two []string) bool {
	one, two = weighing(one), weighing(two)
	return 3*common(one, two) >= 2*min(len(one), len(two))
}

// reorders reports two titles of the same words.
func (p Print) reorders(o Print) bool {
	one, two := weighing(p.titled), weighing(o.titled)
	return len(one) == len(two) && common(one, two) == len(one) && p.spelledAs(o)
}

// common counts the words that two titles share, but for spelling.
func common(one, two []string) (n int) {
	left := slices.Clone(two)
	for _, word := range one {
		if i := slices.IndexFunc(left, func(other string) bool { return respelled(word, other) }); i >= 0 {
			n, left = n+1, slices.Delete(left, i, i+1)
		}
	}
	return n
}

// patterned reports titles of which most is the same at the beginning and the end, and that say another word between.
func patterned(one, two []string) bool {
	x, y := differing(one, two, 0)
	return len(one)-len(x) >= max(len(x), len(y)) && contrary(x, y)
}
