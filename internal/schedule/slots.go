package schedule

import (
	"iter"
	"time"

	"facteur/internal/newsletter"
)

// After is the next scheduled slot after another, by the wall, and when it is due. The other need not be of this
// specification, which may have changed since.
func (s Specification) After(slot newsletter.Slot, zone *time.Location) (newsletter.Slot, time.Time) {
	next := newsletter.SlotAt(s.next(slot.Wall()))
	return next, next.In(zone)
}

// First is the first scheduled slot that is due after an instant, and when: where a newsletter begins that has decided
// none yet. Its work does not grow with the distance to anything.
func (s Specification) First(after time.Time, zone *time.Location) (newsletter.Slot, time.Time) {
	// What the wall shows now is due, and so is all before it. After a change back the clock shows once more what
	// it showed already; those slots are passed over, at most one for each repeated minute.
	wall := newsletter.SlotAt(after.In(zone)).Wall()
	for {
		wall = s.next(wall)
		slot := newsletter.SlotAt(wall)
		if due := slot.In(zone); due.After(after) {
			return slot, due
		}
	}
}

// Between yields the scheduled slots after a slot, by the wall, that are due at upTo or before, in their order and each
// with the instant at which it was due. They are those that were missed if after is the last slot decided.
// An empty slot has none after it: nothing was missed by who has not begun.
//
// Slots are found one by one as they are asked for and never held. A caller that stops goes on from the last
// slot it took, so that a specification of every minute after a year off costs what the caller takes and no more; and
// one that has no use for slots older than a window leaves at the slot before [Specification.First] of the window's
// beginning.
func (s Specification) Between(after newsletter.Slot, upTo time.Time, zone *time.Location) iter.Seq2[newsletter.Slot, time.Time] {
	return func(yield func(newsletter.Slot, time.Time) bool) {
		wall := after.Wall()
		if wall.IsZero() {
			return
		}
		for {
			wall = s.next(wall)
			slot := newsletter.SlotAt(wall)
			due := slot.In(zone)
			if due.After(upTo) || !yield(slot, due) {
				return
			}
		}
	}
}
