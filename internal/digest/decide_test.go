package digest_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

const slot = newsletter.Slot("2026-10-26T07:00")

func due() digest.ScheduledSlot { return digest.ScheduledSlot{Slot: slot, Due: monday()} }

// told are the subjects of the notices, and checks that each says in two lines what happened and what to do.
func told(t *testing.T, m *memory) []string {
	t.Helper()
	var subjects []string
	for _, n := range m.notices {
		subjects = append(subjects, n.Subject)
		lines := strings.Split(n.Text, "\n")
		if n.To == "" || len(lines) < 3 || !strings.HasSuffix(lines[0], ".") || lines[1] == "" || strings.HasSuffix(n.Text, "\n\n") {
			t.Errorf("notice %+v", n)
		}
	}
	return subjects
}

func TestDecide_publishes(t *testing.T) {
	now := monday().Add(3 * time.Second)
	m := newMemory(at(now.Add(time.Second)))
	m.inbox = []newsletter.Article{{URL: "https://example.org/new", Title: "Arrivé à l’instant"}}
	got, err := desk(m).Decide(t.Context(), weekly(), due(), now)
	if err != nil {
		t.Fatal(err)
	}
	want := newsletter.SlotRecord{
		Newsletter: "hebdo", Slot: slot, State: newsletter.SlotPublished, Edition: 1, Decided: now.Add(time.Second),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(m.notices) != 0 || !m.published[0].Content.Date.Equal(monday()) {
		t.Errorf("notices %v, date %v", m.notices, m.published[0].Content.Date)
	}
}

func TestDecide_onlyOnce(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	first, err := desk(m).Decide(t.Context(), weekly(), due(), monday())
	if err != nil {
		t.Fatal(err)
	}
	m.put(newsletter.Article{ID: 2, Title: "Nouveau", Arrived: monday()})
	again, err := desk(m).Decide(t.Context(), weekly(), due(), monday().Add(time.Minute))
	if diff := cmp.Diff(first, again); err != nil || diff != "" || len(m.editions) != 1 {
		t.Errorf("%v, %d editions %s", err, len(m.editions), diff)
	}
}

func TestDecide_skipsWhenNothingIsNew(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "actualites", 90))
	m.carried[1] = 3
	got, err := desk(m).Decide(t.Context(), weekly(), due(), monday())
	if err != nil {
		t.Fatal(err)
	}
	want := newsletter.SlotRecord{
		Newsletter: "hebdo", Slot: slot, State: newsletter.SlotSkipped, Decided: monday(),
		Reason: "nothing is new: 2 articles judged, 1 too-old, 1 carried-by",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"hebdo: no edition in slot 2026-10-26T07:00"}, told(t, m)); diff != "" {
		t.Error(diff)
	}
	if len(m.verdicts[slot]) != 2 || m.notices[0].To != "operator@example.org" {
		t.Errorf("verdicts %v, notice to %s", m.verdicts[slot], m.notices[0].To)
	}
}

// What a slot held back for want of others is offered in the next, also before edition n° 1; what was old from the beginning stays home.
func TestDecide_skipLosesNothing(t *testing.T) {
	now := monday()
	m := newMemory(func() time.Time { return now }, article(1, "actualites", 2), article(2, "guides", 5), article(3, "actualites", 9))
	for id, a := range m.articles {
		a.Arrived = monday()
		m.articles[id] = a
	}
	n := weekly()
	n.Minimum = 3
	rules := func(all []newsletter.Verdict) (got string) {
		for _, v := range all {
			got += fmt.Sprintf("%d %s, ", v.Article, v.Rule)
		}
		return got
	}
	const held = "1 below-minimum, 2 below-minimum, 3 too-old, "
	for week := range 2 {
		due := monday().AddDate(0, 0, 7*week)
		for _, at := range []time.Time{due, monday().AddDate(0, 0, 7)} {
			if p, err := desk(m).Preview(t.Context(), n, at); err != nil || rules(p.Verdicts) != held {
				t.Errorf("at %s foreseen for %s: %s%v", now, at, rules(p.Verdicts), err)
			}
		}
		now = due
		s := digest.ScheduledSlot{Slot: newsletter.SlotAt(due.In(n.Zone)), Due: due}
		if _, err := desk(m).Decide(t.Context(), n, s, now); err != nil || rules(m.verdicts[s.Slot]) != held {
			t.Errorf("slot %s: %s%v", s.Slot, rules(m.verdicts[s.Slot]), err)
		}
	}
	m.put(newsletter.Article{ID: 4, URL: "https://example.org/4", Title: "Titre 4", Arrived: now})
	if r, err := desk(m).Publish(t.Context(), n); err != nil || rules(r.Choice.Verdicts) != "4 new, 1 new, 2 new, 3 too-old, " {
		t.Errorf("published: %s%v", rules(r.Choice.Verdicts), err)
	}
	m.put(newsletter.Article{ID: 5, URL: "https://example.org/5", Title: "Titre 5", Published: monday().AddDate(0, 0, -9), Arrived: now.Add(1)})
	if p, err := desk(m).Preview(t.Context(), n, now.Add(day)); err != nil || rules(p.Verdicts) != "5 below-minimum, 3 too-old, 4 carried-by, 1 carried-by, 2 carried-by, " {
		t.Errorf("afterwards: %s%v", rules(p.Verdicts), err)
	}
}

// A notice names what is past the horizon before the next slot, and says that nothing is lost only where nothing is.
func TestDecide_namesWhatPasses(t *testing.T) {
	n := weekly()
	n.Minimum = 5
	for _, tt := range []struct {
		name   string
		slots  int
		next   time.Duration // after the latest slot, as now
		now    time.Duration
		passes []string // of each notice
	}{
		{"the next is soon", 1, 12 * time.Hour, 0, []string{""}},
		{"too few", 1, 7 * day, 0, []string{"4 “Titre 4”, 1 “Titre 1”."}},
		{"too late", 1, 7 * day, 7 * time.Hour, []string{"4 “Titre 4”, 1 “Titre 1”."}},
		{"missed, and too few", 2, 7 * day, 0, []string{"4 “Titre 4”, 1 “Titre 1”.", ""}},
		{"missed, and too late", 2, 14 * day, 7 * time.Hour, []string{"4 “Titre 4”, 1 “Titre 1”.", "2 “Titre 2”."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var slots []digest.ScheduledSlot
			for i := range tt.slots {
				slots = append(slots, week(i))
			}
			latest := &slots[tt.slots-1]
			latest.Next = latest.Due.Add(tt.next)
			now := latest.Due.Add(tt.now)
			m := newMemory(at(now), article(1, "actualites", 19), article(2, "actualites", 1), article(3, "actualites", 19), article(4, "guides", 18))
			m.stances[3] = newsletter.StancePinned
			if _, err := desk(m).Missed(t.Context(), n, slots, now); err != nil || len(told(t, m)) != len(tt.passes) {
				t.Fatalf("%v, %v", told(t, m), err)
			}
			for i, passes := range tt.passes {
				line := strings.Split(m.notices[i].Text, "\n")[1]
				if strings.HasPrefix(line, "Nothing was lost") != (passes == "") || !strings.Contains(line, passes) {
					t.Errorf("notice %d says %q, want %q", i, line, passes)
				}
			}
		})
	}
}

func TestDecide_reasons(t *testing.T) {
	n := weekly()
	n.Minimum = 2
	m := newMemory(at(monday()), article(1, "actualites", 1))
	got, err := desk(m).Decide(t.Context(), n, due(), monday())
	if err != nil || got.Reason != "too little is new: 1 article, and an edition needs at least 2" {
		t.Errorf("%+v, %v", got, err)
	}
	n.Minimum, n.Sections[0].Minimum = 1, 2
	m = newMemory(at(monday()), article(1, "actualites", 1))
	got, err = desk(m).Decide(t.Context(), n, due(), monday())
	if err != nil || got.Reason != "too little is new: 1 article in actualites, which needs at least 2" {
		t.Errorf("%+v, %v", got, err)
	}
	m = newMemory(at(monday()))
	d := desk(m)
	d.Operator = ""
	got, err = d.Decide(t.Context(), n, due(), monday())
	if err != nil || got.Reason != "nothing is new: there is no article in its sections" {
		t.Errorf("%+v, %v", got, err)
	}
	if len(m.notices) != 0 {
		t.Errorf("without an operator a notice goes to %q", m.notices[0].To)
	}
}

func TestDecide_late(t *testing.T) {
	skip := weekly()
	skip.Late = newsletter.LateSkip
	tests := []struct {
		name   string
		n      newsletter.Newsletter
		late   time.Duration
		state  newsletter.SlotState
		reason string
		notice string
	}{
		{"in its own minute", skip, 59 * time.Second, newsletter.SlotPublished, "", ""},
		{"late under skip", skip, 61 * time.Second, newsletter.SlotSkipped,
			"missed: the program was off, and a slot that is 1 min late is left out", "hebdo: no edition in slot 2026-10-26T07:00"},
		{"within the window", weekly(), 6 * time.Hour, newsletter.SlotPublished, "", "hebdo: slot 2026-10-26T07:00 is published late"},
		{"beyond the window", weekly(), 26*time.Hour + 5*time.Minute, newsletter.SlotSkipped,
			"missed: the program was off, and 1 d 2 h 5 min late is more than the 6 h that are made up for", "hebdo: no edition in slot 2026-10-26T07:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := monday().Add(tt.late)
			m := newMemory(at(now), article(1, "actualites", 1))
			got, err := desk(m).Decide(t.Context(), tt.n, due(), now)
			if err != nil || got.State != tt.state || got.Reason != tt.reason {
				t.Errorf("%+v, %v", got, err)
			}
			if notices := strings.Join(told(t, m), "\n"); notices != tt.notice {
				t.Errorf("notices %q", notices)
			}
		})
	}
}

// Every command in a notice works as it is printed, and tells something.
func TestDecide_noticesNameTheNewsletter(t *testing.T) {
	n := weekly()
	for _, several := range []bool{false, true} {
		n.Several = several
		for name, row := range map[string]struct {
			late     time.Duration
			articles []newsletter.Candidate
			blocked  []preflight.Finding
			want     []string
		}{
			"nothing is new":    {0, nil, nil, []string{"digest why --at 2026-10-26T07:00"}},
			"too late":          {7 * time.Hour, nil, nil, []string{"digest publish"}},
			"late":              {time.Hour, []newsletter.Candidate{article(1, "actualites", 1)}, nil, []string{"digest why --at 2026-10-26T07:00"}},
			"preflight says no": {0, []newsletter.Candidate{article(1, "actualites", 1)}, []preflight.Finding{blocking("Non")}, []string{"digest publish", "preflight"}},
		} {
			m := newMemory(at(monday().Add(row.late)), row.articles...)
			d := desk(m)
			d.Inspector = &inspector{findings: row.blocked}
			_, _ = d.Decide(t.Context(), n, due(), m.now())
			var want []string
			for _, words := range row.want {
				want = append(want, n.Command(words))
			}
			got := regexp.MustCompile(`facteur (digest|preflight)( [a-z]+)?( --[a-z]+ [a-zT0-9:-]+)*`).FindAllString(m.notices[0].Text, -1)
			if !slices.Equal(got, want) || several != strings.Contains(want[0], " --newsletter hebdo") {
				t.Errorf("%s, of several %t: the notice names %q, want %q:\n%s", name, several, got, want, m.notices[0].Text)
			}
		}
	}
}

// A notice says what brings an edition of what was too little, and does not send anybody to publish what would be refused again.
func TestDecide_noticesSayWhatHelps(t *testing.T) {
	const offered, nothing = "Nothing was lost: what is new is offered again in the next slot. ", "Nothing needs to be done: what arrives until then is offered in the next slot."
	lower := func(edition int, sections ...int) func(*newsletter.Newsletter, *memory) {
		return func(n *newsletter.Newsletter, _ *memory) {
			n.Minimum = edition
			for i, minimum := range sections {
				n.Sections[i].Minimum = minimum
			}
		}
	}
	for name, row := range map[string]struct {
		minimum  int
		sections [2]int
		articles []newsletter.Candidate
		want     string
		follow   func(*newsletter.Newsletter, *memory) // nil: there is nothing to follow
	}{
		"nothing":     {1, [2]int{}, nil, nothing, nil},
		"all too old": {1, [2]int{}, []newsletter.Candidate{article(1, "guides", 90)}, nothing + " An article that is too old comes once it is pinned: facteur article pin ID", pinning(1)},
		"an edition":  {5, [2]int{}, []newsletter.Candidate{article(1, "guides", 1)}, offered + "To publish now: lower newsletters.hebdo.minimum to 1, then: facteur digest publish.", lower(1)},
		"an edition, and others are old": {
			2, [2]int{}, []newsletter.Candidate{article(1, "guides", 1), article(2, "guides", 90)},
			offered + "To publish now: lower newsletters.hebdo.minimum to 1, then: facteur digest publish. An article that is too old comes once it is pinned: facteur article pin ID", pinning(2),
		},
		"a section": {
			1, [2]int{0, 2}, []newsletter.Candidate{article(1, "guides", 1)},
			offered + "To publish now: lower the minimum of guides, or pin one of its articles (facteur article pin ID), then: facteur digest publish.", pinning(1),
		},
		"two sections": {
			2, [2]int{2, 2}, []newsletter.Candidate{article(1, "guides", 1), article(2, "actualites", 1)},
			offered + "To publish now: lower the minimum of guides and actualites, or pin an article of each (facteur article pin ID), then: facteur digest publish.", pinning(1, 2),
		},
		"a section, and the edition by that": {
			3, [2]int{0, 2}, []newsletter.Candidate{article(1, "guides", 1)},
			offered + "To publish now: lower newsletters.hebdo.minimum to 1, and the minimum of guides, then: facteur digest publish.", lower(1, 0, 1),
		},
		"the edition, and a section": {
			3, [2]int{0, 2}, []newsletter.Candidate{article(1, "guides", 1), article(2, "actualites", 1)},
			offered + "To publish now: lower newsletters.hebdo.minimum to 1, then: facteur digest publish.", lower(1),
		},
	} {
		n := weekly()
		n.Minimum, n.Sections[0].Minimum, n.Sections[1].Minimum = row.minimum, row.sections[0], row.sections[1]
		m := newMemory(at(monday()), row.articles...)
		s := due()
		s.Next = s.Due.Add(day)
		if _, err := desk(m).Decide(t.Context(), n, s, monday()); err != nil {
			t.Fatal(err)
		}
		if got := strings.Split(m.notices[0].Text, "\n")[1]; got != row.want {
			t.Errorf("%s: the notice says\n%s\nwant\n%s", name, got, row.want)
		}
		if row.follow == nil {
			continue
		}
		row.follow(&n, m)
		if r, err := desk(m).Publish(t.Context(), n); err != nil || !r.Published() {
			t.Errorf("%s: after what the notice says: %q, %v", name, r.Reason, err)
		}
	}
}

func pinning(articles ...int64) func(*newsletter.Newsletter, *memory) {
	return func(_ *newsletter.Newsletter, m *memory) {
		for _, id := range articles {
			m.stances[id] = newsletter.StancePinned
		}
	}
}

func TestDecide_lateBringsWhatArrivedSince(t *testing.T) {
	now := monday().Add(2 * time.Hour)
	m := newMemory(at(now))
	m.put(newsletter.Article{ID: 1, Title: "Après l’heure", Arrived: monday().Add(time.Hour)})
	got, err := desk(m).Decide(t.Context(), weekly(), due(), now)
	if err != nil || got.State != newsletter.SlotPublished {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDecide_failureIsRecordedToldOnceAndTriedAgain(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	m.collectErr = errDisk
	for i := range 3 {
		now := monday().Add(time.Duration(i) * time.Minute)
		got, err := desk(m).Decide(t.Context(), weekly(), due(), now)
		if !errors.Is(err, errDisk) || got.State != newsletter.SlotFailed || got.Reason != "disk full" || !got.Decided.Equal(now) {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	if diff := cmp.Diff([]string{"hebdo: slot 2026-10-26T07:00 failed"}, told(t, m)); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(m.notices[0].Text, "until 2026-10-26 13:00 CET") {
		t.Errorf("notice %q", m.notices[0].Text)
	}
	m.collectErr = nil
	got, err := desk(m).Decide(t.Context(), weekly(), due(), monday().Add(10*time.Minute))
	if err != nil || got.State != newsletter.SlotPublished {
		t.Errorf("mended: %+v, %v", got, err)
	}
}

func TestDecide_failsUntilItIsTooLate(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	m.collectErr = errDisk
	if _, err := desk(m).Decide(t.Context(), weekly(), due(), monday()); err == nil {
		t.Fatal("no error")
	}
	got, err := desk(m).Decide(t.Context(), weekly(), due(), monday().Add(7*time.Hour))
	if err != nil || got.State != newsletter.SlotSkipped || got.Reason != "it failed until it was too late: disk full" {
		t.Errorf("%+v, %v", got, err)
	}
	want := []string{"hebdo: slot 2026-10-26T07:00 failed", "hebdo: no edition in slot 2026-10-26T07:00"}
	if diff := cmp.Diff(want, told(t, m)); diff != "" {
		t.Error(diff)
	}
}

func TestDecide_failureThatCannotBeRecorded(t *testing.T) {
	m := newMemory(at(monday()))
	m.collectErr, m.recordErr = errDisk, errors.New("database is locked")
	got, err := desk(m).Decide(t.Context(), weekly(), due(), monday())
	if !errors.Is(err, errDisk) || !errors.Is(err, m.recordErr) || got.Slot != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDecide_stoppingIsNoFailure(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := newMemory(at(monday()))
	m.collectErr = ctx.Err()
	if _, err := desk(m).Decide(ctx, weekly(), due(), monday()); !errors.Is(err, context.Canceled) || len(m.slots) != 0 {
		t.Errorf("error %v, recorded %v", err, m.slots)
	}
}

func TestDecide_anotherWasFaster(t *testing.T) {
	t.Run("with the slot", func(t *testing.T) {
		m := newMemory(at(monday()), article(1, "actualites", 1))
		theirs := newsletter.SlotRecord{Newsletter: "hebdo", Slot: slot, State: newsletter.SlotPublished, Edition: 1}
		m.race = func(m *memory) {
			m.editions = append(m.editions, newsletter.Edition{Number: 1})
			m.slots[slot] = theirs
		}
		got, err := desk(m).Decide(t.Context(), weekly(), due(), monday())
		if diff := cmp.Diff(theirs, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	})
	t.Run("with the number", func(t *testing.T) {
		m := newMemory(at(monday()), article(1, "actualites", 1))
		m.race = func(m *memory) { m.editions = append(m.editions, newsletter.Edition{Number: 1, Approved: monday()}) }
		got, err := desk(m).Decide(t.Context(), weekly(), due(), monday())
		if err != nil || got.Edition != 2 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func week(i int) digest.ScheduledSlot {
	d := monday().AddDate(0, 0, 7*i)
	return digest.ScheduledSlot{Slot: newsletter.SlotAt(d.In(weekly().Zone)), Due: d}
}

func TestMissed(t *testing.T) {
	tests := []struct {
		name    string
		slots   int
		late    time.Duration // of the latest
		failed  bool          // the first was tried before
		want    []string
		notices []string
	}{
		{"none", 0, 0, false, nil, nil},
		{"one, in time", 1, 10 * time.Second, false, []string{"2026-10-26T07:00 published "}, nil},
		{"one, late", 1, time.Hour, false, []string{"2026-10-26T07:00 published "}, []string{"hebdo: slot 2026-10-26T07:00 is published late"}},
		{"three, the latest late", 3, time.Hour, false, []string{
			"2026-10-26T07:00 skipped missed: the program was off; slot 2026-11-09T07:00 is the one that counts",
			"2026-11-02T07:00 skipped missed: the program was off; slot 2026-11-09T07:00 is the one that counts",
			"2026-11-09T07:00 published ",
		}, []string{"hebdo: slots were missed while the program was off", "hebdo: slot 2026-11-09T07:00 is published late"}},
		{"two, the latest too late", 2, 7 * time.Hour, true, []string{
			"2026-10-26T07:00 skipped it failed until a later slot was due: disk full",
			"2026-11-02T07:00 skipped missed: the program was off, and 7 h late is more than the 6 h that are made up for",
		}, []string{"hebdo: slots were missed while the program was off", "hebdo: no edition in slot 2026-11-02T07:00"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var slots []digest.ScheduledSlot
			for i := range tt.slots {
				slots = append(slots, week(i))
			}
			now := week(max(tt.slots-1, 0)).Due.Add(tt.late)
			m := newMemory(at(now))
			m.put(newsletter.Article{ID: 1, Title: "Un", Arrived: now.Add(-day)})
			if tt.failed {
				m.slots[slot] = newsletter.SlotRecord{Newsletter: "hebdo", Slot: slot, State: newsletter.SlotFailed, Reason: "disk full"}
			}
			for range 2 { // the second time nothing changes
				records, err := desk(m).Missed(t.Context(), weekly(), slots, now)
				var got []string
				for _, r := range records {
					got = append(got, fmt.Sprintf("%s %s %s", r.Slot, r.State, r.Reason))
				}
				if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
					t.Errorf("%v %s", err, diff)
				}
			}
			if diff := cmp.Diff(tt.notices, told(t, m)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSince(t *testing.T) {
	clock := monday().AddDate(1, 0, 0) // and wrong
	m := newMemory(func() time.Time { return clock })
	if _, err := desk(m).Since(t.Context(), weekly()); err != nil {
		t.Fatal(err)
	}
	clock = monday().Add(20 * time.Second)
	for range 2 { // a fresh installation counts from its first minute
		if got, err := desk(m).Since(t.Context(), weekly()); err != nil || got != slot {
			t.Fatalf("%s, %v", got, err)
		}
		clock = clock.Add(day)
	}
	clock = clock.Add(7 * day)
	m.slots["2026-11-02T07:00"] = newsletter.SlotRecord{Slot: "2026-11-02T07:00", State: newsletter.SlotSkipped}
	m.slots["2026-11-09T07:00"] = newsletter.SlotRecord{Slot: "2026-11-09T07:00", State: newsletter.SlotFailed}
	m.slots["2026-12-28T07:00"] = newsletter.SlotRecord{Slot: "2026-12-28T07:00", State: newsletter.SlotPublished} // by a clock that was wrong
	if got, err := desk(m).Since(t.Context(), weekly()); err != nil || got != "2026-11-02T07:00" {
		t.Errorf("%s, %v", got, err)
	}
	clock = time.Date(2026, 12, 28, 3, 0, 0, 0, time.UTC) // set back by some hours, nothing is decided twice
	if got, err := desk(m).Since(t.Context(), weekly()); err != nil || got != "2026-12-28T07:00" {
		t.Errorf("%s, %v", got, err)
	}
}
