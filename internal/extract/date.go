package extract

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"facteur/internal/newsletter"
)

// A day is one of the calendar as somebody wrote it, which need not exist.
type day struct{ year, month, day int }

func (d day) exists() bool {
	t := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	return t.Year() == d.year && int(t.Month()) == d.month && t.Day() == d.day
}

// Names of the calendar, in French and English.
const (
	monthName = `(?:janv(?:ier)?|jan(?:uary)?|f[ée]vr(?:ier)?|feb(?:ruary)?|mars|mar(?:ch)?|avr(?:il)?|apr(?:il)?|mai|may|juin|june?|juil(?:let)?|july?|ao[ûu]t|aug(?:ust)?|sept?(?:embre|ember)?|oct(?:obre|ober)?|nov(?:embre|ember)?|d[ée]c(?:embre|ember)?)`
	weekday   = `(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day)`
)

// wholeDay is a day with its year, as people write it.
const wholeDay = `(?:` + weekday + `,?\s+)?(?:[0-9]{1,2}(?:er)?\s+` + monthName + `\.?\s+|` + monthName + `\.?\s+[0-9]{1,2},?\s+|[0-9]{1,2}[/.-][0-9]{1,2}[/.-])[0-9]{4}`

// Days as programs write them in words, such as "mercredi 25 novembre 2026", and "November 25th, 2026".
var (
	dayFirst   = expression(`(?i)\b([0-9]{1,2})(?:er|st|nd|rd|th)?\s+(?:of\s+)?(` + monthName + `)\.?,?\s+([0-9]{4})\b`)
	monthFirst = expression(`(?i)\b(` + monthName + `)\.?\s+([0-9]{1,2})(?:er|st|nd|rd|th)?,?\s+([0-9]{4})\b`)
)

// inLetters finds a day in a text, and what stands behind it; the zero day: there is none.
func inLetters(text string) (day, string) {
	if at := dayFirst().FindStringSubmatchIndex(text); at != nil {
		return day{number(text[at[6]:at[7]]), monthOf(text[at[4]:at[5]]), number(text[at[2]:at[3]])}, text[at[1]:]
	}
	if at := monthFirst().FindStringSubmatchIndex(text); at != nil {
		return day{number(text[at[6]:at[7]]), monthOf(text[at[2]:at[3]]), number(text[at[4]:at[5]])}, text[at[1]:]
	}
	return day{}, ""
}

// monthOf is the number of a month by its name.
func monthOf(name string) int {
	name = newsletter.SectionKey(name)
	beginnings := [...][]string{{"jan"}, {"fev", "feb"}, {"mar"}, {"av", "ap"}, {"mai", "may"}, {"juin", "jun"}, {"juil", "jul"}, {"ao", "aug"}, {"s"}, {"o"}, {"n"}, {"d"}}
	return 1 + slices.IndexFunc(beginnings[:], func(of []string) bool {
		return slices.ContainsFunc(of, func(begin string) bool { return strings.HasPrefix(name, begin) })
	})
}

// Days in figures: as a text begins of which nobody says which figure is the day, and within a line, where Europe writes the day first, or the year (ISO 8601).
var (
	figures  = expression(`^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\b`)
	numbered = expression(`\b([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]((?:19|20)[0-9]{2})\b`)
	yearly   = expression(`\b((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})(?:\b|T)`)
)

// inFigures finds a day in a text as written in a form, with the day first, and what stands behind it; the zero day: there is none.
func inFigures(form pattern, text string) (day, string) {
	at := form().FindStringSubmatchIndex(text)
	if at == nil {
		return day{}, ""
	}
	return day{number(text[at[6]:at[7]]), number(text[at[4]:at[5]]), number(text[at[2]:at[3]])}, text[at[1]:]
}

func number(figures string) int {
	n, _ := strconv.Atoi(figures) // no figures are 0
	return n
}

// hourBehind finds an hour and its zone behind a day, such as " à 8h15", " - 10 h" or ", 9:30:00 PM +0100 (CET)". Names of zones are in capitals: in
// "8h est prévu" there is none.
var hourBehind = expression(`(?i)^(?:[^\pL\pN]|à|at|T){1,6}([0-9]{1,2})` +
	`(?:\s?(?:h|heures?)\s?([0-9]{2})(?:\s?mi?n)?|\s?(?:h|heures?)|\s?:\s?([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?)(?:\s?([ap])\.?m\b\.?|\b|T)` +
	`(?:\s?\(?((?:UTC|GMT)?\s?[+-][0-9]{1,2}(?::?[0-9]{2})?|(?-i:Z|[A-Z]{2,4}))\b\)?(?:\s?\([A-Z]{1,5}\))?)?`)

// at is the instant of a day in a zone, by what stands behind it, and what of that does not tell the hour. The zero time: no such day or hour exists.
func (d day) at(behind string, zone *time.Location) (t time.Time, rest string) {
	if !d.exists() {
		return time.Time{}, behind
	}
	found := hourBehind().FindStringSubmatch(behind)
	if found == nil {
		return time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, zone), behind
	}
	hour, minute, second := number(found[1]), number(found[2]+found[3]), number(found[4])
	if half := strings.ToLower(found[5]); half != "" {
		if hour < 1 || hour > 12 {
			return time.Time{}, behind
		}
		hour %= 12
		if half == "p" {
			hour += 12
		}
	}
	if hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, behind
	}
	rest = behind[len(found[0]):]
	if found[6] != "" {
		given, known := zoneOf(found[6])
		if !known { // it is a word, or a zone of which nobody knows which
			rest = found[6] + rest
		} else {
			zone = given
		}
	}
	return time.Date(d.year, time.Month(d.month), d.day, hour, minute, second, 0, zone), rest
}

// nameBehind finds the name of a zone at the end of a date, behind which a year may stand.
var nameBehind = expression(`[0-9]\s?([A-Z]{1,5})\)?(?: [0-9]{4})?$`)

// offset finds the hours and minutes by which a zone is away from UTC.
var offset = expression(`([+-])([0-9]{1,2}):?([0-9]{2})?$`)

// furthest, in hours, is how far a zone may be away from UTC.
const furthest = 14

// zoneOf is a zone by its distance to UTC, or by the short name that those of Europe and North America have.
func zoneOf(text string) (*time.Location, bool) {
	seconds := 0
	if found := offset().FindStringSubmatch(text); found != nil {
		hours, minutes := number(found[2]), number(found[3])
		if hours > furthest || minutes > 59 {
			return nil, false
		}
		if seconds = hours*3600 + minutes*60; found[1] == "-" {
			seconds = -seconds
		}
		return time.FixedZone("", seconds), true
	}
	switch text {
	case "Z", "UT", "UTC", "GMT", "WET":
		return time.UTC, true
	case "CET", "WEST", "BST":
		return time.FixedZone("", 3600), true
	case "CEST", "EET":
		return time.FixedZone("", 2*3600), true
	case "EEST":
		return time.FixedZone("", 3*3600), true
	case "EDT":
		return time.FixedZone("", -4*3600), true
	case "EST", "CDT":
		return time.FixedZone("", -5*3600), true
	case "CST", "MDT":
		return time.FixedZone("", -6*3600), true
	case "MST", "PDT":
		return time.FixedZone("", -7*3600), true
	case "PST":
		return time.FixedZone("", -8*3600), true
	}
	return nil, false
}
