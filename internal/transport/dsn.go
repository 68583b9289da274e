package transport

import (
	"fmt"
	"strings"
)

const longestEnvID = 100 // characters (RFC 3461 §4.4)

// envid is the parameter of MAIL by which reports name a letter (RFC 3461 §4.4), with a space before it. A name that cannot stand in a report
// has none.
func envid(name string) string {
	value, ok := xtext(name)
	if !ok || value == "" || len(value) > longestEnvID {
		return ""
	}
	return " ENVID=" + value
}

// xtext encodes what is printable ASCII (RFC 3461 §4).
func xtext(s string) (encoded string, ok bool) {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c > '~':
			return "", false
		case c == ' ' || c == '+' || c == '=':
			fmt.Fprintf(&b, "+%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), true
}
