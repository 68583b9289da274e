package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// Dossier gathers everything known about an address; see subscription.Dossiers.
func (s *Store) Dossier(ctx context.Context, a address.Address) (d subscription.Dossier, err error) {
	hash := s.hashOf(a)
	for _, part := range []func(context.Context, []byte, *subscription.Dossier) error{s.dossierPerson, s.dossierSubscriptions} {
		if err := part(ctx, hash, &d); err != nil {
			return d, err
		}
	}
	sup, err := s.Suppression(ctx, a)
	switch {
	case err == nil:
		d.Suppression = &sup
	case !errors.Is(err, newsletter.ErrNotFound):
		return d, err
	}
	if d.Letters, err = s.dossierLetters(ctx, a, d.Subscriber.ID); err != nil {
		return d, err
	}
	if d.Left, err = s.LeftAddress(ctx, a); err != nil && !errors.Is(err, newsletter.ErrNotFound) {
		return d, err
	}
	if d.Subscriber.ID == 0 && d.Suppression == nil && d.MoveTo == "" && len(d.Letters) == 0 && d.Left.IsZero() {
		return d, fmt.Errorf("dossier of %s: %w", a, newsletter.ErrNotFound)
	}
	return d, nil
}

// dossierPerson tells who it is, and of a change of address that waits: from this address, or to it.
func (s *Store) dossierPerson(ctx context.Context, hash []byte, d *subscription.Dossier) error {
	var created, acted, asked, moved sql.NullInt64
	b := &d.Subscriber
	err := s.read.QueryRowContext(ctx, `SELECT id, address, language, created_at, acted_at, asked_at FROM subscribers WHERE hash = ? AND address IS NOT NULL`, hash).
		Scan(&b.ID, &b.Address, &b.Language, &created, &acted, &asked)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read a subscriber: %w", err)
	}
	b.Created, b.Acted, d.Asked = instant(created), instant(acted), instant(asked)
	err = s.read.QueryRowContext(ctx, `SELECT address, at FROM moves WHERE subscriber_id = ?1 OR hash = ?2 ORDER BY subscriber_id = ?1 DESC LIMIT 1`, b.ID, hash).
		Scan(&d.MoveTo, &moved)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read a change of address: %w", err)
	}
	d.MoveAt = instant(moved)
	return nil
}

func (s *Store) dossierSubscriptions(ctx context.Context, hash []byte, d *subscription.Dossier) error {
	subs, err := s.subscriptions(ctx, `WHERE b.hash = ? AND b.address IS NOT NULL ORDER BY p.id`, hash)
	if err != nil {
		return err
	}
	for _, sub := range subs {
		one := subscription.DossierSubscription{Subscription: sub}
		var reminded sql.NullInt64
		if err := s.read.QueryRowContext(ctx, `SELECT reminded_at FROM subscriptions WHERE id = ?`, sub.ID).Scan(&reminded); err != nil {
			return fmt.Errorf("read subscription %d: %w", sub.ID, err)
		}
		one.Reminded = instant(reminded)
		if one.Consents, err = s.Consents(ctx, sub.ID); err != nil {
			return err
		}
		d.Subscriptions = append(d.Subscriptions, one)
	}
	return nil
}

// theirLetters are the letters d to the subscriber ?1, and othersTo those of elsewhereTo that are not owed to the subscriber ?2.
const (
	theirLetters = `WHERE d.id IN (` + lettersOf + `) ORDER BY d.id`
	othersTo     = `WHERE ` + elsewhereTo + ` AND d.subscriber_id IS NOT ?2 ORDER BY +d.id`
)

// dossierLetters tells every letter owed to the subscriber, or to the address otherwise.
func (s *Store) dossierLetters(ctx context.Context, a address.Address, subscriber int64) (letters []subscription.DossierLetter, err error) {
	deliveries, err := s.deliveries(ctx, theirLetters, subscriber)
	if err != nil {
		return nil, err
	}
	others, err := s.deliveries(ctx, othersTo, a.Domain(), subscriber)
	if err != nil {
		return nil, err
	}
	for _, d := range others { // lower() knows ASCII only
		if to, err := address.Parse(d.Address); err == nil && to.Key() == a.Key() {
			deliveries = append(deliveries, d)
		}
	}
	told, err := s.tell(ctx, deliveries)
	if err != nil {
		return nil, err
	}
	for _, t := range told {
		one := subscription.DossierLetter{Delivery: t.Delivery, Subject: t.Subject, Attempts: t.Attempts}
		if one.Again, err = s.resendsOf(ctx, t.ID); err != nil {
			return nil, err
		}
		letters = append(letters, one)
	}
	return letters, nil
}

func (s *Store) resendsOf(ctx context.Context, delivery int64) ([]subscription.DossierResend, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT r.asked_at FROM deliveries d JOIN resends r ON r.edition_id = d.edition_id
		WHERE d.id = ?1 AND r.delivery_id = ?1 ORDER BY r.id`, delivery)
	if err != nil {
		return nil, fmt.Errorf("read resends: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (r subscription.DossierResend, err error) {
		var at sql.NullInt64
		err = rows.Scan(&at)
		r.At = instant(at)
		return r, err
	})
}
