package outbox

import "facteur/internal/newsletter"

// Told is a delivery with its whole history, for people who ask what happened.
type Told struct {
	newsletter.Delivery
	Number   int // of the edition; 0 for a notice or a single letter
	Subject  string
	Attempts []newsletter.Attempt // the server's own words, oldest first
}
