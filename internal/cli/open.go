package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
)

// May a command make the database, or must it be there?
const (
	mustExist = false
	mayCreate = true
)

// settings reads the settings of this run.
func (s *shell) settings() (*config.Config, error) {
	return app.Settings(config.Options{File: s.config, Data: s.data, Environ: s.Environ})
}

// with opens the program for the time of one command.
func (s *shell) with(ctx context.Context, create bool, do func(a *app.App) error) error {
	cfg, err := s.settings()
	if err != nil {
		return err
	}
	return use(ctx, cfg, app.Options{Create: create, Log: s.logger(s.Stderr, cfg, slog.LevelWarn), Now: s.Now}, do)
}

// withAddress reads an address, and opens the program for the time of one command about it.
func (s *shell) withAddress(ctx context.Context, create bool, text string, do func(a *app.App, who address.Address) error) error {
	who, err := address.Parse(text)
	if err != nil {
		return err
	}
	return s.with(ctx, create, func(a *app.App) error { return do(a, who) })
}

// use opens the program, and closes it after do.
func use(ctx context.Context, cfg *config.Config, o app.Options, do func(a *app.App) error) (err error) {
	if !o.Create && !app.HasDatabase(cfg) {
		return &answer{
			code: NotFound, what: fmt.Sprintf("there is no database in %s yet", cfg.Data),
			do: "facteur migrate makes one, as serve, demo, article add, subscriber add and digest publish do; --data names another folder",
		}
	}
	a, err := app.Open(ctx, cfg, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return do(a)
}

// edition reads the name of an edition and finds it.
func edition(ctx context.Context, a *app.App, text string) (newsletter.Edition, error) {
	ref, err := a.Ref(text)
	if errors.Is(err, newsletter.ErrInvalid) {
		return newsletter.Edition{}, &answer{code: Misused, what: fmt.Sprintf("%q is not the name of an edition", text), do: "write its number, such as 42 or hebdo/42"}
	}
	if err != nil {
		return newsletter.Edition{}, err
	}
	e, err := a.Store.Edition(ctx, ref)
	if errors.Is(err, newsletter.ErrNotFound) {
		return e, &answer{code: NotFound, what: fmt.Sprintf("there is no edition %s", ref), do: "facteur edition list names those there are", cause: err}
	}
	return e, err
}
