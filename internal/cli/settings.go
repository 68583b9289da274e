package cli

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/config"
)

func (s *shell) settingsCommand() *cobra.Command {
	show := &cobra.Command{
		Use: "show", Short: "Show every setting in force and where it came from",
		Long: `Show every setting in force, each with the file and line, the variable or the flag it came from.

Secrets are masked. But for them, the output is a settings file that gives the same settings.`,
		Example: "  facteur config show\n  facteur config show --json | jq '.[] | select(.origin != \"default\")'",
		Args:    takes(),
		RunE: func(*cobra.Command, []string) error {
			cfg, err := s.settings()
			if err != nil {
				return err
			}
			var text bytes.Buffer
			if err := cfg.Show(&text); err != nil {
				return err
			}
			return s.show(cfg.Values(), func(p *page) { p.Write(text.Bytes()) })
		},
	}
	check := &cobra.Command{
		Use: "check", Short: "Try the settings and the templates, and say whether letters may leave",
		Long: `Try the settings, every cron specification and every template, and say whether letters may leave.

Nothing is sent. A settings file with several mistakes is told all of them at once. Where there is a database it is
asked what it knows of newsletters that the settings do not name.`,
		Example: "  facteur config check\n  facteur config check --config /etc/facteur/facteur.toml",
		Args:    takes(),
		RunE:    func(cmd *cobra.Command, _ []string) error { return s.checkSettings(cmd.Context()) },
	}
	return group("config", "Look at the settings", "", show, check)
}

type checkView struct {
	WayOut      string     `json:"way_out"`
	HasLogin    bool       `json:"has_login"` // false: the relay's user has a password that this command does not see
	Newsletters []nextView `json:"newsletters"`
	Warnings    []warning  `json:"warnings,omitempty"`
}

type nextView struct {
	Newsletter string    `json:"newsletter"`
	Title      string    `json:"title"`
	Slot       string    `json:"slot"`
	Due        time.Time `json:"due"`
}

// A warning is what is probably not meant.
type warning struct {
	What string `json:"what"`
	Do   string `json:"do"`
}

func (s *shell) checkSettings(ctx context.Context) error {
	cfg, err := s.settings()
	if err != nil {
		return err
	}
	next, problems := app.Check(cfg, s.Now())
	if problems != nil {
		return badSettings(problems)
	}
	if err := cfg.MayLeave(); err != nil {
		return err
	}
	out, err := wayOut(cfg)
	if err != nil {
		return err
	}
	relays, err := cfg.WayOut()
	if err != nil {
		return err
	}
	v := checkView{WayOut: out, HasLogin: true}
	var without []string // users whose password is not seen
	for _, relay := range relays {
		if relay.HasLogin() != nil {
			v.HasLogin, without = false, append(without, relay.User)
		}
	}
	for _, n := range next {
		v.Newsletters = append(v.Newsletters, nextView{n.Newsletter.Name, n.Newsletter.Title, string(n.Slot), n.Due.In(n.Newsletter.Zone)})
	}
	for _, w := range s.settingsWarnings(ctx, cfg) {
		v.Warnings = append(v.Warnings, warning(w))
	}
	return s.show(v, func(p *page) {
		p.say("The settings are good, and letters may leave: %s.", out)
		for _, user := range without {
			p.say("The password of %s is not seen by this command; the service must have it.", user)
		}
		for _, w := range v.Warnings {
			p.say("Warning: %s", w.What)
			p.say("  %s", w.Do)
		}
		var rows [][]string
		for _, n := range v.Newsletters {
			rows = append(rows, []string{n.Newsletter, stamp(n.Due, n.Due.Location()), n.Title})
		}
		p.gap()
		p.list([]string{"NEWSLETTER", "NEXT SLOT", "TITLE"}, rows)
	})
}

// settingsWarnings are those of settings, and of the database where there is one.
func (s *shell) settingsWarnings(ctx context.Context, cfg *config.Config) (all []config.Problem) {
	if !app.HasDatabase(cfg) {
		return cfg.Warnings()
	}
	err := use(ctx, cfg, app.Options{Log: slog.New(slog.DiscardHandler), Now: s.Now}, func(a *app.App) (err error) {
		all, err = a.Warnings(ctx)
		return err
	})
	if err != nil {
		told := tell(err)
		return append(cfg.Warnings(), config.Problem{What: "the database was not asked what it knows of newsletters: " + told.what, Do: told.do})
	}
	return all
}

// misnamed tells an editor beside an answer of newsletters that the settings do not name, or misname.
func (s *shell) misnamed(ctx context.Context, a *app.App) error {
	all, err := a.Misnamed(ctx)
	for _, w := range all {
		if _, err := fmt.Fprintf(s.Stderr, "Warning: %s\n  %s\n", w.What, w.Do); err != nil {
			return err
		}
	}
	return err
}

// badSettings tells every problem, each in two lines of its own.
func badSettings(problems []error) error {
	var told []*answer
	for _, err := range problems {
		one := *tell(err)
		if one.code == Unexpected {
			one.code, one.do = BadSettings, "correct the setting it names"
		}
		told = append(told, &one)
	}
	last := told[len(told)-1]
	last.before = told[:len(told)-1]
	return last
}

// wayOut says where letters go.
func wayOut(cfg *config.Config) (string, error) {
	relays, err := cfg.WayOut()
	if err != nil {
		return "", err
	}
	if relays.IsFolder() {
		return "into the folder " + filepath.Join(cfg.Data, "outbox"), nil
	}
	told := make([]string, len(relays))
	for i, relay := range relays {
		told[i] = fmt.Sprintf("%s:%d", relay.Host, relay.Port)
		switch {
		case len(relays) == 1:
		case relay.Share == 0:
			told[i] += fmt.Sprintf(" (%s, which stands by)", relay.Name)
		default:
			told[i] += fmt.Sprintf(" (%s, share %d)", relay.Name, relay.Share)
		}
	}
	return "through " + strings.Join(told, ", "), nil
}
