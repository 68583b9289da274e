package smtptest

import "bytes"

// headMost is how many bytes of a letter are looked through for its Message-ID.
const headMost = 32 << 10

var (
	endOfHead   = []byte("\r\n\r\n")
	messageName = []byte("message-id:")
)

// A head gathers the header of a letter whose content comes in pieces. The content has a line end before it.
type head struct {
	bytes []byte
	whole bool
}

func (h *head) clear() { h.bytes, h.whole = h.bytes[:0], false }

func (h *head) read(b []byte) {
	if h.whole {
		return
	}
	searched := max(0, len(h.bytes)-len(endOfHead)+1)
	h.bytes = append(h.bytes, b[:min(len(b), headMost-len(h.bytes))]...)
	if i := bytes.Index(h.bytes[searched:], endOfHead); i >= 0 {
		h.bytes = h.bytes[:searched+i]
		h.whole = true
	}
	h.whole = h.whole || len(h.bytes) == headMost
}

// messageID returns the Message-ID as it stands in the header, however it is folded (RFC 5322 §2.2.3); nothing if there is none.
func (h *head) messageID() []byte {
	for rest := h.bytes; len(rest) > 0; {
		i := bytes.Index(rest, crlf)
		if i < 0 {
			return nil
		}
		rest = rest[i+len(crlf):]
		if len(rest) > len(messageName) && bytes.EqualFold(rest[:len(messageName)], messageName) {
			return fieldBody(rest[len(messageName):])
		}
	}
	return nil
}

// fieldBody is what stands up to a line end that no white space follows.
func fieldBody(b []byte) []byte {
	end := 0
	for {
		i := bytes.Index(b[end:], crlf)
		if i < 0 {
			return bytes.TrimSpace(b)
		}
		end += i + len(crlf)
		if end == len(b) || b[end] != ' ' && b[end] != '\t' {
			return bytes.TrimSpace(b[:end])
		}
	}
}
