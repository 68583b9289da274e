package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"facteur/internal/address"
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

// A StrayTemplate is a file in the operator's folder that takes the place of no built-in one, and is not read.
type StrayTemplate struct {
	Path    string
	Nearest string // the built-in name that is most like it; empty: none is
}

func (s StrayTemplate) Error() string {
	return s.Path + " takes the place of no built-in file, and is not read"
}

// Hint says what to do.
func (s StrayTemplate) Hint() string {
	if s.Nearest == "" {
		return "facteur template show lists the names there are: give it one of them, or take it out of templates.dir"
	}
	return "give it the name " + s.Nearest + ", or take it out of templates.dir"
}

// strayTemplates finds what an operator wrote under a name that nothing reads. Hidden files are not looked at, nor files beside the folders of
// templates that do not look like one.
func strayTemplates(cfg *config.Config) ([]StrayTemplate, error) {
	if cfg.Templates.Dir == "" {
		return nil, nil
	}
	builtin, err := TemplateFiles(cfg)
	if err != nil {
		return nil, err
	}
	var names, folders, kinds []string
	for _, f := range builtin {
		names, folders, kinds = append(names, f.Name), append(folders, path.Dir(f.Name)), append(kinds, path.Ext(f.Name))
	}
	var stray []StrayTemplate
	err = fs.WalkDir(os.DirFS(cfg.Templates.Dir), ".", func(name string, entry fs.DirEntry, err error) error {
		switch hidden := name != "." && strings.HasPrefix(path.Base(name), "."); {
		case err != nil:
			return err
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden, entry.IsDir(), slices.Contains(names, name), slices.Contains(folders, name): // the last is a link to a folder
			return nil
		}
		if folder, _, _ := strings.Cut(name, "/"); slices.Contains(folders, folder) || slices.Contains(kinds, path.Ext(name)) {
			stray = append(stray, StrayTemplate{filepath.Join(cfg.Templates.Dir, filepath.FromSlash(name)), nearest(name, names)})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("templates folder: %w", err)
	}
	return stray, nil
}

// nearest is the name that takes the fewest slips to be written as another, and no more than three.
func nearest(written string, names []string) string {
	best, fewest := "", 4
	for _, name := range names {
		if n := address.Slips([]rune(written), []rune(name)); n < fewest {
			best, fewest = name, n
		}
	}
	return best
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
// problems are templates that cannot be executed and files that nothing reads; there is nothing to look at then.
func CheckTemplates(cfg *config.Config) ([]SampleLetter, []error) {
	all := newsletters(cfg)
	problems := checkTemplates(cfg, all)
	stray, err := strayTemplates(cfg)
	if err != nil {
		problems = append(problems, err)
	}
	for _, one := range stray {
		problems = append(problems, one)
	}
	if problems != nil {
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
			return nil, []error{located(cfg.Templates.Dir, err)}
		}
		looked = append(looked, some...)
	}
	return looked, nil
}

// samples looks at an edition of the articles that come with the program, with all that an edition may have, and at each single letter.
func (l letters) samples(n newsletter.Newsletter) ([]SampleLetter, error) {
	c, err := sampleContent(n)
	if err != nil {
		return nil, err
	}
	edition, _, err := l.edition(n, c)
	if err != nil {
		return nil, fmt.Errorf("the letters of %s cannot be made: %w", n.Name, err)
	}
	findings, err := l.Inspect(n, edition, preflight.Letter{Content: c, Preheader: c.Preheader})
	if err != nil {
		return nil, err
	}
	findings = slices.DeleteFunc(findings, func(f preflight.Finding) bool { return f.Rule == "articles-beyond" }) // the sample is cut on purpose
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
	articles, err := samples(firstSamples)
	if err != nil {
		return newsletter.Content{}, err
	}
	const each = 2 // stories of a section
	var stories []newsletter.Story
	for i, a := range articles[:min(1+each*len(n.Sections), len(articles))] {
		stories = append(stories, newsletter.Story{
			Article: int64(i + 1), URL: a.URL, Title: a.Title, Summary: render.Chapo(a.Title, a.Body), Language: sampleLanguage, Words: render.Words(a.Body),
		})
	}
	lead, rest := stories[0], stories[1:]
	lead.Picture = &newsletter.Picture{Name: strings.Repeat("0", 32) + ".jpg", Width: 1200, Height: 800, Alt: "Une image"}
	c := newsletter.Content{
		Number: 1, Date: time.Date(2026, time.January, 5, 7, 0, 0, 0, time.UTC), Beyond: 1,
		Word:    &newsletter.Word{By: "La rédaction", Text: "Bonjour,\n\nvoici **le mot** de la semaine\u00a0: [tous les numéros](https://lettre.example/archives)."},
		Subject: digest.Subject(lead.Title, sampleLanguage), Preheader: render.Line(rest[0].Title, sampleLanguage), Lead: &lead,
		Sponsor: &newsletter.Sponsor{For: "Librairie des Tanneurs", Text: "Dix essais pour comprendre l’IA\u00a0: [la sélection de nos libraires](https://librairie.example/essais)."},
	}
	for i, section := range n.Sections {
		count := min(each, len(rest)-each*i)
		if count <= 0 {
			break
		}
		c.Chapters = append(c.Chapters, newsletter.Chapter{Name: section.Name, Title: section.Title, Brief: section.Brief, Stories: rest[each*i : each*i+count]})
	}
	return c, nil
}

// sampleLanguage is the one that the sample articles are written in.
const sampleLanguage = "fr"

// tellFlaws says in the log what is wrong with the letters that the templates in force make. It ends nothing: the pages, on which
// readers leave, are needed all the same, and an edition that would harm its readers is held back by itself.
func (a *App) tellFlaws(ctx context.Context) error {
	stray, err := strayTemplates(a.Config)
	if err != nil {
		return err
	}
	for _, one := range stray {
		a.options.Log.WarnContext(ctx, one.Error(), "do", one.Hint())
	}
	for _, n := range a.Newsletters {
		letters, err := a.letters.samples(n)
		if err != nil {
			return located(a.Config.Templates.Dir, err)
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

// A BadTemplate is what is wrong with the templates in force.
type BadTemplate struct {
	what  string // each fault on a line of its own, with the operator's own file
	own   bool   // some are the operator's
	cause error
}

func (b *BadTemplate) Error() string { return b.what }

func (b *BadTemplate) Unwrap() error { return b.cause }

// Hint says what to do.
func (b *BadTemplate) Hint() string {
	if !b.own {
		return "correct the setting it names"
	}
	return "correct the file it names, or leave templates.dir empty for the built-in templates"
}

// ofTemplate is how errors name the file of a template or of strings, and the line where they know it.
var ofTemplate = regexp.MustCompile(`([\w.-]+\.(?:tmpl|toml))(?::(\d+))?`)

// located puts the operator's own file and its line before each line of an error that templates brought. What says itself what to do,
// or that a file cannot be read, stays as it is.
func located(dir string, err error) error {
	_, hints := errors.AsType[interface {
		error
		Hint() string
	}](err)
	if _, ofFile := errors.AsType[*fs.PathError](err); err == nil || hints || ofFile {
		return err
	}
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		lines[i] = ownPlace(dir, line) + line
	}
	return &BadTemplate{what: strings.Join(lines, "\n"), own: dir != "", cause: err}
}

// ownPlace is the file of the operator's that a line of an error names, ready to stand before it; empty if it names none.
func ownPlace(dir, line string) string {
	folders := []string{"mail", "strings", "web"}
	if strings.Contains(line, "template of the page") { // some names are both a letter's and a page's
		slices.Reverse(folders)
	}
	for _, found := range ofTemplate.FindAllStringSubmatch(line, -1) {
		for _, folder := range folders {
			if !isOwn(dir, folder+"/"+found[1]) {
				continue
			}
			if found[2] == "" {
				return filepath.Join(dir, folder, found[1]) + ": "
			}
			return filepath.Join(dir, folder, found[1]) + ", line " + found[2] + ": "
		}
	}
	return ""
}
