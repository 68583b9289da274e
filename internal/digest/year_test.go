package digest_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"facteur/internal/collect"
	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/schedule"
	"facteur/internal/sqlite"
)

// A plan is what happens to a family over some weeks.
type plan struct {
	begin      time.Time
	weeks      int
	off        time.Duration // after the beginning, for a week, the program is
	happenings []happening
}

type happening struct {
	after   time.Duration // the beginning
	what    string
	article int           // one of those that are there
	of      string        // the newsletter of which an editor decides
	section string        // of one that arrives
	age     time.Duration // of one that arrives, or is dated otherwise; below zero it is post-dated
}

// plans draws what happens over weeks from one of the beginnings.
func plans(weeks int, begin ...time.Time) *rapid.Generator[plan] {
	return rapid.Custom(func(t *rapid.T) plan {
		whole := weeks * 7 * 24
		minutes := rapid.Map(rapid.IntRange(0, 60*whole-1), func(n int) int { return n * 7919 % (60 * whole) }) // small numbers, which are drawn the most often, all over the weeks
		one := rapid.Custom(func(t *rapid.T) happening {
			return happening{
				after: time.Duration(minutes.Draw(t, "minute")) * time.Minute,
				what: rapid.SampledFrom([]string{
					"arrives", "arrives", "arrives", "arrives", "arrives", "arrives", "comes again", "comes again", "is rewritten", "is redated", "is hidden", "is pinned", "is excluded", "is published", "is cancelled", "a source is added",
				}).Draw(t, "what"),
				article: rapid.IntRange(0, 1000).Draw(t, "article"),
				of:      rapid.SampledFrom([]string{"hebdo", "quotidien"}).Draw(t, "of"),
				section: rapid.SampledFrom([]string{"actualites", "actualites", "guides", "prompts"}).Draw(t, "section"),
				age:     time.Duration(rapid.SampledFrom([]int{0, 0, 0, 1, 5, 60, 24 * 7, 24 * 10, 24 * 25, -1, -9, -24 * 12}).Draw(t, "hours")) * time.Hour,
			}
		})
		p := plan{
			begin: rapid.SampledFrom(begin).Draw(t, "begin"), weeks: weeks,
			off:        time.Duration(minutes.Draw(t, "off")) * time.Minute,
			happenings: rapid.SliceOfN(one, 7*weeks, 14*weeks).Draw(t, "happenings"),
		}
		slices.SortFunc(p.happenings, func(a, b happening) int { return cmp.Compare(a.after, b.after) })
		return p
	})
}

// A house is a family, its stores and what a stranger noted of its articles.
type house struct {
	rapid.TB
	ctx      context.Context
	now      time.Time
	family   []newsletter.Newsletter
	stores   map[string]digest.Store
	put      func(newsletter.Article, time.Time) int64 // with when its source was first asked, where it is of the first collection
	twin     func(article, leader int64)               // is one story with it
	hide     func(id int64)
	cancel   func(newsletter.EditionRef) // nil: the store does not know how
	file     func(article int64, section string) error
	articles []*noted
	editions map[string][]*issued        // by newsletter
	begun    map[string]digest.Beginning // by newsletter
}

// noted is what a stranger knows of an article.
type noted struct {
	newsletter.Article
	*story
	came    time.Time // by what it was dated then
	asked   time.Time // of the first collection of a source, when that was first asked
	version int
	stance  map[string]newsletter.Stance // by newsletter
	offered map[string]bool              // by newsletter, whether it was held back for want of room or of others
}

// A story is told by one of its articles.
type story struct {
	articles []*noted // the first leads
	told     []telling
}

// A telling is an article in an edition.
type telling struct {
	of      string
	number  int
	rule    newsletter.Rule
	version int
}

// An issued edition is one that may be cancelled, unless it ended what an editor wanted in.
type issued struct {
	number int
	spent  bool
}

// housed is a family of two whose slots lie where the clocks change.
func housed(tb rapid.TB) *house {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		tb.Fatal(err)
	}
	week, daily := sisters()
	week.Zone, daily.Zone = zone, zone
	week.Schedule, daily.Schedule = "0 3 * * 0", "30 2 * * *"
	week.Minimum, daily.Horizon = 3, 9*day
	week.Sections = append(week.Sections, newsletter.Section{Name: "prompts", Title: "Prompts", Quota: 1})
	week.FirstHorizon, daily.FirstHorizon = 8*day, 2*day
	week.Sections[1].Updated, daily.Sections[1].Updated = 20, 20
	daily.Sections[0].Quota, daily.Sections[1].Quota = 1, 1
	return &house{TB: tb, ctx: context.Background(), family: []newsletter.Newsletter{daily, week}, begun: map[string]digest.Beginning{}, editions: map[string][]*issued{}}
}

func inMemory(tb rapid.TB) *house {
	h := housed(tb)
	week, daily := shared(h.clock)
	h.stores = map[string]digest.Store{"hebdo": week, "quotidien": daily}
	h.put = func(a newsletter.Article, asked time.Time) int64 {
		if a.ID == 0 {
			a.ID = int64(len(week.articles) + 1)
		}
		week.changed[a.ID], week.asked[a.ID] = h.now, asked
		if before := week.articles[a.ID]; week.came[a.ID].IsZero() && !before.Published.Equal(a.Published) {
			week.came[a.ID] = before.Published
		}
		week.put(a)
		return a.ID
	}
	h.twin = func(article, leader int64) { week.leaders[article] = leader }
	h.hide = func(id int64) {
		a := week.articles[id]
		a.Hidden = true
		week.put(a)
	}
	return h
}

func onDisk(t *testing.T) *house {
	h := housed(t)
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "facteur.db"), sqlite.Options{Create: true, Hash: func(s string) []byte { return []byte(s) }})
	h.must(err)
	t.Cleanup(func() { h.must(store.Close()) })
	h.must(store.EnsureNewsletters(t.Context(), []string{"hebdo", "quotidien"}))
	h.stores = map[string]digest.Store{"hebdo": store, "quotidien": store}
	h.put = putFromSources(h, store)
	h.twin = func(article, leader int64) { h.must(store.MergeArticles(t.Context(), leader, article)) }
	h.hide = func(id int64) { h.must(store.HideArticle(t.Context(), id, true, h.now)) }
	h.file = func(article int64, section string) error {
		return store.FileArticles(t.Context(), []int64{article}, section)
	}
	h.cancel = func(ref newsletter.EditionRef) {
		_, err := store.Cancel(t.Context(), ref, func(int) {})
		h.must(err)
	}
	return h
}

// putFromSources stores what comes as of the source that was added last, and what that has at first as of its first collection.
func putFromSources(h *house, store *sqlite.Store) func(newsletter.Article, time.Time) int64 {
	added, by := time.Time{}, map[string]string{} // which source brought an address
	latest := func() string { return "site-" + strconv.FormatInt(added.Unix(), 10) }
	settle := func(tried, succeeded time.Time) {
		h.must(store.SettleSource(h.ctx, collect.SourceState{Name: latest(), Tried: tried, Succeeded: succeeded}, "hebdo", nil))
	}
	return func(a newsletter.Article, asked time.Time) int64 {
		if comes := a.ID == 0; comes && !asked.IsZero() {
			if !added.Equal(h.now) {
				added = h.now
				settle(asked, time.Time{})
			}
			by[a.URL] = latest()
			defer settle(h.now, h.now)
		} else if comes && !added.IsZero() && added.Before(h.now) {
			by[a.URL] = latest()
		}
		if by[a.URL] == "" {
			puts, err := store.PutArticles(h.ctx, []newsletter.Article{a}, h.now)
			h.must(err)
			return puts[0].Article
		}
		puts, err := store.TakeHaul(h.ctx, collect.Taking{Source: by[a.URL], Articles: []collect.Brought{{Article: a}}}, h.now)
		h.must(err)
		return puts[0].Article
	}
}

func (h *house) clock() time.Time { return h.now }

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// desk is the one of a newsletter. Nothing waits in the inbox: what arrives is stored at once.
func (h *house) desk(n newsletter.Newsletter) *digest.Desk {
	d := desk(newMemory(h.clock))
	d.Store = h.stores[n.Name]
	return d
}

func (h *house) newsletter(name string) newsletter.Newsletter {
	return h.family[slices.IndexFunc(h.family, func(n newsletter.Newsletter) bool { return n.Name == name })]
}

// live lets a plan happen, decides the slots as they come due, and holds each decision against what was noted.
func (h *house) live(p plan) {
	end := p.begin.AddDate(0, 0, 7*p.weeks)
	back := p.begin.Add(p.off + 7*day)
	instants := []time.Time{p.begin, back, end}
	for _, one := range p.happenings {
		instants = append(instants, p.begin.Add(one.after))
	}
	for _, n := range h.family {
		for _, due := range h.times(n).Between(newsletter.SlotAt(p.begin.In(n.Zone)), end, n.Zone) {
			instants = append(instants, due)
		}
	}
	slices.SortFunc(instants, time.Time.Compare)
	for _, h.now = range instants {
		off := h.now.After(p.begin.Add(p.off)) && h.now.Before(back)
		for len(p.happenings) > 0 && !off && !h.now.Before(p.begin.Add(p.happenings[0].after)) {
			h.happens(p.happenings[0])
			p.happenings = p.happenings[1:]
		}
		for _, n := range h.family {
			if !off {
				h.decide(n)
			}
		}
	}
	h.decidedAll(newsletter.SlotAt(p.begin.In(h.family[0].Zone)), end)
}

func (h *house) times(n newsletter.Newsletter) schedule.Specification {
	spec, err := schedule.Parse(n.Schedule)
	h.must(err)
	return spec
}

func (h *house) happens(one happening) {
	switch one.what {
	case "arrives":
		h.arrives(one, &story{}, time.Time{})
		return
	case "a source is added": // it was not there yesterday, and has what came out long before
		for _, hours := range []int{60, 24 * 9, 24 * 12} {
			one.age = time.Duration(hours) * time.Hour
			h.arrives(one, &story{}, h.now.Add(-26*time.Hour))
		}
		return
	}
	n := h.newsletter(one.of)
	if one.what == "is published" {
		r, err := h.desk(n).Publish(h.ctx, n)
		h.must(err)
		if r.Published() {
			h.judge(n, r.Choice.Verdicts, r.Edition.Number)
			h.begins(n, digest.Beginning{Slot: r.Slot.In(n.Zone), Edition: h.now})
		}
		return
	}
	if one.what == "is cancelled" {
		h.cancels(n)
		return
	}
	if len(h.articles) == 0 {
		return
	}
	a := h.articles[one.article%len(h.articles)]
	switch one.what {
	case "comes again":
		h.arrives(one, a.story, time.Time{})
		h.twin(int64(len(h.articles)), a.story.articles[0].ID)
	case "is rewritten":
		a.version++
		a.Title, a.Body = fmt.Sprintf("Titre %d, revu", a.ID), body(a.ID, a.version)
		h.put(a.Article, a.asked)
	case "is redated":
		a.Published = h.now.Add(-one.age)
		h.put(a.Article, a.asked)
	case "is hidden":
		a.Hidden = true
		h.hide(a.ID)
	case "is pinned":
		h.take(n, a, newsletter.StancePinned)
	case "is excluded":
		h.take(n, a, newsletter.StanceExcluded)
	}
}

// cancels takes back the latest edition, of which no letter has left; not the first, by which the back catalogue is told.
func (h *house) cancels(n newsletter.Newsletter) {
	all := h.editions[n.Name]
	if h.cancel == nil || len(all) < 2 || all[len(all)-1].spent {
		return
	}
	latest := all[len(all)-1]
	h.editions[n.Name] = all[:len(all)-1]
	h.cancel(newsletter.EditionRef{Newsletter: n.Name, Number: latest.number})
	for _, a := range h.articles {
		a.told = slices.DeleteFunc(a.told, func(t telling) bool { return t.of == n.Name && t.number == latest.number })
	}
}

func (h *house) arrives(one happening, of *story, asked time.Time) {
	number := len(h.articles) + 1
	a := newsletter.Article{
		URL: fmt.Sprintf("https://example.org/%d", number), Title: fmt.Sprintf("Titre %d", number), Section: one.section,
		Body: body(int64(number), 1), Published: h.now.Add(-one.age).Truncate(time.Second), Arrived: h.now,
	}
	a.ID = h.put(a, asked)
	n := &noted{Article: a, story: of, came: a.Published, asked: asked, version: 1, stance: map[string]newsletter.Stance{}, offered: map[string]bool{}}
	h.articles, of.articles = append(h.articles, n), append(of.articles, n)
}

func (h *house) take(n newsletter.Newsletter, a *noted, s newsletter.Stance) {
	_, err := h.desk(n).Take(h.ctx, n, s, []int64{a.ID})
	if _, unfit := errors.AsType[digest.Unfit](err); unfit {
		return
	}
	h.must(err)
	for _, m := range a.articles { // the latest word on a story counts
		delete(m.stance, n.Name)
	}
	a.stance[n.Name] = s
}

// decide decides what is due of a newsletter, as the program does.
func (h *house) decide(n newsletter.Newsletter) {
	d := h.desk(n)
	since, err := d.Since(h.ctx, n)
	h.must(err)
	var due []digest.ScheduledSlot
	for slot, at := range h.times(n).Between(since, h.now, n.Zone) {
		due = append(due, digest.ScheduledSlot{Slot: slot, Due: at})
	}
	if due == nil {
		return
	}
	foreseen, err := d.Why(h.ctx, n, "")
	h.must(err)
	records, err := d.Missed(h.ctx, n, due, h.now)
	h.must(err)
	for _, r := range records {
		recorded, err := d.Why(h.ctx, n, r.Slot)
		h.must(err)
		if verdicts := recorded.Verdicts; len(verdicts) > 0 {
			h.foresaw(n, r, foreseen.Verdicts, verdicts)
			h.judge(n, verdicts, r.Edition)
		}
		begun := digest.Beginning{Slot: r.Slot.In(n.Zone)}
		if r.State == newsletter.SlotPublished {
			begun.Edition = r.Decided
		}
		h.begins(n, begun)
	}
}

// begins notes the first slot of a newsletter and its first edition.
func (h *house) begins(n newsletter.Newsletter, with digest.Beginning) {
	begun := h.begun[n.Name]
	if begun.Slot.IsZero() || with.Slot.Before(begun.Slot) { // one that was missed is recorded behind one made by hand
		begun.Slot = with.Slot
	}
	if begun.Edition.IsZero() {
		begun.Edition = with.Edition
	}
	h.begun[n.Name] = begun
}

// judge holds verdicts against what was noted, and notes what the edition brought; its number is 0 where there is none.
func (h *house) judge(n newsletter.Newsletter, verdicts []newsletter.Verdict, number int) {
	edition, in := &issued{number: number}, map[int64]bool{}
	if number > 0 {
		h.editions[n.Name] = append(h.editions[n.Name], edition)
	}
	for _, v := range verdicts {
		in[v.Article] = v.Rule.In()
	}
	h.lost(n, in)
	for _, v := range verdicts {
		a := h.articles[v.Article-1]
		switch v.Rule {
		case newsletter.RuleWaiting, newsletter.RuleBelowMinimum:
			a.offered[n.Name] = a.offered[n.Name] || !v.Stance.In()
		case newsletter.RuleTooOld:
			if a.offered[n.Name] && !a.Published.Before(h.now.Add(-n.Horizon)) {
				h.Fatalf("%s: %s calls article %d too old, which it had offered: %+v", h.now, n.Name, a.ID, a.Article)
			}
		}
		if !v.Rule.In() {
			continue
		}
		h.twice(n, a, v.Rule)
		if v.Rule == newsletter.RuleNew && h.isBackCatalogue(n, a) {
			h.Fatalf("%s: %s brings article %d of a back catalogue: %+v", h.now, n.Name, a.ID, a)
		}
		a.told = append(a.told, telling{of: n.Name, number: number, rule: v.Rule, version: a.version})
		for _, m := range a.articles {
			if m.stance[n.Name].In() {
				delete(m.stance, n.Name)
				edition.spent = true
			}
		}
	}
}

// twice fails where an edition brings what readers of the family had on the same terms.
func (h *house) twice(n newsletter.Newsletter, a *noted, rule newsletter.Rule) {
	for _, before := range a.told {
		switch {
		case before.of == n.Name && rule != newsletter.RuleUpdated:
			h.Fatalf("%s: %s brings article %d a second time: %v, now %s", h.now, n.Name, a.ID, a.told, rule)
		case rule == newsletter.RuleRecalled && n.Name == "quotidien", (rule == newsletter.RuleRecalled) == (before.rule == newsletter.RuleRecalled) && before.version == a.version:
			h.Fatalf("%s: %s brings readers of the family article %d a second time: %v, now %s", h.now, n.Name, a.ID, a.told, rule)
		}
	}
	if (rule == newsletter.RuleUpdated || rule == newsletter.RuleRecalled) != (len(a.told) > 0) || a.Hidden || a.isExcluded(n.Name) || a.Published.After(h.now) {
		h.Fatalf("%s: %s brings article %d as %s: %+v", h.now, n.Name, a.ID, rule, a)
	}
	if len(a.told) == 0 && a.waits(n, h.now) {
		h.Fatalf("%s: %s brings article %d in the place of one that is pinned and waits for its date: %+v", h.now, n.Name, a.ID, a)
	}
}

// lost fails where a story that nobody had is out, though one of its articles is in time and there is room for it.
func (h *house) lost(n newsletter.Newsletter, in map[int64]bool) {
	owed, brought := map[string][]*noted{}, map[string][]*noted{}
	fit, possible := map[string]int{}, 0
	for _, a := range h.articles {
		section, listed := n.Section(a.Section)
		if in[a.ID] && (len(a.told) == 0 || a.isWanted(n.Name)) { // what was told goes behind, unless it is pinned
			brought[section.Name] = append(brought[section.Name], a)
		}
		inTime := a.stance[n.Name].In() || !a.Published.Before(h.now.Add(-n.Horizon)) && !h.isBackCatalogue(n, a)
		if !listed || len(a.told) > 0 || a.Hidden || a.isExcluded(n.Name) || a.waits(n, h.now) || a.Published.After(h.now) || !inTime {
			continue
		}
		if alone := len(a.articles) == 1; alone && fit[section.Name] < section.Quota {
			fit[section.Name]++
			possible++
		}
		if !slices.ContainsFunc(a.articles, func(m *noted) bool { return in[m.ID] }) {
			owed[section.Name] = append(owed[section.Name], a)
		}
	}
	for _, s := range n.Sections {
		for _, out := range owed[s.Name] {
			if len(brought[s.Name]) >= s.Quota && !slices.ContainsFunc(brought[s.Name], func(b *noted) bool { return !before(b, out, n.Name) }) {
				continue
			}
			if possible >= n.Minimum {
				h.Fatalf("%s: %s loses article %d, %+v", h.now, n.Name, out.ID, out.Article)
			}
		}
	}
}

// isWanted reports an article that is pinned, or goes in the place of one of its story that is and was hidden.
func (n *noted) isWanted(of string) bool {
	return n.stance[of].In() || slices.ContainsFunc(n.articles, func(m *noted) bool { return m.Hidden && m.stance[of].In() })
}

// isExcluded reports a story of which an article is.
func (s *story) isExcluded(of string) bool {
	return slices.ContainsFunc(s.articles, func(m *noted) bool { return m.stance[of] == newsletter.StanceExcluded })
}

// waits reports a story of which the article that is pinned is yet to come.
func (s *story) waits(n newsletter.Newsletter, now time.Time) bool {
	return slices.ContainsFunc(s.articles, func(m *noted) bool {
		_, listed := n.Section(m.Section)
		return listed && m.stance[n.Name].In() && !m.Hidden && m.Published.After(now)
	})
}

// isBackCatalogue reports what no slot could have brought when it was fresh, what edition n° 1 left at home, and what was old when its source was added.
func (h *house) isBackCatalogue(n newsletter.Newsletter, a *noted) bool {
	begun, limit := h.begun[n.Name], a.Published.Add(n.FirstHorizon)
	if came := a.came.Add(n.FirstHorizon); came.After(limit) {
		limit = came
	}
	if !begun.Edition.IsZero() && a.Arrived.After(begun.Edition) {
		return a.asked.After(limit)
	}
	return a.Arrived.After(limit) && (begun.Slot.IsZero() || begun.Slot.After(limit))
}

// before reports that an article goes before another: pinned, or not older.
func before(a, b *noted, name string) bool {
	return a.isWanted(name) || !b.isWanted(name) && !a.Published.Before(b.Published)
}

// decidedAll fails where a slot was passed over without a word.
func (h *house) decidedAll(begun newsletter.Slot, end time.Time) {
	for _, n := range h.family {
		for slot := range h.times(n).Between(begun, end, n.Zone) {
			r, err := h.stores[n.Name].SlotRecord(h.ctx, n.Name, slot)
			h.must(err)
			if r.State == newsletter.SlotSkipped && r.Reason == "" || r.State == newsletter.SlotFailed {
				h.Fatalf("%s: slot %s is %s: %s", n.Name, slot, r.State, r.Reason)
			}
		}
	}
}

// body is a text of which no two words in a row are those of another article, or version.
func body(id int64, version int) string {
	var b strings.Builder
	for i := range 70 {
		fmt.Fprintf(&b, "mot%d-%d-%d ", id, version, i)
	}
	return b.String() + "."
}

func midnight(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

func TestFamily_weeks(t *testing.T) {
	some := plans(2, midnight(2026, time.March, 23), midnight(2026, time.June, 1), midnight(2026, time.October, 19))
	rapid.Check(t, func(t *rapid.T) { inMemory(t).live(some.Draw(t, "plan")) })
}

func TestFamily_year(t *testing.T) {
	h := inMemory(t)
	h.live(plans(52, midnight(2026, time.January, 5)).Example(1))
	h.sawAll()
}

// The database keeps what the year in memory relies on, and gives back what an edition had that is cancelled.
func TestFamily_stored(t *testing.T) {
	for seed := range 4 {
		h := onDisk(t)
		h.live(plans(9, midnight(2026, time.September, 7)).Example(seed))
	}
}

// sawAll fails where a rule that brings articles brought none, so that nothing was shown of it.
func (h *house) sawAll() {
	told := map[newsletter.Rule]int{}
	for _, a := range h.articles {
		for _, one := range a.told {
			told[one.rule]++
		}
	}
	for _, rule := range newsletter.Rules() {
		if rule.In() && told[rule] == 0 {
			h.Errorf("no article is %s: %v", rule, told)
		}
	}
}
