package transport

import (
	"bytes"
	"errors"
)

const crlf = "\r\n"

var errLineEnds = errors.New("a CR or LF that is not part of a CRLF")

// appendStuffed appends content as it goes on the wire: a dot doubled at the start of each line that begins with one,
// and the line with the final dot (RFC 5321 §4.5.2). A CR or LF on its own is refused, for servers disagree on what it
// ends, and a letter could so smuggle in commands (RFC 5321 §2.3.8).
func appendStuffed(dst, content []byte) ([]byte, error) {
	for len(content) > 0 {
		line, rest, _ := bytes.Cut(content, []byte(crlf))
		if bytes.IndexByte(line, '\r') >= 0 || bytes.IndexByte(line, '\n') >= 0 {
			return dst, errLineEnds
		}
		if len(line) > 0 && line[0] == '.' {
			dst = append(dst, '.')
		}
		dst = append(dst, line...)
		dst = append(dst, crlf...)
		content = rest
	}
	return append(dst, '.', '\r', '\n'), nil
}
