package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// An Outlook is what is still to be sent, and what it waits for.
type Outlook struct {
	Letters map[newsletter.DeliveryState]int // open ones, rows still to be made included, and those that did not arrive
	Trouble []outbox.Trouble                 // those that did not arrive, by edition
	Waits   []Wait
	Alone   []newsletter.Closing
	Rests   []outbox.Rest  // relays that take no letters, as the sender that runs has it, or the last one had
	Unmade  int            // readers whose row is still to be made, of editions that are not held
	Due     map[string]int // letters that may leave but for pace and waits, by provider; those whose row is still to be made under none
}

// A Wait is letters of one kind or edition that leave at the same time for the same reason.
type Wait struct {
	Why     Why
	Edition newsletter.EditionRef // its zero: single letters, notices and proofs
	Group   string                // under WhyAlone
	Letters int
	Until   time.Time // zero: now, or nobody knows
	Words   string    // of the server, or why an edition is held by itself
}

// Why is why letters wait.
type Why string

const (
	WhyDue    Why = "due"     // they may leave, at their pace
	WhyFirst  Why = "first"   // the first letters of their edition go ahead
	WhyAlone  Why = "alone"   // their provider is left alone
	WhyPutOff Why = "put-off" // they are tried again
	WhyDelay  Why = "delay"   // of signup.delay: their forms came without the work
	WhyHeld   Why = "held"    // with their edition
)

// Open counts what is to be sent.
func (o Outlook) Open() (n int) {
	for state, some := range o.Letters {
		if state.Open() {
			n += some
		}
	}
	return n
}

// Outlook looks what is to be sent. It reads what is open and what did not arrive, and nothing of what did.
func (a *App) Outlook(ctx context.Context) (o Outlook, err error) {
	now := a.options.Now()
	trouble, err := a.Store.Troubled(ctx)
	if err != nil {
		return o, err
	}
	o.Letters = map[newsletter.DeliveryState]int{}
	for _, t := range trouble {
		o.Letters[t.State] += t.Letters
		if !t.State.Open() {
			o.Trouble = append(o.Trouble, t)
		}
	}
	waiting, err := a.Store.Waiting(ctx, now)
	if err != nil {
		return o, err
	}
	unmade, err := a.Store.Unmade(ctx)
	if err != nil {
		return o, err
	}
	if o.Alone, err = a.Store.Closings(ctx, now); err != nil {
		return o, err
	}
	if o.Rests, err = a.Store.Rests(ctx); err != nil {
		return o, err
	}
	under, err := a.underWay(ctx)
	if err != nil {
		return o, err
	}
	o.Due = map[string]int{}
	queued := -o.Letters[newsletter.Deferred]
	for _, w := range waiting {
		queued += w.Letters
		o.wait(under, w)
	}
	for ref, n := range unmade {
		if n == 0 {
			continue
		}
		queued += n
		if under[ref].Why != WhyHeld {
			o.Unmade += n
		}
		o.wait(under, outbox.Waiting{Edition: ref, Letters: n, Due: n})
	}
	if queued > 0 {
		o.Letters[newsletter.Queued] = queued
	}
	slices.SortStableFunc(o.Waits, func(a, b Wait) int {
		return cmp.Or(cmp.Compare(a.Edition.Newsletter, b.Edition.Newsletter), cmp.Compare(a.Edition.Number, b.Edition.Number), a.Until.Compare(b.Until))
	})
	return o, nil
}

// underWay says of editions under way what keeps their letters back, if anything does.
func (a *App) underWay(ctx context.Context) (map[newsletter.EditionRef]Wait, error) {
	editions, err := a.Store.UnderWay(ctx)
	if err != nil {
		return nil, err
	}
	keeps := map[newsletter.EditionRef]Wait{}
	for _, e := range editions {
		if e.Paused {
			keeps[e.Ref()] = Wait{Why: WhyHeld, Words: e.Held}
		} else if opens, waits := a.Opens(e); waits {
			keeps[e.Ref()] = Wait{Why: WhyFirst, Until: opens}
		}
	}
	return keeps, nil
}

// Opens says when more than the first letters of an edition that is under way may leave; zero: these are not settled. False:
// all may leave.
func (a *App) Opens(e newsletter.Edition) (time.Time, bool) {
	c, err := a.canary()
	waits := err == nil && c.Wait > 0 && e.Planned >= c.From && (e.Opens.IsZero() || e.Opens.After(a.options.Now()))
	return e.Opens, waits && (e.State == newsletter.EditionQueueing || e.State == newsletter.EditionSending)
}

// wait adds letters to those that wait for the same.
func (o *Outlook) wait(under map[newsletter.EditionRef]Wait, w outbox.Waiting) {
	add := func(why Wait, letters int) {
		if letters == 0 {
			return
		}
		why.Edition, why.Letters = w.Edition, letters
		for i, same := range o.Waits {
			if same.Why == why.Why && same.Edition == why.Edition && same.Group == why.Group {
				o.Waits[i].Letters += letters
				if why.Until.Before(same.Until) {
					o.Waits[i].Until = why.Until
				}
				return
			}
		}
		o.Waits = append(o.Waits, why)
	}
	kept, keeps := under[w.Edition]
	if keeps && kept.Why == WhyHeld {
		add(kept, w.Letters)
		return
	}
	o.Due[w.Group] += w.Due
	later := WhyPutOff
	if w.Delayed {
		later = WhyDelay
	}
	add(Wait{Why: later, Until: w.Next}, w.Letters-w.Due)
	alone := slices.IndexFunc(o.Alone, func(c newsletter.Closing) bool { return c.Group == "" || c.Group == w.Group })
	switch ahead := w.Edition.Number == 0; {
	case alone >= 0 && !ahead:
		c := o.Alone[alone]
		add(Wait{Why: WhyAlone, Group: c.Group, Until: c.Until, Words: c.Words}, w.Due)
	case keeps:
		add(kept, w.Due)
	default:
		add(Wait{Why: WhyDue}, w.Due)
	}
}

// Leaves reports that something leaves by then without anybody doing anything: at once, or as soon as its provider is not left
// alone any more or the first letters of its edition have gone well. What the server put off does not count: it may be put off
// again and again. Nor does what waits for signup.delay, which nobody watches a sender for.
func (o Outlook) Leaves(by time.Time) bool {
	if o.Letters[newsletter.Attempting] > 0 || o.Unmade > 0 {
		return true
	}
	return slices.ContainsFunc(o.Waits, func(w Wait) bool {
		return w.Why == WhyDue || (w.Why == WhyFirst || w.Why == WhyAlone) && !w.Until.After(by)
	})
}
