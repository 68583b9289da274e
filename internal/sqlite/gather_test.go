package sqlite

import (
	"testing"
	"testing/synctest"
	"time"
)

// On a slow disk letters wait for each other, a quarter of a commit and no longer; with somebody who is in a hurry nobody waits.
func TestGather(t *testing.T) {
	slowly := policy{last: 8 * time.Millisecond, before: 8 * time.Millisecond}
	for name, tt := range map[string]struct {
		policy      policy
		first, next job // the next comes after one millisecond
		want        int
		took        time.Duration
	}{
		"letters":                    {slowly, job{quiet: true}, job{quiet: true}, 2, 2 * time.Millisecond},
		"somebody among them":        {slowly, job{quiet: true}, job{}, 2, time.Millisecond},
		"somebody first":             {slowly, job{}, job{quiet: true}, 1, 0},
		"after a stall":              {policy{last: time.Second, before: time.Millisecond / 2}, job{quiet: true}, job{quiet: true}, 1, 0},
		"while the disk is as usual": {policy{last: time.Millisecond / 2, before: time.Millisecond}, job{quiet: true}, job{quiet: true}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Store{jobs: make(chan *job, 1)}
				time.AfterFunc(time.Millisecond, func() { s.jobs <- &tt.next })
				began := time.Now()
				if group := s.gather(&tt.first, &tt.policy); len(group) != tt.want || time.Since(began) != tt.took {
					t.Errorf("%d share a commit after %s; want %d after %s", len(group), time.Since(began), tt.want, tt.took)
				}
				time.Sleep(time.Second) // until the next came
			})
		})
	}
}
