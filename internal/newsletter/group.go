package newsletter

import (
	"strings"
	"time"
)

// A Pace is how many letters may leave in a span of time at the most. 0 sets no limit.
type Pace struct {
	Second, Minute, Hour, Day int
}

// A Group is one provider: receiving domains whose letters reach the same servers. What those servers count, they count
// over all of its domains.
type Group struct {
	Name    string
	Domains []string // in ASCII, lower-case
	Pace    Pace
	AtOnce  int           // letters to it on the wire at the same time; 0 sets no limit
	Rest    time.Duration // how long it is left alone when it first says that it is too much, and the longer the more often; 0: five minutes
}

// Groups are the providers that are told apart.
type Groups []Group

// Of returns the name of the group that an address belongs to; empty: to none of them.
func (all Groups) Of(address string) string {
	domain := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
	for _, g := range all {
		for _, d := range g.Domains {
			if d == domain {
				return g.Name
			}
		}
	}
	return ""
}

// A Closing is until when a group is left alone, and what its server said for that.
type Closing struct {
	Group string // empty: the way out as a whole
	Until time.Time
	Words string
}
