package newsletter

import "time"

// SlotState is how far a slot has come.
type SlotState string

const (
	// SlotPublished: an edition was frozen in it. Final. A crash changes nothing.
	SlotPublished SlotState = "published"
	// SlotSkipped: no edition, and the record says why. Final. A crash changes nothing.
	SlotSkipped SlotState = "skipped"
	// SlotFailed: deciding it met an error, or preflight blocks its letter; it is tried again while the newsletter's late
	// window allows, then skipped. A crash changes nothing.
	SlotFailed SlotState = "failed"
)

// A SlotRecord is what became of a slot. A slot that is due and has no record has not been decided.
type SlotRecord struct {
	Newsletter string
	Slot       Slot
	State      SlotState
	Reason     string // why it was skipped or failed, in words for the operator
	Edition    int    // number of the edition, under [SlotPublished]
	Unsent     bool   // the edition was cancelled before anything of it left: it gave its articles back
	Decided    time.Time
}
