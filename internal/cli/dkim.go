package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/letter"
)

func (s *shell) dkim() *cobra.Command {
	return group("dkim", "Make the keys that sign letters, print their DNS records, and check these",
		`Make the keys that sign letters (DKIM, RFC 6376), print their DNS records, and check these.

A relay that signs letters for your domain makes this needless. A key is made, its record published and checked, and
only then dkim.selector names it. docs/operations.md tells how to begin and how to change keys: Signing letters.`,
		s.dkimKeygen(), s.dkimRecord(), s.dkimCheck())
}

type keyView struct {
	Selector  string           `json:"selector"`
	Algorithm letter.Algorithm `json:"algorithm"`
	File      string           `json:"file"`
	Signs     bool             `json:"signs"` // the settings name it
}

func (s *shell) dkimKeygen() *cobra.Command {
	var second bool
	cmd := &cobra.Command{
		Use: "keygen [SELECTOR]", Short: "Make a key that signs letters",
		Long: `Make a key that signs letters: of RSA with 2048 bits, or with --ed25519 one for a second signature beside it.

SELECTOR is the name of the key in the DNS, such as facteur-2026: a new one for each key. Without it, it is what the
settings name. The file is the user's alone, and one that is there is never written over. Nothing is signed with the key
before the settings name it.`,
		Example: "  facteur dkim keygen facteur-2026\n  facteur dkim keygen facteur-2026-ed --ed25519",
		Args:    oneSelector, DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := s.settings()
			if err != nil {
				return err
			}
			v := keyView{Selector: cfg.DKIM.Selector, Algorithm: letter.RSA}
			if second {
				v.Selector, v.Algorithm = cfg.DKIM.Ed25519Selector, letter.Ed25519
			}
			if len(args) == 1 {
				v.Selector = args[0]
			}
			if v.Selector == "" {
				return misuse(cmd, "facteur dkim keygen needs SELECTOR, since the settings name no such key")
			}
			return s.makeKey(cfg, v)
		},
	}
	cmd.Flags().BoolVar(&second, "ed25519", false, "for a second signature, by Ed25519 (RFC 8463)")
	return cmd
}

// oneSelector takes one selector, or none.
func oneSelector(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if why := config.SelectorFault(args[0]); why != "" {
		return misuse(cmd, fmt.Sprintf("%q: %s", args[0], why))
	}
	return takes("SELECTOR")(cmd, args)
}

func (s *shell) makeKey(cfg *config.Config, v keyView) (err error) {
	v.Signs = slices.ContainsFunc(cfg.Signatures(), func(one config.Signature) bool { return one.Selector == v.Selector })
	if v.File, err = app.NewSigningKey(cfg, v.Selector, v.Algorithm); errors.Is(err, fs.ErrExist) {
		return &answer{code: BadFile, what: fmt.Sprintf("%s is there already", v.File), do: "give the new key another name: nothing was written", cause: err}
	}
	if err != nil {
		return err
	}
	return s.show(v, func(p *page) {
		p.say("The key %s is in %s, and is yours alone.", v.Selector, v.File)
		p.gap()
		p.say("Publish its record:    facteur dkim record %s", v.Selector)
		p.say("See it in the DNS:     facteur dkim check %s", v.Selector)
		switch {
		case v.Signs:
			p.say("Then sign with it:     start facteur serve again")
		case v.Algorithm == letter.Ed25519:
			p.say("Then sign with it:     set dkim.ed25519_selector = %q, and start facteur serve again", v.Selector)
		default:
			p.say("Then sign with it:     set dkim.selector = %q, and start facteur serve again", v.Selector)
		}
	})
}

type recordView struct {
	Selector string   `json:"selector"`
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Strings  []string `json:"strings"` // each of at most 255 octets
}

// value is the record's text in one piece.
func (v recordView) value() string { return strings.Join(v.Strings, "") }

// zone is the record as a zone file has it (RFC 1035 §5.1).
func (v recordView) zone() string {
	quoted := make([]string, len(v.Strings))
	for i, part := range v.Strings {
		quoted[i] = `"` + part + `"`
	}
	return fmt.Sprintf("%s. IN TXT ( %s )", v.Name, strings.Join(quoted, " "))
}

func (s *shell) dkimRecord() *cobra.Command {
	return &cobra.Command{
		Use: "record [SELECTOR]", Short: "Print the DNS record of a key",
		Long: `Print the DNS record of a key, to be published where the domain's other records are: as a line of a zone file, whose
strings have at most 255 octets, and as name and value for forms.

Without SELECTOR, those of the keys that the settings name.`,
		Example: "  facteur dkim record facteur-2026",
		Args:    oneSelector, DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			keys, err := s.keysOf(cmd, args)
			if err != nil {
				return err
			}
			views := make([]recordView, len(keys))
			for i, key := range keys {
				r, err := key.Record()
				if err != nil {
					return err
				}
				views[i] = recordView{key.Selector(), r.Name, "TXT", r.Strings()}
			}
			return s.show(views, func(p *page) {
				for _, v := range views {
					p.gap()
					p.say("%s", v.zone())
					p.gap()
					p.list(nil, [][]string{{"  name", v.Name}, {"  type", v.Type}, {"  value", v.value()}}) // in one piece, to be copied
				}
			})
		},
	}
}

// keysOf are the key of a selector, or those that the settings name.
func (s *shell) keysOf(cmd *cobra.Command, args []string) ([]*letter.Key, error) {
	cfg, err := s.settings()
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		for _, one := range cfg.Signatures() {
			args = append(args, one.Selector)
		}
	}
	if len(args) == 0 {
		return nil, misuse(cmd, cmd.CommandPath()+" needs SELECTOR, since the settings name no key")
	}
	keys := make([]*letter.Key, len(args))
	for i, selector := range args {
		key, err := app.SigningKey(cfg, selector)
		if missing, ok := errors.AsType[*app.KeyError](err); ok && errors.Is(err, fs.ErrNotExist) {
			return nil, &answer{code: NotFound, what: missing.What, do: missing.Do, cause: err}
		}
		if err != nil {
			return nil, err
		}
		keys[i] = key
	}
	return keys, nil
}

// settingOf is the setting that names a key of its kind.
func settingOf(key *letter.Key) string {
	if key.Algorithm() == letter.Ed25519 {
		return "dkim.ed25519_selector"
	}
	return "dkim.selector"
}

type publishedView struct {
	Selector string `json:"selector"`
	Name     string `json:"name"`
	Fits     bool   `json:"fits"`
	Why      string `json:"why,omitempty"` // it does not
}

func (s *shell) dkimCheck() *cobra.Command {
	var server string
	cmd := &cobra.Command{
		Use: "check [SELECTOR]", Short: "Ask the DNS whether receivers find a key",
		Long: `Ask the DNS for the record of a key, and say whether receivers who find it take what the key signs. The exit code is 0
where they do. Without SELECTOR, each key that the settings name is asked for.

Name servers remember for a while what was there before, also that nothing was: --server asks the domain's own.`,
		Example: "  facteur dkim check\n  facteur dkim check facteur-2026 --server ns1.pandia.example",
		Args:    oneSelector, DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			keys, err := s.keysOf(cmd, args)
			if err != nil {
				return err
			}
			return s.checkRecords(cmd.Context(), keys, server)
		},
	}
	cmd.Flags().StringVar(&server, "server", "", "ask the name server at this `host` alone, with its port where that is not 53")
	return cmd
}

func (s *shell) checkRecords(ctx context.Context, keys []*letter.Key, server string) error {
	views, wrong := make([]publishedView, len(keys)), []*answer{}
	for i, key := range keys {
		r, err := key.Record()
		if err != nil {
			return err
		}
		texts, err := app.PublishedTexts(ctx, server, r.Name)
		views[i] = publishedView{Selector: key.Selector(), Name: r.Name, Fits: err == nil}
		if err != nil {
			views[i].Why = err.Error()
			do := "try again in a while, or ask another name server: --server HOST"
			if server != "" {
				do = "try again in a while, or ask another name server"
			}
			wrong = append(wrong, &answer{code: TryAgain, what: fmt.Sprintf("the DNS does not say what stands at %s: %v", r.Name, err), do: do, cause: err})
			continue
		}
		if why := key.MatchRecord(texts); why != nil {
			views[i].Fits, views[i].Why = false, why.Error()
			wrong = append(wrong, &answer{
				code: BadData, what: fmt.Sprintf("%s: %v", r.Name, why),
				do: fmt.Sprintf("publish what facteur dkim record %s prints; until all see it, let %s name another key or none", key.Selector(), settingOf(key)),
			})
		}
	}
	err := s.show(views, func(p *page) {
		for _, v := range views {
			if v.Fits {
				p.say("%s has this key: receivers can verify what it signs.", v.Name)
			}
		}
	})
	if err != nil || len(wrong) == 0 {
		return err
	}
	last := wrong[len(wrong)-1]
	last.before = wrong[:len(wrong)-1]
	return last
}
