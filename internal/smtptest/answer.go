package smtptest

import "time"

// An Answer is what a server does instead of the ordinary at one point of a session. The zero Answer is the ordinary.
//
// Points are CONNECT (the greeting), EHLO, HELO, STARTTLS, AUTH, MAIL, RCPT, DATA, CONTENT (the first line after DATA, or BDAT,
// arrived), DOT (the final dot or the last byte arrived), RSET, NOOP and QUIT. An Answer is kept under "RCPT", for all; under
// "DOT lea@example.com", for the letters to that recipient; or under "lea@example.com", which is short for
// "RCPT lea@example.com". For MAIL the address is the return path.
type Answer struct {
	Reply string        // sent instead of the ordinary reply, lines separated by "\n", codes included
	Slow  time.Duration // the reply comes byte by byte, with this pause before each
	Flood bool          // the reply is sent again and again, without a line end of its own, until the client hangs up
	Close bool          // the connection is closed after the reply
	Drop  bool          // the connection is closed instead of a reply
	Hang  bool          // no reply ever comes
	Times int           // how often this happens before the ordinary returns; 0 is always
}

// points returns the keys under which an answer for address at a point may be kept, the most particular first.
func points(point, address string) []string {
	if point == "RCPT" {
		return []string{point + " " + address, address, point}
	}
	return []string{point + " " + address, point}
}
