package letter_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"syscall"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"facteur/internal/letter"
)

// BenchmarkNew composes and compiles an edition of 30 articles.
func BenchmarkNew(b *testing.B) {
	n := hebdo(b)
	v := rendered(b, n, long(b, 30))
	for b.Loop() {
		if _, err := letter.New(frame(n, 42), v); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCopy makes one reader's message of it.
func BenchmarkCopy(b *testing.B) {
	n := hebdo(b)
	l, err := letter.New(frame(n, 42), rendered(b, n, long(b, 30)))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(l.Size()))
	b.ReportAllocs()
	r := reader(b)
	for b.Loop() {
		mustCopy(b, l, r)
	}
}

// BenchmarkSignedCopy makes it signed: what a signature costs is the difference to unsigned, beside the bare signature of a hash
// (BenchmarkBareSignature).
func BenchmarkSignedCopy(b *testing.B) {
	keys := bothKeys(b)
	for _, test := range []struct {
		name string
		keys []*letter.Key
	}{{"unsigned", nil}, {"ed25519", keys[1:]}, {"rsa", keys[:1]}, {"both", keys}} {
		b.Run(test.name, func(b *testing.B) {
			l, r := signedLetter(b, test.keys), reader(b)
			b.ReportAllocs()
			defer cpu(b)()
			for b.Loop() {
				mustCopy(b, l, r)
			}
		})
	}
}

// cpu reports the processor's time, which a machine with other work stretches less than the clock's.
func cpu(b *testing.B) (report func()) {
	b.Helper()
	used := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	before := used()
	return func() { b.ReportMetric(float64(used()-before)/float64(b.N)/1e3, "cpu-µs/op") }
}

func signedLetter(b *testing.B, keys []*letter.Key) *letter.Letter {
	b.Helper()
	n := hebdo(b)
	f := frame(n, 42)
	f.Keys = keys
	l, err := letter.New(f, rendered(b, n, long(b, 30)))
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// private is a key as its library has it.
func private(b *testing.B, a letter.Algorithm) crypto.Signer {
	b.Helper()
	text, err := letter.NewPrivateKey(rand.Reader, a)
	if err != nil {
		b.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		b.Fatal(err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		b.Fatalf("%T cannot sign", key)
	}
	return signer
}

// BenchmarkBareSignature signs a hash and nothing else.
func BenchmarkBareSignature(b *testing.B) {
	sum := sha256.Sum256([]byte("letter"))
	b.Run("rsa", func(b *testing.B) {
		key, ok := private(b, letter.RSA).(*rsa.PrivateKey)
		if !ok {
			b.Fatal("no RSA key")
		}
		defer cpu(b)()
		for b.Loop() {
			if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("ed25519", func(b *testing.B) {
		key, ok := private(b, letter.Ed25519).(ed25519.PrivateKey)
		if !ok {
			b.Fatal("no Ed25519 key")
		}
		defer cpu(b)()
		for b.Loop() {
			ed25519.Sign(key, sum[:])
		}
	})
}

// BenchmarkSignedByLibrary has go-msgauth sign the same copy, for comparison.
func BenchmarkSignedByLibrary(b *testing.B) {
	message := mustCopy(b, signedLetter(b, nil), reader(b))
	var twice []string
	for _, name := range coveredFields {
		twice = append(twice, name, name)
	}
	for _, a := range []letter.Algorithm{letter.RSA, letter.Ed25519} {
		b.Run(string(a), func(b *testing.B) {
			options := dkim.SignOptions{
				Domain: "pandia.example", Selector: "s2026", Signer: private(b, a), HeaderKeys: twice,
				HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
			}
			defer cpu(b)()
			for b.Loop() {
				var out bytes.Buffer
				if err := dkim.Sign(&out, bytes.NewReader(message), &options); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
