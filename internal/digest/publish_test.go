package digest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

func TestPublish_freezesWhatIsNew(t *testing.T) {
	now := monday().Add(20 * time.Second)
	m := newMemory(at(now), article(1, "actualites", 1), article(2, "guides", 2), article(3, "actualites", 3))
	m.inbox = []newsletter.Article{{
		URL: "https://example.org/new", Title: "Quoi de neuf ?", Summary: "Donné.", Body: "Trois mots ici", Author: "Rédaction", Language: "en",
	}}
	r, err := desk(m).Publish(t.Context(), weekly())
	if err != nil {
		t.Fatal(err)
	}
	if !r.Published() || r.Edition.Number != 1 || r.Slot != "2026-10-26T07:00+1" {
		t.Fatalf("%+v", r)
	}
	p := m.published[0]
	story := func(id int64, section, summary string) newsletter.Story {
		c := m.articles[id]
		return newsletter.Story{Article: id, URL: c.URL, Title: c.Title, Section: section, Summary: summary, Words: len(strings.Fields(c.Body))}
	}
	lead := newsletter.Story{
		Article: 1003, URL: "https://example.org/new", Title: "Quoi de neuf ?", Section: "Actualités", Summary: "Donné.",
		Author: "Rédaction", Language: "en", Words: 3,
	}
	want := newsletter.Content{
		Number: 1, Date: time.Date(2026, 10, 26, 7, 0, 0, 0, weekly().Zone),
		Subject: "Quoi de neuf?", Preheader: "Titre 1 · Titre 3 · Titre 2 · Donné. · La lettre",
		Lead: &lead,
		Chapters: []newsletter.Chapter{
			{Name: "actualites", Title: "Actualités", Stories: []newsletter.Story{
				story(1, "Actualités", "Chapô de Titre 1."), story(3, "Actualités", "Chapô de Titre 3."),
			}},
			{Name: "guides", Title: "Guides", Stories: []newsletter.Story{story(2, "Guides", "Chapô de Titre 2.")}},
		},
	}
	want.Subject = digest.Subject(lead.Title, "en")
	if diff := cmp.Diff(want, p.Content, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); diff != "" {
		t.Error(diff)
	}
	wantVariant := []newsletter.Variant{{
		Key: "full", Kind: newsletter.KindEdition, Subject: want.Subject,
		Text: "Quoi de neuf ?\nTitre 1\nTitre 3\nTitre 2\n", HTML: "<p>Quoi de neuf ?\nTitre 1\nTitre 3\nTitre 2\n",
	}}
	if diff := cmp.Diff(wantVariant, p.Variants); diff != "" {
		t.Error(diff)
	}
	if p.KeyID != 7 || !p.Approved.Equal(now) || p.Notice != nil || len(p.Verdicts) != 4 {
		t.Errorf("publication %+v", p)
	}
}

// A summary without a word is none.
func TestPublish_summariesHaveWords(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	a := m.articles[1]
	a.Summary = "…"
	m.put(a)
	r, err := desk(m).Publish(t.Context(), weekly())
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Edition.Content.Lead.Summary; got != a.Body {
		t.Errorf("the summary is %q, want the text's %q", got, a.Body)
	}
}

// A picture that is kept is frozen with its article's words; one that is not yet is left out, whatever comes of it later.
func TestPublish_pictures(t *testing.T) {
	now := monday().Add(20 * time.Second)
	m := newMemory(at(now), article(1, "actualites", 1), article(2, "actualites", 2), article(3, "guides", 3))
	for id, source := range map[int64]string{1: "https://example.org/1.jpg", 2: "https://example.org/2.jpg"} {
		a := m.articles[id]
		a.Picture, a.PictureAlt = source, "Ce qu’elle montre"
		m.put(a)
	}
	kept := newsletter.Picture{Name: "00112233445566778899aabbccddeeff.jpg", Width: 1200, Height: 800}
	m.pictures = map[string]newsletter.Picture{"https://example.org/1.jpg": kept}
	if _, err := desk(m).Publish(t.Context(), weekly()); err != nil {
		t.Fatal(err)
	}
	kept.Alt = "Ce qu’elle montre"
	for _, s := range m.published[0].Content.Stories() {
		if s.Article == 1 && (s.Picture == nil || *s.Picture != kept) || s.Article != 1 && s.Picture != nil {
			t.Errorf("article %d shows %+v", s.Article, s.Picture)
		}
	}
}

// A summary has as many lines as its place has, given or not: more under the lead, three elsewhere, one in brief sections.
func TestPublish_summaries(t *testing.T) {
	long := strings.Repeat("Une phrase de longueur moyenne. ", 30)
	run := strings.TrimSuffix(strings.Repeat("mot ", 100), " ")
	m := newMemory(at(monday()))
	for id, a := range []newsletter.Article{
		{Body: long}, {Summary: long}, {Summary: long[:500]}, {Summary: "Elle est courte."}, {Summary: run}, {Summary: long, Section: "breves"},
	} {
		a.ID, a.URL, a.Title = int64(id+1), fmt.Sprintf("https://example.org/%d", id+1), fmt.Sprint(id+1)
		a.Arrived, a.Published = monday(), monday().Add(-time.Duration(id)*time.Minute)
		m.put(a)
	}
	n := weekly()
	n.Sections[0].Quota = 9
	n.Sections = append(n.Sections, newsletter.Section{Name: "breves", Title: "En bref", Quota: 3, Brief: true})
	if _, err := desk(m).Publish(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	told := map[int64]string{}
	for _, s := range m.published[0].Content.Stories() {
		told[s.Article] = s.Summary
	}
	for id, want := range map[int64]struct {
		least, most int
		end         string
	}{1: {250, 280, "moyenne."}, 2: {180, 200, "moyenne."}, 3: {180, 200, "moyenne."}, 4: {16, 16, "courte."}, 5: {190, 200, "mot…"}, 6: {60, 75, "moyenne."}} {
		if n := utf8.RuneCountInString(told[id]); n < want.least || n > want.most || !strings.HasSuffix(told[id], want.end) {
			t.Errorf("summary of article %d: %d characters, want %d to %d: %q", id, n, want.least, want.most, told[id])
		}
	}
}

func TestPublish_nothingNew(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	d := desk(m)
	if _, err := d.Publish(t.Context(), weekly()); err != nil {
		t.Fatal(err)
	}
	r, err := d.Publish(t.Context(), weekly())
	if err != nil || r.Published() || !strings.Contains(r.Reason, "1 article judged, 1 carried-by") {
		t.Errorf("%+v, %v", r, err)
	}
	if len(m.slots) != 1 || len(m.editions) != 1 || len(m.notices) != 0 {
		t.Errorf("something was recorded: %v", m.slots)
	}
}

func TestPublish_countsExtraSlotsOfAMinute(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	d := desk(m)
	for i, want := range []newsletter.Slot{"2026-10-26T07:00+1", "2026-10-26T07:00+2"} {
		r, err := d.Publish(t.Context(), weekly())
		if err != nil || r.Slot != want || r.Edition.Number != i+1 {
			t.Fatalf("%+v, %v; want %s", r, err, want)
		}
		m.put(newsletter.Article{ID: 50, URL: "https://example.org/50", Title: "Encore", Arrived: monday()})
	}
}

func TestPublish_anotherWasFaster(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "guides", 1))
	m.race = func(m *memory) { // takes the number, the slot and one of the articles
		m.editions = append(m.editions, newsletter.Edition{Number: 1, Approved: monday()})
		m.slots["2026-10-26T07:00+1"] = newsletter.SlotRecord{Slot: "2026-10-26T07:00+1", State: newsletter.SlotPublished}
		m.carried[1] = 1
	}
	r, err := desk(m).Publish(t.Context(), weekly())
	if err != nil {
		t.Fatal(err)
	}
	if r.Edition.Number != 2 || r.Slot != "2026-10-26T07:00+2" || r.Edition.Content.Lead.Article != 2 || len(r.Edition.Content.Chapters) != 0 {
		t.Errorf("%+v", r.Edition)
	}
}

func TestPublish_errors(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	d := desk(m)
	d.Renderer = press{err: errors.New("template broken")}
	if _, err := d.Publish(t.Context(), weekly()); err == nil || !strings.Contains(err.Error(), "template broken") {
		t.Errorf("error %v", err)
	}
	m.collectErr = errDisk
	if _, err := desk(m).Publish(t.Context(), weekly()); !errors.Is(err, errDisk) {
		t.Errorf("error %v", err)
	}
	if len(m.slots) != 0 {
		t.Errorf("recorded %v", m.slots)
	}
}

func TestPublish_preheader(t *testing.T) {
	tests := []struct {
		name   string
		titles []string
		want   string
	}{
		{"second story", []string{"Un", "Un titre de la deuxième histoire, assez long", "Trois"}, "Un titre de la deuxième histoire, assez long"},
		{"short titles add up", []string{"Un", "Deux", "Trois"}, "Deux · Trois · Chapô de Un. · La lettre"},
		{"never the subject again", []string{"Un", "Un"}, "Chapô de Un. · La lettre"},
		{"not too long", []string{"Un", strings.Repeat("mots ", 40)}, strings.TrimSpace(strings.Repeat("mots ", 22)) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newMemory(at(monday()))
			for i, title := range tt.titles {
				m.put(newsletter.Article{ID: int64(i + 1), Title: title, Body: "Chapô de " + title + ".", Arrived: monday()})
			}
			r, err := desk(m).Publish(t.Context(), weekly())
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Edition.Content.Preheader; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPublish_saysAWordOnce(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	d, n := desk(m), weekly()
	for _, bad := range []newsletter.Word{{Text: " "}, {Text: "x\x00"}, {By: "Camille"}, {Text: "![](https://example.org/a.png)"}} {
		if err := d.Say(t.Context(), n, bad); !errors.Is(err, newsletter.ErrInvalid) {
			t.Errorf("%q gives %v", bad, err)
		}
	}
	if err := d.Say(t.Context(), n, newsletter.Word{Text: "\nBonjour.\n", By: " \u202eCamille "}); err != nil {
		t.Fatal(err)
	}
	want := newsletter.Word{Text: "Bonjour.", By: "Camille"}
	p, err := d.Preview(t.Context(), n, time.Time{})
	if err != nil || p.Word == nil || *p.Word != want {
		t.Errorf("previewed with %v (%v)", p.Word, err)
	}
	r, err := d.Publish(t.Context(), n)
	if err != nil || r.Edition.Content.Word == nil || *r.Edition.Content.Word != want {
		t.Errorf("published with %v (%v)", r.Edition.Content.Word, err)
	}
	m.put(newsletter.Article{ID: 2, URL: "https://example.org/2", Title: "Suite", Arrived: monday()})
	if r, err := d.Publish(t.Context(), n); err != nil || !r.Published() || r.Edition.Content.Word != nil {
		t.Errorf("said again: %v (%v)", r.Edition.Content.Word, err)
	}
	if err := d.Say(t.Context(), n, want); err != nil {
		t.Fatal(err)
	}
	if err := d.Say(t.Context(), n, newsletter.Word{}); err != nil || m.words[n.Name] != nil {
		t.Errorf("taken back: %v (%v)", m.words[n.Name], err)
	}
}

// A letter that has no room for everything is one of two variants, and the operator is told.
func TestPublish_tellsOfWhatTheLetterLeavesOut(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "actualites", 2), article(3, "guides", 3))
	d, n := desk(m), weekly()
	d.Renderer = press{most: 2}
	p, err := d.Preview(t.Context(), n, time.Time{})
	if err != nil || p.Beyond != 1 {
		t.Errorf("previewed with %d left out (%v)", p.Beyond, err)
	}
	r, err := d.Publish(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if e := r.Edition.Content; e.Beyond != 1 || len(e.Stories()) != 3 {
		t.Errorf("%d of %d stories are left out", e.Beyond, len(e.Stories()))
	}
	want := []newsletter.Variant{
		{Key: "full", Kind: newsletter.KindEdition, Subject: "Titre 1", Text: "cut", HTML: "<p>cut"},
		{Key: "page", Kind: newsletter.KindEdition, Subject: "Titre 1", Text: "Titre 1\nTitre 2\nTitre 3\n", HTML: "<p>Titre 1\nTitre 2\nTitre 3\n"},
	}
	if diff := cmp.Diff(want, m.variants); diff != "" {
		t.Error(diff)
	}
	if len(m.notices) != 1 || !strings.Contains(m.notices[0].Text, "has 2 of 3 articles") {
		t.Errorf("the operator is told %q", m.notices)
	}
}

// The articles of a brief section come last, whatever its place in the settings, and lead only where nothing else does.
func TestPublish_briefSectionsLast(t *testing.T) {
	n := weekly()
	n.Sections = []newsletter.Section{{Name: "breves", Title: "En bref", Quota: 5, Brief: true}, {Name: "guides", Title: "Guides", Quota: 5}}
	m := newMemory(at(monday()), article(1, "", 1), article(2, "guides", 2), article(3, "guides", 3)) // the first section takes what has none
	a := m.articles[1]
	a.Summary = strings.Repeat("Une phrase sans fin ", 12)
	m.put(a)
	r, err := desk(m).Publish(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	c := r.Edition.Content
	if c.Lead.Article != 2 || len(c.Chapters) != 2 || c.Chapters[0].Brief || !c.Chapters[1].Brief || c.Chapters[1].Title != "En bref" {
		t.Errorf("%+v", c)
	}
	if got := utf8.RuneCountInString(c.Chapters[1].Stories[0].Summary); got > 75 || got < 50 {
		t.Errorf("a line has %d characters: %q", got, c.Chapters[1].Stories[0].Summary)
	}
	if last := r.Choice.Sections[1]; last.Section.Name != "breves" || last.Candidates[0].Article != 1 {
		t.Errorf("the choice has %+v last", last)
	}
	if last := r.Choice.Verdicts[2]; last.Article != 1 || last.Position != 3 {
		t.Errorf("the verdict on the last story is %+v", last)
	}
	alone := newMemory(at(monday()), article(1, "breves", 1), article(2, "breves", 2))
	a = alone.articles[1]
	a.Summary = strings.Repeat("Une phrase sans fin ", 20)
	alone.put(a)
	r, err = desk(alone).Publish(t.Context(), n)
	if err != nil || r.Edition.Content.Lead.Article != 1 {
		t.Fatalf("with nothing but lines the lead is %+v (%v)", r.Edition.Content.Lead, err)
	}
	if got := utf8.RuneCountInString(r.Edition.Content.Lead.Summary); got > 280 || got < 250 {
		t.Errorf("under that lead are %d characters", got)
	}
}
