package letter_test

import (
	"mime"
	"strings"
	"testing"

	"facteur/internal/newsletter"
)

func TestSubjectsRoundTrip(t *testing.T) {
	subjects := map[string]string{
		longSubject:                       longSubject,
		"plain":                           "plain",
		"two  spaces\tand a tab":          "two spaces and a tab",
		"=?utf-8?q?disguised?=":           "=?utf-8?q?disguised?=",
		"a\r\nBcc: x@example.org":         "a Bcc: x@example.org",
		"é\r\n\r\nbody":                   "é body",
		"nul\x00 and bell\a":              "nul and bell",
		"line\u2028separator":             "line separator",
		"broken \xff\xfe utf-8":           "broken \ufffd utf-8",
		strings.Repeat("x", 1200):         strings.Repeat("x", 1200),
		strings.Repeat("👩‍🚀", 60):         strings.Repeat("👩‍🚀", 60),
		"question?mark_under=score é":     "question?mark_under=score é",
		" \u00a0espaces insécables\u00a0": "\u00a0espaces insécables\u00a0",
	}
	for subject, want := range subjects {
		v := newsletter.Variant{Kind: newsletter.KindNotice, Subject: subject, Text: "x"}
		m := parse(t, copyOf(t, frame(hebdo(t), 0), v, reader(t)))
		raw := m.Header.Get("Subject")
		got, err := new(mime.WordDecoder).DecodeHeader(raw)
		if err != nil || got != want {
			t.Errorf("%.40q came back as %.40q, %v", subject, got, err)
		}
		for word := range strings.FieldsSeq(raw) {
			alone, err := new(mime.WordDecoder).DecodeHeader(word)
			if len(word) > 75 || err != nil || strings.ContainsRune(alone, '\ufffd') && !strings.ContainsRune(want, '\ufffd') {
				t.Errorf("%.40q: the word %q does not stand alone (RFC 2047 §5)", subject, word)
			}
		}
		if m.Header.Get("Bcc") != "" {
			t.Errorf("%q brought a field in", subject)
		}
	}
}

func TestNamesOfTheSender(t *testing.T) {
	for _, name := range []string{
		"PandIA", `Martin, "Zoé" (PandIA)`, `Martin, "Zoe" <PandIA>`, "PandIA @ Paris", `back\slash`, "a\r\nBcc: x", "=?utf-8?q?x?=",
		strings.Repeat("Rédaction ", 30) + "fin", "",
	} {
		n := hebdo(t)
		n.Sender.Name, n.Title = name, name
		m := parse(t, copyOf(t, frame(n, 42), rendered(t, n, content(t)), reader(t)))
		from, err := m.Header.AddressList("From")
		want := strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '\r' || r == '\n' }), " ")
		if err != nil || len(from) != 1 || from[0].Name != want || from[0].Address != "lettre@pandia.example" {
			t.Errorf("%q came back as %v, %v", name, from, err)
		}
		if m.Header.Get("Bcc") != "" {
			t.Errorf("%q brought a field in", name)
		}
	}
}

// Only words that need it are encoded, neighbours in one encoded-word where they fit, and no word is cut.
func TestPhrases(t *testing.T) {
	for name, want := range map[string]string{
		"PandIA":                               `"PandIA"`,
		"L’équipe de PandIA":                   "=?utf-8?q?L=E2=80=99=C3=A9quipe?= de PandIA",
		"La rédaction (Paris) & Cie":           "La =?utf-8?q?r=C3=A9daction_=28Paris=29?= & Cie",
		"Équipe éditoriale du journal":         "=?utf-8?q?=C3=89quipe_=C3=A9ditoriale?= du journal",
		"Le magazine français de l’écologie":   "Le magazine =?utf-8?q?fran=C3=A7ais?= de =?utf-8?q?l=E2=80=99=C3=A9cologie?=",
		"Économie, société, écologie, éditées": "=?utf-8?q?=C3=89conomie=2C_soci=C3=A9t=C3=A9=2C?= =?utf-8?q?_=C3=A9cologie=2C_=C3=A9dit=C3=A9es?=",
		"=?utf-8?q?x?= y":                      "=?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?= y",
	} {
		n := hebdo(t)
		n.Sender.Name = name
		got := parse(t, copyOf(t, frame(n, 42), rendered(t, n, content(t)), reader(t))).Header.Get("From")
		if got != want+" <lettre@pandia.example>" {
			t.Errorf("%q: From is %q, want %q and the address", name, got, want)
		}
	}
}
