package letter_test

import (
	"testing"

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
	var wire []byte
	for b.Loop() {
		message, err := l.Copy(r)
		if err != nil {
			b.Fatal(err)
		}
		if wire, err = message.AppendStuffed(wire[:0]); err != nil {
			b.Fatal(err)
		}
	}
}
