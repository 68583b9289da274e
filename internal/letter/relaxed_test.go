package letter

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"pgregory.net/rapid"
)

// Whatever white space stands in a message, around values too, its signature verifies by a canonicalisation that is not ours.
func TestRelaxedForm(t *testing.T) {
	key := ed25519Key(t)
	record, err := key.Record()
	if err != nil {
		t.Fatal(err)
	}
	text := rapid.StringOfN(rapid.RuneFrom([]rune("aB \t\n:;~")), 0, 60, -1)
	folded := rapid.Custom(func(t *rapid.T) string {
		return strings.ReplaceAll(strings.TrimRight(text.Draw(t, "value"), " \t\n"), "\n", "x\r\n ")
	})
	rapid.Check(t, func(rt *rapid.T) {
		value := rapid.StringMatching(`[A-Za-z0-9@]{1,9}`)
		head := "Subject: " + folded.Draw(rt, "subject") + "\r\nTO: ~\r\nfrom:" + folded.Draw(rt, "from") + "\r\n"
		sample := head + "\r\n" + strings.ReplaceAll(text.Draw(rt, "body"), "\n", "\r\n") + "\r\n"
		origins := make([]origin, len(sample))
		for i := range sample {
			if sample[i] == '~' {
				origins[i] = origin{true, 0, whole}
			}
		}
		seal, err := newSeal([]*Key{key}, []byte(sample), origins)
		if err != nil {
			rt.Fatal(err)
		}
		values := []string{value.Draw(rt, "own")}
		message := spell(nil, pieces([]byte(sample), origins), values)
		fields, err := seal.sign(values, sampleDay)
		if err != nil {
			rt.Fatal(err)
		}
		found, err := dkim.VerifyWithOptions(bytes.NewReader(append([]byte(fields), message...)), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
			if name != record.Name {
				return nil, errors.New("no such name")
			}
			return record.Strings(), nil
		}})
		if err != nil || len(found) != 1 || found[0].Err != nil {
			rt.Fatalf("%v, %+v:\n%s%s", err, found, fields, message)
		}
	})
}

func ed25519Key(t testing.TB) *Key {
	t.Helper()
	text, err := NewPrivateKey(rand.Reader, Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKey("pandia.example", "e2026", text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
