package newsletter

// A Notice is a letter to the operator or an editor: a slot skipped, late or failed, a proof waiting, a run paused.
// It is plain text, and it goes through the outbox like every other letter, ahead of editions.
type Notice struct {
	To      string
	Subject string
	Text    string
}
