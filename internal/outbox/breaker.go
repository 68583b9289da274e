package outbox

import (
	"fmt"
	"maps"

	"facteur/internal/newsletter"
)

const (
	largeMost   = 3   // letters too large for the server, one after the other, that hold an edition: its copies are of one size
	refusedMost = 10  // refusals about the sender one after the other that hold an edition
	failedOf    = 100 // latest letters of which a share may fail
	failedLeast = 50  // letters before that share says anything
	failedShare = 5   // one of so many that fail hold an edition
)

// A breaker holds an edition that goes wrong: its letters would be refused all the same, and each refusal costs the
// sender's good name. It starts anew with each run.
type breaker struct {
	editions map[int64]*record
	held     map[int64]bool // decided, and whether it is durable; what was listed before is not handed over any more
}

// A record is how the latest letters of an edition ended.
type record struct {
	large   int // refusals for the letter's size, one after the other
	refused int // refusals about the sender, one after the other
	failed  [failedOf]bool
	n       int // letters in all
	bad     int // of the latest that failed
}

// judge takes in how a letter of an edition ended, and says why its edition is to be held; empty: it is not.
func (b *breaker) judge(edition int64, a newsletter.Attempt) string {
	if b.editions == nil {
		b.editions, b.held = make(map[int64]*record), make(map[int64]bool)
	}
	r := b.editions[edition]
	if r == nil {
		r = &record{}
		b.editions[edition] = r
	}
	why := r.judge(a)
	if why != "" {
		delete(b.editions, edition) // whoever lets it go on gives it another chance
		b.held[edition] = false
	}
	return why
}

// holds says whether nothing of an edition may be handed over.
func (b *breaker) holds(edition int64) bool {
	_, held := b.held[edition]
	return held
}

// durable notes that what was decided so far about an edition can be read in the store.
func (b *breaker) durable(edition int64) {
	if b.holds(edition) {
		b.held[edition] = true
	}
}

// forget leaves to the store what it knows by now, for whoever lets an edition go on says so there.
func (b *breaker) forget() {
	maps.DeleteFunc(b.held, func(_ int64, durable bool) bool { return durable })
}

func (r *record) judge(a newsletter.Attempt) string {
	if a.State != newsletter.Sent && a.State != newsletter.Failed {
		return ""
	}
	failed := a.State == newsletter.Failed
	if r.n >= failedOf && r.failed[r.n%failedOf] {
		r.bad--
	}
	r.failed[r.n%failedOf] = failed
	r.n++
	if failed {
		r.bad++
	}
	if !failed || !a.Reply.TooLarge(a.Stage) {
		r.large = 0
	} else if r.large++; r.large >= largeMost {
		return fmt.Sprintf("the last %d letters are larger than the server takes", r.large)
	}
	_, throttled := a.Reply.Throttle()
	if !failed || !a.Reply.AboutSender(a.Stage) && !throttled {
		r.refused = 0
	} else if r.refused++; r.refused >= refusedMost {
		return fmt.Sprintf("the last %d letters were refused for what the server says about the sender", r.refused)
	}
	if latest := min(r.n, failedOf); latest >= failedLeast && r.bad*failedShare >= latest {
		return fmt.Sprintf("%d of the last %d letters were refused for good", r.bad, latest)
	}
	return ""
}

// hold says whether a letter's edition is to be held, and tells the operator why.
func (r *run) hold(d newsletter.Delivery, a newsletter.Attempt) *newsletter.Notice {
	if d.Kind != newsletter.KindEdition {
		return nil
	}
	r.mu.Lock()
	why := r.breaker.judge(d.Edition, a)
	r.mu.Unlock()
	if why == "" {
		return nil
	}
	return heldNotice(r.Operator, newsletter.EditionRef{Newsletter: d.Newsletter, Number: d.Number}, why, a)
}

// heldNotice says that an edition was held, and what mends it.
func heldNotice(to string, edition newsletter.EditionRef, why string, last newsletter.Attempt) *newsletter.Notice {
	subject, mend := "too many letters were refused", "When it is mended, let it go on"
	if last.Reply.TooLarge(last.Stage) {
		subject = "its letters are too large for the server"
		mend = fmt.Sprintf("What was approved does not change. Have the server take more (message_size_limit in Postfix) or send by another one (smtp.url), or end it: facteur edition cancel %s\nThen let it go on", edition)
	}
	return &newsletter.Notice{
		To:      to,
		Subject: fmt.Sprintf("%s is paused: %s", edition, subject),
		Text: fmt.Sprintf(`%[1]s is paused: %[2]s. The last one said:
%[3]s

No reader was touched for it but those whose mailbox does not exist. See what was said: facteur edition show %[1]s
%[4]s: facteur edition resume %[1]s
To send what was refused once more: facteur resend %[1]s --failed
`, edition, why, nameless(last.Reply.String()), mend),
	}
}
