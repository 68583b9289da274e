package token_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"facteur/internal/token"
)

// noise is a stream of bytes that a seed decides.
type noise struct{ state uint64 }

func (n *noise) Read(p []byte) (int, error) {
	for i := range p {
		n.state = n.state*6364136223846793005 + 1442695040888963407
		p[i] = byte(n.state >> 56)
	}
	return len(p), nil
}

func keyring(t testing.TB, seed uint64) *token.Keyring {
	t.Helper()
	ring, err := token.NewKeyring(&noise{seed})
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func add(t testing.TB, ring *token.Keyring, seed uint64) *token.Keyring {
	t.Helper()
	longer, err := ring.Add(&noise{seed})
	if err != nil {
		t.Fatal(err)
	}
	return longer
}

func leave() token.Token {
	return token.Token{Purpose: token.Leave, Subscription: 4711, Epoch: 3, Time: time.Date(2026, 11, 23, 7, 5, 0, 0, time.UTC)}
}

func tokens() *rapid.Generator[token.Token] {
	return rapid.Custom(func(t *rapid.T) token.Token {
		return token.Token{
			Purpose:      token.Purpose(rapid.ByteRange('a', 'z').Draw(t, "purpose")),
			Subscription: rapid.Int64().Draw(t, "subscription"),
			Epoch:        rapid.Uint32().Draw(t, "epoch"),
			Time:         time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "seconds"), 0).UTC(),
		}
	})
}

func TestVerifyReadsWhatSignWrote(t *testing.T) {
	ring := add(t, keyring(t, 1), 2)
	shape := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	rapid.Check(t, func(t *rapid.T) {
		want := tokens().Draw(t, "token")
		text := ring.Sign(want)
		if len(text) != token.Len || !shape.MatchString(text) {
			t.Fatalf("token %q is not %d characters of base64url after a letter", text, token.Len)
		}
		want.KeyID = ring.Newest()
		got, err := ring.Verify(text, want.Purpose)
		if err != nil || !cmp.Equal(got, want) {
			t.Fatalf("Verify: %v, %s", err, cmp.Diff(want, got))
		}
	})
}

// Links already sent must keep working, so the written form may not change.
func TestSigningIsStable(t *testing.T) {
	const golden = "dQABAAAAAAAAEmcAAAADAAAAAGsD5ZxLtoCOSZHigHzydq3KQawyp1yb"
	if got := keyring(t, 1).Sign(leave()); got != golden {
		t.Errorf("signed %q, want %q", got, golden)
	}
}

func TestTimeIsKeptInWholeSecondsUTC(t *testing.T) {
	ring := keyring(t, 1)
	made := leave()
	made.Time = time.Date(2026, 10, 25, 2, 30, 0, 999, time.FixedZone("CET", 3600))
	got, err := ring.Verify(ring.Sign(made), token.Leave)
	if want := time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC); err != nil || got.Time != want {
		t.Errorf("time %v, %v; want %v", got.Time, err, want)
	}
}

// Every other string that differs in one place is refused: a changed character, a swapped pair, another case, a cut.
func TestVerifyRefusesEveryChange(t *testing.T) {
	ring := keyring(t, 1)
	text := ring.Sign(leave())
	refused := func(changed string) {
		t.Helper()
		if changed == text {
			return
		}
		if _, err := ring.Verify(changed, token.Leave); !errors.Is(err, token.ErrForged) && !errors.Is(err, token.ErrMalformed) {
			t.Errorf("Verify(%q), changed from %q: %v", changed, text, err)
		}
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.~ \n\r\x00é"
	for i := range text {
		for _, r := range alphabet {
			refused(text[:i] + string(r) + text[i+1:])
			refused(text[:i] + string(r) + text[i:])
		}
		refused(text[:i])
		refused(text[i+1:])
		if i > 0 {
			refused(text[:i-1] + text[i:i+1] + text[i-1:i] + text[i+1:])
		}
	}
	refused(strings.ToLower(text))
	refused(strings.ToUpper(text))
	refused(text + text)
	other := leave()
	other.Subscription++
	exchanged := ring.Sign(other)
	for i := range text {
		if spliced := text[:i] + exchanged[i:]; spliced != exchanged {
			refused(spliced)
		}
	}
}

func TestVerifyErrors(t *testing.T) {
	ring := keyring(t, 1)
	text := ring.Sign(leave())
	for _, test := range []struct {
		name    string
		ring    *token.Keyring
		text    string
		purpose token.Purpose
		want    error
	}{
		{"good", ring, text, token.Leave, nil},
		{"after rotation", add(t, ring, 2), text, token.Leave, nil},
		{"other purpose", ring, text, token.Preferences, token.ErrPurpose},
		{"same id, other key", keyring(t, 2), text, token.Leave, token.ErrForged},
		{"unknown key", ring, add(t, ring, 2).Sign(leave()), token.Leave, token.ErrForged},
		{"empty", ring, "", token.Leave, token.ErrMalformed},
		{"cut", ring, text[:token.Len-1], token.Leave, token.ErrMalformed},
		{"padded", ring, text[:token.Len-1] + "=", token.Leave, token.ErrMalformed},
		{"line break inside", ring, text[:8] + "\r\n" + text[10:], token.Leave, token.ErrMalformed},
		{"zeros", ring, strings.Repeat("A", token.Len), token.Leave, token.ErrForged},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.ring.Verify(test.text, test.purpose)
			if !errors.Is(err, test.want) {
				t.Errorf("Verify: %v, want %v", err, test.want)
			}
			if err != nil && !cmp.Equal(got, token.Token{}) {
				t.Errorf("Verify gives %v beside its error", got)
			}
		})
	}
}

func TestSignWithKeepsAnEditionsKey(t *testing.T) {
	old := keyring(t, 1)
	ring := add(t, old, 2)
	again, err := ring.SignWith(old.Newest(), leave())
	if err != nil || again != old.Sign(leave()) {
		t.Errorf("SignWith the old key: %q, %v; want %q", again, err, old.Sign(leave()))
	}
	if ring.Sign(leave()) == again {
		t.Error("the new key signs like the old one")
	}
	if _, err := ring.SignWith(9, leave()); !errors.Is(err, token.ErrNoKey) {
		t.Errorf("SignWith an unknown key: %v", err)
	}
}

func TestExpired(t *testing.T) {
	made := leave()
	for after, want := range map[time.Duration]bool{
		-time.Hour:                       false,
		0:                                false,
		30*time.Minute - time.Nanosecond: false,
		30 * time.Minute:                 true,
		365 * 24 * time.Hour:             true,
	} {
		if got := made.Expired(made.Time.Add(after), 30*time.Minute); got != want {
			t.Errorf("%v after it was made: expired %t, want %t", after, got, want)
		}
	}
}

func TestHash(t *testing.T) {
	ring := keyring(t, 1)
	hash := ring.Hash("address", []byte("a@example.org"))
	if len(hash) != 32 || !bytes.Equal(hash, add(t, ring, 2).Hash("address", []byte("a@example.org"))) {
		t.Error("the hash is not 32 octets that survive a new key")
	}
	for name, other := range map[string][]byte{
		"other label":     ring.Hash("client", []byte("a@example.org")),
		"other data":      ring.Hash("address", []byte("b@example.org")),
		"shifted border":  ring.Hash("addressa", []byte("@example.org")),
		"another keyring": keyring(t, 2).Hash("address", []byte("a@example.org")),
	} {
		if bytes.Equal(hash, other) {
			t.Errorf("%s: same hash", name)
		}
	}
}

func TestKeyFileRoundTrip(t *testing.T) {
	ring := add(t, add(t, keyring(t, 1), 2), 3)
	file := ring.Marshal()
	got, err := token.ParseKeyring(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Marshal(), file) || got.Newest() != 3 || got.Sign(leave()) != ring.Sign(leave()) {
		t.Error("the keyring that was read is another one")
	}
	windows := strings.ReplaceAll(string(file), "\n", "\r\n")
	if _, err := token.ParseKeyring([]byte("\n# mine\n" + windows + "\n")); err != nil {
		t.Errorf("with comments and other line ends: %v", err)
	}
}

func TestParseKeyringRefuses(t *testing.T) {
	const (
		head    = "facteur-keys 1\n"
		erasure = "erasure AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
		value   = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
	)
	if _, err := token.ParseKeyring([]byte(head + erasure + "key 1 " + value)); err != nil {
		t.Fatalf("the sound file: %v", err)
	}
	for _, test := range []struct{ name, file, want string }{
		{"empty", "", "is empty"},
		{"other file", "[smtp]\nurl = 1\n", "line 1"},
		{"newer version", "facteur-keys 2\n" + erasure, "line 1"},
		{"no erasure key", head + "key 1 " + value, "erasure key is missing"},
		{"two erasure keys", head + erasure + erasure + "key 1 " + value, "line 3"},
		{"no key", head + erasure, "no key"},
		{"id zero", head + erasure + "key 0 " + value, "line 3"},
		{"id too big", head + erasure + "key 65536 " + value, "line 3"},
		{"id twice", head + erasure + "key 1 " + value + "\nkey 1 " + value, "line 4"},
		{"ids fall", head + erasure + "key 2 " + value + "\nkey 1 " + value, "line 4"},
		{"secret cut", head + erasure + "key 1 " + value[:40], "line 3"},
		{"secret longer", head + erasure + "key 1 AQEB" + value, "line 3"},
		{"loose bits", head + erasure + "key 1 " + value[:42] + "F=", "line 3"},
		{"word too many", head + erasure + "key 1 " + value + " x", "line 3"},
		{"unknown word", head + erasure + "kay 1 " + value, "line 3"},
		{"endless line", head + strings.Repeat("x", 1<<17), "key file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := token.ParseKeyring([]byte(test.file))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v, want one with %q", err, test.want)
			}
			if strings.Contains(err.Error(), "AQEB") {
				t.Errorf("error %q shows a secret", err)
			}
		})
	}
}

func TestKeysAreNeverPrinted(t *testing.T) {
	ring, err := token.NewKeyring(bytes.NewReader(bytes.Repeat([]byte("ABCD"), 16)))
	if err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%o"} {
		fmt.Fprintf(&printed, verb+"\n"+verb+"\n", ring, *ring)
		fmt.Fprintf(&printed, verb+"\n", struct{ Keys *token.Keyring }{ring})
	}
	slog.New(slog.NewTextHandler(&printed, nil)).Info("start", "keys", ring, "copy", *ring)
	slog.New(slog.NewJSONHandler(&printed, nil)).Info("start", "keys", ring, "copy", *ring)
	encoded, err := json.Marshal(struct{ Keys *token.Keyring }{ring})
	if err != nil {
		t.Fatal(err)
	}
	printed.Write(encoded)
	for _, trace := range []string{"ABCD", "QUJD", "41424344", "65 66 67", "0x41", "101 102"} {
		if strings.Contains(printed.String(), trace) {
			t.Errorf("printed with %q in it:\n%s", trace, printed.String())
		}
	}
}

func TestNoRandomnessNoKeys(t *testing.T) {
	broken := errors.New("no entropy")
	if _, err := token.NewKeyring(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("NewKeyring: %v", err)
	}
	if _, err := token.NewKeyring(io.LimitReader(&noise{1}, 40)); err == nil {
		t.Error("NewKeyring is content with too few random bytes")
	}
	if _, err := keyring(t, 1).Add(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("Add: %v", err)
	}
}

func TestKeyringEndsAtTheLastID(t *testing.T) {
	file := strings.Replace(string(keyring(t, 1).Marshal()), "key 1 ", "key 65535 ", 1)
	ring, err := token.ParseKeyring([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ring.Add(&noise{2}); err == nil {
		t.Error("Add goes on beyond the last id")
	}
}

func FuzzVerify(f *testing.F) {
	ring := keyring(f, 1)
	f.Add(ring.Sign(leave()))
	f.Add("")
	f.Add(strings.Repeat("-", token.Len))
	f.Add(ring.Sign(leave())[:40] + "\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ring.Verify(text, token.Leave)
		if err == nil && ring.Sign(got) != text {
			t.Errorf("Verify(%q) accepts what Sign writes as %q", text, ring.Sign(got))
		}
	})
}

func FuzzParseKeyring(f *testing.F) {
	f.Add(keyring(f, 1).Marshal())
	f.Add(add(f, keyring(f, 1), 2).Marshal())
	f.Add([]byte("facteur-keys 1\nerasure x\nkey 1 y\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		ring, err := token.ParseKeyring(file)
		if err != nil {
			return
		}
		again, err := token.ParseKeyring(ring.Marshal())
		if err != nil || !bytes.Equal(again.Marshal(), ring.Marshal()) {
			t.Errorf("a keyring read from %q does not survive its own file: %v", file, err)
		}
	})
}

func BenchmarkSign(b *testing.B) {
	ring := keyring(b, 1)
	for b.Loop() {
		ring.Sign(leave())
	}
}

func TestHasher(t *testing.T) {
	ring := keyring(t, 1)
	h := ring.Hasher("use")
	for _, data := range []string{"", "a", "a", strings.Repeat("b", 200)} {
		if !bytes.Equal(h.Hash([]byte(data)), ring.Hash("use", []byte(data))) || bytes.Equal(h.Hash([]byte(data)), ring.Hash("other", []byte(data))) {
			t.Errorf("the hash of %q is that of another use", data)
		}
	}
	if text := fmt.Sprintf("%v %+v %#v %x", h, h, h, h); text != strings.TrimSpace(strings.Repeat("hasher (redacted) ", 4)) {
		t.Errorf("printed as %s", text)
	}
}
