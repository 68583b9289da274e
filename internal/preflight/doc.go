// Package preflight looks at a letter before anybody gets it: an edition's bytes in, findings out.
//
// Its rules:
//   - It is pure. Whether a link still leads somewhere was asked before, and is handed in.
//   - A finding blocks where a reader would be harmed: a letter that the law forbids, that mail programs cut off, that cannot be
//     left or not be read, that runs or watches something, or that is not the same for everybody. Everything else warns, and
//     a warning stops nothing.
//   - It judges what stands in the letter, whatever template wrote it, so that another design needs no other rules.
//   - Each finding says where, what, and how it is mended, in words for an editor.
//   - Hostile bytes cost bounded time: what is far too long to be a letter is called so and not read.
package preflight
