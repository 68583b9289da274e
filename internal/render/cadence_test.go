package render_test

import (
	"fmt"
	"testing"

	"facteur/internal/render"
)

func TestCadence(t *testing.T) {
	for schedule, want := range map[string]string{
		"0 7 * * 2":       "week [2]",
		"0 7 * * TUE":     "week [2]",
		"0 7 * * *":       "day [1 2 3 4 5 6 7]",
		"0 7 ? * 0-6":     "day [1 2 3 4 5 6 7]",
		"0 7 * * 1-5":     "times [1 2 3 4 5]",
		"30 18 * * mon,4": "times [1 4]",
		"0 7 * * 0,7":     "week [7]",
		"0 7 1 * *":       "month []",
		"@weekly":         "week [7]",
		"@daily":          "day [1 2 3 4 5 6 7]",
		"@monthly":        "month []",
		"0 7 1,15 * *":    "other []",
		"0 7 1 * 2":       "other []",
		"0 7 * 1 2":       "other []",
		"0 */6 * * *":     "other []",
		"0 7 * * 5-1":     "other []",
		"0 7 * * 2#1":     "other []",
		"@every 3h":       "other []",
		"":                "other []",
	} {
		if got := render.CadenceOf(schedule); fmt.Sprintf("%s %v", got.Often(), got.Days) != want {
			t.Errorf("%q: %s on %v, want %s", schedule, got.Often(), got.Days, want)
		}
	}
}
