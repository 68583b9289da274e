package admission

import "time"

// How old a form may be when it comes back: no person reads, types and presses faster than the first, and a page that
// stood open for longer than the last is shown anew. The work is good for a shorter time, since it is done as the page
// is read.
const (
	Youngest = 2 * time.Second
	Oldest   = 24 * time.Hour
	WorkLife = 10 * time.Minute
)

// Age is what the time since a form was given out says about it.
type Age int

const (
	AgeRight Age = iota
	TooYoung
	TooOld
)

// AgeOf judges a form that comes back now. One from the future is too young: the clock was set back.
func AgeOf(given, now time.Time) Age {
	switch {
	case now.Before(given.Add(Youngest)):
		return TooYoung
	case !now.Before(given.Add(Oldest)):
		return TooOld
	}
	return AgeRight
}

// Worked reports that the work of a form was done, and in time. Where none is asked for, none is missing.
func Worked(stamp, solution string, bits int, given, now time.Time) bool {
	return bits == 0 || now.Before(given.Add(WorkLife)) && Solved(stamp, solution, bits)
}
