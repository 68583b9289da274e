package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"facteur/internal/newsletter"
)

// providers are those that readers of a French site are with, and what they ask for where it is known: two connections at
// once, which Orange, La Poste and SFR count over all of their domains.
func providers() map[string]*Group {
	all := map[string]*Group{
		"orange":  {Domains: []string{"orange.fr", "wanadoo.fr"}, AtOnce: 2},
		"laposte": {Domains: []string{"laposte.net"}, AtOnce: 2},
		"sfr": {AtOnce: 2, Domains: []string{
			"sfr.fr", "sfr.net", "neuf.fr", "cegetel.net", "club-internet.fr", "numericable.fr", "numericable.com", "noos.fr", "9online.fr", "9business.fr", "akeonet.com",
			"cario.fr", "estvideo.fr", "evhr.net", "guideo.fr", "mageos.com", "modulonet.fr", "waika9.com",
		}},
		"free": {Domains: []string{
			"free.fr", "freesbee.fr", "libertysurf.fr", "worldonline.fr", "online.fr", "aliceadsl.fr", "alicepro.fr", "infonie.fr",
		}},
		"gmail":     {Domains: []string{"gmail.com", "googlemail.com"}},
		"microsoft": {Domains: []string{"hotmail.com", "hotmail.fr", "hotmail.be", "hotmail.ch", "live.com", "live.fr", "live.be", "msn.com", "outlook.com", "outlook.fr", "outlook.be", "windowslive.com"}},
		"yahoo":     {Domains: []string{"yahoo.com", "yahoo.fr", "ymail.com", "rocketmail.com", "aol.com", "aol.fr"}},
	}
	for _, g := range all {
		g.Rest = newGroup().Rest
	}
	return all
}

// Pace is what all letters together may get.
func (s Send) Pace() newsletter.Pace {
	return newsletter.Pace{Second: s.PerSecond, Minute: s.PerMinute, Hour: s.PerHour, Day: s.PerDay}
}

// Apart lists the groups that letters are paced by; none where what the relay says goes for all letters.
func (c *Config) Apart() (newsletter.Groups, error) {
	out, err := c.WayOut()
	if err != nil {
		return nil, err
	}
	if c.Send.Groups == GroupsNever || c.Send.Groups == GroupsAuto && len(out) < 2 && !out.Loopback() {
		return nil, nil
	}
	var all newsletter.Groups
	for _, name := range sortedKeys(c.Groups) {
		g := c.Groups[name]
		if len(g.Domains) == 0 {
			continue
		}
		all = append(all, newsletter.Group{
			Name: name, Domains: g.Domains, AtOnce: g.AtOnce, Rest: time.Duration(g.Rest),
			Pace: newsletter.Pace{Second: g.PerSecond, Minute: g.PerMinute, Hour: g.PerHour, Day: g.PerDay},
		})
	}
	return all, nil
}

// groups applies the tables of groups. Those of a file come beside the built-in ones, or change them.
func (l *loader) groups(values map[string]any, from Origin) {
	for _, name := range sortedKeys(values) {
		l.named("groups", name, values[name], from, func() reflect.Value {
			if l.cfg.Groups[name] == nil {
				l.cfg.Groups[name] = newGroup()
			}
			return reflect.ValueOf(l.cfg.Groups[name])
		})
	}
}

func newGroup() *Group { return &Group{Rest: Duration(5 * time.Minute)} }

// groupFault is fault for the key of a group.
func groupFault(key string, v reflect.Value) string {
	switch key {
	case "at_once":
		return between(v.Int(), 0, 1000)
	case "per_second", "per_minute", "per_hour", "per_day":
		return between(v.Int(), 0, mostPace)
	}
	return ""
}

// mostPace is more letters than anybody has readers.
const mostPace = 1_000_000_000

// domainFault asks for a domain in the form that addresses are kept in, and that it is in one group only.
func (l *loader) domainFault(group, domain string) string {
	if domain != strings.ToLower(domain) || !isHost(domain) || !strings.Contains(domain, ".") {
		return "not a domain in small letters (a name with accents in its xn-- form)"
	}
	for _, other := range sortedKeys(l.cfg.Groups) {
		if other < group && slices.Contains(l.cfg.Groups[other].Domains, domain) {
			return fmt.Sprintf("it is in groups.%s already", other)
		}
	}
	return ""
}
