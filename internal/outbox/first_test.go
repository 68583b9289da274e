package outbox

import (
	"testing"

	"facteur/internal/newsletter"
)

// A further copy for one reader neither counts among an edition's first letters nor settles them.
func TestFurtherCopiesAreNoFirstLetters(t *testing.T) {
	c := canaries{Canary: Canary{Letters: 1}}
	c.watch([]Unopened{{Edition: 7}})
	letter := func(number int) newsletter.Delivery {
		return newsletter.Delivery{Kind: newsletter.KindEdition, Edition: 7, Copy: number}
	}
	c.handed(letter(2))
	c.back(letter(2))
	if c.room(7) != 1 || len(c.settled()) != 0 {
		t.Errorf("after a further copy there is room for %d, and %v are settled", c.room(7), c.settled())
	}
	c.handed(letter(1))
	c.back(letter(1))
	if c.room(7) != 0 || len(c.settled()) != 1 {
		t.Errorf("after the first letter there is room for %d, and %v are settled", c.room(7), c.settled())
	}
}
