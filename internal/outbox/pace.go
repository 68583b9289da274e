package outbox

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"facteur/internal/newsletter"
)

const (
	relayRest   = 10 * time.Second // the way out is left alone for so long when it first says that it is too much
	groupRest   = 5 * time.Minute  // the same of a provider, whose servers remember for longer
	restLongest = 2 * time.Hour    // the rest doubles up to this
	forgiven    = 100              // letters taken in a row after which an earlier complaint counts no longer
	slowest     = 1                // letters on the wire at once that a group is never held below
)

// A pacer says how many letters may go where. A letter that goes ahead of editions counts, and is never held up by it:
// people wait for it, and it is one.
type pacer struct {
	known       newsletter.Groups
	apart       bool // groups are told apart; else what one server says goes for all letters
	connections int  // of all relays, for copies
	mu          sync.Mutex
	all         *gauge
	each        map[string]*gauge
	due         map[string]bool // groups of copies that wait
}

func newPacer(pace newsletter.Pace, groups newsletter.Groups, connections int) *pacer {
	p := &pacer{
		known: groups, apart: len(groups) > 0, connections: connections, all: newGauge(newsletter.Group{Pace: pace, Rest: relayRest}),
		each: make(map[string]*gauge), due: make(map[string]bool),
	}
	for _, g := range groups {
		p.each[g.Name] = newGauge(g)
	}
	return p
}

// A gauge is what one group, or all of them together, may get and has got.
type gauge struct {
	windows []*window
	atOnce  int // 0: any number
	rest    time.Duration
	flying  int
	heard   time.Time // when something last came of a letter, or the first left of those on their way
	proven  int       // letters that something came of
	slowed  int       // letters at once since it complained; 0: it did not
	praise  int       // letters taken in a row since
	strikes int       // complaints that are not forgiven
	closed  time.Time
}

func newGauge(g newsletter.Group) *gauge {
	made := &gauge{atOnce: g.AtOnce, rest: cmp.Or(g.Rest, groupRest)}
	for _, limit := range []struct {
		most int
		span time.Duration
	}{{g.Pace.Second, time.Second}, {g.Pace.Minute, time.Minute}, {g.Pace.Hour, time.Hour}, {g.Pace.Day, 24 * time.Hour}} {
		if limit.most > 0 {
			made.windows = append(made.windows, newWindow(limit.most, limit.span))
		}
	}
	return made
}

// room is how many more letters may go at now.
func (g *gauge) room(now time.Time) int {
	if now.Before(g.closed) {
		return 0
	}
	room := batch
	for _, most := range []int{g.atOnce, g.slowed} {
		if most > 0 {
			room = min(room, most-g.flying)
		}
	}
	for _, w := range g.windows {
		room = min(room, w.room(now))
	}
	return max(0, room)
}

// opens is the first instant after now at which time alone may give room; zero where it has room, or where only a letter
// that lands gives it.
func (g *gauge) opens(now time.Time) time.Time {
	var opens time.Time
	if now.Before(g.closed) {
		opens = g.closed
	}
	for _, w := range g.windows {
		if at := w.opens(now); at.After(now) && at.After(opens) {
			opens = at
		}
	}
	return opens
}

// of returns the gauge of a group. One that the settings no longer name has no limits.
func (p *pacer) of(group string) *gauge {
	g, found := p.each[group]
	if !found {
		g = newGauge(newsletter.Group{})
		p.each[group] = g
	}
	return g
}

// room is how many more copies may go to a group at now.
func (p *pacer) room(group string, now time.Time) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return min(p.all.room(now), p.of(group).room(now), p.share(group, now))
}

// open is 1 where a group is not left alone at now, whatever its pace, and else 0.
func (p *pacer) open(group string, now time.Time) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Before(p.all.closed) || now.Before(p.of(group).closed) {
		return 0
	}
	return 1
}

// take counts a letter that is handed over at now, or refuses it.
func (p *pacer) take(d newsletter.Delivery, ahead bool, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	gauges := p.gauges(d)
	if !ahead {
		for _, g := range gauges {
			if g.room(now) == 0 {
				return false
			}
		}
		if p.share(p.group(d), now) == 0 {
			return false
		}
	}
	for _, g := range gauges {
		if g.flying == 0 {
			g.heard = now
		}
		g.flying++
		for _, w := range g.windows {
			w.count(now, 1)
		}
	}
	return true
}

func (p *pacer) gauges(d newsletter.Delivery) [2]*gauge { return [2]*gauge{p.all, p.of(p.group(d))} }

// group is that of a letter. A copy has had one since its row was made.
func (p *pacer) group(d newsletter.Delivery) string {
	if d.Kind == newsletter.KindEdition {
		return d.Group
	}
	return p.known.Of(d.Address)
}

// back tells that a letter is no longer on its way.
func (p *pacer) back(d newsletter.Delivery) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.gauges(d) {
		g.flying--
	}
}

// landed tells the same of one of which something came at now.
func (p *pacer) landed(d newsletter.Delivery, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, g := range p.gauges(d) {
		g.flying--
		g.heard = now
		g.proven++
	}
}

// opens is the first instant after now at which time alone gives room to somebody who has none; zero: never.
func (p *pacer) opens(now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at := p.all.opens(now); !at.IsZero() {
		return at
	}
	var first time.Time
	for _, g := range p.each {
		if at := g.opens(now); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

// remembers is how far back letters that left before count; zero where no limit asks.
func (p *pacer) remembers() time.Duration {
	var longest time.Duration
	for _, g := range append(slices.Collect(maps.Values(p.each)), p.all) {
		for _, w := range g.windows {
			longest = max(longest, w.step*windowSteps)
		}
	}
	return longest
}

// left counts letters that left in a minute before this run, as if they had at its end.
func (p *pacer) left(d Departure) {
	for _, g := range [2]*gauge{p.all, p.of(d.Group)} {
		for _, w := range g.windows {
			w.count(d.Minute.Add(time.Minute), d.Letters)
		}
	}
}

// close takes over what was recorded before: the group is left alone until then.
func (p *pacer) close(c newsletter.Closing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gauge(c.Group).closed = c.Until
}

// gauge is that of a group that was closed. The whole way out is closed under the name of no group.
func (p *pacer) gauge(group string) *gauge {
	if group == "" {
		return p.all
	}
	return p.of(group)
}

// heard takes in what a server said to a letter, and returns how long it is to be left alone; nil: no longer than it was.
// What a server says before it knows whom a letter is for goes for all; so does everything where groups are not told
// apart. A domain of no group speaks for itself alone, and its letter waits by itself.
//
// Where others take letters, what would go for all goes for the relay that said it: nothing is recorded, and relay is how long that wants to be left alone.
func (p *pacer) heard(d newsletter.Delivery, a newsletter.Attempt, others bool) (closing *newsletter.Closing, relay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	group := p.group(d)
	rest, much := a.Reply.Throttle()
	if !much {
		if a.State == newsletter.Sent {
			p.all.praised()
			p.of(group).praised()
		}
		return nil, 0
	}
	if !p.apart || a.Stage == newsletter.StageConnect || a.Stage == newsletter.StageMail {
		group = ""
	} else if group == "" {
		return nil, 0
	}
	if group == "" && others {
		return nil, max(rest, relayRest)
	}
	g := p.gauge(group)
	if until := a.Ended.Add(g.scolded(rest)); until.After(g.closed) {
		g.closed = until
		return &newsletter.Closing{Group: group, Until: until, Words: nameless(a.Reply.String())}, 0
	}
	return nil, 0
}

// scolded slows a group down and says how long it is to be left alone: as long as it is known to want, or the longer the
// more often it complained.
func (g *gauge) scolded(rest time.Duration) time.Duration {
	g.slowed, g.praise = max(slowest, g.flying/2), 0
	own := g.rest
	for range g.strikes {
		own = min(2*own, restLongest)
	}
	g.strikes++
	return max(rest, own)
}

// praised lets a group have more at once again: twice as many after each twenty letters, until nothing is left of the
// complaint.
func (g *gauge) praised() {
	if g.slowed == 0 {
		return
	}
	const doubled = 20
	if g.praise++; g.praise%doubled == 0 {
		g.slowed *= 2
	}
	if g.praise >= forgiven {
		g.slowed, g.strikes, g.praise = 0, 0, 0
	}
}
