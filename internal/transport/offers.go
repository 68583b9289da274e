package transport

import (
	"strconv"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// offers is what a server said of itself in EHLO, as far as letters are concerned.
type offers struct {
	size     bool
	maxSize  int64 // bytes; 0 when there is no limit or the server does not tell it (RFC 1870 §4)
	utf8     bool  // SMTPUTF8 (RFC 6531)
	maxMails int   // transactions on one connection (RFC 9422 §4.1, or our own limit); 0 is no limit
	pipeline bool  // commands may follow each other without waiting (RFC 2920)
	chunking bool  // a letter may come in one piece (RFC 3030)
	dsn      bool  // it can be told when to report, and what (RFC 3461)
}

func offersOf(client *smtp.Client) offers {
	var o offers
	var limit string
	if o.size, limit = client.Extension("SIZE"); o.size {
		// What is no number is no limit.
		o.maxSize, _ = strconv.ParseInt(strings.TrimSpace(limit), 10, 64)
	}
	o.utf8, _ = client.Extension("SMTPUTF8")
	o.pipeline, _ = client.Extension("PIPELINING")
	o.chunking, _ = client.Extension("CHUNKING")
	o.dsn, _ = client.Extension("DSN")
	_, limits := client.Extension("LIMITS")
	for word := range strings.FieldsSeq(limits) {
		if value, found := strings.CutPrefix(strings.ToUpper(word), "MAILMAX="); found {
			o.maxMails, _ = strconv.Atoi(value)
		}
	}
	return o
}
