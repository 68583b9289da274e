package web

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"text/template/parse"

	"facteur/internal/typed"
)

// views are what fills the pages, by their names.
func views() map[string]any {
	return map[string]any{
		"form": formPage{}, "doubt": formPage{}, "received": formPage{}, "confirm": confirmPage{}, "renewed": confirmPage{}, "silenced": confirmPage{},
		"snippet": snippetPage{}, "leave": leavePage{}, "left": leftPage{}, "over": overPage{}, "preferences": preferencesPage{}, "manage": managePage{},
		"erased": erasedPage{}, "move": movePage{}, "moved": movedPage{}, "archive": archivePage{}, "edition": editionPage{}, "problem": problemPage{},
		"mailbox": mailboxPage{}, "letter": letterPage{}, "front": frontPage{}, "article": articlePage{}, "notice": noticePage{},
	}
}

// check holds a page against its view, in the branches too that few readers meet, and has html/template find out how each value is
// escaped, which it does with the first page that it makes.
func (p *pages) check(name string) error {
	page, view := p.templates[name], views()[name]
	root := page.Name()
	if name == "snippet" {
		root = name // a piece of text, which no layout is around
	}
	if faults := p.checker(page).Check(root, reflect.TypeOf(view)); faults != nil {
		return fmt.Errorf("template of the page %s: %w", name, errors.Join(faults...))
	}
	err := page.ExecuteTemplate(io.Discard, root, view)
	if escaping, ok := errors.AsType[*template.Error](err); ok {
		return fmt.Errorf("template of the page %s: %w", name, escaping)
	}
	return nil // a view that holds nothing may lack a string that each real one names
}

func (p *pages) checker(page *template.Template) *typed.Checker {
	return &typed.Checker{
		Tree: func(name string) *parse.Tree {
			if t := page.Lookup(name); t != nil {
				return t.Tree
			}
			return nil
		},
		Says: p.strings.Has,
	}
}
