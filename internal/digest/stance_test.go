package digest

import (
	"testing"

	"facteur/internal/newsletter"
)

// Of a story counts what was decided last, whichever of its articles it was decided of.
func TestOfStories(t *testing.T) {
	const none, in, lead, out = newsletter.Stance(""), newsletter.StancePinned, newsletter.StanceLead, newsletter.StanceExcluded
	for _, row := range []struct {
		name   string
		stood  [3]int64 // of the first, of its twin, and of one alone
		stance [3]newsletter.Stance
		want   [3]newsletter.Stance
	}{
		{"nothing was decided", [3]int64{}, [3]newsletter.Stance{}, [3]newsletter.Stance{}},
		{"the first is excluded", [3]int64{1, 0, 0}, [3]newsletter.Stance{out, none, none}, [3]newsletter.Stance{out, out, none}},
		{"the twin is excluded", [3]int64{0, 1, 2}, [3]newsletter.Stance{none, out, in}, [3]newsletter.Stance{out, out, in}},
		{"the twin is excluded, the first pinned before", [3]int64{1, 2, 3}, [3]newsletter.Stance{in, out, in}, [3]newsletter.Stance{out, out, in}},
		{"the twin is excluded, the first pinned after", [3]int64{2, 1, 3}, [3]newsletter.Stance{in, out, out}, [3]newsletter.Stance{in, none, out}},
		{"the twin is pinned, and the first is to lead", [3]int64{2, 1, 3}, [3]newsletter.Stance{lead, in, in}, [3]newsletter.Stance{lead, none, in}},
		{"the first is pinned, then the twin", [3]int64{1, 2, 3}, [3]newsletter.Stance{in, in, in}, [3]newsletter.Stance{none, in, in}},
	} {
		candidates := []newsletter.Candidate{{Article: 1}, {Article: 2, Leader: 1}, {Article: 3}, {}}
		for i := range row.stance {
			candidates[i].Stance, candidates[i].Stood = row.stance[i], row.stood[i]
		}
		got := ofStories(candidates)
		for i, want := range row.want {
			if got[i].Stance != want || want == none && got[i].Stood != 0 {
				t.Errorf("%s: article %d is %q, want %q", row.name, i+1, got[i].Stance, want)
			}
		}
		if got[3].Stance != none {
			t.Errorf("%s: a row of the inbox is %q", row.name, got[3].Stance)
		}
	}
}
