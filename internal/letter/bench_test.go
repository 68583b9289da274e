package letter_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/sys/unix"

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

// BenchmarkCopy makes one reader’s message of it, as it goes on the wire.
func BenchmarkCopy(b *testing.B) {
	n := hebdo(b)
	l, err := letter.New(frame(n, 42), rendered(b, n, long(b, 30)))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(l.Size()))
	b.ReportAllocs()
	r := reader(b)
	var wire wire
	for b.Loop() {
		if err := wire.take(l, r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSignedCopy makes a letter of 44 KB unsigned and signed, beside the bare signature of a hash and the same letter signed by
// go-msgauth. Each is made in turn, so that other work on the machine meets all of them alike, and the processor's time is told.
func BenchmarkSignedCopy(b *testing.B) {
	for _, a := range []letter.Algorithm{letter.Ed25519, letter.RSA} {
		b.Run(string(a), func(b *testing.B) {
			private, key := benchKey(b, a)
			plain, sealed, r := sizedLetter(b, nil), sizedLetter(b, []*letter.Key{key}), reader(b)
			message, sum := mustCopy(b, plain, r), sha256.Sum256([]byte("letter"))
			var wire wire
			rounds := []func() error{
				func() error { return wire.take(plain, r) },
				func() error { return wire.take(sealed, r) },
				func() error { return bareSignature(private, sum[:]) },
				func() error { return signedByLibrary(private, message) },
			}
			used := make([][]time.Duration, len(rounds))
			for b.Loop() {
				for i, round := range rounds {
					before := processorTime(b)
					if err := round(); err != nil {
						b.Fatal(err)
					}
					used[i] = append(used[i], processorTime(b)-before)
				}
			}
			for i, name := range []string{"unsigned-µs", "signed-µs", "bare-µs", "library-µs"} {
				slices.Sort(used[i])
				b.ReportMetric(float64(used[i][len(used[i])/2].Nanoseconds())/1e3, name)
			}
		})
	}
}

// A wire is what a connection keeps for its letters.
type wire struct {
	pieces [][]byte
	room   []byte
}

// take makes a reader's message as it goes on the wire.
func (w *wire) take(l *letter.Letter, r letter.Reader) error {
	m, err := l.Copy(r)
	if err == nil {
		w.pieces, w.room, err = m.AppendStuffed(w.pieces[:0], w.room[:0])
	}
	return err
}

// processorTime is that of this process so far.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &now); err != nil {
		b.Fatal(err)
	}
	return time.Duration(now.Nano())
}

// sizedLetter has 44 KB, as the letters that other figures are taken with.
func sizedLetter(b *testing.B, keys []*letter.Key) *letter.Letter {
	b.Helper()
	n := hebdo(b)
	f := frame(n, 42)
	f.Keys = keys
	l, err := letter.New(f, rendered(b, n, long(b, 20)))
	if err != nil {
		b.Fatal(err)
	}
	if l.Size() < 43_000 || l.Size() > 47_000 {
		b.Fatalf("the letter has %d octets", l.Size())
	}
	return l
}

// benchKey is a key as its library has it, and as letters do.
func benchKey(b *testing.B, a letter.Algorithm) (crypto.Signer, *letter.Key) {
	b.Helper()
	text, err := letter.NewPrivateKey(rand.Reader, a)
	if err != nil {
		b.Fatal(err)
	}
	key, err := letter.ParseKey("pandia.example", "s2026", text)
	if err != nil {
		b.Fatal(err)
	}
	block, _ := pem.Decode(text)
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		b.Fatal(err)
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		b.Fatalf("%T cannot sign", private)
	}
	return signer, key
}

func bareSignature(key crypto.Signer, sum []byte) error {
	if private, ok := key.(*rsa.PrivateKey); ok {
		_, err := rsa.SignPKCS1v15(nil, private, crypto.SHA256, sum)
		return err
	}
	_, err := key.Sign(nil, sum, crypto.Hash(0))
	return err
}

func signedByLibrary(key crypto.Signer, message []byte) error {
	var twice []string
	for _, name := range coveredFields {
		twice = append(twice, name, name)
	}
	return dkim.Sign(io.Discard, bytes.NewReader(message), &dkim.SignOptions{
		Domain: "pandia.example", Selector: "s2026", Signer: key, HeaderKeys: twice,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
}
