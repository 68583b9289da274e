package outbox

import "time"

// windowSteps is how finely a window counts.
const windowSteps = 60

// A window counts what happened in the latest span of time, by steps of a sixtieth of it. It forgets up to a step late,
// and never early: no span of that length ever holds more than it lets through.
type window struct {
	most   int
	step   time.Duration
	at     int64 // the step counted in now, since 1970
	counts [windowSteps + 1]int
	sum    int
}

func newWindow(most int, span time.Duration) *window {
	return &window{most: most, step: span / windowSteps}
}

// advance forgets what is older than the span. A clock set back by less than the span is waited for; by more, whatever was
// counted counts as of now: it may have happened a moment ago.
func (w *window) advance(now time.Time) {
	at := now.UnixNano() / int64(w.step)
	switch behind := at - w.at; {
	case behind == 0, behind < 0 && behind > -windowSteps:
		return
	case behind < 0:
		w.counts = [windowSteps + 1]int{}
		w.counts[at%(windowSteps+1)] = w.sum
	case behind > windowSteps:
		w.counts, w.sum = [windowSteps + 1]int{}, 0
	default:
		for i := w.at + 1; i <= at; i++ {
			w.sum -= w.counts[i%(windowSteps+1)]
			w.counts[i%(windowSteps+1)] = 0
		}
	}
	w.at = at
}

// rewind goes on at now, to which the clock was set back: what was counted is as old as it was.
func (w *window) rewind(now time.Time) {
	at := now.UnixNano() / int64(w.step)
	if at >= w.at {
		return
	}
	var counts [windowSteps + 1]int
	for age := range int64(windowSteps + 1) {
		counts[(at-age)%(windowSteps+1)] = w.counts[(w.at-age)%(windowSteps+1)]
	}
	w.counts, w.at = counts, at
}

// room is how many more may happen at now.
func (w *window) room(now time.Time) int {
	w.advance(now)
	return max(0, w.most-w.sum)
}

// count counts n that happened at now.
func (w *window) count(now time.Time, n int) {
	w.advance(now)
	w.counts[w.at%(windowSteps+1)] += n
	w.sum += n
}

// opens is the first instant from now on at which there is room.
func (w *window) opens(now time.Time) time.Time {
	if w.room(now) > 0 {
		return now
	}
	sum := w.sum
	for i := w.at + 1; ; i++ { // the oldest step is forgotten first
		sum -= w.counts[i%(windowSteps+1)]
		if sum < w.most || i == w.at+windowSteps+1 {
			return time.Unix(0, i*int64(w.step))
		}
	}
}
