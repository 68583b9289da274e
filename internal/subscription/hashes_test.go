package subscription

import (
	"math/rand/v2"
	"testing"
)

func TestHashes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var h hashes
	known := map[uint64]bool{}
	if h.has(7) {
		t.Error("the empty set has something")
	}
	for range 20_000 {
		hash := random.Uint64N(5_000) << random.UintN(60) // many twice, and many that want the same slot
		if had := h.has(hash); had != (known[hash] || hash == 0 && known[1] || hash == 1 && known[0]) {
			t.Fatalf("has(%d) = %v", hash, had)
		}
		if h.add(hash) == (known[hash] || hash == 0 && known[1] || hash == 1 && known[0]) {
			t.Fatalf("add(%d) is wrong", hash)
		}
		known[hash] = true
	}
	for hash := range known {
		if !h.has(hash) {
			t.Fatalf("%d was lost", hash)
		}
	}
}
