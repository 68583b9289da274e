package newsletter

import "time"

// A Stance is what an editor decided by hand of an article in one newsletter. An article has one at most in each; of those on the articles of a
// story the latest counts.
type Stance string

const (
	// StancePinned: it goes, whatever quota, horizon and back catalogue say, ahead of its section. An edition that brings it ends that.
	StancePinned Stance = "pinned"
	// StanceLead: it is pinned, and leads. One article has it in a newsletter; the one that had it before is pinned.
	StanceLead Stance = "lead"
	// StanceExcluded: it does not go, nor does another of its story in its place.
	StanceExcluded Stance = "excluded"
)

// In reports whether the stance wants the article in.
func (s Stance) In() bool { return s == StancePinned || s == StanceLead }

// Said is the stance as people say it: the article is pinned, excluded or to lead.
func (s Stance) Said() string {
	if s == StanceLead {
		return "to lead"
	}
	return string(s)
}

// A Stand is the stance on an article in one newsletter.
type Stand struct {
	Article    int64
	For        int64 // the article for which it counts: itself, or the one that leads its story since an editor merged that
	Newsletter string
	Stance     Stance
	Since      time.Time
	Under      bool // it does not count while the article is to lead, and does again when that is taken back
}
