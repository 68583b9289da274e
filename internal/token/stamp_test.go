package token_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"facteur/internal/token"
)

func stamp() token.Stamp {
	return token.Stamp{Nonce: [16]byte{1, 2, 3}, Time: time.Date(2026, 11, 23, 7, 5, 0, 250_000_000, time.UTC), Bits: 16}
}

func TestStampIsReadAsItWasWritten(t *testing.T) {
	ring := stampRing(t, 1)
	text := ring.Stamp(stamp())
	if len(text) != token.StampLen {
		t.Errorf("%d characters, want %d", len(text), token.StampLen)
	}
	if got, err := ring.ReadStamp(text, token.ForForm); err != nil || got != stamp() {
		t.Errorf("read as %+v, %v", got, err)
	}
	for i := range text { // one character changed, wherever
		for _, c := range []string{"A", "_"} {
			forged := text[:i] + c + text[i+1:]
			if _, err := ring.ReadStamp(forged, token.ForForm); err == nil && forged != text {
				t.Errorf("character %d may be %s", i, c)
			}
		}
	}
	if _, err := stampRing(t, 2).ReadStamp(text, token.ForForm); !errors.Is(err, token.ErrForged) {
		t.Errorf("by another key: %v", err)
	}
	for _, wrong := range []string{"", text[1:], text + "A", strings.Repeat("\n", token.StampLen), ring.Sign(token.Token{Purpose: token.Confirm, Subscription: 1})} {
		if _, err := ring.ReadStamp(wrong, token.ForForm); !errors.Is(err, token.ErrMalformed) && !errors.Is(err, token.ErrForged) {
			t.Errorf("%.20q: %v", wrong, err)
		}
	}
}

// A stamp is good for its own use only.
func TestStampOfAnotherUseIsForged(t *testing.T) {
	ring := stampRing(t, 1)
	page := stamp()
	page.For = token.ForPage
	for _, s := range []token.Stamp{stamp(), page} {
		for _, use := range []token.StampUse{token.ForForm, token.ForPage} {
			got, err := ring.ReadStamp(ring.Stamp(s), use)
			if use == s.For && (err != nil || got != s) || use != s.For && !errors.Is(err, token.ErrForged) {
				t.Errorf("for %q, read as for %q: %+v, %v", s.For, use, got, err)
			}
		}
	}
}

func stampRing(t testing.TB, seed byte) *token.Keyring {
	t.Helper()
	ring, err := token.NewKeyring(strings.NewReader(strings.Repeat(string(rune(seed)), 64)))
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// FuzzReadStamp reads any text: what is read was written by us, and has one spelling.
func FuzzReadStamp(f *testing.F) {
	ring := stampRing(f, 1)
	f.Add(ring.Stamp(stamp()))
	f.Add("")
	f.Add(strings.Repeat("A", token.StampLen))
	f.Fuzz(func(t *testing.T, text string) {
		for _, use := range []token.StampUse{token.ForForm, token.ForPage} {
			if s, err := ring.ReadStamp(text, use); err == nil && ring.Stamp(s) != text {
				t.Errorf("%q is read as %+v", text, s)
			}
		}
	})
}
