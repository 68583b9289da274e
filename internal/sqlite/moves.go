package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// OpenMove writes a change of address down; see subscription.Wishes.
func (s *Store) OpenMove(ctx context.Context, h subscription.Handle, m subscription.NewAddress) (opened bool, err error) {
	var left traces
	err = s.forBearer(ctx, h, func(t tx, p bearer) error {
		if opened, err = t.charge(m.Asking, m.At); err != nil || !opened {
			return err
		}
		stands, err := t.moves(p.subscriber, m)
		if err != nil {
			return err
		}
		if stands {
			return t.acted(p.id, m.At)
		}
		reason, err := t.mayMove(p.subscriber, m)
		if err != nil {
			return err
		}
		if left, err = t.dropMoves(m.At, `subscriber_id = ?`, p.subscriber); err != nil {
			return err
		}
		l := singleLetter{
			kind: newsletter.LetterMove, run: runAhead, variant: m.Variant, newsletterID: p.newsletterID, subscriber: p.subscriber,
			address: m.Address.String(), at: m.At, reason: reason,
		}
		if err := t.row(`INSERT INTO moves (subscriber_id, hash, address, at) VALUES (?, ?, ?, ?) RETURNING id`,
			p.subscriber, t.hash(m.Address), l.address, ms(m.At)).Scan(&l.move); err != nil {
			return err
		}
		if _, err := t.queueLetter(l); err != nil {
			return err
		}
		return t.acted(p.id, m.At)
	})
	if err == nil {
		s.remember(left.scrub, left.addresses)
	}
	return opened, err
}

// moves tells whether the reader has asked for the same address of late: pressed twice, the letter that is on its way stands, and so does
// its link. What became of that letter is not asked, so that addresses cannot be told apart by it.
func (t tx) moves(subscriber int64, m subscription.NewAddress) (stands bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM moves WHERE subscriber_id = ? AND hash = ? AND at > ?)`,
		subscriber, t.hash(m.Address), ms(m.At.Add(-subscription.LinkLife))).Scan(&stands)
	return stands, err
}

// mayMove says why no letter goes to a new address, if so. All that is asked is asked whatever the answer is, so that
// addresses cannot be told apart by it.
func (t tx) mayMove(subscriber int64, m subscription.NewAddress) (reason newsletter.CancelReason, err error) {
	ok, err := t.charge(m.Mailbox, m.At)
	if err != nil {
		return "", err
	}
	if !ok {
		reason = newsletter.CancelLimited
	}
	taken, suppressed, err := t.taken(t.hash(m.Address), subscriber)
	switch {
	case suppressed:
		reason = newsletter.CancelSuppressed
	case taken:
		reason = newsletter.CancelTaken
	}
	return reason, err
}

// taken tells whether an address is another person's, or suppressed. Whoever only typed it somewhere is nobody: the person
// who opens the letter to it is the one who has it.
func (t tx) taken(hash []byte, subscriber int64) (taken, suppressed bool, err error) {
	err = t.row(`SELECT EXISTS (SELECT 1 FROM subscribers b JOIN subscriptions p ON p.subscriber_id = b.id
			WHERE b.hash = ?1 AND b.id <> ?2 AND b.address IS NOT NULL AND p.confirmed_at IS NOT NULL),
		EXISTS (SELECT 1 FROM suppressions WHERE hash = ?1)`, hash, subscriber).Scan(&taken, &suppressed)
	return taken, suppressed, err
}

// traces are what a forgotten address may have left in files, and the scrub that is due for it; 0 is none.
type traces struct {
	scrub     int64
	letters   []int64 // whose files are to go
	addresses []address.Address
}

// dropMoves forgets changes of address, and the address in the record of their letters. A letter that waits does not
// leave any more.
func (t tx) dropMoves(now time.Time, where string, args ...any) (left traces, err error) {
	rows, err := t.query(`SELECT address FROM moves WHERE `+where, args...)
	if err != nil {
		return left, err
	}
	texts, err := collectRows(rows, func(rows *sql.Rows) (text string, err error) { return text, rows.Scan(&text) })
	if err != nil || len(texts) == 0 {
		return left, err
	}
	for _, text := range texts {
		if a, err := address.Parse(text); err == nil {
			left.addresses = append(left.addresses, a)
		}
	}
	if left.letters, err = t.ids(lettersOfMoves+`
		WHERE m.id IN (SELECT id FROM moves WHERE `+where+`) ORDER BY d.id`, args...); err != nil {
		return left, err
	}
	if _, err := t.exec(`UPDATE deliveries SET address = '', reason = iif(next_at IS NULL, reason, 'over'), state = iif(next_at IS NULL, state, 'cancelled'), next_at = NULL
		WHERE id IN (SELECT value FROM json_each(?))`, list(left.letters)); err != nil {
		return left, err
	}
	if err := t.forgetWords(left.letters); err != nil {
		return left, err
	}
	if _, err := t.exec(`DELETE FROM moves WHERE id IN (SELECT id FROM moves WHERE `+where+`)`, args...); err != nil {
		return left, err
	}
	left.scrub, err = t.scrubDue(now, left.letters)
	return left, err
}

// lettersOfMoves are those that go to the new address of a change m.
const lettersOfMoves = `SELECT d.id FROM moves m JOIN deliveries d ON d.kind <> 'edition' AND d.subscriber_id = m.subscriber_id AND d.move_id = m.id`

const forgetWords = `UPDATE attempts SET text = '' WHERE text <> '' AND delivery_id IN (SELECT value FROM json_each(?))`

// forgetWords blanks what servers said of letters: it may name who they went to.
func (t tx) forgetWords(letters []int64) error {
	_, err := t.exec(forgetWords, list(letters))
	return err
}

// MoveTo tells where a change of address leads; see subscription.Wishes.
func (s *Store) MoveTo(ctx context.Context, move int64) (to address.Address, language string, err error) {
	var text string
	err = s.read.QueryRowContext(ctx, `SELECT m.address, b.language FROM moves m JOIN subscribers b ON b.id = m.subscriber_id WHERE m.id = ?`, move).
		Scan(&text, &language)
	if err != nil {
		return to, "", found(err, fmt.Sprintf("change of address %d", move))
	}
	to, err = address.Parse(text)
	return to, language, err
}

// Move makes a new address the reader's; see subscription.Wishes.
func (s *Store) Move(ctx context.Context, move int64, consent newsletter.Consent) (id int64, err error) {
	var left traces
	err = s.update(ctx, func(t tx) error {
		m, err := t.movable(move)
		if err != nil {
			return err
		}
		stranger, err := t.makeRoom(m.hash, m.subscriber)
		if err != nil {
			return err
		}
		if left, err = t.leaveAddress(m); err != nil {
			return err
		}
		if err := t.keepLeft(m, consent.At); err != nil {
			return err
		}
		left.letters = append(left.letters, stranger...)
		if left.scrub, err = t.scrubDue(consent.At, left.letters); err != nil {
			return err
		}
		for _, query := range []string{
			`UPDATE subscribers SET address = m.address, hash = m.hash FROM moves m WHERE m.id = ?1 AND subscribers.id = m.subscriber_id`,
			ownByNow, overByNow,
			`DELETE FROM moves WHERE id = ?1`,
			regroup,
			`UPDATE subscriptions SET epoch = epoch + 1 WHERE subscriber_id = ?2`,
		} {
			if _, err := t.exec(query, move, m.subscriber); err != nil {
				return err
			}
		}
		if id, err = t.confirmAll(m.subscriber, consent); err != nil {
			return err
		}
		return t.acted(id, consent.At)
	})
	if err == nil {
		s.remember(left.scrub, left.addresses)
	}
	return id, err
}

// regroup gives the open copies of the subscriber ?2 to the provider of their new address.
const regroup = `UPDATE deliveries SET group_id = ` + groupNow + ` WHERE kind = 'edition' AND edition_id IN (SELECT id FROM editions) AND subscriber_id = ?2
	AND (next_at IS NOT NULL OR state = 'attempting')`

// What becomes of the letters about the change ?1 of the subscriber ?2: they went to what is their own address by now.
const (
	ownByNow  = `UPDATE deliveries SET address = NULL WHERE kind <> 'edition' AND subscriber_id = ?2 AND move_id = ?1`
	overByNow = `UPDATE deliveries SET state = 'cancelled', reason = 'over', next_at = NULL
		WHERE kind <> 'edition' AND subscriber_id = ?2 AND move_id = ?1 AND next_at IS NOT NULL`
)

// A moving is a change of address that may be done.
type moving struct {
	subscriber int64
	hash       []byte // of the new address
	old        person // who the reader was, by the address before
	address    string // the one before
}

// movable finds an open change of address, where it may be done.
func (t tx) movable(move int64) (m moving, err error) {
	var silenced bool
	err = t.row(`SELECT m.subscriber_id, m.hash, b.hash, b.address, EXISTS (SELECT 1 FROM suppressions u WHERE u.hash = b.hash AND u.kind <> 'hard-bounce')
		FROM moves m JOIN subscribers b ON b.id = m.subscriber_id WHERE m.id = ? AND b.address IS NOT NULL`, move).
		Scan(&m.subscriber, &m.hash, &m.old.hash, &m.address, &silenced)
	if errors.Is(err, sql.ErrNoRows) {
		return m, fmt.Errorf("the change of address %d is done or forgotten: %w", move, newsletter.ErrState)
	}
	if err != nil {
		return m, err
	}
	m.old.id = m.subscriber
	taken, suppressed, err := t.taken(m.hash, m.subscriber)
	if err == nil && (taken || suppressed || silenced) {
		err = fmt.Errorf("the change of address %d is not possible any more: %w", move, newsletter.ErrState)
	}
	return m, err
}

// otherWith is who but the subscriber ?2 has the address with the hash ?1, and whether a letter to them is on the wire: the
// plus keeps to the index of those few.
const otherWith = `SELECT id, EXISTS (SELECT 1 FROM deliveries d WHERE +d.subscriber_id = b.id AND d.state = 'attempting')
	FROM subscribers b WHERE hash = ?1 AND id <> ?2 AND address IS NOT NULL`

// makeRoom takes an address from whoever is recorded with it without being its person: a sign-up that nobody confirmed is
// forgotten.
func (t tx) makeRoom(hash []byte, subscriber int64) (letters []int64, err error) {
	var other int64
	var busy bool
	err = t.row(otherWith, hash, subscriber).Scan(&other, &busy)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case busy:
		return nil, fmt.Errorf("a letter to the new address is on the wire: %w", newsletter.ErrBusy)
	}
	for _, query := range []string{
		`DELETE FROM consents WHERE subscription_id IN (SELECT id FROM subscriptions WHERE subscriber_id = ?)`,
		`DELETE FROM subscriptions WHERE subscriber_id = ?`,
	} {
		if _, err := t.exec(query, other); err != nil {
			return nil, err
		}
	}
	return t.forgetStranger(other)
}

// leaveAddress forgets the address that a reader had, as an erasure does, but for letters that are still to leave: those
// go to the new one. A proof that is still to leave goes where the operator wanted it.
func (t tx) leaveAddress(m moving) (left traces, err error) {
	old, err := address.Parse(m.address)
	if err != nil {
		return left, nil // nothing can have been sent to it
	}
	left.addresses, m.old.domain = []address.Address{old}, old.Domain()
	all, err := t.lettersTo(m.old)
	if err != nil {
		return left, err
	}
	if left.letters, err = t.ids(`SELECT id FROM deliveries WHERE next_at IS NULL AND (subscriber_id = ? OR kind = 'proof') AND id IN (SELECT value FROM json_each(?))`,
		m.subscriber, list(all)); err != nil {
		return left, err
	}
	if _, err := t.exec(`UPDATE deliveries SET address = '' WHERE kind = 'proof' AND address <> '' AND id IN (SELECT value FROM json_each(?))`, list(left.letters)); err != nil {
		return left, err
	}
	if _, err := t.exec(`UPDATE suppressions SET address = NULL, reason = ? WHERE hash = ?`, newsletter.ReasonMoved, m.old.hash); err != nil {
		return left, err
	}
	return left, t.forgetWords(left.letters)
}

// keepLeft remembers by its hash that an address was left, so that no import brings it back.
func (t tx) keepLeft(m moving, now time.Time) error {
	if err := t.used(m.hash); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO left_addresses (hash, at) VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET at = excluded.at`, m.old.hash, ms(now))
	return err
}

// used forgets that an address was left: it has a reader again, by an act of their own.
func (t tx) used(hash []byte) error {
	_, err := t.exec(`DELETE FROM left_addresses WHERE hash = ?`, hash)
	return err
}

// LeftAddress tells when an address was left for another; see subscription.Dossiers.
func (s *Store) LeftAddress(ctx context.Context, a address.Address) (at time.Time, err error) {
	var left sql.NullInt64
	err = s.read.QueryRowContext(ctx, `SELECT at FROM left_addresses WHERE hash = ?`, s.hashOf(a)).Scan(&left)
	return instant(left), found(err, "an address that was left")
}

// confirmAll records a consent for all that a person receives, and returns one of their subscriptions: of those, if any.
func (t tx) confirmAll(subscriber int64, consent newsletter.Consent) (id int64, err error) {
	rows, err := t.query(`SELECT id, state IN ('active', 'paused') FROM subscriptions WHERE subscriber_id = ? ORDER BY 2, id DESC`, subscriber)
	if err != nil {
		return 0, err
	}
	type one struct {
		id       int64
		receives bool
	}
	all, err := collectRows(rows, func(rows *sql.Rows) (o one, err error) { return o, rows.Scan(&o.id, &o.receives) })
	for _, o := range all {
		if id = o.id; o.receives && err == nil {
			err = t.recordConsent(o.id, consent)
		}
	}
	return id, err
}

// SweepMoves forgets old changes of address; see subscription.Wishes.
func (s *Store) SweepMoves(ctx context.Context, until time.Time, limit int) (n int, err error) {
	var left traces
	err = s.update(ctx, func(t tx) error {
		if err := t.row(`SELECT count(*) FROM (SELECT 1 FROM moves WHERE at <= ? LIMIT ?)`, ms(until), limit).Scan(&n); err != nil || n == 0 {
			return err
		}
		left, err = t.dropMoves(until, `at <= ? ORDER BY id LIMIT ?`, ms(until), limit)
		return err
	})
	if err == nil {
		s.remember(left.scrub, left.addresses)
	}
	return n, err
}
