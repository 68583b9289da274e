package typed_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"text/template"
	"text/template/parse"

	"facteur/internal/typed"
)

type base struct{ Lang string }

func (base) Say(string) (string, error) { return "", nil }

type story struct {
	base
	Title  string
	Lead   *story
	Marks  map[string]story
	hidden string //nolint:unused // templates cannot see it
}

type view struct {
	base
	Subject string
	Lead    *story
	Stories []story
}

func check(t *testing.T, source string) []error {
	t.Helper()
	functions := template.FuncMap{"t": func(...any) string { return "" }}
	parsed, err := template.New("a.tmpl").Funcs(functions).Parse(source)
	if err != nil {
		t.Fatal(err)
	}
	c := typed.Checker{
		Tree: func(name string) *parse.Tree {
			if t := parsed.Lookup(name); t != nil {
				return t.Tree
			}
			return nil
		},
		Says: func(id string) error {
			if id == "there" {
				return nil
			}
			return errors.New("there is no string " + id)
		},
	}
	return c.Check("a.tmpl", reflect.TypeFor[view]())
}

func TestCheck(t *testing.T) {
	for source, want := range map[string]string{
		"\n{{if false}}{{.Nope}}{{end}}":                                    "a.tmpl:2:14: .Nope: there is no Nope in typed_test.view",
		`{{with .Lead}}{{if .Lang}}{{.Subject}}{{end}}{{end}}`:              "no Subject in *typed_test.story",
		`{{range .Stories}}{{.Name}}{{end}}`:                                "no Name in typed_test.story",
		`{{range $i, $s := .Stories}}{{$s.Name}}{{end}}`:                    "no Name in typed_test.story",
		`{{with .Lead}}{{$.Subject}}{{$.Title}}{{end}}`:                     "no Title",
		`{{with $x := .Lead}}{{$x.Stories}}{{end}}`:                         "no Stories",
		`{{with .Lead}}{{.hidden}}{{end}}`:                                  "no hidden",
		`{{with .Lead}}{{with .Marks.a}}{{.Nope}}{{end}}{{end}}`:            "no Nope in typed_test.story",
		`{{if false}}{{.Say "nope"}}{{else}}{{t "there" .}}{{end}}`:         "a.tmpl:1:19: there is no string nope",
		`{{with .Lead}}{{t "nope" $}}{{end}}`:                               "there is no string nope",
		`{{template "b" .Lead}}{{define "b"}}{{.Title}}{{.Subject}}{{end}}`: "no Subject",
		`{{template "nowhere" .}}`:                                          `a.tmpl:1:11: there is no template "nowhere"`,
		`{{printf "%s" (.Subject.Nope)}}`:                                   "no Nope in string",
		`{{if and .Subject (eq .Lead.Nope "x")}}{{end}}`:                    "no Nope",
		`{{(index .Stories 0).Nope}}`:                                       "no Nope in typed_test.story",
		`{{with or .Lead .Lead}}{{.Nope}}{{end}}`:                           "no Nope in *typed_test.story",
		`{{range slice .Stories 1}}{{.Nope}}{{end}}`:                        "no Nope in typed_test.story",
	} {
		faults := check(t, source)
		if len(faults) != 1 || !strings.Contains(faults[0].Error(), want) {
			t.Errorf("%s: faults %q, want one about %q", source, faults, want)
		}
	}
	if faults := check(t, `{{.Say "there"}}{{with .Lead}}{{.Lang}}{{with .Lead}}{{.Title}}{{end}}{{else}}{{.Subject}}{{end}}{{range $i, $s := .Stories}}{{$i}}{{$s.Title}}{{end}}{{with or .Lead .Stories}}{{.Title}}{{end}}{{(index .Stories 0).Title}}`); faults != nil {
		t.Errorf("a sound template has the faults %q", faults)
	}
}
