package app

import (
	"context"
	"time"

	"facteur/internal/newsletter"
)

// A Paced is what one provider may get, or all of them together, and what it got.
type Paced struct {
	Group  string // empty: over all
	Pace   newsletter.Pace
	AtOnce int
	Due    int             // letters that may leave but for it; of those still to be made no provider is known
	Left   newsletter.Pace // how many left in the last minute, and in the last hour and day where these have a limit
}

// Paces tells the pace of the settings, over all first. How a server that complained slows its provider down besides, only the
// program that sends knows.
func (a *App) Paces(ctx context.Context, o Outlook) ([]Paced, error) {
	paces := []Paced{{Pace: a.Config.Send.Pace()}}
	groups, err := a.Config.Apart()
	if err != nil {
		return nil, err
	}
	span := time.Minute
	for _, g := range append(groups, newsletter.Group{Pace: paces[0].Pace}) {
		if g.Name != "" {
			paces = append(paces, Paced{Group: g.Name, Pace: g.Pace, AtOnce: g.AtOnce})
		}
		switch {
		case g.Pace.Day > 0:
			span = max(span, 24*time.Hour)
		case g.Pace.Hour > 0:
			span = max(span, time.Hour)
		}
	}
	now := a.options.Now()
	left, err := a.Store.Departures(ctx, now.Add(-span))
	if err != nil {
		return nil, err
	}
	for i := range paces {
		p := &paces[i]
		if p.Due = o.Due[p.Group]; p.Group == "" {
			p.Due = o.due()
		}
		for _, d := range left {
			if p.Group != "" && p.Group != d.Group {
				continue
			}
			if !d.Minute.Before(now.Add(-time.Minute).Truncate(time.Minute)) {
				p.Left.Minute += d.Letters
			}
			if p.Pace.Hour > 0 && d.Minute.After(now.Add(-time.Hour)) {
				p.Left.Hour += d.Letters
			}
			if p.Pace.Day > 0 {
				p.Left.Day += d.Letters
			}
		}
	}
	return paces, nil
}

// atLeast is how long what is due takes at the pace of the settings, whatever the servers allow.
func (a *App) atLeast(o Outlook) (least time.Duration, err error) {
	groups, err := a.Config.Apart()
	if err != nil {
		return 0, err
	}
	least = takes(o.due(), a.Config.Send.Pace())
	for _, g := range groups {
		least = max(least, takes(o.Due[g.Name], g.Pace))
	}
	return least, nil
}

// due is how many letters may leave but for pace and waits, those included whose row is still to be made.
func (o Outlook) due() (all int) {
	for _, n := range o.Due {
		all += n
	}
	return all
}

// takes is how long letters take at a pace: what a span of time has room for may go at its beginning.
func takes(letters int, p newsletter.Pace) (least time.Duration) {
	for _, limit := range []struct {
		most int
		span time.Duration
	}{{p.Second, time.Second}, {p.Minute, time.Minute}, {p.Hour, time.Hour}, {p.Day, 24 * time.Hour}} {
		if limit.most > 0 {
			least = max(least, time.Duration(max(0, letters-1)/limit.most)*limit.span)
		}
	}
	return least
}
