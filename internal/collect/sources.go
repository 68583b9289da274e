package collect

import (
	"context"
	"fmt"
	"slices"
	"time"

	"facteur/internal/newsletter"
)

// A Source is a place outside of the program from which articles come by themselves.
type Source struct {
	Name   string
	Kind   string // for people: "folder", "feed" or "sqlite"
	Place  string // for people: its path or address
	Origin string // of all that decides what is read and what becomes of it: where it changes, everything is read anew
	Far    bool   // on the machine of a stranger, who is asked less often while it fails
	Reader Reader
	Rules  Rules
}

// A Reader reads a source.
type Reader interface {
	// Read hands over what there is since a mark, in hauls; the empty mark is the beginning. It ends with the error of take, with that of
	// ctx, or with a [Trouble] where the source cannot be read.
	Read(ctx context.Context, mark string, take func(Haul) error) error
}

// A Haul is a part of what a reading brings. Its mark, and what is said of names, are stored with the last of its articles: where that does not come
// about, the haul is read again.
type Haul struct {
	Offers  []Offer
	Faults  []Fault  // what is there and cannot be read
	Gone    []string // names that are no longer there
	Drafts  []string // names of what is not for readers yet
	Waiting int      // what is being written at this moment
	Mark    string   // with which the next reading goes on; empty: the mark stays
}

// An Offer is what a source holds under one name.
type Offer struct {
	Name    string // by which people find it there: a file, an address, a row
	Article newsletter.Article
	Picture []byte // where the article's picture is a file of the source; nil otherwise
}

// A Fault is why something in a source is no article. It stays until the same name brings one, or is gone.
type Fault struct {
	Name   string
	Reason string
	At     time.Time
}

// A Trouble is why a source cannot be read, and what to do about it.
type Trouble struct {
	What string // a sentence without its end
	Do   string // an imperative
}

func (t Trouble) Error() string { return t.What + ": " + t.Do }

// A SourceState is what is known of a source. The zero value but for its name is that of one that was never tried.
type SourceState struct {
	Name      string
	Origin    string // of the mark
	Mark      string
	Tried     time.Time
	Succeeded time.Time
	Failing   time.Time // since when; zero: the latest try went well
	Failures  int       // in a row
	Next      time.Time // not tried before by itself; zero: at its next time
	Trouble   Trouble   // of the latest try
	Told      bool      // the operator knows that it fails
	Articles  int       // that it was the first to bring
	Refused   int       // names with a fault
}

// A Taking is what the store does with a haul, or with a part of one.
type Taking struct {
	Source   string
	Origin   string
	Mark     string         // empty: the mark stays
	Declared map[string]int // priorities of all sources of the settings: what another of them brought is changed by a higher one only
	Articles []newsletter.Article
	Faults   []Fault
	Cleared  []string // names without a fault
}

// A SourceStore keeps what sources bring, and how they are.
type SourceStore interface {
	// SourceState returns what is known of a source.
	SourceState(ctx context.Context, name string) (SourceState, error)

	// TakeHaul stores articles, faults and mark in one transaction, and returns one Put for each article. It counts what was added.
	TakeHaul(ctx context.Context, t Taking, now time.Time) ([]Put, error)

	// SettleSource records how a try ended: all of the state but mark, articles and faults. A mark of another origin is forgotten. A notice is
	// queued with it, as one about a newsletter, if it was not told yet.
	SettleSource(ctx context.Context, s SourceState, about string, notice *newsletter.Notice) error

	// SourceFaults lists the faults of a source, the latest first; the store keeps some hundreds.
	SourceFaults(ctx context.Context, name string) ([]Fault, error)
}

// A Gatherer collects sources. Its methods may be called from any goroutine.
type Gatherer struct {
	Store     SourceStore
	Sources   map[string]int                                 // the priorities of all that the settings declare, by their names
	Collector *Collector                                     // which checks what comes
	Keep      func(picture []byte) (address string, e error) // keeps a picture that is a file of the source
	Operator  string                                         // who is told of a source that stays broken; empty: nobody
	About     string                                         // the newsletter that a notice goes by
	Now       func() time.Time
}

// A Gain is what one collection of a source brought.
type Gain struct {
	Added, Updated, Unchanged int

	LeftOut int // by the filters of the settings, or drafts
	Refused int
	Gone    int
	Waiting int

	Faults []Fault // of this collection, the first hundred
}

// Fetch collects a source, whether it is due or not. That it cannot be read is no error but in the state; what came until then stays, and so
// does what came before.
func (g *Gatherer) Fetch(ctx context.Context, s Source) (Gain, SourceState, error) {
	state, err := g.Store.SourceState(ctx, s.Name)
	if err != nil {
		return Gain{}, state, fmt.Errorf("source %s: %w", s.Name, err)
	}
	if state.Origin != s.Origin {
		state.Origin, state.Mark = s.Origin, ""
	}
	h := &hold{Gatherer: g, source: s, seen: map[string]string{}}
	read := s.Reader.Read(ctx, state.Mark, func(haul Haul) error {
		h.failed = h.take(ctx, haul)
		return h.failed
	})
	if ctx.Err() != nil {
		return h.gain, state, ctx.Err()
	}
	if h.failed != nil {
		return h.gain, state, fmt.Errorf("source %s: storing its articles: %w", s.Name, h.failed)
	}
	state, notice := state.after(read, s, g.Operator, g.Now())
	if err := g.Store.SettleSource(ctx, state, g.About, notice); err != nil {
		return h.gain, state, fmt.Errorf("source %s: %w", s.Name, err)
	}
	state, err = g.Store.SourceState(ctx, s.Name)
	return h.gain, state, err
}

// Due collects a source unless it is left alone for a while, because it failed.
func (g *Gatherer) Due(ctx context.Context, s Source) (gain Gain, state SourceState, tried bool, err error) {
	state, err = g.Store.SourceState(ctx, s.Name)
	if err != nil || state.Origin == s.Origin && g.Now().Before(state.Next) {
		return gain, state, false, err
	}
	gain, state, err = g.Fetch(ctx, s)
	return gain, state, true, err
}

// A hold is one collection.
type hold struct {
	*Gatherer
	source Source
	gain   Gain
	seen   map[string]string // names by the addresses of their articles
	failed error             // of the store
}

// take decides on a haul and stores it.
func (h *hold) take(ctx context.Context, haul Haul) error {
	t := Taking{Source: h.source.Name, Origin: h.source.Origin, Mark: haul.Mark, Declared: h.Sources, Cleared: slices.Concat(haul.Gone, haul.Drafts)}
	for _, f := range haul.Faults {
		t.fault(f.Name, f.Reason)
	}
	h.gain.LeftOut += len(haul.Drafts)
	for _, o := range haul.Offers {
		switch a, wanted, err := h.decide(o); {
		case err != nil:
			t.fault(o.Name, reason(err))
		case !wanted:
			h.gain.LeftOut++
			t.Cleared = append(t.Cleared, o.Name)
		default:
			t.Articles = append(t.Articles, a)
			t.Cleared = append(t.Cleared, o.Name)
		}
	}
	now := h.Now() // one arrival for all: they came together
	for _, part := range t.parts() {
		puts, err := h.Store.TakeHaul(ctx, part, now)
		if err != nil {
			return err
		}
		h.gain.countPuts(puts)
	}
	h.gain.count(haul, t.Faults)
	return nil
}

// together is how many articles of a source share a transaction at most. Each is compared with others, and who signs up meanwhile waits for all of it.
const together = 25

// parts are what the store takes one after the other, so that others get a turn in between.
func (t Taking) parts() []Taking {
	var parts []Taking
	for len(t.Articles) > together {
		parts = append(parts, Taking{Source: t.Source, Origin: t.Origin, Declared: t.Declared, Articles: t.Articles[:together]})
		t.Articles = t.Articles[together:]
	}
	return append(parts, t)
}

func (t *Taking) fault(name, why string) {
	t.Faults = append(t.Faults, Fault{Name: printable(name), Reason: why})
}

// decide says what becomes of one offer.
func (h *hold) decide(o Offer) (a newsletter.Article, wanted bool, err error) {
	a = o.Article
	if !h.source.Rules.admit(a) {
		return a, false, nil
	}
	a.Section = h.source.Rules.section(a)
	if o.Picture != nil {
		if a.Picture, err = h.Keep(o.Picture); err != nil {
			return a, false, fmt.Errorf("picture %s: %w", o.Article.Picture, err)
		}
	}
	if a, err = h.Collector.Check(a); err != nil {
		return a, false, err
	}
	if first, twice := h.seen[a.URL]; twice {
		return a, false, fmt.Errorf("it has the address of %s: give each its own, or keep one", printable(first))
	}
	h.seen[a.URL] = o.Name
	return a, true, nil
}

func (g *Gain) countPuts(puts []Put) {
	for _, p := range puts {
		switch p.Outcome {
		case Added:
			g.Added++
		case Updated:
			g.Updated++
		case Unchanged:
			g.Unchanged++
		}
	}
}

func (g *Gain) count(haul Haul, faults []Fault) {
	g.Refused += len(faults)
	g.Gone += len(haul.Gone)
	g.Waiting += haul.Waiting
	g.Faults = append(g.Faults, faults[:min(len(faults), shown-len(g.Faults))]...)
}
