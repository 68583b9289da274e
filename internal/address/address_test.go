package address_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"facteur/internal/address"
)

func parse(t *testing.T, text string) address.Address {
	t.Helper()
	a, err := address.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return a
}

func TestParseAccepts(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, test := range []struct{ typed, want, display string }{
		{"jeanne@example.org", "jeanne@example.org", "jeanne@example.org"},
		{"Jeanne.Dupont+Lettre@Example.ORG", "Jeanne.Dupont+Lettre@example.org", "Jeanne.Dupont+Lettre@example.org"},
		{"  jeanne@example.org\r\n", "jeanne@example.org", "jeanne@example.org"},
		{"\u00a0jeanne@example.org\u3000", "jeanne@example.org", "jeanne@example.org"},
		{"\ufeffjeanne\u200b@exam\u00adple.org\u200e ", "jeanne@example.org", "jeanne@example.org"},
		{"jean\u200dne@exa\u200cmple.org", "jeanne@example.org", "jeanne@example.org"},
		{"\u202ajeanne@example.org\u202c", "jeanne@example.org", "jeanne@example.org"},
		{"o'brien!#$%&*+/=?^_`{|}~-@example.org", "o'brien!#$%&*+/=?^_`{|}~-@example.org", "o'brien!#$%&*+/=?^_`{|}~-@example.org"},
		{"a@münchen.example", "a@xn--mnchen-3ya.example", "a@münchen.example"},
		{"a@XN--MNCHEN-3YA.example", "a@xn--mnchen-3ya.example", "a@münchen.example"},
		{"a@mu\u0308nchen.example", "a@xn--mnchen-3ya.example", "a@münchen.example"},
		{"a@faß.example", "a@xn--fa-hia.example", "a@faß.example"},
		{"a@例え。テスト", "a@xn--r8jz45g.xn--zckzah", "a@例え.テスト"},
		{"a@نامه\u200cای.example", "a@xn--mgba3gch31f060k.example", "a@نامه\u200cای.example"},
		{"e\u0301lodie@example.org", "élodie@example.org", "élodie@example.org"},
		{"a@r3---sn.example", "a@r3---sn.example", "a@r3---sn.example"},
		{"a@1.2.3.fr", "a@1.2.3.fr", "a@1.2.3.fr"},
		{long + "a@" + long + ".fr", long + "a@" + long + ".fr", long + "a@" + long + ".fr"},
		{"a@" + strings.Repeat(long+".", 3) + strings.Repeat("b", 57) + ".fr", "a@" + strings.Repeat(long+".", 3) + strings.Repeat("b", 57) + ".fr", "a@" + strings.Repeat(long+".", 3) + strings.Repeat("b", 57) + ".fr"},
	} {
		a, err := address.Parse(test.typed)
		if err != nil {
			t.Errorf("Parse(%q): %v", test.typed, err)
			continue
		}
		if a.String() != test.want {
			t.Errorf("Parse(%q) = %q, want %q", test.typed, a, test.want)
		}
		if a.Display() != test.display {
			t.Errorf("Parse(%q).Display() = %q, want %q", test.typed, a.Display(), test.display)
		}
		if a.Local()+"@"+a.Domain() != test.want {
			t.Errorf("Parse(%q) splits into %q and %q", test.typed, a.Local(), a.Domain())
		}
	}
}

func TestParseRefuses(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, test := range []struct {
		typed string
		want  address.Reason
	}{
		{"", address.Empty},
		{" \u200b\t", address.Empty},
		{"a\xff@example.org", address.NotUTF8},
		{"a@example.org\r\nBcc: b@example.org", address.Control},
		{"a\n@example.org", address.Control},
		{"a@exam\x00ple.org", address.Control},
		{"a\u0085b@example.org", address.Control},
		{`"a b"@example.org`, address.Quoted},
		{`"a,b"@example.org`, address.Quoted},
		{"Jeanne <a@example.org>", address.Named},
		{"<a@example.org>", address.Named},
		{"a(work)@example.org", address.Comment},
		{"a@example.org (work)", address.Comment},
		{"a@example.org,b@example.org", address.List},
		{"a@example.org; b@example.org", address.List},
		{"a@example.org b@example.org", address.List},
		{"a@b@example.org", address.List},
		{"a b@example.org", address.Space},
		{"a@exam\u2028ple.org", address.Space},
		{"a@exam ple.org", address.Space},
		{"jeanne.example.org", address.NoAt},
		{"@example.org", address.NoLocal},
		{long + "aa@example.org", address.LocalTooLong},
		{strings.Repeat("é", 33) + "@example.org", address.LocalTooLong},
		{".a@example.org", address.LocalDots},
		{"a.@example.org", address.LocalDots},
		{"a..b@example.org", address.LocalDots},
		{`a\b@example.org`, address.LocalCharacter},
		{"mailto:a@example.org", address.LocalCharacter},
		{"a\ue000@example.org", address.LocalCharacter},
		{"a\ufffd@example.org", address.LocalCharacter},
		{"a@", address.NoDomain},
		{"a@[127.0.0.1]", address.Literal},
		{"a@[IPv6:::1]", address.Literal},
		{"a@localhost", address.NoDot},
		{"a@example.org.", address.BadDomain},
		{"a@.example.org", address.BadDomain},
		{"a@example..org", address.BadDomain},
		{"a@-bad.org", address.BadDomain},
		{"a@bad-.org", address.BadDomain},
		{"a@under_score.org", address.BadDomain},
		{"a@" + long + "a.org", address.BadDomain},
		{"a@xn--a.org", address.BadDomain},
		{"a@exa*mple.org", address.BadDomain},
		{"a@example.org/x", address.BadDomain},
		{"a@127.0.0.1", address.NumericTLD},
		{"aa@" + strings.Repeat(long+".", 3) + strings.Repeat("b", 57) + ".fr", address.TooLong},
		{"a@" + strings.Repeat("x", 1<<20) + ".fr", address.TooLong},
	} {
		a, err := address.Parse(test.typed)
		if !errors.Is(err, test.want) {
			t.Errorf("Parse(%.60q) = %q, %v; want %q", test.typed, a, err, string(test.want))
		}
		if !a.IsZero() {
			t.Errorf("Parse(%.60q) gives an address beside its error", test.typed)
		}
	}
}

func TestReasonsHaveTwoPartsAndNoTwoAlike(t *testing.T) {
	seen := map[string]address.Reason{}
	for _, reason := range address.Reasons() {
		text := reason.Error()
		if !strings.Contains(text, "; ") || strings.Contains(text, "not valid (") {
			t.Errorf("%s: %q does not say what is wrong and what to do", string(reason), text)
		}
		if other, twice := seen[text]; twice {
			t.Errorf("%s and %s say the same", string(reason), string(other))
		}
		seen[text] = reason
	}
}

func TestCleanReportsWhatWasInvisible(t *testing.T) {
	for _, test := range []struct {
		typed, want string
		removed     bool
	}{
		{"a@example.org", "a@example.org", false},
		{" a@example.org ", "a@example.org", false},
		{"e\u0301@example.org", "é@example.org", false},
		{"\u200ba@example.org", "a@example.org", true},
		{"a@exam\u200dple.org", "a@example.org", true},
		{"é\u200b\u0301@example.org", "é\u0301@example.org", true},
	} {
		got, removed := address.Clean(test.typed)
		if got != test.want || removed != test.removed {
			t.Errorf("Clean(%q) = %q, %t; want %q, %t", test.typed, got, removed, test.want, test.removed)
		}
	}
}

func TestKey(t *testing.T) {
	for _, test := range []struct {
		one, other string
		same       bool
	}{
		{"Jeanne@example.org", "jeanne@EXAMPLE.org", true},
		{"ÉLODIE@example.org", "e\u0301lodie@example.org", true},
		{"ΟΔΥΣΣΕΥΣ@example.org", "οδυσσευς@example.org", true},
		{"a@münchen.example", "A@xn--mnchen-3ya.example", true},
		{"groß@example.org", "gross@example.org", false},
		{"a@faß.example", "a@fass.example", false},
		{"jean.ne@example.org", "jeanne@example.org", false},
		{"jeanne+a@example.org", "jeanne@example.org", false},
		{"jeanne@example.org", "jeanne@example.com", false},
	} {
		one, other := parse(t, test.one), parse(t, test.other)
		if same := one.Key() == other.Key(); same != test.same {
			t.Errorf("%q and %q: same key %t, want %t", test.one, test.other, same, test.same)
		}
	}
}

func TestNeedsSMTPUTF8(t *testing.T) {
	for typed, want := range map[string]bool{
		"élodie@example.org": true,
		"elodie@münchen.fr":  false,
		"elodie@example.org": false,
	} {
		if got := parse(t, typed).NeedsSMTPUTF8(); got != want {
			t.Errorf("%q: NeedsSMTPUTF8 %t, want %t", typed, got, want)
		}
	}
}

func TestIsRole(t *testing.T) {
	for typed, want := range map[string]bool{
		"Abuse@example.org":           true,
		"postmaster@example.org":      true,
		"no-reply@example.org":        true,
		"Ne-Pas-Repondre@example.org": true,
		"abuse+lettre@example.org":    false,
		"liste-request@example.org":   false,
		"info@example.org":            false,
		"jeanne@postmaster.example":   false,
	} {
		if got := parse(t, typed).IsRole(); got != want {
			t.Errorf("%q: IsRole %t, want %t", typed, got, want)
		}
	}
}

func TestZeroValueIsEmpty(t *testing.T) {
	var a address.Address
	if !a.IsZero() || a.String()+a.Display()+a.Key() != "" || a.LogValue().String() != "" {
		t.Errorf("the zero value shows as %q, %q, %q, %q", a.String(), a.Display(), a.Key(), a.LogValue())
	}
}

func TestLogsHoldNoLocalPart(t *testing.T) {
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("sent", "to", parse(t, "jeanne@example.org"))
	if strings.Contains(log.String(), "jeanne") || !strings.Contains(log.String(), "example.org") {
		t.Errorf("logged as %s", log.String())
	}
}

func TestTextForm(t *testing.T) {
	want := parse(t, "Jeanne@münchen.example")
	encoded, err := json.Marshal(want)
	if err != nil || string(encoded) != `"Jeanne@xn--mnchen-3ya.example"` {
		t.Fatalf("json.Marshal: %s, %v", encoded, err)
	}
	var got address.Address
	if err := json.Unmarshal(encoded, &got); err != nil || got != want {
		t.Errorf("json.Unmarshal: %v, %v; want %v", got, err, want)
	}
	if err := json.Unmarshal([]byte(`""`), &got); err != nil || !got.IsZero() {
		t.Errorf("empty text gives %v, %v", got, err)
	}
	if err := json.Unmarshal([]byte(`"nobody"`), &got); !errors.Is(err, address.NoAt) {
		t.Errorf("bad text gives %v", err)
	}
}

// Two addresses are one where a case of their letters is all that differs, and the dot is no case.
func TestFoldingKeepsOthersApart(t *testing.T) {
	for _, test := range []struct {
		one, other string
		same       bool
	}{
		{"Zoé@ex.fr", "ZOÉ@ex.fr", true},
		{"ſ@ex.fr", "S@ex.fr", true},
		{"ς@ex.fr", "Σ@ex.fr", true},
		{"İ@ex.fr", "i@ex.fr", false},
		{"İ@ex.fr", "I@ex.fr", false},
		{"ı@ex.fr", "i@ex.fr", false},
		{"ß@ex.fr", "ss@ex.fr", false},
	} {
		if one, other := parse(t, test.one), parse(t, test.other); (one.Key() == other.Key()) != test.same {
			t.Errorf("%s is known by %q and %s by %q", test.one, one.Key(), test.other, other.Key())
		}
	}
}

// typed draws addresses of many scripts; most are valid.
func typed() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		local := rapid.StringMatching(`[a-zA-Z0-9éÉßΣςж+'_-]{1,12}(\.[a-zA-Z0-9éİıſ]{1,8})?`).Draw(t, "local")
		domain := rapid.StringMatching(`[a-zA-Z0-9éßжü]{1,10}(-[a-zA-Z0-9]{1,5})?\.(fr|ORG|example|рф)`).Draw(t, "domain")
		return local + "@" + domain
	})
}

func TestParseReadsWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := typed().Draw(t, "text")
		a, err := address.Parse(text)
		if err != nil {
			t.Fatalf("Parse(%q): %v", text, err)
		}
		if problem := check(a); problem != "" {
			t.Fatalf("Parse(%q): %s", text, problem)
		}
		padded := rapid.SampledFrom([]string{" ", "\t", "\u200b", "\ufeff", "\u00a0", "\r\n"}).Draw(t, "pad")
		if b, err := address.Parse(padded + text + padded); err != nil || a != b {
			t.Fatalf("Parse(%q) with %q around it = %q, %v", text, padded, b, err)
		}
	})
}

// check states what holds for every address; it names what does not.
func check(a address.Address) string {
	written, err := address.Parse(a.String())
	if err != nil || written != a {
		return fmt.Sprintf("String %q reads as %q, %v", a, written, err)
	}
	shown, err := address.Parse(a.Display())
	if err != nil || shown != a {
		return fmt.Sprintf("Display %q reads as %q, %v", a.Display(), shown, err)
	}
	if keyed, err := address.Parse(a.Key()); err == nil && keyed.Key() != a.Key() {
		return fmt.Sprintf("Key %q has the key %q", a.Key(), keyed.Key())
	}
	unsafe := func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune(`<>(),;"`, r)
	}
	if s := a.String(); strings.ContainsFunc(s, unsafe) || !utf8.ValidString(s) || len(s) > 254 || strings.Count(s, "@") != 1 {
		return fmt.Sprintf("%q is not safe in a header field", s)
	}
	return ""
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a@example.org", " É.b+c@münchen.example\u200b", "a@xn--mnchen-3ya.example", "a@b\r\nc.fr", `"a"@b.fr`,
		"a@[::1]", "a@نامه\u200cای.example", "é\u200dé@b.fr", "a@1.2.3.4", "a@@b.fr", "ΐ@b.fr", "\xff@b.fr",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := address.Parse(text)
		var reason address.Reason
		switch {
		case err == nil:
			if problem := check(a); problem != "" {
				t.Errorf("Parse(%q): %s", text, problem)
			}
		case !errors.As(err, &reason):
			t.Errorf("Parse(%q): error %v is no Reason", text, err)
		}
		once, _ := address.Clean(text)
		if twice, removed := address.Clean(once); utf8.ValidString(text) && (twice != once || removed) {
			t.Errorf("Clean(%q) = %q, and again %q", text, once, twice)
		}
	})
}
