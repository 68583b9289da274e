// Package collect takes what other programs and people offer and stores each article once.
//
// The rules:
//   - An article is recognised by its canonical address alone. Offered again, it replaces what was stored under that
//     address: it keeps its arrival, and an editor's hiding of it. It is never doubled.
//   - An offer is accepted whole or refused whole, with a reason that says what to change. One refused row of the inbox
//     never keeps another from being accepted.
//   - A source is read on from a mark, which is stored in one transaction with the last of what it brought. One that cannot be read takes nothing
//     back and keeps no other from being read; one that stays broken is told of once.
//   - Rows are moved in batches, each in one transaction of the store, so that memory does not grow with the inbox, a
//     kill loses nothing and a second start goes on where the first was stopped.
package collect
