package digest_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// foresaw fails where a slot has other verdicts on record than were foreseen just before it was decided.
func (h *house) foresaw(n newsletter.Newsletter, r newsletter.SlotRecord, foreseen, recorded []newsletter.Verdict) {
	if diff := cmp.Diff(asTold(n, foreseen), asTold(n, recorded)); diff != "" {
		h.Fatalf("%s: of slot %s of %s something else is recorded than was foreseen: %s", h.now, r.Slot, n.Name, diff)
	}
}

// asTold are verdicts with what people are told of their articles.
func asTold(n newsletter.Newsletter, verdicts []newsletter.Verdict) []newsletter.Verdict {
	told := make([]newsletter.Verdict, len(verdicts))
	for i, v := range verdicts {
		v.Candidate = newsletter.Candidate{
			Article: v.Article, URL: v.URL, Title: v.Title, Section: v.Section, Arrived: v.Arrived, Published: v.Dated(), Stance: v.Stance, Fresh: v.Fresh, Sister: v.Brought(n.Name),
		}
		told[i] = v
	}
	return told
}

// A slot is told as it was foreseen, whatever the settings are, and still so after all that happens to its articles later.
func TestWhy_recordsWhatWasForeseen(t *testing.T) {
	const rounds = 120
	h, random := onDisk(t), rand.New(rand.NewPCG(2026, 11))
	h.now = midnight(2026, time.September, 7)
	told := map[newsletter.EditionRef][]newsletter.Verdict{} // by newsletter and round
	slots := map[newsletter.EditionRef]newsletter.Slot{}
	for round := range rounds {
		h.now = h.now.Add(time.Duration(1+random.IntN(72)) * time.Hour)
		for range 1 + random.IntN(8) {
			h.something(random)
		}
		n := h.otherwise(random)
		d, slot := h.desk(n), newsletter.SlotAt(h.now.In(n.Zone))
		foreseen, err := d.Why(h.ctx, n, slot)
		h.must(err)
		r, err := d.Decide(h.ctx, n, digest.ScheduledSlot{Slot: slot, Due: h.now, Next: h.now.Add(day)}, h.now)
		h.must(err)
		recorded, err := d.Why(h.ctx, n, slot)
		h.must(err)
		h.foresaw(n, r, foreseen.Verdicts, recorded.Verdicts)
		ref := newsletter.EditionRef{Newsletter: n.Name, Number: round}
		told[ref], slots[ref] = asTold(n, foreseen.Verdicts), slot
	}
	seen := map[newsletter.Rule]int{}
	for ref, want := range told {
		n := h.newsletter(ref.Newsletter)
		recorded, err := h.desk(n).Why(h.ctx, n, slots[ref])
		h.must(err)
		if diff := cmp.Diff(want, asTold(n, recorded.Verdicts)); diff != "" {
			t.Errorf("slot %s of %s is told otherwise afterwards: %s", slots[ref], n.Name, diff)
		}
		for _, v := range want {
			seen[v.Rule]++
		}
	}
	for _, rule := range newsletter.Rules() {
		if seen[rule] == 0 {
			t.Errorf("no article is %s: %v", rule, seen)
		}
	}
}

// something happens to an article, or a new one comes.
func (h *house) something(random *rand.Rand) {
	one := happening{
		what: []string{
			"arrives", "arrives", "arrives", "arrives", "comes again", "is rewritten", "is rewritten", "is redated", "is hidden", "is pinned", "is excluded", "is to lead", "is filed", "a source is added",
		}[random.IntN(14)],
		article: random.IntN(1000), of: h.family[random.IntN(2)].Name, age: time.Duration(random.IntN(24*30)-24*5) * time.Hour,
		section: []string{"", "actualites", "guides", "prompts"}[random.IntN(4)],
	}
	if len(h.articles) == 0 || one.what != "is to lead" && one.what != "is filed" {
		h.happens(one)
		return
	}
	a := h.articles[one.article%len(h.articles)]
	if one.what == "is to lead" {
		h.take(h.newsletter(one.of), a, newsletter.StanceLead)
		return
	}
	a.Section = one.section
	h.must(h.file(a.ID, one.section))
}

// otherwise is a newsletter of the family under other settings.
func (h *house) otherwise(random *rand.Rand) newsletter.Newsletter {
	return reset(h.family[random.IntN(2)], random)
}

// reset gives a newsletter other settings.
func reset(n newsletter.Newsletter, random *rand.Rand) newsletter.Newsletter {
	n.Minimum = random.IntN(4)
	n.Lead = []newsletter.LeadRule{newsletter.LeadOrder, newsletter.LeadNewest}[random.IntN(2)]
	n.Sections = slices.Clone(n.Sections)
	for i := range n.Sections {
		s := &n.Sections[i]
		s.Quota, s.Minimum, s.Updated, s.Brief = 1+random.IntN(2), random.IntN(3), 20, random.IntN(4) == 0
	}
	random.Shuffle(len(n.Sections), func(i, j int) { n.Sections[i], n.Sections[j] = n.Sections[j], n.Sections[i] })
	if random.IntN(3) == 0 { // what it had of that section is no candidate
		n.Sections = n.Sections[1:]
	}
	return n
}

// Slots that are to come are foreseen one after the other, those of the sister among them, as they are decided then where nothing happens in between.
func TestWhy_foreseesWhatComesBefore(t *testing.T) {
	const rounds = 60
	h, random := onDisk(t), rand.New(rand.NewPCG(2026, 27))
	h.now = midnight(2026, time.September, 7)
	seen := map[newsletter.Rule]int{}
	for range rounds {
		h.now = h.now.Add(time.Duration(1+random.IntN(48)) * time.Hour)
		for range 1 + random.IntN(12) {
			h.something(random)
		}
		turns := h.turns(random)
		last := len(turns) - 1
		d := h.desk(turns[last].Newsletter)
		d.Turns = func(newsletter.Newsletter, time.Time, time.Time, int) ([]digest.Turn, bool) {
			return turns[:last], false
		}
		foreseen, err := d.Why(h.ctx, turns[last].Newsletter, turns[last].Slot)
		h.must(err)
		p, err := d.Preview(h.ctx, turns[last].Newsletter, turns[last].Due)
		h.must(err)
		for i, turn := range turns {
			h.now = turn.Due
			r, err := h.desk(turn.Newsletter).Decide(h.ctx, turn.Newsletter, digest.ScheduledSlot{Slot: turn.Slot, Due: turn.Due, Next: turn.Due.Add(day)}, turn.Due)
			h.must(err)
			if i == last {
				recorded, err := d.Why(h.ctx, turn.Newsletter, turn.Slot)
				h.must(err)
				h.foresaw(turn.Newsletter, r, foreseen.Verdicts, recorded.Verdicts)
				if p.Reason == r.Reason && p.Reason != "" {
					p.Number = 0
				}
				h.came(r, p.Number, p.Subject)
				for _, v := range recorded.Verdicts {
					seen[v.Rule]++
				}
			} else {
				h.came(r, foreseen.Before[i].Number, foreseen.Before[i].Subject)
			}
		}
	}
	for _, rule := range newsletter.Rules() {
		if seen[rule] == 0 {
			t.Errorf("no article is %s: %v", rule, seen)
		}
	}
}

// turns are some slots to come of the family, each of which has other settings by now.
func (h *house) turns(random *rand.Rand) (turns []digest.Turn) {
	family, due := []newsletter.Newsletter{reset(h.family[0], random), reset(h.family[1], random)}, h.now
	for range 2 + random.IntN(5) {
		due = due.Add(time.Duration(1+random.IntN(30)) * time.Hour)
		n := family[random.IntN(2)]
		turns = append(turns, digest.Turn{Newsletter: n, Slot: newsletter.SlotAt(due.In(n.Zone)), Due: due})
	}
	return turns
}

// came fails where a slot brought another edition than was foreseen, or one where none was.
func (h *house) came(r newsletter.SlotRecord, number int, subject string) {
	h.Helper()
	if r.Edition != number {
		h.Fatalf("%s: slot %s of %s brought edition %d, and %d was foreseen (%s)", h.now, r.Slot, r.Newsletter, r.Edition, number, r.Reason)
	}
	if number == 0 {
		return
	}
	same, err := h.stores[r.Newsletter].EditionWithSubject(h.ctx, r.Newsletter, subject, number+1)
	h.must(err)
	if same != number {
		h.Fatalf("slot %s of %s: the subject %q was foreseen, which edition %d does not have", r.Slot, r.Newsletter, subject, number)
	}
}
