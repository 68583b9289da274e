package digest

import (
	"context"
	"slices"
	"time"

	"facteur/internal/newsletter"
)

// A Preview is what would leave at an instant, computed now.
type Preview struct {
	Choice
	Newsletter string
	Computed   time.Time
	Before     []Coming            // the slots until then, of the newsletter and its sisters, in the order in which they are decided: what they would bring counts as brought
	More       bool                // there are more of these, which are not counted
	Number     int                 // the number the edition would take
	Subject    string              // empty when nothing would leave
	Reason     string              // why nothing would leave; empty otherwise
	Waiting    int                 // rows of the inbox that were judged, or change what was
	Uncompared bool                // which of these are one story with something else is not known until they are collected
	Refused    []string            // rows of it that will be refused, and why
	Word       *newsletter.Word    // what an editor says at its head; nil: nothing
	Sponsor    *newsletter.Sponsor // the advertisement in it; nil: none
	Beyond     int                 // how many of the stories the letter would leave to its page; not known while any of them is in the inbox
	LeftOut    []string            // articles of which something would be left out; as far as Beyond is known
}

// Preview says what would leave at an instant, the zero time being now. It collects nothing and records nothing; rows
// that wait in the inbox are judged as if they arrived now.
func (d *Desk) Preview(ctx context.Context, n newsletter.Newsletter, at time.Time) (Preview, error) {
	p, err := d.foresee(ctx, n, at)
	if err != nil || p.Empty() {
		return p, err
	}
	return d.try(ctx, n, p)
}

// foresee is Preview but for the length of the letter.
func (d *Desk) foresee(ctx context.Context, n newsletter.Newsletter, at time.Time) (Preview, error) {
	now := d.Now().Truncate(time.Millisecond) // as the store keeps what it is told beside
	if at.IsZero() {
		at = now
	}
	own, err := d.prospect(ctx, n, now, earlier(now, at))
	if err != nil {
		return Preview{}, err
	}
	before, more, err := d.ahead(ctx, own, now, at)
	if err != nil {
		return Preview{}, err
	}
	choice := own.choose(at)
	p := Preview{
		Choice: choice, Newsletter: n.Name, Computed: now, Before: before, More: more, Number: own.number,
		Waiting: among(own.waiting.Rows, choice.Verdicts), Uncompared: !own.waiting.compared(), Refused: own.waiting.Refused,
	}
	if own.number == own.first { // else an edition before has them
		if p.Word, p.Sponsor, err = d.given(ctx, n); err != nil {
			return Preview{}, err
		}
	}
	if choice.Empty() {
		p.Reason = emptyReason(choice)
		return p, nil
	}
	p.Subject, err = d.subject(ctx, n, choice.Lead.Title, choice.Lead.Language, own.number, subjects(before)...)
	return p, err
}

func earlier(one, other time.Time) time.Time {
	if other.Before(one) {
		return other
	}
	return one
}

// try renders a previewed edition to see whether all of it fits into a letter. What is in the inbox has no text yet.
func (d *Desk) try(ctx context.Context, n newsletter.Newsletter, p Preview) (Preview, error) {
	if slices.ContainsFunc(p.stories(), newsletter.Candidate.Waits) {
		return p, nil
	}
	content, r, err := d.preview(ctx, n, p, nil)
	if err != nil {
		return p, err
	}
	p.Beyond, p.LeftOut = r.Beyond, content.LeftOut()
	return p, nil
}

// Letter is that of a preview in which something would leave, and what it is made of. Rows of the inbox are told as if they had arrived.
func (d *Desk) Letter(ctx context.Context, n newsletter.Newsletter, p Preview) (newsletter.Content, Rendering, error) {
	offered, err := d.offered(ctx, p.stories(), p.Waiting)
	if err != nil {
		return newsletter.Content{}, Rendering{}, err
	}
	content, r, err := d.preview(ctx, n, p, offered)
	content.Beyond = r.Beyond
	return content, r, err
}

// preview renders the letter of a preview, in which rows of the inbox go before what is stored.
func (d *Desk) preview(ctx context.Context, n newsletter.Newsletter, p Preview, offered map[string]newsletter.Article) (newsletter.Content, Rendering, error) {
	content, err := d.foretold(ctx, n, p, p.At, offered)
	if err != nil {
		return content, Rendering{}, err
	}
	r, err := d.Renderer.Render(n, content)
	if err != nil {
		return content, r, during("rendering the edition", n, err)
	}
	return content, r, nil
}

// An Explanation says why each candidate is in or out of a slot.
type Explanation struct {
	Newsletter string
	Slot       newsletter.Slot       // empty: no slot, but the instant At
	At         time.Time             // the instant judged, or of the recorded decision
	Computed   time.Time             // when the verdicts were computed; zero: they were recorded
	Recorded   bool                  // the verdicts are those of the decision; otherwise they were computed now
	Record     newsletter.SlotRecord // what became of the slot; zero when it was never tried
	Verdicts   []newsletter.Verdict  // none for a slot that was skipped without being judged
	Unlisted   map[string]int        // as in [Choice]; none with those that were recorded
	Uncompared bool                  // as in [Preview]
	Before     []Coming              // as in [Preview]; none with those that were recorded
	More       bool                  // as in [Preview]
}

// Why explains a slot: by the verdicts recorded with its decision, or for a slot that is not decided by verdicts
// computed now. The empty slot is now.
func (d *Desk) Why(ctx context.Context, n newsletter.Newsletter, slot newsletter.Slot) (Explanation, error) {
	e := Explanation{Newsletter: n.Name, Slot: slot}
	if slot == "" {
		return d.compute(ctx, n, e, time.Time{})
	}
	record, err := d.Store.SlotRecord(ctx, n.Name, slot)
	if err != nil && !isNotFound(err) {
		return Explanation{}, during("reading slot "+string(slot), n, err)
	}
	e.Record = record
	if !decided(record) {
		return d.compute(ctx, n, e, slot.In(zone(n)))
	}
	e.Recorded, e.At = true, record.Decided
	e.Verdicts, err = d.Store.Verdicts(ctx, n.Name, slot)
	if err != nil && !isNotFound(err) {
		return Explanation{}, during("reading the verdicts of slot "+string(slot), n, err)
	}
	e.Verdicts = sorted(e.Verdicts)
	return e, nil
}

func (d *Desk) compute(ctx context.Context, n newsletter.Newsletter, e Explanation, at time.Time) (Explanation, error) {
	p, err := d.foresee(ctx, n, at)
	if err != nil {
		return Explanation{}, err
	}
	e.At, e.Computed, e.Verdicts, e.Unlisted, e.Uncompared = p.At, p.Computed, p.Verdicts, p.Unlisted, p.Uncompared
	e.Before, e.More = p.Before, p.More
	return e, nil
}

// decided reports that a record is final.
func decided(r newsletter.SlotRecord) bool {
	return r.State == newsletter.SlotPublished || r.State == newsletter.SlotSkipped
}
