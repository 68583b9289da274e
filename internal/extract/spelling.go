package extract

import (
	"strings"
	"time"
)

// mostAhead is how far ahead an article can be dated that waits for its day. Beyond, a year was mistyped.
const mostAhead = 366 * 24 * time.Hour

// Plausible is a date that an article can have; another is none.
func Plausible(t, now time.Time) time.Time {
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

// Date reads a date as programs and people write them, and whether all of it. One without a zone is read in zone. The zero time: not even its day can be
// read, or nobody knows which of two is meant.
func Date(text string, order FigureOrder, zone *time.Location) (t time.Time, isWhole bool) {
	if found := sinceEpoch().FindStringSubmatch(text); found != nil {
		return time.Unix(int64(number(found[1])), 0), true
	}
	if yearZero().MatchString(text) {
		return time.Unix(0, 0), true
	}
	text = spelled(text)
	d, rest := inFigures(figures, text)
	if d != (day{}) {
		d = order.turned(d)
	} else if d, rest = yearFirst(text); d == (day{}) {
		d, rest = inLetters(text)
	}
	if !d.exists() {
		return time.Time{}, false
	}
	t, rest = d.at(rest, zone)
	if t.IsZero() || strings.Trim(rest, " .") != "" {
		return time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, zone), false
	}
	return t, true
}

// A FigureOrder is that of day and month in dates in figures.
type FigureOrder int

const (
	EuropeanOrder FigureOrder = iota // the day first, unless the second figure can be no month
	AmericanOrder                    // the month first
	OpenOrder                        // where both can be, nobody knows
)

// turned takes the second figure of a day in figures for the day where it can be nothing else, or where the order has it there. Where that is open and both can
// be, there is none.
func (o FigureOrder) turned(d day) day {
	switch {
	case d.month > 12, o == AmericanOrder && d.day <= 12:
		d.day, d.month = d.month, d.day
	case o == OpenOrder && d.day <= 12 && d.day != d.month:
		return day{}
	}
	return d
}

// OrderIn is the order that dates are in, by those that leave no choice; otherwise where none does, or one this and one that.
func OrderIn(dates []string, otherwise FigureOrder) FigureOrder {
	var isEuropean, isAmerican bool
	for _, text := range dates {
		d, _ := inFigures(figures, spelled(text))
		isEuropean = isEuropean || d.day > 12 && d.month <= 12
		isAmerican = isAmerican || d.month > 12 && d.day <= 12
	}
	switch {
	case isEuropean == isAmerican:
		return otherwise
	case isAmerican:
		return AmericanOrder
	}
	return EuropeanOrder
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
