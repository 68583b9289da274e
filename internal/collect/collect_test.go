package collect_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// memory is a store of one inbox in memory. It records how many rows were ever asked for at once.
type memory struct {
	rows     []collect.Row
	settled  map[int64]collect.Decision
	articles map[string]newsletter.Article
	settles  int
	failAt   int    // the InboxSettle, counted from 1, that fails
	busy     bool   // for a rehearsal
	edit     func() // what another program does before the first InboxSettle
	widest   int
}

func newMemory(rows ...collect.Row) *memory {
	return &memory{rows: rows, settled: map[int64]collect.Decision{}, articles: map[string]newsletter.Article{}}
}

func (m *memory) InboxWaiting(_ context.Context, after int64, limit int) ([]collect.Row, error) {
	var rows []collect.Row
	for _, r := range m.rows {
		if _, done := m.settled[r.ID]; !done && r.ID > after && len(rows) < limit {
			rows = append(rows, r)
		}
	}
	m.widest = max(m.widest, len(rows))
	return rows, nil
}

func (m *memory) InboxSettle(ctx context.Context, decisions []collect.Decision, now time.Time) ([]collect.Put, error) {
	if m.settles++; m.settles == m.failAt {
		return nil, errors.New("disk full")
	}
	if m.edit != nil && m.settles == 1 {
		m.edit()
	}
	var accepted []newsletter.Article
	for _, d := range decisions {
		if !slices.Contains(m.rows, d.Row) {
			continue
		}
		m.settled[d.Row.ID] = d
		if d.Refused == "" {
			accepted = append(accepted, d.Article)
		}
	}
	return m.PutArticles(ctx, accepted, now)
}

func (m *memory) Rehearse(_ context.Context, rows []newsletter.Article, _ time.Time, _ string, _ ...string) (collect.Rehearsal, error) {
	if m.busy {
		return collect.Rehearsal{}, fmt.Errorf("locked: %w", newsletter.ErrBusy)
	}
	return collect.Rehearsal{Articles: slices.Repeat([]int64{7}, len(rows)), Candidates: []newsletter.Candidate{}}, nil
}

func (m *memory) PutArticles(_ context.Context, articles []newsletter.Article, now time.Time) ([]collect.Put, error) {
	var puts []collect.Put
	for _, a := range articles {
		outcome := collect.Added
		if old, known := m.articles[a.URL]; known {
			a.ID, a.Arrived = old.ID, old.Arrived
			if outcome = collect.Updated; cmp.Equal(a, old) {
				outcome = collect.Unchanged
			}
		} else {
			a.ID, a.Arrived = int64(len(m.articles)+1), now
		}
		m.articles[a.URL] = a
		puts = append(puts, collect.Put{URL: a.URL, Title: a.Title, Outcome: outcome, Article: a.ID})
	}
	return puts, nil
}

func rows(n int) []collect.Row {
	var all []collect.Row
	for i := range n {
		all = append(all, collect.Row{ID: int64(i + 1), URL: fmt.Sprintf("https://example.org/%d", i), Title: "Titre"})
	}
	return all
}

func TestCollect_storesEachArticleOnceAndRefusesRubbish(t *testing.T) {
	now := time.Date(2026, 10, 27, 6, 0, 0, 0, time.UTC)
	store := newMemory(
		collect.Row{ID: -3, URL: "https://example.org/a", Title: "Titre"},
		collect.Row{ID: 4, URL: "nonsense\x1b", Title: ""},
		collect.Row{ID: 5, URL: "https://EXAMPLE.org/a#x", Title: "Autre titre"},
		collect.Row{ID: 9, URL: "https://example.org/a", Title: "Autre titre"},
		collect.Row{ID: 10, URL: "https://example.org/b", Title: "Titre", Section: "sport"},
	)
	report, err := collector(store, now).Collect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := collect.Report{Added: 1, Updated: 1, Unchanged: 1, Refused: 2, Refusals: []collect.Refusal{
		{Row: 4, URL: "nonsense\ufffd"}, {Row: 10, URL: "https://example.org/b", Title: "Titre"},
	}}
	if diff := cmp.Diff(want, report, cmpopts.IgnoreFields(collect.Refusal{}, "Reason")); diff != "" {
		t.Error(diff)
	}
	if got := store.articles["https://example.org/a"]; got.Title != "Autre titre" || !got.Arrived.Equal(now) {
		t.Errorf("stored %+v", got)
	}
	for id, said := range map[int64]string{4: "title is missing", 10: "section \"sport\" is not known"} {
		got := store.settled[id].Refused
		if !strings.Contains(got, said) || strings.ContainsAny(got, "\n\x1b") {
			t.Errorf("row %d: reason %q, want one line that says %q", id, got, said)
		}
	}
	again, err := collector(store, now).Collect(t.Context())
	if diff := cmp.Diff(collect.Report{}, again); err != nil || diff != "" {
		t.Errorf("collecting again: %v %s", err, diff)
	}
}

func TestCollect_movesInBatches(t *testing.T) {
	store := newMemory(rows(501)...)
	report, err := collector(store, time.Time{}).Collect(t.Context())
	if err != nil || report.Added != 501 {
		t.Fatalf("%+v, %v", report, err)
	}
	if store.widest > 50 || store.settles < 11 {
		t.Errorf("%d rows in memory at once, %d transactions", store.widest, store.settles)
	}
}

func TestCollect_failureKeepsWhatWasMoved(t *testing.T) {
	store := newMemory(rows(120)...)
	store.failAt = 2
	report, err := collector(store, time.Time{}).Collect(t.Context())
	if err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Fatalf("error %v", err)
	}
	if report.Added != 50 || len(store.articles) != 50 {
		t.Errorf("report %+v, %d stored", report, len(store.articles))
	}
	report, err = collector(store, time.Time{}).Collect(t.Context())
	if err != nil || report.Added != 70 {
		t.Errorf("the next collection: %+v, %v", report, err)
	}
}

func TestCollect_takesWhatChangedMeanwhileTheNextTime(t *testing.T) {
	store := newMemory(rows(2)...)
	store.edit = func() { store.rows[0].Title = "Titre corrigé" }
	c := collector(store, time.Time{})
	report, err := c.Collect(t.Context())
	if err != nil || report.Added != 1 || len(store.settled) != 1 {
		t.Errorf("%+v, %v, %d settled", report, err, len(store.settled))
	}
	report, err = c.Collect(t.Context())
	if err != nil || report.Added != 1 || store.articles["https://example.org/0"].Title != "Titre corrigé" {
		t.Errorf("the next collection: %+v, %v", report, err)
	}
}

func TestCollect_stopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	store := newMemory(rows(1)...)
	if _, err := collector(store, time.Time{}).Collect(ctx); !errors.Is(err, context.Canceled) || len(store.settled) != 0 {
		t.Errorf("error %v, %d settled", err, len(store.settled))
	}
}

func TestCollect_namesTheFirstHundredRefusals(t *testing.T) {
	many := rows(130)
	for i := range many {
		many[i].Title = ""
	}
	report, err := collector(newMemory(many...), time.Time{}).Collect(t.Context())
	if err != nil || report.Refused != 130 || len(report.Refusals) != 100 {
		t.Errorf("%d refused, %d named, %v", report.Refused, len(report.Refusals), err)
	}
}

func TestWaiting_movesNothing(t *testing.T) {
	now := time.Date(2026, 10, 27, 6, 0, 0, 0, time.UTC)
	store := newMemory(
		collect.Row{ID: 1, URL: "https://example.org/a?utm_id=1", Title: "Titre", Section: "Guides", Language: "EN", Published: "2026-10-20", Picture: "https://example.org/a.jpg"},
		collect.Row{ID: 2, URL: "?", Title: "Titre"},
	)
	w, err := collector(store, now).Waiting(t.Context(), now, "hebdo")
	if err != nil {
		t.Fatal(err)
	}
	if told := w.Refused.OfRows(); len(told) != 1 || !strings.HasPrefix(told[0], "row 2 of the inbox (?) is refused: url ") {
		t.Errorf("refused: %q", told)
	}
	want := [][]newsletter.Candidate{{{
		Article: 7, URL: "https://example.org/a", Title: "Titre", Section: "guides", Language: "en", Arrived: now,
		Published: time.Date(2026, 10, 19, 23, 0, 0, 0, time.UTC), Coming: true,
	}}}
	if diff := cmp.Diff(want, w.Rows); diff != "" || w.Candidates == nil {
		t.Error(diff)
	}
	store.busy = true
	if w, err := collector(store, now).Waiting(t.Context(), now, "hebdo"); err != nil || len(w.Rows) != 1 || w.Candidates != nil || !w.Rows[0][0].Waits() {
		t.Errorf("while another program writes it is %+v, %v", w, err)
	}
	if len(store.settled) != 0 || len(store.articles) != 0 {
		t.Error("something was moved")
	}
}

func TestOffered_movesNothing(t *testing.T) {
	store := newMemory(
		collect.Row{ID: 1, URL: "https://example.org/a?utm_id=1", Title: "Titre", Body: "Texte", Section: "Guides"},
		collect.Row{ID: 2, URL: "https://example.org/b", Title: "Pas demandé"},
		collect.Row{ID: 3, URL: "https://example.org/a", Title: ""},
		collect.Row{ID: 4, URL: "https://example.org/a", Title: "Mieux"},
	)
	got, err := collector(store, time.Time{}).Offered(t.Context(), []string{"https://example.org/a", "https://example.org/c"})
	if err != nil {
		t.Fatal(err)
	}
	want := []newsletter.Article{{URL: "https://example.org/a", Title: "Titre", Body: "Texte", Section: "guides"}, {URL: "https://example.org/a", Title: "Mieux"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(store.settled) != 0 || len(store.articles) != 0 {
		t.Error("something was moved")
	}
}

func TestAdd(t *testing.T) {
	store := newMemory()
	now := time.Date(2026, 10, 27, 6, 0, 0, 0, time.UTC)
	offered := []newsletter.Article{
		{URL: "https://example.org/a", Title: "Un", Section: "Liste IA"},
		{URL: "https://example.org/b", Title: " Deux "},
	}
	puts, err := collector(store, now).Add(t.Context(), offered)
	if err != nil {
		t.Fatal(err)
	}
	want := []collect.Put{
		{URL: "https://example.org/a", Title: "Un", Outcome: collect.Added, Article: 1},
		{URL: "https://example.org/b", Title: "Deux", Outcome: collect.Added, Article: 2},
	}
	if diff := cmp.Diff(want, puts); diff != "" {
		t.Error(diff)
	}
	if got := store.articles["https://example.org/a"].Section; got != "liste-ia" {
		t.Errorf("section %q", got)
	}
}

func TestAdd_allOrNothing(t *testing.T) {
	store := newMemory()
	_, err := collector(store, time.Time{}).Add(t.Context(), []newsletter.Article{
		{URL: "https://example.org/a", Title: "Un"},
		{URL: "https://example.org/b"},
		{URL: "https://example.org/c", Title: "Trois", Section: "sport"},
	})
	var refused collect.Refusals
	if !errors.As(err, &refused) || !errors.Is(err, newsletter.ErrInvalid) {
		t.Fatalf("error %v", err)
	}
	places := []int64{}
	for _, r := range refused {
		places = append(places, r.Row)
	}
	if !slices.Equal(places, []int64{2, 3}) || len(store.articles) != 0 {
		t.Errorf("refused %v, %d stored", places, len(store.articles))
	}
	if !strings.Contains(err.Error(), "article 2 (https://example.org/b): title is missing") {
		t.Errorf("error %q", err)
	}
}
