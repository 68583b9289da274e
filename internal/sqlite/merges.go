package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// MergeArticles makes the stories of two articles one, which the first leads; see collect.Shelf. That they were split once is left standing: it
// counts for what is alone.
func (s *Store) MergeArticles(ctx context.Context, lead, other int64) error {
	return s.update(ctx, func(t tx) error {
		one, err := t.membersOf(lead)
		if err != nil {
			return err
		}
		two, err := t.membersOf(other)
		if err != nil {
			return err
		}
		all := ids(one)
		if !slices.Contains(all, other) {
			all = append(all, ids(two)...)
			if _, err := t.exec(`UPDATE articles SET part = coalesce(part, leader, id) WHERE id IN (SELECT value FROM json_each(?))`, list(all)); err != nil {
				return err
			}
		}
		if err := t.lead(lead, all, neardup.ByHand, neardup.ByHand); err != nil {
			return err
		}
		return t.standFor(lead)
	})
}

// lead puts an article at the head of others, under its sign. What was found by a sign keeps that, and the others get one.
func (t tx) lead(id int64, members []int64, own, others neardup.Sign) error {
	_, err := t.exec(`UPDATE articles SET leader = nullif(?1, id), sign = iif(id = ?1, ?2, iif(sign = '', ?3, sign)) WHERE id IN (SELECT value FROM json_each(?4))`,
		id, own, others, list(members))
	return err
}

// SplitArticle takes an article out of its story for good; see collect.Shelf.
func (s *Store) SplitArticle(ctx context.Context, id int64, declared map[string]int) error {
	return s.update(ctx, func(t tx) error {
		members, err := t.membersOf(id)
		if err != nil {
			return err
		}
		out, rest := apart(members, id)
		if len(rest) == 0 {
			return fmt.Errorf("article %d is a story of its own: %w", id, newsletter.ErrInvalid)
		}
		if _, err := t.exec(`INSERT INTO articles_apart (one, other) SELECT min(o.value, r.value), max(o.value, r.value)
			FROM json_each(?) o JOIN json_each(?) r WHERE true ON CONFLICT DO NOTHING`, list(ids(out)), list(ids(rest))); err != nil {
			return err
		}
		if err := errors.Join(t.regroup(out), t.regroup(rest)); err != nil {
			return err
		}
		by := owner{declared: declared}
		return errors.Join(t.findLead(out[0].id, by), t.findLead(rest[0].id, by))
	})
}

// A teller is an article of a story, which it tells in its way.
type teller struct {
	id    int64
	leads bool
	part  int64 // which article led its story before an editor made that a part of this one; 0: no editor did
}

func ids(members []teller) []int64 {
	all := make([]int64, len(members))
	for i, m := range members {
		all[i] = m.id
	}
	return all
}

// apart says what leaves a story with an article: of one that an editor put together, the part that it is of; else it alone.
func apart(members []teller, id int64) (out, rest []teller) {
	part := members[slices.IndexFunc(members, func(m teller) bool { return m.id == id })].part
	for _, m := range members {
		if m.id == id || m.part == part && !ofOnePart(members) {
			out = append(out, m)
		} else {
			rest = append(rest, m)
		}
	}
	return out, rest
}

func ofOnePart(members []teller) bool {
	return !slices.ContainsFunc(members, func(m teller) bool { return m.part != members[0].part })
}

// regroup makes what is left of a story one of its own. A part is again what it was.
func (t tx) regroup(members []teller) error {
	all, first := ids(members), members[0].id
	switch part := members[0].part; {
	case part != 0 && ofOnePart(members):
		if slices.Contains(all, part) {
			first = part
		}
		if _, err := t.exec(`UPDATE articles SET part = NULL WHERE id IN (SELECT value FROM json_each(?))`, list(all)); err != nil {
			return err
		}
	case len(members) > 1 && slices.ContainsFunc(members, func(m teller) bool { return m.leads }):
		return nil
	}
	return t.lead(first, all, "", neardup.ByHand)
}

// membersOf are the articles of a story, by one of them.
func (t tx) membersOf(id int64) ([]teller, error) {
	rows, err := t.query(`SELECT id, leader IS NULL, coalesce(part, 0) FROM articles WHERE id IN (`+withStory+`) ORDER BY id`, id)
	if err != nil {
		return nil, err
	}
	members, err := collectRows(rows, func(rows *sql.Rows) (m teller, err error) { return m, rows.Scan(&m.id, &m.leads, &m.part) })
	if err == nil && len(members) == 0 {
		err = fmt.Errorf("article %d: %w", id, newsletter.ErrNotFound)
	}
	return members, err
}
