// Package subscription is the story of people and the letters they asked for: they sign up and confirm, are added or
// imported, looked up, and they leave.
//
// Its rules:
//   - Nobody becomes a reader without a consent whose source is named, recorded in the same commit (RGPD art. 7(1)).
//   - Nobody is brought back: who left, or whose address is suppressed, is counted and left alone.
//   - Who types an address at a form learns nothing about it: every address gets the same answer for the same work.
//   - Only the button behind the link of a letter confirms, and a form makes one letter at most, within limits that a
//     restart does not lift.
//   - Looking changes nothing; leaving takes effect at its commit and may be repeated (RFC 8058 §3.1).
//   - An import reads its file as a stream. A line that cannot be read is reported with its number and its reason, and
//     the rest goes on.
//   - No error holds an address or a token.
package subscription
