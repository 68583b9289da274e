package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// NextNumber is the number that a newsletter's next edition gets.
func (s *Store) NextNumber(ctx context.Context, name string) (int, error) {
	var n int
	err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(e.number), 0) + 1 FROM editions e JOIN newsletters n ON n.id = e.newsletter_id
		WHERE n.name = ?`, name).Scan(&n)
	return n, err
}

// EditionWithSubject finds the latest edition below a number with a subject; one that never left does not count. See digest.Store.
func (s *Store) EditionWithSubject(ctx context.Context, name, subject string, below int) (number int, err error) {
	rows, err := s.read.QueryContext(ctx, `SELECT e.number, v.subject FROM editions e JOIN newsletters n ON n.id = e.newsletter_id
		JOIN variants v ON v.edition_id = e.id AND v.key = 'full' WHERE n.name = ? AND e.number < ? AND e.unsent = 0 ORDER BY e.number DESC`, name, below)
	if err != nil {
		return 0, fmt.Errorf("find an edition by its subject: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	key := newsletter.SubjectKey(subject)
	for rows.Next() {
		var had string
		if err := rows.Scan(&number, &had); err != nil {
			return 0, fmt.Errorf("find an edition by its subject: %w", err)
		}
		if newsletter.SubjectKey(had) == key {
			return number, nil
		}
	}
	return 0, rows.Err()
}

// FirstApproved returns when a newsletter's earliest edition was approved, but for those of which nothing left.
func (s *Store) FirstApproved(ctx context.Context, name string) (time.Time, error) {
	var at sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(e.approved_at) FROM editions e JOIN newsletters n ON n.id = e.newsletter_id WHERE n.name = ? AND e.unsent = 0`, name).Scan(&at)
	if err == nil && !at.Valid {
		err = fmt.Errorf("an edition of %s: %w", name, newsletter.ErrNotFound)
	}
	return instant(at), err
}

// Publish freezes an edition: the slot's record, the verdicts, the content, its variants and the rule of its audience,
// in one transaction. newsletter.ErrExists: the slot is decided already, or the number was taken meanwhile.
func (s *Store) Publish(ctx context.Context, p digest.Publication) (newsletter.Edition, error) {
	content, err := json.Marshal(p.Content)
	if err != nil {
		return newsletter.Edition{}, fmt.Errorf("edition content: %w", err)
	}
	letterhead, err := json.Marshal(headed{p.Letterhead, slices.Sorted(maps.Keys(p.Sisters))})
	if err != nil {
		return newsletter.Edition{}, fmt.Errorf("edition letterhead: %w", err)
	}
	var id int64
	err = s.update(ctx, func(t tx) error {
		newsletterID, err := t.newsletterID(p.Newsletter)
		if err != nil {
			return err
		}
		record := newsletter.SlotRecord{Slot: p.Slot, State: newsletter.SlotPublished, Decided: p.Approved}
		if err := t.decideSlot(newsletterID, record, p.Verdicts, p.Notice); err != nil {
			return err
		}
		id, err = t.freeze(newsletterID, p, string(letterhead), string(content))
		return err
	})
	if err != nil {
		return newsletter.Edition{}, fmt.Errorf("publish %s/%d: %w", p.Newsletter, p.Number, err)
	}
	return s.EditionByID(context.WithoutCancel(ctx), id) // it is published by now, whatever becomes of ctx
}

func (t tx) freeze(newsletterID int64, p digest.Publication, letterhead, content string) (int64, error) {
	var taken bool
	if err := t.row(`SELECT EXISTS (SELECT 1 FROM editions WHERE newsletter_id = ? AND number >= ?)`, newsletterID, p.Number).Scan(&taken); err != nil {
		return 0, err
	}
	if taken {
		return 0, fmt.Errorf("number %d: %w", p.Number, newsletter.ErrExists)
	}
	if err := t.sistersWait(p.Sisters); err != nil {
		return 0, err
	}
	if _, err := t.resumeUntil(p.Approved, newsletterID, -1); err != nil { // nobody misses an edition because a job is late
		return 0, fmt.Errorf("end pauses: %w", err)
	}
	var audience, id int64
	if err := t.row(`UPDATE store SET sequence = sequence + 1 RETURNING sequence`).Scan(&audience); err != nil {
		return 0, err
	}
	err := t.row(`INSERT INTO editions (newsletter_id, number, slot_id, state, revision, approved_at, audience, planned, key_id, letterhead, content)
		VALUES (?1, ?2, (SELECT id FROM slots WHERE newsletter_id = ?1 AND slot = ?3), 'queueing', 1, ?4, ?5,
			(SELECT active FROM newsletters WHERE id = ?1), ?6, ?7, ?8)
		RETURNING id`, newsletterID, p.Number, p.Slot, ms(p.Approved), audience, p.KeyID, letterhead, content).Scan(&id)
	if err != nil {
		return 0, err
	}
	if s := p.Content.Sponsor; s != nil {
		if _, err := t.exec(`DELETE FROM sponsors WHERE newsletter_id = ? AND text = ? AND advertiser = ?`, newsletterID, s.Text, s.For); err != nil {
			return 0, fmt.Errorf("advertisement: %w", err)
		}
	}
	if w := p.Content.Word; w != nil {
		if _, err := t.exec(`DELETE FROM words WHERE newsletter_id = ? AND text = ? AND signed = ?`, newsletterID, w.Text, w.By); err != nil {
			return 0, fmt.Errorf("word: %w", err)
		}
	}
	for i, story := range p.Content.Stories() {
		if _, err := t.exec(`INSERT INTO edition_articles (edition_id, article_id, position) VALUES (?, ?, ?)`, id, story.Article, i+1); err != nil {
			return 0, fmt.Errorf("article %d: %w", story.Article, err)
		}
		if err := errors.Join(t.dropBrought(id, newsletterID, story.Article), t.keepText(id, story)); err != nil {
			return 0, fmt.Errorf("article %d: %w", story.Article, err)
		}
	}
	for _, v := range p.Variants {
		if _, err := t.exec(`INSERT INTO variants (edition_id, key, kind, subject, html, text) VALUES (?, ?, ?, ?, ?, ?)`,
			id, v.Key, newsletter.KindEdition, v.Subject, v.HTML, v.Text); err != nil {
			return 0, fmt.Errorf("variant %s: %w", v.Key, err)
		}
	}
	return id, t.showPictures(id, p.Content)
}

// sistersWait makes sure that no sister took her next number since the choice was made.
func (t tx) sistersWait(next map[string]int) error {
	for name, number := range next {
		var taken bool
		err := t.row(`SELECT EXISTS (SELECT 1 FROM editions e JOIN newsletters n ON n.id = e.newsletter_id WHERE n.name = ? AND e.number >= ?)`, name, number).Scan(&taken)
		if err != nil {
			return err
		}
		if taken {
			return fmt.Errorf("number %d of %s: %w", number, name, newsletter.ErrExists)
		}
	}
	return nil
}

// A row of an edition e for a reader p is made by makeRow, then where the two come from, then withText. ?2 is now. Who is
// suppressed gets one that tells why nothing was sent.
const (
	makeRow = `INSERT INTO deliveries (kind, group_id, run, edition_id, variant_id, newsletter_id, subscriber_id, newcomer, state, reason, next_at)
		SELECT 'edition', ` + groupOf + `, e.id, e.id, v.id, e.newsletter_id, p.subscriber_id, p.activated > e.audience,
			iif(u.hash IS NULL, 'queued', 'cancelled'), iif(u.hash IS NULL, '', 'suppressed'), iif(u.hash IS NULL, ?2, NULL)`
	withText = ` JOIN variants v ON v.edition_id = e.id AND v.key = 'full'
		JOIN subscribers b ON b.id = p.subscriber_id LEFT JOIN suppressions u ON u.hash = b.hash` + withGroup
)

// unmade joins to a queueing edition the readers whose row is still to be made.
const unmade = ` FROM editions e JOIN subscriptions p INDEXED BY subscriptions_active
	ON p.newsletter_id = e.newsletter_id AND p.state = 'active' AND p.subscriber_id > e.cursor AND p.activated <= e.audience`

// Statements of QueueNext, which makes a row for each reader, and moves on to the reader of the last one.
const (
	makeNext = makeRow + unmade + withText + `WHERE e.id = ?1 AND e.state = 'queueing' AND e.paused = 0 ORDER BY p.subscriber_id LIMIT ?3`
	moveOn   = `UPDATE editions SET cursor = (SELECT subscriber_id FROM deliveries WHERE id = ?2) WHERE id = ?1`
)

// made tells how many rows a statement made, and the latest of them.
func made(r sql.Result, err error) (rows int, latest int64, err2 error) {
	if err != nil {
		return 0, 0, err
	}
	n, err := r.RowsAffected()
	if err != nil {
		return 0, 0, err
	}
	latest, err = r.LastInsertId()
	return int(n), latest, err
}

// QueueNext makes the next rows of one edition; see outbox.Store.
func (s *Store) QueueNext(ctx context.Context, limit int, now time.Time) (bool, error) {
	var id, cursor int64
	err := s.read.QueryRowContext(ctx, `SELECT id, cursor FROM editions WHERE state = 'queueing' AND paused = 0 ORDER BY id LIMIT 1`).Scan(&id, &cursor)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err == nil && cursor == 0 { // no letter of it can have left
		err = s.raise(ctx)
	}
	if err != nil {
		return false, err
	}
	err = s.updateAlone(ctx, func(t tx) error {
		rows, latest, err := made(t.exec(makeNext, id, ms(now), limit))
		if err != nil {
			return err
		}
		if rows < limit {
			_, err = t.exec(`UPDATE editions SET state = 'sending' WHERE id = ? AND state = 'queueing' AND paused = 0`, id)
			return err
		}
		_, err = t.exec(moveOn, id, latest)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("queue edition %d: %w", id, err)
	}
	return true, nil
}

const editionSelect = `SELECT e.id, n.name, e.number, s.slot, e.state, e.paused, e.held, e.opens_at, e.revision, e.approved_at, e.planned, e.left_before, e.key_id, e.letterhead, e.content, e.unsent
	FROM editions e JOIN newsletters n ON n.id = e.newsletter_id JOIN slots s ON s.id = e.slot_id `

func scanEdition(row interface{ Scan(...any) error }) (newsletter.Edition, error) {
	var e newsletter.Edition
	var opens, approved sql.NullInt64
	var letterhead, content []byte
	err := row.Scan(&e.ID, &e.Newsletter, &e.Number, &e.Slot, &e.State, &e.Paused, &e.Held, &opens, &e.Revision, &approved, &e.Planned, &e.LeftBefore, &e.KeyID, &letterhead, &content, &e.Unsent)
	if err != nil {
		return e, err
	}
	e.Opens, e.Approved = instant(opens), instant(approved)
	if err := errors.Join(json.Unmarshal(letterhead, &e.Letterhead), json.Unmarshal(content, &e.Content)); err != nil {
		return e, fmt.Errorf("edition %s: frozen content: %w", e.Ref(), err)
	}
	return e, nil
}

// EditionByID reads an edition.
func (s *Store) EditionByID(ctx context.Context, id int64) (newsletter.Edition, error) {
	e, err := scanEdition(s.read.QueryRowContext(ctx, editionSelect+`WHERE e.id = ?`, id))
	return e, found(err, fmt.Sprintf("edition with id %d", id))
}

// Edition reads an edition by its newsletter and number.
func (s *Store) Edition(ctx context.Context, ref newsletter.EditionRef) (newsletter.Edition, error) {
	e, err := scanEdition(s.read.QueryRowContext(ctx, editionSelect+`WHERE n.name = ? AND e.number = ?`, ref.Newsletter, ref.Number))
	return e, found(err, "edition "+ref.String())
}

// Editions lists editions of a newsletter, or of all where name is empty, the latest first.
func (s *Store) Editions(ctx context.Context, name string, limit int) ([]newsletter.Edition, error) {
	rows, err := s.read.QueryContext(ctx, editionSelect+`WHERE ?1 = '' OR n.name = ?1 ORDER BY e.id DESC LIMIT ?2`, name, limit)
	if err != nil {
		return nil, fmt.Errorf("list editions: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Edition, error) { return scanEdition(rows) })
}

// Variant reads the frozen texts of a letter.
func (s *Store) Variant(ctx context.Context, id int64) (newsletter.Variant, error) {
	var v newsletter.Variant
	err := s.read.QueryRowContext(ctx, `SELECT id, coalesce(edition_id, 0), key, kind, subject, html, text FROM variants WHERE id = ?`, id).
		Scan(&v.ID, &v.Edition, &v.Key, &v.Kind, &v.Subject, &v.HTML, &v.Text)
	return v, found(err, fmt.Sprintf("variant %d", id))
}

// EditionText reads the frozen texts of an edition, with every section.
func (s *Store) EditionText(ctx context.Context, edition int64) (newsletter.Variant, error) {
	var v newsletter.Variant
	err := s.read.QueryRowContext(ctx, `SELECT id, edition_id, key, kind, subject, html, text FROM variants WHERE edition_id = ? AND key = 'full'`, edition).
		Scan(&v.ID, &v.Edition, &v.Key, &v.Kind, &v.Subject, &v.HTML, &v.Text)
	return v, found(err, fmt.Sprintf("text of the edition with id %d", edition))
}

// Unopened lists editions whose first letters only may go; see outbox.Store.
func (s *Store) Unopened(ctx context.Context, readers int, now time.Time) ([]outbox.Unopened, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id, opens_at FROM editions WHERE state IN ('queueing', 'sending') AND paused = 0 AND planned >= ?
		AND (opens_at IS NULL OR opens_at > ?)`, readers, ms(now))
	if err != nil {
		return nil, fmt.Errorf("read which editions send their first letters: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (u outbox.Unopened, err error) {
		var opens sql.NullInt64
		err = rows.Scan(&u.Edition, &opens)
		u.Opens = instant(opens)
		return u, err
	})
}

// Open sets when all letters of an edition may go; see outbox.Store.
func (s *Store) Open(ctx context.Context, edition int64, at time.Time) error {
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(`UPDATE editions SET opens_at = ? WHERE id = ?`, ms(at), edition)
		return err
	})
}

// hold pauses the edition of a delivery that is part of its run, and tells the operator.
func (t tx) hold(delivery int64, h outbox.Hold, now time.Time) error {
	var edition, newsletterID int64
	err := t.row(`SELECT e.id, e.newsletter_id FROM deliveries d JOIN editions e ON e.id = d.run
		WHERE d.id = ? AND e.paused = 0 AND e.state IN ('queueing', 'sending')`, delivery).Scan(&edition, &newsletterID)
	if err != nil {
		return ignore(err, sql.ErrNoRows)
	}
	if _, err := t.exec(`UPDATE editions SET paused = 1, held = ? WHERE id = ?`, h.Why, edition); err != nil {
		return err
	}
	return t.notify(newsletterID, sql.NullInt64{Int64: edition, Valid: true}, fmt.Sprint("held ", delivery), h.Notice, now)
}
