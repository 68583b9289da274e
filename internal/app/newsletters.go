package app

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/schedule"
)

// newsletters turns the settings into the words of the stories.
func newsletters(cfg *config.Config) []newsletter.Newsletter {
	var all []newsletter.Newsletter
	for _, name := range slices.Sorted(maps.Keys(cfg.Newsletters)) {
		n := cfg.Newsletters[name]
		zone, err := time.LoadLocation(n.Zone)
		if err != nil {
			zone = time.UTC // config has refused zones that cannot be loaded
		}
		one := newsletter.Newsletter{
			Name: name, Title: n.Title, Language: n.Language, Zone: zone, Schedule: n.Schedule,
			Late: newsletter.LatePolicy(n.Late), LateWindow: time.Duration(n.LateWindow),
			Horizon: time.Duration(n.Horizon), FirstHorizon: time.Duration(n.FirstHorizon), Minimum: n.Minimum,
			Lead: newsletter.LeadRule(n.Lead), Sisters: slices.Concat(cfg.Sisters(name), cfg.Former(name)), Several: len(cfg.Newsletters) > 1,
			Sender: sender(cfg), ListID: n.ListID, FeedbackID: n.FeedbackID,
		}
		for _, s := range n.Sections {
			if s.Recall && s.Updated == 0 {
				s.Updated = leastUpdated(cfg, cfg.Sisters(name))
			}
			one.Sections = append(one.Sections, newsletter.Section(s))
		}
		all = append(all, one)
	}
	return all
}

// leastUpdated is the part of a text by which some newsletters bring one again, the lowest of their sections; 0: by none.
func leastUpdated(cfg *config.Config, names []string) (least int) {
	for _, name := range names {
		for _, s := range cfg.Newsletters[name].Sections {
			if s.Updated > 0 && (least == 0 || s.Updated < least) {
				least = s.Updated
			}
		}
	}
	return least
}

func sender(cfg *config.Config) newsletter.Sender {
	return newsletter.Sender{
		Site: cfg.Site.Name, SiteURL: cfg.Site.URL,
		Publisher: cfg.Publisher.Name, Postal: cfg.Publisher.Address, Contact: cfg.Publisher.Contact,
		LegalURL: cfg.Publisher.LegalURL, PrivacyURL: cfg.Publisher.PrivacyURL,
		Name: cfg.Sender.Name, Address: cfg.Sender.Address, ReplyTo: cfg.Sender.ReplyTo, ReturnPath: cfg.Sender.ReturnPath,
	}
}

// editionTimes reads the cron specification of every newsletter, so that a wrong one is told of at the start and not
// at its hour.
func editionTimes(cfg *config.Config, all []newsletter.Newsletter) (map[string]schedule.Specification, error) {
	times := make(map[string]schedule.Specification, len(all))
	for _, n := range all {
		spec, err := schedule.Parse(n.Schedule)
		if err != nil {
			key := "newsletters." + n.Name + ".schedule"
			return nil, fmt.Errorf("%s (%s): %w", key, cfg.Origin(key), err)
		}
		times[n.Name] = spec
	}
	return times, nil
}
