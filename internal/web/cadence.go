package web

import (
	"slices"
	"strconv"
	"strings"
)

// A cadence is how often a newsletter appears, as people say it.
type cadence struct {
	name  string // of the string
	Count int    // times a week
}

// cadenceOf reads it off a schedule, a cron specification. What is said of none of them is that an edition appears when
// it does.
func cadenceOf(schedule string) cadence {
	other := cadence{name: "cadence_other"}
	switch schedule {
	case "@daily", "@midnight":
		return cadence{name: "cadence_day"}
	case "@weekly":
		return cadence{name: "cadence_week"}
	case "@monthly":
		return cadence{name: "cadence_month"}
	}
	fields := strings.Fields(schedule) // minute, hour, day of the month, month, day of the week
	if len(fields) != 5 || !single(fields[0]) || !single(fields[1]) || !every(fields[3]) {
		return other
	}
	switch date, weekday := fields[2], fields[4]; {
	case every(date) && every(weekday):
		return cadence{name: "cadence_day"}
	case every(date):
		return weekly(weekdays(weekday), other)
	case every(weekday) && single(date):
		return cadence{name: "cadence_month"}
	}
	return other
}

func weekly(days int, other cadence) cadence {
	switch days {
	case 0:
		return other
	case 1:
		return cadence{name: "cadence_week"}
	case 7:
		return cadence{name: "cadence_day"}
	}
	return cadence{name: "cadence_times", Count: days}
}

func every(field string) bool { return field == "*" || field == "?" }

func single(field string) bool {
	_, err := strconv.ParseUint(field, 10, 8)
	return err == nil
}

// weekdays counts the days of a list such as "1,3-5" or "MON,THU". 0 is a list that it cannot read.
func weekdays(list string) int {
	named := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	day := func(text string) int {
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
		return slices.Index(named, strings.ToLower(text))
	}
	seen := map[int]bool{}
	for part := range strings.SplitSeq(list, ",") {
		from, to, ranged := strings.Cut(part, "-")
		first, last := day(from), day(from)
		if ranged {
			last = day(to)
		}
		if first < 0 || last > 7 || first > last {
			return 0
		}
		for d := first; d <= last; d++ {
			seen[d%7] = true
		}
	}
	return len(seen)
}
