package letter

import (
	"bytes"
	"errors"
)

const crlf = "\r\n"

var errLineEnds = errors.New("a CR or LF that is not part of a CRLF")

// Octets are a message that is there as a whole. It is a [newsletter.Message].
type Octets []byte

// Len is how many octets there are.
func (o Octets) Len() int { return len(o) }

// Append appends them.
func (o Octets) Append(dst []byte) []byte { return append(dst, o...) }

// AppendStuffed appends them as they go on the wire: a dot doubled at the start of each line that begins with one, and the line
// with the final dot (RFC 5321 §4.5.2). A CR or LF on its own is refused, for servers disagree on what it ends, and a letter
// could so smuggle in commands (RFC 5321 §2.3.8).
func (o Octets) AppendStuffed(pieces [][]byte, room []byte) ([][]byte, []byte, error) {
	from := len(room)
	for len(o) > 0 {
		line, rest, _ := bytes.Cut(o, []byte(crlf))
		if bytes.IndexByte(line, '\r') >= 0 || bytes.IndexByte(line, '\n') >= 0 {
			return pieces, room[:from], errLineEnds
		}
		if len(line) > 0 && line[0] == '.' {
			room = append(room, '.')
		}
		room = append(room, line...)
		room = append(room, crlf...)
		o = rest
	}
	room = append(room, '.', '\r', '\n')
	return append(pieces, room[from:]), room, nil
}
