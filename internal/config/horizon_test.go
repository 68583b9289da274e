package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// A diary knows the longest time between two slots of its specifications; of others it knows nothing, and how to write them.
type diary map[string]time.Duration

type badSpecification string

func (b badSpecification) Error() string {
	return fmt.Sprintf("specification %q is none: write it otherwise", string(b))
}
func (badSpecification) Hint() string { return "write it otherwise" }

func (d diary) Longest(specification string, _ *time.Location) (time.Duration, error) {
	longest, known := d[specification]
	if !known {
		return 0, badSpecification(specification)
	}
	return longest, nil
}

func (d diary) Check(specification string) error {
	_, err := d.Longest(specification, nil)
	return err
}

func TestHorizon(t *testing.T) {
	const d = 24 * time.Hour
	cron := diary{"*/5 * * * *": 5 * time.Minute, "weekly": 7*d + time.Hour, "monthly": 31*d + time.Hour, "yearly": 366 * d, "@every 10m": 10 * time.Minute}
	for _, c := range []struct{ keys, horizon, first, from, warning string }{
		{"schedule='weekly'", "30d", "8d", "default", ""},
		{"schedule='monthly'", "33d", "8d", "from newsletters.x.schedule", ""},
		{"schedule='yearly'", "367d", "8d", "from newsletters.x.schedule", ""},
		{"schedule='monthly'\nfirst_horizon='32d'", "33d", "32d", "from newsletters.x.schedule", ""},
		{"schedule='monthly'\nhorizon='40d'", "40d", "8d", "facteur.toml:3", ""},
		{"schedule='monthly'\nhorizon='31d1h'", "31d1h", "8d", "facteur.toml:3", ""},
		{"schedule='monthly'\nhorizon='31d'", "31d", "8d", "facteur.toml:3",
			"newsletters.x.horizon is 31d, and up to 31d1h pass from one slot to the next: what comes out in the first 1h of these is too old by then, and no edition brings it | make it 33d or longer, or leave it out, unless that is meant"},
		{"schedule='weekly'\nhorizon='5d'", "5d", "5d", "facteur.toml:3", "newsletters.x.horizon is 5d, and up to 7d1h pass from one slot to the next: what comes out in the first 2d1h"},
	} {
		here(t, "facteur.toml", "[newsletters.x]\n"+c.keys+"\nsections=[{name='a',title='A',quota=1}]")
		cfg := load(t, Options{Cron: cron})
		n, warning := cfg.Newsletters["x"], ""
		for _, w := range cfg.Warnings() {
			warning += w.What + " | " + w.Do
		}
		if n.Horizon.String() != c.horizon || n.FirstHorizon.String() != c.first || cfg.Origin("newsletters.x.horizon").String() != c.from {
			t.Errorf("%s: horizon %s from %s, first %s; want %s from %s, first %s", c.keys, n.Horizon, cfg.Origin("newsletters.x.horizon"), n.FirstHorizon, c.horizon, c.from, c.first)
		}
		if !strings.HasPrefix(warning, c.warning) || c.warning == "" && warning != "" {
			t.Errorf("%s: warned of %q, want %q", c.keys, warning, c.warning)
		}
	}
}

// What is wrong with specifications is told with all else that is wrong.
func TestLoad_TellsOfSpecifications(t *testing.T) {
	here(t, "facteur.toml", `[collect]
schedule = "hourly"
[newsletters.x]
schedule = "often"
horizon = "soon"
sections = [{ name = "a", title = "A", quota = 1 }]
[newsletters.y]
schedule = ""
sections = [{ name = "a", title = "A", quota = 1 }]
[sources.s]
kind = "folder"
path = "x"
schedule = "rarely"
`)
	_, err := Load(Options{Cron: diary{}})
	found, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatal(err)
	}
	var got []string
	for _, p := range found.Problems {
		got = append(got, p.What+" | "+p.Do)
	}
	want := []string{
		`facteur.toml:5: newsletters.x.horizon is "soon", expected a duration`,
		`facteur.toml:8: newsletters.y.schedule: it is missing or empty`,
		`facteur.toml:2: collect.schedule: specification "hourly" is none | write it otherwise`,
		`facteur.toml:13: sources.s.schedule: specification "rarely" is none | write it otherwise`,
		`facteur.toml:4: newsletters.x.schedule: specification "often" is none | write it otherwise`,
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !strings.HasPrefix(got[i], want[i]) {
			t.Fatalf("told are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
