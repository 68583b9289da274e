package digest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
)

// chapter is a text of n words of its own.
func chapter(of string, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("%s%d", of, i)
	}
	return strings.Join(words, " ") + "."
}

// A guide comes back once its text is new to the part that its section asks for, says so, and is held against all that was carried.
func TestPublish_bringsBackWhatWasUpdated(t *testing.T) {
	now := monday()
	m := newMemory(func() time.Time { return now }, article(1, "guides", 1), article(2, "actualites", 1))
	n := weekly()
	n.Sections[1].Updated = 20
	text := func(id int64, body string) {
		a := m.articles[id]
		a.Body = body
		m.put(a)
		m.changed[id] = now
	}
	text(1, chapter("a", 100))
	text(2, chapter("a", 100))
	publish := func(want ...string) {
		t.Helper()
		now = now.Add(day)
		r, err := desk(m).Publish(t.Context(), n)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range r.Choice.Verdicts {
			got = append(got, fmt.Sprintf("%d %s %d %d", v.Article, v.Rule, v.Edition, v.Fresh))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("edition %d: %s", len(m.editions), diff)
		}
		for _, s := range r.Edition.Content.Stories() {
			if s.Updated != (len(m.editions) > 1) || (s.Text != "") != (s.Article == 1) {
				t.Errorf("edition %d tells %+v", len(m.editions), s)
			}
		}
	}
	publish("2 new 0 0", "1 new 0 0")
	text(1, chapter("a", 100)+" "+chapter("b", 24)) // 19 of 100
	text(2, chapter("b", 100))                      // its section brings nothing back
	publish("1 carried-by 1 0", "2 carried-by 1 0")
	text(1, chapter("a", 100)+" "+chapter("b", 25))
	publish("1 updated 1 20", "2 carried-by 1 0")
	publish("1 carried-by 2 0", "2 carried-by 1 0")
	text(1, chapter("a", 100)+" "+chapter("b", 25)+" "+chapter("c", 30)) // 19 of 100 since edition 2
	publish("1 carried-by 2 0", "2 carried-by 1 0")
	text(1, chapter("d", 100))
	publish("1 updated 2 100", "2 carried-by 1 0")
	text(1, chapter("a", 100)) // it was away for an hour, and every reader has had it
	publish("1 carried-by 3 0", "2 carried-by 1 0")
	text(1, chapter("e", 100))
	now = now.Add(n.Horizon)
	publish("1 carried-by 3 0", "2 carried-by 1 0") // too long ago
}

// A row that offers a guide once more as it is changes nothing, however new its text once was.
func TestPreview_isNotMovedByTheSameAgain(t *testing.T) {
	m := newMemory(at(monday()), article(1, "guides", 1))
	n := weekly()
	n.Sections[1].Updated = 20
	m.carried[1], m.texts[1] = 3, []string{chapter("a", 100)}
	a := m.articles[1]
	a.Body, a.Tags = chapter("b", 100), []string{"ia"}
	m.put(a)
	m.changed[1] = monday().Add(-n.Horizon - time.Hour)
	foreseen := func() newsletter.Rule {
		t.Helper()
		m.inbox = []newsletter.Article{a}
		p, err := desk(m).Preview(t.Context(), n, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		return p.Verdicts[0].Rule
	}
	if rule := foreseen(); rule != newsletter.RuleCarried {
		t.Errorf("the same again is foreseen as %s", rule)
	}
	for name, other := range map[string]func(*newsletter.Article){
		"tags": func(a *newsletter.Article) { a.Tags = nil }, "picture": func(a *newsletter.Article) { a.Picture = "https://example.org/p.jpg" },
		"alt": func(a *newsletter.Article) { a.PictureAlt = "Un robot" }, "author": func(a *newsletter.Article) { a.Author = "Ana" },
		"summary": func(a *newsletter.Article) { a.Summary = "Court" }, "date": func(a *newsletter.Article) { a.Published = a.Published.Add(time.Second) },
		"title": func(a *newsletter.Article) { a.Title += " !" }, "canonical": func(a *newsletter.Article) { a.Canonical = "https://example.org/c" },
		"language": func(a *newsletter.Article) { a.Language = "en" }, "body": func(a *newsletter.Article) { a.Body += " Fin." },
	} {
		whole := a
		if other(&a); foreseen() != newsletter.RuleUpdated {
			t.Errorf("with another %s it does not come back", name)
		}
		a = whole
	}
}

// A row that waits in the inbox and updates a guide is foreseen.
func TestPreview_foreseesAnUpdateThatWaits(t *testing.T) {
	m := newMemory(at(monday()), article(1, "guides", 1))
	m.carried[1], m.texts[1] = 3, []string{chapter("a", 100)}
	n := weekly()
	n.Sections[1].Updated = 20
	m.inbox = []newsletter.Article{{URL: "https://example.org/1", Title: "Titre 1", Section: "guides", Body: chapter("b", 100)}}
	p, err := desk(m).Preview(t.Context(), n, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if v := p.Verdicts[0]; v.Rule != newsletter.RuleUpdated || v.Edition != 3 || v.Fresh != 100 {
		t.Errorf("foreseen is %+v", v)
	}
}
