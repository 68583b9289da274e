package letter

import (
	"bytes"
	"strings"
)

// relaxing puts octets into relaxed form (RFC 6376 §3.4): runs of white space become one space, and go where a line ends; empty lines
// go where the text ends. A reader's own octets are never white space, so what comes out is cut into pieces as what went in.
type relaxing struct {
	octets  []byte
	origins []origin
	space   bool // since the latest octet
	breaks  int  // of lines, since then
}

func (r *relaxing) add(octet byte, o origin) {
	switch {
	case o.own:
	case octet == '\n':
		r.breaks++
		r.space = false
		return
	case octet == '\r':
		return
	case octet == ' ' || octet == '\t':
		r.space = true
		return
	}
	for ; r.breaks > 0; r.breaks-- {
		r.put('\r', origin{})
		r.put('\n', origin{})
	}
	if r.space {
		r.put(' ', origin{})
	}
	r.space = false
	r.put(octet, o)
}

func (r *relaxing) put(octet byte, o origin) {
	r.octets, r.origins = append(r.octets, octet), append(r.origins, o)
}

func (r *relaxing) end() ([]byte, []origin) {
	r.put('\r', origin{})
	r.put('\n', origin{})
	return r.octets, r.origins
}

// relaxedBody is a body in relaxed form (RFC 6376 §3.4.4), whose lines end in CRLF.
func relaxedBody(body []byte, origins []origin) ([]byte, []origin) {
	var r relaxing
	for i, octet := range body {
		r.add(octet, origins[i])
	}
	if len(r.octets) == 0 {
		return nil, nil
	}
	return r.end()
}

// relaxedField is a field of the header in relaxed form (RFC 6376 §3.4.2); nil where the header has none of this name.
func relaxedField(head []byte, origins []origin, name string) ([]byte, []origin) {
	at := 0
	for line := range bytes.Lines(head) {
		if len(line) > len(name) && line[len(name)] == ':' && strings.EqualFold(string(line[:len(name)]), name) {
			return relaxedValue(head[at:], origins[at:], name)
		}
		at += len(line)
	}
	return nil, nil
}

// relaxedValue is the field that head begins with.
func relaxedValue(head []byte, origins []origin, name string) ([]byte, []origin) {
	r := relaxing{octets: []byte(strings.ToLower(name) + ":")}
	r.origins = make([]origin, len(r.octets))
	for i := len(r.octets); i < len(head); i++ {
		switch {
		case head[i] != '\n' || origins[i].own:
			r.add(head[i], origins[i])
		case i+1 == len(head) || head[i+1] != ' ' && head[i+1] != '\t':
			r.space = false
			return r.end()
		}
		if len(r.octets) == len(name)+len(":") {
			r.space = false // before the value
		}
	}
	return r.end()
}
