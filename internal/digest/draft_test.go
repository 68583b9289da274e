package digest_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

func blocking(what string) preflight.Finding {
	return preflight.Finding{
		Severity: preflight.Blocks, Rule: "alt-missing", Place: preflight.Place{Part: preflight.InHTML, Line: 12, Story: "Titre 1"}, What: what, Cure: "give it one",
	}
}

func flaw() preflight.Finding {
	return preflight.Finding{Severity: preflight.Warns, Rule: "subject-long", Place: preflight.Place{Part: preflight.InSubject}, What: "it is long", Cure: "shorten it"}
}

// A letter that preflight blocks is not frozen; its slot stays due, is told of once, and is published once the letter is mended.
func TestDecide_blocked(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	d := desk(m)
	look := &inspector{findings: []preflight.Finding{blocking("the picture has no alt"), blocking("nor this"), flaw()}}
	d.Inspector = look
	record, err := d.Decide(t.Context(), weekly(), due(), monday())
	if blocked, ok := errors.AsType[digest.Blocked](err); !ok || len(blocked) != 2 {
		t.Fatalf("%v", err)
	}
	const reason = "preflight blocks its letter: the picture has no alt, in HTML, line 12, story “Titre 1” (and 1 more)"
	if record.State != newsletter.SlotFailed || record.Reason != reason || len(m.editions) != 0 {
		t.Errorf("%+v, %d editions", record, len(m.editions))
	}
	if _, err := d.Decide(t.Context(), weekly(), due(), monday().Add(time.Minute)); err == nil || len(m.notices) != 1 {
		t.Fatalf("%v, %d notices", err, len(m.notices))
	}
	for _, want := range []string{
		"The edition of hebdo due in slot 2026-10-26T07:00 did not leave: 2 things in it would harm its readers.\n",
		"tried again each minute until 2026-10-26 13:00 CET", "facteur preflight", "nor this\n  where: HTML, line 12, story “Titre 1”\n  cure: give it one\n",
	} {
		if !strings.Contains(m.notices[0].Text, want) {
			t.Errorf("the notice does not say %q:\n%s", want, m.notices[0].Text)
		}
	}
	look.findings = nil
	record, err = d.Decide(t.Context(), weekly(), due(), monday().Add(2*time.Minute))
	if err != nil || record.State != newsletter.SlotPublished || len(m.editions) != 1 || len(m.editions[0].Content.Stories()) != 1 {
		t.Errorf("%+v, %v", record, err)
	}
}

func TestDecide_blockedForTooLong(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	d := desk(m)
	d.Inspector = &inspector{findings: []preflight.Finding{blocking("the picture has no alt")}}
	if _, err := d.Decide(t.Context(), weekly(), due(), monday()); err == nil {
		t.Fatal("it left")
	}
	record, err := d.Decide(t.Context(), weekly(), due(), monday().Add(24*time.Hour))
	if err != nil || record.State != newsletter.SlotSkipped || !strings.HasPrefix(record.Reason, "it failed until it was too late: preflight blocks its letter: the picture has no alt") {
		t.Errorf("%+v, %v", record, err)
	}
}

// What only warns stops nothing, and is said in the log once.
func TestDecide_warnings(t *testing.T) {
	var log strings.Builder
	m := newMemory(at(monday()), article(1, "actualites", 1))
	d := desk(m)
	d.Inspector, d.Log = &inspector{findings: []preflight.Finding{flaw()}}, slog.New(slog.NewTextHandler(&log, nil))
	for range 2 {
		if record, err := d.Decide(t.Context(), weekly(), due(), monday()); err != nil || record.State != newsletter.SlotPublished {
			t.Fatalf("%+v, %v", record, err)
		}
	}
	if n := strings.Count(log.String(), "published with a flaw: it is long"); n != 1 || len(m.notices) != 0 {
		t.Errorf("%d times, %d notices:\n%s", n, len(m.notices), log.String())
	}
}

func TestPublish_blocked(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	d := desk(m)
	d.Inspector = &inspector{findings: []preflight.Finding{blocking("no"), flaw()}}
	if _, err := d.Publish(t.Context(), weekly()); err == nil || len(m.editions)+len(m.slots)+len(m.notices) != 0 {
		t.Fatalf("%v, %d editions, %d slots, %d notices", err, len(m.editions), len(m.slots), len(m.notices))
	}
	d.Inspector = &inspector{findings: []preflight.Finding{flaw()}}
	r, err := d.Publish(t.Context(), weekly())
	if err != nil || !r.Published() || len(r.Warnings) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A draft tells rows of the inbox as they are now, collects nothing and freezes nothing.
func TestDraft(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "actualites", 2))
	known := m.articles[2].URL
	m.inbox = []newsletter.Article{
		{URL: "https://example.org/new", Title: "Quoi de neuf", Body: "Le chapô."}, {URL: known, Title: "Titre mis à jour", Body: "Un autre chapô."},
	}
	d := desk(m)
	d.Inspector = &inspector{findings: []preflight.Finding{flaw()}}
	draft, err := d.Draft(t.Context(), weekly())
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, s := range draft.Content.Stories() {
		told[s.Title] = s.Summary
	}
	if len(told) != 3 || told["Quoi de neuf"] != "Le chapô." || told["Titre mis à jour"] != "Un autre chapô." || told["Titre 1"] == "" {
		t.Errorf("%v", told)
	}
	if draft.Number != 1 || len(draft.Findings) != 1 || !strings.Contains(draft.Letter.Letter.Text, "Quoi de neuf") {
		t.Errorf("%+v", draft)
	}
	if len(m.editions)+len(m.slots) != 0 || len(m.inbox) != 2 {
		t.Errorf("%d editions, %d slots, %d rows", len(m.editions), len(m.slots), len(m.inbox))
	}
}

func TestDraft_nothingOrBroken(t *testing.T) {
	m := newMemory(at(monday()))
	draft, err := desk(m).Draft(t.Context(), weekly())
	if err != nil || draft.Reason == "" || draft.Findings != nil {
		t.Errorf("%+v, %v", draft, err)
	}
	m = newMemory(at(monday()), article(1, "actualites", 1))
	d := desk(m)
	d.Renderer = press{err: errors.New("the letter is too long\nshorten it")}
	draft, err = d.Draft(t.Context(), weekly())
	if err != nil || len(draft.Findings) != 1 || draft.Findings[0].Rule != "letter-cannot-be-made" || draft.Findings[0].Cure != "shorten it" ||
		draft.Findings[0].Severity != preflight.Blocks {
		t.Errorf("%+v, %v", draft.Findings, err)
	}
}

// pages are a web in which some are not there.
type pages struct {
	gone            map[string]preflight.Failure
	reviewed, asked []string
}

func (p *pages) Review(_ context.Context, urls []string) error {
	p.reviewed = append(p.reviewed, urls...)
	return nil
}

func (p *pages) Ask(_ context.Context, urls []string) (map[string]preflight.Failure, error) {
	p.asked = append(p.asked, urls...)
	return p.gone, nil
}

// What the word and the advertisement lead to is looked for as the pages of stories are, each once, and told of with the letter.
func TestDraft_looksForEveryPage(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1))
	story := m.articles[1].URL
	m.words = map[string]*newsletter.Word{"hebdo": {Text: "Voir https://example.org/dossier et mailto:a@example.org et " + story}}
	m.sponsors = map[string]*newsletter.Sponsor{"hebdo": {For: "Librairie", Text: "https://librairie.example/essais https://example.org/dossier"}}
	d := desk(m)
	look := &inspector{}
	web := &pages{gone: map[string]preflight.Failure{"https://librairie.example/essais": {Reason: "its server answers 410 Gone", At: monday()}}}
	d.Inspector, d.Reviewer = look, web
	if _, err := d.Draft(t.Context(), weekly()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(web.reviewed, []string{story}) || !slices.Equal(web.asked, []string{"https://example.org/dossier", "https://librairie.example/essais"}) {
		t.Errorf("reviewed %q, asked %q", web.reviewed, web.asked)
	}
	if f := look.known.Links["https://librairie.example/essais"]; f.Reason == "" || len(look.known.Links) != 1 {
		t.Errorf("known of links is %+v", look.known.Links)
	}
}

// No two editions have one subject: where the lead has the title of an earlier one, or one that is cut alike, its number tells them apart, and the
// preview says the same.
func TestPublish_neverTheSubjectAgain(t *testing.T) {
	long := "Google prépare un partenariat stratégique avec Anthropic pour plusieurs milliards"
	m := newMemory(at(monday()))
	for _, tt := range []struct{ title, want string }{
		{"Le point de la semaine", "Le point de la semaine"},
		{"Le point de la semaine", "Le point de la semaine (n°\u00a02)"},
		{"Le point de la semaine", "Le point de la semaine (n°\u00a03)"},
		{long, "Google prépare un partenariat stratégique avec Anthropic…"},
		{long + " d’euros", "Google prépare un partenariat stratégique… (n°\u00a05)"},
		{"Le point de la semaine (n° 7)", "Le point de la semaine (n°\u00a07)"},
		{"Le point de la semaine", "(n°\u00a07) Le point de la semaine"},
		{"La chronique (n° 9)", "La chronique (n°\u00a09)"},
		{"La chronique (n° 9)", "(n°\u00a09) La chronique"},
		{"La chronique (n° 9)", "(n°\u00a010) La chronique (n°\u00a09)"},
		{"Les brèves du jour", "Les brèves du jour"},
		{"Les brèves du jour (n° 14)", "Les brèves du jour (n°\u00a014)"},
		{"(n° 14) Les brèves du jour", "(n°\u00a014) Les brèves du jour"},
		{"Les brèves du jour", "Les brèves… (n°\u00a014)"},
		{"(n° 16)", "(n°\u00a016)"},
		{"(n° 16)", "La lettre (n°\u00a016)"},
		{"Le n° d’été (n° 18), relu", "Le n°\u00a0d’été (n°\u00a018), relu"},
		{"Le n° d’été (n° 18), relu", "Le n°\u00a0d’été, relu (n°\u00a018)"},
	} {
		id := int64(len(m.articles) + 1)
		a := article(id, "actualites", 1)
		m.put(newsletter.Article{ID: id, URL: a.URL, Title: tt.title, Section: a.Section, Published: a.Published, Arrived: a.Arrived, Body: "Un chapô."})
		p, err := desk(m).Preview(t.Context(), weekly(), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := desk(m).Publish(t.Context(), weekly())
		if err != nil || len(r.Warnings) != 0 {
			t.Fatalf("%+v, %v", r.Warnings, err)
		}
		if got := r.Edition.Content.Subject; got != tt.want || p.Subject != got || utf8.RuneCountInString(got) > 60 {
			t.Errorf("edition %d is %q, previewed as %q, want %q", id, got, p.Subject, tt.want)
		}
	}
}

// What the store knows of the pages and the picture of stories is looked at with the letter, and the operator hears of a lead that
// leaves without its picture, beside what else there is to say.
func TestDecide_pictureMissing(t *testing.T) {
	m := newMemory(at(monday()), article(1, "actualites", 1), article(2, "guides", 2))
	for _, a := range m.articles {
		a.Picture = "https://site.example/photo.jpg"
		m.put(a)
		m.links = map[string]preflight.Failure{a.URL: {Reason: "its server answers 410 Gone", At: monday()}}
	}
	d := desk(m)
	look := &inspector{findings: []preflight.Finding{{
		Severity: preflight.Warns, Rule: preflight.PictureMissing, Place: preflight.Place{Part: preflight.InLetter, Story: "Titre 1"}, What: "it answers 404", Cure: "mend it",
	}}}
	d.Inspector = look
	if _, err := d.Decide(t.Context(), weekly(), due(), monday().Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	c := m.editions[0].Content
	if f := look.known.Pictures["https://site.example/photo.jpg"]; len(look.known.Pictures) != 1 || f.Story != c.Lead.Title || f.Reason == "" {
		t.Errorf("known of pictures is %+v", look.known.Pictures)
	}
	if len(look.known.Links) != 1 {
		t.Errorf("known of links is %+v", look.known.Links)
	}
	if len(m.notices) != 1 || !strings.Contains(m.notices[0].Subject, "is published late") ||
		!strings.Contains(m.notices[0].Text, "one picture is not in it") || !strings.Contains(m.notices[0].Text, "it answers 404\n  where: the letter, story “Titre 1”\n  cure: mend it\n") {
		t.Errorf("%+v", m.notices)
	}
}
