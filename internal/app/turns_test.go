package app_test

import (
	"path/filepath"
	"slices"
	"testing"

	"facteur/internal/app"
	"facteur/internal/config"
)

// Slots to come are foreseen in the order in which they are decided: of the whole family, at one minute those first that recall nothing, and of two that
// the clock jumps over one.
func TestTurns(t *testing.T) {
	const settings = `
[newsletters.autre]
schedule = "0 * * * *"
sections = [{ name = "a", title = "A", quota = 1 }]
[newsletters.hebdo]
family = "f"
schedule = "0 7 * * 0"
sections = [{ name = "a", title = "A", quota = 1 }, { name = "rappel", title = "R", quota = 1, recall = true }]
[newsletters.quotidien]
family = "f"
schedule = "0,30 2,7 * * *"
sections = [{ name = "a", title = "A", quota = 1 }]
`
	folder := t.TempDir()
	file := filepath.Join(folder, "facteur.toml")
	writeFile(t, file, settings)
	cfg, err := config.Load(config.Options{File: file, Data: filepath.Join(folder, "data")})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), cfg, app.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	const first, second, sunday, saturday = "quotidien 2027-03-27T07:00", "quotidien 2027-03-27T07:30", "quotidien 2027-03-28T02:30", "2027-03-27T05:59:00Z" // the clock jumps that Sunday
	for _, test := range []struct {
		of, before string
		most       int
		want       []string
		more       bool
	}{
		{"hebdo", "2027-03-28T05:00:00Z", 9, []string{first, second, sunday, "quotidien 2027-03-28T07:00"}, false},
		{"hebdo", "2027-03-28T05:00:01Z", 9, []string{first, second, sunday, "quotidien 2027-03-28T07:00", "hebdo 2027-03-28T07:00"}, false},
		{"quotidien", "2027-03-28T05:00:00Z", 3, []string{first, second, sunday}, false},
		{"quotidien", "2027-03-28T05:30:00Z", 5, []string{first, second, sunday, "quotidien 2027-03-28T07:00", "hebdo 2027-03-28T07:00"}, false},
		{"quotidien", "2027-03-28T05:30:00Z", 2, []string{first, second}, true},
		{"hebdo", "2027-03-27T05:59:30Z", 9, nil, false},
	} {
		n, err := a.Newsletter(test.of)
		if err != nil {
			t.Fatal(err)
		}
		turns, more := a.Desk.Turns(n, at(t, saturday), at(t, test.before), test.most)
		var got []string
		for _, turn := range turns {
			got = append(got, turn.Newsletter.Name+" "+string(turn.Slot))
			if !turn.Due.Equal(turn.Slot.In(n.Zone)) || !turn.Due.After(at(t, saturday)) || turn.Due.After(at(t, test.before)) {
				t.Errorf("%s is due at %s", turn.Slot, turn.Due)
			}
		}
		if !slices.Equal(got, test.want) || more != test.more {
			t.Errorf("before %s of %s: %q, more: %t; want %q, %t", test.before, test.of, got, more, test.want, test.more)
		}
	}
}
