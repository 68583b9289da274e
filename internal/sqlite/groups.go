package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// groupOf is the number of the group that a subscriber b belongs to by the domain of their address, where withGroup joins it.
const (
	groupOf   = `coalesce(g.group_id, 0)`
	withGroup = ` LEFT JOIN group_domains g ON g.domain = substr(b.address, instr(b.address, '@') + 1) `
)

// groupNow is the same of the subscriber of a row of deliveries, 0 where that is nobody.
const groupNow = `coalesce((SELECT ` + groupOf + ` FROM subscribers b` + withGroup + `WHERE b.id = deliveries.subscriber_id AND deliveries.kind = 'edition'), 0)`

// SetGroups makes the groups those given; see outbox.Store. A group that was used once keeps its number, because letters
// that are due may have it.
func (s *Store) SetGroups(ctx context.Context, groups newsletter.Groups) error {
	same, err := s.hasGroups(ctx, groups)
	if err != nil || same {
		return err
	}
	err = s.update(ctx, func(t tx) error {
		if _, err := t.exec(`DELETE FROM group_domains`); err != nil {
			return err
		}
		for _, g := range groups {
			if _, err := t.exec(`INSERT INTO groups (name) VALUES (?) ON CONFLICT DO NOTHING`, g.Name); err != nil {
				return err
			}
			for _, domain := range g.Domains {
				if _, err := t.exec(`INSERT INTO group_domains (domain, group_id) SELECT ?, id FROM groups WHERE name = ?`, domain, g.Name); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write the groups of providers: %w", err)
	}
	return nil
}

// hasGroups reports whether the groups in the file are those given already.
func (s *Store) hasGroups(ctx context.Context, groups newsletter.Groups) (bool, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT d.domain, g.name FROM group_domains d JOIN groups g ON g.id = d.group_id`)
	if err != nil {
		return false, fmt.Errorf("read the groups of providers: %w", err)
	}
	extra := map[string]string{}
	_, err = collectRows(rows, func(rows *sql.Rows) (none struct{}, err error) {
		var domain, name string
		err = rows.Scan(&domain, &name)
		extra[domain] = name
		return none, err
	})
	if err != nil {
		return false, fmt.Errorf("read the groups of providers: %w", err)
	}
	for _, g := range groups {
		for _, domain := range g.Domains {
			if name, found := extra[domain]; !found || name != g.Name {
				return false, nil
			}
			delete(extra, domain)
		}
	}
	return len(extra) == 0, nil
}

// A group is a provider's number and name.
type group struct {
	id   int64
	name string
}

func (s *Store) groups(ctx context.Context) ([]group, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id, name FROM groups ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read the groups of providers: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (g group, err error) { return g, rows.Scan(&g.id, &g.name) })
}

// Closings lists the groups that are left alone at now; see outbox.Store.
func (s *Store) Closings(ctx context.Context, now time.Time) ([]newsletter.Closing, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT name, until, words FROM groups WHERE until > ? ORDER BY until, id`, ms(now))
	if err != nil {
		return nil, fmt.Errorf("read which providers are left alone: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (c newsletter.Closing, err error) {
		var until int64
		err = rows.Scan(&c.Group, &until, &c.Words)
		c.Until = time.UnixMilli(until).UTC()
		return c, err
	})
}

// close leaves a group alone until an instant, unless it is for longer already.
func (t tx) close(c newsletter.Closing) error {
	_, err := t.exec(`UPDATE groups SET until = ?2, words = ?3 WHERE name = ?1 AND coalesce(until, 0) < ?2`, c.Group, ms(c.Until), c.Words)
	return err
}

// Departures counts the letters that left after an instant; see outbox.Store.
func (s *Store) Departures(ctx context.Context, after time.Time) ([]outbox.Departure, error) {
	const minute = int64(time.Minute / time.Millisecond)
	first, err := s.firstAfter(ctx, attemptAt, after)
	if err != nil {
		return nil, fmt.Errorf("find the letters that left: %w", err)
	}
	rows, err := s.read.QueryContext(ctx, `SELECT a.started_at / ?2 * ?2 AS minute, coalesce(g.name, ''), count(*) FROM attempts a
		JOIN deliveries d ON d.id = a.delivery_id LEFT JOIN groups g ON g.id = d.group_id
		WHERE a.id >= ?1 AND a.started_at > ?3 AND a.stage <> 'connect' GROUP BY 1, 2 ORDER BY 1, 2`, first, minute, ms(after))
	if err != nil {
		return nil, fmt.Errorf("count the letters that left: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (d outbox.Departure, err error) {
		var at int64
		err = rows.Scan(&at, &d.Group, &d.Letters)
		d.Minute = time.UnixMilli(at).UTC()
		return d, err
	})
}
