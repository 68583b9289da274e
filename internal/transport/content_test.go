package transport

import (
	"bytes"
	"math/rand/v2"
	"net"
	"testing"
)

// Whatever pieces there are, blocks have all octets in their order, and each but the last is full.
func TestCut(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var pieces net.Buffers
		for range random.IntN(6) {
			piece := make([]byte, random.IntN(20))
			for i := range piece {
				piece[i] = byte(random.IntN(256))
			}
			pieces = append(pieces, piece)
		}
		want, size := bytes.Join(pieces, nil), 1+random.IntN(25)
		var got []byte
		for rest := pieces; len(rest) > 0; {
			var block net.Buffers
			block, rest = cut(rest, size)
			octets := bytes.Join(block, nil)
			if len(octets) > size || len(octets) < size && len(rest) > 0 {
				t.Fatalf("a block of %d octets, and not of %d", len(octets), size)
			}
			got = append(got, octets...)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%q became %q", want, got)
		}
	}
}
