// Package outbox sends what is due, records it, and decides what is next.
//
// What is retried: every 4xx, and every connection lost before the final dot, on the schedule of the retry policy,
// with the same Message-ID and Date, until the policy gives up ("expired").
//
// What is final: a 250 to the final dot ("sent"), whatever RSET or QUIT bring afterwards; a 5xx ("failed"); leaving,
// pausing or suppression before the mark ("cancelled").
//
// What is unknown: a connection or a program that ended after the content and before the answer. The server may have
// the letter (RFC 5321 §4.5.3.2.6). By policy it is sent once more, with the same Message-ID so that mail programs can
// recognise it, or it waits for the operator. Unknown a second time, it waits.
//
// What is remembered: before a letter's content goes out its row says "attempting"; before the final dot of the next
// letter on that connection, the row says what came of it. Both are durable. So a kill at any instant forgets nobody
// and repeats at most one letter for each connection; n of them where a transport has a window of n.
//
// What waits: copies of an edition whose provider has had what it may get for now, or asked to be left alone; copies of a
// large edition, until its first letters have shown that nothing is wrong; all of an edition that is held, which too many
// refusals do by themselves. Whatever else is due goes ahead of them.
package outbox
