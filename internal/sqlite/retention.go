package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// askable are readers of whom nothing was heard since ?1 and who can be asked: those who were not, and those whom the
// question of before ?2 never reached. goneOnes are people whom nothing keeps any longer: silent as long, and who receive
// nothing, or did not answer though the question reached their server before ?2. Both are looked for once a day, and all people
// are read for it, in the order of the table: an index on when each was last heard of would be written with each sign-up and each act
// of a reader's, and by that of the hashes they would be read in no order, which takes forty times as long.
const (
	keepLetter = ` SELECT 1 FROM deliveries d WHERE d.kind <> 'edition' AND d.subscriber_id = b.id AND d.letter = 'keep' AND `
	arrived    = `d.state = 'sent' AND EXISTS (SELECT 1 FROM attempts a WHERE a.delivery_id = d.id AND a.state = 'sent' AND a.ended_at >= b.asked_at`
	askable    = ` FROM subscribers b NOT INDEXED WHERE b.address IS NOT NULL AND b.acted_at <= ?1 AND (b.asked_at IS NULL OR b.asked_at < b.acted_at
			OR b.asked_at <= ?2 AND NOT EXISTS (` + keepLetter + `(d.state IN ('queued', 'deferred', 'attempting') OR ` + arrived + `))))
		AND EXISTS (SELECT 1 FROM subscriptions p WHERE p.subscriber_id = b.id AND p.state IN ('active', 'paused'))
		AND NOT EXISTS (SELECT 1 FROM suppressions u WHERE u.hash = b.hash)`
	goneOnes = ` FROM subscribers b NOT INDEXED WHERE b.address IS NOT NULL AND b.acted_at <= ?1 AND (
		NOT EXISTS (SELECT 1 FROM subscriptions p WHERE p.subscriber_id = b.id AND p.state <> 'unsubscribed')
		OR EXISTS (SELECT 1 FROM suppressions u WHERE u.hash = b.hash)
		OR b.asked_at >= b.acted_at AND EXISTS (` + keepLetter + arrived + ` AND a.ended_at <= ?2)))`
)

// CountIdle counts people; see subscription.Dossiers.
func (s *Store) CountIdle(ctx context.Context, i subscription.Idle) (n subscription.IdleNumbers, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM subscribers WHERE address IS NOT NULL),
		(SELECT count(*)`+askable+`), (SELECT count(*)`+goneOnes+`),
		(SELECT count(*) FROM subscribers NOT INDEXED WHERE address IS NOT NULL AND acted_at <= ?1 AND asked_at >= acted_at)`, ms(i.Since), ms(i.Asked)).
		Scan(&n.People, &n.ToAsk, &n.ToErase, &n.Waiting)
	if err != nil {
		return n, fmt.Errorf("count idle people: %w", err)
	}
	var over int
	err = s.read.QueryRowContext(ctx, `SELECT (SELECT count(*)`+goneOnes+` AND b.asked_at >= b.acted_at) + (SELECT count(*)`+askable+` AND b.asked_at >= b.acted_at)`,
		ms(i.Since), ms(i.Asked)).Scan(&over)
	n.Waiting -= over
	return n, err
}

// AllowRetention keeps the operator's word; see subscription.Dossiers.
func (s *Store) AllowRetention(ctx context.Context, a subscription.Allowance) error {
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(`UPDATE store SET retained_at = ?, retained_people = ?`, ms(a.At), sql.NullInt64{Int64: int64(a.People), Valid: !a.At.IsZero()})
		return err
	})
}

// RetentionAllowed tells the operator's word.
func (s *Store) RetentionAllowed(ctx context.Context) (a subscription.Allowance, err error) {
	var at sql.NullInt64
	err = s.read.QueryRowContext(ctx, `SELECT retained_at, coalesce(retained_people, 0) FROM store`).Scan(&at, &a.People)
	a.At = instant(at)
	return a, err
}

// BeginRetention claims a day; see subscription.Dossiers. Days are those of UTC.
func (s *Store) BeginRetention(ctx context.Context, now time.Time) (begun bool, err error) {
	err = s.update(ctx, func(t tx) error {
		n, err := changed(t.exec(`UPDATE store SET retained_day = ?1 WHERE retained_day IS NOT ?1`, now.UnixMilli()/(24*time.Hour).Milliseconds()))
		begun = n > 0
		return err
	})
	return begun, err
}

// IdleReaders lists whom to ask; see subscription.Dossiers.
func (s *Store) IdleReaders(ctx context.Context, i subscription.Idle, limit int) ([]subscription.IdleReader, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT b.id, (SELECT json_group_array(name) FROM (SELECT n.name FROM subscriptions p JOIN newsletters n ON n.id = p.newsletter_id
		WHERE p.subscriber_id = b.id AND p.state IN ('active', 'paused') ORDER BY p.id))`+askable+` ORDER BY b.acted_at, b.id LIMIT ?3`, ms(i.Since), ms(i.Asked), limit)
	if err != nil {
		return nil, fmt.Errorf("read idle readers: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r subscription.IdleReader, err error) {
		var names []byte
		if err := rows.Scan(&r.Subscriber, &names); err != nil {
			return r, err
		}
		return r, json.Unmarshal(names, &r.Newsletters)
	})
}

// AskIdle asks; see subscription.Dossiers.
func (s *Store) AskIdle(ctx context.Context, questions []subscription.Question, i subscription.Idle, now time.Time) (asked int, err error) {
	err = s.update(ctx, func(t tx) error {
		asked = 0
		for _, q := range questions {
			n, err := changed(t.exec(`UPDATE subscribers SET asked_at = ?3 WHERE id IN (SELECT b.id`+askable+` AND b.id = ?4)`, ms(i.Since), ms(i.Asked), ms(now), q.Subscriber))
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			newsletterID, err := t.newsletterID(q.Newsletter)
			if err != nil {
				return err
			}
			if _, err := t.queueLetter(singleLetter{
				kind: newsletter.LetterKeep, run: runAhead, variant: q.Variant, newsletterID: newsletterID, subscriber: q.Subscriber, at: now,
			}); err != nil {
				return err
			}
			asked++
		}
		return nil
	})
	return asked, err
}

// IdleGone lists whom to erase; see subscription.Dossiers.
func (s *Store) IdleGone(ctx context.Context, i subscription.Idle, limit int) ([]int64, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT b.id`+goneOnes+` ORDER BY b.acted_at, b.id LIMIT ?3`, ms(i.Since), ms(i.Asked), limit)
	if err != nil {
		return nil, fmt.Errorf("read people to erase: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
}

// DropNetworks forgets old networks; see subscription.Dossiers. All consents are looked through for it, without holding up anybody:
// they stand in the order in which they came, which is not certainly that of time, and an index on it each sign-up would pay for.
func (s *Store) DropNetworks(ctx context.Context, before time.Time, limit int) (dropped int, err error) {
	var old []int64
	for after := int64(0); ; after = old[len(old)-1] {
		if old, err = s.oldNetworks(ctx, before, after, limit); err != nil || len(old) == 0 {
			return dropped, err
		}
		n, err := s.dropNetworks(ctx, old)
		if dropped += n; err != nil {
			return dropped, err
		}
	}
}

// oldNetworks lists consents whose network is too old, those after one.
func (s *Store) oldNetworks(ctx context.Context, before time.Time, after int64, limit int) ([]int64, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id FROM consents WHERE id > ? AND network IS NOT NULL AND at < ? ORDER BY id LIMIT ?`, after, ms(before), limit)
	if err != nil {
		return nil, fmt.Errorf("find old networks: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
}

func (s *Store) dropNetworks(ctx context.Context, consents []int64) (dropped int, err error) {
	err = s.update(ctx, func(t tx) error {
		dropped = 0
		for _, id := range consents {
			n, err := changed(t.exec(`UPDATE consents SET network = NULL WHERE id = ? AND network IS NOT NULL`, id))
			if err != nil {
				return err
			}
			dropped += int(n)
		}
		return nil
	})
	return dropped, err
}
