package token_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"facteur/internal/token"
)

const (
	largestDelivery = 1<<40 - 1
	largestCopy     = 1<<16 - 1
)

func signReturn(t testing.TB, ring *token.Keyring, id token.KeyID, r token.Return) string {
	t.Helper()
	text, err := ring.SignReturn(id, r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestReturnIsReadFromAnAddressInAnyCase(t *testing.T) {
	ring := keyring(t, 1)
	plain := regexp.MustCompile(`^[a-z2-7]{40}$`)
	for _, want := range []token.Return{
		{KeyID: 1, Delivery: 1, Copy: 1}, {KeyID: 1, Delivery: 4711, Copy: 2}, {KeyID: 1, Delivery: largestDelivery, Copy: largestCopy},
	} {
		text := signReturn(t, ring, 1, want)
		if len(text) != token.ReturnLen || !plain.MatchString(text) {
			t.Errorf("%+v is %q, want %d lower-case letters and digits of base32", want, text, token.ReturnLen)
		}
		for _, address := range []string{
			text, "retours+" + text + "@pandia.example", "retours-" + text + "@pandia.example", text + "@retours.pandia.example",
			strings.ToUpper("Retours+" + text + "@pandia.example"), "x@y+" + text + "@pandia.example",
		} {
			if got, err := ring.ReadReturn(address); err != nil || got != want {
				t.Errorf("%s is read as %+v, %v; want %+v", address, got, err, want)
			}
		}
	}
}

func TestReturnsOfTwoLettersDiffer(t *testing.T) {
	ring := keyring(t, 1)
	seen := map[string]bool{}
	for _, r := range []token.Return{{Delivery: 1, Copy: 1}, {Delivery: 1, Copy: 2}, {Delivery: 2, Copy: 1}, {Delivery: 257, Copy: 1}, {Delivery: 1, Copy: 257}} {
		seen[signReturn(t, ring, 1, r)] = true
	}
	if len(seen) != 5 {
		t.Errorf("5 letters have %d return paths", len(seen))
	}
}

func TestReturnOfAnOldKeyIsRead(t *testing.T) {
	old := keyring(t, 1)
	text := signReturn(t, old, 1, token.Return{Delivery: 7, Copy: 1})
	longer := add(t, old, 2)
	if got, err := longer.ReadReturn(text); err != nil || got.KeyID != 1 {
		t.Errorf("read as %+v, %v", got, err)
	}
	if again := signReturn(t, longer, 1, token.Return{Delivery: 7, Copy: 1}); again != text {
		t.Errorf("with the same key it was %s and is %s", text, again)
	}
	if _, err := old.ReadReturn(signReturn(t, longer, 2, token.Return{Delivery: 7, Copy: 1})); !errors.Is(err, token.ErrForged) {
		t.Errorf("of a key that is not kept: %v, want %v", err, token.ErrForged)
	}
	if _, err := keyring(t, 3).ReadReturn(text); !errors.Is(err, token.ErrForged) {
		t.Errorf("of another keyring: %v, want %v", err, token.ErrForged)
	}
}

func TestReturnCutOrChangedIsRefused(t *testing.T) {
	ring := keyring(t, 1)
	text := signReturn(t, ring, 1, token.Return{Delivery: 4711, Copy: 1})
	for i := range text {
		for _, c := range "a7" {
			changed := text[:i] + string(c) + text[i+1:]
			if _, err := ring.ReadReturn(changed); changed != text && !errors.Is(err, token.ErrForged) {
				t.Errorf("character %d may be %c: %v", i, c, err)
			}
		}
	}
	for name, wrong := range map[string]string{
		"nothing": "", "no local part": "@pandia.example", "a plain address": "retours@pandia.example",
		"cut at the end": "retours+" + text[:39] + "@pandia.example", "cut at the beginning": text[1:] + "@pandia.example",
		"more at the end": text + "x@pandia.example", "line ends": strings.Repeat("\n", token.ReturnLen),
		"a line end within": text[:20] + "\r\n" + text[22:], "letters that fold to ASCII": "\u212a" + text[3:],
		"in the domain": "retours@" + text + ".example", "padding": text[:39] + "=",
	} {
		if got, err := ring.ReadReturn(wrong); !errors.Is(err, token.ErrMalformed) && !errors.Is(err, token.ErrForged) {
			t.Errorf("%s is read as %+v, %v", name, got, err)
		}
	}
}

// A report opens no page, and a link forges no report.
func TestReturnIsNoLinkAndNoLinkIsAReturn(t *testing.T) {
	ring := keyring(t, 1)
	back := signReturn(t, ring, 1, token.Return{Delivery: 4711, Copy: 1})
	for _, p := range token.Purposes() {
		for _, text := range []string{back, back + strings.Repeat("a", token.Len-len(back)), strings.Repeat("A", token.Len-len(back)) + back} {
			if _, err := ring.Verify(text, p); err == nil {
				t.Errorf("a return path works as %s", p)
			}
		}
		link := ring.Sign(token.Token{Purpose: p, Subscription: 4711, Epoch: 1})
		for i := range len(link) - token.ReturnLen + 1 {
			if _, err := ring.ReadReturn(link[i : i+token.ReturnLen]); err == nil {
				t.Errorf("a link of %s works as a return path", p)
			}
		}
	}
	if _, err := ring.ReadStamp(back, token.ForForm); err == nil {
		t.Error("a return path works as a stamp")
	}
}

func TestReturnThatCannotBeNamed(t *testing.T) {
	ring := keyring(t, 1)
	if _, err := ring.SignReturn(9, token.Return{Delivery: 1, Copy: 1}); !errors.Is(err, token.ErrNoKey) {
		t.Errorf("with a key that is not kept: %v", err)
	}
	for _, r := range []token.Return{{Delivery: 0, Copy: 1}, {Delivery: -1, Copy: 1}, {Delivery: largestDelivery + 1, Copy: 1}, {Delivery: 1, Copy: 0}, {Delivery: 1, Copy: largestCopy + 1}} {
		if text, err := ring.SignReturn(1, r); err == nil {
			t.Errorf("%+v is %s", r, text)
		}
	}
}

// FuzzReadReturn reads any address: what is read was written by us, and has one spelling but for its case.
func FuzzReadReturn(f *testing.F) {
	ring := keyring(f, 1)
	text := signReturn(f, ring, 1, token.Return{Delivery: 4711, Copy: 1})
	for _, seed := range []string{"", "@", text, strings.ToUpper(text), "retours+" + text + "@pandia.example", text[1:] + "@x", strings.Repeat("\n", token.ReturnLen)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		r, err := ring.ReadReturn(address)
		if err != nil {
			if !errors.Is(err, token.ErrMalformed) && !errors.Is(err, token.ErrForged) {
				t.Errorf("%q: %v", address, err)
			}
			return
		}
		if again := signReturn(t, ring, r.KeyID, r); !strings.Contains(strings.ToLower(address), again) {
			t.Errorf("%q is read as %+v, which is %s", address, r, again)
		}
	})
}
