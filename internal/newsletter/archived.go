package newsletter

import "time"

// An Archived edition is one that anybody may look at, with its place among those. An edition is public from its
// approval on, and for ever; one that was cancelled before any letter of it can have left never was.
type Archived struct {
	Edition
	Previous, Next int // numbers of its neighbours; 0: there is none
}

// An IndexLine names an edition that anybody may look at.
type IndexLine struct {
	EditionRef
	Approved time.Time
}
