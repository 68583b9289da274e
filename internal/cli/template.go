package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/preflight"
)

func (s *shell) template() *cobra.Command {
	return group("template", "Show and check what letters and pages are made from", "", s.templateShow(), s.templateCheck())
}

type templateView struct {
	Name string `json:"name"`
	Own  bool   `json:"own"` // templates.dir has one in its place
	Text string `json:"text,omitempty"`
}

func (s *shell) templateShow() *cobra.Command {
	return &cobra.Command{
		Use: "show [NAME]", Short: "Print a built-in template, to begin one of your own",
		Long: `Print a built-in template or file of strings, or without NAME the names of all.

A file of the same name in the folder templates.dir takes its place; copy only what you change.`,
		Example: "  facteur template show\n  facteur template show mail/footer.html.tmpl > own/mail/footer.html.tmpl",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return takes("NAME")(cmd, args)
		},
		DisableFlagsInUseLine: true,
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, err := s.settings()
			if err != nil {
				return err
			}
			files, err := app.TemplateFiles(cfg)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return s.showTemplate(args[0], files)
			}
			views := make([]templateView, len(files))
			for i, f := range files {
				views[i] = templateView{Name: f.Name, Own: f.Own}
			}
			return s.show(views, func(p *page) { p.templates(views) })
		},
	}
}

func (s *shell) showTemplate(name string, files []app.TemplateFile) error {
	i := slices.IndexFunc(files, func(f app.TemplateFile) bool { return f.Name == name })
	if i < 0 {
		return &answer{code: NotFound, what: fmt.Sprintf("there is no template %q", name), do: "facteur template show lists them"}
	}
	text, err := app.BuiltinTemplate(name)
	if err != nil {
		return err
	}
	v := templateView{Name: name, Own: files[i].Own, Text: string(text)}
	return s.show(v, func(p *page) { p.Write(text) })
}

func (p *page) templates(views []templateView) {
	rows := make([][]string, len(views))
	for i, v := range views {
		rows[i] = []string{v.Name, "built-in"}
		if v.Own {
			rows[i][1] = "yours"
		}
	}
	p.list([]string{"NAME", "IN FORCE"}, rows)
}

type sampleView struct {
	Newsletter string        `json:"newsletter"`
	Letter     string        `json:"letter"` // edition, or which single letter
	Findings   []findingView `json:"findings"`
}

func (s *shell) templateCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Try every template on samples, and say what is wrong with the letters",
		Long: `Execute the templates in force on samples: letters in each language, with everything there and with nothing. Letters
and pages are held against what fills them, in every branch. What cannot be executed is told with its file and line, and
so is a file of templates.dir that takes the place of no built-in one.

Then make an edition and each single letter of each newsletter, and look at them as facteur preflight does. The exit
code is 0 where nothing blocks. No database is opened and nothing is sent.`,
		Example: "  facteur template check\n  FACTEUR_TEMPLATES_DIR=own facteur template check --json",
		Args:    takes(),
		RunE: func(*cobra.Command, []string) error {
			cfg, err := s.settings()
			if err != nil {
				return err
			}
			letters, problems := app.CheckTemplates(cfg)
			if problems != nil {
				return badSettings(problems)
			}
			return s.showLetters(letters)
		},
	}
}

func (s *shell) showLetters(letters []app.SampleLetter) error {
	views, blocks, warns := make([]sampleView, len(letters)), 0, 0
	for i, l := range letters {
		views[i] = sampleView{l.Newsletter, l.Letter, viewFindings(l.Findings)}
		blocks, warns = blocks+len(preflight.Blocking(l.Findings)), warns+len(preflight.Warnings(l.Findings))
	}
	err := s.show(views, func(p *page) {
		switch better := count(warns, "thing could be better", "things could be better"); {
		case blocks > 0:
			p.say("LETTERS OF THESE TEMPLATES MAY NOT LEAVE: %s; %s.", count(blocks, "thing blocks", "things block"), better)
		case warns > 0:
			p.say("The templates are good; %s.", better)
		default:
			p.say("The templates are good: nothing to mend in %s.", count(len(letters), "letter", "letters"))
		}
		told := map[string]bool{}
		for _, v := range views {
			p.sampled(v, told)
		}
	})
	if err == nil && blocks > 0 {
		err = &answer{code: BadData, what: "letters of these templates may not leave", do: "mend what blocks them; facteur template show NAME prints the built-in one"}
	}
	return err
}

// sampled tells what is wrong with one letter, but for what was told of another: a template makes them all.
func (p *page) sampled(v sampleView, told map[string]bool) {
	var news []findingView
	for _, f := range v.Findings {
		if key := f.Rule + " " + f.What; !told[key] {
			told[key] = true
			news = append(news, f)
		}
	}
	if len(news) > 0 {
		p.say("\n%s, %s", v.Newsletter, v.Letter)
		p.findings(news)
	}
}
