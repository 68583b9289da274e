package collect

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"facteur/internal/newsletter"
)

const (
	// leastWait and mostWait bound how long a far source is left alone that failed; each failure doubles it.
	leastWait = 5 * time.Minute
	mostWait  = 6 * time.Hour
	// mostAsked bounds what a server may ask for.
	mostAsked = 24 * time.Hour

	// A source stays broken that failed so often and for so long: servers are away for an hour in a night, and nobody wants to hear.
	stubbornTries = 3
	stubbornTime  = 3 * time.Hour
)

// after says what becomes of a source by how its reading ended, and what the operator is told.
func (s SourceState) after(err error, of Source, operator string, now time.Time, zone *time.Location) (SourceState, *newsletter.Notice) {
	s.Tried = now
	if err == nil {
		s.Succeeded, s.Failing, s.Failures, s.Next, s.Trouble, s.Told = now, time.Time{}, 0, time.Time{}, Trouble{}, false
		return s, nil
	}
	s.Trouble = troubleOf(err)
	if s.Failures++; s.Failing.IsZero() {
		s.Failing = now
	}
	s.Next = time.Time{}
	if of.Far {
		s.Next = now.Add(leaveAlone(s.Failures, err))
	}
	if operator == "" || s.Told || s.Failures < stubbornTries || now.Sub(s.Failing) < stubbornTime {
		return s, nil
	}
	s.Told = true
	return s, brokenNotice(operator, of, s, zone)
}

// troubleOf is an error as people are told it.
func troubleOf(err error) Trouble {
	if t, ok := errors.AsType[Trouble](err); ok {
		return Trouble{What: line(t.What), Do: line(t.Do)}
	}
	return Trouble{What: line(err.Error()), Do: "it is tried again by itself; facteur source fetch tries it at once"}
}

// line makes a text, a part of which may be foreign, fit for one line of a terminal.
func line(text string) string { return printable(strings.ReplaceAll(text, "\n", "; ")) }

// leaveAlone is how long a far source is not asked after so many failures, or for as long as its server asks for.
func leaveAlone(failures int, err error) time.Duration {
	wait := min(leastWait<<min(failures-1, 10), mostWait)
	var asked interface{ RetryAfter() time.Duration }
	if errors.As(err, &asked) {
		wait = max(wait, min(asked.RetryAfter(), mostAsked))
	}
	return wait
}

func brokenNotice(to string, of Source, s SourceState, zone *time.Location) *newsletter.Notice {
	return &newsletter.Notice{
		To: to, Subject: fmt.Sprintf("source %s: nothing comes from it any more", of.Name),
		Text: strings.Join([]string{
			fmt.Sprintf("The source %s (%s) cannot be read since %s: %s.", of.Name, of.Place, s.Failing.In(zone).Format("2006-01-02 15:04 MST"), s.Trouble.What),
			"To do: " + s.Trouble.Do + ".",
			"",
			"What came from it before stays, and the other sources go on. It is tried again by itself, and you are not told again until it has worked.",
			"How it stands: facteur source list. To try it at once: facteur source fetch " + of.Name,
		}, "\n") + "\n",
	}
}
