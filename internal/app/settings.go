package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"facteur/internal/config"
	"facteur/internal/schedule"
)

// Settings reads the settings, cron specifications included.
func Settings(o config.Options) (*config.Config, error) {
	o.Cron = cron{}
	return config.Load(o)
}

// cron is how [schedule] reads specifications; see [config.Cron].
type cron struct{}

func (cron) Longest(specification string, zone *time.Location) (time.Duration, error) {
	spec, err := schedule.Parse(specification)
	if err != nil {
		return 0, err
	}
	return spec.Longest(zone), nil
}

func (cron) Check(specification string) error { return schedule.Check(specification) }

// warn tells of settings that are probably not meant.
func (a *App) warn(ctx context.Context) error {
	strangers, err := a.strangers(ctx)
	for _, w := range slices.Concat(a.Config.Warnings(), strangers) {
		a.options.Log.WarnContext(ctx, w.What, "do", w.Do)
	}
	return err
}

// strangers warns of former newsletters of which the data knows no edition.
func (a *App) strangers(ctx context.Context) (all []config.Problem, err error) {
	for _, n := range a.Newsletters {
		for _, name := range a.Config.Newsletters[n.Name].Former {
			next, err := a.Store.NextNumber(ctx, name)
			if err != nil {
				return nil, fmt.Errorf("former newsletters: %w", err)
			}
			if next == 1 {
				all = append(all, config.Problem{
					What: fmt.Sprintf("newsletters.%s.former names %q, of which there is no edition, so that it keeps nothing from coming again", n.Name, name),
					Do:   "correct the name, or take it out",
				})
			}
		}
	}
	return all, nil
}
