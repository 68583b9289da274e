package newsletter

import "time"

// A Notice is a letter to the operator or an editor: a slot skipped, late or failed, a proof waiting, a run paused.
// It is plain text, and it goes through the outbox like every other letter, ahead of editions.
type Notice struct {
	To      string
	Subject string
	Text    string
}

// Clock is how a notice tells an instant, to people who may be in another zone.
func Clock(t time.Time, zone *time.Location) string { return t.In(zone).Format("2006-01-02 15:04 MST") }
