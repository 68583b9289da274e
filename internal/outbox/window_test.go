package outbox

import (
	"math/rand/v2"
	"testing"
	"time"
)

// However letters come, no span holds more of them than the window lets through, and what is refused is told when to come
// again: not before there is room, and not for ever.
func TestWindow_NoSpanHoldsMore(t *testing.T) {
	for _, span := range []time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour} {
		for seed := range uint64(20) {
			random := rand.New(rand.NewPCG(seed, uint64(span)))
			most := 1 + random.IntN(50)
			w := newWindow(most, span)
			now := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
			var happened []time.Time
			for range 2000 {
				now = now.Add(time.Duration(random.Int64N(int64(span) / int64(most)))) // twice the rate on average
				if w.room(now) == 0 {
					opens := w.opens(now)
					if !opens.After(now) || opens.After(now.Add(span+span/windowSteps)) {
						t.Fatalf("seed %d: full at %s, opens at %s", seed, now, opens)
					}
					if w.room(opens.Add(-1)) > 0 || w.room(opens) == 0 {
						t.Fatalf("seed %d: it does not open at %s", seed, opens)
					}
					now = opens
				}
				w.count(now, 1)
				happened = append(happened, now)
			}
			for i := most; i < len(happened); i++ {
				if took := happened[i].Sub(happened[i-most]); took < span {
					t.Fatalf("seed %d: %d within %s, want %d at most within %s", seed, most+1, took, most, span)
				}
			}
			if rate := float64(len(happened)) / float64(now.Sub(happened[0])); rate < 0.9*float64(most)/float64(span) {
				t.Errorf("seed %d: %d in %s, where %d may in %s", seed, len(happened), now.Sub(happened[0]), most, span)
			}
		}
	}
}

// A clock that is set back neither opens a window nor closes it for good.
func TestWindow_TheClockIsSetBack(t *testing.T) {
	now := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	for _, back := range []time.Duration{time.Second, 30 * time.Minute, time.Hour, 25 * time.Hour} {
		w := newWindow(2, time.Hour)
		w.count(now, 1)
		w.count(now, 1)
		earlier := now.Add(-back)
		if w.room(earlier) != 0 {
			t.Errorf("set back by %s it opens", back)
		}
		if w.room(earlier.Add(2*time.Hour+time.Minute)) != 2 {
			t.Errorf("set back by %s it stays closed", back)
		}
	}
}

// Where it is noticed that a clock was set back, what happened stays as old as it was: nobody waits for the clock to come there again.
func TestWindow_Rewind(t *testing.T) {
	for _, span := range []time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour} {
		for _, back := range []time.Duration{time.Second, 50 * time.Minute, time.Hour, 25 * time.Hour} {
			w := newWindow(3, span)
			now := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
			w.count(now, 2)
			now = now.Add(span / 2)
			w.count(now, 1)
			now = now.Add(-back)
			w.rewind(now)
			half, whole := now.Add(span/2), now.Add(span)
			if w.room(now) != 0 || w.room(half.Add(-span/windowSteps)) != 0 {
				t.Errorf("set back by %s, %s forgets early", back, span)
			}
			if room := w.room(half.Add(2 * span / windowSteps)); room != 2 {
				t.Errorf("set back by %s, %s has room for %d after half of it, want 2", back, span, room)
			}
			if room := w.room(whole.Add(2 * span / windowSteps)); room != 3 {
				t.Errorf("set back by %s, %s has room for %d after all of it, want 3", back, span, room)
			}
		}
	}
}
