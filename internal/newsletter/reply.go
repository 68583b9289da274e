package newsletter

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// A Reply is a server's answer (RFC 5321 §4.2), or what was seen instead of one.
type Reply struct {
	Code     int    // three digits; 0 when no answer was read
	Enhanced string // RFC 3463, such as "5.1.1"; empty when the server sent none
	Text     string // the server's own words, on one line, or the error that was met
}

// Codes are what of a reply may stand in an error or a warning: the words may name a reader.
func (r Reply) Codes() string { return Reply{Code: r.Code, Enhanced: r.Enhanced}.String() }

// Permanent reports a 5yz reply: the same request must not be repeated as it is (RFC 5321 §4.2.1).
func (r Reply) Permanent() bool { return r.Code >= 500 && r.Code < 600 }

// Transient reports a 4yz reply: try again later (RFC 5321 §4.2.1).
func (r Reply) Transient() bool { return r.Code >= 400 && r.Code < 500 }

// OK reports a 2yz reply.
func (r Reply) OK() bool { return r.Code >= 200 && r.Code < 300 }

func (r Reply) String() string {
	parts := make([]string, 0, 3)
	if r.Code != 0 {
		parts = append(parts, strconv.Itoa(r.Code))
	}
	for _, s := range []string{r.Enhanced, r.Text} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

const maxReplyText = 1000 // bytes kept of a server's words

// NewReply reads a code and the text behind it, taking the enhanced code (RFC 2034 §4) off its front and each
// repetition of it off the lines of a multi-line reply.
func NewReply(code int, text string) Reply {
	r := Reply{Code: code}
	var words []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); !tidy(line) {
			line = strings.Join(strings.Fields(unmoving(line)), " ")
		}
		if first, rest, _ := strings.Cut(line, " "); enhanced(first) {
			r.Enhanced, line = first, rest
		}
		if line != "" {
			words = append(words, line)
		}
	}
	r.Text = strings.Join(words, " ")
	return r
}

// tidy reports a line of unmoving ASCII with nothing but single spaces between its words, as nearly all are.
func tidy(line string) bool {
	last := byte(' ')
	for i := range len(line) {
		if line[i] < ' ' || line[i] > '~' || line[i] == ' ' && last == ' ' {
			return false
		}
		last = line[i]
	}
	return line == "" || last != ' '
}

// enhanced reports a status code such as 5.1.1 (RFC 3463 §2).
func enhanced(word string) bool {
	class, rest, _ := strings.Cut(word, ".")
	subject, detail, _ := strings.Cut(rest, ".")
	return (class == "2" || class == "4" || class == "5") && upToThreeDigits(subject) && upToThreeDigits(detail)
}

func upToThreeDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 3
}

// unmoving keeps a hostile server from writing control characters to the operator's terminal, and what turns the
// direction of writing.
func unmoving(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// WithoutAddress returns the reply with the recipient's address replaced wherever the server repeated it, in any
// capitals, in quotes or as it stands in links and return paths, so that neither ledger nor log holds it (RGPD art. 17),
// and cut to the length that is kept. `explain` puts the address back with [Reply.WithAddress].
func (r Reply) WithoutAddress(forms ...string) Reply {
	for _, form := range forms {
		if form == "" {
			continue
		}
		if !tidy(form) {
			form = unmoving(form) // as the text is
		}
		domain := form[strings.LastIndexByte(form, '@')+1:]
		if strings.Contains(strings.ToLower(r.Text), strings.ToLower(domain)) { // most replies name nobody
			r.Text = anyForm(form).ReplaceAllLiteralString(r.Text, recipientMark)
		}
	}
	if len(r.Text) > maxReplyText {
		r.Text = strings.ToValidUTF8(r.Text[:maxReplyText], "") + "…"
	}
	return r
}

// anyForm finds an address as it is, with its local part in quotes (RFC 5321 §4.1.2), and with its @ as links (%40), xtext
// (+40, RFC 3461 §4) and return paths that carry a recipient (=) write it.
func anyForm(address string) *regexp.Regexp {
	i := strings.LastIndexByte(address, '@')
	if i < 0 {
		return regexp.MustCompile(`(?i)` + regexp.QuoteMeta(address))
	}
	local, domain := address[:i], address[i+1:]
	return regexp.MustCompile(`(?i)"?` + regexp.QuoteMeta(local) + `"?(?:@|%40|\+40|=)` + regexp.QuoteMeta(domain))
}

// WithAddress puts the recipient's address back where [Reply.WithoutAddress] took it out.
func (r Reply) WithAddress(address string) Reply {
	r.Text = strings.ReplaceAll(r.Text, recipientMark, address)
	return r
}

const recipientMark = "<recipient>"
