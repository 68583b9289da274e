package render

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/typography"
)

// appearances tell of each newsletter when it appears and what is in it, as far as the settings say it.
func (b *builder) appearances(about []newsletter.Newsletter) []string {
	var all []string
	for i, name := range b.names(about) {
		var said []string
		if days, at := b.cadence(about[i].Schedule); days != "" {
			said = append(said, b.text("appears", map[string]any{"Name": name, "Days": days, "Time": at}))
		}
		var sections []string
		for _, s := range about[i].Sections {
			sections = append(sections, Line(s.Title, about[i].Language))
		}
		if len(sections) > 0 {
			said = append(said, b.text("contents", map[string]any{"Name": name, "Sections": b.list(sections)}))
		}
		if len(said) > 0 {
			all = append(all, strings.Join(said, " "))
		}
	}
	return all
}

// cadence says a cron specification in words, such as "chaque mardi" and "7 h". One that says more than days of the week
// and a time has no words, and both are empty.
func (b *builder) cadence(specification string) (days, at string) {
	fields := strings.Fields(specification)
	if len(fields) != 5 || fields[2] != "*" || fields[3] != "*" {
		return "", ""
	}
	minute, wrongMinute := strconv.Atoi(fields[0])
	hour, wrongHour := strconv.Atoi(fields[1])
	week := weekdays(strings.ToLower(fields[4]))
	if wrongMinute != nil || wrongHour != nil || len(week) == 0 {
		return "", ""
	}
	at = typography.Time(time.Date(2000, 1, 1, hour, minute, 0, 0, time.UTC), b.lang)
	switch {
	case len(week) == 7:
		return b.text("every_day", nil), at
	case slices.Equal(week, []int{1, 2, 3, 4, 5}):
		return b.text("working_days", nil), at
	}
	names := make([]string, len(week))
	for i, day := range week {
		names[i] = b.text("day_"+strconv.Itoa(day), nil)
	}
	return b.text("some_days", map[string]any{"Days": b.list(names)}), at
}

// weekdays reads the last field of a crontab line as days from 1, Monday, to 7; none if it is not understood.
func weekdays(field string) []int {
	if field == "*" {
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
