package render

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	texttemplate "text/template"

	"facteur/internal/newsletter"
)

// A Frame is what a letter says besides its content.
type Frame struct {
	Newsletter newsletter.Newsletter
	WebURL     string // base address of the public pages, such as "https://lettre.pandia.example"
}

// Parts are a letter's texts, the same for all readers, with placeholders where something of a reader's own will stand.
type Parts struct {
	Subject   string
	Preheader string
	HTML      string
	Text      string
}

// A Renderer holds the templates and strings of the letters. It does not change after [New], so goroutines share it.
type Renderer struct {
	html       *htmltemplate.Template
	text       *texttemplate.Template
	catalogues map[string]*Catalogue // by language
	accents    Accents
}

const (
	editionHTML = "edition.html.tmpl"
	editionText = "edition.txt.tmpl"
)

// New reads mail/*.tmpl and strings/mail.*.toml, holds every branch of the templates against what fills them, and tries them on full
// and on empty letters. So a template of an operator that cannot work is told of at the start, with its file and line. An accent, such as "#a23d26",
// takes the place of the templates' own; one that could not be read is a [FaintError].
func New(files fs.FS, accent string) (*Renderer, error) {
	html, err := parseHTML(files)
	if err != nil {
		return nil, fmt.Errorf("letter templates: %w", err)
	}
	accents, err := redressed(html, accent)
	if err != nil {
		return nil, err
	}
	text, err := parseText(files)
	if err != nil {
		return nil, fmt.Errorf("letter templates: %w", err)
	}
	catalogues, err := mailCatalogues(files)
	if err != nil {
		return nil, err
	}
	r := &Renderer{html: html, text: text, catalogues: catalogues, accents: accents}
	if err := r.hold(); err != nil {
		return nil, err
	}
	if err := r.try(); err != nil {
		return nil, err
	}
	return r, nil
}

func parseHTML(files fs.FS) (*htmltemplate.Template, error) {
	return htmltemplate.New("mail").Option("missingkey=error").Funcs(htmltemplate.FuncMap{"outlook": outlook}).ParseFS(files, "mail/*.html.tmpl")
}

func parseText(files fs.FS) (*texttemplate.Template, error) {
	return texttemplate.New("mail").Option("missingkey=error").
		Funcs(texttemplate.FuncMap{"wrap": wrap, "upper": strings.ToUpper, "underline": underline}).ParseFS(files, "mail/*.txt.tmpl")
}

// Accents are the colours that the pages share with the letters.
func (r *Renderer) Accents() Accents { return r.accents }

// Edition gives the texts of an edition. It fails if there are no strings in the newsletter's language.
func (r *Renderer) Edition(f Frame, c newsletter.Content) (Parts, error) {
	view, err := r.editionView(f, c)
	if err != nil {
		return Parts{}, fmt.Errorf("render n° %d: %w", c.Number, err)
	}
	parts := Parts{Subject: view.Subject, Preheader: view.Preheader}
	if parts.HTML, err = execute(r.html, editionHTML, view); err != nil {
		return Parts{}, err
	}
	if parts.Text, err = execute(r.text, editionText, view); err != nil {
		return Parts{}, err
	}
	return parts, nil
}

// Numbered is what stands behind the subject of an edition where an earlier one had the same.
func (r *Renderer) Numbered(n newsletter.Newsletter, number int) (string, error) {
	b, err := r.builder(n)
	if err != nil {
		return "", err
	}
	mark := b.text("numbered", map[string]any{"Number": number})
	return mark, b.err
}

type executor interface {
	ExecuteTemplate(w io.Writer, name string, data any) error
}

func execute(t executor, name string, view any) (string, error) {
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, name, view); err != nil {
		return "", fmt.Errorf("letter templates: %w", err)
	}
	return tidy(out.String()), nil
}

// outlook hides markup from every mail program but the Outlook that draws with Word, which needs a table of fixed
// width around a fluid one. Only templates call it, with markup of their own.
func outlook(markup string) htmltemplate.HTML {
	return htmltemplate.HTML("<!--[if mso]>" + markup + "<![endif]-->") //nolint:gosec // never an article's text
}

func mailCatalogues(files fs.FS) (map[string]*Catalogue, error) {
	names, err := fs.Glob(files, "strings/mail.*.toml")
	if err != nil {
		return nil, fmt.Errorf("letter strings: %w", err)
	}
	catalogues := make(map[string]*Catalogue)
	for _, name := range names {
		lang := strings.TrimSuffix(strings.TrimPrefix(path.Base(name), "mail."), ".toml")
		if catalogues[lang], err = LoadCatalogue(files, "mail", lang); err != nil {
			return nil, err
		}
	}
	return catalogues, nil
}
