package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
)

type wordView struct {
	Newsletter string `json:"newsletter"`
	Text       string `json:"text"` // Markdown, as it was given
	By         string `json:"by,omitempty"`
}

func viewWord(of string, w *newsletter.Word) *wordView {
	if w == nil {
		return nil
	}
	return &wordView{Newsletter: of, Text: w.Text, By: w.By}
}

// mostWord is more than a word may have, in bytes.
const mostWord = 64 << 10

func (s *shell) digestWord() *cobra.Command {
	var name, by string
	var remove bool
	cmd := &cobra.Command{
		Use: "word [FILE]", Short: "Say something to readers at the head of the next edition",
		Long: `Keep a few words of the editor for the head of the next edition: a Markdown file, or - for standard input.

Paragraphs, **strong**, *emphasis* and [links](https://example.org) come into the letter, its text
part and the archive; anything else becomes plain words. What is given again takes the place of what
waits. It is frozen with the edition that is published next, by the schedule or by hand, and is used
once. Without a file the command shows what waits; so does facteur digest preview.`,
		Example: "  facteur digest word mot.md --by 'Camille Durand'\n  echo 'Bonne rentrée à toutes et à tous.' | facteur digest word -\n  facteur digest word --remove",
		Args:    cobra.MaximumNArgs(1), DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if remove && len(args) > 0 || by != "" && len(args) == 0 {
				return misuse(cmd, "facteur digest word takes a FILE with --by, and none with --remove")
			}
			return s.with(cmd.Context(), mayCreate, func(a *app.App) error {
				n, err := a.Newsletter(name)
				if err != nil {
					return err
				}
				switch {
				case remove:
					err = a.Desk.Say(cmd.Context(), n, newsletter.Word{})
				case len(args) > 0:
					err = s.keepWord(cmd.Context(), a, n, args[0], by)
				}
				if err != nil {
					return err
				}
				return s.showWord(cmd.Context(), a, n)
			})
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "the `name` that signs it")
	cmd.Flags().BoolVar(&remove, "remove", false, "take back what waits")
	return naming(cmd, &name)
}

func (s *shell) keepWord(ctx context.Context, a *app.App, n newsletter.Newsletter, file, by string) error {
	text, err := s.shortText(file)
	if err != nil {
		return err
	}
	return a.Desk.Say(ctx, n, newsletter.Word{Text: text, By: by})
}

// shortText reads a few words of Markdown.
func (s *shell) shortText(file string) (string, error) {
	in, done, err := s.input(file, "Markdown")
	if err != nil {
		return "", err
	}
	defer done()
	text, err := io.ReadAll(io.LimitReader(in, mostWord))
	if err != nil {
		return "", &answer{code: BadFile, what: err.Error(), do: "check the file: nothing was stored", cause: err}
	}
	return string(text), nil
}

func (s *shell) showWord(ctx context.Context, a *app.App, n newsletter.Newsletter) error {
	w, err := a.Store.Word(ctx, n.Name)
	if err != nil {
		return err
	}
	v := viewWord(n.Name, w)
	return s.show(v, func(p *page) {
		if v == nil {
			p.say("No word waits for the next edition of %s.", n.Name)
			return
		}
		p.say("It stands at the head of the next edition of %s.", n.Name)
		p.word(v)
	})
}

// word shows what an editor says, as plain text.
func (p *page) word(v *wordView) {
	if v == nil {
		return
	}
	signed := ""
	if v.By != "" {
		signed = ", signed " + v.By
	}
	p.say("A word of the editor%s:", signed)
	p.plainly(v.Text)
}

// beyond tells how many articles a letter has no room for.
func (p *page) beyond(articlesLeft int) {
	if articlesLeft > 0 {
		p.say("The letter has no room for the last %s: they stand on its page, and it says so.", articles(articlesLeft))
	}
}

// warnings name the articles of which the letter leaves something out.
func (p *page) warnings(all []string) {
	for _, w := range all {
		p.say("Warning: %s", w)
	}
}
