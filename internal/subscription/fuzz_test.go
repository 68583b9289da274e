package subscription

import (
	"errors"
	"io"
	"strings"
	"testing"

	"facteur/internal/newsletter"
)

// FuzzTable reads any bytes to their end: every row has a line of its own, in order, and every error is either about
// one line or about the file.
func FuzzTable(f *testing.F) {
	for _, seed := range []string{
		"email\na@x.example\n", "nom;email\r\n\"a;b\";\"c\"\"d\"\r\n", "\ufeffcourriel\tlangue\nx\ty",
		"email\n\"open\nopen\n", "\xff\xfee\x00m\x00a\x00i\x00l\x00\n\x00x\x00", "email\n\xe9\n", "email,\"", "\n\n", "email;nom, prénom\na@x.example;b, c\n",
		"Email Address,OPTIN_TIME,CONFIRM_TIME,LEID,UNSUB_TIME\na@x.example,2020-01-01,,1,\n", "uuid,email,attributes,status,created_at\n1,a@x.example,{},enabled,\n",
		"email,active_subscription,email_disabled\ra@x.example,true,maybe\r", "email,subscribed_to_emails,deleted_at\na@x.example,true\n",
		"EMAIL;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME;MODIFIED_TIME\na@x.example;Yes;No;1;2\n", "email,unsubscribed\na@x.example,true\na@x.example\n",
		"Email Address,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED,LEID\na@x.example,2018-02-12 10:54:27,1,2018-02-12 10:55:00,1,,1\n",
		"EMAIL;ADDED_TIME;MODIFIED_TIME;email_marketing;DOUBLE_OPT-IN\na@x.example;1;2;subscribed;1\n",
		"email;Désinscrit le;statut\na@x.example;31/01/24;abonné\na@x.example;0000-00-00;opt-out\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		table, err := openTable(strings.NewReader(string(file)), "")
		if err != nil {
			if !errors.Is(err, newsletter.ErrInvalid) {
				t.Fatalf("openTable = %v, want ErrInvalid", err)
			}
			return
		}
		last := 0
		for rows := 0; ; rows++ {
			r, err := table.next()
			if errors.Is(err, io.EOF) {
				return
			}
			line := r.line
			if bad, ok := errors.AsType[*lineError](err); ok {
				line = bad.line
			} else if err != nil {
				t.Fatalf("next = %v", err)
			}
			if line <= last {
				t.Fatalf("line %d comes after line %d", line, last)
			}
			if last = line; rows > len(file) {
				t.Fatalf("%d rows in %d bytes", rows, len(file))
			}
		}
	})
}
