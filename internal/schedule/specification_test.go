package schedule_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/schedule"
)

func TestParseSaysWhatIsWrongAndHowToWriteIt(t *testing.T) {
	for _, c := range []struct{ typed, wrong, write string }{
		{"", "is empty", `"0 7 * * MON"`},
		{" \t\n", "is empty", `"0 7 * * MON"`},
		{"0 7 * * " + strings.Repeat("1,", 300) + "1", "is too long", `"0 7 * * MON"`},
		{"TZ=", "names a time zone", "its own setting"},
		{"CRON_TZ=Europe/Paris", "names a time zone", "its own setting"},
		{"  TZ=Europe/Paris 0 7 * * *", "names a time zone", "its own setting"},
		{"0 7 * * * cron_tz=UTC", "names a time zone", "its own setting"},
		{"0 0 31 2 *", "never fires", `"0 7 28 2 *"`},
		{"0 0 31 4,6,9,11 *", "never fires", `"0 7 28 2 *"`},
		{"0 7 * *", "has 4 of 5 fields", "minute, hour, day of month, month and day of week"},
		{"0 0 7 * * MON", "has 6 of 5 fields", "minute, hour, day of month, month and day of week"},
		{"0 7 * * 7", "has the day of week 7", "Sunday as 0 or SUN"},
		{"0 7 * * 1-7", "has the day of week 7", "FRI,SAT,SUN"},
		{"0 7 * * FRI-SUN", `has no day of week in "FRI-SUN"`, "SUN-SAT"},
		{"0 7 * * MON#1", `has no day of week in "MON#1"`, "SUN-SAT"},
		{"0 7 * * lundi", `has no day of week in "lundi"`, "SUN-SAT"},
		{"0 7 L * *", `has no day of month in "L"`, "1-31"},
		{"0 7 0 * *", `has no day of month in "0"`, "1-31"},
		{"0 7 * 13 *", `has no month in "13"`, "1-12 or JAN-DEC"},
		{"0 25 * * *", `has no hour in "25"`, "0-23"},
		{"0 22-6 * * *", `has no hour in "22-6"`, "a rising range"},
		{"60 7 * * *", `has no minute in "60"`, "0-59"},
		{"-1 7 * * *", `has no minute in "-1"`, "0-59"},
		{"+5 7 * * *", `has no minute in "+5"`, "0-59"},
		{"*-5 7 * * *", `has no minute in "*-5"`, "0-59"},
		{", 7 * * *", `has no minute in ","`, "0-59"},
		{"0,,30 7 * * *", `has no minute in "0,,30"`, "0-59"},
		{"*/0 * * * *", `has no minute in "*/0"`, "0-59"},
		{"1/2/3 * * * *", `has no minute in "1/2/3"`, "0-59"},
		{"99999999999999999999 * * * *", "has no minute in", "0-59"},
		{"*/99999999999999999999 * * * *", "has the step", "*/15"},
		{"*/90 * * * *", `has the step "*/90", which the minute has no room for`, "*/15"},
		{"0 */24 * * *", `has the step "*/24", which the hour has no room for`, "0 */6"},
		{"@every 10m", "counts from the start of the program", `"0 */6 * * *"`},
		{"@every", "counts from the start of the program", `"0 */6 * * *"`},
		{"@reboot", "is not a known name", "@daily"},
		{"@Daily", "is not a known name", "@daily"},
		{"@everyone", "is not a known name", "@daily"},
	} {
		t.Run(c.typed, func(t *testing.T) {
			_, err := schedule.Parse(c.typed)
			var spec *schedule.SpecificationError
			if !errors.As(err, &spec) || !errors.Is(err, newsletter.ErrInvalid) {
				t.Fatalf("error is %v", err)
			}
			if !strings.Contains(spec.Wrong, c.wrong) || !strings.Contains(spec.Hint(), c.write) {
				t.Errorf("error is %q, want %q and %q in its two parts", err, c.wrong, c.write)
			}
			if len(err.Error()) > 300 || strings.ContainsAny(err.Error(), "\n\t") {
				t.Errorf("error is not one readable line: %q", err)
			}
		})
	}
}

func TestParseReadsWhatPeopleWrite(t *testing.T) {
	after := newsletter.Slot("2026-11-23T12:00") // a Monday
	for _, c := range []struct {
		typed, text string
		next        newsletter.Slot
	}{
		{"0 7 * * MON", "0 7 * * MON", "2026-11-30T07:00"},
		{"  0  7 *\t* mon ", "0 7 * * mon", "2026-11-30T07:00"},
		{"0\u00a07 * * mon", "0 7 * * mon", "2026-11-30T07:00"},
		{"*/15 * * * *", "*/15 * * * *", "2026-11-23T12:15"},
		{"30 6,18 * * 1-5", "30 6,18 * * 1-5", "2026-11-23T18:30"},
		{"05 07 1 JAN ?", "05 07 1 JAN ?", "2027-01-01T07:05"},
		{"0 7 1 * FRI", "0 7 1 * FRI", "2026-11-27T07:00"}, // either day, as in POSIX crontab
		{"0 7 29 2 *", "0 7 29 2 *", "2028-02-29T07:00"},
		{"@hourly", "@hourly", "2026-11-23T13:00"},
		{"@daily", "@daily", "2026-11-24T00:00"},
		{"@weekly", "@weekly", "2026-11-29T00:00"},
		{"@monthly", "@monthly", "2026-12-01T00:00"},
		{"@yearly", "@yearly", "2027-01-01T00:00"},
	} {
		t.Run(c.typed, func(t *testing.T) {
			s := parse(t, c.typed)
			if next, _ := s.After(after, time.UTC); next != c.next || s.String() != c.text {
				t.Errorf("%q: the slot after %s is %s, want %q and %s", s, after, next, c.text, c.next)
			}
		})
	}
}

func TestEveryValueOfEveryFieldMayBeListed(t *testing.T) {
	list := func(from, to int) string {
		var values []string
		for v := from; v <= to; v++ {
			values = append(values, fmt.Sprint(v))
		}
		return strings.Join(values, ",")
	}
	s := parse(t, strings.Join([]string{list(0, 59), list(0, 23), list(1, 31), list(1, 12), list(0, 6)}, " "))
	if next, _ := s.After("2026-11-23T12:00", time.UTC); next != "2026-11-23T12:01" {
		t.Errorf("the next slot is %s", next)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"0 7 * * MON", "@daily", "@every 10m", "TZ=", "CRON_TZ=Europe/Paris", "0 0 31 2 *", "*/15 6-22 1,15 jan ?",
		", , , , ,", "0/9223372036854775807 * * * *", "\x00 \xff * * *", "29 2 29 2 7", "* * * * */6"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		s, err := schedule.Parse(typed)
		if err != nil {
			if !errors.Is(err, newsletter.ErrInvalid) {
				t.Fatalf("%v is not ErrInvalid", err)
			}
			return
		}
		slot := newsletter.Slot("2096-03-01T00:00") // eight years before the next 29 February
		next, due := s.After(slot, time.UTC)
		if next <= slot || !due.Equal(next.Wall()) {
			t.Fatalf("%q: the slot after %s is %s, due at %s", typed, slot, next, due)
		}
		if again := parse(t, s.String()); again.String() != s.String() {
			t.Fatalf("%q is read again as %q", s, again)
		}
	})
}

func parse(t interface {
	Helper()
	Fatal(...any)
}, typed string) schedule.Specification {
	t.Helper()
	s, err := schedule.Parse(typed)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
