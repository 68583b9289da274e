package sqlite

import (
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// On a slow disk letters wait for each other while they keep coming, half a commit at most, and until all are there; with somebody who is in a hurry nobody waits.
func TestGather(t *testing.T) {
	away := func(n int) policy { return policy{last: 8 * time.Millisecond, before: 8 * time.Millisecond, away: n} }
	slowly := away(100)
	for name, tt := range map[string]struct {
		policy policy
		hasty  [2]bool // the first, and those that come after it
		others int
		every  time.Duration // after the one before
		want   int
		took   time.Duration
	}{
		"letters":                    {slowly, [2]bool{}, 2, 700 * time.Microsecond, 3, 2400 * time.Microsecond},
		"letters without end":        {slowly, [2]bool{}, 20, 700 * time.Microsecond, 6, 4 * time.Millisecond},
		"a letter too late":          {slowly, [2]bool{}, 1, 1100 * time.Microsecond, 1, time.Millisecond},
		"somebody among them":        {slowly, [2]bool{false, true}, 1, 700 * time.Microsecond, 2, 700 * time.Microsecond},
		"somebody first":             {slowly, [2]bool{true, false}, 1, 700 * time.Microsecond, 1, 0},
		"after a stall":              {policy{last: time.Second, before: time.Millisecond / 2}, [2]bool{}, 1, 10 * time.Microsecond, 1, 0},
		"while the disk is as usual": {policy{last: time.Millisecond / 2, before: time.Millisecond}, [2]bool{}, 1, 10 * time.Microsecond, 1, 0},
		"all letters that were away": {away(3), [2]bool{}, 3, 700 * time.Microsecond, 3, 1400 * time.Microsecond},
		"the only one that was away": {away(1), [2]bool{}, 1, 700 * time.Microsecond, 1, 0},
		"one of them comes no more":  {away(4), [2]bool{}, 2, 700 * time.Microsecond, 3, 2400 * time.Microsecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Store{jobs: make(chan *job, tt.others)}
				go func() {
					for range tt.others {
						time.Sleep(tt.every)
						s.jobs <- &job{quiet: !tt.hasty[1], back: 1}
					}
				}()
				began := time.Now()
				if group := s.gather(&job{quiet: !tt.hasty[0], back: 1}, &tt.policy); len(group) != tt.want || time.Since(began) != tt.took {
					t.Errorf("%d share a commit after %s; want %d after %s", len(group), time.Since(began), tt.want, tt.took)
				}
				time.Sleep(time.Second) // until all came
			})
		})
	}
}

// A letter is away from when it was let go until it is heard of, whatever it came to. What was refused never left, and of what a commit lost
// nothing is known to have changed.
func TestPolicy_Count(t *testing.T) {
	var p policy
	for i, tt := range []struct {
		group []*job
		want  int
	}{
		{[]*job{{back: 1}}, 0}, // a dead sender's
		{[]*job{{away: 1}, {away: 4}}, 5},
		{[]*job{{back: 1, away: 1}, {}, {back: 1}}, 4},
		{[]*job{{back: 1, away: 1, err: errMember}}, 4},
		{[]*job{{back: 4}}, 0},
	} {
		if p.count(tt.group); p.away != tt.want {
			t.Errorf("after group %d %d letters are away; want %d", i, p.away, tt.want)
		}
	}
}

func TestStep_SaysHowManyAreAway(t *testing.T) {
	s := edition(t, 3)
	queue(t, s)
	to := addressees(t, s)
	ahead := &Store{jobs: make(chan *job)}
	step := func(done []outbox.Settlement, begin []newsletter.Parcel, back, away int) {
		t.Helper()
		var j *job
		passed := make(chan struct{})
		go func() {
			defer close(passed)
			j = <-ahead.jobs
			s.jobs <- j
		}()
		if _, err := ahead.Step(t.Context(), done, begin, time.Now()); err != nil {
			t.Fatal(err)
		}
		if <-passed; j.back != back || j.away != away {
			t.Errorf("%d letters are back and %d away; want %d and %d", j.back, j.away, back, away)
		}
	}
	parcel := func(id int64, to string) newsletter.Parcel {
		return newsletter.Parcel{Delivery: id, Envelope: newsletter.Envelope{To: to}}
	}
	came := func(id int64) outbox.Settlement {
		now := time.Now()
		return outbox.Settlement{Delivery: id, State: newsletter.Sent, Attempt: newsletter.Attempt{Started: now, Ended: now, State: newsletter.Sent}}
	}
	step(nil, []newsletter.Parcel{parcel(1, to[1]), parcel(2, "nobody@lecteurs.example"), parcel(3, to[3])}, 0, 2)
	step([]outbox.Settlement{came(1)}, []newsletter.Parcel{parcel(2, to[2])}, 1, 1)
	step([]outbox.Settlement{came(2), came(3)}, nil, 2, 0)
}
