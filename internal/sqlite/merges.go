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
		all, err := t.membersOf(lead)
		if err != nil {
			return err
		}
		two, err := t.membersOf(other)
		if err != nil {
			return err
		}
		if !slices.Contains(all, other) {
			all = append(all, two...)
		}
		if err := t.recordMerge(lead, all); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM partings WHERE article_id IN (SELECT value FROM json_each(?1)) AND other IN (SELECT value FROM json_each(?1))`, list(all)); err != nil {
			return err
		}
		return t.lead(lead, all, neardup.ByHand, neardup.ByHand)
	})
}

// recordMerge keeps how the articles that an editor merges are until then, and what was said of them.
func (t tx) recordMerge(lead int64, members []int64) error {
	var merge int64
	err := t.row(`INSERT INTO merges (lead, said) SELECT ?, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'stances'), 0) RETURNING id`, lead).Scan(&merge)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO merged_articles (merge_id, article_id, story, sign) SELECT ?, id, coalesce(leader, id), sign FROM articles
		WHERE id IN (SELECT value FROM json_each(?))`, merge, list(members))
	return err
}

// joinedByHand says of an article m.value that an editor merged it with others, or split it from some.
const joinedByHand = `(EXISTS (SELECT 1 FROM merged_articles WHERE article_id = m.value) OR EXISTS (SELECT 1 FROM articles_apart WHERE m.value IN (one, other)))`

// lead puts an article at the head of others, under its sign. What was found by a sign keeps that, and the others get one.
func (t tx) lead(id int64, members []int64, own, others neardup.Sign) error {
	_, err := t.exec(`UPDATE articles SET leader = nullif(?1, id), sign = iif(id = ?1, ?2, iif(sign = '', ?3, sign)) WHERE id IN (SELECT value FROM json_each(?4))`,
		id, own, others, list(members))
	return err
}

// SplitArticle takes an article out of its story for good, with what the last merge brought there together with it; see collect.Shelf.
func (s *Store) SplitArticle(ctx context.Context, id int64, declared map[string]int) error {
	return s.update(ctx, func(t tx) error {
		members, err := t.membersOf(id)
		if err != nil {
			return err
		}
		if len(members) < 2 {
			return fmt.Errorf("article %d is a story of its own: %w", id, newsletter.ErrInvalid)
		}
		merge, out, err := t.lastMerge(id)
		if err != nil {
			return err
		}
		rest := slices.DeleteFunc(slices.Clone(members), func(m int64) bool { return slices.Contains(out, m) })
		if _, err := t.exec(`INSERT INTO articles_apart (one, other) SELECT min(o.value, r.value), max(o.value, r.value)
			FROM json_each(?) o JOIN json_each(?) r WHERE true ON CONFLICT DO NOTHING`, list(out), list(rest)); err != nil {
			return err
		}
		if merge > 0 {
			err = t.undo(merge, out, rest)
		} else {
			err = t.takeOut(id, rest)
		}
		if err != nil {
			return err
		}
		by := owner{declared: declared}
		return errors.Join(t.findLead(out[0], by), t.findLead(rest[0], by))
	})
}

// lastMerge finds the merge that made the story of an article of two, the last there was, and the side of the article. One that was recognised
// since, or is of a story that nobody put together, is alone on its side, and the merge is 0.
func (t tx) lastMerge(id int64) (merge int64, side []int64, err error) {
	var late bool
	err = t.row(`SELECT r.merge_id, r.late FROM merged_articles r WHERE r.article_id = ?1 AND EXISTS (SELECT 1 FROM merged_articles o
		WHERE o.merge_id = r.merge_id AND o.story <> r.story AND o.article_id IN (`+withStory+`)) ORDER BY r.merge_id DESC LIMIT 1`, id).Scan(&merge, &late)
	if errors.Is(err, sql.ErrNoRows) || late {
		return 0, []int64{id}, nil
	}
	if err != nil {
		return 0, nil, err
	}
	side, err = t.ids(`SELECT o.article_id FROM merged_articles r JOIN merged_articles o ON o.merge_id = r.merge_id AND o.story = r.story
		WHERE r.article_id = ?1 AND r.merge_id = ?2 AND o.article_id IN (`+withStory+`) ORDER BY o.article_id`, id, merge)
	return merge, side, err
}

// undo parts what a merge made one: each side is again what it was. What was merged in it since changed the lead, no more, and is void.
func (t tx) undo(merge int64, sides ...[]int64) error {
	for _, side := range sides {
		if err := t.asBefore(merge, side); err != nil {
			return err
		}
	}
	_, err := t.exec(`DELETE FROM merges WHERE id IN (SELECT merge_id FROM merged_articles WHERE article_id = ? AND merge_id >= ?)`, sides[0][0], merge)
	return err
}

// takeOut takes an article out of its story alone. Where it was chosen to lead that, the one leads the rest that did before.
func (t tx) takeOut(id int64, rest []int64) error {
	var leads bool
	var chosen int64 // the merge by which it leads; 0: by none
	if err := t.row(`SELECT leader IS NULL, (SELECT coalesce(max(merge_id), 0) FROM merged_articles WHERE article_id = ?1 AND story <> ?1)
		FROM articles WHERE id = ?1`, id).Scan(&leads, &chosen); err != nil {
		return err
	}
	if leads || len(rest) == 1 {
		if err := t.asBefore(chosen, rest); err != nil {
			return err
		}
	}
	alone := []int64{id}
	if len(rest) == 1 {
		alone = append(alone, rest...)
	}
	if _, err := t.exec(`DELETE FROM merges WHERE lead IN (SELECT value FROM json_each(?))`, list(alone)); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM merged_articles WHERE article_id IN (SELECT value FROM json_each(?))`, list(alone)); err != nil {
		return err
	}
	return t.asBefore(0, alone[:1])
}

// asBefore makes articles a story of their own, as a merge found them. Where what led them is not among them, or the merge is 0, the first does.
func (t tx) asBefore(merge int64, members []int64) error {
	if _, err := t.exec(`UPDATE articles SET sign = r.sign FROM merged_articles r WHERE r.merge_id = ? AND r.article_id = id AND id IN (SELECT value FROM json_each(?))`,
		merge, list(members)); err != nil {
		return err
	}
	first, own := members[0], neardup.Sign("")
	err := t.row(`SELECT a.id, a.sign FROM merged_articles r JOIN articles a ON a.id = r.story WHERE r.merge_id = ?1
		AND r.article_id IN (SELECT value FROM json_each(?2)) AND a.id IN (SELECT value FROM json_each(?2)) LIMIT 1`, merge, list(members)).Scan(&first, &own)
	if ignore(err, sql.ErrNoRows) != nil {
		return err
	}
	return t.lead(first, members, own, neardup.ByHand)
}

// membersOf are the articles of a story, by one of them. The one that leads comes first.
func (t tx) membersOf(id int64) ([]int64, error) {
	members, err := t.ids(`SELECT id FROM articles WHERE id IN (`+withStory+`) ORDER BY leader IS NOT NULL, id`, id)
	if err == nil && len(members) == 0 {
		err = fmt.Errorf("article %d: %w", id, newsletter.ErrNotFound)
	}
	return members, err
}
