package transport

import (
	"bytes"
	"errors"
)

var errLineEnds = errors.New("a CR or LF that is not part of a CRLF")

// appendStuffed appends content as it goes on the wire: a dot doubled at the start of each line that begins with one,
// and the line with the final dot (RFC 5321 §4.5.2). A CR or LF on its own is refused, for servers disagree on what it
// ends, and a letter could so smuggle in commands (RFC 5321 §2.3.8).
func appendStuffed(dst, content []byte) ([]byte, error) {
	for len(content) > 0 {
		end := bytes.IndexByte(content, '\n')
		line := content[:end+1]
		if end < 0 {
			line = content
		}
		cr := bytes.IndexByte(line, '\r')
		if end < 0 && cr >= 0 || end >= 0 && cr != end-1 {
			return dst, errLineEnds
		}
		if line[0] == '.' {
			dst = append(dst, '.')
		}
		dst = append(dst, line...)
		if end < 0 {
			dst = append(dst, "\r\n"...)
		}
		content = content[len(line):]
	}
	return append(dst, ".\r\n"...), nil
}
