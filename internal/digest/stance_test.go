package digest_test

import (
	"errors"
	"testing"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// What no edition can bring is not taken in, nor anything with it, and the error says why.
func TestTake_unfit(t *testing.T) {
	hidden := article(1, "actualites", 1)
	hidden.Hidden = true
	m := newMemory(at(monday()), hidden, article(2, "cuisine", 1), article(3, "actualites", 2), article(4, "actualites", 2), article(5, "guides", 3), article(6, "guides", 3), article(7, "guides", 40))
	m.carried[3], m.leaders[4], m.leaders[6] = 2, 3, 5
	for id, want := range map[int64]digest.Unfit{
		1: {Verdict: newsletter.Verdict{Rule: newsletter.RuleHidden}},
		2: {},
		3: {Verdict: newsletter.Verdict{Rule: newsletter.RuleCarried, Edition: 2}},
		4: {Verdict: newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 3}, By: newsletter.EditionRef{Newsletter: "hebdo", Number: 2}},
	} {
		_, err := desk(m).Take(t.Context(), weekly(), newsletter.StancePinned, []int64{7, id})
		u, unfit := errors.AsType[digest.Unfit](err)
		if !unfit || u.Article != id || u.Rule != want.Rule || u.Edition != want.Edition || u.Original != want.Original || u.By != want.By || u.Comes {
			t.Errorf("article %d: %+v", id, err)
		}
	}
	if len(m.stances) != 0 {
		t.Errorf("taken all the same: %v", m.stances)
	}
	verdicts, err := desk(m).Take(t.Context(), weekly(), newsletter.StancePinned, []int64{7, 6}) // one too old, and one for which another would go
	if err != nil || len(verdicts) != 2 || verdicts[0].Rule != newsletter.RulePinned || verdicts[1].Rule != newsletter.RulePinned {
		t.Errorf("%+v, %v", verdicts, err)
	}
	if _, err := desk(m).Take(t.Context(), weekly(), newsletter.StanceExcluded, []int64{1}); err != nil {
		t.Errorf("what is hidden cannot be excluded: %v", err)
	}
}
