package app

import (
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
