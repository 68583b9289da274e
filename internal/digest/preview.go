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
	waiting, err := d.Collector.Waiting(ctx, now, n.Name, n.Sisters...)
	if err != nil {
		return Preview{}, err
	}
	candidates := waiting.Candidates
	if candidates == nil {
		if candidates, err = d.candidates(ctx, n); err != nil {
			return Preview{}, err
		}
	}
	choice, err := d.choose(ctx, n, at, foreseen(candidates, waiting.Rows))
	if err != nil {
		return Preview{}, err
	}
	number, err := d.Store.NextNumber(ctx, n.Name)
	if err != nil {
		return Preview{}, during("reading the next number", n, err)
	}
	p := Preview{Choice: choice, Newsletter: n.Name, Computed: now, Number: number, Waiting: among(waiting.Rows, choice.Verdicts), Uncompared: !waiting.compared(), Refused: waiting.Refused}
	if p.Word, err = d.Store.Word(ctx, n.Name); err != nil {
		return Preview{}, during("reading the word", n, err)
	}
	if p.Sponsor, err = d.Store.Sponsor(ctx, n.Name); err != nil {
		return Preview{}, during("reading the advertisement", n, err)
	}
	if choice.Empty() {
		p.Reason = emptyReason(choice)
		return p, nil
	}
	p.Subject, err = d.subject(ctx, n, choice.Lead.Title, choice.Lead.Language, number)
	return p, err
}

// try renders a previewed edition to see whether all of it fits into a letter. What is in the inbox has no text yet.
func (d *Desk) try(ctx context.Context, n newsletter.Newsletter, p Preview) (Preview, error) {
	if slices.ContainsFunc(p.stories(), newsletter.Candidate.Waits) {
		return p, nil
	}
	content, err := d.content(ctx, n, p.Choice, p.Number, p.At)
	if err != nil {
		return p, err
	}
	r, err := d.Renderer.Render(n, content)
	if err != nil {
		return p, during("rendering the edition", n, err)
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
	content, err := d.told(ctx, n, p.Choice, p.Number, p.At, offered)
	if err != nil {
		return content, Rendering{}, err
	}
	r, err := d.Renderer.Render(n, content)
	if err != nil {
		return content, r, during("rendering the edition", n, err)
	}
	content.Beyond = r.Beyond
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
	return e, nil
}

// decided reports that a record is final.
func decided(r newsletter.SlotRecord) bool {
	return r.State == newsletter.SlotPublished || r.State == newsletter.SlotSkipped
}
