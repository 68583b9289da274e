package neardup

import (
	"cmp"
	"time"
)

// A Nearness is how near an article is to another one.
type Nearness struct {
	page   bool          // it is of its page
	shared float64       // of text and title
	away   time.Duration // in steps in which columns come
	minute bool          // it is of its minute
}

// NearnessOf tells how near two articles are.
func NearnessOf(a, b Print) Nearness {
	sign := Same(a, b)
	return Nearness{sign == ByAddress || sign == ByCanonical, a.resembles(b) + alike(a.title, b.title), a.dated.Sub(b.dated).Abs() / nearColumn, a.minute(b)}
}

// Compare orders the nearer first: what is of one page, then what shares more of its text and title, then what is of the same day rather than of another,
// as columns are, and of the same minute, as bulletins are.
func (n Nearness) Compare(o Nearness) int {
	return cmp.Or(first(n.page, o.page), cmp.Compare(o.shared, n.shared), cmp.Compare(n.away, o.away), first(n.minute, o.minute))
}

// first orders what is so before what is not.
func first(n, o bool) int {
	switch {
	case n == o:
		return 0
	case n:
		return -1
	}
	return 1
}
