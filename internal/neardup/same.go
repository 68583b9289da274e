package neardup

import (
	"path"
	"slices"
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
	ByID        Sign = "id"   // one source has given both addresses to what it knows by one id
	ByHand      Sign = "hand" // of an editor
)

const (
	longText   = 60 // words by which a text can be recognised
	someText   = 40 // words that can bear out a title
	nearTitle  = 48 * time.Hour
	nearText   = 10 * 24 * time.Hour
	nearColumn = 12 * time.Hour // what one site has under one title later than that is the column of another day
	aDay       = 24 * time.Hour // is what a date without an hour may be off by
	sameText   = 0.85           // of shingles, of two texts that are one
	likeText   = 0.5            // of two with one title
	otherText  = 0.2            // of these, of two that are not one whatever their addresses say
	ofLonger   = 0.8            // of the shorter's shingles, where it is an extract
	fewWords   = 8              // that a summary needs to speak against a title
	titleWords = 5              // and
	titleRunes = 25             // that a title needs to be no column's
)

// Same says by what two articles are one story, and nothing where they are not. The order of the two makes no difference.
func Same(a, b Print) Sign {
	switch {
	case a.onePage(b) && !a.apart(b):
		return ByAddress
	case a.sharesCanonical(b) && a.bearsOut(b):
		return ByCanonical
	case a.oneTitle(b) && a.bornOut(b):
		return ByTitle
	case a.copies(b):
		return ByText
	}
	return ""
}

// Equal reports two that say the same, word for word, so that what speaks for one speaks for the other.
func Equal(a, b Print) bool {
	return a.oneTitle(b) && a.oneText(b) && !a.column(b)
}

// Contradict reports two that are made of one text and tell two stories: a third that is like both is one story with one of them at most.
func Contradict(a, b Print) bool {
	return a.opposes(b) || min(a.length, b.length) >= someText && a.ofOneText(b) && (!a.agrees(b) || a.column(b))
}

// Edited reports one text under one title that says something else in one place: where the two are one story, one of them was edited since.
func Edited(a, b Print) bool { return a.titledAs(b) && a.wordsElse(b) }

// Turns reports that an update of an article has it say in a place something else than another one, or be about something else altogether, which it did not
// before. What is added, taken away, written anew at length or spelled in another way does not, nor do other words in the text of what is still told under the
// same title and date. Nor does anything that is said of one page under another spelling of its address: there it is a correction.
func Turns(before, after, other Print) bool {
	switch {
	case after.onePage(other) && after.url != other.url:
		return false
	case after.unlike(other) && !before.unlike(other), after.headsElse(other) && !before.headsElse(other):
		return true
	}
	return !after.edits(before, other) && after.wordsElse(other) && !before.wordsElse(other)
}

// edits reports an update that leaves title and date: what was one story before is the same one in other words. Pages of one pattern may be filled in for two
// towns.
func (p Print) edits(before, other Print) bool {
	return (p.titledAs(before) || p.titledAs(other)) && p.dated.Sub(before.dated).Abs() < nearColumn && !p.elsewhere(other)
}

// opposes reports that two say something else in one place of their text or their titles.
func (p Print) opposes(o Print) bool { return p.headsElse(o) || p.wordsElse(o) }

// headsElse reports titles of two stories over what may be one text.
func (p Print) headsElse(o Print) bool {
	return (min(p.length, o.length) < someText || p.ofOneText(o)) && p.otherNews(o)
}

// wordsElse reports two texts, made of one, that say something else in one place.
func (p Print) wordsElse(o Print) bool {
	return p.text != o.text && p.ofOneText(o) && turned(p.written, o.written)
}

// oneText reports two texts that are one, word for word.
func (p Print) oneText(o Print) bool {
	return p.text == o.text && p.length == o.length && p.rest == o.rest
}

// ofOneText reports that much of both texts is the same, or most of the shorter.
func (p Print) ofOneText(o Print) bool {
	return p.resembles(o) >= likeText || p.contained(o) >= ofLonger
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

// onePage reports two spellings of one address. What may be a mark of AMP and may be a name is a mark where titles or texts say so, and the others nothing else.
func (p Print) onePage(o Print) bool {
	if p.address != o.address || isFront(p.address) {
		return false
	}
	return p.page == o.page || p.akin(o) && !p.strange(o) || min(p.length, o.length) >= fewWords && p.ofOneText(o)
}

// apart reports two of one address that say that they are not one: it may be given to another article, as a page for what is live is, or a column's. Two long
// texts say so under two titles; else two things must, of the titles, the texts and the dates. Titles with a word in common, which their sources date at one
// minute, are one's whatever their texts are.
func (p Print) apart(o Print) bool {
	texts := p.whole == o.whole && min(len(p.shingles), len(o.shingles)) > 0
	switch {
	case p.contained(o) >= otherText:
		return false
	case p.unlike(o):
		return true
	case p.akin(o):
		return p.strange(o) && p.later(o)
	case p.timed(o) && common(weighing(p.titled), weighing(o.titled)) > 0:
		return false
	}
	return texts || p.later(o)
}

// unlike reports two long texts under two titles that have hardly anything in common.
func (p Print) unlike(o Print) bool {
	return min(p.length, o.length) >= someText && !p.oneTitle(o) && p.contained(o) < otherText
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

// distinct reports a title that is hardly that of a column, which comes again each day, or that names the day.
func distinct(title string) bool {
	words := strings.Fields(title)
	return len(words) >= titleWords && utf8.RuneCountInString(title) >= titleRunes || slices.ContainsFunc(words, isDay) && slices.ContainsFunc(words, isFigure)
}

// column reports what one site has under one title on two days, or one source at two times: a bulletin of each hour.
func (p Print) column(o Print) bool { return p.oneTitle(o) && p.host == o.host && p.later(o) }

// later reports two of times that one source does not give to one article, or nobody does.
func (p Print) later(o Print) bool { return p.twice(o) || p.anotherDay(o) }

// twice reports what one source has at two times.
func (p Print) twice(o Print) bool {
	source, one := p.oneSource(o)
	return one && !p.minute(o) && (source != "" || p.repeats(o))
}

// repeats reports one text that was given two dates. The inbox is of many programs, of which one may bring an article later than another; but who has nothing
// to correct gives it no other date.
func (p Print) repeats(o Print) bool {
	return !p.published.IsZero() && !o.published.IsZero() && p.oneText(o)
}

// oneSource is a source that has both.
func (p Print) oneSource(o Print) (source string, one bool) {
	i := slices.IndexFunc(p.sources, func(s string) bool { return slices.Contains(o.sources, s) })
	if i < 0 {
		return "", false
	}
	return p.sources[i], true
}

// anotherDay reports two of dates at which one title may be a column's. It is no other day where two sources have the same text in full, and one of them not the
// hour.
func (p Print) anotherDay(o Print) bool {
	away := p.dated.Sub(o.dated).Abs()
	_, one := p.oneSource(o)
	copied := !one && p.whole && o.whole && p.length >= longText && p.oneText(o)
	return away >= nearColumn && (away >= aDay || !copied || !p.hourless() && !o.hourless())
}

// hourless reports an article whose source may not know the hour: it names no date, or one that is midnight somewhere.
func (p Print) hourless() bool {
	return p.published.IsZero() || p.published.Equal(p.published.Truncate(time.Hour))
}

// bornOut reports that what else is known of two articles with one title makes them one. Without a text that takes two sources, and a title that is no column's:
// what one source has twice may be for two towns, unless it corrected an address.
func (p Print) bornOut(o Print) bool {
	if p.title == "" || p.column(o) || p.dated.Sub(o.dated).Abs() > nearTitle || !distinct(p.title) && p.anotherDay(o) {
		return false
	}
	short := min(p.length, o.length)
	if short >= someText && p.ofOneText(o) {
		return p.agrees(o) && p.extends(o)
	}
	if p.readdressed(o) {
		return true
	}
	if _, one := p.oneSource(o); one || !p.minute(o) || p.foreign(o) || !distinct(p.title) || p.host != o.host || p.placedApart(o) {
		return false
	}
	return short < fewWords && p.agrees(o) || p.oneChapo(o) || short < someText && p.contained(o) >= ofLonger && p.agrees(o)
}

// placedApart reports two pages of one depth that have one name in two folders, or are of one pattern, as of two towns.
func (p Print) placedApart(o Print) bool {
	if p.address == o.address || strings.Count(p.address, "/") != strings.Count(o.address, "/") {
		return false
	}
	return path.Base(p.address) == path.Base(o.address) || p.elsewhere(o)
}

// oneChapo reports one summary, of which one of the two has no text with it: a feed brings the chapô that the database of its site has beside the text.
func (p Print) oneChapo(o Print) bool {
	return p.chapo == o.chapo && p.chapo != 0 && (!p.whole || !o.whole)
}

// minute reports two that their sources date at one minute.
func (p Print) minute(o Print) bool {
	return !p.published.IsZero() && p.published.Truncate(time.Minute).Equal(o.published.Truncate(time.Minute))
}

// timed reports two that their sources date at one minute which is no full hour, as midnight is of a date without one.
func (p Print) timed(o Print) bool { return p.minute(o) && !p.hourless() && !o.hourless() }

// foreign reports two that are said to be in two languages. Where a text is the same, that is what a program says by default.
func (p Print) foreign(o Print) bool {
	return p.language != o.language && p.language != "" && o.language != ""
}

// bearsOut reports that titles or texts of two with one canonical address say that it is of theirs, and not one that a careless site gives to all its
// pages: their titles are one, or their texts, and no title names what the other does not.
func (p Print) bearsOut(o Print) bool {
	oneText := min(p.length, o.length) >= someText && p.extends(o)
	if p.marked(o) || p.apart(o) || p.strange(o) || p.column(o) && (!oneText || p.twice(o)) {
		return false
	}
	return p.titledAs(o) || p.reorders(o) || oneText && p.agrees(o)
}

// strange reports two texts, or two summaries, that have hardly anything in common. A summary and a text may be one's.
func (p Print) strange(o Print) bool {
	return p.whole == o.whole && min(p.length, o.length) >= fewWords && p.contained(o) < otherText
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
	if min(p.length, o.length) < longText || p.column(o) || p.dated.Sub(o.dated).Abs() > nearText {
		return false
	}
	if p.figures.lacks(o.all) || o.figures.lacks(p.all) || p.names.lacks(o.all) && o.names.lacks(p.all) {
		return false
	}
	if !p.oneTitle(o) && p.foreign(o) {
		return false
	}
	return p.resembles(o) >= sameText && !p.otherNews(o) && p.extends(o)
}

// extends reports that one text has all words of the other, in their order and but for typing errors that were mended, and that what it has more turns
// nothing into its contrary: one that puts another word in the place of one may say that.
func (p Print) extends(o Print) bool {
	if p.rest != o.rest && p.rest != 0 && o.rest != 0 {
		return false
	}
	return p.text == o.text || p.adds(o, equal) || o.adds(p, equal) || p.mends(o) && (p.adds(o, respelled) || o.adds(p, respelled))
}

// adds reports that a text adds to all words of another, and nothing that may make it another news.
func (p Print) adds(o Print, like func(a, b string) bool) bool {
	runs, all := added(o.written, p.written, like)
	return all && !slices.ContainsFunc(runs, func(run [2]int) bool { return p.upsets(run[0], run[1]) })
}

// upsets reports few words of a text that may make it another news: they stand within a sentence or at the beginning and are more than grammar, or deny, or
// are a bare figure. A longer passage, a heading, and what stands at the end by itself, says nothing about the rest.
func (p Print) upsets(from, to int) bool {
	run := p.written[from:to]
	if len(run) > placeWords {
		return false
	}
	begins := func(at int) bool { return at == len(p.written) || slices.Contains(p.breaks, at) }
	return contrary(nil, run) || slices.ContainsFunc(run, weighs) && (from == 0 || !begins(from) || !begins(to))
}

// mends reports two of one site, of about one time and of much the same title. Across sites another spelling is no correction, and may be the card of
// another thing.
func (p Print) mends(o Print) bool {
	return p.dated.Sub(o.dated).Abs() <= nearTitle && p.host == o.host && alike(p.title, o.title) >= likeText
}
