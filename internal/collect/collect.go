package collect

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"facteur/internal/newsletter"
)

// MaxRow is how many bytes of text a row may hold to be read at all: room for the longest body before it is tidied.
const MaxRow = 8 << 20

// A Row is one row of the table inbox, as text; NULL is the empty text.
type Row struct {
	ID        int64
	Bytes     int64 // of all its texts together; where they are more than [MaxRow], they are not read
	URL       string
	Title     string
	Section   string
	Summary   string
	Body      string
	Author    string
	Tags      string
	Language  string
	Published string

	Picture    string
	PictureAlt string
	Canonical  string
}

// A Decision is what becomes of one row.
type Decision struct {
	Row     Row                // as it was read
	Article newsletter.Article // zero when the row was refused
	Refused string             // why, and what to do; empty when the row was accepted
}

// Outcome is what storing an article changed.
type Outcome string

const (
	Added     Outcome = "added"     // its address was not known
	Updated   Outcome = "updated"   // its address was known, and something in it differs
	Unchanged Outcome = "unchanged" // its address was known, and nothing in it differs
)

// A Put is what came of storing one article.
type Put struct {
	URL     string // canonical
	Title   string
	Outcome Outcome
	Article int64
}

// A Rehearsal is what would become of rows of the inbox.
type Rehearsal struct {
	Articles   []int64                // of each row the article that it updates, or is, as newsletter.RowWaiting has it
	Candidates []newsletter.Candidate // of a newsletter, as they are then
}

// A Waiting is what waits in the inbox.
type Waiting struct {
	Rows       [][]newsletter.Candidate // that would be accepted, in their order
	Candidates []newsletter.Candidate   // of the newsletter, once these are collected; nil: not known, for none or too many wait, or the store is busy
	Refused    Refusals                 // what would be refused, the first hundred
}

// A Store keeps the inbox and the articles.
type Store interface {
	// InboxWaiting returns at most limit rows that are neither accepted nor refused and whose id is above after, in
	// the order of their ids; fewer where they would hold more than twice [MaxRow] in memory. None means that no more wait.
	InboxWaiting(ctx context.Context, after int64, limit int) ([]Row, error)

	// InboxSettle stores the accepted articles and marks every row of decisions as accepted or refused at now, all in
	// one transaction, in the order given. It returns one Put for each accepted row. A row that another program changed,
	// settled or deleted meanwhile is left as it is and has no Put: what it says now was not decided on.
	InboxSettle(ctx context.Context, decisions []Decision, now time.Time) ([]Put, error)

	// Rehearse says what InboxSettle would make of articles of rows, all accepted, for a newsletter with sisters, and leaves everything as it is.
	Rehearse(ctx context.Context, rows []newsletter.Article, now time.Time, newsletter string, sisters ...string) (Rehearsal, error)

	// PutArticles stores articles in one transaction and returns one Put for each, in the order given.
	PutArticles(ctx context.Context, articles []newsletter.Article, now time.Time) ([]Put, error)
}

// A Collector moves what was offered into the articles.
type Collector struct {
	Store       Store
	Newsletters []newsletter.Newsletter // their sections are those an article may name
	Zone        *time.Location          // in which a date without a zone is read; nil is UTC
	Now         func() time.Time
}

const (
	// batch is how many rows share a transaction at most.
	batch = 50
	// glance is how many are looked at together where nothing is moved.
	glance = 500
	// shown is how many refusals a report names; the inbox itself keeps the reason of each.
	shown = 100
)

// A Report is what one collection did.
type Report struct {
	Added     int
	Updated   int
	Unchanged int
	Refused   int
	Refusals  Refusals // the first hundred
}

// A Refusal names an offer that was not accepted and says why.
type Refusal struct {
	Row    int64 // the id of an inbox row, or the place in the list given to Add, from 1
	URL    string
	Title  string
	Reason string
}

// Collect decides every row that waits in the inbox. When it fails, what earlier batches moved stays moved and is in
// the report.
func (c *Collector) Collect(ctx context.Context) (Report, error) {
	var report Report
	now := c.Now() // one arrival for all, so that batches put no order among rows that came together
	err := c.eachBatch(ctx, batch, func(rows []Row) error {
		decisions := make([]Decision, len(rows))
		var refusals []Refusal
		for i, row := range rows {
			article, err := c.Accept(row)
			decisions[i] = Decision{Row: row, Article: article}
			if err != nil {
				decisions[i].Refused = reason(err)
				refusals = append(refusals, refusal(row.ID, row.URL, row.Title, err))
			}
		}
		puts, err := c.Store.InboxSettle(ctx, decisions, now)
		if err != nil {
			return err
		}
		report.count(puts, refusals)
		return nil
	})
	if err != nil {
		return report, fmt.Errorf("collecting the inbox: %w", err)
	}
	return report, nil
}

// mostCompared is how many rows that wait are compared with articles before they are collected: of each that takes a thousandth of a second or two, in which
// nobody else may write.
const mostCompared = 200

// Waiting returns the rows that Collect would accept now as candidates of a newsletter that arrive at now, and moves nothing. Texts are let go batch by batch, but of few rows,
// and the candidates stay in these batches: a hundred thousand are many megabytes to copy.
func (c *Collector) Waiting(ctx context.Context, now time.Time, name string, sisters ...string) (w Waiting, err error) {
	var few []newsletter.Article
	n := 0
	err = c.eachBatch(ctx, glance, func(rows []Row) error {
		some := make([]newsletter.Candidate, 0, len(rows))
		for _, row := range rows {
			a, err := c.Accept(row)
			if err != nil {
				if len(w.Refused) < shown {
					w.Refused = append(w.Refused, refusal(row.ID, row.URL, row.Title, err))
				}
				continue
			}
			some = append(some, newsletter.Candidate{
				Article: newsletter.RowWaiting(n), URL: a.URL, Title: a.Title, Section: a.Section, Language: a.Language, Published: a.Published, Arrived: now, Coming: a.Picture != "",
			})
			if n++; n <= mostCompared {
				few = append(few, a)
			}
		}
		w.Rows = append(w.Rows, some)
		return nil
	})
	if err == nil && n > 0 && n <= mostCompared {
		err = c.compare(ctx, &w, few, now, name, sisters)
	}
	if err != nil {
		return Waiting{}, fmt.Errorf("looking into the inbox: %w", err)
	}
	return w, nil
}

// compare finds of which articles rows are updates, and all candidates once they are collected, unless another program writes all the while.
func (c *Collector) compare(ctx context.Context, w *Waiting, rows []newsletter.Article, now time.Time, name string, sisters []string) error {
	r, err := c.Store.Rehearse(ctx, rows, now, name, sisters...)
	if errors.Is(err, newsletter.ErrBusy) {
		return nil
	}
	if err != nil {
		return err
	}
	n := 0
	for _, some := range w.Rows {
		for i := range some {
			some[i].Article = r.Articles[n]
			n++
		}
	}
	w.Candidates = r.Candidates
	return nil
}

// Offered returns the rows that Collect would accept now and whose addresses are among urls, as articles without an id, in the
// order of their arrival, and moves nothing. Of the others no text is kept.
func (c *Collector) Offered(ctx context.Context, urls []string) ([]newsletter.Article, error) {
	var offered []newsletter.Article
	err := c.eachBatch(ctx, glance, func(rows []Row) error {
		for _, row := range rows {
			if a, err := c.Accept(row); err == nil && slices.Contains(urls, a.URL) {
				offered = append(offered, a)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking into the inbox: %w", err)
	}
	return offered, nil
}

// eachBatch hands the waiting rows to do, so many at a time. It ends although rows are refused or left, because it never
// goes back.
func (c *Collector) eachBatch(ctx context.Context, size int, do func([]Row) error) error {
	after := int64(math.MinInt64)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows, err := c.Store.InboxWaiting(ctx, after, size)
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := do(rows); err != nil {
			return err
		}
		after = rows[len(rows)-1].ID
	}
}

// Add stores articles that were not offered through the inbox: all of them, or none and an error of type Refusals when
// any is refused.
func (c *Collector) Add(ctx context.Context, articles []newsletter.Article) ([]Put, error) {
	checked := make([]newsletter.Article, len(articles))
	var refused Refusals
	for i, a := range articles {
		var err error
		if checked[i], err = c.Check(a); err != nil {
			refused = append(refused, refusal(int64(i+1), a.URL, a.Title, err))
		}
	}
	if refused != nil {
		return nil, refused
	}
	puts, err := c.Store.PutArticles(ctx, checked, c.Now())
	if err != nil {
		return nil, fmt.Errorf("storing articles: %w", err)
	}
	return puts, nil
}

func (r *Report) count(puts []Put, refusals []Refusal) {
	for _, p := range puts {
		switch p.Outcome {
		case Added:
			r.Added++
		case Updated:
			r.Updated++
		case Unchanged:
			r.Unchanged++
		}
	}
	r.Refused += len(refusals)
	r.Refusals = append(r.Refusals, refusals[:min(len(refusals), shown-len(r.Refusals))]...)
}
