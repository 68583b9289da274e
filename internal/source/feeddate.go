package source

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
)

// mostAhead is how far ahead an article can be dated that waits for its day. Beyond, a year was mistyped.
const mostAhead = 366 * 24 * time.Hour

// published is the date of an entry, and what is odd about it: the first of its dates that can be read, if only for its day, and that an article can have. An
// entry without one counts as not dated. Where something stands for one that cannot be read, nobody knows whether the entry is news: that is an error.
func (r feedReader) published(item *gofeed.Item) (at time.Time, remark string, err error) {
	given := datesOf(item)
	if len(given) == 0 {
		return time.Time{}, "", nil
	}
	about := fmt.Sprintf("the date %q of “%s”", cut(given[0], maxShown), cut(item.Title, maxShown))
	first, isWhole := r.date(given[0])
	at = plausible(first, r.now)
	switch {
	case !at.IsZero() && isWhole:
		return at, "", nil
	case !at.IsZero():
		return at, about + " can be read for its day only: that counts", nil
	case first.IsZero():
		about += " cannot be read"
	default:
		about += " is before 1990 or more than a year ahead"
	}
	for _, text := range given[1:] {
		other, _ := r.date(text)
		if at = plausible(other, r.now); !at.IsZero() {
			return at, about + ": another of its dates counts", nil
		}
	}
	if first.IsZero() {
		return time.Time{}, "", fmt.Errorf("its date %q cannot be read, and it may be old: have its site write one such as 2026-11-26T08:00:00+01:00, or none", cut(given[0], maxShown))
	}
	return time.Time{}, about + ": it counts as published when it came", nil
}

// datesOf are the dates of an entry as they stand there, those of its publication before that of its latest change.
func datesOf(item *gofeed.Item) (all []string) {
	given := []string{item.Published}
	if dc := item.DublinCoreExt; dc != nil {
		given = append(given, dc.Date...)
	}
	for _, name := range [...][2]string{{"atom", "published"}, {"dcterms", "issued"}, {"dcterms", "created"}} {
		for _, e := range item.Extensions[name[0]][name[1]] {
			given = append(given, e.Value)
		}
	}
	for _, text := range append(given, item.Updated) {
		if text = strings.Join(strings.Fields(text), " "); text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// plausible is a date that an article can have; another is none.
func plausible(t, now time.Time) time.Time {
	if t.UTC().Year() < 1990 || t.Sub(now) > mostAhead {
		return time.Time{}
	}
	return t.UTC()
}

// Dates that are numbers: seconds since 1970, with thousandths of them or without, and what databases have for none.
var (
	sinceEpoch = expression(`^([0-9]{10})(?:[0-9]{3}|\.[0-9]+)?$`)
	yearZero   = expression(`^-?000[01]-|\s-?000[01]\s|^00[/.-]00[/.-]0000`)
)

// date reads a date as feeds have them, and whether all of it. The zero time: not even its day can be read, or nobody knows which of two is meant.
func (r feedReader) date(text string) (t time.Time, isWhole bool) {
	if found := sinceEpoch().FindStringSubmatch(text); found != nil {
		return time.Unix(int64(number(found[1])), 0), true
	}
	if yearZero().MatchString(text) {
		return time.Unix(0, 0), true
	}
	text = spelled(text)
	d, rest := inFigures(figures, text)
	if d != (day{}) {
		d = r.turned(d)
	} else if d, rest = yearFirst(text); d == (day{}) {
		d, rest = inLetters(text)
	}
	if !d.exists() {
		return time.Time{}, false
	}
	t, rest = d.at(rest, r.zone)
	if t.IsZero() || strings.Trim(rest, " .") != "" {
		return time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, r.zone), false
	}
	return t, true
}

// turned takes the second figure for the day where it can be nothing else, or where other dates of the feed have it there. An English feed leaves open which it
// is where both can be: then there is none.
func (r feedReader) turned(d day) day {
	switch english := strings.HasPrefix(strings.ToLower(r.feed.Language), "en"); {
	case d.month > 12, r.figures == american && d.day <= 12:
		d.day, d.month = d.month, d.day
	case english && r.figures != european && d.day <= 12 && d.day != d.month:
		return day{}
	}
	return d
}

// A figureOrder is that of day and month in figures.
type figureOrder int

const (
	anyOrder figureOrder = iota
	european             // the day first
	american
)

// orderIn is the order that the dates of a feed are in, by those that leave no choice; any where they are in none.
func orderIn(items []*gofeed.Item) (found figureOrder) {
	for _, item := range items {
		for _, text := range datesOf(item) {
			one := anyOrder
			switch d, _ := inFigures(figures, spelled(text)); {
			case d.month > 12 && d.day <= 12:
				one = american
			case d.day > 12 && d.month <= 12:
				one = european
			}
			if found != anyOrder && one != anyOrder && one != found {
				return anyOrder
			}
			found = max(found, one)
		}
	}
	return found
}

// A spelling is a form in which programs write dates, and the same in a form that people use.
type spelling struct {
	form pattern
	same string
}

// spellings are what stands beside a zone; dates without signs; hours and words before a date; and those of C, RFC 850 and RFC 822, with years of two figures.
var spellings = [...]spelling{
	{expression(`([+-][0-9]{2}:?[0-9]{2}|[0-9]Z)\s?(?:\([^()]*\)|\[[^\[\]]*\]|[A-Z]{1,5})$`), "$1"},
	{expression(`([0-9])([A-Z]{1,5})$`), "$1 $2"},
	{expression(`\b[A-Z]{3,4}\s?([+-][0-9]{2}:?[0-9]{2})$`), "$1"},
	{expression(`^([0-9]{4})([0-9]{2})([0-9]{2})(Z?)$`), "$1-$2-$3"},
	{expression(`^([0-9]{4})([0-9]{2})([0-9]{2})T?([0-9]{2})([0-9]{2})([0-9]{2})?`), "$1-$2-$3 $4:$5:$6"},
	{expression(`^([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?),? (\S+)`), "$2 $1"},
	{expression(`,([0-9]{4})\b`), ", $1"},
	{expression(`^[\pL.,:\s]{1,30}([0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9])`), "$1"},
	{expression(`^(?:\pL+[.,]? )?(\pL+)\.? ([0-9]{1,2}),? ([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?: ([A-Z]{2,5}|[+-][0-9]{4}))? ([0-9]{4})(?: ([A-Z]{2,5}))?$`), "$2 $1 $5 $3 $4$6"},
	{expression(`\b([0-9]{1,2})-(\pL{3,9})-([0-9]{2,4})\b`), "$1 $2 $3"},
	{expression(`\b([0-9]{1,2} \pL{3,9}\.?) ([0-6][0-9])( [0-9]{1,2}:)`), "$1 20$2$3"},
	{expression(`\b([0-9]{1,2} \pL{3,9}\.?) ([7-9][0-9])( [0-9]{1,2}:)`), "$1 19$2$3"},
}

// spelled is a date as people write it.
func spelled(text string) string {
	for _, s := range spellings {
		text = s.form().ReplaceAllString(text, s.same)
	}
	return text
}

// byYear finds a day at the beginning of a text with the year before month and day.
var byYear = expression(`^((?:19|20)[0-9]{2})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})`)

// yearFirst finds such a day, and what stands behind it; the zero day: there is none.
func yearFirst(text string) (day, string) {
	at := byYear().FindStringSubmatchIndex(text)
	if at == nil {
		return day{}, ""
	}
	return day{number(text[at[2]:at[3]]), number(text[at[4]:at[5]]), number(text[at[6]:at[7]])}, text[at[1]:]
}
