package outbox

import (
	"context"
	"fmt"

	"facteur/internal/newsletter"
)

const (
	refusedMost = 10  // refusals about the sender one after the other that hold an edition
	failedOf    = 100 // latest letters of which a share may fail
	failedLeast = 50  // letters before that share says anything
	failedShare = 5   // one of so many that fail hold an edition
)

// A breaker holds an edition that goes wrong: its letters would be refused all the same, and each refusal costs the
// sender's good name. A relay that refuses what others take is left alone instead. It starts anew with each run.
type breaker struct {
	editions map[int64]*record
}

// A record is how the latest letters of an edition ended.
type record struct {
	refused map[string]int // by relay: refusals about the sender, one after the other
	failed  [failedOf]bool
	n       int // letters in all
	bad     int // of the latest that failed
}

// judge takes in how a letter of an edition ended at a relay, and says why its edition is to be held; empty: it is not. Where others take
// letters it may say that the relay is to be left alone.
func (b *breaker) judge(edition int64, relay string, a newsletter.Attempt, others bool) (why string, alone bool) {
	if b.editions == nil {
		b.editions = make(map[int64]*record)
	}
	r := b.editions[edition]
	if r == nil {
		r = &record{refused: make(map[string]int)}
		b.editions[edition] = r
	}
	why, alone = r.judge(relay, a, others)
	if why != "" {
		delete(b.editions, edition) // whoever lets it go on gives it another chance
	}
	return why, alone
}

func (r *record) judge(relay string, a newsletter.Attempt, others bool) (why string, alone bool) {
	if a.State != newsletter.Sent && a.State != newsletter.Failed {
		return "", false
	}
	failed := a.State == newsletter.Failed
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
		r.leaveAlone(ctx, one, refusalRest, "it refuses letters for what it says about the sender: "+codes(a.Reply))
	}
	if why == "" {
		return nil
	}
	last := nameless(a.Reply.String())
	return &Hold{
		Why:    fmt.Sprintf("%s; the last one said: %s", why, last),
		Notice: heldNotice(r.Operator, newsletter.EditionRef{Newsletter: d.Newsletter, Number: d.Number}, why, last),
	}
}

// heldNotice says that an edition was held.
func heldNotice(to string, edition newsletter.EditionRef, why, last string) newsletter.Notice {
	return newsletter.Notice{
		To:      to,
		Subject: fmt.Sprintf("%s is paused: too many letters were refused", edition),
		Text: fmt.Sprintf(`%[1]s is paused: %[2]s. The last one said:
%[3]s

No reader was touched for it but those whose mailbox does not exist. See what was said: facteur edition show %[1]s
When it is mended, let it go on: facteur edition resume %[1]s
To send what was refused once more: facteur resend %[1]s --failed
`, edition, why, last),
	}
}
