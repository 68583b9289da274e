package neardup

import (
	"cmp"
	"slices"
)

// A set is hashes in ascending order, each once.
type set []uint64

func setOf(texts []string) set {
	s := make(set, len(texts))
	for i, t := range texts {
		s[i] = hash(t)
	}
	return s.sorted()
}

// sorted makes hashes a set.
func (s set) sorted() set {
	slices.Sort(s)
	return slices.Compact(s)
}

func (s set) has(item uint64) bool {
	_, found := slices.BinarySearch(s, item)
	return found
}

// lacks reports that something of s is not in o.
func (s set) lacks(o set) bool { return s.shared(o) < len(s) }

// shared counts what is in both.
func (s set) shared(o set) int {
	n := 0
	for len(s) > 0 && len(o) > 0 {
		switch cmp.Compare(s[0], o[0]) {
		case -1:
			s = s[1:]
		case 1:
			o = o[1:]
		default:
			n, s, o = n+1, s[1:], o[1:]
		}
	}
	return n
}
