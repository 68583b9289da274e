package collect

import (
	"cmp"
	"context"
	"errors"
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
	// Read hands over what there is since a mark, in hauls; the empty mark is the beginning. What has one of the names in again, some hundreds at
	// most, is handed over before, in their order, whether or not it has changed, and named as gone where it is no longer there. Read ends with
	// the error of take, with that of ctx, or with a [Trouble] where the source cannot be read.
	Read(ctx context.Context, mark string, again []string, take func(Haul) error) error
}

// A Haul is a part of what a reading brings. Its mark, and what is said of names, are stored with the last of its articles: where that does not come
// about, the haul is read again.
type Haul struct {
	Offers  []Offer
	Faults  []Fault  // what is there and cannot be read
	Gone    []string // names that are no longer there
	Renamed []string // the same, but that what they named is there by another
	Drafts  []string // names of what is not for readers yet
	Waiting int      // what is being written at this moment
	Mark    string   // with which the next reading goes on; empty: the mark stays
	Moved   string   // the address at which the source is for good, where that is another
	Again   bool     // it holds what was asked for again: of that only what is otherwise now is told
	Anew    bool     // nothing is there of what was read last: the source is read from its beginning
	Whole   bool     // these are all the offers that the source has
}

// An Offer is what a source holds under one name.
type Offer struct {
	Name    string // by which people find it there: a file, an address, a row
	Article newsletter.Article

	Identity string // by which the source knows it for good, also under another address: a file, a guid, an id; empty: by nothing
	Picture  []byte // where the article's picture is a file of the source; nil otherwise
	Remark   string // what is odd about it, although it is an article; told when it comes and when it changes
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
	Failing   time.Time // the first of the tries that failed; zero: the latest try went well
	Failures  int       // in a row
	Broke     time.Time // of the latest trouble that is over, the first try that failed; zero: there was none
	Mended    time.Time // the try that ended it
	Next      time.Time // not tried before by itself; zero: at its next time
	Trouble   Trouble   // of the latest try
	Told      bool      // the operator knows that it fails
	Moved     string    // the address at which its server says that it is for good; empty: at that of the settings
	Articles  int       // that it was the first to bring
	Refused   int       // names with a fault that are kept
	Dropped   bool      // there are more than these
}

// LongestIdentity is how many bytes tell one thing of a source from others.
const LongestIdentity = 1024

// A Brought is an article as a source brings it.
type Brought struct {
	newsletter.Article

	Identity string // as of an [Offer]
}

// A Taking is what the store does with a haul, or with a part of one.
type Taking struct {
	Source   string
	Origin   string
	Mark     string         // empty: the mark stays
	Declared map[string]int // priorities of all sources of the settings: what another of them brought is changed by a higher one only
	Articles []Brought
	Together []Brought // all that was read together, where these are a part of it; nil: these are all
	Whole    bool      // and that is all that the source has
	Gone     []string  // names that the source no longer has
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
	// queued with it, as one about a newsletter, if whether the operator knows of a trouble changes.
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
	Gone    int // of what was not refused
	Waiting int
	Undated int  // of what was added with its first collection: nobody knows whether that is news
	Anew    bool // it was read from its beginning, because it had been filled anew
	Mended  bool // it could not be read before, and was
	Moved   bool // its server told for the first time that it is elsewhere for good

	Faults  []Fault // of this collection, the first hundred
	Remarks []Fault // about what was added or updated in it, the first hundred
}

// Fetch collects a source, whether it is due or not. That it cannot be read is no error but in the state; what came until then stays, and so
// does what came before.
func (g *Gatherer) Fetch(ctx context.Context, s Source) (Gain, SourceState, error) {
	state, err := g.Store.SourceState(ctx, s.Name)
	if err != nil {
		return Gain{}, state, fmt.Errorf("source %s: %w", s.Name, err)
	}
	if state.Origin != s.Origin {
		state.Origin, state.Mark, state.Moved = s.Origin, "", ""
	}
	faults, err := g.Store.SourceFaults(ctx, s.Name)
	if err != nil {
		return Gain{}, state, fmt.Errorf("source %s: %w", s.Name, err)
	}
	h := &hold{Gatherer: g, source: s, first: state.Succeeded.IsZero(), seen: map[string]string{}, refused: map[string]string{}}
	for _, f := range faults {
		h.refused[f.Name] = f.Reason
	}
	read := s.Reader.Read(ctx, state.Mark, toAskAgain(faults), func(haul Haul) error {
		h.failed = h.take(ctx, haul)
		return h.failed
	})
	if ctx.Err() != nil {
		return h.gain, state, ctx.Err()
	}
	if h.failed != nil {
		return h.gain, state, fmt.Errorf("source %s: storing its articles: %w", s.Name, h.failed)
	}
	zone := g.Collector.Zone
	if zone == nil {
		zone = time.UTC
	}
	h.gain.Mended = read == nil && state.Failures > 0
	h.gain.Moved = read == nil && h.moved != "" && h.moved != state.Moved
	if read == nil {
		state.Moved = h.moved
	}
	state, notice := state.after(read, s, g.Operator, g.Now(), zone)
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
	source  Source
	first   bool // no other went well before
	gain    Gain
	seen    map[string]string // names by the addresses of their articles
	refused map[string]string // before, with the reasons
	moved   string            // where its server says that it is
	failed  error             // of the store
}

// take decides on a haul and stores it.
func (h *hold) take(ctx context.Context, haul Haul) error {
	t := Taking{Source: h.source.Name, Origin: h.source.Origin, Mark: haul.Mark, Declared: h.Sources, Gone: haul.Gone, Whole: haul.Whole}
	for _, name := range slices.Concat(haul.Gone, haul.Renamed, haul.Drafts) {
		t.clear(name)
	}
	for _, f := range haul.Faults {
		t.fault(f.Name, f.Reason)
	}
	h.gain.LeftOut += len(haul.Drafts)
	h.moved = cmp.Or(haul.Moved, h.moved)
	remarks := map[string]Fault{} // by the addresses of their articles
	for _, o := range haul.Offers {
		switch a, wanted, err := h.decide(o); {
		case err != nil:
			t.fault(o.Name, reason(err))
		case !wanted:
			h.gain.LeftOut++
			t.clear(o.Name)
		default:
			t.Articles = append(t.Articles, Brought{a, o.Identity})
			if o.Remark != "" {
				remarks[a.URL] = Fault{Name: FaultName(o.Name), Reason: line(o.Remark)}
			}
			t.clear(o.Name)
		}
	}
	t.Cleared = slices.DeleteFunc(t.Cleared, t.refuses)
	if haul.Again {
		t.Faults = slices.DeleteFunc(t.Faults, func(f Fault) bool { return h.refused[f.Name] == f.Reason })
	}
	now := h.Now() // one arrival for all: they came together
	for _, part := range t.parts() {
		if part.isNothing() {
			continue
		}
		puts, err := h.Store.TakeHaul(ctx, part, now)
		if err != nil {
			return err
		}
		h.countPuts(puts, haul.Again)
		h.countUndated(puts, part.Articles)
		h.remark(puts, remarks)
	}
	h.count(haul, t.Faults)
	return nil
}

// All is what was read together with the articles, and they.
func (t Taking) All() []Brought {
	if t.Together != nil {
		return t.Together
	}
	return t.Articles
}

// mostInPart is how many articles of a source share a transaction at most. Each is compared with others, and who signs up meanwhile waits for all of it.
const mostInPart = 25

// parts are what the store takes one after the other, so that others get a turn in between.
func (t Taking) parts() []Taking {
	var parts []Taking
	all := t.All()
	for len(t.Articles) > mostInPart {
		part := Taking{Source: t.Source, Origin: t.Origin, Declared: t.Declared, Articles: t.Articles[:mostInPart], Together: all, Whole: t.Whole}
		parts, t.Articles, t.Together = append(parts, part), t.Articles[mostInPart:], all
	}
	return append(parts, t)
}

func (t Taking) isNothing() bool {
	return len(t.Articles)+len(t.Faults)+len(t.Cleared) == 0 && t.Mark == ""
}

func (t *Taking) fault(name, why string) {
	t.Faults = append(t.Faults, Fault{Name: FaultName(name), Reason: why})
}

// refuses reports that what has a name, or another that goes by it, is no article.
func (t *Taking) refuses(name string) bool {
	return slices.ContainsFunc(t.Faults, func(f Fault) bool { return f.Name == name })
}

func (t *Taking) clear(name string) { t.Cleared = append(t.Cleared, FaultName(name)) }

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
		return a, false, errors.New(AddressOf(first, o.Name))
	}
	h.seen[a.URL] = o.Name
	return a, true, nil
}

func (h *hold) countPuts(puts []Put, again bool) {
	for _, p := range puts {
		switch {
		case p.Outcome == Added:
			h.gain.Added++
		case p.Outcome == Updated:
			h.gain.Updated++
		case p.Outcome == Unchanged && !again:
			h.gain.Unchanged++
		}
	}
}

func (h *hold) countUndated(puts []Put, articles []Brought) {
	for i, p := range puts {
		if h.first && p.Outcome == Added && articles[i].Published.IsZero() {
			h.gain.Undated++
		}
	}
}

// remark tells what is odd about articles that came or changed: of what stays as it is, it was told before.
func (h *hold) remark(puts []Put, remarks map[string]Fault) {
	for _, p := range puts {
		r, is := remarks[p.URL]
		if is && (p.Outcome == Added || p.Outcome == Updated) && len(h.gain.Remarks) < shown {
			h.gain.Remarks = append(h.gain.Remarks, r)
		}
	}
}

func (h *hold) count(haul Haul, faults []Fault) {
	g := &h.gain
	g.Refused += len(faults)
	for _, name := range haul.Gone {
		if _, never := h.refused[FaultName(name)]; !never {
			g.Gone++
		}
	}
	g.Waiting += haul.Waiting
	g.Anew = g.Anew || haul.Anew
	g.Faults = append(g.Faults, faults[:min(len(faults), shown-len(g.Faults))]...)
}
