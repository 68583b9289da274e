package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/render"
)

type sponsorView struct {
	Newsletter string `json:"newsletter"`
	For        string `json:"for"`
	Text       string `json:"text"` // Markdown, as it was given
}

func viewSponsor(of string, s *newsletter.Sponsor) *sponsorView {
	if s == nil {
		return nil
	}
	return &sponsorView{Newsletter: of, For: s.For, Text: s.Text}
}

func (s *shell) digestSponsor() *cobra.Command {
	var name, advertiser string
	var remove bool
	cmd := &cobra.Command{
		Use: "sponsor [FILE]", Short: "Put one advertisement into the next edition",
		Long: `Keep an advertisement for the next edition: a Markdown file, or - for standard input, and for whom it is made.

It stands after the lead story, in the letter, its text part and the archive, under the word Publicité
(or Advertisement) and the advertiser's name, which the law wants: facteur preflight blocks a letter
without them. Paragraphs, **strong**, *emphasis* and [links](https://example.org) come into the letter;
its links say that they were paid for. Pictures and HTML do not, and are refused. What is given again
takes the place of what waits. It is used once. Without a file the command shows what waits; so does
facteur digest preview.`,
		Example: "  facteur digest sponsor annonce.md --for 'Librairie des Tanneurs'\n  facteur digest sponsor --remove",
		Args:    cobra.MaximumNArgs(1), DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if remove && len(args) > 0 || (advertiser == "") != (len(args) == 0) {
				return misuse(cmd, "facteur digest sponsor takes a FILE with --for, and neither with --remove")
			}
			return s.with(cmd.Context(), mayCreate, func(a *app.App) error {
				n, err := a.Newsletter(name)
				if err != nil {
					return err
				}
				switch {
				case remove:
					err = a.Desk.Advertise(cmd.Context(), n, newsletter.Sponsor{})
				case len(args) > 0:
					err = s.keepSponsor(cmd.Context(), a, n, args[0], advertiser)
				}
				if err != nil {
					return err
				}
				return s.showSponsor(cmd.Context(), a, n)
			})
		},
	}
	cmd.Flags().StringVar(&advertiser, "for", "", "the `advertiser` for whom it is made, by the name that readers know")
	cmd.Flags().BoolVar(&remove, "remove", false, "take back what waits")
	return naming(cmd, &name)
}

func (s *shell) keepSponsor(ctx context.Context, a *app.App, n newsletter.Newsletter, file, advertiser string) error {
	text, err := s.shortText(file)
	if err != nil {
		return err
	}
	return a.Desk.Advertise(ctx, n, newsletter.Sponsor{For: advertiser, Text: text})
}

func (s *shell) showSponsor(ctx context.Context, a *app.App, n newsletter.Newsletter) error {
	ad, err := a.Store.Sponsor(ctx, n.Name)
	if err != nil {
		return err
	}
	v := viewSponsor(n.Name, ad)
	return s.show(v, func(p *page) {
		if v == nil {
			p.say("No advertisement waits for the next edition of %s.", n.Name)
			return
		}
		p.say("It stands in the next edition of %s.", n.Name)
		p.sponsor(v)
	})
}

// sponsor shows an advertisement, as plain text.
func (p *page) sponsor(v *sponsorView) {
	if v == nil {
		return
	}
	p.say("An advertisement, for %s:", v.For)
	p.plainly(v.Text)
}

// plainly shows paragraphs of Markdown as plain text.
func (p *page) plainly(markdown string) {
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(markdown, "\r\n", "\n"), "\n\n") {
		if said := render.PlainText(paragraph); said != "" {
			p.say("  %s", said)
		}
	}
}
