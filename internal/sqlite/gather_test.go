package sqlite

import (
	"testing"
	"testing/synctest"
	"time"
)

// On a slow disk letters wait for each other while they keep coming, half a commit at most; with somebody who is in a hurry nobody waits.
func TestGather(t *testing.T) {
	slowly := policy{last: 8 * time.Millisecond, before: 8 * time.Millisecond}
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
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Store{jobs: make(chan *job, tt.others)}
				go func() {
					for range tt.others {
						time.Sleep(tt.every)
						s.jobs <- &job{quiet: !tt.hasty[1]}
					}
				}()
				began := time.Now()
				if group := s.gather(&job{quiet: !tt.hasty[0]}, &tt.policy); len(group) != tt.want || time.Since(began) != tt.took {
					t.Errorf("%d share a commit after %s; want %d after %s", len(group), time.Since(began), tt.want, tt.took)
				}
				time.Sleep(time.Second) // until all came
			})
		})
	}
}
