package cli

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
)

func (s *shell) demo() *cobra.Command {
	var once, fresh bool
	cmd := &cobra.Command{
		Use: "demo", Short: "Tell the whole story on sample articles; nothing leaves this machine",
		Long: `Tell the whole story on sample articles: they go into the inbox, three readers are added, edition n° 1 is
published and sent into a folder, and more of them arrive for the next one. Then serve: the letters as their readers
see them, with links that work.

It lives in data/demo unless --data names another folder, and refuses one with other readers. Nothing leaves
this machine. --fresh removes what an earlier demonstration made there, and nothing else.

It runs with your settings, but for sources, and where there is no settings file, with a weekly and a daily
newsletter of its own. What it ran with is kept in demo.toml of its folder, for other commands to go on with.`,
		Example: "  facteur demo\n  facteur demo --once --fresh",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.demonstrate(cmd.Context(), once, fresh)
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "do not serve: exit when the letters are sent")
	cmd.Flags().BoolVar(&fresh, "fresh", false, "start over")
	return cmd
}

func (s *shell) demonstrate(ctx context.Context, once, fresh bool) (err error) {
	cfg, err := s.demoSettings()
	if err != nil {
		return err
	}
	o := app.Options{Create: true, Log: s.logger(s.Stderr, cfg, slog.LevelWarn), Now: s.Now}
	address := cfg.Web.Listen
	if !once {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Web.Listen)
		if err != nil {
			return fmt.Errorf("the pages of the demonstration: %w", err)
		}
		defer func() { _ = listener.Close() }() // where serving was not reached
		address = listener.Addr().String()
		o.Listen = func(string, string) (net.Listener, error) { return listener, nil }
	}
	if err := app.OnExampleSite(cfg, "http://"+address); err != nil {
		return err
	}
	if fresh {
		if err := app.Fresh(ctx, cfg, o); err != nil {
			return demoError(err, cfg)
		}
	}
	return use(ctx, cfg, o, func(a *app.App) error { return s.story(ctx, a, once) })
}

// demoSettings are those of the demonstration, or why it does not run.
func (s *shell) demoSettings() (*config.Config, error) {
	cfg, err := app.DemoSettings(config.Options{
		File: s.config, Data: cmp.Or(s.data, filepath.Join(config.Default().Data, "demo")), Environ: s.Environ,
	})
	if err != nil {
		return nil, err
	}
	if relays, err := cfg.WayOut(); err != nil {
		return nil, err
	} else if !relays.IsFolder() {
		key := "smtp.url"
		if relays[0].Name != "" {
			key = "relays." + relays[0].Name + ".url"
		}
		return nil, &answer{
			code: NotPossible, what: fmt.Sprintf("the demonstration sends nothing through a relay, and %s (%s) names one", key, cfg.Origin(key)),
			do: "run it without that setting, such as from another folder; nothing was sent",
		}
	}
	host, port, err := net.SplitHostPort(cfg.Web.Listen)
	if err != nil {
		return nil, fmt.Errorf("web.listen: %w", err)
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return nil, &answer{
			code: NotPossible, what: fmt.Sprintf("the demonstration's letters are for this machine only, and web.listen (%s) is %s", cfg.Origin("web.listen"), cfg.Web.Listen),
			do: "run it with FACTEUR_WEB_LISTEN=127.0.0.1:" + port,
		}
	}
	return cfg, nil
}

type demoView struct {
	Data     string   `json:"data"`
	Before   bool     `json:"before"` // everything had been done by an earlier run
	Articles int      `json:"articles"`
	Readers  []string `json:"readers"`
	Edition  string   `json:"edition"`
	Subject  string   `json:"subject"`
	Letters  int      `json:"letters"`          // sent by this run
	Sister   string   `json:"sister,omitempty"` // an edition of the newsletter's sister, which left then
	Later    int      `json:"later"`            // articles that arrived then
	Settings string   `json:"settings"`         // the file that other commands go on with
	Folder   string   `json:"folder"`           // where the letters are
	Mailbox  string   `json:"mailbox,omitempty"`
}

func (s *shell) story(ctx context.Context, a *app.App, once bool) error {
	report, err := a.Demo(ctx)
	if err != nil {
		return demoError(err, a.Config)
	}
	v := demoView{
		Data: a.Config.Data, Before: report.Before, Articles: len(report.Articles), Readers: report.Readers,
		Edition: report.Edition.Ref().String(), Subject: report.Edition.Content.Subject, Letters: report.Letters, Later: report.Later, Folder: a.OutboxFolder(),
		Settings: app.DemoFile(a.Config),
	}
	if report.Sister.Number > 0 {
		v.Sister = report.Sister.Ref().String()
	}
	n := orFirst(a, report.Edition.Newsletter)
	flags, err := s.demoFlags(a.Config)
	if err != nil {
		return err
	}
	approved := stamp(report.Edition.Approved, n.Zone)
	if once {
		return s.show(v, func(p *page) { p.demo(v, approved, n, s.calling, flags) })
	}
	v.Mailbox = a.Config.Web.URL + "/boite/"
	var told error
	err = a.Serve(ctx, app.Serving{Mailbox: true, Ready: func(string) {
		told = s.show(v, func(p *page) { p.demo(v, approved, n, s.calling, flags) })
	}})
	return cmp.Or(told, demoError(err, a.Config))
}

// demoFlags are those by which other commands find the settings and the data of the demonstration.
func (s *shell) demoFlags(cfg *config.Config) (string, error) {
	file := app.DemoFile(cfg)
	found, err := app.Settings(config.Options{File: file, Environ: s.Environ})
	if err != nil {
		return "", err
	}
	flags := "--config " + newsletter.ShellWord(file)
	if found.Data != cfg.Data { // the environment names another folder
		flags += " --data " + newsletter.ShellWord(cfg.Data)
	}
	return flags, nil
}

// demoError says why the demonstration keeps away from a folder.
func demoError(err error, cfg *config.Config) error {
	err = because(err, newsletter.ErrState, "give it a folder of its own: facteur demo --data "+filepath.Join(cfg.Data, "demo"))
	return serving(err, cfg)
}

func (p *page) demo(v demoView, approved string, n newsletter.Newsletter, calling func(string) string, flags string) {
	if v.Before {
		p.say("Edition n° 1 left on %s already; its letters are in %s.", approved, v.Folder)
		p.say("To start over: %s", calling("facteur demo --fresh"))
	} else {
		p.say("The demonstration, in %s. Nothing leaves this machine.", v.Data)
		p.gap()
		rows := [][]string{
			{"articles", fmt.Sprintf("%d went into the table inbox, as your site would offer them", v.Articles)},
			{"readers", fmt.Sprintf("%d were added: %s", len(v.Readers), strings.Join(v.Readers, ", "))},
			{"edition", fmt.Sprintf("%s was published: %s", v.Edition, v.Subject)},
		}
		if v.Sister != "" {
			rows = append(rows, []string{"sister", fmt.Sprintf("%s was published to one of them, of what %s had left", v.Sister, v.Edition)})
		}
		p.list(nil, append(rows,
			[]string{"letters", fmt.Sprintf("%d were sent into %s", v.Letters, v.Folder)},
			[]string{"since", fmt.Sprintf("%d more articles arrived, and one was extended, for the next edition", v.Later)},
		))
	}
	p.gap()
	if v.Mailbox == "" {
		p.say("The letters are files: %s", filepath.Join(v.Folder, "*.eml"))
		p.say("To see them as their readers do: %s", calling("facteur demo"))
	} else {
		p.say("See them as their readers do: %s", v.Mailbox)
	}
	p.say("What became of each letter:   %s %s", calling("facteur edition show "+v.Edition), flags)
	p.say("What would leave next:        %s %s", calling(n.Command("digest preview")), flags)
	p.say("Why each is in or out:        %s %s", calling(n.Command("digest why")), flags)
	if v.Mailbox != "" {
		p.say("Ctrl-C stops.")
	}
}
