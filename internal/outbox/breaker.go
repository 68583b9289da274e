package outbox

import (
	"context"
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
// sender's good name. A relay that refuses what others take is left alone instead. It starts anew with each run.
type breaker struct {
	editions map[int64]*record
	held     map[int64]bool // decided, and whether it is durable; what was listed before is not handed over any more
}

// A record is how the latest letters of an edition ended.
type record struct {
	large   int            // refusals for the letter's size, one after the other
	refused map[string]int // by relay: refusals about the sender, one after the other
	failed  [failedOf]bool
	n       int // letters in all
	bad     int // of the latest that failed
}

// judge takes in how a letter of an edition ended at a relay, and says why its edition is to be held; empty: it is not. Where others take
// letters it may say that the relay is to be left alone.
func (b *breaker) judge(edition int64, relay string, a newsletter.Attempt, others bool) (why string, alone bool) {
	if b.editions == nil {
		b.editions, b.held = make(map[int64]*record), make(map[int64]bool)
	}
	r := b.editions[edition]
	if r == nil {
		r = &record{refused: make(map[string]int)}
		b.editions[edition] = r
	}
	why, alone = r.judge(relay, a, others)
	if why != "" {
		delete(b.editions, edition) // whoever lets it go on gives it another chance
		b.held[edition] = false
	}
	return why, alone
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

func (r *record) judge(relay string, a newsletter.Attempt, others bool) (why string, alone bool) {
	if a.State != newsletter.Sent && a.State != newsletter.Failed {
		return "", false
	}
	failed := a.State == newsletter.Failed
	if !failed || !a.Reply.TooLarge(a.Stage) {
		r.large = 0
	} else if r.large++; r.large >= largeMost {
		return fmt.Sprintf("the last %d letters are larger than the server takes", r.large), false
	}
	_, throttled := a.Reply.Throttle()
	if !failed || !a.Reply.AboutSender(a.Stage) && !throttled {
		r.refused[relay] = 0
	} else if r.refused[relay]++; r.refused[relay] < refusedMost && others {
		return "", false
	} else if others {
		r.refused[relay]-- // when it is tried again, one more is enough
		return "", true
	} else if r.refused[relay] >= refusedMost {
		return fmt.Sprintf("the last %d letters were refused for what the server says about the sender", r.refused[relay]), false
	}
	r.count(failed)
	if latest := min(r.n, failedOf); latest >= failedLeast && r.bad*failedShare >= latest {
		return fmt.Sprintf("%d of the last %d letters were refused for good", r.bad, latest), false
	}
	return "", false
}

// count counts how the latest letter ended, in the place of the one that is the latest no more.
func (r *record) count(failed bool) {
	if r.n >= failedOf && r.failed[r.n%failedOf] {
		r.bad--
	}
	r.failed[r.n%failedOf] = failed
	r.n++
	if failed {
		r.bad++
	}
}

// A Hold is why an edition is held by itself, with the last answer, and what the operator hears of it.
type Hold struct {
	Why    string // names nobody
	Notice newsletter.Notice
}

// hold says whether a letter's edition is to be held, and tells the operator why.
func (r *run) hold(ctx context.Context, one *relay, d newsletter.Delivery, a newsletter.Attempt) *Hold {
	if d.Kind != newsletter.KindEdition {
		return nil
	}
	others := r.relays.others(one)
	r.mu.Lock()
	why, alone := r.breaker.judge(d.Edition, one.Name, a, others)
	r.mu.Unlock()
	if alone {
		r.leaveAlone(ctx, one, refusalRest, "it refuses letters for what it says about the sender: "+a.Reply.Codes())
	}
	if why == "" {
		return nil
	}
	return &Hold{
		Why:    fmt.Sprintf("%s; the last one said: %s", why, nameless(a.Reply.String())),
		Notice: heldNotice(r.Operator, newsletter.EditionRef{Newsletter: d.Newsletter, Number: d.Number}, why, a),
	}
}

// heldNotice says that an edition was held, and what mends it.
func heldNotice(to string, edition newsletter.EditionRef, why string, last newsletter.Attempt) newsletter.Notice {
	subject, mend := "too many letters were refused", "When it is mended, let it go on"
	if last.Reply.TooLarge(last.Stage) {
		subject = "its letters are too large for the server"
		mend = fmt.Sprintf("What was approved does not change. Have the server take more (message_size_limit in Postfix) or send by another one (smtp.url), or end it: facteur edition cancel %s\nThen let it go on", edition)
	}
	return newsletter.Notice{
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
