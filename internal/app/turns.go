package app

import (
	"cmp"
	"slices"
	"time"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

// turns lists the slots to come of a newsletter and its sisters that are decided before what is decided of the newsletter at an instant; see digest.Desk.
func (a *App) turns(n newsletter.Newsletter, after, before time.Time, most int) (turns []digest.Turn, more bool) {
	for _, family := range families(a.Newsletters) {
		if !slices.ContainsFunc(family, func(one newsletter.Newsletter) bool { return one.Name == n.Name }) {
			continue
		}
		for _, one := range family {
			turns = append(turns, a.coming(one, after, before, most+1)...)
		}
		turns = append(turns, digest.Turn{Newsletter: n, Due: before})
	}
	slices.SortStableFunc(turns, func(one, two digest.Turn) int {
		return cmp.Or(one.Due.Compare(two.Due), turn(one.Newsletter, two.Newsletter))
	})
	own := slices.IndexFunc(turns, func(t digest.Turn) bool { return t.Newsletter.Name == n.Name && t.Due.Equal(before) })
	return turns[:min(own, most)], own > most
}

// coming lists the first slots of a newsletter that are due after an instant and by another. Of those that a clock jumps over the last one stands for all.
func (a *App) coming(n newsletter.Newsletter, after, by time.Time, most int) (turns []digest.Turn) {
	for slot, due := range a.times[n.Name].Between(newsletter.LatestSlot(after, n.Zone), by, n.Zone) {
		last := len(turns) - 1
		switch next := (digest.Turn{Newsletter: n, Slot: slot, Due: due}); {
		case last >= 0 && turns[last].Due.Equal(due):
			turns[last] = next
		case len(turns) == most:
			return turns
		default:
			turns = append(turns, next)
		}
	}
	return turns
}

// turn orders newsletters of a family that are due at one minute: who recalls what the others brought goes behind them.
func turn(one, two newsletter.Newsletter) int { return cmp.Compare(recalls(one), recalls(two)) }

// recalls is 1 for a newsletter that takes what its sisters brought, and else 0.
func recalls(n newsletter.Newsletter) int {
	if _, recalls := n.Recall(); recalls {
		return 1
	}
	return 0
}
