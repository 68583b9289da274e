package outbox

import (
	"context"
	"time"

	"facteur/internal/newsletter"
)

// leaveAlone leaves one of several relays alone, says so unless it was left alone already, and returns for how long.
func (r *run) leaveAlone(ctx context.Context, one *relay, least time.Duration, why string) time.Duration {
	now := r.Now()
	rests := r.relays.fell(one, now, least)
	if rests > 0 {
		r.relays.says(one, nameless(why), now, now.Add(rests))
		r.Log.WarnContext(ctx, "a relay is left alone", "relay", one.Name, "error", nameless(why), "again_in", rests)
	}
	return rests
}

// tellRests writes down which relays take no letters each time that it changes, until ctx is done. A sender goes on where that
// cannot be written.
func (r *run) tellRests(ctx context.Context) {
	for {
		if err := r.Store.SetRests(ctx, r.relays.rests()); err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "outbox status does not know which relays are left alone", "error", err)
		}
		select {
		case <-r.relays.news:
		case <-ctx.Done():
			return
		}
	}
}

// naming adds the relay to what a line of the log says, where there are several.
func (r *run) naming(one *relay, says ...any) []any {
	if r.relays.several() {
		says = append(says, "relay", one.Name)
	}
	return says
}

// spoke takes in what the relay said about letters. One that spoke of a letter is up, unless it hung up over it.
func (l *load) spoke(done []newsletter.Settled, begin []newsletter.Parcel) {
	several := l.relays.several()
	speaks := len(begin) > 0
	for i := range done {
		if several {
			done[i].Attempt.Relay = l.relay.Name
		}
		speaks = speaks || !lost(done[i].Attempt)
	}
	if speaks && !several {
		l.relays.rose(l.relay)
	} else if speaks && l.relays.answered(l.relay, l.Now()) {
		l.relays.rose(l.relay)
		l.Log.InfoContext(l.ctx, "a relay is back", "relay", l.relay.Name)
	}
}

// lost reports that a try ended with its connection: lost, or closed with 421 (RFC 5321 §3.8).
func lost(a newsletter.Attempt) bool { return a.Reply.Code == 0 || a.Reply.Code == 421 }

// elsewhere makes a letter due at once that a relay certainly does not have because the connection ended, where another takes letters.
func (r *run) elsewhere(one *relay, s *Settlement) {
	if s.State == newsletter.Deferred && s.Attempt.State == newsletter.Deferred && lost(s.Attempt) && r.relays.others(one) && r.moves(s.Delivery) {
		s.Next = s.Attempt.Ended
	}
}

// moves reports whether a letter may go to another relay at once, and remembers that it did: a letter that each relay hangs up on must not go round
// between them.
func (r *run) moves(letter int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.moved[letter]
	r.moved[letter] = true
	return !before
}

// heard takes in what a server says of its pace.
func (r *run) heard(ctx context.Context, one *relay, d newsletter.Delivery, a newsletter.Attempt) *newsletter.Closing {
	closing, relay := r.pace.heard(d, a, r.relays.others(one))
	if relay > 0 {
		r.leaveAlone(ctx, one, relay, "it says that it is too much: "+a.Reply.Codes())
	}
	return closing
}
