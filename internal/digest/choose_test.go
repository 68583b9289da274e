package digest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

const day = 24 * time.Hour

// monday is the instant most tests judge at.
func monday() time.Time { return time.Date(2026, 10, 26, 6, 0, 0, 0, time.UTC) }

// weekly is a newsletter with an offset on its wall clock, two sections and a shorter first horizon.
func weekly() newsletter.Newsletter {
	return newsletter.Newsletter{
		Name: "hebdo", Title: "La lettre", Language: "fr", Zone: time.FixedZone("CET", 3600),
		Late: newsletter.LateSend, LateWindow: 6 * time.Hour,
		Horizon: 20 * day, FirstHorizon: 8 * day, Minimum: 1,
		Sections: []newsletter.Section{
			{Name: "actualites", Title: "Actualités", Quota: 3},
			{Name: "guides", Title: "Guides", Quota: 2},
		},
		Sender: newsletter.Sender{Contact: "contact@example.org"},
	}
}

// article is a candidate that arrived when it was published, days before monday.
func article(id int64, section string, days float64) newsletter.Candidate {
	at := monday().Add(-time.Duration(days * float64(day)))
	return newsletter.Candidate{
		Article: id, URL: fmt.Sprintf("https://example.org/%d", id), Title: fmt.Sprintf("Titre %d", id),
		Section: section, Published: at, Arrived: at,
	}
}

func TestChoose_rules(t *testing.T) {
	earlier := began(7 * day)
	skipped := digest.Beginning{Slot: monday().Add(-7 * day)}
	old := func(c *newsletter.Candidate, d time.Duration, arrived time.Time) { age(c, d); c.Arrived = arrived }
	undated := func(c *newsletter.Candidate) {
		c.Arrived, c.Published, c.Asked = monday().Add(-day), time.Time{}, monday().Add(-day)
	}
	const back newsletter.Rule = "too-old, of the back catalogue"
	tests := []struct {
		name  string
		edit  func(*newsletter.Candidate)
		begun digest.Beginning
		want  newsletter.Rule
	}{
		{"new", func(*newsletter.Candidate) {}, earlier, newsletter.RuleNew},
		{"new in the first edition", func(*newsletter.Candidate) {}, digest.Beginning{}, newsletter.RuleNew},
		{"dated at the very instant", func(c *newsletter.Candidate) { c.Published = monday() }, earlier, newsletter.RuleNew},
		{"no section is the first", func(c *newsletter.Candidate) { c.Section = "" }, earlier, newsletter.RuleNew},
		{"section in another spelling", func(c *newsletter.Candidate) { c.Section = "ACTUALITÉS" }, earlier, newsletter.RuleNew},

		{"carried", func(c *newsletter.Candidate) { c.CarriedBy = 4 }, earlier, newsletter.RuleCarried},
		{"hidden", func(c *newsletter.Candidate) { c.Hidden = true }, earlier, newsletter.RuleHidden},
		{"future by publication", func(c *newsletter.Candidate) { c.Published = monday().Add(1) }, earlier, newsletter.RuleFuture},
		{"future by arrival", func(c *newsletter.Candidate) { c.Published, c.Arrived = time.Time{}, monday().Add(1) }, earlier, newsletter.RuleFuture},

		{"at the horizon", func(c *newsletter.Candidate) { age(c, 20*day); c.Arrived = monday() }, earlier, newsletter.RuleNew},
		{"beyond the horizon", func(c *newsletter.Candidate) { age(c, 20*day+1); c.Arrived = monday() }, earlier, newsletter.RuleTooOld},
		{"old arrival without a date", func(c *newsletter.Candidate) { c.Published, c.Arrived = time.Time{}, monday().Add(-21*day) }, earlier, newsletter.RuleTooOld},
		{"late arrival with an old date", func(c *newsletter.Candidate) { age(c, 19*day); c.Arrived = monday().Add(-time.Hour) }, earlier, newsletter.RuleNew},
		{"at the first horizon", func(c *newsletter.Candidate) { old(c, 8*day, monday()) }, digest.Beginning{}, newsletter.RuleNew},
		{"beyond the first horizon", func(c *newsletter.Candidate) { old(c, 8*day+1, monday()) }, digest.Beginning{}, back},
		{"fresh when it arrived", func(c *newsletter.Candidate) { old(c, 19*day, monday().Add(-11*day)) }, digest.Beginning{}, newsletter.RuleNew},
		{"old when it arrived", func(c *newsletter.Candidate) { old(c, 19*day, monday().Add(-11*day+1)) }, digest.Beginning{}, back},
		{"fresh at a slot that was skipped", func(c *newsletter.Candidate) { old(c, 15*day, monday().Add(-7*day)) }, skipped, newsletter.RuleNew},
		{"fresh at a slot that was missed", func(c *newsletter.Candidate) { old(c, 15*day, monday()) }, skipped, newsletter.RuleNew},
		{"old at a slot that was missed", func(c *newsletter.Candidate) { old(c, 15*day+1, monday()) }, skipped, back},
		{"fresh at a slot before edition n° 1", func(c *newsletter.Candidate) { old(c, 19*day, monday().Add(-11*day+1)) },
			digest.Beginning{Slot: monday().Add(-12 * day), Edition: monday().Add(-7 * day)}, newsletter.RuleNew},
		{"back catalogue of the first edition", func(c *newsletter.Candidate) { old(c, 15*day+1, earlier.Edition) }, earlier, back},
		{"fresh when it came, and dated as old since", func(c *newsletter.Candidate) { old(c, 15*day+1, earlier.Edition); c.Came = earlier.Edition.Add(-day) }, earlier, newsletter.RuleNew},
		{"old when it came, and dated older since", func(c *newsletter.Candidate) { old(c, 18*day, earlier.Edition); c.Came = monday().Add(-15*day - 1) }, earlier, back},
		{"old when it came, and dated later since", func(c *newsletter.Candidate) { old(c, 8*day, earlier.Edition); c.Came = monday().Add(-18 * day) }, earlier, newsletter.RuleNew},
		{"of a later source, and dated as old since", func(c *newsletter.Candidate) {
			old(c, 19*day, monday())
			c.Asked, c.Came = monday(), monday().Add(-time.Hour)
		}, earlier, newsletter.RuleNew},
		{"of a later source, without a date", func(c *newsletter.Candidate) { undated(c) }, earlier, back},
		{"of a later source, without a date, and dated as fresh since", func(c *newsletter.Candidate) {
			undated(c)
			c.Came, c.Published = c.Arrived, monday().Add(-3*day)
		}, earlier, newsletter.RuleNew},
		{"of a later source, without a date, and dated as old since", func(c *newsletter.Candidate) {
			undated(c)
			c.Came, c.Published = c.Arrived, monday().Add(-10*day)
		}, earlier, back},
		{"of a later source, without a date, that another one dates as old", func(c *newsletter.Candidate) { undated(c); c.Came = monday().Add(-20 * day) }, earlier, back},
		{"of a later source, whose date went", func(c *newsletter.Candidate) { undated(c); c.Came = monday().Add(-3 * day) }, earlier, newsletter.RuleNew},
		{"of a later source, after its first collection, without a date", func(c *newsletter.Candidate) { undated(c); c.Asked = time.Time{} }, earlier, newsletter.RuleNew},
		{"of a source that was there, without a date", func(c *newsletter.Candidate) { undated(c) }, digest.Beginning{}, newsletter.RuleNew},
		{"of a later source, without a date, pinned", func(c *newsletter.Candidate) { undated(c); pin(c) }, earlier, newsletter.RulePinned},
		{"of a later source, without a date, carried and updated", func(c *newsletter.Candidate) { undated(c); update(c, monday()) }, earlier, newsletter.RuleUpdated},
		{"as old, and arrived after it", func(c *newsletter.Candidate) { old(c, 15*day+1, earlier.Edition.Add(1)) }, earlier, newsletter.RuleNew},
		{"of the back catalogue of a later source", func(c *newsletter.Candidate) { old(c, 10*day+1, monday()); c.Asked = monday().Add(-2 * day) }, earlier, back},
		{"fresh when a later source was first asked", func(c *newsletter.Candidate) { old(c, 10*day, monday()); c.Asked = monday().Add(-2 * day) }, earlier, newsletter.RuleNew},
		{"pinned of a back catalogue", func(c *newsletter.Candidate) { old(c, 19*day, monday()); c.Asked = monday(); pin(c) }, earlier, newsletter.RulePinned},
		{"of a source, fresh at a slot before edition n° 1", func(c *newsletter.Candidate) { old(c, 15*day, monday()); c.Asked = monday() }, skipped, newsletter.RuleNew},
		{"fresh at the first edition", func(c *newsletter.Candidate) { old(c, 15*day, earlier.Edition) }, earlier, newsletter.RuleNew},

		{"carried and updated", func(c *newsletter.Candidate) { update(c, monday()) }, earlier, newsletter.RuleUpdated},
		{"updated long after its date", func(c *newsletter.Candidate) { age(c, 400*day); update(c, monday()) }, earlier, newsletter.RuleUpdated},
		{"updated and pinned", func(c *newsletter.Candidate) { pin(c); update(c, monday()) }, earlier, newsletter.RuleUpdated},
		{"updated and dated in the future", func(c *newsletter.Candidate) { c.Published = monday().Add(day); update(c, monday()) }, earlier, newsletter.RuleFuture},
		{"updated and hidden", func(c *newsletter.Candidate) { c.Hidden = true; update(c, monday()) }, earlier, newsletter.RuleHidden},
		{"updated and excluded", func(c *newsletter.Candidate) { c.Stance = newsletter.StanceExcluded; update(c, monday()) }, earlier, newsletter.RuleExcluded},
		{"excluded", func(c *newsletter.Candidate) { c.Stance = newsletter.StanceExcluded }, earlier, newsletter.RuleExcluded},
		{"pinned", pin, earlier, newsletter.RulePinned},
		{"pinned beyond the horizon", func(c *newsletter.Candidate) { pin(c); age(c, 400*day) }, earlier, newsletter.RulePinned},
		{"pinned of the back catalogue", func(c *newsletter.Candidate) { pin(c); age(c, 15*day+1); c.Arrived = earlier.Edition }, earlier, newsletter.RulePinned},
		{"pinned before its date", func(c *newsletter.Candidate) { pin(c); c.Published = monday().Add(1) }, earlier, newsletter.RuleFuture},
		{"pinned and hidden", func(c *newsletter.Candidate) { pin(c); c.Hidden = true }, earlier, newsletter.RuleHidden},
		{"pinned and carried", func(c *newsletter.Candidate) { pin(c); c.CarriedBy = 4 }, earlier, newsletter.RuleCarried},
		{"hidden before excluded", func(c *newsletter.Candidate) { c.Hidden, c.Stance = true, newsletter.StanceExcluded }, earlier, newsletter.RuleHidden},
		{"excluded before future", func(c *newsletter.Candidate) {
			c.Published, c.Stance = monday().Add(day), newsletter.StanceExcluded
		}, earlier, newsletter.RuleExcluded},

		{"brought by a sister", bySister, earlier, newsletter.RuleCarried},
		{"brought by a sister and pinned", func(c *newsletter.Candidate) { bySister(c); pin(c) }, earlier, newsletter.RuleCarried},
		{"brought by a sister and here before", func(c *newsletter.Candidate) { bySister(c); c.CarriedBy = 4 }, earlier, newsletter.RuleCarried},
		{"carried before hidden", func(c *newsletter.Candidate) { c.CarriedBy, c.Hidden = 4, true }, earlier, newsletter.RuleCarried},
		{"hidden before future", func(c *newsletter.Candidate) { c.Hidden, c.Published = true, monday().Add(day) }, earlier, newsletter.RuleHidden},
		{"hidden before too old", func(c *newsletter.Candidate) { c.Hidden = true; age(c, 40*day) }, earlier, newsletter.RuleHidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := article(1, "actualites", 1)
			tt.edit(&c)
			choice := digest.Choose(weekly(), []newsletter.Candidate{c}, monday(), tt.begun)
			want := newsletter.Verdict{Candidate: c, Rule: tt.want, Place: "actualites"}
			switch tt.want {
			case back:
				want.Rule, want.Back, want.Horizon = newsletter.RuleTooOld, true, 8*day
			case newsletter.RuleTooOld:
				want.Horizon = 20 * day
			}
			if tt.want == newsletter.RuleCarried || tt.want == newsletter.RuleUpdated {
				want.Edition = c.CarriedBy
			}
			if tt.want.In() {
				want.Position, want.Lead = 1, newsletter.LeadOrder
			}
			if diff := cmp.Diff([]newsletter.Verdict{want}, choice.Verdicts); diff != "" {
				t.Error(diff)
			}
			if choice.Empty() == tt.want.In() {
				t.Errorf("lead %v under %s", choice.Lead, tt.want)
			}
		})
	}
}

func update(c *newsletter.Candidate, at time.Time) { c.CarriedBy, c.Fresh, c.Changed = 4, 40, at }

func bySister(c *newsletter.Candidate) {
	c.Sister = newsletter.EditionRef{Newsletter: "quotidien", Number: 9}
}

func pin(c *newsletter.Candidate) { c.Stance = newsletter.StancePinned }

// began is a newsletter's beginning some time ago, with an edition.
func began(ago time.Duration) digest.Beginning {
	return digest.Beginning{Slot: monday().Add(-ago), Edition: monday().Add(-ago)}
}

func age(c *newsletter.Candidate, d time.Duration) { c.Published = monday().Add(-d) }

func TestChoose_arranges(t *testing.T) {
	late := article(7, "actualites", 3)
	late.Arrived = monday()
	candidates := []newsletter.Candidate{
		article(1, "guides", 2), article(2, "actualites", 3), article(3, "actualites", 1), article(4, "sport", 1),
		article(5, "guides", 2), article(6, "guides", 1), late, article(8, "actualites", 5),
	}
	choice := digest.Choose(weekly(), candidates, monday(), began(30*day))

	got := map[string][]int64{"lead": {choice.Lead.Article}}
	for _, s := range choice.Sections {
		for _, c := range s.Candidates {
			got[s.Section.Title] = append(got[s.Section.Title], c.Article)
		}
	}
	want := map[string][]int64{"lead": {3}, "Actualités": {7, 2}, "Guides": {6, 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var verdicts []string
	for _, v := range choice.Verdicts {
		verdicts = append(verdicts, fmt.Sprintf("%d %s %d", v.Article, v.Rule, v.Position))
	}
	wantVerdicts := []string{"3 new 1", "7 new 2", "2 new 3", "6 new 4", "1 new 5", "5 waiting 0", "8 waiting 0"}
	if diff := cmp.Diff(wantVerdicts, verdicts); diff != "" {
		t.Error(diff)
	}
}

// What is pinned comes first, in its order, takes its part of the quota, and is in whatever that is.
func TestChoose_pinned(t *testing.T) {
	n := weekly()
	pinned := func(id int64, stood int64, days float64) newsletter.Candidate {
		c := article(id, "guides", days)
		c.Stance, c.Stood = newsletter.StancePinned, stood
		return c
	}
	for _, tt := range []struct {
		name       string
		candidates []newsletter.Candidate
		want       []string
	}{
		{"within the quota", []newsletter.Candidate{article(1, "guides", 1), article(2, "guides", 2), pinned(3, 1, 300)},
			[]string{"3 pinned 1", "1 new 2", "2 waiting 0"}},
		{"beyond it", []newsletter.Candidate{article(1, "guides", 1), pinned(2, 9, 1), pinned(3, 8, 2), pinned(4, 7, 3)},
			[]string{"4 pinned 1", "3 pinned 2", "2 pinned 3", "1 waiting 0"}},
	} {
		var got []string
		for _, v := range digest.Choose(n, tt.candidates, monday(), began(30*day)).Verdicts {
			got = append(got, fmt.Sprintf("%d %s %d", v.Article, v.Rule, v.Position))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	n.Minimum = 2
	one := digest.Choose(n, []newsletter.Candidate{pinned(1, 1, 1)}, monday(), digest.Beginning{})
	if !one.Empty() || one.Verdicts[0].Rule != newsletter.RuleBelowMinimum {
		t.Errorf("one that is pinned makes an edition of two: %+v", one.Verdicts)
	}
}

func TestChoose_leadOfTheFirstSectionThatHasAny(t *testing.T) {
	choice := digest.Choose(weekly(), []newsletter.Candidate{article(1, "guides", 2)}, monday(), digest.Beginning{})
	if choice.Lead == nil || choice.Lead.Article != 1 || len(choice.Sections) != 0 {
		t.Errorf("lead %v, sections %v: the lead is not to be repeated", choice.Lead, choice.Sections)
	}
}

func TestChoose_minimum(t *testing.T) {
	n := weekly()
	n.Minimum = 3
	n.Sections[0].Quota = 1
	candidates := []newsletter.Candidate{article(1, "actualites", 1), article(2, "actualites", 2), article(3, "guides", 1)}
	choice := digest.Choose(n, candidates, monday(), digest.Beginning{})
	if !choice.Empty() || len(choice.Sections) != 0 {
		t.Fatalf("two of three make an edition: %+v", choice)
	}
	rules := map[int64]newsletter.Rule{}
	for _, v := range choice.Verdicts {
		rules[v.Article] = v.Rule
	}
	want := map[int64]newsletter.Rule{1: newsletter.RuleBelowMinimum, 2: newsletter.RuleWaiting, 3: newsletter.RuleBelowMinimum}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Error(diff)
	}
	n.Minimum = 2
	if digest.Choose(n, candidates, monday(), digest.Beginning{}).Empty() {
		t.Error("two do not reach a minimum of two")
	}
	n.Minimum = 0
	if !digest.Choose(n, nil, monday(), digest.Beginning{}).Empty() {
		t.Error("an edition of nothing")
	}
}

// The lead is chosen by the newsletter's rule, or by hand; a brief section leads where there is no other.
func TestChoose_lead(t *testing.T) {
	n := weekly()
	n.Sections = append(n.Sections, newsletter.Section{Name: "breves", Title: "En bref", Quota: 3, Brief: true})
	news, older, guide, brief, waiting := article(1, "actualites", 3), article(2, "actualites", 4), article(3, "guides", 2), article(4, "breves", 1), article(5, "actualites", 9)
	older.Pictured, guide.Pictured, brief.Pictured = true, true, true
	back := article(6, "actualites", 30)
	back.CarriedBy, back.Fresh, back.Changed, back.Pictured = 1, 40, monday(), true
	briefBack := back
	briefBack.Section = "breves"
	byHand := guide
	byHand.Stance = newsletter.StanceLead
	all := []newsletter.Candidate{news, older, guide, brief, waiting}
	n.Sections[0].Quota = 2
	for _, tt := range []struct {
		name       string
		rule       newsletter.LeadRule
		candidates []newsletter.Candidate
		want       int64
		by         newsletter.LeadRule
	}{
		{"the first", newsletter.LeadOrder, all, 1, newsletter.LeadOrder},
		{"no rule", "", all, 1, newsletter.LeadOrder},
		{"the newest", newsletter.LeadNewest, all, 3, newsletter.LeadNewest},
		{"the first with a picture", newsletter.LeadPicture, all, 2, newsletter.LeadPicture},
		{"none has a picture", newsletter.LeadPicture, []newsletter.Candidate{news, brief}, 1, newsletter.LeadOrder},
		{"only brief ones", newsletter.LeadNewest, []newsletter.Candidate{brief}, 4, newsletter.LeadNewest},
		{"one that comes back", newsletter.LeadNewest, []newsletter.Candidate{back, news, brief}, 1, newsletter.LeadNewest},
		{"only such", newsletter.LeadPicture, []newsletter.Candidate{back, brief}, 6, newsletter.LeadOrder},
		{"only brief ones, one comes back", newsletter.LeadOrder, []newsletter.Candidate{briefBack, brief}, 4, newsletter.LeadOrder},
		{"by hand", newsletter.LeadPicture, []newsletter.Candidate{news, older, byHand, brief}, 3, newsletter.LeadByHand},
	} {
		n.Lead = tt.rule
		choice := digest.Choose(n, tt.candidates, monday(), digest.Beginning{})
		if choice.Lead == nil || choice.Lead.Article != tt.want || choice.LeadBy != tt.by {
			t.Errorf("%s: %+v leads by %q, want %d by %q", tt.name, choice.Lead, choice.LeadBy, tt.want, tt.by)
			continue
		}
		for i, v := range choice.Verdicts {
			if first := i == 0; first != (v.Lead != "") || first && (v.Article != tt.want || v.Position != 1 || v.Lead != tt.by) || v.Rule.In() && v.Position != i+1 {
				t.Errorf("%s: verdict %d is %+v", tt.name, i, v)
			}
		}
		told := 1
		for _, s := range choice.Sections {
			told += len(s.Candidates)
			if slices.ContainsFunc(s.Candidates, func(c newsletter.Candidate) bool { return c.Article == tt.want }) {
				t.Errorf("%s: the lead stands in %s again", tt.name, s.Section.Title)
			}
		}
		if want := min(len(tt.candidates), 4); told != want {
			t.Errorf("%s: %d stories, want %d", tt.name, told, want)
		}
	}
}

// A section with too few articles is left out, and they wait; one that is pinned is in whatever its section has.
func TestChoose_minimumOfASection(t *testing.T) {
	n := weekly()
	n.Sections[1].Minimum = 2
	rules := func(candidates ...newsletter.Candidate) map[int64]newsletter.Rule {
		got := map[int64]newsletter.Rule{}
		for _, v := range digest.Choose(n, candidates, monday(), digest.Beginning{}).Verdicts {
			got[v.Article] = v.Rule
		}
		return got
	}
	news, guide, other, pinned := article(1, "actualites", 1), article(2, "guides", 1), article(3, "guides", 2), article(4, "guides", 1)
	pin(&pinned)
	for _, tt := range []struct {
		candidates []newsletter.Candidate
		want       map[int64]newsletter.Rule
	}{
		{[]newsletter.Candidate{news, guide}, map[int64]newsletter.Rule{1: newsletter.RuleNew, 2: newsletter.RuleBelowMinimum}},
		{[]newsletter.Candidate{news, guide, other}, map[int64]newsletter.Rule{1: newsletter.RuleNew, 2: newsletter.RuleNew, 3: newsletter.RuleNew}},
		{[]newsletter.Candidate{news, pinned}, map[int64]newsletter.Rule{1: newsletter.RuleNew, 4: newsletter.RulePinned}},
		{[]newsletter.Candidate{guide}, map[int64]newsletter.Rule{2: newsletter.RuleBelowMinimum}},
	} {
		if diff := cmp.Diff(tt.want, rules(tt.candidates...)); diff != "" {
			t.Error(diff)
		}
	}
	n.Minimum = 2 // what its section is too small for counts for no edition
	if got := rules(news, guide); got[1] != newsletter.RuleBelowMinimum {
		t.Errorf("one article makes an edition of two: %v", got)
	}
}

func TestChoose_rowsOfTheInboxComeLastAmongEquals(t *testing.T) {
	n := weekly()
	stored, row := article(9, "guides", 0), article(newsletter.RowWaiting(0), "guides", 0)
	choice := digest.Choose(n, []newsletter.Candidate{row, stored}, monday(), digest.Beginning{})
	if choice.Lead.Article != 9 {
		t.Errorf("lead is %d", choice.Lead.Article)
	}
}

// A year of slots over random articles: every candidate has one verdict, quotas hold, nothing is carried twice, and
// what had its place is not lost.
func TestChoose_properties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := weekly()
		n.Minimum = rapid.IntRange(0, 4).Draw(t, "minimum")
		n.Lead = rapid.SampledFrom([]newsletter.LeadRule{newsletter.LeadOrder, newsletter.LeadNewest, newsletter.LeadPicture}).Draw(t, "lead")
		n.Sections[1].Minimum = rapid.IntRange(0, 2).Draw(t, "minimum of guides")
		var all []newsletter.Candidate
		for i := range rapid.IntRange(0, 60).Draw(t, "articles") {
			c := article(int64(i+1), rapid.SampledFrom([]string{"actualites", "guides", "", "sport"}).Draw(t, "section"), 0)
			c.Arrived = monday().Add(time.Duration(rapid.IntRange(-30*24, 60*24).Draw(t, "arrived")) * time.Hour)
			c.Published = c.Arrived.Add(time.Duration(rapid.IntRange(-40*24, 5*24).Draw(t, "published")) * time.Hour)
			if rapid.Bool().Draw(t, "undated") {
				c.Published = time.Time{}
			}
			c.Hidden = rapid.IntRange(0, 9).Draw(t, "hidden") == 0
			c.Stood = int64(i)
			c.Stance = rapid.SampledFrom([]newsletter.Stance{"", "", "", newsletter.StancePinned, newsletter.StanceExcluded}).Draw(t, "stance")
			all = append(all, c)
		}
		var begun digest.Beginning
		number := 0
		for at := monday(); at.Before(monday().Add(70 * day)); at = at.Add(7 * day) {
			var there []newsletter.Candidate
			for _, c := range all {
				if !c.Arrived.After(at) {
					there = append(there, c)
				}
			}
			choice := digest.Choose(n, there, at, begun)
			checkChoice(t, n, there, choice, at, begun)
			if begun.Slot.IsZero() {
				begun.Slot = at
			}
			if choice.Empty() {
				continue
			}
			if number++; number == 1 {
				begun.Edition = at
			}
			for _, v := range choice.Verdicts {
				if !v.Rule.In() {
					continue
				}
				c := &all[v.Article-1]
				c.CarriedBy, c.Fresh, c.Stance = number, 0, ""
				if rapid.IntRange(0, 3).Draw(t, "updated") == 0 {
					c.Fresh, c.Changed = 40, at.Add(time.Duration(rapid.IntRange(0, 20*24).Draw(t, "changed"))*time.Hour)
				}
			}
		}
	})
}

func checkChoice(t *rapid.T, n newsletter.Newsletter, there []newsletter.Candidate, choice digest.Choice, at time.Time, begun digest.Beginning) {
	verdicts := map[int64]newsletter.Verdict{}
	var positions []int
	for _, v := range choice.Verdicts {
		if _, twice := verdicts[v.Article]; twice {
			t.Fatalf("article %d has two verdicts", v.Article)
		}
		verdicts[v.Article] = v
		if v.Rule.In() {
			positions = append(positions, v.Position)
		}
	}
	for i, p := range positions {
		if p != i+1 {
			t.Fatalf("positions %v", positions)
		}
	}
	carried, fit, pinned := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range there {
		s, listed := n.Section(c.Section)
		v, judged := verdicts[c.Article]
		if listed != judged {
			t.Fatalf("article %d of section %q: judged %v", c.Article, c.Section, judged)
		}
		if v.Rule.In() {
			carried[s.Name]++
			if c.CarriedBy > 0 && v.Rule != newsletter.RuleUpdated {
				t.Fatalf("article %d is carried twice", c.Article)
			}
		}
		if listed && within(n, c, at, begun) {
			fit[s.Name]++
			if c.Stance == newsletter.StancePinned {
				pinned[s.Name]++
			}
			if slices.Contains([]newsletter.Rule{newsletter.RuleTooOld, newsletter.RuleCarried, newsletter.RuleFuture, newsletter.RuleHidden, newsletter.RuleExcluded}, v.Rule) {
				t.Fatalf("article %d is fit and got %s", c.Article, v.Rule)
			}
		}
	}
	total, places := 0, map[string]int{}
	for _, s := range n.Sections {
		if fit[s.Name] >= s.Minimum || pinned[s.Name] > 0 {
			places[s.Name] = min(fit[s.Name], max(s.Quota, pinned[s.Name]))
		}
		total += places[s.Name]
	}
	if total < n.Minimum {
		total = 0
	}
	for _, s := range n.Sections {
		if want := places[s.Name]; total > 0 && carried[s.Name] != want {
			t.Fatalf("section %s carries %d of %d fit, quota %d", s.Name, carried[s.Name], fit[s.Name], s.Quota)
		}
	}
	if len(positions) != total {
		t.Fatalf("%d carried, want %d", len(positions), total)
	}
}

// within says in the plainest words what is offered: not carried, or updated since, not hidden, not excluded, dated by now, and pinned or no older than the
// horizon, nor part of the back catalogue: old already when it arrived and at the first slot, and there before edition n° 1.
func within(n newsletter.Newsletter, c newsletter.Candidate, at time.Time, begun digest.Beginning) bool {
	dated := c.Arrived
	if !c.Published.IsZero() {
		dated = c.Published
	}
	if c.Fresh > 0 && c.Changed.After(dated) {
		dated = c.Changed
	}
	if c.CarriedBy > 0 && c.Fresh == 0 || c.Hidden || c.Stance == newsletter.StanceExcluded || dated.After(at) {
		return false
	}
	if c.Stance == newsletter.StancePinned || at.Sub(dated) > n.Horizon {
		return c.Stance == newsletter.StancePinned
	}
	first := begun.Slot
	if first.IsZero() {
		first = at
	}
	return !begun.Edition.IsZero() && c.Arrived.After(begun.Edition) || c.Arrived.Sub(dated) <= n.FirstHorizon || first.Sub(dated) <= n.FirstHorizon
}

func BenchmarkChoose(b *testing.B) {
	n := weekly()
	n.Horizon = 0
	candidates := make([]newsletter.Candidate, 100_000)
	for i := range candidates {
		candidates[i] = article(int64(i+1), []string{"actualites", "guides"}[i%2], float64(i*7919%100_000)/50)
		candidates[i].CarriedBy = i % 3
	}
	for b.Loop() {
		digest.Choose(n, candidates, monday(), began(30*day))
	}
}
