package newsletter

import (
	"slices"
	"testing"
)

// A newsletter that is gone is of the family of those that were its sisters by its latest edition or by theirs, and of the sisters that these have now.
func TestKin(t *testing.T) {
	all := []Remembered{
		{Name: "quotidien", Sisters: []string{"hebdo"}},
		{Name: "soir"},
		{Name: "hebdo", Sisters: []string{"matin", "quotidien"}},
		{Name: "jobs"},
		{Name: "matin"},
	}
	for _, c := range []struct {
		gone string
		of   []string
		want bool
	}{
		{"quotidien", []string{"hebdo"}, true},
		{"quotidien", []string{"mensuel", "hebdo"}, true},
		{"matin", []string{"hebdo"}, true},
		{"matin", []string{"soir"}, false},
		{"jobs", []string{"hebdo", "mensuel"}, false},
		{"soir", []string{"hebdo"}, false},
	} {
		i := slices.IndexFunc(all, func(r Remembered) bool { return r.Name == c.gone })
		if got := all[i].Kin(c.of, all); got != c.want {
			t.Errorf("%s is kin of %v: %v", c.gone, c.of, got)
		}
	}
}
