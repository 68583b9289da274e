package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// What is foreseen is what comes: a row of the inbox that is one story with a stored article, or with another row, is known as that before it is collected.
func TestPreview_knowsStoriesThatWait(t *testing.T) {
	const text = "Le conseil municipal a voté lundi soir le budget de la nouvelle ligne de tramway, qui reliera la gare au port en dix-huit minutes à partir de 2029. " +
		"Les travaux commenceront au printemps par la place du marché, où deux cents places de stationnement disparaissent."
	const books = text + " La bibliothèque ferme le lundi."
	when := time.Now().Add(-2 * time.Hour).Truncate(time.Second)
	article := func(url, title, body string) newsletter.Article {
		return newsletter.Article{URL: "https://" + url, Title: title, Section: "actualites", Body: body, Published: when}
	}
	stored := article("www.g.example/tram/", "Le tram revient en ville lundi matin", text)
	for name, rows := range map[string][]newsletter.Article{
		"nothing":               nil,
		"another spelling":      {article("g.example/tram", stored.Title, text)},
		"its title":             {article("g.example/2026/tram", stored.Title, text)},
		"an update":             {article("www.g.example/tram/", "Le tram revient en ville mardi matin", text)},
		"two rows of one story": {article("g.example/b", "La bibliothèque ouvre le dimanche", books), article("g.example/b?utm_source=x", "La bibliothèque ouvre le dimanche", books), article("www.g.example/b", "La bibliothèque ouvre le dimanche", books)},
		"another site":          {article("ailleurs.example/tram", stored.Title, text)},
		"another story":         {article("g.example/piscine", "La piscine ferme pour trois mois de travaux", "Elle rouvrira au printemps.")},
	} {
		t.Run(name, func(t *testing.T) {
			a := sourced(t, "[newsletters.hebdo]\nsections=[{name=\"actualites\",title=\"Actualités\",quota=2}]\n")
			ctx, hebdo := t.Context(), a.Newsletters[0]
			for n, one := range []newsletter.Article{stored, article("www.g.example/marche", "Le marché déménage sur les quais", "Il y restera deux ans.")} {
				haul := collect.Taking{Source: "site", Declared: map[string]int{"site": 0}, Articles: []collect.Brought{{Article: one, Identity: fmt.Sprint(n)}}}
				if _, err := a.Store.TakeHaul(ctx, haul, when); err != nil {
					t.Fatal(err)
				}
			}
			for _, r := range rows {
				if err := a.Store.InboxAdd(ctx, []collect.Row{{URL: r.URL, Title: r.Title, Section: r.Section, Body: r.Body, Published: r.Published.Format(time.RFC3339)}}); err != nil {
					t.Fatal(err)
				}
			}
			p, err := a.Desk.Preview(ctx, hebdo, time.Time{})
			if err != nil || p.Uncompared {
				t.Fatal(p.Uncompared, err)
			}
			if waiting, err := a.Store.InboxWaiting(ctx, 0, 10); err != nil || len(waiting) != len(rows) {
				t.Fatalf("%d rows wait afterwards, %v", len(waiting), err)
			}
			r, err := a.Desk.Publish(ctx, hebdo)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(saidOf(r.Choice.Verdicts), saidOf(p.Verdicts)); diff != "" || r.Edition.Content.Subject != p.Subject {
				t.Errorf("what comes (-) and what was foreseen (+): %s%s, %s", diff, r.Edition.Content.Subject, p.Subject)
			}
		})
	}
}

// What an edition brought of a story is known of what an update will part from it.
func TestPreview_knowsWhatWillPart(t *testing.T) {
	a := sourced(t, "")
	ctx, hebdo := t.Context(), a.Newsletters[0]
	body := strings.Repeat("Le conseil municipal a voté lundi soir le budget de la nouvelle ligne de tramway. ", 6)
	offer := func(url, title string) {
		t.Helper()
		row := collect.Row{URL: "https://g.example/" + url, Title: title, Body: body, Published: time.Now().Add(-time.Hour).Format("2006-01-02")}
		if err := a.Store.InboxAdd(ctx, []collect.Row{row}); err != nil {
			t.Fatal(err)
		}
	}
	offer("x2", "Le tram revient")
	offer("a1", "Le tram revient")
	if r, err := a.Desk.Publish(ctx, hebdo); err != nil || !r.Published() {
		t.Fatal(r.Reason, err)
	}
	offer("a1", "Une tout autre annonce pour le parc")
	p, err := a.Desk.Preview(ctx, hebdo, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.Desk.Publish(ctx, hebdo)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(saidOf(r.Choice.Verdicts), saidOf(p.Verdicts)); diff != "" {
		t.Errorf("what comes (-) and what was foreseen (+): %s", diff)
	}
}

// saidOf is what verdicts say, by the addresses of their articles.
func saidOf(verdicts []newsletter.Verdict) map[string]string {
	said, urls := map[string]string{}, map[int64]string{}
	for _, v := range verdicts {
		urls[v.Article] = v.URL
	}
	for _, v := range verdicts {
		said[v.URL] = fmt.Sprintf("%s %d %q %s %q", v.Rule, v.Position, v.Title, urls[v.Original], v.By)
	}
	return said
}

// Many rows that wait are judged each by itself, and that is said.
func TestPreview_saysThatManyWait(t *testing.T) {
	a := sourced(t, "")
	rows := make([]collect.Row, 201)
	for n := range rows {
		rows[n] = collect.Row{URL: fmt.Sprintf("https://g.example/%d", n), Title: fmt.Sprintf("Titre %d", n)}
	}
	for _, some := range [][]collect.Row{rows[:200], rows[200:]} {
		if err := a.Store.InboxAdd(t.Context(), some); err != nil {
			t.Fatal(err)
		}
		want := len(some) == 1
		if p, err := a.Desk.Preview(t.Context(), a.Newsletters[0], time.Time{}); err != nil || p.Uncompared != want {
			t.Errorf("not compared: %v, %v; want %v", p.Uncompared, err, want)
		}
	}
}
