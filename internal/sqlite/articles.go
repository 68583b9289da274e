package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// PutArticles stores articles, all or none: a new address is added, a known one updated, an equal one left as it is.
func (s *Store) PutArticles(ctx context.Context, articles []newsletter.Article, now time.Time) ([]collect.Put, error) {
	var puts []collect.Put
	err := s.updateAlone(ctx, func(t tx) error {
		puts = puts[:0]
		shelving, err := t.rowShelving(now)
		if err != nil {
			return err
		}
		for _, a := range articles {
			shelving.turn++
			p, err := shelving.put(collect.Brought{Article: a})
			if err != nil {
				return err
			}
			puts = append(puts, p)
		}
		return t.keyEarlier()
	})
	return puts, err
}

// put recognises an article by its canonical address, or by what its source knows it by. An update keeps arrival and hiding: neither a correction
// nor a second collection makes an article new. What another source brought, it leaves alone.
func (t shelving) put(a collect.Brought) (put collect.Put, err error) {
	put = collect.Put{URL: a.URL, Title: a.Title}
	defer func() {
		if err != nil {
			err = fmt.Errorf("article %s: %w", a.URL, err)
		}
	}()
	f, err := t.formerly(a)
	if err != nil {
		return put, err
	}
	switch apart := f.there != 0 && f.other; {
	case f.article == 0, apart && !f.was, f.there != 0 && !f.other && !f.named:
		put.Article, put.Outcome, err = t.putThere(a)
	case apart: // the source has yet to learn where it is by now
		put.Article, put.Outcome, err = f.article, collect.Unchanged, t.offered(f.article, a.URL)
	case f.there != 0:
		if put.Article, put.Outcome, err = t.putThere(a); err == nil {
			err = t.unite(f.article, put.Article)
		}
	default:
		put.Article = f.article
		put.Outcome, err = t.putElsewhere(f.article, a.Article)
	}
	if err == nil {
		err = t.identify(a, put.Article)
	}
	return put, err
}

// putThere adds an article, or changes the one with its address.
func (t shelving) putThere(a collect.Brought) (id int64, outcome collect.Outcome, err error) {
	if id, err = t.add(a); err != nil || id != 0 {
		return id, collect.Added, err
	}
	if err = t.row(`SELECT id FROM articles WHERE url = ?`, a.URL).Scan(&id); err == nil {
		outcome, err = t.change(id, a.Article)
	}
	return id, outcome, err
}

// putElsewhere gives an article the address that its own source has corrected; what another one says counts once that one does.
func (t shelving) putElsewhere(id int64, a newsletter.Article) (collect.Outcome, error) {
	mine, err := t.own(id)
	switch {
	case err != nil:
		return "", err
	case mine:
		return t.change(id, a)
	}
	return collect.Unchanged, errors.Join(t.dated(id, a), t.offered(id, a.URL))
}

// dated keeps when an article is of by another source, where its own does not say so: whether it is news can be told by that.
func (t tx) dated(id int64, a newsletter.Article) error {
	if a.Published.IsZero() {
		return nil
	}
	_, err := t.exec(`UPDATE articles SET came_at = ?2 WHERE id = ?1 AND published_at IS NULL AND came_at IS NULL`, id, ms(a.Published))
	return err
}

// articleValues are the parameters ?1 to ?13 of the statements that store an article.
func articleValues(a newsletter.Article, now time.Time) ([]any, error) {
	tags, err := json.Marshal(append([]string{}, a.Tags...))
	if err != nil {
		return nil, fmt.Errorf("tags: %w", err)
	}
	return []any{a.URL, a.Title, a.Section, a.Summary, a.Body, a.Author, string(tags), a.Language, ms(a.Published), a.Picture, a.PictureAlt, a.Canonical, now.UnixMilli()}, nil
}

// add stores an article of which the address is not known, or makes way for it; 0: it is known.
func (t shelving) add(a collect.Brought) (int64, error) {
	values, err := articleValues(a.Article, t.now)
	if err != nil {
		return 0, err
	}
	added, err := t.only(`INSERT INTO articles (url, title, section, summary, body, author, tags, language, published_at, picture, picture_alt, canonical, arrived_at, updated_at, brought_by, keyed)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, ?14, 1) ON CONFLICT (url) DO NOTHING RETURNING id`,
		func(row []driver.Value) { a.ID = row[0].(int64) }, append(values, t.by.source)...)
	if err == nil && !added {
		if made, err := t.makeWay(a); err != nil || !made {
			return 0, err
		}
		return t.add(a)
	}
	if err == nil {
		err = t.offered(a.ID, "")
	}
	if err != nil {
		return 0, err
	}
	if err := t.place(a.Article); err != nil {
		return 0, fmt.Errorf("its story: %w", err)
	}
	return a.ID, t.want(a.ID, a.Picture, t.now)
}

// change makes an article what its source says that it is.
func (t shelving) change(id int64, a newsletter.Article) (collect.Outcome, error) {
	if err := t.offered(id, ""); err != nil {
		return "", err
	}
	if own, err := t.own(id); err != nil {
		return "", err
	} else if !own {
		return collect.Unchanged, errors.Join(t.dated(id, a), t.leadAnew(id)) // the source may have had it elsewhere before
	}
	values, err := articleValues(a, t.now)
	if err != nil {
		return "", err
	}
	before, err := scanArticle(t.row(`SELECT `+articleColumns+` FROM articles WHERE id = ?14
		AND (url, title, coalesce(sourced, section), summary, body, author, tags, language, published_at, picture, picture_alt, canonical) IS NOT (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`,
		append(values, id)...))
	if errors.Is(err, sql.ErrNoRows) {
		outcome := collect.Unchanged
		if t.moved[id] {
			outcome = collect.Updated
		}
		return outcome, t.leadAnew(id) // the priorities of sources may have changed
	}
	if err == nil {
		_, err = t.exec(`UPDATE articles SET url = ?1, title = ?2, section = iif(sourced IS NULL, ?3, section), sourced = iif(sourced IS NULL, NULL, ?3), summary = ?4, body = ?5, author = ?6, tags = ?7, language = ?8, published_at = ?9, came_at = coalesce(came_at, iif(published_at IS ?9, NULL, coalesce(published_at, arrived_at))),
			picture = ?10, picture_alt = ?11, canonical = ?12, updated_at = ?13 WHERE id = ?14`, append(values, id)...)
	}
	if err == nil {
		err = t.readdressed(id, before.URL, a.URL)
	}
	if err != nil {
		return "", err
	}
	if err := t.lookAgain(before); err != nil {
		return "", fmt.Errorf("its story: %w", err)
	}
	return collect.Updated, t.want(id, a.Picture, t.now)
}

// want makes what an article names due: its page and its picture.
func (t tx) want(article int64, picture string, now time.Time) error {
	if err := t.wantLink(article, now); err != nil {
		return err
	}
	return t.wantPicture(picture, now)
}

const articleColumns = `id, url, title, section, summary, body, author, tags, language, published_at, arrived_at, hidden_at IS NOT NULL, picture, picture_alt, canonical, sourced IS NOT NULL, coalesce(sourced, '')`

func scanArticle(row interface{ Scan(...any) error }) (newsletter.Article, error) {
	var a newsletter.Article
	var tags string
	var published, arrived sql.NullInt64
	err := row.Scan(&a.ID, &a.URL, &a.Title, &a.Section, &a.Summary, &a.Body, &a.Author, &tags, &a.Language, &published, &arrived, &a.Hidden, &a.Picture, &a.PictureAlt, &a.Canonical, &a.Filed, &a.Sourced)
	if err != nil {
		return a, err
	}
	a.Published, a.Arrived = instant(published), instant(arrived)
	if err := json.Unmarshal([]byte(tags), &a.Tags); err != nil {
		return a, fmt.Errorf("article %d: tags: %w", a.ID, err)
	}
	return a, nil
}

// Articles reads whole articles. One that does not exist is newsletter.ErrNotFound.
func (s *Store) Articles(ctx context.Context, ids []int64) ([]newsletter.Article, error) {
	articles := make([]newsletter.Article, 0, len(ids))
	for _, id := range ids {
		a, err := scanArticle(s.read.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM articles WHERE id=?`, id))
		if err != nil {
			return nil, found(err, fmt.Sprintf("article %d", id))
		}
		articles = append(articles, a)
	}
	return articles, nil
}

// ArticleByURL finds an article by its canonical address.
func (s *Store) ArticleByURL(ctx context.Context, url string) (newsletter.Article, error) {
	a, err := scanArticle(s.read.QueryRowContext(ctx, `SELECT `+articleColumns+` FROM articles WHERE url=?`, url))
	return a, found(err, "article "+url)
}

// carriedBy is the editions that carried an article a, between spaces. One of which nothing left carried none.
const carriedBy = `coalesce((SELECT group_concat(n.name || '/' || e.number, ' ') FROM editions e JOIN newsletters n ON n.id = e.newsletter_id
	WHERE e.unsent = 0 AND e.id IN (SELECT edition_id FROM ` + carriages + ` WHERE article_id = a.id)), '')`

// ListArticles lists articles of the sections named, or of all without a name, the latest arrivals first, up to limit;
// 0 means all.
func (s *Store) ListArticles(ctx context.Context, sections []string, limit int) ([]collect.Shelved, error) {
	if limit <= 0 {
		limit = -1
	}
	rows, err := s.read.QueryContext(ctx, `SELECT a.id, url, title, section, author, language, published_at, arrived_at, hidden_at IS NOT NULL,
			`+carriedBy+`, a.picture, a.picture_alt, coalesce(p.state, ''), coalesce(p.reason, ''), coalesce(a.leader, 0)
		FROM articles a LEFT JOIN pictures p ON p.source = a.picture AND a.picture <> '' WHERE ?1 OR section IN (SELECT value FROM json_each(?2)) ORDER BY arrived_at DESC, a.id DESC LIMIT ?3`,
		len(sections) == 0, list(sections), limit)
	if err != nil {
		return nil, fmt.Errorf("list articles: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (collect.Shelved, error) {
		var l collect.Shelved
		var published, arrived sql.NullInt64
		var carried string
		err := rows.Scan(&l.ID, &l.URL, &l.Title, &l.Section, &l.Author, &l.Language, &published, &arrived, &l.Hidden, &carried, &l.Picture, &l.PictureAlt, &l.PictureState, &l.PictureReason, &l.Leader)
		l.Published, l.Arrived, l.CarriedBy = instant(published), instant(arrived), strings.Fields(carried)
		return l, err
	})
}

// HideArticle keeps an article out of every later edition, or lets it in again.
func (s *Store) HideArticle(ctx context.Context, id int64, hidden bool, now time.Time) error {
	at := sql.NullInt64{}
	if hidden {
		at = ms(now)
	}
	return s.update(ctx, func(t tx) error {
		n, err := changed(t.exec(`UPDATE articles SET hidden_at=? WHERE id=?`, at, id))
		if err == nil && n == 0 {
			err = fmt.Errorf("article %d: %w", id, newsletter.ErrNotFound)
		}
		return err
	})
}

// collectRows reads all rows and closes them.
func collectRows[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	return appendRows(nil, rows, scan)
}

// appendRows is collectRows for a list that has some already, or room.
func appendRows[T any](all []T, rows *sql.Rows, scan func(*sql.Rows) (T, error)) (_ []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		if len(all) == cap(all) { // append would grow a long list by a quarter, and copy a hundred thousand rows five times
			all = slices.Grow(all, len(all)+1)
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

// list is numbers or texts as one argument of a statement, for json_each.
func list[T ~int64 | ~string](items []T) string {
	if items == nil {
		return "[]"
	}
	text, _ := json.Marshal(items) // of numbers and texts it cannot fail
	return string(text)
}
