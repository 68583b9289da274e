package schedule

import "time"

// Longest is how much time passes at most between a slot and the next, with what the clock of the zone is set back meanwhile. It looks at 28 years,
// after which weekdays and leap years come as before: the common year 2100 is not foreseen, nor are changes of a zone's law.
func (s Specification) Longest(zone *time.Location) time.Duration {
	days := *s.rule
	days.Minute, days.Hour = 1, 1 // midnight alone
	midnights := Specification{rule: &days}
	from := time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(28, 0, 0)

	day := midnights.next(from)
	first, last, longest := s.inDay(day)
	for day.Before(to) {
		next := midnights.next(day.Add(24*time.Hour - time.Second)) // so late that the library has no seconds to count
		longest = max(longest, next.Add(first).Sub(day.Add(last)))
		day = next
	}
	return longest + span(zone, from, to)
}

// inDay is when the first and the last slot of a day are, by the wall, and the longest time between two of it. All days with slots are alike.
func (s Specification) inDay(day time.Time) (first, last, longest time.Duration) {
	wall := s.next(day.Add(-time.Minute))
	first = wall.Sub(day)
	for next := wall; next.Before(day.AddDate(0, 0, 1)); next = s.next(next) {
		longest = max(longest, next.Sub(wall))
		wall = next
	}
	return first, wall.Sub(day), longest
}

// span is how far apart the offsets of a zone are, of which none lasts for less than a week. A slot is due between its minute at the greatest of them
// and that at the least.
func span(zone *time.Location, from, to time.Time) time.Duration {
	_, least := from.In(zone).Zone()
	greatest := least
	for at := from; at.Before(to); at = at.AddDate(0, 0, 7) {
		_, offset := at.In(zone).Zone()
		least, greatest = min(least, offset), max(greatest, offset)
	}
	return time.Duration(greatest-least) * time.Second
}
