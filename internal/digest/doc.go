// Package digest decides what an edition says: it chooses what is new and says why, drafts, approves, freezes and
// queues.
//
// The rules:
//   - Every candidate of a newsletter gets exactly one verdict from a closed list. For a decided slot the verdicts are
//     those recorded then; for any other instant they are computed, and said to be.
//   - Dates alone decide nothing: what was carried is known from the editions, so a late arrival with an old date is
//     found as long as it is within the horizon.
//   - A slot is decided once: published with its edition, or skipped with a reason. Deciding it again returns its
//     record. What keeps it from being decided is recorded too, and it may be tried again while the newsletter's late
//     policy allows.
//   - No letter is frozen that preflight blocks. What it warns of is told and stops nothing.
//   - Slot, verdicts, edition, text and audience rule are fixed in one transaction of the store.
//   - A scheduled slot that brings no edition, is late or fails sends a notice to the operator. Who publishes by hand is
//     told on the spot.
package digest
