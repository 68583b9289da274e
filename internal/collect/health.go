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
		return s.well(of, operator, now, zone)
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

// well is what becomes of a source that was read. Whoever was told that it could not be is told that it is again.
func (s SourceState) well(of Source, operator string, now time.Time, zone *time.Location) (SourceState, *newsletter.Notice) {
	var notice *newsletter.Notice
	if s.Failures > 0 {
		s.Broke, s.Mended = s.Failing, now
		if s.Told && operator != "" {
			notice = mendedNotice(operator, of, s, zone)
		}
	}
	s.Succeeded, s.Failing, s.Failures, s.Next, s.Trouble, s.Told = now, time.Time{}, 0, time.Time{}, Trouble{}, false
	return s, notice
}

// troubleOf is an error as people are told it.
func troubleOf(err error) Trouble {
	if t, ok := errors.AsType[Trouble](err); ok {
		return Trouble{What: line(t.What), Do: line(t.Do)}
	}
	return Trouble{What: line(err.Error()), Do: "it is tried again by itself; facteur source fetch tries it at once"}
}

// line makes a text, a part of which may be foreign, fit for one line of a terminal.
func line(text string) string { return newsletter.Printable(strings.ReplaceAll(text, "\n", "; ")) }

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
			fmt.Sprintf("The source %s (%s) cannot be read: %s.", of.Name, of.Place, s.Trouble.What),
			"To do: " + s.Trouble.Do + ".",
			"",
			fmt.Sprintf("The last %d tries failed, the first of them on %s. %s.", s.Failures, newsletter.Clock(s.Failing, zone), s.lastRead(zone)),
			"What came from it before stays, and the other sources go on. It is tried again by itself, and the next that you are told of it is that it is read again.",
			"How it stands: facteur source list. To try it at once: facteur source fetch " + of.Name,
		}, "\n") + "\n",
	}
}

func mendedNotice(to string, of Source, s SourceState, zone *time.Location) *newsletter.Notice {
	return &newsletter.Notice{
		To: to, Subject: fmt.Sprintf("source %s: it is read again", of.Name),
		Text: strings.Join([]string{
			fmt.Sprintf("The source %s (%s) is read again, for the first time on %s; %d tries before failed, the first of them on %s.", of.Name, of.Place, newsletter.Clock(s.Mended, zone), s.Failures, newsletter.Clock(s.Broke, zone)),
			"Nothing needs to be done: it goes on where it was.",
			"",
			"How it stands: facteur source list",
		}, "\n") + "\n",
	}
}

// lastRead says when a source was read last.
func (s SourceState) lastRead(zone *time.Location) string {
	if s.Succeeded.IsZero() {
		return "It was never read"
	}
	return "It was read last on " + newsletter.Clock(s.Succeeded, zone)
}
