package web

import (
	"testing"
	"time"

	"facteur/internal/newsletter"
)

func TestCalendarOfANewsletter(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*60*60)
	s := &site{Options: Options{Now: func() time.Time { return time.Date(2027, 2, 28, 20, 0, 0, 0, time.UTC) }}}
	c := s.calendar(newsletter.Newsletter{Language: "fr", Zone: tokyo})
	if c.Min != "2027-03-02" || c.Max != "2028-02-29" || c.Month != "jeudi 1er\u00a0avril\u00a02027" || c.Example != "01/04/2027" {
		t.Errorf("in Tokyo it is 1 March: %+v", c)
	}
	if until, ok := c.until(untilDay, c.Max); !ok || until.After(s.Now().AddDate(1, 0, 0)) {
		t.Errorf("the last day is %s, %v", until, ok)
	}
}

// FuzzParseDay reads any text as a day: without a panic, and only as the beginning of a day.
func FuzzParseDay(f *testing.F) {
	for _, seed := range []string{"2026-12-24", "24/12/2026", "4/2/2027", "31/02/2027", "2026-13-01", "", "demain", "24/12/26", "99999-01-01", "2026-12-24T00:00:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		day, ok := parseDay(text, time.UTC)
		if !ok {
			return
		}
		if day.Hour() != 0 || day.Minute() != 0 || day.Nanosecond() != 0 {
			t.Errorf("%q is %s", text, day)
		}
		if again, ok := parseDay(day.Format(time.DateOnly), time.UTC); !ok || !again.Equal(day) {
			t.Errorf("%q is %s, and that is %s", text, day, again)
		}
	})
}
