package schedule

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"facteur/internal/newsletter"
)

// A Specification says which minutes of the calendar are slots. [Parse] makes one; the zero value is none.
//
// It is a crontab line of five fields, or one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly and
// @annually. As in POSIX crontab, a day counts if it matches day of month or day of week where both are restricted.
type Specification struct {
	text string
	rule *cron.SpecSchedule
}

// String is the specification as it was typed, with single spaces.
func (s Specification) String() string { return s.text }

// A SpecificationError says what is wrong with a specification as it was typed, and how to write it.
// It is a [newsletter.ErrInvalid].
type SpecificationError struct {
	Typed string
	Wrong string // a predicate: "has no hour 25"
	Write string // an imperative with an example
}

func (e *SpecificationError) Error() string {
	return fmt.Sprintf("cron specification %s %s: %s", quote(e.Typed), e.Wrong, e.Write)
}

// Hint is the second part of the error alone: how to write it.
func (e *SpecificationError) Hint() string { return e.Write }

func (e *SpecificationError) Unwrap() error { return newsletter.ErrInvalid }

// Parse reads a specification for slots. Whatever it accepts fires again and again; all else is a
// [SpecificationError], also what the library would panic on or read as something that was not meant.
func Parse(typed string) (Specification, error) {
	text, err := tidy(typed)
	if err != nil {
		return Specification{}, err
	}
	if _, every := interval(text); every {
		return Specification{}, &SpecificationError{text, "counts from the start of the program and names no minute",
			`write minutes of the calendar, such as "0 */6 * * *" for every six hours`}
	}
	if err := checkFields(text); err != nil {
		return Specification{}, err
	}
	parsed, err := parseStandard(text)
	rule, calendar := parsed.(*cron.SpecSchedule)
	if err != nil || !calendar {
		return Specification{}, &SpecificationError{text, "cannot be read", howToWrite}
	}
	rule.Location = time.UTC // the wall clock is read as if it were UTC, whatever the machine's own zone
	if rule.Next(time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Specification{}, &SpecificationError{text, "never fires: no such day is in the calendar",
			`write a day that the month has, such as "0 7 28 2 *"`}
	}
	return Specification{text: text, rule: rule}, nil
}

// parseStandard keeps a panic of the library, which is not maintained any more, from becoming ours.
func parseStandard(text string) (rule cron.Schedule, err error) {
	defer func() {
		if p := recover(); p != nil {
			rule, err = nil, fmt.Errorf("reading it panicked: %v", p)
		}
	}()
	return cron.ParseStandard(text)
}

// next is the first minute after wall that the specification names, both on the wall.
func (s Specification) next(wall time.Time) time.Time {
	for {
		if next := s.rule.Next(wall); !next.IsZero() {
			return next
		}
		wall = wall.AddDate(5, 0, 0) // the library looks five years ahead; 29 February can be eight away
	}
}
