package digest_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// dueIn are slots to come of a newsletter, so many days after monday.
func dueIn(n newsletter.Newsletter, days ...int) (turns []digest.Turn) {
	for _, d := range days {
		at := monday().Add(time.Duration(d) * day)
		turns = append(turns, digest.Turn{Newsletter: n, Slot: newsletter.SlotAt(at.In(n.Zone)), Due: at})
	}
	return turns
}

// foreseeing is a desk that knows slots to come.
func foreseeing(m *memory, turns ...digest.Turn) *digest.Desk {
	d := desk(m)
	d.Turns = func(_ newsletter.Newsletter, after, before time.Time, most int) ([]digest.Turn, bool) {
		due := slices.DeleteFunc(slices.Clone(turns), func(t digest.Turn) bool { return !t.Due.After(after) || !t.Due.Before(before) })
		return due[:min(most, len(due))], len(due) > most
	}
	return d
}

func TestPreview_countsTheSlotsBefore(t *testing.T) {
	n := weekly()
	n.Sections[0].Quota, n.Sections[1].Quota = 1, 1
	m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "actualites", 2), article(3, "guides", 18.5))
	for id, title := range map[int64]string{1: "Le point", 2: "LE  POINT !"} {
		a := m.articles[id]
		a.Title = title
		m.put(a)
	}
	m.inbox = []newsletter.Article{{URL: "https://example.org/new", Title: "Neuf", Section: "guides"}}
	m.words[n.Name], m.sponsors[n.Name] = &newsletter.Word{Text: "Bonjour."}, &newsletter.Sponsor{Text: "Une annonce."}
	d := foreseeing(m, dueIn(n, 1, 2, 3, 40)...)
	for i, want := range []struct {
		verdicts []string
		number   int
		subject  string
	}{
		{[]string{"Le point new 0", "Neuf new 0", "LE  POINT ! waiting 0", "Titre 3 waiting 0"}, 1, "Le point"},
		{[]string{"LE  POINT ! new 0", "Titre 3 too-old 0", "Neuf carried-by 1", "Le point carried-by 1"}, 2, "LE  POINT\u00a0! (n°\u00a02)"},
		{[]string{"Titre 3 too-old 0", "Neuf carried-by 1", "Le point carried-by 1", "LE  POINT ! carried-by 2"}, 3, ""},
	} {
		p, err := d.Preview(t.Context(), n, monday().Add(time.Duration(i+1)*day))
		if err != nil {
			t.Fatal(err)
		}
		got := verdicts(p.Verdicts)
		slices.Sort(got)
		slices.Sort(want.verdicts)
		if diff := cmp.Diff(want.verdicts, got); diff != "" {
			t.Errorf("after %d slots: %s", i, diff)
		}
		if p.Number != want.number || p.Subject != want.subject || len(p.Before) != i || p.More || (p.Word == nil) != (i > 0) || (p.Sponsor == nil) != (i > 0) {
			t.Errorf("after %d slots: %d, %q, %+v, word %v, advertisement %v", i, p.Number, p.Subject, p.Before, p.Word, p.Sponsor)
		}
		if p.Reason != "" {
			continue
		}
		if c, _, err := d.Letter(t.Context(), n, p); err != nil || c.Subject != want.subject || c.Number != want.number || (c.Word == nil) != (i > 0) || (c.Sponsor == nil) != (i > 0) {
			t.Errorf("the letter after %d slots: %+v, %v", i, c, err)
		}
	}
	e, err := d.Why(t.Context(), n, newsletter.SlotAt(monday().Add(41*day)))
	if err != nil {
		t.Fatal(err)
	}
	var came []string
	for _, c := range e.Before {
		came = append(came, fmt.Sprintf("%s: %d with %d, %s", c.Slot, c.Number, c.Articles, c.Reason))
	}
	want := []string{"2026-10-27T07:00: 1 with 2, ", "2026-10-28T07:00: 2 with 1, ", "2026-10-29T07:00: 0 with 0, nothing is new then", "2026-12-05T07:00: 0 with 0, nothing is new then"}
	if diff := cmp.Diff(want, came); diff != "" {
		t.Error(diff)
	}
	if len(m.slots) > 0 || len(m.editions) > 0 || len(m.inbox) != 1 {
		t.Error("something was recorded")
	}
}

// Of a newsletter of every hour not all slots of a year are decided, and what is told of a time that is past or now decides none.
func TestPreview_endsAfterManySlots(t *testing.T) {
	m, n := newMemory(at(monday()), article(1, "actualites", 1)), weekly()
	days := make([]int, 101)
	for i := range days {
		days[i] = i + 1
	}
	d := foreseeing(m, dueIn(n, days...)...)
	for ahead, want := range map[int]struct {
		slots int
		more  bool
	}{-3: {0, false}, 0: {0, false}, 101: {100, false}, 102: {100, true}} {
		p, err := d.Preview(t.Context(), n, monday().Add(time.Duration(ahead)*day))
		if err != nil || len(p.Before) != want.slots || p.More != want.more {
			t.Errorf("%d days ahead %d slots are counted, more: %t, %v", ahead, len(p.Before), p.More, err)
		}
	}
}

// What the sister brings until then is hers: news and their updates, which the recall after that tells of no more.
func TestPreview_countsTheSistersSlots(t *testing.T) {
	now := monday()
	ofWeek, ofDay := shared(func() time.Time { return now }, article(1, "guides", 1), article(2, "actualites", 2), article(3, "actualites", 3))
	week, daily := sisters()
	daily.Sections[0].Quota, daily.Sections[1].Updated = 1, 20
	week.Sections[2].Quota, week.Sections[2].Updated = 3, 20
	rewrite := func(version int) {
		a := ofWeek.articles[1]
		a.Body = body(1, version)
		ofWeek.put(a)
		ofWeek.changed[1] = now
	}
	rewrite(1)
	if _, err := desk(ofDay).Publish(t.Context(), daily); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	rewrite(2)
	both := &family{memory: ofWeek, daily: ofDay}
	for days, want := range map[int][]string{
		1: {"1 recalled quotidien/1 true", "2 recalled quotidien/1 false", "3 new 0 false"},
		3: {"1 recalled quotidien/2 false", "2 recalled quotidien/1 false", "3 recalled quotidien/2 false"},
	} {
		d := foreseeing(ofWeek, dueIn(daily, 2)...)
		d.Store = both
		p, err := d.Preview(t.Context(), week, monday().Add(time.Duration(days)*day))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range p.Verdicts {
			got = append(got, fmt.Sprintf("%d %s %s %t", v.Article, v.Rule, v.Brought(week.Name), v.Fresh > 0))
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in %d days: %s", days, diff)
		}
	}
}

// family is the store of two sisters.
type family struct {
	*memory
	daily *memory
}

func (f *family) Candidates(ctx context.Context, name string, sisters ...string) ([]newsletter.Candidate, error) {
	if name == f.daily.name {
		return f.daily.Candidates(ctx, name, sisters...)
	}
	return f.memory.Candidates(ctx, name, sisters...)
}
