package sqlite

import (
	"slices"

	"facteur/internal/neardup"
)

// nearest are those of some articles that are the same as another one, of each story the nearest: the nearest first, and of equally near ones the first of
// them.
func (t shelving) nearest(p neardup.Print, ids []int64) ([]int64, error) {
	var same []int64
	near, story := map[int64]neardup.Nearness{}, map[int64]int64{}
	for _, id := range ids {
		o, err := t.printOf(id)
		if err != nil {
			return nil, err
		}
		if neardup.Same(p, o) == "" {
			continue
		}
		var of int64
		if err := t.row(storyOf, id).Scan(&of); err != nil {
			return nil, err
		}
		same, near[id], story[id] = append(same, id), neardup.NearnessOf(p, o), of
	}
	slices.SortStableFunc(same, func(a, b int64) int { return near[a].Compare(near[b]) })
	met := map[int64]bool{}
	return slices.DeleteFunc(same, func(id int64) bool {
		before := met[story[id]]
		met[story[id]] = true
		return before
	}), nil
}

// win has those join an article that came to stand alone which are of a story that contradicts it, and nearer to it than to all that do: the order in which
// they came makes no difference, until an edition or an editor made one, or the story has more than are compared.
func (t shelving) win(id int64, p neardup.Print, of int64) (bool, error) {
	members, whole, err := t.fellows(of)
	if err != nil || !whole {
		return false, err
	}
	var said bool
	if err := t.row(`SELECT EXISTS (SELECT 1 FROM json_each(?) m WHERE EXISTS (SELECT 1 FROM `+carriages+` WHERE article_id = m.value)
		OR EXISTS (SELECT 1 FROM stances WHERE article_id = m.value) OR `+joinedByHand+`)`, list(members)).Scan(&said); err != nil || said {
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
		if neardup.Same(p, m) == "" || i > 0 && neardup.Same(prints[0], m) == "" {
			return false, nil
		}
		near := neardup.NearnessOf(m, p)
		if slices.ContainsFunc(against, func(o neardup.Print) bool { return near.Compare(neardup.NearnessOf(m, o)) >= 0 }) {
			return false, nil
		}
	}
	if err := t.leave(out, rest); err != nil {
		return false, err
	}
	return t.join(id, p, out[0])
}
