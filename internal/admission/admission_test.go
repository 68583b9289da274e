package admission_test

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"facteur/internal/address"
	"facteur/internal/admission"
)

func TestSolved(t *testing.T) {
	const bits = 10
	solution := ""
	for n := 0; solution == ""; n++ {
		text := fmt.Sprint(n)
		sum := sha256.Sum256([]byte("stamp." + text))
		if new(big.Int).SetBytes(sum[:]).BitLen() <= 256-bits {
			solution = text
		}
	}
	if !admission.Solved("stamp", solution, bits) {
		t.Errorf("%s does not solve it", solution)
	}
	for name, wrong := range map[string]bool{
		"another stamp": admission.Solved("stamq", solution, bits),
		"no solution":   admission.Solved("stamp", "", 0),
		"a long one":    admission.Solved("stamp", strings.Repeat("0", 21), 0),
		"more bits":     admission.Solved("stamp", solution, 64),
		"all the bits":  admission.Solved("stamp", solution, 257),
	} {
		if wrong {
			t.Errorf("%s solves it", name)
		}
	}
}

func TestAgeOf(t *testing.T) {
	given := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for after, want := range map[time.Duration]admission.Age{
		-time.Hour:                      admission.TooYoung,
		0:                               admission.TooYoung,
		2*time.Second - 1:               admission.TooYoung,
		2 * time.Second:                 admission.AgeRight,
		24*time.Hour - time.Millisecond: admission.AgeRight,
		24 * time.Hour:                  admission.TooOld,
		10 * 365 * 24 * time.Hour:       admission.TooOld,
	} {
		if got := admission.AgeOf(given, given.Add(after)); got != want {
			t.Errorf("after %s it is %d, want %d", after, got, want)
		}
	}
}

func TestAttackBeginsAndEndsApart(t *testing.T) {
	for _, test := range []struct {
		name   string
		recent int
		before int
		going  bool
		want   bool
	}{
		{"a quiet week", 5, 0, false, false},
		{"ten times the least", 50, 0, false, false},
		{"more than that", 51, 0, false, true},
		{"while it goes on, half is enough", 26, 0, true, true},
		{"until it is over", 25, 0, true, false},
		{"a large newsletter", 1000, 100 * 1008, false, false},
		{"a large newsletter attacked", 1001, 100 * 1008, false, true},
	} {
		traffic := admission.Traffic{Recent: test.recent, Before: test.before}
		if got := traffic.Attacks(10, test.going); got != test.want {
			t.Errorf("%s: an attack: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestBitsRiseWithTheAttackAndNeverFall(t *testing.T) {
	for recent, want := range map[int]int{0: 16, 50: 16, 51: 18, 99: 18, 100: 19, 200: 20, 400: 20, 1_000_000: 20} {
		if got := (admission.Traffic{Recent: recent}).Bits(16, 10); got != want {
			t.Errorf("%d people cost %d bits, want %d", recent, got, want)
		}
	}
	if got := (admission.Traffic{Recent: 1_000_000}).Bits(0, 10); got != 0 {
		t.Errorf("work that was switched off costs %d bits", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		base, factor, before := rapid.IntRange(0, 30).Draw(t, "base"), rapid.IntRange(1, 100).Draw(t, "factor"), rapid.IntRange(0, 1_000_000).Draw(t, "before")
		some, more := rapid.IntRange(0, 10_000_000).Draw(t, "some"), rapid.IntRange(0, 10_000_000).Draw(t, "more")
		one := admission.Traffic{Recent: some, Before: before}.Bits(base, factor)
		two := admission.Traffic{Recent: some + more, Before: before}.Bits(base, factor)
		if one > two || one < base || two > max(base, 22) {
			t.Fatalf("%d bits, and %d for more people", one, two)
		}
	})
}

func TestMailboxFoldsForCountingOnly(t *testing.T) {
	for typed, want := range map[string]string{
		"Jean.Dupont+lettre@gmail.com": "jeandupont@gmail.com",
		"jeandupont@googlemail.com":    "jeandupont@gmail.com",
		"j.dupont+a@orange.fr":         "j.dupont@orange.fr",
		"+seul@orange.fr":              "+seul@orange.fr",
		"jean@münchen.example":         "jean@xn--mnchen-3ya.example",
	} {
		a, err := address.Parse(typed)
		if err != nil {
			t.Fatal(err)
		}
		if got := admission.Mailbox(a); got != want {
			t.Errorf("%s counts as %s, want %s", typed, got, want)
		}
	}
}
