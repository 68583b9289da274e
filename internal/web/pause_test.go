package web_test

import (
	"strings"
	"testing"
	"time"
)

// A month that begins on the 31st ends with the next month, and not in the one after it.
func TestAPauseOfAMonthEndsWithinTheNext(t *testing.T) {
	for today, want := range map[string][2]string{
		"2027-01-31": {"2027-02-28", "2027-04-30"},
		"2028-01-31": {"2028-02-29", "2028-04-30"},
		"2026-11-30": {"2026-12-30", "2027-02-28"},
		"2026-12-15": {"2027-01-15", "2027-03-15"},
	} {
		for i, choice := range []string{"month", "quarter"} {
			p := newPeople()
			o := ownOptions(t, p)
			day, err := time.ParseInLocation(time.DateOnly, today, paris(t))
			if err != nil {
				t.Fatal(err)
			}
			o.Now = func() time.Time { return day.Add(12 * time.Hour) }
			submit(site(t, o), "/z/zGood", "act=pause", "until="+choice)
			if len(p.did) != 1 || !strings.HasPrefix(p.did[0], "pause until "+want[i]) {
				t.Errorf("a %s from %s: %v, want %s", choice, today, p.did, want[i])
			}
		}
	}
}

// A reader of the only newsletter is not told of others.
func TestAPauseOfTheOnlyLetterIsOfOne(t *testing.T) {
	h := site(t, ownOptions(t, newPeople()))
	for path, said := range map[string]string{
		"/p/pBoth": "Une pause vaut pour toutes les lettres que vous recevez. Elles reprennent", "/p/pCeased": "Pendant une pause, vous ne recevez pas la lettre. Elle reprend",
	} {
		if got := text(usable(t, get(h, path))); !strings.Contains(got, said+" d’elle") {
			t.Errorf("%s does not say %q: %s", path, said, got)
		}
	}
}
