package digest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"facteur/internal/newsletter"
)

// A ScheduledSlot is a slot and the instant at which it is due.
type ScheduledSlot struct {
	Slot newsletter.Slot
	Due  time.Time
	Next time.Time // when the slot after it is due
}

// with reports another that is due at the same moment, because the clock jumps over one of them.
func (s ScheduledSlot) with(other ScheduledSlot) bool { return s.Due.Equal(other.Due) }

// Decide collects what waits and decides a scheduled slot: published with its edition, or skipped with a reason and a
// notice. A slot that is decided already keeps its record, which is returned. A slot that is later than its newsletter's
// late policy allows is skipped.
//
// What goes wrong, [Blocked] included, is recorded as a failure, with one notice per slot, and returned beside the record; the
// caller may try again. The end of ctx is no failure and leaves no record.
func (d *Desk) Decide(ctx context.Context, n newsletter.Newsletter, s ScheduledSlot, now time.Time) (newsletter.SlotRecord, error) {
	before, err := d.Store.SlotRecord(ctx, n.Name, s.Slot)
	if err != nil && !isNotFound(err) {
		return newsletter.SlotRecord{}, during("reading slot "+string(s.Slot), n, err)
	}
	if decided(before) {
		return before, nil
	}
	if late := now.Sub(s.Due); late > allowed(n) {
		past, err := d.passing(ctx, n, s.Due, s.Next)
		if err != nil {
			return newsletter.SlotRecord{}, err
		}
		reason := tooLate(n, late, before)
		return d.skip(ctx, n, s.Slot, now, reason, nil, skippedNotice(d.Operator, n, s.Slot, reason, nil, past))
	}
	record, err := d.attempt(ctx, n, s, now)
	if err == nil || ctx.Err() != nil {
		return record, err
	}
	return d.fail(ctx, n, s, now, before, err)
}

// attempt decides a slot that is in time.
func (d *Desk) attempt(ctx context.Context, n newsletter.Newsletter, s ScheduledSlot, now time.Time) (newsletter.SlotRecord, error) {
	if _, err := d.Collector.Collect(ctx); err != nil {
		return newsletter.SlotRecord{}, err
	}
	// What was collected just now bears a later instant than the one at which the slot was found due.
	if later := d.Now(); later.After(now) {
		now = later
	}
	i := issue{slot: s.Slot, date: s.Due, now: now}
	if late := now.Sub(s.Due); late > grace {
		i.notice = lateNotice(d.Operator, n, s, late)
	}
	var lost error
	for range tries {
		r, err := d.publish(ctx, n, i)
		switch {
		case err == nil && r.Published():
			d.warn(ctx, r)
			return publishedRecord(r.Edition), nil
		case err == nil:
			return d.skip(ctx, n, s.Slot, now, r.Reason, &r.Choice, skippedNotice(d.Operator, n, s.Slot, r.Reason, &r.Choice, r.Choice.passing(n, s.Next)))
		case !errors.Is(err, newsletter.ErrExists):
			return newsletter.SlotRecord{}, err
		}
		lost = err
		if record, err := d.Store.SlotRecord(ctx, n.Name, s.Slot); err == nil && decided(record) {
			return record, nil
		}
	}
	return newsletter.SlotRecord{}, lost
}

// warn says in the log what an editor might have mended.
func (d *Desk) warn(ctx context.Context, r Result) {
	if d.Log == nil {
		return
	}
	for _, f := range r.Warnings {
		d.Log.WarnContext(ctx, "published with a flaw: "+f.What, "edition", r.Edition.Ref().String(), "rule", f.Rule, "where", f.Place.String(), "do", f.Cure)
	}
}

// skip records that a slot brings no edition. When another process was faster, its decision stands.
func (d *Desk) skip(ctx context.Context, n newsletter.Newsletter, slot newsletter.Slot, now time.Time, reason string, c *Choice, notice *newsletter.Notice) (newsletter.SlotRecord, error) {
	record := newsletter.SlotRecord{Newsletter: n.Name, Slot: slot, State: newsletter.SlotSkipped, Reason: reason, Decided: now}
	var verdicts []newsletter.Verdict
	if c != nil {
		verdicts = c.Verdicts
	}
	err := d.Store.Skip(ctx, record, verdicts, notice)
	if errors.Is(err, newsletter.ErrExists) {
		return d.Store.SlotRecord(ctx, n.Name, slot)
	}
	if err != nil {
		return newsletter.SlotRecord{}, during("skipping slot "+string(slot), n, err)
	}
	return record, nil
}

// fail records what kept a slot from being decided. Only the first failure of a slot sends a notice.
func (d *Desk) fail(ctx context.Context, n newsletter.Newsletter, s ScheduledSlot, now time.Time, before newsletter.SlotRecord, cause error) (newsletter.SlotRecord, error) {
	record := newsletter.SlotRecord{
		Newsletter: n.Name, Slot: s.Slot, State: newsletter.SlotFailed, Reason: cause.Error(), Decided: now,
	}
	var notice *newsletter.Notice
	if before.State != newsletter.SlotFailed {
		notice = failedNotice(d.Operator, n, s, cause)
	}
	switch err := d.Store.Skip(ctx, record, nil, notice); {
	case errors.Is(err, newsletter.ErrExists):
		return d.Store.SlotRecord(ctx, n.Name, s.Slot)
	case err != nil:
		return newsletter.SlotRecord{}, errors.Join(cause, during("recording the failure of slot "+string(s.Slot), n, err))
	}
	return record, during("deciding slot "+string(s.Slot), n, cause)
}

// Missed decides the slots that came due while the program was off, oldest first: all but the latest are skipped, and
// the latest is decided as the newsletter's late policy has it. It returns a record for each. Those that a clock jumps over are due with the
// latest, and were missed by nobody.
func (d *Desk) Missed(ctx context.Context, n newsletter.Newsletter, slots []ScheduledSlot, now time.Time) ([]newsletter.SlotRecord, error) {
	if len(slots) == 0 {
		return nil, nil
	}
	earlier, latest := slots[:len(slots)-1], slots[len(slots)-1]
	lost, counts := now.Sub(latest.Due) > allowed(n), now
	if lost {
		counts = latest.Due
	}
	var records []newsletter.SlotRecord
	missed := slices.DeleteFunc(slices.Clone(earlier), latest.with)
	for i, s := range earlier {
		var notice *newsletter.Notice
		if i == len(missed)-1 {
			past, err := d.passing(ctx, n, missed[0].Due, counts)
			if err != nil {
				return records, err
			}
			notice = missedNotice(d.Operator, n, missed, latest, lost, past)
		}
		record, err := d.miss(ctx, n, s.Slot, missedReason(s, latest, lost), now, notice)
		if err != nil {
			return records, err
		}
		records = append(records, record)
	}
	record, err := d.Decide(ctx, n, latest, now)
	if record.Slot != "" {
		records = append(records, record)
	}
	return records, err
}

// passing is [Choice.passing] of what was offered at an instant.
func (d *Desk) passing(ctx context.Context, n newsletter.Newsletter, at, next time.Time) ([]newsletter.Candidate, error) {
	candidates, err := d.candidates(ctx, n)
	if err != nil {
		return nil, err
	}
	choice, err := d.choose(ctx, n, at, candidates)
	return choice.passing(n, next), err
}

// passing are the articles that are offered, and beyond the horizon at the next slot. What is pinned stays for as long as it takes.
func (c Choice) passing(n newsletter.Newsletter, next time.Time) (past []newsletter.Candidate) {
	for _, v := range c.Verdicts {
		if v.Rule.Offered() && !v.Stance.In() && older(v.Dated(), next, n.Horizon) {
			past = append(past, v.Candidate)
		}
	}
	return past
}

// miss skips a slot that a later one has overtaken.
func (d *Desk) miss(ctx context.Context, n newsletter.Newsletter, slot newsletter.Slot, reason string, now time.Time, notice *newsletter.Notice) (newsletter.SlotRecord, error) {
	before, err := d.Store.SlotRecord(ctx, n.Name, slot)
	if err != nil && !isNotFound(err) {
		return newsletter.SlotRecord{}, during("reading slot "+string(slot), n, err)
	}
	if before.State == newsletter.SlotFailed {
		reason = "it failed until a later slot was due: " + before.Reason
	}
	return d.skip(ctx, n, slot, now, reason, nil, notice)
}

// PassOver skips slots of which nobody here knows whether they brought an edition: this was a copy then, and the program that
// it was copied from may have decided them. There is no notice, since whoever claims a copy is told on the spot.
func (d *Desk) PassOver(ctx context.Context, n newsletter.Newsletter, slots []ScheduledSlot, now time.Time) error {
	for _, s := range slots {
		if _, err := d.skip(ctx, n, s.Slot, now, "it was due before this copy was claimed, and may have been published elsewhere", nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// missedReason is why a slot is not made up for: the latest one counts, unless that is lost as well.
func missedReason(s, latest ScheduledSlot, lost bool) string {
	switch {
	case latest.with(s):
		return fmt.Sprintf("the clock jumped over it; slot %s, due at the same moment, stands for both", latest.Slot)
	case lost:
		return "missed: the program was off"
	}
	return fmt.Sprintf("missed: the program was off; slot %s is the one that counts", latest.Slot)
}

// grace is for how long a slot is not late: its own minute.
const grace = time.Minute

// allowed is how late a slot may be decided.
func allowed(n newsletter.Newsletter) time.Duration {
	if n.Late == newsletter.LateSend {
		return max(n.LateWindow, grace)
	}
	return grace
}

func publishedRecord(e newsletter.Edition) newsletter.SlotRecord {
	return newsletter.SlotRecord{
		Newsletter: e.Newsletter, Slot: e.Slot, State: newsletter.SlotPublished, Edition: e.Number, Decided: e.Approved,
	}
}
