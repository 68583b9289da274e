package sqlite

import (
	"slices"

	"facteur/internal/neardup"
)

// nearest are those of some articles that are the same as another one, the nearest first, and of equally near ones the first of them.
func (t shelving) nearest(p neardup.Print, ids []int64) ([]int64, error) {
	var same []int64
	prints := map[int64]neardup.Print{}
	for _, id := range ids {
		o, err := t.printOf(id)
		if err != nil {
			return nil, err
		}
		if neardup.Same(p, o) != "" {
			same, prints[id] = append(same, id), o
		}
	}
	slices.SortStableFunc(same, func(a, b int64) int { return neardup.Nearer(p, prints[a], prints[b]) })
	return same, nil
}

// win has those join an article that came to stand alone which are of a story that contradicts it, and nearer to it than to all that do: the order in which
// they came makes no difference, until an edition or an editor made one.
func (t shelving) win(id int64, p neardup.Print, of int64) (bool, error) {
	members, err := t.ids(`SELECT id FROM articles WHERE id IN (`+withStory+`) AND NOT EXISTS (SELECT 1 FROM articles m WHERE m.id IN (`+withStory+`) AND (
		EXISTS (SELECT 1 FROM `+carriages+` WHERE article_id = m.id) OR EXISTS (SELECT 1 FROM merged_articles WHERE article_id = m.id)
		OR EXISTS (SELECT 1 FROM stances WHERE article_id = m.id) OR EXISTS (SELECT 1 FROM articles_apart WHERE m.id IN (one, other)))) ORDER BY id`, of)
	if err != nil {
		return false, err
	}
	var out, rest []int64
	var prints, against []neardup.Print
	for _, member := range members {
		m, err := t.printOf(member)
		if err != nil {
			return false, err
		}
		if neardup.Contradict(p, m) {
			rest, against = append(rest, member), append(against, m)
		} else {
			out, prints = append(out, member), append(prints, m)
		}
	}
	if len(out) == 0 || len(rest) == 0 {
		return false, nil
	}
	for i, m := range prints {
		if neardup.Same(p, m) == "" || i > 0 && neardup.Same(prints[0], m) == "" || slices.ContainsFunc(against, func(o neardup.Print) bool { return neardup.Nearer(m, p, o) >= 0 }) {
			return false, nil
		}
	}
	if err := t.leave(out, rest); err != nil {
		return false, err
	}
	return t.join(id, p, out[0])
}
