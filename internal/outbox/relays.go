package outbox

import (
	"sync"
	"time"
)

const (
	relayLead     = 4                // letters that a relay may be ahead of its share, so that all its connections have some
	relayPatience = 10 * time.Second // a relay that has a letter and says nothing for so long is silent
	refusalRest   = time.Hour        // a relay is left alone for so long that refuses letters for what it says about the sender
)

// A Relay is one of several ways out.
type Relay struct {
	Name        string // told with each try
	Transport   Transport
	Connections int // as of a [Sender]
	Share       int // of the letters, beside the shares of the others; 0: it takes letters only while none that has a share does
}

// relays share the letters out. A letter belongs to no relay until one of its connections takes it. None may be ahead of its share by more than
// relayLead, so that shares hold whichever relay is faster. One that is down is left alone for a time that doubles, and the others share what is
// due without it; then one letter shows whether it is back. Shares count anew each time that one goes or comes.
//
// Of one relay alone nothing is asked: it always has its turn.
type relays struct {
	mu   sync.Mutex
	all  []*relay
	news chan struct{} // which take no letters has changed
}

// A relay is what is known of one.
type relay struct {
	Relay
	taken   int       // letters, while it is up, since shares count
	heard   time.Time // when something last came back
	down    bool      // until a letter shows that it is up
	rests   time.Time // when it is down: left alone until then
	trying  bool      // when it is down: a letter is on its way to show
	strikes int       // times that it went down since it last took a letter, or refused one for good
	last    turn      // that somebody waits under
	rest    *Rest     // for people; nil: it takes letters
	open    int       // connections
}

// A turn is what the connections of a relay may take.
type turn struct {
	ahead, copies bool
	opens         time.Time     // when time alone gives it another turn; zero: never
	changed       chan struct{} // closed when it has another turn; nil: never
}

func newRelays(all []Relay) *relays {
	made := &relays{news: make(chan struct{}, 1)}
	for _, one := range all {
		one.Connections = max(1, one.Connections)
		made.all = append(made.all, &relay{Relay: one})
	}
	return made
}

// connections is how many there are for copies.
func (s *relays) connections() (n int) {
	for _, one := range s.all {
		n += one.Connections
	}
	return n
}

func (s *relays) several() bool { return len(s.all) > 1 }

// turn is what a relay may take at now.
func (s *relays) turn(one *relay, now time.Time) turn {
	if !s.several() {
		return turn{ahead: true, copies: true}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.judge(one, now)
	if t.changed = one.last.changed; t.changed == nil {
		t.changed = make(chan struct{})
	}
	one.last = t
	return t
}

func (s *relays) judge(one *relay, now time.Time) turn {
	switch {
	case one.down && now.Before(one.rests):
		return turn{opens: one.rests}
	case one.down && one.trying, one.Share == 0 && s.shares() > 0:
		return turn{}
	case one.down, one.Share == 0:
		return turn{ahead: true, copies: true}
	}
	total := 0
	for _, other := range s.all {
		if !other.down && other.Share > 0 {
			total += other.taken
		}
	}
	shares := s.shares()
	return turn{ahead: true, copies: one.taken*shares-total*one.Share < relayLead*shares}
}

// shares are those of all that are up, together.
func (s *relays) shares() (sum int) {
	for _, one := range s.all {
		if !one.down {
			sum += one.Share
		}
	}
	return sum
}

// tell wakes those who wait under a turn that is another now.
func (s *relays) tell(now time.Time) {
	for _, one := range s.all {
		if one.last.changed == nil {
			continue
		}
		if t := s.judge(one, now); t.ahead != one.last.ahead || t.copies != one.last.copies {
			close(one.last.changed)
			one.last.changed = nil
		}
	}
}

// take counts a letter that a relay takes. It refuses a second one to a relay that is to show by one that it is back.
func (s *relays) take(one *relay, now time.Time) bool {
	if !s.several() {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.tell(now)
	switch {
	case one.down && (one.trying || now.Before(one.rests)):
		return false
	case one.down:
		one.trying = true
	default:
		one.taken++
	}
	return true
}

// fell leaves a relay alone, at least for so long, and returns how long; 0: it is left alone already, for as long or nearly so.
func (s *relays) fell(one *relay, now time.Time, least time.Duration) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	rests := one.down && now.Before(one.rests)
	if rests && !one.rests.Before(now.Add(least/2)) {
		return 0
	}
	wait := least
	if !rests {
		own := reopenFirst
		for range one.strikes {
			own = min(2*own, reopenLongest)
		}
		one.strikes++
		wait = max(wait, own)
	}
	one.down, one.trying, one.rests = true, false, now.Add(wait)
	s.anew(now)
	return wait
}

// answered tells that a relay took the step before a letter's content, or said what became of a letter: it is up, and where it was down it has its share
// again.
func (s *relays) answered(one *relay, now time.Time) (rose bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !one.down || now.Before(one.rests) {
		return false
	}
	one.down, one.trying = false, false
	s.anew(now)
	return true
}

// finished tells that a relay took a letter or refused it for good: what it did before is forgiven.
func (s *relays) finished(one *relay) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.strikes = 0
}

// tried tells that a connection ended well: the letter on it, if there was one to show that the relay is back, did not show it.
func (s *relays) tried(one *relay, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.trying = false
	s.tell(now)
}

func (s *relays) anew(now time.Time) {
	for _, one := range s.all {
		one.taken = 0
	}
	s.tell(now)
}

// others reports whether another relay takes letters.
func (s *relays) others(than *relay) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.all {
		if one != than && !one.down {
			return true
		}
	}
	return false
}

// up reports whether any relay takes letters.
func (s *relays) up() bool { return s.others(nil) }

// came tells that a relay said something.
func (s *relays) came(one *relay, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.heard = now
}

// silent is how long a relay has still to be waited for; 0: it says nothing on any connection.
func (s *relays) silent(one *relay, now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(0, one.heard.Add(relayPatience).Sub(now))
}

// opened counts a connection, and closed that it has ended.
func (s *relays) opened(one *relay) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.open++
}

func (s *relays) closed(one *relay) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one.open--
}

// says notes for people why a relay takes no letters. The only one takes some as long as it has a connection.
func (s *relays) says(one *relay, why string, now, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.several() && one.open > 0 {
		return
	}
	since := now
	if one.rest != nil {
		since = one.rest.Since
	}
	one.rest = &Rest{Relay: one.Name, Since: since, Until: until, Why: why}
	s.spread()
}

// rose notes that a relay takes letters.
func (s *relays) rose(one *relay) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if one.rest != nil {
		one.rest = nil
		s.spread()
	}
}

func (s *relays) spread() {
	select {
	case s.news <- struct{}{}:
	default: // whoever tells it on has yet to look
	}
}

// rests are the relays that take no letters.
func (s *relays) rests() (all []Rest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.all {
		if one.rest != nil {
			all = append(all, *one.rest)
		}
	}
	return all
}
