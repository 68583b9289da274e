package neardup

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// A Standing is what a source says of an article at this moment.
type Standing int

const (
	Unknown Standing = iota // it says nothing, or what comes is told of for the first time
	Here                    // it has it, and had it before
	Missing                 // the source that tells of another one had it, and it is not among all that this has
	Gone                    // the source told that it has it no longer
)

// As is the print of an article of which its source says so.
func (p Print) As(s Standing) Print {
	p.standing = s
	return p
}

// Replaces reports an article that its source has by now instead of another one, which is the same: it has that no longer, or its site moved to another host.
func (p Print) Replaces(o Print) bool {
	moved := o.standing == Unknown && p.host != o.host && strings.TrimPrefix(p.address, "https://"+p.host) == strings.TrimPrefix(o.address, "https://"+o.host)
	return (moved || o.standing == Missing) && p.repeated(o)
}

// Former reports that an article is what its source had once in the place of another one that it has.
func (p Print) Former(of Print) bool {
	_, one := p.oneSource(of)
	return one && p.standing == Gone && of.standing != Gone
}

// repeated reports what one source has, or had, of one date under one title, in the same words, however few.
func (p Print) repeated(o Print) bool {
	_, one := p.oneSource(o)
	return (one || p.standing == Missing || o.standing == Missing) && !p.published.IsZero() && p.published.Equal(o.published) && distinct(p.title) && p.oneTitle(o) &&
		p.length > 0 && p.oneText(o) && p.said == o.said && !p.foreign(o)
}

// Beside reports short articles that a source has at once under two addresses, as of two towns.
func Beside(a, b Print) bool {
	return (a.standing == Here || b.standing == Here) && a.address != b.address && a.length < someText && a.repeated(b)
}

// readdressed reports an article of which its source corrected the address: it has that no longer, or the two are not of one pattern. Of a date without an hour
// only what the source told to be gone is: the others may be two of one day.
func (p Print) readdressed(o Print) bool {
	either := func(s Standing) bool { return p.standing == s || o.standing == s }
	switch {
	case either(Here) || !p.repeated(o):
		return false
	case either(Gone):
		return true
	case isMidnight(p.published):
		return false
	}
	return either(Missing) || !p.elsewhere(o)
}

// isMidnight reports a date that may have no hour: midnight by UTC, or by the clocks between Lisbon and Warsaw.
func isMidnight(at time.Time) bool {
	at = at.UTC()
	return at.Equal(at.Truncate(time.Hour)) && (at.Hour() == 0 || at.Hour() >= 22)
}

// elsewhere reports two addresses of one pattern on one site, of which each names what neither the other nor the title does: two towns
// (/brest/resultats, /resultats-quimper) or two numbers.
func (p Print) elsewhere(o Print) bool {
	if siteOf(p.host) != siteOf(o.host) {
		return false
	}
	one, two := p.placed(), o.placed()
	mine, theirs := unknown(one, two, p.titled), unknown(two, one, p.titled)
	switch {
	case len(mine) == 0 || len(theirs) == 0, strings.Join(one, "") == strings.Join(two, ""): // "deau" was "d-eau"
		return false
	case path.Base(p.address) == path.Base(o.address), p.asksElse(o), !slices.ContainsFunc(slices.Concat(mine, theirs), func(word string) bool { return !isFigure(word) }):
		return true
	}
	return slices.ContainsFunc(one, func(word string) bool {
		return !isGrammar(word) && !isFigure(word) && slices.Contains(two, word) && slices.Contains(p.titled, word)
	})
}

// asksElse reports two addresses that differ in their parameters alone (/alertes?ville=brest).
func (p Print) asksElse(o Print) bool {
	page, _, asks := strings.Cut(p.address, "?")
	return asks && strings.HasPrefix(o.address, page+"?")
}

// placed are the words of an address without its site.
func (p Print) placed() []string {
	before, after, _ := strings.Cut(strings.TrimPrefix(p.address, "https://"), siteOf(p.host))
	if spelled, err := url.PathUnescape(after); err == nil {
		after = spelled
	}
	return words(before + " " + after)
}

// unknown are the words that stand in none of the others, in no spelling.
func unknown(these []string, others ...[]string) []string {
	known := slices.Concat(others...)
	return slices.DeleteFunc(slices.Clone(these), func(word string) bool {
		return slices.ContainsFunc(known, func(other string) bool { return respelled(word, other) })
	})
}
