package neardup

import (
	"cmp"
	"time"
)

// Nearer orders two articles by how near each is to a third, the nearer first: what is of its page, then what shares more of its text and title, then what
// is of the same day rather than of another, as columns are.
func Nearer(to, a, b Print) int {
	page := func(o Print) int {
		if sign := Same(to, o); sign == ByAddress || sign == ByCanonical {
			return 0
		}
		return 1
	}
	shared := func(o Print) float64 { return to.resembles(o) + alike(to.title, o.title) }
	away := func(o Print) time.Duration { return to.dated.Sub(o.dated).Abs() / nearColumn }
	return cmp.Or(page(a)-page(b), cmp.Compare(shared(b), shared(a)), cmp.Compare(away(a), away(b)))
}
