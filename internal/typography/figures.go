package typography

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is the day of t in t's own zone: "mardi 1er décembre 2026", "Tuesday 1 December 2026". No line breaks between the
// day and the year.
func Date(t time.Time, lang string) string {
	if !isFrench(lang) {
		return t.Format("Monday 2" + noBreak + "January" + noBreak + "2006")
	}
	weekdays := [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	months := [...]string{"janvier", "février", "mars", "avril", "mai", "juin",
		"juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s"+noBreak+"%s"+noBreak+"%d", weekdays[t.Weekday()], day, months[t.Month()-1], t.Year())
}

// Day is the day of t in t's own zone in figures, always of the same length in one language: "01/12/2026", "01 Dec 2026".
// No line breaks within it.
func Day(t time.Time, lang string) string {
	if !isFrench(lang) {
		return t.Format("02" + noBreak + "Jan" + noBreak + "2006")
	}
	return t.Format("02/01/2006")
}

// Time is the time of day of t in t's own zone, on 24 hours: "8 h 30" with no-break spaces and "8 h" for the full
// hour, "8:30" in English.
func Time(t time.Time, lang string) string {
	switch {
	case !isFrench(lang):
		return fmt.Sprintf("%d:%02d", t.Hour(), t.Minute())
	case t.Minute() == 0:
		return fmt.Sprintf("%d%sh", t.Hour(), noBreak)
	}
	return fmt.Sprintf("%d%sh%s%02d", t.Hour(), noBreak, noBreak, t.Minute())
}

// Number is n in groups of three digits: "12 345" with no-break spaces, "12,345" in English.
func Number(n int, lang string) string {
	separator := ","
	if isFrench(lang) {
		separator = noBreak
	}
	digits, negative := strings.CutPrefix(strconv.Itoa(n), "-")
	if negative {
		return "−" + groupDigits(digits, separator)
	}
	return groupDigits(digits, separator)
}

func groupDigits(digits, separator string) string {
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, groups...), separator)
}

// Silent reading of non-fiction by adults, in words a minute. English: M. Brysbaert, "How many words do we read per
// minute? A review and meta-analysis of reading rate", Journal of Memory and Language 109 (2019). French: the same
// rate times 195/228, the ratio of the two languages in the International Reading Speed Texts (S. Trauzettel-Klosinski
// and K. Dietz, Investigative Ophthalmology & Visual Science 53 (2012), 5452–5461).
const (
	englishWordsPerMinute = 238
	frenchWordsPerMinute  = 204
)

// ReadingTime is how long so many words take to read, in minutes rounded up and never less than one: "2 min de
// lecture", "2 min read". Beyond an hour the minutes say nothing more: "plus d’une heure de lecture".
func ReadingTime(words int, lang string) string {
	rate, read := englishWordsPerMinute, "read"
	if isFrench(lang) {
		rate, read = frenchWordsPerMinute, "de lecture"
	}
	minutes := max(1, (words+rate-1)/rate)
	switch {
	case minutes > 60 && isFrench(lang):
		return "plus d’une heure de lecture"
	case minutes > 60:
		return "more than an hour’s read"
	}
	return Number(minutes, lang) + noBreak + "min " + read
}
