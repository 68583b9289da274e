package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
)

func (s *shell) serve() *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Serve the pages, run the schedule and send, in one process",
		Long: `Serve the readers' pages, collect articles and publish editions when the schedule says so, and send.

The database is made or brought up to date first. The log goes to standard error, as log.level says. SIGTERM or
Ctrl-C ends it politely: letters on the wire are finished and recorded; a second one ends it at once, and nothing
is lost then either but the last few lines of the log.`,
		Example: "  facteur serve\n  facteur serve --config /etc/facteur/facteur.toml --data /var/lib/facteur",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := s.settings()
			if err != nil {
				return err
			}
			level, err := servingLevel(cfg)
			if err != nil {
				return err
			}
			lines := &gatherer{to: s.Stderr}
			defer func() { _ = lines.Close() }() // it is the log that cannot be written, and there is no other to say so
			return use(cmd.Context(), cfg, app.Options{Create: true, Log: s.logger(lines, cfg, level), Now: s.Now}, func(a *app.App) error {
				return serving(a.Serve(cmd.Context(), app.Serving{}), cfg)
			})
		},
	}
}

// serving explains what commonly keeps a program from serving.
func serving(err error, cfg *config.Config) error {
	if !errors.Is(err, newsletter.ErrBusy) {
		return err
	}
	if sends, bad := app.SenderRuns(cfg); bad != nil || !sends {
		return err // something else is busy
	}
	return &answer{
		code: TryAgain, what: fmt.Sprintf("another facteur sends from %s already", cfg.Data),
		do: "stop that one first, or give this one a folder of its own with --data", cause: err,
	}
}
