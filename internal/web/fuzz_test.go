package web

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzReadLetter reads any bytes as a letter: without a panic, and into text that a page can show.
func FuzzReadLetter(f *testing.F) {
	for _, seed := range []string{
		"Subject: =?utf-8?q?=C3=A9?=\r\nFrom: \"P\" <p@x.example>\r\nDate: Tue, 1 Dec 2026 07:05:00 +0100\r\n\r\nbody",
		"Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html; charset=iso-8859-15\n\n\xe9\n--b--\n",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n--b--",
		"Content-Transfer-Encoding: base64\n\n4pyT", "Subject: =?x-unknown?b?4pyT?=\n\n", "\n\n", "no head",
		"Content-Type: text/plain; charset=utf-16\n\n\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := readLetter(raw)
		if err != nil {
			return
		}
		for _, shown := range []string{c.From, c.To, c.Subject, c.Text, c.HTML} {
			if !utf8.ValidString(shown) {
				t.Errorf("%q is not UTF-8", shown)
			}
		}
		var again strings.Builder
		for _, p := range pieces(c.Text) {
			again.WriteString(p.Text + p.URL)
		}
		if again.String() != c.Text {
			t.Errorf("the pieces of %q are %q", c.Text, again.String())
		}
		if on := onTop(c.HTML); strings.Replace(on, `<base target="_top">`, "", 1) != c.HTML && !strings.Contains(c.HTML, "<base") {
			t.Errorf("%q became %q", c.HTML, on)
		}
	})
}

// FuzzNumber reads any text as an edition's number: it is one in one spelling only.
func FuzzNumber(f *testing.F) {
	for _, seed := range []string{"1", "42", "0", "-1", "+1", "007", "1e3", "99999999999999999999", "٧", "1\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, written string) {
		if n, err := number(written); err == nil && (n < 1 || strconv.Itoa(n) != written) {
			t.Errorf("%q is edition %d", written, n)
		}
	})
}
