package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"facteur/internal/collect"
	"facteur/internal/config"
	"facteur/internal/fetch"
	"facteur/internal/newsletter"
	"facteur/internal/schedule"
	"facteur/internal/source"
)

// gatherSources builds the story of sources.
func (a *App) gatherSources() {
	a.Gatherer = &collect.Gatherer{
		Store: a.Store, Collector: a.Collector, Sources: map[string]int{}, Now: a.options.Now, Operator: a.Config.Operator.Address, About: a.Newsletters[0].Name,
		Keep: func(file []byte) (string, error) {
			kept, err := a.gallery.Keep(file)
			return kept.Address(), err
		},
	}
	for _, name := range slices.Sorted(maps.Keys(a.Config.Sources)) {
		a.Gatherer.Sources[name] = a.Config.Sources[name].Priority
		a.Sources = append(a.Sources, a.source(name, *a.Config.Sources[name]))
	}
}

// source is one of the settings, in the words of the story.
func (a *App) source(name string, s config.Source) collect.Source {
	one := collect.Source{
		Name: name, Kind: string(s.Kind), Place: s.Path, Origin: origin(name, a.Config.Sources, a.Newsletters),
		Rules: collect.Rules{
			Tags: s.Tags, NotTags: s.WithoutTags, Words: s.Words, NotWords: s.WithoutWords, Languages: s.Languages, Section: s.Section,
		},
	}
	for _, r := range s.Rules {
		one.Rules.Sections = append(one.Rules.Sections, collect.SectionRule(r))
	}
	zone := a.Newsletters[0].Zone
	if own, err := time.LoadLocation(s.Zone); err == nil && s.Zone != "" { // config has refused those that cannot be loaded
		zone = own
	}
	switch s.Kind {
	case config.SourceFolder:
		one.Reader = source.Folder{Path: s.Path, Zone: zone, Now: a.options.Now}
	case config.SourceSQLite:
		one.Reader = source.Foreign{Path: s.Path, Query: s.Query, Cursor: s.Cursor, Zone: zone, Patience: a.options.Patience}
	case config.SourceFeed:
		one.Place, one.Far = s.URL, true
		one.Reader = source.Feed{Address: s.URL, Zone: zone, Now: a.options.Now, Web: a.askWeb}
	}
	return one
}

// origin is the same as long as a source is read alike and the same becomes of what it brings. Those that do not come behind it may keep articles that it has
// as well: once one of them is gone, or does, it is to say again what it has.
func origin(name string, all map[string]*config.Source, newsletters []newsletter.Newsletter) string {
	s := *all[name]
	s.Schedule = ""
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%q", fmt.Sprintf("%#v", s)) // a hash takes everything
	for _, n := range newsletters {
		_, _ = fmt.Fprintf(sum, "%v", n.Sections)
	}
	for _, other := range slices.Sorted(maps.Keys(all)) {
		if other != name && all[other].Priority >= s.Priority {
			_, _ = fmt.Fprintf(sum, "%q", other)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// askWeb asks for feeds as pictures are asked for, with the same guards.
func (a *App) askWeb(ctx context.Context, q source.Question) (source.Reply, error) {
	f, err := a.visitor.GetChanged(ctx, q.Address, q.Accept, fetch.Known{ETag: q.ETag, Modified: q.Modified}, q.Most)
	return source.Reply{Same: f.Same, Body: f.Body, Type: f.Type, Address: f.Address, Moved: f.Moved, ETag: f.Known.ETag, Modified: f.Known.Modified}, err
}

// addSources has each source collected at its times, and at the start of the program, which may have been off for a while.
func (a *App) addSources() error {
	for _, s := range a.Sources {
		job := "source " + s.Name
		if err := a.jobs.Add(job, a.Config.Sources[s.Name].Schedule, func(ctx context.Context) error { return a.gather(ctx, s) }); err != nil {
			return sourceSchedule(a.Config, s.Name, err)
		}
		a.jobs.Wake(job)
	}
	return nil
}

func sourceSchedule(cfg *config.Config, name string, err error) error {
	key := "sources." + name + ".schedule"
	return fmt.Errorf("%s (%s): %w", key, cfg.Origin(key), err)
}

// LeaveHome names the newsletters that leave at home what a source brought without a date in its first collection.
func (a *App) LeaveHome(ctx context.Context, gain collect.Gain) (names []string, err error) {
	if gain.Undated == 0 {
		return nil, nil
	}
	begun, err := a.Desk.HaveBegun(ctx, a.Newsletters...)
	for _, n := range begun {
		names = append(names, n.Name)
	}
	return names, err
}

// gather collects a source that is due, and says in the log what came of it.
func (a *App) gather(ctx context.Context, s collect.Source) error {
	gain, state, tried, err := a.Gatherer.Due(ctx, s)
	if err != nil || !tried {
		return err
	}
	log := a.options.Log.With("source", s.Name)
	if state.Failures > 0 {
		log.WarnContext(ctx, "a source cannot be read", "first_failed", state.Failing, "tries", state.Failures, "what", state.Trouble.What, "do", state.Trouble.Do)
	}
	if gain.Mended {
		log.InfoContext(ctx, "the source is read again", "first_failed", state.Broke)
	}
	if gain.Moved {
		log.WarnContext(ctx, "the source has moved for good: put its new address into its settings", "url", state.Moved)
	}
	if gain.Added+gain.Updated+gain.Refused+gain.Gone > 0 {
		log.InfoContext(ctx, "collected", "added", gain.Added, "updated", gain.Updated, "unchanged", gain.Unchanged, "left_out", gain.LeftOut, "refused", gain.Refused, "gone", gain.Gone)
	}
	home, err := a.LeaveHome(ctx, gain)
	if err != nil {
		return err
	}
	if home != nil {
		log.WarnContext(ctx, "what came without a date with the first collection stays home: nobody knows whether it is news", "articles", gain.Undated, "newsletters", home)
	}
	if gain.Anew {
		log.WarnContext(ctx, "none of what was read last is there any more, as if the source had been filled anew: all of it was read again")
	}
	for _, f := range gain.Faults[:min(len(gain.Faults), 5)] {
		log.WarnContext(ctx, "something in a source is no article: facteur source list --refused shows all", "name", f.Name, "reason", f.Reason)
	}
	for _, r := range gain.Remarks { // all of them: they are told once
		log.WarnContext(ctx, "something odd about an article that was taken", "name", r.Name, "remark", r.Reason)
	}
	return nil
}

// A SourceHealth is a source and how it is.
type SourceHealth struct {
	collect.Source
	State collect.SourceState
	Next  time.Time // when it is collected by itself; zero where that goes by elapsed time
}

// FindSource finds a source of the settings.
func (a *App) FindSource(name string) (collect.Source, error) {
	i := slices.IndexFunc(a.Sources, func(s collect.Source) bool { return s.Name == name })
	if i < 0 {
		return collect.Source{}, fmt.Errorf("source %q: %w", name, newsletter.ErrNotFound)
	}
	return a.Sources[i], nil
}

// SourceHealth tells how each source is.
func (a *App) SourceHealth(ctx context.Context) ([]SourceHealth, error) {
	var all []SourceHealth
	for _, s := range a.Sources {
		state, err := a.Store.SourceState(ctx, s.Name)
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", s.Name, err)
		}
		h := SourceHealth{Source: s, State: state}
		if spec, err := schedule.Parse(a.Config.Sources[s.Name].Schedule); err == nil {
			from := a.options.Now()
			if state.Next.After(from) {
				from = state.Next.Add(-time.Nanosecond)
			}
			_, h.Next = spec.First(from, a.Newsletters[0].Zone)
		}
		all = append(all, h)
	}
	return all, nil
}
