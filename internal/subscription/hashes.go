package subscription

// hashes are a set of hashes that takes 8 to 32 bytes for each: of a million, a map takes three times as much. The zero value is an
// empty set.
type hashes struct {
	slots []uint64 // a power of two of them, at most half of them taken; 0: free
	count int
}

// add puts a hash into the set, and reports whether it was not there.
func (h *hashes) add(hash uint64) (added bool) {
	if 2*h.count >= len(h.slots) {
		h.grow()
	}
	slot := h.find(hash)
	if *slot != 0 {
		return false
	}
	*slot = stored(hash)
	h.count++
	return true
}

func (h *hashes) has(hash uint64) bool { return h.count > 0 && *h.find(hash) != 0 }

// find is the slot of a hash, or the free one where it would be.
func (h *hashes) find(hash uint64) *uint64 {
	hash = stored(hash)
	for i := hash; ; i++ {
		slot := &h.slots[i%uint64(len(h.slots))]
		if *slot == hash || *slot == 0 {
			return slot
		}
	}
}

func (h *hashes) grow() {
	old := h.slots
	h.slots = make([]uint64, max(1024, 2*len(old)))
	for _, hash := range old {
		if hash != 0 {
			*h.find(hash) = hash
		}
	}
}

// stored keeps 0 for a free slot.
func stored(hash uint64) uint64 { return max(hash, 1) }
