package outbox

import (
	"sync"
	"time"

	"facteur/internal/newsletter"
)

const (
	besidePatience = 2 * time.Second        // a letter waits so long for what becomes of the one that it travels with
	quickly        = 500 * time.Millisecond // a server that takes longer for a letter is given none to travel with the next
)

// A vigil watches one connection for silence, and takes a letter back that has no mark yet: another connection can have it at once. A marked one
// stays where it is, for as long as the transport waits. What travels with a marked letter is taken back soon; a letter by itself only from one
// of several relays, which says nothing at all.
type vigil struct {
	mu     sync.Mutex
	timer  *time.Timer
	asked  bool                 // the relay has the word
	first  *newsletter.Delivery // the letter that the connection was opened for, until it is handed over or taken back
	letter int64                // the last that was handed over, until it is marked or settled; 0: none
	sent   time.Time            // when the letter was marked whose outcome is waited for; zero: there is none
	quick  bool                 // the last outcome came soon
	back   int64                // the letter that was taken back, after which the connection is given none; 0: none
	recall func()               // makes the courier end before it marks a letter
}

// awaits begins to wait for one of several relays.
func (l *load) awaits() {
	if l.relays.several() {
		l.listens(relayPatience)
	}
}

// listens begins to wait for the relay, and says how long at most.
func (l *load) listens(patience time.Duration) {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	l.vigil.asked = true
	if l.vigil.timer == nil {
		l.vigil.timer = time.AfterFunc(patience, l.silent)
		return
	}
	l.vigil.timer.Reset(patience)
}

// came ends the wait for the relay, and for what becomes of a letter.
func (l *load) came() {
	l.rested()
	l.vigil.mu.Lock()
	if sent := l.vigil.sent; !sent.IsZero() {
		l.vigil.quick, l.vigil.sent = l.Now().Sub(sent) < quickly, time.Time{}
	}
	l.vigil.mu.Unlock()
	if l.relays.several() {
		l.relays.came(l.relay, l.Now())
	}
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

// silent acts on a wait that was long. As long as no other relay takes letters there is nothing better for one by itself than to go on waiting.
func (l *load) silent() {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	if !l.vigil.asked {
		return
	}
	if !l.vigil.sent.IsZero() {
		l.takeBack()
	}
	if !l.relays.several() {
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
	case l.vigil.sent.IsZero() && l.vigil.letter != 0 && l.moves(l.vigil.letter):
		l.takeBack()
		l.vigil.recall()
	}
}

// takeBack makes the letter that was handed over last as due as before, if it has no mark.
func (l *load) takeBack() {
	if l.vigil.letter == 0 {
		return
	}
	l.giveBack(l.vigil.letter)
	l.vigil.back, l.vigil.letter = l.vigil.letter, 0
}

// tookBack is the letter that was taken back; 0: none.
func (l *load) tookBack() int64 {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	return l.vigil.back
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
	l.vigil.letter = letter
}

// stepped notes whether a letter was marked; that was the last one handed over, if so.
func (l *load) stepped(marked bool) {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	if marked {
		l.vigil.sent = l.Now()
	}
	if marked || !l.handed[l.vigil.letter] {
		l.vigil.letter = 0
	}
}

// quick reports that the last letter's outcome came soon.
func (l *load) quick() bool {
	l.vigil.mu.Lock()
	defer l.vigil.mu.Unlock()
	return l.vigil.quick
}
