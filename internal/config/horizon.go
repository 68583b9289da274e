package config

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// theTimes reads the cron specifications: those that can be read say how long a horizon has to be.
func (l *loader) theTimes() {
	if l.cron == nil {
		return
	}
	l.readCron("collect.schedule", l.cron.Check(l.cfg.Collect.Schedule))
	for _, name := range sortedKeys(l.cfg.Sources) {
		l.readCron("sources."+name+".schedule", l.cron.Check(l.cfg.Sources[name].Schedule))
	}
	for _, name := range sortedKeys(l.cfg.Newsletters) {
		n, key := l.cfg.Newsletters[name], "newsletters."+name
		zone, err := time.LoadLocation(n.Zone)
		if err != nil {
			continue
		}
		longest, err := l.cron.Longest(n.Schedule, zone)
		l.readCron(key+".schedule", err)
		if err == nil {
			l.cfg.longest[name] = Duration(longest)
			l.reach(n, key, enough(Duration(longest)))
		}
	}
}

// readCron complains about a specification that cannot be read.
func (l *loader) readCron(key string, err error) {
	if err == nil || l.bad[key] {
		return
	}
	what, do := err.Error(), "correct it"
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		do = hinted.Hint()
		what = strings.TrimSuffix(what, ": "+do)
	}
	l.reject(key, l.cfg.origins[key], key+": "+what, do)
}

// reach makes a horizon that is not set long enough.
func (l *loader) reach(n *Newsletter, key string, enough Duration) {
	if _, set := l.cfg.origins[key+".horizon"]; !set && !l.bad[key+".horizon"] && n.Horizon < enough {
		n.Horizon = enough
		l.cfg.origins[key+".horizon"] = Origin{Kind: FromSetting, Name: key + ".schedule"}
	}
}

// enough is a horizon with which nothing is lost between two slots: whole days, and one more for what comes in late.
func enough(longest Duration) Duration {
	const whole = Duration(day)
	return (longest+whole-1)/whole*whole + whole
}

// theHorizons keeps the first horizon of a newsletter within the other.
func (l *loader) theHorizons(name string) {
	n, key := l.cfg.Newsletters[name], "newsletters."+name+".first_horizon"
	if origin := l.cfg.origins[key]; n.FirstHorizon > n.Horizon && origin.Kind != FromDefault && !l.bad[key] {
		l.reject(key, origin, fmt.Sprintf("%s is %s, longer than the horizon, %s", key, n.FirstHorizon, n.Horizon), "make it the same or shorter")
	}
}

// shortHorizons warns of horizons that end before the next slot.
func (c *Config) shortHorizons() (all []Problem) {
	for _, name := range sortedKeys(c.longest) {
		key, set, longest := "newsletters."+name+".horizon", c.Newsletters[name].Horizon, c.longest[name]
		if set >= longest {
			continue
		}
		all = append(all, Problem{
			What: fmt.Sprintf("%s is %s, and up to %s pass from one slot to the next: what comes out in the first %s of these is too old by then, and no edition brings it",
				key, set, longest, longest-set),
			Do: fmt.Sprintf("make it %s or longer, or leave it out, unless that is meant", enough(longest)),
		})
	}
	return all
}
