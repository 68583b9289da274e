package digest_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// sisters are a weekly newsletter, which recalls, and a daily one.
func sisters() (week, daily newsletter.Newsletter) {
	week, daily = weekly(), weekly()
	week.Sections = append(week.Sections, newsletter.Section{Name: "rappel", Title: "À ne pas manquer", Quota: 2, Recall: true})
	daily.Name = "quotidien"
	week.Sisters, daily.Sisters = []string{"quotidien"}, []string{"hebdo"}
	return week, daily
}

// shared are the stores of two sisters, which have the same articles.
func shared(now func() time.Time, articles ...newsletter.Candidate) (week, daily *memory) {
	week, daily = newMemory(now, articles...), newMemory(now)
	week.name, daily.name = "hebdo", "quotidien"
	week.sister, daily.sister = daily, week
	daily.articles, daily.leaders, daily.changed, daily.asked, daily.came = week.articles, week.leaders, week.changed, week.asked, week.came
	return week, daily
}

func TestFamily_bringsOnce(t *testing.T) {
	now := monday()
	clock := func() time.Time { return now }
	ofWeek, ofDay := shared(clock, article(1, "actualites", 1), article(2, "actualites", 2), article(3, "guides", 3))
	week, daily := sisters()
	slices.Reverse(week.Sections[1:]) // what is recalled stands before the guides
	publish := func(m *memory, n newsletter.Newsletter) digest.Result {
		t.Helper()
		now = now.Add(time.Hour)
		r, err := desk(m).Publish(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	publish(ofDay, daily)
	ofWeek.put(newsletter.Article{ID: 4, URL: "https://example.org/4", Title: "Titre 4", Section: "guides", Arrived: now})
	r := publish(ofWeek, week)
	want := []newsletter.Verdict{
		{Rule: newsletter.RuleNew}, {Rule: newsletter.RuleRecalled}, {Rule: newsletter.RuleRecalled}, {Rule: newsletter.RuleWaiting},
	}
	for i, article := range []int64{4, 1, 2, 3} {
		v := r.Choice.Verdicts[i]
		if v.Article != article || v.Rule != want[i].Rule || v.Edition != 0 {
			t.Errorf("verdict %d is %s of article %d, want %s of %d", i, v.Rule, v.Article, want[i].Rule, article)
		}
	}
	if by := r.Choice.Verdicts[1].Brought("hebdo").String(); by != "quotidien/1" {
		t.Errorf("recalled is what %s brought", by)
	}
	if r.Edition.Content.Lead.Article != 4 {
		t.Errorf("article %d leads, which readers know", r.Edition.Content.Lead.Article)
	}
	last := r.Edition.Content.Chapters[0]
	if last.Title != "À ne pas manquer" || len(last.Stories) != 2 || last.Stories[0].Section != "À ne pas manquer" || last.Stories[0].Updated {
		t.Errorf("what is recalled stands so: %+v", last)
	}
	for name, again := range map[string]digest.Result{"the week": publish(ofWeek, week), "the day": publish(ofDay, daily)} {
		for _, v := range again.Choice.Verdicts {
			if v.Rule.In() && v.Article != 3 {
				t.Errorf("%s brings article %d again: %s", name, v.Article, v.Rule)
			}
		}
	}
}

// What a weekly letter recalls leaves under another subject than the daily one had: they may stand beside each other.
func TestFamily_neverTheSubjectAgain(t *testing.T) {
	now := monday()
	ofWeek, ofDay := shared(func() time.Time { return now }, article(1, "actualites", 1))
	week, daily := sisters()
	for _, of := range []struct {
		m    *memory
		n    newsletter.Newsletter
		want string
	}{{ofDay, daily, "Titre 1"}, {ofWeek, week, "Titre 1 (n°\u00a01)"}} {
		now = now.Add(time.Hour)
		p, err := desk(of.m).Preview(t.Context(), of.n, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := desk(of.m).Publish(t.Context(), of.n)
		if err != nil || r.Edition.Content.Subject != of.want || p.Subject != of.want {
			t.Errorf("%s leaves as %q, previewed as %q, want %q; %v", of.n.Name, r.Edition.Content.Subject, p.Subject, of.want, err)
		}
	}
}

// What is recalled is not told twice: the update of an article belongs to the newsletter that brought it.
func TestFamily_updatesOnce(t *testing.T) {
	now := monday()
	clock := func() time.Time { return now }
	ofWeek, ofDay := shared(clock, article(1, "guides", 1))
	week, daily := sisters()
	for _, n := range []newsletter.Newsletter{week, daily} {
		n.Sections[1].Updated = 20
	}
	week.Sections[2].Updated = 20
	text := func(version int) {
		a := ofWeek.articles[1]
		a.Body = body(1, version)
		ofWeek.put(a)
		ofWeek.changed[1] = now
	}
	text(1)
	var told []newsletter.Rule
	publish := func(m *memory, n newsletter.Newsletter) {
		t.Helper()
		now = now.Add(time.Hour)
		r, err := desk(m).Publish(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, r.Choice.Verdicts[0].Rule)
	}
	publish(ofDay, daily)
	publish(ofWeek, week)
	text(2)
	publish(ofWeek, week)
	publish(ofDay, daily)
	publish(ofWeek, week)
	want := []newsletter.Rule{newsletter.RuleNew, newsletter.RuleRecalled, newsletter.RuleCarried, newsletter.RuleUpdated, newsletter.RuleCarried}
	if !slices.Equal(told, want) {
		t.Errorf("got %v, want %v", told, want)
	}
	if len(ofWeek.texts[1]) > 0 {
		t.Error("the text of what is recalled is kept, as if its update were to come")
	}
}

// What changed since the sister brought it says so in the recall, where it stands as any other that is recalled; her own readers are brought the update.
func TestFamily_recallSaysWhatWasUpdated(t *testing.T) {
	now := monday()
	ofWeek, ofDay := shared(func() time.Time { return now }, article(1, "guides", 1), article(2, "guides", 2))
	week, daily := sisters()
	daily.Sections[1].Updated, week.Sections[2].Updated = 20, 20
	text := func(id int64, version int) {
		a := ofWeek.articles[id]
		a.Body = body(id, version)
		ofWeek.put(a)
		ofWeek.changed[id] = now
	}
	publish := func(m *memory, n newsletter.Newsletter) (told []string) {
		t.Helper()
		now = now.Add(time.Hour)
		r, err := desk(m).Publish(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		says := make(map[int64]bool)
		for _, s := range r.Edition.Content.Stories() {
			says[s.Article] = s.Updated
		}
		for _, v := range r.Choice.Verdicts {
			told = append(told, fmt.Sprintf("%d %s %t", v.Article, v.Rule, says[v.Article]))
		}
		return told
	}
	text(1, 1)
	text(2, 1)
	publish(ofDay, daily)
	text(2, 2)
	if got, want := publish(ofWeek, week), []string{"1 recalled false", "2 recalled true"}; !slices.Equal(got, want) {
		t.Errorf("the week tells %q, want %q", got, want)
	}
	if got, want := publish(ofDay, daily), []string{"2 updated true", "1 carried-by false"}; !slices.Equal(got, want) {
		t.Errorf("the day tells %q, want %q", got, want)
	}
}

// Of an article that both brought before they were a family, the one that did last brings the update.
func TestFamily_updatesByTheLatest(t *testing.T) {
	now := monday()
	ofWeek, ofDay := shared(at(now), article(1, "guides", 1))
	week, daily := sisters()
	for i, m := range []*memory{ofWeek, ofDay} {
		m.carried[1], m.told[1], m.texts[1] = 3, now.Add(time.Duration(i-5)*time.Hour), []string{chapter("a", 100)}
	}
	a := ofWeek.articles[1]
	a.Body = chapter("b", 100)
	ofWeek.put(a)
	ofWeek.changed[1] = now
	for _, of := range []struct {
		*memory
		newsletter.Newsletter
		want newsletter.Rule
	}{{ofWeek, week, newsletter.RuleCarried}, {ofDay, daily, newsletter.RuleUpdated}} {
		of.Sections[1].Updated = 20
		p, err := desk(of.memory).Preview(t.Context(), of.Newsletter, time.Time{})
		if err != nil || p.Verdicts[0].Rule != of.want {
			t.Errorf("%s: %s, %v", of.Name, p.Verdicts[0].Rule, err)
		}
	}
}

// A story that a sister brought is known, whichever of its articles.
func TestFamily_knowsStories(t *testing.T) {
	here, twin := article(1, "actualites", 1), article(2, "actualites", 1)
	twin.Leader = 1
	bySister(&twin)
	choice := digest.Choose(weekly(), []newsletter.Candidate{here, twin}, monday(), digest.Beginning{})
	if !choice.Empty() || choice.Count(newsletter.RuleDuplicate) != 1 || choice.Count(newsletter.RuleCarried) != 1 {
		t.Errorf("got %+v", choice.Verdicts)
	}
	bySister(&here)
	twin.Sister, twin.CarriedBy = newsletter.EditionRef{}, 3
	week, _ := sisters()
	if choice = digest.Choose(week, []newsletter.Candidate{here, twin}, monday(), digest.Beginning{}); !choice.Empty() {
		t.Errorf("what its own readers had is recalled: %+v", choice.Verdicts)
	}
}

// An edition of a sister between the choice and its publishing makes it choose anew.
func TestFamily_race(t *testing.T) {
	now := monday()
	ofWeek, ofDay := shared(at(now), article(1, "actualites", 1), article(2, "actualites", 2))
	week, daily := sisters()
	ofWeek.race = func(*memory) {
		if _, err := desk(ofDay).Publish(t.Context(), daily); err != nil {
			t.Error(err)
		}
	}
	r, err := desk(ofWeek).Publish(t.Context(), week)
	if err != nil {
		t.Fatal(err)
	}
	if r.Choice.Count(newsletter.RuleRecalled) != 2 || r.Choice.Count(newsletter.RuleNew) != 0 {
		t.Errorf("got %+v", r.Choice.Verdicts)
	}
}

// What an edition recalled has a verdict ever after, also where the newsletter has no section that the article names.
func TestFamily_recalledStaysKnown(t *testing.T) {
	now := monday()
	ofWeek, ofDay := shared(func() time.Time { return now }, article(1, "prompts", 1))
	week, daily := sisters()
	daily.Sections = append(daily.Sections, newsletter.Section{Name: "prompts", Title: "Prompts", Quota: 1})
	publish := func(m *memory, n newsletter.Newsletter) newsletter.Slot {
		t.Helper()
		now = now.Add(time.Hour)
		r, err := desk(m).Publish(t.Context(), n)
		if err != nil || !r.Published() {
			t.Fatal(r.Reason, err)
		}
		return r.Slot
	}
	publish(ofDay, daily)
	for slot, want := range map[newsletter.Slot]newsletter.Rule{publish(ofWeek, week): newsletter.RuleRecalled, "": newsletter.RuleCarried} {
		e, err := desk(ofWeek).Why(t.Context(), week, slot)
		if err != nil || len(e.Verdicts) != 1 || e.Verdicts[0].Rule != want {
			t.Errorf("in slot %q: %+v, %v; want %s", slot, e.Verdicts, err, want)
		}
	}
	_, err := desk(ofWeek).Take(t.Context(), week, newsletter.StancePinned, []int64{1})
	if u, is := errors.AsType[digest.Unfit](err); !is || u.Brought("hebdo").String() != "hebdo/1" {
		t.Errorf("pinned once more: %v", err)
	}
}
