package digest

import (
	"context"
	"maps"
	"slices"
	"time"

	"facteur/internal/neardup"
	"facteur/internal/newsletter"
)

// A CarriedText is the text of an article as editions carried it, one after the other, and as it is now.
type CarriedText struct {
	Then []string
	Now  string
}

// fresh says how many of 100 words are new since that edition of which the text has most: a text that is back as it was is new to nobody.
func (c CarriedText) fresh() int {
	least := 100
	for _, then := range c.Then {
		least = min(least, neardup.Fresh(then, c.Now))
	}
	return least
}

// findUpdates notes of candidates that an edition carried how much of their text is new since, where that makes them come back, or their recall say so.
// What was changed longer ago than the horizon does not any more, and what a sister brought later is hers to bring again.
func (d *Desk) findUpdates(ctx context.Context, n newsletter.Newsletter, candidates []newsletter.Candidate, at time.Time) error {
	places, least := make(map[int64]int), make(map[int64]int)
	carried := make(map[string][]int64) // by the newsletter that brought them
	offered := false
	judge := newJudge(n, at, Beginning{})
	for i, c := range candidates {
		by := judge.teller(c)
		if by == "" || c.Offered.IsZero() && older(c.Changed, at, n.Horizon) {
			continue
		}
		if section, listed := judge.place(c); listed && judge.reading[section].Updated > 0 {
			places[c.Article], least[c.Article] = i, judge.reading[section].Updated
			carried[by] = append(carried[by], c.Article)
			offered = offered || !c.Offered.IsZero()
		}
	}
	texts := make(map[int64]CarriedText, len(places))
	for by, ids := range carried {
		some, err := d.Store.CarriedTexts(ctx, by, ids)
		if err != nil {
			return during("reading what "+by+" carried, for an edition", n, err)
		}
		maps.Copy(texts, some)
	}
	if offered {
		if err := d.readOffered(ctx, candidates, places, texts); err != nil {
			return during("reading what was offered", n, err)
		}
	}
	for id, text := range texts {
		if older(candidates[places[id]].Changed, at, n.Horizon) {
			continue // offered once more as it was
		}
		if fresh := text.fresh(); fresh >= least[id] {
			candidates[places[id]].Fresh = fresh
		}
	}
	return nil
}

// teller is the newsletter with whose editions the text of a candidate is compared: its own where that may bring it again, of what it may recall the
// sister; of anything else none.
func (j *judge) teller(c newsletter.Candidate) string {
	switch {
	case c.Known() && j.recalls:
		return c.Sister.Newsletter
	case c.CarriedBy > 0 && c.Sister.Number == 0:
		return j.newsletter.Name
	}
	return ""
}

// readOffered lets rows of the inbox go before what is stored, where they differ from it.
func (d *Desk) readOffered(ctx context.Context, candidates []newsletter.Candidate, places map[int64]int, texts map[int64]CarriedText) error {
	known := make(map[string]int64, len(texts))
	for id := range texts {
		known[candidates[places[id]].URL] = id
	}
	rows, err := d.Collector.Offered(ctx, slices.Sorted(maps.Keys(known)))
	if err != nil {
		return err
	}
	stored, err := d.Store.Articles(ctx, slices.Sorted(maps.Values(known)))
	if err != nil {
		return err
	}
	for _, r := range rows {
		id := known[r.URL]
		if slices.ContainsFunc(stored, func(a newsletter.Article) bool { return a.ID == id && a.SaysTheSame(r) }) {
			continue
		}
		candidates[places[id]].Changed = candidates[places[id]].Offered
		texts[id] = CarriedText{Then: texts[id].Then, Now: r.Body}
	}
	return nil
}
