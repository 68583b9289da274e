package app

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"facteur/internal/config"
	"facteur/internal/digest"
	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
	"facteur/internal/render"
	"facteur/templates"
)

// A TemplateFile is one of the files from which letters and pages are made.
type TemplateFile struct {
	Name string // below the templates folder, such as "mail/edition.html.tmpl"
	Own  bool   // the operator's folder has one of its own
}

// TemplateFiles lists the built-in files, those first that letters are made from.
func TemplateFiles(cfg *config.Config) ([]TemplateFile, error) {
	builtin, err := templates.Open("")
	if err != nil {
		return nil, err
	}
	var all []TemplateFile
	for _, folder := range []string{"mail", "strings", "web"} {
		err := fs.WalkDir(builtin, folder, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				all = append(all, TemplateFile{Name: name, Own: isOwn(cfg.Templates.Dir, name)})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func isOwn(dir, name string) bool {
	if dir == "" {
		return false
	}
	about, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil && about.Mode().IsRegular()
}

// BuiltinTemplate is a built-in file, whatever the operator's folder has; fs.ErrNotExist if there is none of the name.
func BuiltinTemplate(name string) ([]byte, error) {
	builtin, err := templates.Open("")
	if err != nil {
		return nil, err
	}
	return fs.ReadFile(builtin, name)
}

// A SampleLetter is what preflight found in one letter made of samples.
type SampleLetter struct {
	Newsletter string
	Letter     string // "edition", or which single letter
	Findings   []preflight.Finding
}

// CheckTemplates executes every template on samples and looks at each letter of each newsletter. It opens no database. The
// problems are those of templates that cannot be executed; there is nothing to look at then.
func CheckTemplates(cfg *config.Config) ([]SampleLetter, []error) {
	all := newsletters(cfg)
	if problems := checkTemplates(cfg, all); problems != nil {
		return nil, problems
	}
	files, err := templates.Open(cfg.Templates.Dir)
	if err != nil {
		return nil, []error{err}
	}
	renderer, err := rendering(cfg, files)
	if err != nil {
		return nil, []error{err}
	}
	var looked []SampleLetter
	for _, n := range all {
		some, err := newLetters(renderer, cfg).samples(n)
		if err != nil {
			return nil, []error{err}
		}
		looked = append(looked, some...)
	}
	return looked, nil
}

// samples looks at an edition of the articles that come with the program, and at each single letter.
func (l letters) samples(n newsletter.Newsletter) ([]SampleLetter, error) {
	c, err := sampleContent(n)
	if err != nil {
		return nil, err
	}
	r, err := l.Render(n, c)
	if err != nil {
		return nil, fmt.Errorf("the letters of %s cannot be made: %w", n.Name, err)
	}
	c.Beyond = r.Beyond
	findings, err := l.Inspect(n, r.Letter, preflight.Letter{Content: c, Preheader: c.Preheader})
	if err != nil {
		return nil, err
	}
	all := []SampleLetter{{n.Name, "edition", findings}}
	for _, kind := range newsletter.LetterKinds() {
		parts, err := l.renderer.Single(kind, []newsletter.Newsletter{n}, l.terms)
		if err != nil {
			return nil, fmt.Errorf("the letter %q of %s cannot be made: %w", kind, n.Name, err)
		}
		findings, err := look(letter.Frame{Newsletter: n, Single: kind, WebURL: l.terms.WebURL},
			newsletter.Variant{Kind: newsletter.KindLetter, Subject: parts.Subject, HTML: parts.HTML, Text: parts.Text}, preflight.Letter{Preheader: parts.Preheader})
		if err != nil {
			return nil, fmt.Errorf("the letter %q of %s cannot be made: %w", kind, n.Name, err)
		}
		all = append(all, SampleLetter{n.Name, string(kind), findings})
	}
	return all, nil
}

// sampleContent is an edition of the sample articles, spread over the newsletter's sections.
func sampleContent(n newsletter.Newsletter) (newsletter.Content, error) {
	articles, err := samples()
	if err != nil {
		return newsletter.Content{}, err
	}
	var stories []newsletter.Story
	for i, a := range articles {
		stories = append(stories, newsletter.Story{
			Article: int64(i + 1), URL: a.URL, Title: a.Title, Summary: render.Chapo(a.Title, a.Body), Language: sampleLanguage, Words: render.Words(a.Body),
		})
	}
	lead, rest := stories[0], stories[1:]
	c := newsletter.Content{
		Number: 1, Date: articles[0].Published, Subject: digest.Subject(lead.Title, sampleLanguage), Preheader: render.Line(rest[0].Title, sampleLanguage), Lead: &lead,
		Sponsor: &newsletter.Sponsor{For: "Librairie des Tanneurs", Text: "Dix essais pour comprendre l’IA\u00a0: [la sélection de nos libraires](https://librairie.example/essais)."},
	}
	for i, section := range n.Sections {
		count := min(2, len(rest)-2*i)
		if count <= 0 {
			break
		}
		c.Chapters = append(c.Chapters, newsletter.Chapter{Name: section.Name, Title: section.Title, Stories: rest[2*i : 2*i+count]})
	}
	return c, nil
}

// sampleLanguage is the one that the sample articles are written in.
const sampleLanguage = "fr"

// tellFlaws says in the log what is wrong with the letters that the templates in force make. It ends nothing: the pages, on which
// readers leave, are needed all the same, and an edition that would harm its readers is held back by itself.
func (a *App) tellFlaws(ctx context.Context) error {
	for _, n := range a.Newsletters {
		letters, err := a.letters.samples(n)
		if err != nil {
			return err
		}
		for _, one := range letters {
			for _, f := range one.Findings {
				tell, what := a.options.Log.WarnContext, "letters have a flaw: "
				if f.Severity == preflight.Blocks {
					tell, what = a.options.Log.ErrorContext, "letters would harm their readers, and no edition leaves so: "
				}
				tell(ctx, what+f.What, "newsletter", one.Newsletter, "letter", one.Letter, "rule", f.Rule, "where", f.Place.String(), "do", f.Cure)
			}
		}
	}
	return nil
}

// ofTemplate is how errors name the file of a template or of strings, and the line.
var ofTemplate = regexp.MustCompile(`([\w.-]+\.tmpl|[\w.-]+\.toml):(\d+)`)

// located puts the operator's own file and its line before an error of a template.
func located(dir string, err error) error {
	found := ofTemplate.FindStringSubmatch(err.Error())
	if dir == "" || found == nil {
		return err
	}
	for _, folder := range []string{"mail", "strings", "web"} {
		if isOwn(dir, folder+"/"+found[1]) {
			return fmt.Errorf("%s, line %s: %w", filepath.Join(dir, folder, found[1]), found[2], err)
		}
	}
	return err
}
