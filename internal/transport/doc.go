// Package transport takes letters out of the house: over SMTP to a relay, or into a folder.
//
// Its rules:
//   - What crosses its border is an envelope and bytes. go-mail dials, greets, secures and authenticates; the
//     transactions on top are ours, so that the stage reached and the server's own words are known of every letter.
//   - One letter, one recipient, one transaction (RFC 5321 §3.3). Its mark is made durable before its content goes, in the same
//     step as the outcome of the letter before it: between the answer to RCPT and DATA, or where commands may follow each
//     other (RFC 2920) after the answer to DATA. So a letter that is refused, or found impossible here, before its
//     content goes was never marked: it stands in the done of a later step without having stood in any begin.
//   - Where commands may follow each other, those of the next letter travel with the content of the one before. A letter
//     that turns out not to go when its content is awaited has no other end than a connection that is closed.
//   - Where letters may come in one piece, too (RFC 3030), and a window of several is wanted, each goes with its commands and its content at once:
//     after its mark, which comes before the answer to MAIL then. One whose last byte left is unknown until it is answered; behind a 421 none is
//     taken that has no answer when the server hangs up. A server that was not heard of for a second is asked for a sign of life before.
//   - An outcome waits for no letter and no answer for longer than a lull; of letters that went in one piece, not for an answer of which no line
//     is there.
//   - A letter that was handed over and neither refused by a step nor settled in one was not touched: it is as due as
//     it was. That happens when the courier is stopped before the letter's mark, when a step fails, and when a kept
//     connection turns out to be gone and no new one can be had; the error then speaks of the way out and blames no
//     letter.
//   - A 421, silence, a lost connection or an answer out of place ends the connection. A kept connection that is found
//     so when MAIL is due is opened again, once for each letter; anything else is that letter's outcome.
//   - What RSET or QUIT bring after a positive answer changes nothing about the letter.
package transport
