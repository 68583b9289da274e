package app

import (
	"context"
	"errors"
	"fmt"

	"facteur/internal/config"
	"facteur/internal/newsletter"
)

// traces is the job that is woken where somebody is forgotten.
const traces = "traces"

// addJobs says what the program does by itself besides editions, and when. Each job may be late or run twice.
func (a *App) addJobs() error {
	collect := func(ctx context.Context) error {
		_, err := a.gathering().Collect(ctx) // which logs it
		return err
	}
	if err := a.jobs.Add("collect", a.Config.Collect.Schedule, collect); err != nil {
		return fmt.Errorf("collect.schedule (%s): %w", a.Config.Origin("collect.schedule"), err)
	}
	for _, job := range []struct {
		name, when string
		do         func(context.Context) error
	}{
		{"sign-ups", "* * * * *", a.Register.WatchSignups}, // an attack is met by the sign-up that meets it; here it is told of, and ended
		{"pictures", "* * * * *", a.fetchPictures},
		{"links", "* * * * *", a.checkLinks},
		{"unused pictures", "50 3 * * *", a.sweepPictures},
		{"pauses", "0 * * * *", a.resume}, // those that are over end before an edition is approved in any case
		{"reminders", "12 * * * *", a.Register.Remind},
		{"unconfirmed", "7 * * * *", a.Register.PurgePending},
		{traces, "* * * * *", a.clean}, // what could not be done when it was woken
		{"sweep", "17 * * * *", a.sweep},
		{"retention", "40 3 * * *", a.retain},
	} {
		if err := a.jobs.Add(job.name, job.when, job.do); err != nil {
			return err
		}
	}
	return a.addSources()
}

func (a *App) resume(ctx context.Context) error {
	n, err := a.Register.ResumePaused(ctx)
	if n > 0 {
		a.options.Log.InfoContext(ctx, "pauses are over", "subscriptions", n)
	}
	return err
}

// sweep forgets what is over.
func (a *App) sweep(ctx context.Context) error {
	if err := a.Register.Sweep(ctx); err != nil {
		return err
	}
	_, err := a.Register.SweepMoves(ctx)
	return err
}

// clean removes what is left of people who were erased.
func (a *App) clean(ctx context.Context) error {
	err := a.Register.Clean(ctx)
	if errors.Is(err, newsletter.ErrBusy) {
		a.options.Log.InfoContext(ctx, "traces of who was erased wait for another program to end its reading", "error", err)
		return nil
	}
	return err
}

// retain ends the storage of what was kept long enough.
func (a *App) retain(ctx context.Context) error {
	networks, err := a.Register.SweepNetworks(ctx)
	if err != nil {
		return err
	}
	if networks > 0 {
		a.options.Log.InfoContext(ctx, "networks of consents were forgotten", "consents", networks)
	}
	r, err := a.Register.Retain(ctx)
	if r.Affected() > 0 || r.Asked+r.Erased > 0 {
		a.options.Log.InfoContext(ctx, "retention", "readers", string(a.Config.Retention.Readers), "acts", r.Acts,
			"to_ask", r.ToAsk, "waiting", r.Waiting, "to_erase", r.ToErase, "asked", r.Asked, "erased", r.Erased)
	}
	if a.Config.Retention.Readers == config.RetentionAct && !r.Acts && r.Affected() > 0 {
		a.options.Log.WarnContext(ctx, "retention waits for its confirmation: facteur retention allow", "people", r.Affected())
	}
	return err
}
