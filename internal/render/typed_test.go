package render

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"facteur/internal/typed"
	"facteur/templates"
)

// Every field, method and string that a template names is there, in branches too that no sample takes, and the check has looked.
func TestTemplatesAreTyped(t *testing.T) {
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	r := &Renderer{}
	if r.html, err = parseHTML(files); err != nil {
		t.Fatal(err)
	}
	if r.text, err = parseText(files); err != nil {
		t.Fatal(err)
	}
	if r.catalogues, err = mailCatalogues(files); err != nil {
		t.Fatal(err)
	}
	for _, e := range r.entries() {
		c := &typed.Checker{Tree: e.tree, Says: r.says}
		for _, fault := range c.Check(e.name, reflect.TypeOf(e.view)) {
			t.Errorf("%s: %s", e.name, fault)
		}
		if c.Fields() < 10 {
			t.Errorf("%s: only %d fields were looked at", e.name, c.Fields())
		}
	}
}

// What an operator's template gets wrong is found in a branch that no letter of the samples takes, once, with its file and line.
func TestTemplatesAreTyped_canFail(t *testing.T) {
	for piece, want := range map[string]string{
		"{{if gt (len .Chapters) 9}}{{.Nope}}{{end}}":                              "edition.html.tmpl:1:29: .Nope: there is no Nope in *render.editionView",
		"{{range .Chapters}}{{if eq .Title \"y\"}}{{.Nope}}{{end}}{{end}}":         "there is no Nope in render.chapterView",
		"{{if false}}{{(index .Chapters 0).Nope}}{{end}}":                          "there is no Nope in render.chapterView",
		"{{if false}}{{.Say \"nope\"}}{{end}}":                                     `there is no string "nope" in strings/mail.fr.toml`,
		"{{if false}}{{template \"nowhere\" .}}{{end}}":                            `there is no template "nowhere"`,
		"{{if false}}{{range (slice .Chapters 1)}}{{.Stories.Nope}}{{end}}{{end}}": "there is no Nope in []render.storyView",
	} {
		_, err := New(ownEdition(t, piece), "")
		if err == nil || strings.Count(err.Error(), want) != 1 || !strings.Contains(err.Error(), "edition.html.tmpl:1:") {
			t.Errorf("%s: %v, want %q once", piece, err, want)
		}
	}
	for _, sound := range []string{"{{(index .Chapters 0).Title}}", "{{range (slice .Chapters 1)}}{{.Title}}{{end}}", "{{with or .Lead .Word}}{{.}}{{end}}"} {
		if _, err := New(ownEdition(t, "{{if false}}"+sound+"{{end}}"), ""); err != nil {
			t.Errorf("%s: %v", sound, err)
		}
	}
}

// ownEdition is the built-in files with a piece before the edition.
func ownEdition(t *testing.T, piece string) fs.FS {
	t.Helper()
	builtin, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	changed := fstest.MapFS{}
	err = fs.WalkDir(builtin, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(builtin, path)
		if path == "mail/"+editionHTML {
			text = append([]byte(piece), text...)
		}
		changed[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return changed
}
