package newsletter_test

import (
	"testing"
	"time"

	"facteur/internal/newsletter"
)

func TestRetryPolicy_Next(t *testing.T) {
	policy := newsletter.RetryPolicy{First: 10 * time.Minute, Longest: 4 * time.Hour, GiveUp: 36 * time.Hour}
	first := time.Date(2026, 3, 3, 7, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		tries  int
		age    time.Duration // since the first try
		jitter float64
		wait   time.Duration
		more   bool
	}{
		{"after the first try", 1, 0, 0, 10 * time.Minute, true},
		{"the wait doubles", 2, 10 * time.Minute, 0, 20 * time.Minute, true},
		{"and again", 3, 30 * time.Minute, 0, 40 * time.Minute, true},
		{"up to the longest", 6, 6 * time.Hour, 0, 4 * time.Hour, true},
		{"and no further", 60, 20 * time.Hour, 0, 4 * time.Hour, true},
		{"jitter spreads over half the wait", 1, 0, 0.5, 12*time.Minute + 30*time.Second, true},
		{"also over the longest", 9, 9 * time.Hour, 0.5, 5 * time.Hour, true},
		{"no try yet counts as one", 0, 0, 0, 10 * time.Minute, true},
		{"just in time", 9, 32 * time.Hour, 0, 4 * time.Hour, true},
		{"too late", 9, 32*time.Hour + time.Second, 0, 4 * time.Hour, false},
		{"too late by jitter", 9, 32 * time.Hour, 0.1, 4*time.Hour + 12*time.Minute, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := first.Add(tt.age)
			next, more := policy.Next(tt.tries, first, now, tt.jitter)
			if wait := next.Sub(now); wait != tt.wait || more != tt.more {
				t.Errorf("wait %s, more %t; want %s, %t", wait, more, tt.wait, tt.more)
			}
		})
	}
}

// The waits of a letter that is put off each time grow, and come to an end before the give-up.
func TestRetryPolicy_ComesToAnEnd(t *testing.T) {
	policy := newsletter.RetryPolicy{First: 5 * time.Minute, Longest: time.Hour, GiveUp: 24 * time.Hour}
	first := time.Date(2026, 3, 3, 7, 0, 0, 0, time.UTC)
	now, tries, last := first, 1, time.Duration(0)
	for {
		next, more := policy.Next(tries, first, now, 0)
		if !more {
			break
		}
		if wait := next.Sub(now); wait < last || wait > policy.Longest {
			t.Fatalf("try %d waits %s after %s", tries, wait, last)
		}
		last, now, tries = next.Sub(now), next, tries+1
		if tries > 1000 {
			t.Fatal("no end")
		}
	}
	if age := now.Sub(first); age > policy.GiveUp || age < policy.GiveUp-policy.Longest {
		t.Errorf("the last try was made after %s", age)
	}
}

// A short longest wait holds from the first retry on.
func TestRetryPolicy_LongestHoldsAtOnce(t *testing.T) {
	policy := newsletter.RetryPolicy{First: time.Hour, Longest: time.Minute, GiveUp: time.Hour}
	now := time.Date(2026, 3, 3, 7, 0, 0, 0, time.UTC)
	if next, _ := policy.Next(1, now, now, 0); next.Sub(now) != time.Minute {
		t.Errorf("wait %s", next.Sub(now))
	}
}
