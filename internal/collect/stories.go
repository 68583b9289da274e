package collect

import (
	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// A Member is one of the articles that are one story.
type Member struct {
	ID     int64
	URL    string
	Title  string
	Source string       // that may change it; empty: the inbox or a person, or not known
	Sign   neardup.Sign // by what it was found to be one with the first; of the first, ByHand where an editor chose it to lead, else empty

	CarriedBy []string // editions, such as "hebdo/42"
}

// Twin decides on an article that has come: which of the stored ones it is the same story as, and by what; none of them is -1. The first
// that fits counts.
func Twin(p neardup.Print, among []newsletter.Article) (int, neardup.Sign) {
	for i, other := range among {
		if sign := neardup.Same(p, neardup.Of(other)); sign != "" {
			return i, sign
		}
	}
	return -1, ""
}
