package digest

import (
	"testing"
	"time"

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
		ofStories(candidates, newJudge(threeSections(), time.Time{}, Beginning{}))
		for i, want := range row.want {
			if candidates[i].Stance != want || want == none && candidates[i].Stood != 0 {
				t.Errorf("%s: article %d is %q, want %q", row.name, i+1, candidates[i].Stance, want)
			}
		}
		if candidates[3].Stance != none {
			t.Errorf("%s: a row of the inbox is %q", row.name, candidates[3].Stance)
		}
	}
}

func threeSections() newsletter.Newsletter {
	return newsletter.Newsletter{Name: "hebdo", Horizon: 30 * 24 * time.Hour, Sections: []newsletter.Section{{Name: "actualites", Quota: 1}, {Name: "guides", Quota: 1}, {Name: "breves", Quota: 1}}}
}

// What wants an article in that cannot go wants the one in that goes in its place, and the article itself again once it can.
func TestOfStories_whereTheOneCannotGo(t *testing.T) {
	at := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(all []newsletter.Candidate) // the first leads, and is pinned
		want   int64                            // which is pinned then
	}{
		"it can":                      {func([]newsletter.Candidate) {}, 1},
		"it is hidden":                {func(all []newsletter.Candidate) { all[0].Hidden = true }, 2},
		"it is of no section":         {func(all []newsletter.Candidate) { all[0].Section = "cuisine" }, 2},
		"it was carried and hidden":   {func(all []newsletter.Candidate) { all[0].Hidden, all[0].CarriedBy = true, 3 }, 1},
		"the next waits for its date": {func(all []newsletter.Candidate) { all[0].Hidden, all[1].Published = true, at.Add(time.Hour) }, 3},
		"the next is too old":         {func(all []newsletter.Candidate) { all[0].Hidden, all[1].Published = true, at.AddDate(-1, 0, 0) }, 3},
		"all that are left are too old": {func(all []newsletter.Candidate) {
			all[0].Hidden, all[1].Published, all[2].Published = true, at.AddDate(-1, 0, 0), at.AddDate(-2, 0, 0)
		}, 2},
		"one that was carried stands": {func(all []newsletter.Candidate) { all[0].Hidden, all[2].CarriedBy = true, 3 }, 3},
		"the next was pinned before": {func(all []newsletter.Candidate) {
			all[0].Hidden, all[2].Stance, all[2].Stood = true, newsletter.StancePinned, 1
		}, 2},
		"the next was excluded before": {func(all []newsletter.Candidate) {
			all[0].Hidden, all[1].Stance, all[1].Stood = true, newsletter.StanceExcluded, 1
		}, 2},
		"none can": {func(all []newsletter.Candidate) { all[0].Hidden, all[1].Hidden, all[2].Section = true, true, "cuisine" }, 1},
	} {
		all := []newsletter.Candidate{{Article: 1}, {Article: 2, Leader: 1}, {Article: 3, Leader: 1}}
		for i := range all {
			all[i].Section, all[i].Published, all[i].Arrived = "actualites", at.Add(-time.Hour), at.Add(-time.Hour)
		}
		all[0].Stance, all[0].Stood = newsletter.StancePinned, 2
		c.change(all)
		ofStories(all, newJudge(threeSections(), at, Beginning{}))
		for _, one := range all {
			if one.Stance.In() != (one.Article == c.want) || one.Stance.In() && one.Stood != 2 {
				t.Errorf("%s: article %d is %q in turn %d, want %d pinned", name, one.Article, one.Stance, one.Stood, c.want)
			}
		}
	}
}
