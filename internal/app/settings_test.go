package app

import (
	"strings"
	"testing"

	"facteur/internal/config"
)

// A horizon that is not set reaches beyond the longest time between two slots, and a bad schedule is told of with its line.
func TestSettings(t *testing.T) {
	for schedule, want := range map[string]string{"0 7 * * 2": "30d", "0 9 1 * *": "33d", "0 9 * 9-12 *": "247d"} {
		cfg, err := Settings(config.Options{Data: t.TempDir(), Environ: []string{"FACTEUR_NEWSLETTERS_HEBDO_SCHEDULE=" + schedule}})
		if err != nil || cfg.Newsletters["hebdo"].Horizon.String() != want {
			t.Errorf("%s: %v, %v; want %s", schedule, cfg, err, want)
		}
	}
	_, err := Settings(config.Options{Environ: []string{"FACTEUR_COLLECT_SCHEDULE=@every 10m", "FACTEUR_NEWSLETTERS_HEBDO_SCHEDULE=@every 10m"}})
	if err == nil || !strings.HasPrefix(err.Error(), `FACTEUR_NEWSLETTERS_HEBDO_SCHEDULE: newsletters.hebdo.schedule: cron specification "@every 10m" counts from the start`) {
		t.Errorf("it says %v", err)
	}
}
