package transport

import (
	"net"

	"facteur/internal/newsletter"
)

// A content is what goes on the wire together: that of a letter, and what follows it. Most of its octets stay where they are, for all letters of
// a variant have them in common, and one system call takes them from there (writev(2)).
type content struct {
	pieces net.Buffers
	room   []byte // for those that are not common
}

// empty makes room for another.
func (c *content) empty() {
	clear(c.pieces)
	c.pieces, c.room = c.pieces[:0], c.room[:0]
}

// stuff appends a message as it follows DATA.
func (c *content) stuff(m newsletter.Message) (err error) {
	c.pieces, c.room, err = m.AppendStuffed(c.pieces, c.room)
	return err
}

// follow appends what write appends to its argument.
func (c *content) follow(write func([]byte) []byte) {
	from := len(c.room)
	c.room = write(c.room)
	c.pieces = append(c.pieces, c.room[from:])
}

// size is how many octets there are.
func (c *content) size() (n int) {
	for _, piece := range c.pieces {
		n += len(piece)
	}
	return n
}

// cut takes pieces off the front that have so many octets together, or fewer where no more are left.
func cut(pieces net.Buffers, octets int) (front, rest net.Buffers) {
	for i, piece := range pieces {
		if len(piece) < octets {
			octets -= len(piece)
			continue
		}
		front = append(front, pieces[:i]...)
		front = append(front, piece[:octets])
		if rest = pieces[i:]; len(piece) == octets {
			return front, rest[1:]
		}
		rest[0] = piece[octets:]
		return front, rest
	}
	return pieces, nil
}
