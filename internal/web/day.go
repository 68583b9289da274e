package web

import (
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/typography"
)

// longestPause is how many days ahead a pause may end: a year.
const longestPause = 365

// How a form says until when to pause.
const (
	untilField   = "until"
	untilKept    = "kept" // each pause that is on ends when it would have
	untilNone    = "none"
	untilMonth   = "month"
	untilQuarter = "quarter"
	untilDay     = "day" // the one in dayField
	dayField     = "day"
)

// A calendar is what a page offers as the end of a pause. A pause ends when a day begins, in the newsletter's zone.
type calendar struct {
	lang  string
	today time.Time // its beginning

	Month, Quarter string // the days that are offered, as people say them
	Min, Max       string // the other days that may be chosen, as <input type="date"> wants them
	First, Last    string // the same, as people say them
	Example        string // as people type it
}

func (s *site) calendar(letter newsletter.Newsletter) calendar {
	zone := letter.Zone
	if zone == nil {
		zone = time.UTC
	}
	year, month, day := s.Now().In(zone).Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, zone)
	c := calendar{lang: letter.Language, today: today}
	c.Month, c.Quarter = c.say(inMonths(today, 1)), c.say(inMonths(today, 3))
	first, last := today.AddDate(0, 0, 1), today.AddDate(0, 0, longestPause)
	c.Min, c.Max = first.Format(time.DateOnly), last.Format(time.DateOnly)
	c.First, c.Last = c.say(first), c.say(last)
	c.Example = inMonths(today, 1).Format("02/01/2006")
	return c
}

// say is a day as people say it.
func (c calendar) say(t time.Time) string { return typography.Date(t.In(c.today.Location()), c.lang) }

// until reads the end of a pause from what a form says, and reports whether it may be chosen.
func (c calendar) until(choice, typed string) (time.Time, bool) {
	switch choice {
	case untilMonth:
		return inMonths(c.today, 1), true
	case untilQuarter:
		return inMonths(c.today, 3), true
	case untilDay:
		day, ok := parseDay(typed, c.today.Location())
		return day, ok && day.After(c.today) && !day.After(c.today.AddDate(0, 0, longestPause))
	}
	return time.Time{}, false
}

// inMonths is the same day so many months later, or the last of that month where it has no such day.
func inMonths(day time.Time, months int) time.Time {
	later := day.AddDate(0, months, 0)
	if later.Day() != day.Day() {
		later = later.AddDate(0, 0, -later.Day())
	}
	return later
}

// parseDay reads a day as browsers send it, or as people type it where a browser has no field for dates.
func parseDay(text string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2/1/2006"} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
