package source

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"facteur/internal/render"
)

// mostAhead is how far ahead an article can be dated that waits for its day. Beyond, a year was mistyped.
const mostAhead = 366 * 24 * time.Hour

// published is the date of an entry, and what is odd about it. One that no article can have counts as not given.
func (r feedReader) published(item *gofeed.Item) (at time.Time, remark string) {
	text, updated := strings.TrimSpace(item.Published), strings.TrimSpace(item.Updated)
	t := r.date(text, item.PublishedParsed)
	counts, isRead := "it counts as published when it came", !t.IsZero()
	if !isRead {
		t = r.date(updated, item.UpdatedParsed)
		switch {
		case text == "" || text == updated:
			text, isRead = updated, !t.IsZero()
		case !t.IsZero():
			counts = "that of its latest change counts"
		}
	}
	at = plausible(t, r.now)
	about := fmt.Sprintf("the date %q of “%s”", cut(text, maxShown), cut(render.Summary(item.Title), maxShown))
	switch {
	case text == "":
		return at, ""
	case !isRead:
		return at, about + " cannot be read: " + counts
	case at.IsZero():
		return at, about + " is before 1990 or more than a year ahead: " + counts
	}
	return at, ""
}

// plausible is a date that an article can have; another is none.
func plausible(t, now time.Time) time.Time {
	if t.UTC().Year() < 1990 || t.Sub(now) > mostAhead {
		return time.Time{}
	}
	return t.UTC()
}

// date reads a date that the library has read, or not; the zero time: there is none, or not all of it can be read. What begins with figures is not
// left to the library, which finds some order in which they are a date.
func (r feedReader) date(text string, parsed *time.Time) time.Time {
	text = strings.Join(strings.Fields(text), " ")
	if figures.MatchString(text) {
		d, rest := inFigures(figures, text)
		return r.whole(r.turned(d), rest)
	}
	if parsed != nil {
		return r.inZone(text, *parsed)
	}
	d, rest := inLetters(text)
	return r.whole(d, rest)
}

// whole is the instant of a day, unless something behind it is no hour.
func (r feedReader) whole(d day, behind string) time.Time {
	t, rest := d.at(behind, r.zone)
	if strings.Trim(rest, " .") != "" {
		return time.Time{}
	}
	return t
}

// turned takes the second figure for the day where it can be nothing else. An English feed leaves open which it is where both can be: then there is none.
func (r feedReader) turned(d day) day {
	switch english := strings.HasPrefix(strings.ToLower(r.feed.Language), "en"); {
	case d.month > 12:
		d.day, d.month = d.month, d.day
	case english && d.day <= 12 && d.day != d.month:
		return day{}
	}
	return d
}

// What says at the end of a date in which zone it is: a distance to UTC, or a name, behind which a year may stand.
var (
	distanceBehind = regexp.MustCompile(`(?:[+-][0-9]{1,2}:?[0-9]{2}(?::[0-9]{2})?|:[0-9]{2}\s?[+-][0-9]{2})(?:\s?\(?[A-Z]{1,5}\)?)?$`)
	nameBehind     = regexp.MustCompile(`[0-9]\s?([A-Z]{1,5})\)?(?: [0-9]{4})?$`)
)

// inZone reads a date that names no zone on the clock of the source. One with the name of a zone that nobody knows for certain is none.
func (r feedReader) inZone(text string, t time.Time) time.Time {
	if distanceBehind.MatchString(text) {
		return t
	}
	name := nameBehind.FindStringSubmatch(text)
	if name == nil || name[1] == "AM" || name[1] == "PM" {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, r.zone)
	}
	if _, known := zoneOf(name[1]); !known {
		return time.Time{}
	}
	return t
}
