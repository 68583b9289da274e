package typography_test

import (
	"testing"
	"time"

	"facteur/internal/typography"
)

func TestDate(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Skip("no time zones on this machine:", err)
	}
	for _, test := range []struct {
		at     time.Time
		fr, en string
	}{
		{time.Date(2026, 11, 23, 8, 0, 0, 0, paris), "lundi 23\u00a0novembre\u00a02026", "Monday 23\u00a0November\u00a02026"},
		{time.Date(2026, 12, 1, 8, 0, 0, 0, paris), "mardi 1er\u00a0décembre\u00a02026", "Tuesday 1\u00a0December\u00a02026"},
		{time.Date(2026, 8, 2, 8, 0, 0, 0, paris), "dimanche 2\u00a0août\u00a02026", "Sunday 2\u00a0August\u00a02026"},
		{time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC).In(paris), "vendredi 1er\u00a0janvier\u00a02027", "Friday 1\u00a0January\u00a02027"},
	} {
		if got := typography.Date(test.at, "fr"); got != test.fr {
			t.Errorf("%v: %q, want %q", test.at, got, test.fr)
		}
		if got := typography.Date(test.at, "en"); got != test.en {
			t.Errorf("%v: %q, want %q", test.at, got, test.en)
		}
	}
}

// A day that is filled in for another moves nothing.
func TestDay(t *testing.T) {
	for _, test := range []struct {
		at     time.Time
		fr, en string
	}{
		{time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), "24/11/2026", "24\u00a0Nov\u00a02026"},
		{time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), "01/05/2026", "01\u00a0May\u00a02026"},
		{time.Time{}, "01/01/0001", "01\u00a0Jan\u00a00001"},
	} {
		if got := typography.Day(test.at, "fr"); got != test.fr {
			t.Errorf("%v: %q, want %q", test.at, got, test.fr)
		}
		if got := typography.Day(test.at, "en"); got != test.en {
			t.Errorf("%v: %q, want %q", test.at, got, test.en)
		}
	}
}

func TestTime(t *testing.T) {
	for _, test := range []struct {
		hour, minute int
		fr, en       string
	}{
		{8, 30, "8~h~30", "8:30"},
		{8, 5, "8~h~05", "8:05"},
		{18, 0, "18~h", "18:00"},
		{0, 0, "0~h", "0:00"},
	} {
		at := time.Date(2026, 11, 23, test.hour, test.minute, 0, 0, time.UTC)
		if got := typography.Time(at, "fr"); got != spaces.Replace(test.fr) {
			t.Errorf("%v: %q, want %q", at, got, test.fr)
		}
		if got := typography.Time(at, "en"); got != test.en {
			t.Errorf("%v: %q, want %q", at, got, test.en)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, test := range []struct {
		n      int
		fr, en string
	}{
		{0, "0", "0"},
		{999, "999", "999"},
		{1000, "1~000", "1,000"},
		{12345, "12~345", "12,345"},
		{1234567, "1~234~567", "1,234,567"},
		{-12345, "−12~345", "−12,345"},
		{-123, "−123", "−123"},
	} {
		if got := typography.Number(test.n, "fr"); got != spaces.Replace(test.fr) {
			t.Errorf("%d: %q, want %q", test.n, got, test.fr)
		}
		if got := typography.Number(test.n, "en"); got != test.en {
			t.Errorf("%d: %q, want %q", test.n, got, test.en)
		}
	}
}

func TestReadingTime(t *testing.T) {
	for _, test := range []struct {
		words  int
		fr, en string
	}{
		{0, "1~min de lecture", "1~min read"},
		{1, "1~min de lecture", "1~min read"},
		{204, "1~min de lecture", "1~min read"},
		{205, "2~min de lecture", "1~min read"},
		{239, "2~min de lecture", "2~min read"},
		{2040, "10~min de lecture", "9~min read"},
		{60 * 204, "60~min de lecture", "52~min read"},
		{60*204 + 1, "plus d’une heure de lecture", "52~min read"},
		{60*238 + 1, "plus d’une heure de lecture", "more than an hour’s read"},
	} {
		if got := typography.ReadingTime(test.words, "fr"); got != spaces.Replace(test.fr) {
			t.Errorf("%d words: %q, want %q", test.words, got, test.fr)
		}
		if got := typography.ReadingTime(test.words, "en"); got != spaces.Replace(test.en) {
			t.Errorf("%d words: %q, want %q", test.words, got, test.en)
		}
	}
}

func TestFiguresAreSetAlready(t *testing.T) {
	at := time.Date(2026, 12, 1, 18, 5, 0, 0, time.UTC)
	for _, text := range []string{
		typography.Date(at, "fr"), typography.Time(at, "fr"), typography.Number(1234567, "fr"), typography.ReadingTime(900, "fr"),
	} {
		if got := typography.French(text); got != text {
			t.Errorf("French(%q) = %q", text, got)
		}
	}
}
