package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"facteur/internal/app"
	"facteur/internal/letter"
	"facteur/internal/smtptest"
)

const (
	withKey  = "FACTEUR_DKIM_SELECTOR=r1"
	withKeys = "FACTEUR_DKIM_ED25519_SELECTOR=e1"
)

// makes a key, whose record is in the DNS at once.
func (w *world) makes(selector string, a letter.Algorithm, zone map[string]string) {
	w.t.Helper()
	if _, err := app.NewSigningKey(w.Config, selector, a); err != nil {
		w.t.Fatal(err)
	}
	key, err := app.SigningKey(w.Config, selector)
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := key.Record()
	if err != nil {
		w.t.Fatal(err)
	}
	zone[r.Name] = strings.Join(r.Strings(), "")
}

// signatures counts those of a letter, as the relay has it, that verify; an error is one that does not.
func signatures(l smtptest.Letter, zone map[string]string) (int, error) {
	found, err := dkim.VerifyWithOptions(bytes.NewReader(l.Content), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if zone[name] == "" {
			return nil, errors.New("no such name")
		}
		return []string{zone[name]}, nil
	}})
	for _, v := range found {
		if v.Domain != "pandia.example" {
			err = errors.Join(err, fmt.Errorf("signed by %s", v.Domain))
		}
		err = errors.Join(err, v.Err)
	}
	return len(found), err
}

// Whatever leaves is signed as the relay gets it: single letters, editions, proofs and notices, a second try too. After a change of keys
// what leaves has the new one.
func TestEverythingThatLeavesIsSigned(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, zone := newWorld(t, daily, withKey, withKeys, "FACTEUR_SIGNUP_CHECK_DOMAINS=false"), map[string]string{}
		w.makes("r1", letter.RSA, zone)
		w.makes("e1", letter.Ed25519, zone)
		w.relay.Answer("lea@lecteurs.example", smtptest.Answer{Reply: "451 4.7.1 later"})
		w.start()
		w.signUp("lea")
		w.relay.Answer("lea@lecteurs.example", smtptest.Answer{})
		time.Sleep(time.Hour)
		w.confirm("lea")
		w.offer(1)
		time.Sleep(2 * 24 * time.Hour) // an edition, and after it a slot without articles
		w.proof("op@pandia.example")
		w.end()

		w.env = append(w.env, "FACTEUR_DKIM_SELECTOR=r2")
		w.open()
		w.makes("r2", letter.RSA, zone)
		before := len(w.relay.Letters())
		w.start()
		w.signUp("zoe")
		w.end()
		synctest.Wait()

		for i, l := range w.relay.Letters() {
			n, err := signatures(l, zone)
			if err != nil || n != 2 {
				t.Errorf("%s to %s: %d signatures, %v", field(l, "Subject"), l.To, n, err)
			}
			if selector := map[bool]string{true: "r1", false: "r2"}[i < before]; !strings.Contains(field(l, "DKIM-Signature"), " s="+selector+";") {
				t.Errorf("%s to %s is not signed by %s first: %s", field(l, "Subject"), l.To, selector, field(l, "DKIM-Signature"))
			}
		}
		for to, want := range map[string]int{"lea": 3, "zoe": 1, "op@pandia.example": 2} { // confirmation, welcome, edition; confirmation; notice, proof
			if got := w.letters(to); len(got) != want {
				t.Errorf("%d letters left for %s, want %d", len(got), to, want)
			}
		}
	})
}

// Nothing leaves unsigned by a key that is missing, open to others or of another kind.
func TestNothingLeavesWithoutItsKey(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(t *testing.T, w *world)
		want    string // part of the error
	}{
		"missing": {func(*testing.T, *world) {}, "dkim.selector: there is no key r1 for signatures"},
		"open to others": {func(t *testing.T, w *world) {
			w.makes("r1", letter.RSA, map[string]string{})
			if err := os.Chmod(w.Config.KeyFile("r1"), 0o640); err != nil {
				t.Fatal(err)
			}
		}, "r1.pem is open to others than its owner (mode 0640)"},
		"of another kind": {func(_ *testing.T, w *world) { w.makes("r1", letter.Ed25519, map[string]string{}) }, "whose key is for ed25519; this signature is by rsa"},
		"no key": {func(t *testing.T, w *world) {
			w.makes("other", letter.RSA, map[string]string{})
			writeFile(t, w.Config.KeyFile("r1"), "secret")
		}, "r1.pem: it holds no private key in PEM form"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, withKey)
			defer func() { _ = w.Close() }()
			w.readers("lea")
			test.prepare(t, w)
			_, err := w.Drain(t.Context(), nil)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("err = %v, want %q", err, test.want)
			}
			if err := w.Serve(t.Context(), app.Serving{}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("serve: %v", err)
			}
			if _, problems := app.Check(w.Config, time.Now()); len(problems) != 1 || !strings.Contains(problems[0].Error(), test.want) {
				t.Errorf("the settings are found to be %v", problems)
			}
		})
	}
}

// A key is its owner's alone, and never written over. A backup has it.
func TestSigningKeyIsKept(t *testing.T) {
	w := newWorld(t, withKey)
	defer func() { _ = w.Close() }()
	w.makes("r1", letter.RSA, map[string]string{})
	path := filepath.Join(w.folder, "data", "dkim", "r1.pem")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := app.NewSigningKey(w.Config, "r1", letter.Ed25519); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second key of one name: %v", err)
	}
	if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, text) {
		t.Errorf("the key changed (%v)", err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("beside the key is %v, %v", left, err)
	}
	archive, restored := filepath.Join(t.TempDir(), "b.tar"), filepath.Join(t.TempDir(), "restored")
	if _, err := w.Backup(t.Context(), archive, nil); err != nil {
		t.Fatal(err)
	}
	untar(t, archive, restored)
	if kept, err := os.ReadFile(filepath.Join(restored, "dkim", "r1.pem")); err != nil || !bytes.Equal(kept, text) {
		t.Errorf("the backup has another key (%v)", err)
	}
}
