package render

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	texttemplate "text/template"
	templateparse "text/template/parse"

	"facteur/internal/typed"
	"facteur/templates"
)

// Every field, method and string that a template names is there, in branches too that no sample takes.
func TestTemplatesAreTyped(t *testing.T) {
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	catalogues, err := mailCatalogues(files)
	if err != nil {
		t.Fatal(err)
	}
	// Parsed anew: html/template rewrites its trees as it executes them.
	trees := func(pattern string) func(string) *templateparse.Tree {
		parsed, err := texttemplate.New("").Funcs(texttemplate.FuncMap{"outlook": outlook, "wrap": wrap, "upper": strings.ToUpper, "underline": underline}).ParseFS(files, pattern)
		if err != nil {
			t.Fatal(err)
		}
		return func(name string) *templateparse.Tree {
			if t := parsed.Lookup(name); t != nil {
				return t.Tree
			}
			return nil
		}
	}
	htmls, texts := trees("mail/*.html.tmpl"), trees("mail/*.txt.tmpl")
	for _, entry := range []struct {
		name string
		view any
		in   func(string) *templateparse.Tree
	}{
		{editionHTML, &editionView{}, htmls}, {editionText, &editionView{}, texts}, {singleHTML, &singleView{}, htmls}, {singleText, &singleView{}, texts},
	} {
		c := &typed.Checker{Tree: entry.in, Says: saidBy(catalogues)}
		for _, fault := range c.Check(entry.name, reflect.TypeOf(entry.view)) {
			t.Errorf("%s: %s", entry.name, fault)
		}
		if c.Fields() < 10 {
			t.Errorf("%s: only %d fields were looked at", entry.name, c.Fields())
		}
	}
}

// saidBy wants a string in every language.
func saidBy(catalogues map[string]*Catalogue) func(string) error {
	return func(id string) error {
		var missing error
		for _, c := range catalogues {
			missing = errors.Join(missing, c.Has(id))
		}
		return missing
	}
}
