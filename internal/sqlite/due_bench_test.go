package sqlite

import (
	"testing"
	"time"

	"facteur/internal/outbox"
)

// BenchmarkDueCopies lists a batch of copies as a sender does. One operation is 256 of them.
func BenchmarkDueCopies(b *testing.B) {
	s := edition(b, 1000)
	queue(b, s)
	for b.Loop() {
		due, err := s.DueCopies(b.Context(), time.Now(), 256, outbox.Room{})
		if err != nil || len(due) != 256 {
			b.Fatal(len(due), err)
		}
	}
}
