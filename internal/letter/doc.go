// Package letter turns rendered parts and a reader into the bytes of one message (RFC 5322, RFC 2045 to 2047).
//
// Its rules:
//   - It is pure: the same variant and the same reader give the same bytes, so a retry repeats the first try.
//   - Copies of a variant differ in To, Message-ID, Date, List-Unsubscribe, the links to the reader's own pages and the
//     day of the reader's consent, and in nothing else. Each of these stands once in each part, and is as long in one copy
//     as in another.
//   - A letter with keys is signed (RFC 6376) copy by copy, last of all, and its other octets are those that it has without. The signature
//     covers the fields that readers and mail programs go by, says how many there are of each, and is the same on a retry.
//   - A letter that its reader can leave by carries the fields of a list. One that asks whether somebody is meant at all,
//     or opens a page that was asked for, carries none.
//   - A message is 7-bit (unless a reader's address is not), its lines end in CRLF, and none is longer than 998 octets
//     (RFC 5322 §2.1.1); those made here keep to 78 where the words in them allow it.
//   - A text that comes from outside can fill a field of the header, but never end it. An address or a Message-ID that
//     would is an error.
package letter
