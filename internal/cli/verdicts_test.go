package cli

import (
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// What a verdict refers to, and what an editor wants beside its rule, stands with the rule; by what articles were measured stands once.
func TestVerdicts_saysByWhat(t *testing.T) {
	n := newsletter.Newsletter{Name: "hebdo", Zone: time.UTC, Sections: []newsletter.Section{{Name: "guides", Quota: 2}}}
	wanted := func(s newsletter.Stance) newsletter.Candidate { return newsletter.Candidate{Article: 1, Stance: s} }
	known := newsletter.Candidate{Article: 1, Stance: newsletter.StancePinned, Sister: newsletter.EditionRef{Newsletter: "quotidien", Number: 12}, Fresh: 31}
	for _, row := range []struct {
		verdict        newsletter.Verdict
		rule, measured string
	}{
		{newsletter.Verdict{Rule: newsletter.RuleRecalled, Candidate: known, Place: "rappel"}, "recalled quotidien/12 (pinned) (31% new)", ""},
		{newsletter.Verdict{Rule: newsletter.RuleWaiting, Place: "rappel", Measure: newsletter.Measure{Quota: 2}}, "waiting", "waiting  quota of rappel: 2"},
		{newsletter.Verdict{Rule: newsletter.RulePinned, Candidate: wanted(newsletter.StancePinned)}, "pinned", ""},
		{newsletter.Verdict{Rule: newsletter.RulePinned, Candidate: wanted(newsletter.StanceLead), Lead: newsletter.LeadByHand}, "pinned (lead: hand)", ""},
		{newsletter.Verdict{Rule: newsletter.RuleFuture, Candidate: wanted(newsletter.StanceLead)}, "future (lead)", ""},
		{newsletter.Verdict{Rule: newsletter.RuleHidden, Candidate: wanted(newsletter.StancePinned)}, "hidden", ""},
		{
			newsletter.Verdict{Rule: newsletter.RuleBelowMinimum, Candidate: wanted(newsletter.StancePinned), Measure: newsletter.Measure{Takes: 3, Had: 2, Whole: true}},
			"below-minimum (pinned)", "below-minimum  2 articles for the edition, minimum: 3",
		},
		{newsletter.Verdict{Rule: newsletter.RuleBelowMinimum, Place: "guides", Measure: newsletter.Measure{Takes: 2, Had: 1}}, "below-minimum", "below-minimum  1 article for guides, minimum of the section: 2"},
		{newsletter.Verdict{Rule: newsletter.RuleTooOld, Place: "guides", Measure: newsletter.Measure{Horizon: 30 * 24 * time.Hour}}, "too-old", "too-old  horizon: 30d"},
		{newsletter.Verdict{Rule: newsletter.RuleTooOld, Back: true, Candidate: newsletter.Candidate{Published: time.Unix(0, 0)}, Measure: newsletter.Measure{Horizon: 8 * 24 * time.Hour}}, "too-old (back catalogue)", ""},
		{newsletter.Verdict{Rule: newsletter.RuleTooOld, Back: true, Measure: newsletter.Measure{Horizon: 8 * 24 * time.Hour}}, "too-old (back catalogue, undated)", ""},
		{newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 7, Measure: newsletter.Measure{By: "title"}}, "duplicate-of 7 (title)", ""},
		{newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 7}, "duplicate-of 7", ""},
	} {
		views := viewVerdicts(n, []newsletter.Verdict{row.verdict, row.verdict})
		var p page
		p.measures(views)
		if got := views[0].ruling(false); got != row.rule || strings.TrimSpace(p.String()) != row.measured {
			t.Errorf("%q, measured %q; want %q, %q", got, p.String(), row.rule, row.measured)
		}
	}
}
