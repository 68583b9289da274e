package transport

import (
	"cmp"
	"time"
)

// Timeouts are the waits of a connection. A zero field takes the default named beside it, which is the least that
// RFC 5321 §4.5.3.2 allows where that paragraph speaks of it.
//
// A courier that is asked to stop in the middle of a letter goes on for Drain at most, counted from the stop. What
// follows is the letter's last step, which is the caller's to bound, and Quit.
type Timeouts struct {
	Connect time.Duration // dialling, greeting, EHLO, TLS and login together: 5 minutes
	Command time.Duration // the answer to MAIL, RCPT or RSET: 5 minutes
	Data    time.Duration // the answer to DATA: 2 minutes
	Block   time.Duration // writing one block of content: 3 minutes
	Dot     time.Duration // the answer to the final dot: 10 minutes
	Drain   time.Duration // the last three of a letter together, once the courier was asked to stop: 1 minute
	Quit    time.Duration // the answer to QUIT, or to content that the server stopped reading: 5 seconds
	Idle    time.Duration // a connection without letters is closed after it: 30 seconds
	Lull    time.Duration // outcomes wait this long for the next letter's mark to share its commit: 5 milliseconds
}

func (t Timeouts) orDefaults() Timeouts {
	return Timeouts{
		Connect: cmp.Or(t.Connect, 5*time.Minute),
		Command: cmp.Or(t.Command, 5*time.Minute),
		Data:    cmp.Or(t.Data, 2*time.Minute),
		Block:   cmp.Or(t.Block, 3*time.Minute),
		Dot:     cmp.Or(t.Dot, 10*time.Minute),
		Drain:   cmp.Or(t.Drain, time.Minute),
		Quit:    cmp.Or(t.Quit, 5*time.Second),
		Idle:    cmp.Or(t.Idle, 30*time.Second),
		Lull:    cmp.Or(t.Lull, 5*time.Millisecond),
	}
}
