package outbox

import (
	"sync"
	"time"

	"facteur/internal/newsletter"
)

// A vigil watches one connection of several relays for silence, and takes a letter back from a silent relay that has no mark yet: another relay can have it
// at once. A marked one stays where it is, for as long as the transport waits, also where the next was handed over meanwhile.
type vigil struct {
	mu     sync.Mutex
	timer  *time.Timer
	asked  bool                 // the relay has the word
	first  *newsletter.Delivery // the letter that the connection was opened for, until it is handed over or taken back
	letter int64                // the last that was handed over
	marked bool                 // it is marked
	recall func()               // makes the courier end before it marks a letter
}

// awaits begins to wait for the relay.
func (l *load) awaits() {
	if !l.relays.several() {
		return
	}
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	l.vigil.asked = true
	if l.vigil.timer == nil {
		l.vigil.timer = time.AfterFunc(relayPatience, l.silent)
		return
	}
	l.vigil.timer.Reset(relayPatience)
}

// came ends the wait for the relay.
func (l *load) came() {
	if !l.relays.several() {
		return
	}
	l.rested()
	l.relays.came(l.relay, l.Now())
}

// rested ends the wait whether or not something came.
func (l *load) rested() {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	l.vigil.asked = false
	if l.vigil.timer != nil {
		l.vigil.timer.Stop()
	}
}

// silent acts on a wait that was long. As long as no other relay takes letters there is nothing better than to go on waiting.
func (l *load) silent() {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	if !l.vigil.asked {
		return
	}
	now := l.Now()
	if left := l.relays.silent(l.relay, now); left > 0 || !l.relays.others(l.relay) {
		l.vigil.timer.Reset(max(left, time.Second))
		return
	}
	l.leaveAlone(l.ctx, l.relay, 0, "it says nothing")
	switch {
	case l.vigil.first != nil:
		l.giveBack(l.vigil.first.ID)
		l.vigil.first = nil
	case !l.vigil.marked && l.moves(l.vigil.letter):
		l.vigil.recall()
	}
}

// takeFirst hands over the letter that the connection was opened for.
func (l *load) takeFirst() (newsletter.Delivery, bool) {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	if l.vigil.first == nil {
		return newsletter.Delivery{}, false
	}
	d := *l.vigil.first
	l.vigil.first = nil
	return d, true
}

// handing notes which letter the relay is given next.
func (l *load) handing(letter int64) {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	l.vigil.letter, l.vigil.marked = letter, false
}

// marking notes whether the letter at hand is marked.
func (l *load) marking(marked bool) {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	l.vigil.marked = marked
}
