package transport

import (
	"fmt"
	"strings"

	"facteur/internal/newsletter"
)

// stuff appends the content of p as it follows DATA, or answers for a server that could never take p.
func (o offers) stuff(c *content, p newsletter.Parcel) (reply newsletter.Reply, impossible bool) {
	if reply, impossible = o.refuse(p); impossible {
		return reply, true
	}
	if err := c.stuff(p.Content); err != nil { // X.6.0: RFC 3463 §3.7
		return newsletter.Reply{Code: 554, Enhanced: "5.6.0", Text: "the letter has " + err.Error()}, true
	}
	return newsletter.Reply{}, false
}

// refuse answers for a server that could never take p, with the reply that it would give. It returns false when
// nothing speaks against p.
func (o offers) refuse(p newsletter.Parcel) (newsletter.Reply, bool) {
	from, to := p.Envelope.From, p.Envelope.To
	switch {
	case !transmissible(from):
		return newsletter.Reply{Code: 501, Enhanced: "5.1.7", Text: "the return path is no address that can be sent"}, true
	case to == "" || !transmissible(to):
		return newsletter.Reply{Code: 501, Enhanced: "5.1.3", Text: "the recipient is no address that can be sent"}, true
	case !isASCII(from) && !o.utf8: // RFC 6531 §3.5
		return newsletter.Reply{Code: 550, Enhanced: "5.6.7", Text: "the server takes no return path beyond ASCII (SMTPUTF8)"}, true
	case !isASCII(to) && !o.utf8: // RFC 6531 §3.5
		return newsletter.Reply{Code: 553, Enhanced: "5.6.7", Text: "the server takes no address beyond ASCII (SMTPUTF8)"}, true
	case o.maxSize > 0 && int64(p.Content.Len()) > o.maxSize: // RFC 1870 §6.1
		return newsletter.Reply{Code: 552, Enhanced: "5.3.4",
			Text: fmt.Sprintf("the letter has %d bytes, the server takes %d", p.Content.Len(), o.maxSize)}, true
	}
	return newsletter.Reply{}, false
}

// transmissible reports whether address can stand between angle brackets without ending them or the command.
func transmissible(address string) bool {
	return !strings.ContainsFunc(address, func(r rune) bool {
		return r <= ' ' || r == 0x7f || r == '<' || r == '>'
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7f })
}
