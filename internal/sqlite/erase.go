package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// A person is whom an erasure is about.
type person struct {
	id     int64 // of the subscriber; 0: nobody subscribed with the address
	hash   []byte
	domain string // empty: not known any more
	gone   bool   // erased before, and found by their number: who has the address now is another
}

// Erase forgets who somebody is; see subscription.Dossiers.
func (s *Store) Erase(ctx context.Context, e subscription.Erasure) (erased subscription.Erased, err error) {
	var scrub int64
	var names []address.Address
	err = s.update(ctx, func(t tx) error {
		who, err := t.person(e)
		if err != nil {
			return err
		}
		if erased, names, err = t.erase(who, e); err != nil {
			return err
		}
		if scrub = 0; erased.Done || !e.Address.IsZero() { // again as well: the time before may have been cut off
			scrub, err = t.scrubDue(e.Withdrawal.At, erased.Deliveries)
		}
		return err
	})
	if err == nil {
		s.remember(scrub, names)
	}
	return erased, err
}

// erase forgets a person, and tells by which addresses they were known.
func (t tx) erase(who person, e subscription.Erasure) (erased subscription.Erased, names []address.Address, err error) {
	if who.gone {
		return erased, nil, nil
	}
	if e.Unless != nil {
		var still bool
		err := t.row(`SELECT EXISTS (SELECT 1`+goneOnes+` AND b.id = ?3)`, ms(e.Unless.Since), ms(e.Unless.Asked), who.id).Scan(&still)
		if err != nil || !still {
			return erased, nil, err
		}
	}
	if err := t.endAll(who.id, e.Withdrawal); err != nil {
		return erased, nil, err
	}
	if erased.Deliveries, err = t.lettersTo(who); err != nil {
		return erased, nil, err
	}
	if names, err = t.namesOf(who, e.Address, erased.Deliveries); err != nil {
		return erased, nil, err
	}
	known, changed, err := t.forget(who, erased.Deliveries, e.Withdrawal.At)
	switch {
	case err != nil:
		return erased, nil, err
	case !known && who.id == 0 && len(erased.Deliveries) == 0:
		return erased, nil, fmt.Errorf("a person to erase: %w", newsletter.ErrNotFound)
	}
	for _, name := range names { // the others may be somebody else's
		if e.Forget != nil && bytes.Equal(t.hash(name), who.hash) {
			if err := t.forgetLimits(e.Forget(name)); err != nil {
				return erased, nil, err
			}
		}
	}
	erased.Done = changed
	erased.OnTheWire, err = t.ids(`SELECT id FROM deliveries WHERE state = 'attempting' AND id IN (SELECT value FROM json_each(?))`, list(erased.Deliveries))
	return erased, names, err
}

// person finds whom an erasure is about.
func (t tx) person(e subscription.Erasure) (who person, err error) {
	if !e.Address.IsZero() {
		who.hash, who.domain = t.hash(e.Address), e.Address.Domain()
		err = t.row(`SELECT id FROM (SELECT id, 1 AS rank FROM subscribers WHERE hash = ?1 AND address IS NOT NULL
			UNION ALL SELECT max(id), 2 FROM subscribers WHERE hash = ?1 AND address IS NULL) WHERE id IS NOT NULL ORDER BY rank LIMIT 1`, who.hash).Scan(&who.id)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return who, err
	}
	var text string
	if err := t.row(`SELECT id, hash, coalesce(address, '') FROM subscribers WHERE id = ?`, e.Subscriber).Scan(&who.id, &who.hash, &text); err != nil {
		return who, found(err, fmt.Sprintf("subscriber %d", e.Subscriber))
	}
	if a, err := address.Parse(text); err == nil {
		who.domain = a.Domain()
	}
	who.gone = text == ""
	return who, nil
}

// endAll ends what a subscriber has not left.
func (t tx) endAll(subscriber int64, withdrawal newsletter.Consent) error {
	open, err := t.ids(`SELECT id FROM subscriptions WHERE subscriber_id = ? AND state <> 'unsubscribed'`, subscriber)
	if err != nil {
		return err
	}
	for _, id := range open {
		if _, err := t.leave(id, withdrawal); err != nil {
			return err
		}
	}
	return nil
}

// elsewhereTo are letters d that do not go to their subscriber's own address but to one of the domain ?1: few, and found
// by the index of their addresses, whose forgotten ones are empty.
const elsewhereTo = `d.address IS NOT NULL AND lower(d.address) > '' AND lower(d.address) LIKE '%@' || ?1`

// elsewhereOf are those that are not owed to the subscriber ?2.
const elsewhereOf = `SELECT d.id, d.address FROM deliveries d WHERE ` + elsewhereTo + ` AND d.subscriber_id IS NOT ?2`

// lettersTo lists every letter owed to a person: as a subscriber, and to the address otherwise, such as a proof or the
// confirmation of somebody's change of address. lower() knows ASCII only, so addresses are compared by their hash.
func (t tx) lettersTo(who person) ([]int64, error) {
	letters, err := t.ids(lettersOf+` ORDER BY id`, who.id)
	if err != nil || who.domain == "" {
		return letters, err
	}
	rows, err := t.query(elsewhereOf, who.domain, who.id)
	if err != nil {
		return nil, err
	}
	type sent struct {
		id int64
		to string
	}
	others, err := collectRows(rows, func(rows *sql.Rows) (o sent, err error) { return o, rows.Scan(&o.id, &o.to) })
	for _, o := range others {
		if a, err := address.Parse(o.to); err == nil && string(t.hash(a)) == string(who.hash) {
			letters = append(letters, o.id)
		}
	}
	return letters, err
}

// namesOf lists the addresses by which a person is known.
func (t tx) namesOf(who person, asked address.Address, letters []int64) ([]address.Address, error) {
	rows, err := t.query(`SELECT address FROM subscribers WHERE id = ?1 AND address IS NOT NULL UNION SELECT address FROM moves WHERE subscriber_id = ?1
		UNION SELECT address FROM deliveries WHERE address <> '' AND id IN (SELECT value FROM json_each(?2))`, who.id, list(letters))
	if err != nil {
		return nil, err
	}
	texts, err := collectRows(rows, func(rows *sql.Rows) (text string, err error) { return text, rows.Scan(&text) })
	var names []address.Address
	if !asked.IsZero() {
		names = append(names, asked)
	}
	for _, text := range texts {
		if a, err := address.Parse(text); err == nil && !slices.Contains(names, a) {
			names = append(names, a)
		}
	}
	return names, err
}

// forget takes away everything by which a person can be recognised but for the hash. known tells that the address was known
// without a subscriber, changed that anything was taken away.
func (t tx) forget(who person, letters []int64, now time.Time) (known, changedAny bool, err error) {
	if err := t.row(`SELECT EXISTS (SELECT 1 FROM suppressions WHERE hash = ?1) OR EXISTS (SELECT 1 FROM moves WHERE hash = ?1)
		OR EXISTS (SELECT 1 FROM left_addresses WHERE hash = ?1)`, who.hash).Scan(&known); err != nil {
		return false, false, err
	}
	const ofTheirs = `(SELECT id FROM subscriptions WHERE subscriber_id = ?)`
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`UPDATE subscribers SET address = NULL, asked_at = NULL WHERE id = ? AND address IS NOT NULL`, []any{who.id}}, // first: consents are kept as they are before
		{`UPDATE consents SET source = '', network = NULL WHERE (source <> '' OR network IS NOT NULL) AND subscription_id IN ` + ofTheirs, []any{who.id}},
		{`DELETE FROM moves WHERE subscriber_id = ? OR hash = ?`, []any{who.id, who.hash}},
		{`UPDATE deliveries SET state = 'cancelled', reason = 'erased', next_at = NULL WHERE next_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))`, []any{list(letters)}},
		{`UPDATE deliveries SET address = '' WHERE address <> '' AND id IN (SELECT value FROM json_each(?))`, []any{list(letters)}},
		{forgetWords, []any{list(letters)}},
		{`DELETE FROM left_addresses WHERE hash = ?`, []any{who.hash}}, // the silence stands for it
		{`INSERT INTO suppressions (hash, address, kind, reason, at) VALUES (?1, NULL, 'request', ?3, ?2)
			ON CONFLICT (hash) DO UPDATE SET address = NULL, reason = ?3 WHERE address IS NOT NULL`, []any{who.hash, ms(now), newsletter.ReasonErased}},
	} {
		n, err := changed(t.exec(step.query, step.args...))
		if err != nil {
			return known, false, err
		}
		changedAny = changedAny || n > 0
	}
	return known, changedAny, nil
}

// ofForgotten holds for a delivery whose reader was erased.
const ofForgotten = `coalesce(deliveries.address = '', deliveries.subscriber_id IS NOT NULL
	AND (SELECT b.address FROM subscribers b WHERE b.id = deliveries.subscriber_id) IS NULL)`

// OnTheWire tells whether any of these letters is being carried; see subscription.Dossiers.
func (s *Store) OnTheWire(ctx context.Context, deliveries []int64) (busy bool, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM deliveries WHERE state = 'attempting' AND id IN (SELECT value FROM json_each(?)))`,
		list(deliveries)).Scan(&busy)
	return busy, err
}

func (t tx) ids(query string, args ...any) ([]int64, error) {
	rows, err := t.query(query, args...)
	if err != nil {
		return nil, err
	}
	return collectRows(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
}
