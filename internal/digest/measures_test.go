package digest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// measured are the verdicts that a rule measured by something.
func measured(c digest.Choice) map[int64]newsletter.Measure {
	got := map[int64]newsletter.Measure{}
	for _, v := range c.Verdicts {
		if v.Measure != (newsletter.Measure{}) {
			got[v.Article] = v.Measure
		}
	}
	return got
}

func TestChoose_measures(t *testing.T) {
	n := weekly()
	n.Sections[0].Quota, n.Sections[1].Minimum = 1, 2
	twin := func(id, of int64, sign string) newsletter.Candidate {
		c := article(id, "actualites", 3)
		c.Leader, c.Sign = of, sign
		return c
	}
	old := article(4, "guides", 30)
	old.Arrived = old.Published
	hidden := article(7, "actualites", 2)
	hidden.Hidden = true
	all := []newsletter.Candidate{
		article(1, "actualites", 1), article(2, "actualites", 2), article(3, "guides", 1), old,
		twin(5, 1, "title"), twin(6, 1, "text"), hidden, twin(8, 7, "address"), twin(9, 7, "hand"),
	}
	pin(&all[7])
	want := map[int64]newsletter.Measure{
		1: {Quota: 1}, 2: {Quota: 1}, 3: {Takes: 2, Had: 1}, 4: {Horizon: 20 * day},
		5: {By: "title"}, 6: {By: "text"}, // of 9 and 8 both are known to be the same as 7
	}
	if diff := cmp.Diff(want, measured(digest.Choose(n, all, monday(), began(40*day)))); diff != "" {
		t.Error(diff)
	}

	all[4].Stance, all[4].Stood = newsletter.StancePinned, 9 // so that who leads is the same as it
	n.Minimum, n.Sections[0].Quota = 4, 2
	want = map[int64]newsletter.Measure{
		1: {By: "title"}, 2: {Quota: 2}, 3: {Takes: 2, Had: 1}, 4: {Horizon: 20 * day},
		5: {Takes: 4, Had: 2, Whole: true}, 8: {Takes: 4, Had: 2, Whole: true},
	}
	if diff := cmp.Diff(want, measured(digest.Choose(n, all, monday(), began(40*day)))); diff != "" {
		t.Error(diff)
	}
}

// What is of a section of another newsletter only is not among what is listed.
func TestPreview_countsRowsThatAreListed(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "cuisine", 1))
	m.inbox = []newsletter.Article{
		{URL: "https://example.org/new", Title: "Neuf", Section: "guides"}, {URL: "https://example.org/new", Title: "Neuf", Section: "guides"},
		{URL: "https://example.org/1", Title: "Corrigé", Section: "guides"},
		{URL: "https://example.org/2", Title: "Ailleurs", Section: "cuisine"}, {URL: "https://example.org/other", Title: "Ailleurs", Section: "cuisine"},
	}
	if p, err := desk(m).Preview(t.Context(), weekly(), time.Time{}); err != nil || p.Waiting != 3 {
		t.Errorf("%d rows are among %v, %v; want 3", p.Waiting, verdicts(p.Verdicts), err)
	}
}

// A row of the inbox moves nothing that an editor gave its section, and its date makes no back catalogue of what was fresh.
func TestPreview_ofARowThatSaysOtherwise(t *testing.T) {
	m := newMemory(at(monday()), article(1, "guides", 1))
	m.inbox = []newsletter.Article{{URL: "https://example.org/1", Title: "Titre 1", Section: "actualites", Published: monday().Add(-15 * day)}}
	a := m.articles[1]
	a.Filed, a.Sourced = true, "actualites"
	m.put(a)
	p, err := desk(m).Preview(t.Context(), weekly(), time.Time{})
	if err != nil || len(p.Verdicts) != 1 || p.Verdicts[0].Rule != newsletter.RuleNew || p.Verdicts[0].Place != "guides" {
		t.Errorf("%+v, %v", p.Verdicts, err)
	}
}

func TestPreview_saysOfWhichSectionsThereIsTooLittle(t *testing.T) {
	n := weekly()
	n.Minimum, n.Sections[1].Minimum = 3, 2
	m := newMemory(at(monday()), article(1, "guides", 0.5), article(2, "actualites", 1), article(3, "actualites", 2))
	want := "too little is new: 2 articles, and an edition needs at least 3; 1 article in guides, which needs at least 2"
	if p, err := desk(m).Preview(t.Context(), n, time.Time{}); err != nil || p.Reason != want {
		t.Errorf("%q, want %q, %v", p.Reason, want, err)
	}
}

// Whatever takes the lead away from an article that was chosen for it says so.
func TestTake_tellsWhatLeadsNoMore(t *testing.T) {
	for name, row := range map[string]struct {
		stance   newsletter.Stance
		articles []int64
		want     int64
	}{
		"it is pinned":                     {newsletter.StancePinned, []int64{3, 1}, 1},
		"it is excluded":                   {newsletter.StanceExcluded, []int64{1}, 1},
		"another of its story is pinned":   {newsletter.StancePinned, []int64{2}, 1},
		"another of its story is excluded": {newsletter.StanceExcluded, []int64{2}, 1},
		"another is pinned":                {newsletter.StancePinned, []int64{3}, 0},
		"it is to lead again":              {newsletter.StanceLead, []int64{1}, 0},
	} {
		twin := article(2, "actualites", 2)
		twin.Leader = 1
		m := newMemory(at(monday()), article(1, "actualites", 1), twin, article(3, "guides", 1))
		m.stances[1], m.turns = newsletter.StanceLead, []int64{1}
		if taken, err := desk(m).Take(t.Context(), weekly(), row.stance, row.articles); err != nil || taken.Led != row.want {
			t.Errorf("%s: %d leads no more, want %d, %v", name, taken.Led, row.want, err)
		}
	}
}

// Articles are many: an editor who keeps one out, where none is to lead, waits for them to be judged once.
func TestTake_judgesNoMoreThanItNeeds(t *testing.T) {
	for stance, want := range map[newsletter.Stance]int{newsletter.StanceExcluded: 1, newsletter.StancePinned: 2} {
		m := newMemory(at(monday()), article(1, "actualites", 1))
		if _, err := desk(m).Take(t.Context(), weekly(), stance, []int64{1}); err != nil || m.reads != want {
			t.Errorf("%s: the articles were read %d times, want %d, %v", stance, m.reads, want, err)
		}
	}
}
