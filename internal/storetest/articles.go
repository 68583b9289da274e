package storetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

func articleOnce(t *testing.T, b *bench) {
	a := b.article(1)
	for i, want := range []collect.Outcome{collect.Added, collect.Unchanged, collect.Updated} {
		if want == collect.Updated {
			a.Title = "Un autre titre"
		}
		b.later(time.Hour)
		puts, err := b.PutArticles(b.ctx, []newsletter.Article{a}, b.now)
		b.must(err)
		if puts[0].Outcome != want {
			t.Errorf("put %d is %s, want %s", i+1, puts[0].Outcome, want)
		}
	}
	stored, err := b.ArticleByURL(b.ctx, a.URL)
	b.must(err)
	if stored.Title != "Un autre titre" || stored.Arrived.After(b.now.Add(-2*time.Hour)) {
		t.Errorf("an update must change the text and keep the arrival: %+v", stored)
	}
}

func inboxKeeps(t *testing.T, b *bench) {
	b.must(b.InboxAdd(b.ctx, []collect.Row{{URL: "https://pandia.example/a/1", Title: "Un"}, {Title: "sans adresse"}}))
	rows, err := b.InboxWaiting(b.ctx, 0, 10)
	b.must(err)
	if len(rows) != 2 {
		t.Fatalf("%d rows wait, want 2", len(rows))
	}
	decisions := []collect.Decision{{Row: rows[0], Article: b.article(1)}, {Row: rows[1], Refused: "no address"}}
	for range 2 { // a second settling of the same rows changes nothing
		if _, err := b.InboxSettle(b.ctx, decisions, b.now); err != nil {
			t.Fatal(err)
		}
	}
	if rows, err := b.InboxWaiting(b.ctx, 0, 10); err != nil || len(rows) != 0 {
		t.Errorf("settled rows wait still: %v, %v", rows, err)
	}
	refused, err := b.InboxRefused(b.ctx, 10)
	b.must(err)
	if len(refused) != 1 || refused[0].Row != rows[1].ID || refused[0].Reason != "no address" {
		t.Errorf("refused: %+v", refused)
	}
	candidates, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	if len(candidates) != 1 {
		t.Errorf("%d candidates, want the accepted row's one", len(candidates))
	}
}

// inboxChanged decides on rows as they were before their program edited them.
func inboxChanged(t *testing.T, b *bench) {
	b.must(b.InboxAdd(b.ctx, []collect.Row{{URL: "https://pandia.example/a/1", Title: "Corrigé"}, {URL: "https://pandia.example/a/2", Title: "Complété"}}))
	rows, err := b.InboxWaiting(b.ctx, 0, 10)
	b.must(err)
	before := slices.Clone(rows)
	before[0].Title, before[1].Title = "Corigé", ""
	puts, err := b.InboxSettle(b.ctx, []collect.Decision{{Row: before[0], Article: b.article(1)}, {Row: before[1], Refused: "title is missing"}}, b.now)
	if err != nil || len(puts) != 0 {
		t.Errorf("puts of rows that were changed: %+v, %v", puts, err)
	}
	if still, err := b.InboxWaiting(b.ctx, 0, 10); err != nil || !slices.Equal(still, rows) {
		t.Errorf("waiting are %+v, %v; want both, as they are now", still, err)
	}
	if candidates, err := b.Candidates(b.ctx, "hebdo"); err != nil || len(candidates) != 0 {
		t.Errorf("the old text became an article: %+v, %v", candidates, err)
	}
}

// inboxBounds reads no row that is too long, and not too many of those that are long.
func inboxBounds(t *testing.T, b *bench) {
	long, most := strings.Repeat("é", collect.MaxRow/5), strings.Repeat("é", collect.MaxRow/2)
	b.must(b.InboxAdd(b.ctx, []collect.Row{
		{Title: "trop", Body: most}, {Body: most}, {Body: long}, {Body: long}, {Body: long}, {Title: "dernier"},
	}))
	var read []collect.Row
	for after := int64(0); ; after = read[len(read)-1].ID {
		rows, err := b.InboxWaiting(b.ctx, after, 10)
		b.must(err)
		if len(rows) == 0 {
			break
		}
		held := 0
		for _, r := range rows {
			held += len(r.Title) + len(r.Body)
		}
		if held > 2*collect.MaxRow {
			t.Errorf("%d rows of %d bytes are in memory at once", len(rows), held)
		}
		read = append(read, rows...)
	}
	if len(read) != 6 || read[0].Title != "" || read[0].Body != "" || read[0].Bytes != collect.MaxRow+4 || read[1].Body != most || read[4].Body != long {
		t.Fatalf("%d rows were read; want all, and no text of the first", len(read))
	}
	_, err := b.InboxSettle(b.ctx, []collect.Decision{{Row: read[0], Refused: "too long"}}, b.now)
	b.must(err)
	if refused, err := b.InboxRefused(b.ctx, 10); err != nil || len(refused) != 1 || refused[0].Row != read[0].ID {
		t.Errorf("refused: %+v, %v", refused, err)
	}
}

func carried(t *testing.T, b *bench) {
	ids := b.put(2)
	b.publish(1, ids[0])
	for name, want := range map[string][]int{"hebdo": {1, 0}, "quotidien": {0, 0}} {
		candidates, err := b.Candidates(b.ctx, name)
		b.must(err)
		for i, c := range candidates {
			a := b.article(i + 1)
			if c.CarriedBy != want[i] || c.Title != a.Title || c.Section != a.Section || c.Language != a.Language {
				t.Errorf("%s: the candidate is %+v, want %s carried by %d", name, c, a.Title, want[i])
			}
		}
	}
}
