package digest_test

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

func verdicts(all []newsletter.Verdict) []string {
	var got []string
	for _, v := range all {
		got = append(got, fmt.Sprintf("%s %s %d", v.Title, v.Rule, v.Edition))
	}
	return got
}

func TestPreview_countsTheInboxAndMovesNothing(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "guides", 1))
	m.carried[2] = 4
	m.inbox = []newsletter.Article{
		{URL: "https://example.org/new", Title: "Neuf"},
		{URL: "https://example.org/new", Title: "Neuf, corrigé", Section: "guides"},
		{URL: "https://example.org/1", Title: "Titre corrigé", Section: "guides"},
		{URL: "https://example.org/2", Title: "Déjà paru", Section: "guides"},
	}
	p, err := desk(m).Preview(t.Context(), weekly(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Neuf, corrigé new 0", "Titre corrigé new 0", "Déjà paru carried-by 4"}
	if diff := cmp.Diff(want, verdicts(p.Verdicts)); diff != "" {
		t.Error(diff)
	}
	if p.Subject != "Neuf, corrigé" || p.Number != 1 || p.Waiting != 4 || p.Reason != "" || !p.At.Equal(monday()) || !p.Computed.Equal(monday()) {
		t.Errorf("%+v", p)
	}
	if len(m.inbox) != 4 || len(m.articles) != 2 || len(m.slots) != 0 {
		t.Error("something was moved or recorded")
	}
}

// A picture that is on its way is counted upon, as an edition waits for it.
func TestPreview_leadsWithAPictureThatComes(t *testing.T) {
	n := weekly()
	n.Lead = newsletter.LeadPicture
	m := newMemory(at(monday()), article(1, "actualites", 1))
	m.inbox = []newsletter.Article{{URL: "https://example.org/new", Title: "Illustré", Picture: "https://example.org/new.jpg", Published: monday().AddDate(0, 0, -3)}}
	p, err := desk(m).Preview(t.Context(), n, time.Time{})
	if err != nil || p.Subject != "Illustré" {
		t.Errorf("%q leads, %v", p.Subject, err)
	}
}

func TestPreview_showsTheSubjectThatLeaves(t *testing.T) {
	for _, offered := range []newsletter.Article{
		{URL: "https://example.org/en", Title: "Why do agents fail? A study: part 1", Language: "en"},
		{URL: "https://example.org/fr", Title: "Agents : pourquoi ?"},
		{URL: "https://example.org/1", Title: "Titre 1: in English", Language: "en"}, // the address of an article that is stored
	} {
		m := newMemory(at(monday()), article(1, "guides", 1))
		m.inbox = []newsletter.Article{offered}
		d, n := desk(m), weekly()
		waiting, err := d.Preview(t.Context(), n, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Collect(t.Context()); err != nil {
			t.Fatal(err)
		}
		stored, err := d.Preview(t.Context(), n, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Decide(t.Context(), n, digest.ScheduledSlot{Slot: slot, Due: monday()}, monday()); err != nil {
			t.Fatal(err)
		}
		want := m.published[0].Content.Subject
		if waiting.Subject != want || stored.Subject != want {
			t.Errorf("previewed as %q while it waited and %q once stored; %q left", waiting.Subject, stored.Subject, want)
		}
	}
}

func TestPreview_atAnotherInstant(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "actualites", 7))
	p, err := desk(m).Preview(t.Context(), weekly(), monday().Add(-2*day))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Titre 2 new 0", "Titre 1 future 0"}, verdicts(p.Verdicts)); diff != "" {
		t.Error(diff)
	}
	if !p.Computed.Equal(monday()) || !p.At.Equal(monday().Add(-2*day)) {
		t.Errorf("at %v, computed %v", p.At, p.Computed)
	}
}

func TestPreview_saysOfWhichThereIsTooLittle(t *testing.T) {
	for _, row := range []struct {
		edition, section int
		want             string
	}{
		{3, 0, "too little is new: 2 articles, and an edition needs at least 3"},
		{1, 3, "too little is new: 2 articles in actualites, which needs at least 3"},
		{2, 3, "too little is new: 2 articles in actualites, which needs at least 3"},
		{3, 3, "too little is new: 2 articles in actualites, which needs at least 3"},
	} {
		n := weekly()
		n.Minimum, n.Sections[0].Minimum = row.edition, row.section
		m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "actualites", 1))
		if p, err := desk(m).Preview(t.Context(), n, time.Time{}); err != nil || p.Reason != row.want {
			t.Errorf("%+v: %q, %v", row, p.Reason, err)
		}
	}
}

func TestPreview_saysWhyNothingWouldLeave(t *testing.T) {
	p, err := desk(newMemory(at(monday()))).Preview(t.Context(), weekly(), time.Time{})
	if err != nil || p.Reason == "" || p.Subject != "" || !p.Empty() {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestWhy(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	d := desk(m)

	e, err := d.Why(t.Context(), weekly(), slot)
	if err != nil || e.Recorded || !e.At.Equal(monday()) {
		t.Errorf("before the decision: %+v, %v", e, err)
	}
	if diff := cmp.Diff([]string{"Titre 1 new 0"}, verdicts(e.Verdicts)); diff != "" {
		t.Error(diff)
	}

	if _, err := d.Decide(t.Context(), weekly(), digest.ScheduledSlot{Slot: slot, Due: monday()}, monday()); err != nil {
		t.Fatal(err)
	}
	m.put(newsletter.Article{ID: 2, Title: "Plus tard", Arrived: monday()})
	e, err = d.Why(t.Context(), weekly(), slot)
	if err != nil || !e.Recorded || e.Record.Edition != 1 {
		t.Errorf("after the decision: %+v, %v", e, err)
	}
	if diff := cmp.Diff([]string{"Titre 1 new 0"}, verdicts(e.Verdicts)); diff != "" {
		t.Error(diff)
	}

	e, err = d.Why(t.Context(), weekly(), "")
	if err != nil || e.Recorded || e.Slot != "" {
		t.Errorf("now: %+v, %v", e, err)
	}
	if diff := cmp.Diff([]string{"Plus tard new 0", "Titre 1 carried-by 1"}, verdicts(e.Verdicts)); diff != "" {
		t.Error(diff)
	}
}

// A decision is dated by when it was made, however late its slot was.
func TestWhy_decidedLate(t *testing.T) {
	m := newMemory(at(monday().Add(2*time.Hour)), article(1, "actualites", 1))
	if _, err := desk(m).Decide(t.Context(), weekly(), due(), m.now()); err != nil {
		t.Fatal(err)
	}
	if e, err := desk(m).Why(t.Context(), weekly(), slot); err != nil || !e.At.Equal(m.now()) {
		t.Errorf("decided at %s, %v", e.At, err)
	}
}

func TestWhy_failedSlotIsComputed(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	m.slots[slot] = newsletter.SlotRecord{Slot: slot, State: newsletter.SlotFailed, Reason: "disk full"}
	e, err := desk(m).Why(t.Context(), weekly(), slot)
	if err != nil || e.Recorded || e.Record.Reason != "disk full" || len(e.Verdicts) != 1 {
		t.Errorf("%+v, %v", e, err)
	}
}

// A slot is read as the schedule reads it, also where the clock leaves its minute out or shows it twice.
func TestWhy_slotAtAChangeOfClocks(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	n := weekly()
	n.Zone = paris
	for slot, want := range map[newsletter.Slot]time.Time{
		"2026-03-29T02:30": time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC),
		"2026-10-25T02:30": time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC),
	} {
		e, err := desk(newMemory(at(monday()))).Why(t.Context(), n, slot)
		if err != nil || !e.At.Equal(want) {
			t.Errorf("%s is judged at %s, %v; want %s", slot, e.At.UTC(), err, want)
		}
	}
}

func TestWhy_slotThatWasMissed(t *testing.T) {
	m := newMemory(at(monday().Add(48*time.Hour)), article(1, "actualites", 1))
	d := desk(m)
	if _, err := d.Decide(t.Context(), weekly(), digest.ScheduledSlot{Slot: slot, Due: monday()}, m.now()); err != nil {
		t.Fatal(err)
	}
	e, err := d.Why(t.Context(), weekly(), slot)
	if err != nil || !e.Recorded || e.Record.State != newsletter.SlotSkipped || len(e.Verdicts) != 0 {
		t.Errorf("%+v, %v", e, err)
	}
}
