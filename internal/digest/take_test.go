package digest_test

import (
	"cmp"
	"errors"
	"testing"
	"time"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// What can never leave is not taken in vain, and then nothing is.
func TestTake_unfit(t *testing.T) {
	twin := func(id, of int64) newsletter.Candidate {
		c := article(id, "actualites", 1)
		c.Leader = of
		return c
	}
	hidden := article(2, "actualites", 1)
	hidden.Hidden = true
	m := newMemory(at(monday()), article(1, "actualites", 1), hidden, article(3, "cuisine", 1), article(4, "actualites", 1), twin(5, 4), article(6, "actualites", 1), twin(7, 6))
	m.carried[4] = 3
	for _, row := range []struct {
		article int64
		want    *digest.Unfit
	}{
		{1, nil},
		{2, &digest.Unfit{Verdict: newsletter.Verdict{Rule: newsletter.RuleHidden}}},
		{3, &digest.Unfit{}},
		{4, &digest.Unfit{Verdict: newsletter.Verdict{Rule: newsletter.RuleCarried}}},
		{5, &digest.Unfit{Verdict: newsletter.Verdict{Rule: newsletter.RuleDuplicate, Original: 4}, By: newsletter.EditionRef{Newsletter: "hebdo", Number: 3}}},
		{7, nil},
	} {
		_, err := desk(m).Take(t.Context(), weekly(), newsletter.StancePinned, []int64{6, row.article})
		got, unfit := errors.AsType[digest.Unfit](err)
		if row.want == nil {
			if err != nil || m.stances[6] == "" || m.stances[row.article] == "" {
				t.Errorf("article %d: %v, stances %v", row.article, err, m.stances)
			}
			clear(m.stances)
			continue
		}
		if !unfit || got.Rule != row.want.Rule || got.Original != row.want.Original || got.By != row.want.By || got.Article != row.article || got.Comes || len(m.stances) > 0 {
			t.Errorf("article %d: %+v, want %+v; stances %v", row.article, cmp.Or(err, errDisk), *row.want, m.stances)
		}
	}
	if _, err := desk(m).Take(t.Context(), weekly(), newsletter.StanceExcluded, []int64{2, 4}); err != nil || len(m.stances) != 2 {
		t.Errorf("what never leaves may be kept out as well: %v", err)
	}
}

// One that is pinned is wanted in, whatever was pinned or excluded of its story before.
func TestTake_ofAStory(t *testing.T) {
	twin := article(2, "actualites", 1)
	twin.Leader = 1
	m := newMemory(at(monday()), article(1, "actualites", 1), twin)
	taken, err := desk(m).Take(t.Context(), weekly(), newsletter.StanceExcluded, []int64{2})
	if err != nil || len(taken.Verdicts) != 1 || taken.Verdicts[0].Rule != newsletter.RuleExcluded {
		t.Fatalf("%+v, %v", taken, err)
	}
	if r, err := desk(m).Publish(t.Context(), weekly()); err != nil || r.Published() {
		t.Errorf("the twin of what is excluded is published: %+v, %v", r.Choice.Verdicts, err)
	}
	if taken, err = desk(m).Take(t.Context(), weekly(), newsletter.StanceLead, []int64{1}); err != nil || taken.Verdicts[0].Lead != newsletter.LeadByHand {
		t.Errorf("%+v, %v", taken, err)
	}
	r, err := desk(m).Publish(t.Context(), weekly())
	if err != nil || !r.Published() || r.Edition.Content.Lead.Article != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Who says “this one” means this one: while it waits for its date no other of its story goes, and nothing of it is spent. Whatever ends that lets
// the story go.
func TestTake_waitsForItsDate(t *testing.T) {
	for name, row := range map[string]struct {
		meanwhile func(*testing.T, *memory, *time.Time)
		want      int64 // the article that goes then; 0: none
	}{
		"nothing happens":         {func(*testing.T, *memory, *time.Time) {}, 0},
		"its date comes":          {func(_ *testing.T, _ *memory, now *time.Time) { *now = now.Add(2 * day) }, 1},
		"it is dated earlier":     {func(_ *testing.T, m *memory, now *time.Time) { redate(m, 1, now.Add(-time.Minute)) }, 1},
		"it has no date any more": {func(_ *testing.T, m *memory, _ *time.Time) { redate(m, 1, time.Time{}) }, 1},
		"its unpinning": {func(t *testing.T, m *memory, _ *time.Time) {
			if _, err := desk(m).Drop(t.Context(), weekly(), newsletter.StanceLead, []int64{1}); err != nil {
				t.Error(err)
			}
		}, 2},
		"the other is pinned": {func(t *testing.T, m *memory, _ *time.Time) {
			if _, err := desk(m).Take(t.Context(), weekly(), newsletter.StancePinned, []int64{2}); err != nil {
				t.Error(err)
			}
		}, 2},
		"it is hidden": {func(_ *testing.T, m *memory, _ *time.Time) {
			a := m.articles[1]
			a.Hidden = true
			m.put(a)
		}, 2},
		"it is gone": {func(_ *testing.T, m *memory, _ *time.Time) { delete(m.articles, 1) }, 2},
		"it is excluded, and let in": {func(t *testing.T, m *memory, _ *time.Time) {
			for _, act := range []func(*digest.Desk) error{
				func(d *digest.Desk) error {
					_, err := d.Take(t.Context(), weekly(), newsletter.StanceExcluded, []int64{1})
					return err
				},
				func(d *digest.Desk) error {
					_, err := d.Drop(t.Context(), weekly(), newsletter.StanceExcluded, []int64{1})
					return err
				},
			} {
				if err := act(desk(m)); err != nil {
					t.Error(err)
				}
			}
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			now := monday()
			first, twin := article(1, "actualites", -1), article(2, "guides", 1)
			twin.Leader, first.Arrived = 1, twin.Arrived
			m := newMemory(func() time.Time { return now }, first, twin)
			taken, err := desk(m).Take(t.Context(), weekly(), newsletter.StanceLead, []int64{1})
			if err != nil || taken.Verdicts[0].Rule != newsletter.RuleFuture {
				t.Fatalf("%+v, %v", taken, err)
			}
			if r, err := desk(m).Publish(t.Context(), weekly()); err != nil || r.Published() || m.stances[1] != newsletter.StanceLead {
				t.Fatalf("%+v, %v, stances %v", r, err, m.stances)
			}
			row.meanwhile(t, m, &now)
			r, err := desk(m).Publish(t.Context(), weekly())
			if err != nil || r.Published() != (row.want > 0) || r.Published() && r.Edition.Content.Lead.Article != row.want {
				t.Errorf("%+v, %v, want article %d", r, err, row.want)
			}
		})
	}
}

func redate(m *memory, id int64, to time.Time) {
	a := m.articles[id]
	a.Published = to
	m.put(a)
}
