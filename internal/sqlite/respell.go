package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// respelling is the number of the migration that SQL cannot do: addresses that earlier versions stored get the form in which they are recognised.
const respelling = 11

// respell brings stored addresses into the form of newsletter.CanonicalURL. Where two articles turn out to have one address, the one that has the
// form, else the first, goes on under it; the other keeps its spelling, is offered by nobody any more, and is one story with it: what an edition
// carried of either stays carried.
func respell(ctx context.Context, tx *sql.Tx) error {
	changed, err := misspelled(ctx, tx)
	if err != nil {
		return fmt.Errorf("addresses of articles: %w", err)
	}
	for _, a := range changed {
		if err := a.put(ctx, tx); err != nil {
			return fmt.Errorf("address of article %d: %w", a.ID, err)
		}
	}
	return nil
}

// A spelled is an article with the addresses that it is to have.
type spelled struct{ newsletter.Article }

func misspelled(ctx context.Context, tx *sql.Tx) ([]spelled, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, url, canonical FROM articles ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []spelled
	for rows.Next() {
		var is, was spelled
		if err := rows.Scan(&was.ID, &was.URL, &was.Canonical); err != nil {
			return nil, err
		}
		is = was
		if address, err := newsletter.CanonicalURL(was.URL); err == nil { // else it cannot be offered again
			is.URL = address
		}
		if address, err := newsletter.OriginalURL(was.Canonical, is.URL); err == nil {
			is.Canonical = address
		}
		if is.URL != was.URL || is.Canonical != was.Canonical {
			all = append(all, is)
		}
	}
	return all, rows.Err()
}

// put stores the addresses. The keys of the article are made of them, and are made anew.
func (a spelled) put(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `UPDATE articles SET canonical = ?, keyed = 0 WHERE id = ?`, a.Canonical, a.ID); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE OR IGNORE articles SET url = ? WHERE id = ?`, a.URL, a.ID); err != nil {
		return err
	}
	var holder int64
	if err := tx.QueryRowContext(ctx, `SELECT id FROM articles WHERE url = ?`, a.URL).Scan(&holder); err != nil || holder == a.ID {
		return err
	}
	return a.follow(ctx, tx, holder)
}

// follow makes the story of the article that of another, unless an editor split the two.
func (a spelled) follow(ctx context.Context, tx *sql.Tx, holder int64) error {
	var leader, own int64
	var split bool
	err := tx.QueryRowContext(ctx, `SELECT coalesce(h.leader, h.id), coalesce(a.leader, a.id), EXISTS (SELECT 1 FROM articles_apart
			WHERE one IN (SELECT id FROM articles WHERE coalesce(leader, id) IN (coalesce(h.leader, h.id), coalesce(a.leader, a.id)))
			AND other IN (SELECT id FROM articles WHERE coalesce(leader, id) IN (coalesce(h.leader, h.id), coalesce(a.leader, a.id))))
		FROM articles h JOIN articles a ON a.id = ?2 WHERE h.id = ?1`, holder, a.ID).Scan(&leader, &own, &split)
	if err != nil || split || leader == own {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO merged_articles (merge_id, article_id, story, sign, late)
		SELECT r.merge_id, m.id, r.story, ?3, 1 FROM merged_articles r JOIN articles m ON ?2 IN (m.id, m.leader) WHERE r.article_id = ?1 ON CONFLICT DO NOTHING`,
		holder, own, neardup.ByAddress); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE articles SET leader = ?1, sign = iif(id = ?2, ?3, sign) WHERE ?2 IN (id, leader)`, leader, own, neardup.ByAddress)
	return err
}
