package render

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	templateparse "text/template/parse"

	"facteur/internal/typed"
)

// An entry is a template that a letter begins with.
type entry struct {
	name string
	view any
	tree func(name string) *templateparse.Tree
}

// entries are all there are. html/template rewrites its trees when it first executes one, so they are held against their views before.
func (r *Renderer) entries() []entry {
	html := func(name string) *templateparse.Tree {
		if t := r.html.Lookup(name); t != nil {
			return t.Tree
		}
		return nil
	}
	text := func(name string) *templateparse.Tree {
		if t := r.text.Lookup(name); t != nil {
			return t.Tree
		}
		return nil
	}
	return []entry{
		{editionHTML, &editionView{}, html}, {singleHTML, &singleView{}, html}, {editionText, &editionView{}, text}, {singleText, &singleView{}, text},
	}
}

// hold holds the templates against their views, in the branches too that no sample takes.
func (r *Renderer) hold() error {
	var faults []error
	told := map[string]bool{}
	for _, e := range r.entries() {
		c := &typed.Checker{Tree: e.tree, Says: r.says}
		for _, fault := range c.Check(e.name, reflect.TypeOf(e.view)) {
			place, _, _ := strings.Cut(fault.Error(), ": ")
			if !told[place] { // both kinds of letters share templates
				told[place] = true
				faults = append(faults, fault)
			}
		}
	}
	if faults != nil {
		return fmt.Errorf("letter templates: %w", errors.Join(faults...))
	}
	return nil
}

// says wants a string in every language.
func (r *Renderer) says(id string) error {
	var missing []error
	for _, lang := range r.languages() {
		if err := r.catalogues[lang].Has(id); err != nil {
			missing = append(missing, err)
		}
	}
	return errors.Join(missing...)
}
