package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// again makes a letter due for a new round of tries, as one of the group that its reader's address belongs to by now.
// Message-ID and Date stay. ?2 is now.
const again = `state = 'queued', reason = '', tries = 0, round_at = NULL, next_at = ?2, group_id = ` + groupNow

// A resendGroup is a group of readers that an edition ?1 can be sent to once more, by the number of the subscriber. All that
// it asks of them is asked anew in the transaction that owes them the letter.
type resendGroup struct {
	reader, letter string // columns: the subscriber, and the letter that is there
	whom           string // from where, and which; ?3 is since when, for newcomers
}

func resendOf(what outbox.ResendWhat) resendGroup {
	switch what {
	case outbox.ResendUnknown:
		return resendGroup{`d.subscriber_id`, `d.id`, lacking + ` AND d.state = 'unknown'`}
	case outbox.ResendNewcomers:
		return resendGroup{`p.subscriber_id`, `(SELECT o.id` + dropped + ` AND o.subscriber_id = p.subscriber_id ORDER BY o.copy DESC LIMIT 1)`, came + ` WHERE ` + missing}
	}
	return resendGroup{`d.subscriber_id`, `d.id`, lacking + ` AND d.state IN ('failed', 'expired')`}
}

const (
	// lacking are the letters of an edition whose reader may have one and has no other: of several copies the latest.
	lacking = ` FROM deliveries d WHERE d.edition_id = ?1 AND d.kind = 'edition' AND EXISTS (SELECT 1 FROM subscriptions p
			JOIN subscribers b ON b.id = p.subscriber_id
			WHERE p.newsletter_id = d.newsletter_id AND p.subscriber_id = d.subscriber_id AND p.state = 'active'
			AND NOT EXISTS (SELECT 1 FROM suppressions u WHERE u.hash = b.hash))
		AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.edition_id = d.edition_id AND o.subscriber_id = d.subscriber_id AND o.kind = 'edition'
			AND o.id <> d.id AND (o.copy > d.copy OR o.state NOT IN ('failed', 'expired', 'cancelled')))`

	// came joins to an edition the readers who became active after its audience was fixed. The order of the two is one of the
	// store: clocks may stand anywhere.
	came = ` FROM editions e JOIN subscriptions p INDEXED BY subscriptions_active
		ON p.newsletter_id = e.newsletter_id AND p.state = 'active' AND p.activated > e.audience`

	// lettered are those of them who may have a letter and have none, nor one that the operator ended with the edition.
	lettered = `e.id = ?1 AND p.since_at >= ?3
		AND NOT EXISTS (SELECT 1 FROM subscribers b JOIN suppressions u ON u.hash = b.hash WHERE b.id = p.subscriber_id)
		AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.edition_id = e.id AND o.subscriber_id = p.subscriber_id AND o.kind = 'edition'
			AND (o.state <> 'cancelled' OR o.reason = 'operator' AND o.run = e.id))`

	// sated had all of its articles by other editions, so that who moved between the newsletters of a family is not given them twice. One that the edition
	// says was updated they had only if a later edition brought it, or none of its changes came between.
	sated = `(EXISTS (SELECT 1 FROM edition_articles WHERE edition_id = e.id) AND NOT EXISTS (SELECT 1 FROM edition_articles a
		LEFT JOIN verdicts v ON v.newsletter_id = e.newsletter_id AND v.article_id = a.article_id AND v.slot_id = e.slot_id AND v.fresh > 0
		WHERE a.edition_id = e.id AND NOT EXISTS (SELECT 1 FROM edition_articles h JOIN editions l ON l.id = h.edition_id
			JOIN deliveries o ON o.edition_id = l.id AND o.subscriber_id = p.subscriber_id AND o.kind = 'edition' AND o.state NOT IN ('failed', 'expired', 'cancelled')
			WHERE h.article_id = a.article_id AND l.id <> e.id AND (v.fresh IS NULL OR l.id > e.id OR NOT EXISTS (SELECT 1 FROM article_pasts t
				WHERE t.article_id = a.article_id AND t.slot_id >= l.slot_id AND t.slot_id < e.slot_id)))))`

	missing = lettered + ` AND NOT ` + sated

	// dropped are the letters o of an edition that did not go because their reader was away.
	dropped = ` FROM deliveries o WHERE o.edition_id = ?1 AND o.kind = 'edition' AND o.state = 'cancelled'`
)

// theirs are the readers that a transaction is about, and makeNewcomers their rows where they are newcomers without one.
const (
	theirs        = ` IN (SELECT value FROM json_each(?4))`
	makeNewcomers = makeRow + came + withText + `WHERE ` + missing + ` AND p.subscriber_id` + theirs + ` ORDER BY p.subscriber_id`
)

// next selects columns of the next readers: those after ?4, at most ?5 of them.
func (g resendGroup) next(columns string) string {
	return `SELECT ` + columns + g.whom + ` AND ` + g.reader + ` > ?4 ORDER BY ` + g.reader + ` LIMIT ?5`
}

// CountResend counts whom Resend would reach; see outbox.Ledger.
func (s *Store) CountResend(ctx context.Context, ref newsletter.EditionRef, r outbox.Round) (map[outbox.ResendWhat]int, error) {
	id, err := s.resendable(ctx, ref)
	if err != nil {
		return nil, err
	}
	people := map[outbox.ResendWhat]int{}
	for _, what := range r.Groups {
		var n int
		if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM (`+resendOf(what).next(`1`)+`)`, id, nil, since(r.Since), 0, -1).Scan(&n); err != nil {
			return nil, fmt.Errorf("count whom %s would be sent to once more: %w", ref, err)
		}
		people[what] = n
	}
	return people, nil
}

// CountSated counts the newcomers whom Resend passes over because of what they had; see outbox.Ledger.
func (s *Store) CountSated(ctx context.Context, ref newsletter.EditionRef, from time.Time) (people int, err error) {
	id, err := s.resendable(ctx, ref)
	if err != nil {
		return 0, err
	}
	if err := s.read.QueryRowContext(ctx, `SELECT count(*)`+came+` WHERE `+lettered+` AND `+sated, id, nil, since(from)).Scan(&people); err != nil {
		return 0, fmt.Errorf("count who had all articles of %s: %w", ref, err)
	}
	return people, nil
}

// ListResend lists whom Resend would reach; see outbox.Ledger.
func (s *Store) ListResend(ctx context.Context, edition int64, what outbox.ResendWhat, from time.Time, after int64, limit int) ([]outbox.Recipient, error) {
	g := resendOf(what)
	rows, err := s.read.QueryContext(ctx, g.next(g.reader+`, (SELECT coalesce(address, '') FROM subscribers WHERE id = `+g.reader+`), coalesce(`+g.letter+`, 0)`),
		edition, nil, since(from), after, limit)
	if err != nil {
		return nil, fmt.Errorf("list whom edition %d would be sent to once more: %w", edition, err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r outbox.Recipient, err error) {
		return r, rows.Scan(&r.Subscriber, &r.Address, &r.Delivery)
	})
}

// since is an instant from which on something counts; the zero time is before all.
func since(t time.Time) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.UnixMilli()
}

// resendable finds an edition that can be sent once more.
func (s *Store) resendable(ctx context.Context, ref newsletter.EditionRef) (int64, error) {
	e, err := s.Edition(ctx, ref)
	if err == nil {
		err = mayResend(ref, e.State)
	}
	return e.ID, err
}

// mayResend says why an edition cannot be sent once more.
func mayResend(ref newsletter.EditionRef, state newsletter.EditionState) error {
	if state == newsletter.EditionCancelled {
		return fmt.Errorf("edition %s was cancelled: %w", ref, newsletter.ErrState)
	}
	return nil
}

const (
	resendMost  = 500 // people of one transaction: a sign-up waits for it
	resendPause = cancelPause
)

// Resend owes an edition once more to groups of readers; see outbox.Ledger. Who they are is read beside the transactions,
// for in a large edition they may be few: each transaction only asks once more about those it is given.
func (s *Store) Resend(ctx context.Context, ref newsletter.EditionRef, r outbox.Round, o outbox.Order, tell func(people int)) (map[outbox.ResendWhat]int, error) {
	id, err := s.resendable(ctx, ref)
	if err != nil {
		return nil, err
	}
	people, all := map[outbox.ResendWhat]int{}, 0
	for _, what := range outbox.ResendGroups() {
		if !slices.Contains(r.Groups, what) {
			continue
		}
		err := s.resendGroup(ctx, ref, id, outbox.Resend{Order: o, What: what, Since: r.Since}, func(n int) {
			people[what] += n
			all += n
			tell(all)
		})
		if err != nil && all > 0 {
			err = fmt.Errorf("edition %s is queued once more for only %d people yet; order it again: %w", ref, all, err)
		}
		if err != nil {
			return people, err
		}
	}
	return people, nil
}

// resendGroup owes an edition to one group of readers, some in each transaction.
func (s *Store) resendGroup(ctx context.Context, ref newsletter.EditionRef, edition int64, r outbox.Resend, tell func(int)) error {
	var after, noted int64
	if r.What != outbox.ResendNewcomers {
		r.Since = time.Time{}
	}
	for !r.Whole {
		who, err := s.ListResend(ctx, edition, r.What, r.Since, after, resendMost)
		if err != nil {
			return err
		}
		ids := make([]int64, len(who))
		for i, one := range who {
			ids[i], after = one.Subscriber, one.Subscriber
		}
		r.Whole = len(who) < resendMost
		var n, note int64
		err = s.onEdition(ctx, ref, func(t tx, id int64, state newsletter.EditionState) (err error) {
			if err := mayResend(ref, state); err != nil {
				return err
			}
			n, note, err = t.resendSome(id, ids, noted, r)
			return err
		})
		if err != nil {
			return err
		}
		noted = note
		tell(int(n))
		if !r.Whole {
			if err := rest(ctx, resendPause); err != nil {
				return err
			}
		}
	}
	return nil
}

// resendSome owes an edition to those of some readers who still belong to the group, and adds them to the record, which is
// begun with the first of them.
func (t tx) resendSome(edition int64, readers []int64, noted int64, r outbox.Resend) (people, note int64, err error) {
	g := resendOf(r.What)
	args := []any{edition, ms(r.At), since(r.Since), list(readers)}
	if people, err = changed(t.exec(`UPDATE deliveries SET `+again+`, run = edition_id WHERE id IN (SELECT `+g.letter+g.whom+` AND `+g.reader+theirs+`)`,
		args...)); err != nil {
		return 0, 0, err
	}
	if r.What == outbox.ResendNewcomers {
		n, err := changed(t.exec(makeNewcomers, args...))
		if err != nil {
			return 0, 0, err
		}
		people += n
	}
	if people > 0 {
		if err := t.reopen(edition, r.At); err != nil {
			return 0, 0, err
		}
	}
	if noted == 0 && people == 0 {
		return 0, 0, nil
	}
	if noted == 0 {
		r.People = int(people)
		note, err = t.note(edition, r)
		return people, note, err
	}
	_, err = t.exec(`UPDATE resends SET people = people + ?, whole = ? WHERE id = ?`, people, r.Whole, noted)
	return people, noted, err
}

// reopen lets an edition send again that was done; nothing is done that only goes ahead, whose run is none. Its first letters went ahead then.
func (t tx) reopen(edition int64, now time.Time) error {
	_, err := t.exec(`UPDATE editions SET state = 'sending', opens_at = coalesce(opens_at, ?2) WHERE id = ?1 AND state = 'done'`, edition, ms(now))
	return err
}

// note writes down who asked for an edition once more.
func (t tx) note(edition int64, r outbox.Resend) (id int64, err error) {
	err = t.row(`INSERT INTO resends (edition_id, what, since_at, asked_by, way, flags, asked_at, people, whole, delivery_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		edition, r.What, ms(r.Since), r.By, r.Way, r.Flags, ms(r.At), r.People, r.Whole, sql.NullInt64{Int64: r.Delivery, Valid: r.Delivery != 0}).Scan(&id)
	return id, err
}

// Resends lists who had an edition sent once more; see outbox.Ledger.
func (s *Store) Resends(ctx context.Context, edition int64) ([]outbox.Resend, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT what, since_at, asked_by, way, flags, asked_at, people, whole, coalesce(delivery_id, 0) FROM resends
		WHERE edition_id = ? ORDER BY id`, edition)
	if err != nil {
		return nil, fmt.Errorf("read resends: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r outbox.Resend, err error) {
		var from, at sql.NullInt64
		err = rows.Scan(&r.What, &from, &r.By, &r.Way, &r.Flags, &at, &r.People, &r.Whole, &r.Delivery)
		r.Since, r.At = instant(from), instant(at)
		return r, err
	})
}
