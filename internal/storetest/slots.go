package storetest

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

func (b *bench) record(slot newsletter.Slot, state newsletter.SlotState) newsletter.SlotRecord {
	return newsletter.SlotRecord{Newsletter: "hebdo", Slot: slot, State: state, Reason: "why", Decided: b.now}
}

func slotOnce(t *testing.T, b *bench) {
	p := b.publication(1, b.put(1)...)
	if _, err := b.Publish(b.ctx, p); err != nil {
		t.Fatal(err)
	}
	p.Number = 2
	if _, err := b.Publish(b.ctx, p); !errors.Is(err, newsletter.ErrExists) {
		t.Errorf("a second edition of one slot gives %v, want %v", err, newsletter.ErrExists)
	}
	if err := b.Skip(b.ctx, b.record(p.Slot, newsletter.SlotSkipped), nil, nil); !errors.Is(err, newsletter.ErrExists) {
		t.Errorf("skipping a published slot gives %v, want %v", err, newsletter.ErrExists)
	}
	if n, err := b.NextNumber(b.ctx, "hebdo"); err != nil || n != 2 {
		t.Errorf("the next number is %d (%v), want 2: what is refused leaves nothing", n, err)
	}
	r, err := b.SlotRecord(b.ctx, "hebdo", p.Slot)
	b.must(err)
	if r.State != newsletter.SlotPublished || r.Edition != 1 {
		t.Errorf("the record says %+v", r)
	}
}

func slotAnew(t *testing.T, b *bench) {
	slot := newsletter.Slot("2026-11-24T07:00")
	if _, err := b.FirstSlot(b.ctx, "hebdo"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("before there is any the first slot is %v", err)
	}
	b.must(b.Skip(b.ctx, b.record(slot, newsletter.SlotFailed), nil, &newsletter.Notice{To: "op@pandia.example", Subject: "s", Text: "t"}))
	if _, err := b.LastSlot(b.ctx, "hebdo", "2030-01-01T00:00"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a failed slot counts as decided: %v", err)
	}
	if first, err := b.FirstSlot(b.ctx, "hebdo"); err != nil || first != slot {
		t.Errorf("the first slot is %s, %v: one that failed was tried", first, err)
	}
	b.later(time.Minute)
	b.must(b.Skip(b.ctx, b.record(slot.WithExtra(1), newsletter.SlotSkipped), nil, nil))
	b.must(b.Skip(b.ctx, b.record(slot, newsletter.SlotSkipped), nil, nil))
	if first, err := b.FirstSlot(b.ctx, "hebdo"); err != nil || first != slot {
		t.Errorf("the first slot is %s, %v, whenever it is decided", first, err)
	}
	last, err := b.LastSlot(b.ctx, "hebdo", "2030-01-01T00:00")
	b.must(err)
	if last.State != newsletter.SlotSkipped || !last.Decided.Equal(b.now) {
		t.Errorf("the last slot is %+v", last)
	}
	due := b.due()
	if len(due) != 1 || due[0].Kind != newsletter.KindNotice || due[0].Address != "op@pandia.example" {
		t.Errorf("the notice is not due: %+v", due)
	}
}

// A slot that failed takes its place when it is decided: behind what was published by hand meanwhile.
func slotPublishedAnew(t *testing.T, b *bench) {
	ids := b.put(2)
	scheduled, extra := b.publication(2, ids[0]), b.publication(1, ids[1])
	extra.Slot = scheduled.Slot.WithExtra(1)
	b.must(b.Skip(b.ctx, b.record(scheduled.Slot, newsletter.SlotFailed), nil, nil))
	for _, p := range []digest.Publication{extra, scheduled} {
		b.later(time.Minute)
		p.Approved = b.now
		e, err := b.Publish(b.ctx, p)
		b.must(err)
		r, err := b.SlotRecord(b.ctx, "hebdo", p.Slot)
		b.must(err)
		if e.Slot != p.Slot || r.State != newsletter.SlotPublished || r.Edition != p.Number || r.Reason != "" || !r.Decided.Equal(b.now) {
			t.Errorf("edition %d is in %s, whose record is %+v", e.Number, e.Slot, r)
		}
	}
	all, err := b.Slots(b.ctx, "hebdo", 10)
	b.must(err)
	if len(all) != 2 || all[0].Slot != scheduled.Slot || all[1].Slot != extra.Slot {
		t.Errorf("the latest decision is not the first: %+v", all)
	}
	if last, err := b.LastSlot(b.ctx, "hebdo", "2030-01-01T00:00"); err != nil || last.Slot != scheduled.Slot {
		t.Errorf("the last slot is %s, %v", last.Slot, err)
	}
	if _, err := b.LastSlot(b.ctx, "hebdo", "2020-01-01T00:00"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a slot counts before its time: %v", err)
	}
	if err := b.Skip(b.ctx, b.record(scheduled.Slot, newsletter.SlotFailed), nil, nil); !errors.Is(err, newsletter.ErrExists) {
		t.Errorf("a published slot that fails afterwards gives %v, want %v", err, newsletter.ErrExists)
	}
}

func verdictsOfThen(t *testing.T, b *bench) {
	id := b.put(2)[1]
	dated := b.now.Add(-time.Hour)
	type told struct {
		title, section     string
		published, changed time.Time
	}
	put := func(title, section string, published time.Time) told {
		t.Helper()
		b.later(time.Minute)
		a := b.article(2)
		a.Title, a.Section, a.Published = title, section, published
		_, err := b.PutArticles(b.ctx, []newsletter.Article{a}, b.now)
		b.must(err)
		return told{title, section, published, b.now}
	}
	want := map[newsletter.Slot]told{}
	decide := func(slot newsletter.Slot, now told) {
		t.Helper()
		want[slot] = now
		b.must(b.Skip(b.ctx, b.record(slot, newsletter.SlotSkipped), []newsletter.Verdict{{Candidate: newsletter.Candidate{Article: id}, Rule: newsletter.RuleWaiting}}, nil))
	}
	put("Avant", "actualites", dated)
	decide("2026-11-03T07:00", put("Premier", "guides", time.Time{}))
	put("Entre", "actualites", dated)
	second := put("Deuxième", "actualites", dated)
	decide("2026-11-10T07:00", second)
	decide("2026-11-17T07:00", second)
	b.must(b.Skip(b.ctx, b.record("2026-11-24T07:00", newsletter.SlotFailed), nil, nil))
	third := put("Troisième", "prompts", dated.Add(-time.Hour))
	decide("2026-11-24T07:00", third)
	for n, title := range []string{"Troisième", "Quatrième", "Cinquième"} { // as it is, and after changes of it
		put(title, third.section, third.published)
		for slot, want := range want {
			verdicts, err := b.Verdicts(b.ctx, "hebdo", slot)
			b.must(err)
			v := verdicts[0]
			if v.Article != id || v.Title != want.title || v.Section != want.section || !v.Published.Equal(want.published) || !v.Changed.Equal(want.changed) {
				t.Errorf("after %d changes slot %s tells of %+v, want %+v", n, slot, v.Candidate, want)
			}
		}
	}
}

func verdictsStay(t *testing.T, b *bench) {
	ids := b.put(3)
	verdict := func(id int64, rule newsletter.Rule, edition int) newsletter.Verdict {
		return newsletter.Verdict{Candidate: newsletter.Candidate{Article: id}, Rule: rule, Edition: edition}
	}
	back := verdict(ids[1], newsletter.RuleTooOld, 0)
	back.Back = true
	slots := []struct {
		slot     newsletter.Slot
		verdicts []newsletter.Verdict
		want     map[int64]newsletter.Rule
	}{
		{"2026-11-03T07:00", []newsletter.Verdict{verdict(ids[0], newsletter.RuleNew, 0), verdict(ids[1], newsletter.RuleWaiting, 0)},
			map[int64]newsletter.Rule{ids[0]: newsletter.RuleNew, ids[1]: newsletter.RuleWaiting}},
		{"2026-11-10T07:00", nil, map[int64]newsletter.Rule{}},
		{"2026-11-17T07:00", []newsletter.Verdict{verdict(ids[0], newsletter.RuleCarried, 1), verdict(ids[1], newsletter.RuleWaiting, 0), verdict(ids[2], newsletter.RuleHidden, 0)},
			map[int64]newsletter.Rule{ids[0]: newsletter.RuleCarried, ids[1]: newsletter.RuleWaiting, ids[2]: newsletter.RuleHidden}},
		{"2026-11-24T07:00", []newsletter.Verdict{verdict(ids[2], newsletter.RuleNew, 0)}, // the others left the newsletter's sections
			map[int64]newsletter.Rule{ids[2]: newsletter.RuleNew}},
		{"2026-12-01T07:00+1", []newsletter.Verdict{verdict(ids[2], newsletter.RuleCarried, 1)}, // by hand, while 07:00 fails
			map[int64]newsletter.Rule{ids[2]: newsletter.RuleCarried}},
		{"2026-12-01T07:00", []newsletter.Verdict{verdict(ids[1], newsletter.RuleTooOld, 0), verdict(ids[2], newsletter.RuleHidden, 0)},
			map[int64]newsletter.Rule{ids[1]: newsletter.RuleTooOld, ids[2]: newsletter.RuleHidden}},
		{"2026-12-08T07:00", []newsletter.Verdict{back}, map[int64]newsletter.Rule{ids[1]: newsletter.RuleTooOld}},
	}
	for _, s := range slots {
		if s.slot.Extra() > 0 {
			failed := b.record("2026-12-01T07:00", newsletter.SlotFailed)
			b.must(b.Skip(b.ctx, failed, []newsletter.Verdict{verdict(ids[0], newsletter.RuleNew, 0)}, nil)) // a failure judges nothing
		}
		b.must(b.Skip(b.ctx, b.record(s.slot, newsletter.SlotSkipped), s.verdicts, nil))
	}
	for _, s := range slots { // all of them afterwards: later slots must not touch earlier ones
		got, err := b.Verdicts(b.ctx, "hebdo", s.slot)
		b.must(err)
		rules := map[int64]newsletter.Rule{}
		for _, v := range got {
			rules[v.Article] = v.Rule
			if v.Rule == newsletter.RuleCarried && v.Edition != 1 {
				t.Errorf("%s: carried by %d, want 1", s.slot, v.Edition)
			}
			if of := s.slot == "2026-12-08T07:00"; v.Back != of {
				t.Errorf("%s: article %d of the back catalogue: %t, want %t", s.slot, v.Article, v.Back, of)
			}
		}
		if len(rules) != len(s.want) {
			t.Errorf("%s: %v, want %v", s.slot, rules, s.want)
		}
		for id, want := range s.want {
			if rules[id] != want {
				t.Errorf("%s: article %d is %q, want %q", s.slot, id, rules[id], want)
			}
		}
	}
	if _, err := b.Verdicts(b.ctx, "hebdo", "2026-12-15T07:00"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a slot that was not decided has verdicts: %v", err)
	}
}

// verdictsMeasured records verdicts, and others in their place, and reads what they say.
func verdictsMeasured(t *testing.T, b *bench) {
	ids := b.put(5)
	sister := newsletter.EditionRef{Newsletter: "quotidien", Number: 7}
	first := []newsletter.Verdict{
		{Rule: newsletter.RuleWaiting, Candidate: newsletter.Candidate{Sister: sister, Stance: newsletter.StancePinned, Fresh: 31}, Place: "rappel", Measure: newsletter.Measure{Quota: 3}},
		{Rule: newsletter.RuleBelowMinimum, Place: "guides", Measure: newsletter.Measure{Takes: 2, Had: 1}},
		{Rule: newsletter.RuleBelowMinimum, Place: "guides", Measure: newsletter.Measure{Takes: 4, Had: 3, Whole: true}},
		{Rule: newsletter.RuleTooOld, Back: true, Place: "guides", Measure: newsletter.Measure{Horizon: 8 * 24 * time.Hour}},
		{Rule: newsletter.RuleDuplicate, Original: ids[0], Place: "guides", Measure: newsletter.Measure{By: "title"}},
	}
	then := slices.Clone(first)
	then[0].Quota, then[1].Had, then[2].Stance, then[3].Horizon, then[4].By, then[4].Place = 2, 0, newsletter.StanceLead, time.Hour, "", "actualites"
	decided := map[newsletter.Slot][]newsletter.Verdict{"2026-11-03T07:00": first, "2026-11-10T07:00": then}
	for _, slot := range slices.Sorted(maps.Keys(decided)) {
		for i := range decided[slot] {
			decided[slot][i].Article = ids[i]
		}
		b.must(b.Skip(b.ctx, b.record(slot, newsletter.SlotSkipped), decided[slot], nil))
	}
	for slot, want := range decided {
		got, err := b.Verdicts(b.ctx, "hebdo", slot)
		b.must(err)
		for i, v := range got {
			v.Candidate = newsletter.Candidate{Article: v.Article, Sister: v.Sister, Stance: v.Stance, Fresh: v.Fresh}
			if v != want[i] {
				t.Errorf("%s tells %+v, want %+v", slot, v, want[i])
			}
		}
	}
}

func numberOnce(t *testing.T, b *bench) {
	ids := b.put(2)
	if _, err := b.Publish(b.ctx, b.publication(1, ids[0])); err != nil {
		t.Fatal(err)
	}
	p := b.publication(1, ids[1])
	if _, err := b.Publish(b.ctx, p); !errors.Is(err, newsletter.ErrExists) {
		t.Errorf("a number given twice gives %v, want %v", err, newsletter.ErrExists)
	}
	if _, err := b.SlotRecord(b.ctx, "hebdo", p.Slot); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the refused edition left its slot decided: %v", err)
	}
}

func begun(t *testing.T, b *bench) {
	for _, tt := range []struct{ at, most, want newsletter.Slot }{
		{"2027-11-24T07:00", "2027-11-25T07:00", "2027-11-24T07:00"},
		{"2026-11-24T07:00", "2026-11-25T07:00", "2026-11-24T07:00"}, // the clock was wrong
		{"2026-11-23T09:00", "2026-11-24T09:00", "2026-11-24T07:00"}, // by less than a day it may be
		{"2026-12-24T07:00", "2026-12-25T07:00", "2026-11-24T07:00"},
	} {
		got, err := b.Begun(b.ctx, "hebdo", tt.at, tt.most)
		b.must(err)
		if got != tt.want {
			t.Errorf("begun at %s, want %s", got, tt.want)
		}
	}
}

func extraSlots(t *testing.T, b *bench) {
	minute := newsletter.Slot("2026-11-24T07:00")
	for n := range 12 {
		highest, err := b.ExtraSlots(b.ctx, "hebdo", minute)
		b.must(err)
		if highest != n {
			t.Fatalf("highest extra slot is %d, want %d", highest, n)
		}
		b.must(b.Skip(b.ctx, b.record(minute.WithExtra(n+1), newsletter.SlotSkipped), nil, nil))
	}
	if _, err := b.LastSlot(b.ctx, "hebdo", "2030-01-01T00:00"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("an extra slot counts as a scheduled one: %v", err)
	}
	b.must(b.Skip(b.ctx, b.record(minute, newsletter.SlotSkipped), nil, nil))
}

// A word waits for one edition, and another one given meanwhile waits on.
func word(t *testing.T, b *bench) {
	if w, err := b.Word(b.ctx, "hebdo"); err != nil || w != nil {
		t.Errorf("before there is one the word is %v (%v)", w, err)
	}
	first := &newsletter.Word{Text: "Bonjour.", By: "Camille"}
	b.must(b.SetWord(b.ctx, "hebdo", &newsletter.Word{Text: "Bonsoir."}))
	b.must(b.SetWord(b.ctx, "hebdo", first))
	b.must(b.SetWord(b.ctx, "quotidien", first))
	if err := b.SetWord(b.ctx, "nowhere", first); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a word for a newsletter that is none gives %v", err)
	}
	p := b.publication(1, b.put(1)...)
	p.Content.Word = first
	meanwhile := &newsletter.Word{Text: "Bonjour.", By: "Une autre"}
	b.must(b.SetWord(b.ctx, "hebdo", meanwhile))
	e, err := b.Publish(b.ctx, p)
	b.must(err)
	if e.Content.Word == nil || *e.Content.Word != *first {
		t.Errorf("the edition has the word %v", e.Content.Word)
	}
	if w, err := b.Word(b.ctx, "hebdo"); err != nil || w == nil || *w != *meanwhile {
		t.Errorf("the word given meanwhile is %v (%v)", w, err)
	}
	p = b.publication(2, b.put(1)...)
	p.Content.Word = meanwhile
	_, err = b.Publish(b.ctx, p)
	b.must(err)
	if w, err := b.Word(b.ctx, "hebdo"); err != nil || w != nil {
		t.Errorf("the word that was said is %v (%v)", w, err)
	}
	if w, err := b.Word(b.ctx, "quotidien"); err != nil || w == nil {
		t.Errorf("the word of another newsletter is %v (%v)", w, err)
	}
	b.must(b.SetWord(b.ctx, "quotidien", nil))
	if w, err := b.Word(b.ctx, "quotidien"); err != nil || w != nil {
		t.Errorf("the word that was taken back is %v (%v)", w, err)
	}
}

// An advertisement stands in one edition, and another one given meanwhile waits on.
func advertisement(t *testing.T, b *bench) {
	waits := func(of string, want *newsletter.Sponsor) {
		t.Helper()
		got, err := b.Sponsor(b.ctx, of)
		if err != nil || (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("for %s waits %v (%v), want %v", of, got, err, want)
		}
	}
	waits("hebdo", nil)
	first := &newsletter.Sponsor{For: "Librairie", Text: "Lisez."}
	b.must(b.SetSponsor(b.ctx, "hebdo", &newsletter.Sponsor{For: "Librairie", Text: "Rien."}))
	b.must(b.SetSponsor(b.ctx, "hebdo", first))
	b.must(b.SetSponsor(b.ctx, "quotidien", first))
	if err := b.SetSponsor(b.ctx, "nowhere", first); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("one for a newsletter that is none gives %v", err)
	}
	p := b.publication(1, b.put(1)...)
	p.Content.Sponsor = first
	meanwhile := &newsletter.Sponsor{For: "Une autre", Text: "Lisez."}
	b.must(b.SetSponsor(b.ctx, "hebdo", meanwhile))
	e, err := b.Publish(b.ctx, p)
	b.must(err)
	if e.Content.Sponsor == nil || *e.Content.Sponsor != *first {
		t.Errorf("the edition has %v", e.Content.Sponsor)
	}
	waits("hebdo", meanwhile)
	p = b.publication(2, b.put(1)...)
	p.Content.Sponsor = meanwhile
	_, err = b.Publish(b.ctx, p)
	b.must(err)
	waits("hebdo", nil)
	waits("quotidien", first)
	b.must(b.SetSponsor(b.ctx, "quotidien", nil))
	waits("quotidien", nil)
}

// Where a letter was cut, readers get that and the archive shows all of it.
func cutLetter(t *testing.T, b *bench) {
	b.readers(1)
	p := b.publication(1, b.put(1)...)
	p.Variants = append(p.Variants, newsletter.Variant{Key: "page", Kind: newsletter.KindEdition, Subject: "Le sujet", HTML: "<p>tout", Text: "tout"})
	e, err := b.Publish(b.ctx, p)
	b.must(err)
	b.queueAll()
	v, err := b.ArchiveText(b.ctx, e.Ref())
	b.must(err)
	if v.Text != "tout" {
		t.Errorf("the archive shows %+v", v)
	}
	due := b.due()
	if len(due) != 1 {
		t.Fatalf("%d letters are due", len(due))
	}
	sent, err := b.Variant(b.ctx, due[0].Variant)
	b.must(err)
	if sent.Key != "full" || sent.Text != "…" {
		t.Errorf("readers get %+v", sent)
	}
}

func subjectAgain(t *testing.T, b *bench) {
	ids := b.put(3)
	for number, subject := range []string{"Le sujet", "Un autre", "Le sujet"} {
		p := b.publication(number+1, ids[number])
		p.Content.Subject, p.Variants[0].Subject = subject, subject
		_, err := b.Publish(b.ctx, p)
		b.must(err)
	}
	for _, test := range []struct {
		newsletter, subject string
		below, want         int
	}{
		{"hebdo", "Le sujet", 4, 3}, {"hebdo", "Le sujet", 3, 1}, {"hebdo", "Le sujet", 1, 0}, {"hebdo", "Le suje", 4, 0}, {"quotidien", "Le sujet", 4, 0},
		{"hebdo", "LE  SUJET\u00a0!", 4, 3}, {"hebdo", "« Le sujet »", 3, 1}, {"hebdo", "Les sujets", 4, 0}, {"hebdo", "?!", 4, 0},
	} {
		got, err := b.EditionWithSubject(b.ctx, test.newsletter, test.subject, test.below)
		b.must(err)
		if got != test.want {
			t.Errorf("%s below %d with %q: edition %d, want %d", test.newsletter, test.below, test.subject, got, test.want)
		}
	}
}
