package newsletter_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"facteur/internal/newsletter"
)

func TestNewReply(t *testing.T) {
	tests := []struct {
		name string
		code int
		text string
		want newsletter.Reply
	}{
		{"with enhanced code", 550, "5.1.1 no such user", newsletter.Reply{Code: 550, Enhanced: "5.1.1", Text: "no such user"}},
		{"without", 250, "OK queued as 12.3.4", newsletter.Reply{Code: 250, Text: "OK queued as 12.3.4"}},
		{"enhanced code alone", 250, "2.0.0", newsletter.Reply{Code: 250, Enhanced: "2.0.0"}},
		{"three digits each", 550, "5.111.222 x", newsletter.Reply{Code: 550, Enhanced: "5.111.222", Text: "x"}},
		{"an address is no code", 550, "5.1.1.1 is blocked", newsletter.Reply{Code: 550, Text: "5.1.1.1 is blocked"}},
		{"no such class", 550, "3.1.1 x", newsletter.Reply{Code: 550, Text: "3.1.1 x"}},
		{"several lines", 550, "5.1.1 no\n5.1.1 such\r\n5.1.1 user\n", newsletter.Reply{Code: 550, Enhanced: "5.1.1", Text: "no such user"}},
		{"nothing", 250, "", newsletter.Reply{Code: 250}},
		{"an enhanced code behind what is lost", 550, "\x005.1.1\u00a0no", newsletter.Reply{Code: 550, Enhanced: "5.1.1", Text: "no"}},
		{"turned round", 550, "a\u202eb\u2066c", newsletter.Reply{Code: 550, Text: "a b c"}},
		{"control characters", 550, "a\x1b[31m\x00b\x7fc\u0085d\te", newsletter.Reply{Code: 550, Text: "a [31m b c d e"}},
		{"not UTF-8", 550, "bo\xeete", newsletter.Reply{Code: 550, Text: "bo?te"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := newsletter.NewReply(tt.code, tt.text); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func FuzzNewReply(f *testing.F) {
	f.Add(550, "5.1.1 a\r\n5.1.1 b")
	f.Add(250, strings.Repeat("é", 900))
	f.Add(421, "\x1b]0;\x07\xff")
	f.Fuzz(func(t *testing.T, code int, text string) {
		r := newsletter.NewReply(code, text)
		if !utf8.ValidString(r.Text) || strings.ContainsFunc(r.Text, unicode.IsControl) {
			t.Errorf("kept %q", r.Text)
		}
		if kept := r.WithoutAddress("lea@example.org").Text; len(kept) > 1000+len("…") || !utf8.ValidString(kept) {
			t.Errorf("kept %d bytes: %q", len(kept), kept)
		}
	})
}

func TestReply_Classes(t *testing.T) {
	tests := []struct {
		code                     int
		ok, transient, permanent bool
	}{
		{0, false, false, false},
		{199, false, false, false},
		{200, true, false, false},
		{250, true, false, false},
		{299, true, false, false},
		{354, false, false, false},
		{400, false, true, false},
		{421, false, true, false},
		{499, false, true, false},
		{500, false, false, true},
		{599, false, false, true},
		{600, false, false, false},
	}
	for _, tt := range tests {
		r := newsletter.Reply{Code: tt.code}
		if r.OK() != tt.ok || r.Transient() != tt.transient || r.Permanent() != tt.permanent {
			t.Errorf("%d: ok %t, transient %t, permanent %t", tt.code, r.OK(), r.Transient(), r.Permanent())
		}
	}
}

func TestReply_String(t *testing.T) {
	for want, r := range map[string]newsletter.Reply{
		"":                  {},
		"250":               {Code: 250},
		"250 2.0.0 taken":   {Code: 250, Enhanced: "2.0.0", Text: "taken"},
		"550 no such user":  {Code: 550, Text: "no such user"},
		"connection closed": {Text: "connection closed"},
	} {
		if got := r.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestReply_WithoutAddress(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		forms []string
		want  string
	}{
		{"as it was sent", "<lea@exemple.fr>: unknown", []string{"lea@exemple.fr"}, "<<recipient>>: unknown"},
		{"in other capitals, twice", "LEA@Exemple.FR and lea@exemple.fr", []string{"lea@exemple.fr"}, "<recipient> and <recipient>"},
		{"in every form", "zoé@été.example is zoé@xn--t-9fab.example", []string{"zoé@été.example", "zoé@xn--t-9fab.example"}, "<recipient> is <recipient>"},
		{"in quotes", `"lea"@exemple.fr is unknown`, []string{"lea@exemple.fr"}, "<recipient> is unknown"},
		{"in a link", "see https://exemple.net/?to=lea%40exemple.fr", []string{"lea@exemple.fr"}, "see https://exemple.net/?to=<recipient>"},
		{"in xtext and in a return path", "ORCPT=rfc822;lea+40exemple.fr from <retour+lea=exemple.fr@pandia.example>", []string{"lea@exemple.fr"},
			"ORCPT=rfc822;<recipient> from <retour+<recipient>@pandia.example>"},
		{"a word of it", "lea is not at exemple.fr", []string{"lea@exemple.fr"}, "lea is not at exemple.fr"},
		{"a form with what the text lost", "le a@exemple.fr", []string{"le\u200ba@exemple.fr"}, "<recipient>"},
		{"a dot is a dot", "leaxm@exemple.fr", []string{"lea.m@exemple.fr"}, "leaxm@exemple.fr"},
		{"signs that mean something elsewhere", "a+b$1@exemple.fr", []string{"a+b$1@exemple.fr"}, "<recipient>"},
		{"no form", "550 no", []string{"", ""}, "550 no"},
		{"a form that is not UTF-8", "caf?@exemple.fr", []string{"caf\xe9@exemple.fr"}, "<recipient>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newsletter.Reply{Code: 550, Enhanced: "5.1.1", Text: tt.text}
			got := r.WithoutAddress(tt.forms...)
			if got.Text != tt.want || got.Code != 550 || got.Enhanced != "5.1.1" {
				t.Errorf("got %+v, want %q", got, tt.want)
			}
		})
	}
	back := newsletter.Reply{Text: "<recipient> and <recipient>"}.WithAddress("lea@exemple.fr")
	if want := "lea@exemple.fr and lea@exemple.fr"; back.Text != want {
		t.Errorf("got %q, want %q", back.Text, want)
	}
}
