package digest

import (
	"context"
	"maps"
	"slices"
	"time"

	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// findUpdates notes of candidates that an edition carried how much of their text is new since, where that makes them come back. What was changed
// longer ago than the horizon does not any more. offered are rows of the inbox among the candidates.
func (d *Desk) findUpdates(ctx context.Context, n newsletter.Newsletter, candidates []newsletter.Candidate, at time.Time, offered bool) error {
	places, least := make(map[int64]int), make(map[int64]int)
	judge := newJudge(n, at, time.Time{})
	for i, c := range candidates {
		if c.CarriedBy == 0 || older(c.Changed, at, n.Horizon) {
			continue
		}
		if section, listed := judge.section(c.Section); listed && n.Sections[section].Updated > 0 {
			places[c.Article], least[c.Article] = i, n.Sections[section].Updated
		}
	}
	if len(places) == 0 {
		return nil
	}
	then, err := d.Store.CarriedTexts(ctx, n.Name, slices.Sorted(maps.Keys(places)))
	if err != nil {
		return during("reading what was carried", n, err)
	}
	now, err := d.texts(ctx, candidates, places, then, offered)
	if err != nil {
		return during("reading what was updated", n, err)
	}
	for id, text := range then {
		if fresh := neardup.Fresh(text, now[id]); fresh >= least[id] {
			candidates[places[id]].Fresh = fresh
		}
	}
	return nil
}

// texts are those that articles have now; a row of the inbox goes before what is stored.
func (d *Desk) texts(ctx context.Context, candidates []newsletter.Candidate, places map[int64]int, of map[int64]string, offered bool) (map[int64]string, error) {
	ids := slices.Sorted(maps.Keys(of))
	articles, err := d.Store.Articles(ctx, ids)
	if err != nil {
		return nil, err
	}
	now, known := make(map[int64]string, len(ids)), make(map[string]int64, len(ids))
	for _, a := range articles {
		now[a.ID] = a.Body
	}
	if !offered {
		return now, nil
	}
	for _, id := range ids {
		known[candidates[places[id]].URL] = id
	}
	rows, err := d.Collector.Offered(ctx, slices.Sorted(maps.Keys(known)))
	for _, r := range rows {
		now[known[r.URL]] = r.Body
	}
	return now, err
}
