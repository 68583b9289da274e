package render

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/typography"
)

// A Cadence is when a newsletter appears, as far as people can be told in a few words: on some days of the week or once
// a month, at one time.
type Cadence struct {
	Days         []int // of the week, from 1, Monday, to 7, in order; none: monthly, or too much for a few words
	Hour, Minute int
	monthly      bool
}

// CadenceOf reads it off a schedule, a cron specification.
func CadenceOf(schedule string) Cadence {
	fields := strings.Fields(spelledOut(schedule)) // minute, hour, day of the month, month, day of the week
	if len(fields) != 5 || !every(fields[3]) {
		return Cadence{}
	}
	minute, wrongMinute := strconv.ParseUint(fields[0], 10, 8)
	hour, wrongHour := strconv.ParseUint(fields[1], 10, 8)
	_, wrongDate := strconv.ParseUint(fields[2], 10, 8)
	c := Cadence{Hour: int(hour), Minute: int(minute)}
	switch date, weekday := fields[2], fields[4]; {
	case wrongMinute != nil || wrongHour != nil:
	case every(date):
		c.Days = weekdays(strings.ToLower(weekday))
	case every(weekday):
		c.monthly = wrongDate == nil
	}
	return c
}

// spelledOut writes a short name of a schedule as the five fields that it stands for.
func spelledOut(schedule string) string {
	switch schedule {
	case "@daily", "@midnight":
		return "0 0 * * *"
	case "@weekly":
		return "0 0 * * 0"
	case "@monthly":
		return "0 0 1 * *"
	}
	return schedule
}

func every(field string) bool { return field == "*" || field == "?" }

// Often is how often that is: "day", "week", "times" a week, "month", or "other".
func (c Cadence) Often() string {
	switch n := len(c.Days); {
	case n == 7:
		return "day"
	case n == 1:
		return "week"
	case n > 1:
		return "times"
	case c.monthly:
		return "month"
	}
	return "other"
}

// Count is on how many days of the week.
func (c Cadence) Count() int { return len(c.Days) }

// appearances tell of each newsletter when it appears and what is in it, as far as the settings say it.
func (b *builder) appearances(about []newsletter.Newsletter) []string {
	var all []string
	for i, name := range b.names(about) {
		var said []string
		contents := "contents"
		c := CadenceOf(about[i].Schedule)
		switch days, at := b.cadence(c); {
		case days != "":
			said = append(said, b.text("appears", map[string]any{"Name": name, "Days": days, "Time": at}))
		case c.monthly:
			said = append(said, b.text("appears_month", map[string]any{"Name": name}))
		default:
			contents = "contents_of"
		}
		var sections []string
		for _, s := range about[i].Sections {
			sections = append(sections, Line(s.Title, about[i].Language))
		}
		if len(sections) > 0 {
			said = append(said, b.text(contents, map[string]any{"Name": name, "Sections": b.list(sections)}))
		}
		if len(said) > 0 {
			all = append(all, strings.Join(said, " "))
		}
	}
	return all
}

// cadence says in words on which days of the week and at what time, such as "chaque mardi" and "7 h". Both are empty where
// that cannot be said.
func (b *builder) cadence(c Cadence) (days, at string) {
	if len(c.Days) == 0 {
		return "", ""
	}
	at = typography.Time(time.Date(2000, 1, 1, c.Hour, c.Minute, 0, 0, time.UTC), b.lang)
	switch {
	case len(c.Days) == 7:
		return b.text("every_day", nil), at
	case slices.Equal(c.Days, []int{1, 2, 3, 4, 5}):
		return b.text("working_days", nil), at
	}
	names := make([]string, len(c.Days))
	for i, day := range c.Days {
		names[i] = b.text("day_"+strconv.Itoa(day), nil)
	}
	return b.text("some_days", map[string]any{"Days": b.list(names)}), at
}

// weekdays reads the last field of a crontab line as days from 1, Monday, to 7; none if it is not understood.
func weekdays(field string) []int {
	if every(field) {
		field = "1-7"
	}
	var days []int
	for part := range strings.SplitSeq(field, ",") {
		from, to, isRange := strings.Cut(part, "-")
		first := weekday(from)
		last := first
		if isRange {
			last = weekday(to)
		}
		if from == "0" && isRange { // a week that begins with Sunday
			days, first = append(days, 7), 1
		}
		if first == 0 || last < first {
			return nil
		}
		for day := first; day <= last; day++ {
			days = append(days, day)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func weekday(written string) int {
	switch n, err := strconv.Atoi(written); {
	case err == nil && n == 0:
		return 7
	case err == nil && n <= 7:
		return n
	case err != nil && len(written) == 3:
		return (strings.Index("montuewedthufrisatsun", written) + 3) / 3
	}
	return 0
}
