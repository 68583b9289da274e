package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"

	"facteur/internal/newsletter"
	"facteur/internal/render"
)

// shell is what every page needs around its own content.
type shell struct {
	Lang        string
	Style, Icon string // addresses
	Wide        bool
	Letter      newsletter.Newsletter
}

func (s *site) shell(letter newsletter.Newsletter) shell {
	return shell{
		Lang:   letter.Language,
		Style:  s.assets.style,
		Icon:   s.assets.icon,
		Letter: letter,
	}
}

// pageNames are the files web/NAME.html.tmpl; each fills the layout's title and main.
func pageNames() []string {
	return []string{
		"form", "doubt", "received", "confirm", "renewed", "silenced", "snippet", "leave", "left", "over", "preferences", "manage", "erased", "move", "moved",
		"archive", "edition", "problem", "mailbox", "letter", "front", "article", "notice",
	}
}

// pages are the templates in one language.
type pages struct {
	strings   *render.Catalogue
	templates map[string]*template.Template
}

func loadPages(files fs.FS, lang string) (*pages, error) {
	catalogue, err := render.LoadCatalogue(files, "web", lang)
	if err != nil {
		return nil, err
	}
	p := &pages{strings: catalogue, templates: map[string]*template.Template{}}
	layout := template.New("layout.html.tmpl").Option("missingkey=error").Funcs(template.FuncMap{"t": catalogue.Text})
	for _, name := range pageNames() {
		page, err := template.Must(layout.Clone()).ParseFS(files, "web/layout.html.tmpl", "web/"+name+".html.tmpl")
		if err != nil {
			return nil, fmt.Errorf("template of the page %s: %w", name, err)
		}
		p.templates[name] = page
		if err := p.check(name); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// show answers with a page. Nothing is written if the page cannot be made.
func (s *site) show(w http.ResponseWriter, status int, name, lang string, page any) error {
	html, err := s.render(name, lang, page)
	if err != nil {
		return err
	}
	answer(w, status, lang, html)
	return nil
}

func (s *site) render(name, lang string, page any) ([]byte, error) {
	var html bytes.Buffer
	if err := s.pages[lang].templates[name].Execute(&html, page); err != nil {
		return nil, fmt.Errorf("make the page %s: %w", name, err)
	}
	return html.Bytes(), nil
}

// answer writes a page that is made.
func answer(w http.ResponseWriter, status int, lang string, html []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", lang)
	w.WriteHeader(status)
	_, _ = w.Write(html) // the client has gone: there is nobody to tell
}

// plain answers with a text for machines.
func plain(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the client has gone: there is nobody to tell
	return nil
}
