package smtptest

import (
	"hash/maphash"
	"sync"
)

// Copies are what one recipient got.
type Copies struct {
	Number  int
	Strange int // of those after the first, without a Message-ID or with another than the first
}

// shards keep connections from waiting for each other.
const shards = 64

// A tally counts copies by recipient. Of a Message-ID it keeps a hash: two of them are the same by accident once in 10^19.
type tally struct {
	seed   maphash.Seed
	shards [shards]shard
}

type shard struct {
	mu     sync.Mutex
	copies map[string]counted
}

type counted struct {
	id      uint64 // of the first copy
	number  uint32
	strange uint32
}

func newTally() *tally {
	t := &tally{seed: maphash.MakeSeed()}
	for i := range t.shards {
		t.shards[i].copies = map[string]counted{}
	}
	return t
}

func (t *tally) shard(recipient string) *shard {
	return &t.shards[maphash.String(t.seed, recipient)%shards]
}

// hash is that of a Message-ID, 0 for none.
func (t *tally) hash(id []byte) uint64 {
	if len(id) == 0 {
		return 0
	}
	return maphash.Bytes(t.seed, id)
}

func (t *tally) add(recipient string, id uint64) {
	s := t.shard(recipient)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.copies[recipient]
	switch {
	case c.number == 0:
		c.id = id
	case c.id != id || id == 0:
		c.strange++
	}
	c.number++
	s.copies[recipient] = c
}

func (t *tally) of(recipient string) Copies {
	s := t.shard(recipient)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.copies[recipient].told()
}

func (t *tally) each(tell func(Copies)) {
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		for _, c := range s.copies {
			tell(c.told())
		}
		s.mu.Unlock()
	}
}

func (c counted) told() Copies { return Copies{Number: int(c.number), Strange: int(c.strange)} }
