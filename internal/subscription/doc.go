// Package subscription is the story of people and the letters they asked for: they sign up and confirm, or are added or
// imported; they choose, pause, move and leave; and they are told what is known of them, and forgotten.
//
// Its rules:
//   - Nobody becomes a reader without a consent whose source is named, recorded in the same commit (RGPD art. 7(1)).
//   - Nobody is brought back but by an act of their own: an import counts who left, or whose address is suppressed, and
//     leaves them alone.
//   - Who types an address at a form learns nothing about it: every address gets the same answer for the same work.
//   - Only the button behind the link of a letter confirms, and a form makes one letter at most, within limits that a
//     restart does not lift.
//   - Looking changes nothing; leaving takes effect at its commit and may be repeated (RFC 8058 §3.1).
//   - A link that other acts of its reader overtook does nothing, but for the one to leave, which works for ever.
//   - Who is erased leaves a keyed hash and no more (RGPD art. 17). Nobody is erased for their silence before the operator
//     has allowed it, once.
//   - An import reads its file as a stream. A line that cannot be read is reported with its number and its reason, and
//     the rest goes on.
//   - No error holds an address or a token.
package subscription
