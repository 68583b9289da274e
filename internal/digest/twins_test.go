package digest

import (
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// Of a story that came in two ways one article goes, and whichever went, none goes again.
func TestChoose_StoryOnce(t *testing.T) {
	at := time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)
	n := newsletter.Newsletter{Name: "hebdo", Horizon: 30 * 24 * time.Hour, Sections: []newsletter.Section{{Name: "actualites", Quota: 5}}}
	for _, c := range []struct {
		name   string
		change func(lead, twin *newsletter.Candidate)
		lead   newsletter.Verdict
		twin   newsletter.Verdict
	}{
		{"the first leads", func(_, _ *newsletter.Candidate) {}, newsletter.Verdict{Rule: newsletter.RuleNew}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the first is hidden", func(l, _ *newsletter.Candidate) { l.Hidden = true }, newsletter.Verdict{Rule: newsletter.RuleHidden}, newsletter.Verdict{Rule: newsletter.RuleNew}},
		{"both are hidden", func(l, w *newsletter.Candidate) { l.Hidden, w.Hidden = true, true }, newsletter.Verdict{Rule: newsletter.RuleHidden}, newsletter.Verdict{Rule: newsletter.RuleHidden}},
		{"the first is of no section", func(l, _ *newsletter.Candidate) { l.Section = "cuisine" }, newsletter.Verdict{}, newsletter.Verdict{Rule: newsletter.RuleNew}},
		{"the first was carried", func(l, _ *newsletter.Candidate) { l.CarriedBy = 3 }, newsletter.Verdict{Rule: newsletter.RuleCarried, Edition: 3}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the first was carried and is of no section any more", func(l, _ *newsletter.Candidate) { l.CarriedBy, l.Section = 3, "cuisine" },
			newsletter.Verdict{Rule: newsletter.RuleCarried, Edition: 3}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the other was carried", func(_, w *newsletter.Candidate) { w.CarriedBy = 3 }, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 2}, newsletter.Verdict{Rule: newsletter.RuleCarried, Edition: 3}},
		{"the first was carried and hidden", func(l, _ *newsletter.Candidate) { l.CarriedBy, l.Hidden = 3, true }, newsletter.Verdict{Rule: newsletter.RuleCarried, Edition: 3}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the first is excluded", func(l, _ *newsletter.Candidate) { l.Stance = newsletter.StanceExcluded }, newsletter.Verdict{Rule: newsletter.RuleExcluded}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the other is excluded", func(_, w *newsletter.Candidate) { w.Stance = newsletter.StanceExcluded }, newsletter.Verdict{Rule: newsletter.RuleNew}, newsletter.Verdict{Rule: newsletter.RuleExcluded}},
		{"the other is pinned", func(_, w *newsletter.Candidate) { w.Stance = newsletter.StancePinned }, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 2}, newsletter.Verdict{Rule: newsletter.RulePinned}},
		{"both are pinned, the other before", func(l, w *newsletter.Candidate) {
			l.Stance, l.Stood, w.Stance, w.Stood = newsletter.StancePinned, 2, newsletter.StancePinned, 1
		}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 2}, newsletter.Verdict{Rule: newsletter.RulePinned}},
		{"the first is led by the other", func(l, w *newsletter.Candidate) { l.Leader, w.Leader = 2, 0 }, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 2}, newsletter.Verdict{Rule: newsletter.RuleNew}},
		{"the first waits for its day", func(l, _ *newsletter.Candidate) { l.Published = at.Add(time.Hour) }, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 2}, newsletter.Verdict{Rule: newsletter.RuleNew}},
		{"the first is pinned and waits for its day", func(l, _ *newsletter.Candidate) { l.Stance, l.Published = newsletter.StancePinned, at.Add(time.Hour) },
			newsletter.Verdict{Rule: newsletter.RuleFuture}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the other is to lead and waits for its day", func(_, w *newsletter.Candidate) { w.Stance, w.Published = newsletter.StanceLead, at.Add(time.Hour) },
			newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 2}, newsletter.Verdict{Rule: newsletter.RuleFuture}},
		{"the first is pinned and waits for its day, the other is too old", func(l, w *newsletter.Candidate) {
			l.Stance, l.Published, w.Published = newsletter.StancePinned, at.Add(time.Hour), at.AddDate(0, 0, -40)
		}, newsletter.Verdict{Rule: newsletter.RuleFuture}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the first is pinned and its day has come", func(l, _ *newsletter.Candidate) { l.Stance, l.Published = newsletter.StancePinned, at },
			newsletter.Verdict{Rule: newsletter.RulePinned}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the first is pinned, waits for its day and is hidden", func(l, _ *newsletter.Candidate) {
			l.Stance, l.Published, l.Hidden = newsletter.StancePinned, at.Add(time.Hour), true
		}, newsletter.Verdict{Rule: newsletter.RuleHidden}, newsletter.Verdict{Rule: newsletter.RuleNew}},
		{"the first is pinned, waits for its day and is of no section any more", func(l, _ *newsletter.Candidate) {
			l.Stance, l.Published, l.Section = newsletter.StancePinned, at.Add(time.Hour), "cuisine"
		}, newsletter.Verdict{}, newsletter.Verdict{Rule: newsletter.RuleNew}},
		{"the first is pinned and waits for its day, the other was carried", func(l, w *newsletter.Candidate) {
			l.Stance, l.Published, w.CarriedBy = newsletter.StancePinned, at.Add(time.Hour), 3
		}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 2}, newsletter.Verdict{Rule: newsletter.RuleCarried, Edition: 3}},
		{"the first is too old", func(l, _ *newsletter.Candidate) { l.Published = at.AddDate(0, 0, -40) }, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 2}, newsletter.Verdict{Rule: newsletter.RuleNew}},
		{"the first is too old, the other waits for its day", func(l, w *newsletter.Candidate) { l.Published, w.Published = at.AddDate(0, 0, -40), at.Add(time.Hour) },
			newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 2}, newsletter.Verdict{Rule: newsletter.RuleFuture}},
		{"both are too old", func(l, w *newsletter.Candidate) {
			l.Published, w.Published = at.AddDate(0, 0, -40), at.AddDate(0, 0, -40)
		},
			newsletter.Verdict{Rule: newsletter.RuleTooOld}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the first is too old and excluded", func(l, _ *newsletter.Candidate) {
			l.Stance, l.Published = newsletter.StanceExcluded, at.AddDate(0, 0, -40)
		},
			newsletter.Verdict{Rule: newsletter.RuleExcluded}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
		{"the first was carried and is too old", func(l, _ *newsletter.Candidate) { l.CarriedBy, l.Published = 3, at.AddDate(0, 0, -40) },
			newsletter.Verdict{Rule: newsletter.RuleCarried, Edition: 3}, newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 1}},
	} {
		lead := newsletter.Candidate{Article: 1, Section: "actualites", Published: at.Add(-2 * time.Hour), Arrived: at.Add(-2 * time.Hour)}
		twin := newsletter.Candidate{Article: 2, Leader: 1, Section: "actualites", Published: at.Add(-time.Hour), Arrived: at.Add(-time.Hour)}
		c.change(&lead, &twin)
		got := map[int64]newsletter.Verdict{}
		for _, v := range Choose(n, []newsletter.Candidate{lead, twin}, at, Beginning{}).Verdicts {
			got[v.Article] = v
		}
		for id, want := range map[int64]newsletter.Verdict{1: c.lead, 2: c.twin} {
			if v := got[id]; v.Rule != want.Rule || v.Edition != want.Edition || v.Original != want.Original {
				t.Errorf("%s: article %d is %s %d %d, want %s %d %d", c.name, id, v.Rule, v.Edition, v.Original, want.Rule, want.Edition, want.Original)
			}
		}
	}
}
