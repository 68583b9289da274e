package newsletter

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
