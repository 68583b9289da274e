package collect

import (
	"time"

	"facteur/internal/neardup"
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

// A Parting is that an article left its story by itself: an update had it say something else than another one of that.
type Parting struct {
	Article, From int64
	At            time.Time
}
