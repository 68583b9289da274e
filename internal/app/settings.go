package app

import (
	"context"
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
	all, err := a.Warnings(ctx)
	for _, w := range all {
		a.options.Log.WarnContext(ctx, w.What, "do", w.Do)
	}
	return err
}
