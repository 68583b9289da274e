package transport

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"facteur/internal/newsletter"
)

const maxReplyLines = 100 // what is longer is no reply but an attempt on our memory

// An oddity is what a server said out of turn. Its words may name a reader, so they are no part of the error.
type oddity struct{ what, words string }

func (o *oddity) Error() string { return o.what }

// readReply reads one reply, of one line or several (RFC 5321 §4.2). A line that is only a code is one too, as §4.2
// asks of clients. What cannot be a reply is an error, and nothing more can be read in step with the server after it.
func readReply(r *bufio.Reader) (newsletter.Reply, error) {
	first := 0
	var words strings.Builder
	for range maxReplyLines {
		line, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return newsletter.Reply{}, fmt.Errorf("a reply line longer than %d bytes", len(line))
		case errors.Is(err, io.EOF):
			return newsletter.Reply{}, fmt.Errorf("the server closed the connection: %w", io.ErrUnexpectedEOF)
		case err != nil:
			return newsletter.Reply{}, err
		}
		code, more, text, ok := parseReplyLine(strings.TrimRight(string(line), "\r\n"))
		if !ok || first != 0 && code != first {
			return newsletter.Reply{}, &oddity{what: "not an SMTP reply", words: string(line)}
		}
		if first == 0 && !more {
			return newsletter.NewReply(code, text), nil
		}
		first = code
		words.WriteString(text + "\n")
		if !more {
			return newsletter.NewReply(code, words.String()), nil
		}
	}
	return newsletter.Reply{}, fmt.Errorf("a reply of more than %d lines", maxReplyLines)
}

func parseReplyLine(line string) (code int, more bool, text string, ok bool) {
	if len(line) < 3 {
		return 0, false, "", false
	}
	n, err := strconv.ParseUint(line[:3], 10, 16)
	if err != nil || n < 200 || n > 599 {
		return 0, false, "", false
	}
	if len(line) == 3 {
		return int(n), false, "", true
	}
	mark := line[3]
	return int(n), mark == '-', line[4:], mark == '-' || mark == ' '
}
