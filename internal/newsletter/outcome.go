package newsletter

import "strings"

// Outcome decides what a transaction that ended at stage with reply makes of its delivery: sent, deferred, failed or
// unknown.
//
// A code speaks for itself (RFC 5321 §4.2.1), unless it speaks of the session and not of the letter. Without a code
// the connection was lost: before the final dot nothing can have been delivered, so the letter is deferred; after it
// the server may have it, so the outcome is unknown (RFC 5321 §4.5.3.2.6 warns of the duplicates that guessing
// makes). What RSET or QUIT bring after a positive answer never reaches this function.
func Outcome(stage Stage, reply Reply) DeliveryState {
	switch {
	case stage == StageDone && reply.OK():
		return Sent
	case reply.Permanent() && !reply.aboutSession(stage):
		return Failed
	case reply.Code == 0 && stage == StageDot:
		return Unknown
	default:
		return Deferred
	}
}

// aboutSession reports a refusal of the connection or the login: the operator can mend it, and no letter is to be
// blamed (RFC 4954 §6).
func (r Reply) aboutSession(stage Stage) bool {
	return stage == StageConnect || r.Code == 530 || r.Code == 535 || r.Code == 538
}

// AboutSender reports a refusal that judges the sender, his machine or his reputation rather than the mailbox (class
// X.7, RFC 3463 §3.8). It never counts against the reader.
func (r Reply) AboutSender() bool {
	return r.aboutSession("") || strings.HasPrefix(r.Enhanced, "5.7.") || strings.HasPrefix(r.Enhanced, "4.7.")
}

// NoSuchMailbox reports that the mailbox does not exist and never will: RFC 3463 §3.2 codes X.1.1, X.1.2, X.1.3 and
// X.1.6, a null MX (RFC 7505 §4), or X.2.1, a mailbox that is closed. A full mailbox (552, X.2.2) is none of them.
func (r Reply) NoSuchMailbox() bool {
	if !r.Permanent() || r.Code == 552 {
		return false
	}
	switch r.Enhanced {
	case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1":
		return true
	}
	return false
}
