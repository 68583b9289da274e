package newsletter

import (
	"slices"
	"time"
)

// A Remembered is what is known of a newsletter that editions or readers may have, whether or not the settings name it still.
type Remembered struct {
	Name     string
	Active   int        // its readers
	Latest   EditionRef // but for those of which nothing left; zero: there is none
	Approved time.Time  // when that was
	Sisters  []string   // that it had then
}

// Kin reports that it was a sister of one of some newsletters at its latest edition, or one of them its sister at hers.
func (r Remembered) Kin(names []string, all []Remembered) bool {
	return slices.ContainsFunc(r.Sisters, func(s string) bool { return slices.Contains(names, s) }) ||
		slices.ContainsFunc(all, func(other Remembered) bool {
			return slices.Contains(names, other.Name) && slices.Contains(other.Sisters, r.Name)
		})
}
