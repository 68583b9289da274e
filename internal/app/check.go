package app

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/web"
	"facteur/templates"
)

// A Next is the slot that a newsletter comes to next.
type Next struct {
	Newsletter newsletter.Newsletter
	Slot       newsletter.Slot
	Due        time.Time
}

// Check tries what settings, as [Settings] reads them, and templates are used for, opens no database, and returns when each newsletter is due
// after now, and everything that is wrong.
func Check(cfg *config.Config, now time.Time) (next []Next, problems []error) {
	all := newsletters(cfg)
	for _, n := range all {
		times, err := editionTimes(cfg, []newsletter.Newsletter{n})
		if err != nil {
			problems = append(problems, err)
			continue
		}
		slot, due := times[n.Name].First(now, n.Zone)
		next = append(next, Next{Newsletter: n, Slot: slot, Due: due})
	}
	if _, err := signingKeys(cfg); err != nil && !errors.Is(err, fs.ErrPermission) { // only what sends needs the keys
		problems = append(problems, err)
	}
	return next, append(problems, checkTemplates(cfg, all)...)
}

// checkTemplates parses and tries the templates of letters and pages.
func checkTemplates(cfg *config.Config, all []newsletter.Newsletter) (problems []error) {
	files, err := templates.Open(cfg.Templates.Dir)
	if err != nil {
		return []error{fmt.Errorf("templates folder: %w", err)}
	}
	renderer, err := rendering(cfg, files)
	if err == nil {
		problems = append(problems, checkLetters(cfg, renderer, all)...)
	} else {
		problems = append(problems, located(cfg.Templates.Dir, err))
	}
	if _, err := web.New(web.Options{URL: cfg.Web.URL, Newsletters: all, Files: files, Log: slog.New(slog.DiscardHandler)}); err != nil {
		problems = append(problems, located(cfg.Templates.Dir, fmt.Errorf("templates of pages: %w", err)))
	}
	return problems
}

// checkLetters makes a letter for each newsletter.
func checkLetters(cfg *config.Config, renderer *render.Renderer, all []newsletter.Newsletter) (problems []error) {
	for _, n := range all {
		if err := newLetters(renderer, cfg).try(n); err != nil {
			problems = append(problems, located(cfg.Templates.Dir, err))
		}
	}
	return problems
}

// rendering reads the templates of letters, in the accent of the settings.
func rendering(cfg *config.Config, files fs.FS) (*render.Renderer, error) {
	if cfg.Templates.Dir != "" {
		builtin, err := templates.Open("")
		if err != nil {
			return nil, err
		}
		if err := render.HoldStrings(files, builtin); err != nil {
			return nil, err
		}
	}
	renderer, err := render.New(files, cfg.Site.Accent)
	if faint, ok := errors.AsType[*render.FaintError](err); ok {
		return nil, fmt.Errorf("site.accent (%s): %w", cfg.Origin("site.accent"), faint)
	}
	if err != nil {
		return nil, fmt.Errorf("templates of letters: %w", err)
	}
	return renderer, nil
}
