package cli

import (
	"context"

	"github.com/spf13/cobra"

	"facteur/internal/app"
)

type migrateView struct {
	Database string `json:"database"`
	Schema   int64  `json:"schema"`
	Did      string `json:"did"` // "made", "updated" or "nothing"
}

func (s *shell) migrate() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Make the database, or bring it up to date",
		Long: `Make the database, or bring an older one up to date.

Commands that only ask never change a database: they say that it is older and name this command. It is
safe to run at any time. There is no way back to an older version but a copy made before.`,
		Example: "  facteur migrate\n  facteur migrate --data /var/lib/facteur",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			did, err := s.migration(cmd.Context())
			if err != nil {
				return err
			}
			return s.with(cmd.Context(), mayCreate, func(a *app.App) error {
				v := migrateView{Database: a.Store.Path(), Schema: a.Store.Schema(), Did: did}
				return s.show(v, func(p *page) { v.page(p) })
			})
		},
	}
}

// migration says what is to be done.
func (s *shell) migration(ctx context.Context) (string, error) {
	cfg, err := s.settings()
	if err != nil {
		return "", err
	}
	if !app.HasDatabase(cfg) {
		return "made", nil
	}
	err = s.with(ctx, mustExist, func(*app.App) error { return nil })
	if app.IsOlder(err) {
		return "updated", nil
	}
	return "nothing", err
}

func (v migrateView) page(p *page) {
	switch v.Did {
	case "made":
		p.say("%s was made (schema %d).", v.Database, v.Schema)
	case "updated":
		p.say("%s was brought up to date (schema %d).", v.Database, v.Schema)
	default:
		p.say("%s is up to date (schema %d).", v.Database, v.Schema)
	}
}
