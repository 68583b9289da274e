package web

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"facteur/templates"
)

// Every page has a view, and each field and string that it names is there, in every language.
func TestPagesAreTyped(t *testing.T) {
	if len(views()) != len(pageNames()) {
		t.Errorf("%d views for %d pages", len(views()), len(pageNames()))
	}
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"fr", "en"} {
		if _, err := loadPages(files, lang); err != nil {
			t.Error(err)
		}
	}
}

// What an operator's page gets wrong is found in every branch, and told with its file and line.
func TestPagesAreTyped_canFail(t *testing.T) {
	for _, name := range pageNames() {
		for piece, want := range map[string]string{
			"{{if false}}{{.Nope}}{{end}}":         "there is no Nope in web.",
			`{{if false}}{{t "nope" .}}{{end}}`:    `there is no string "nope" in strings/web.fr.toml`,
			`{{template "nowhere" .}}`:             `there is no template "nowhere"`,
			`<script>var a = {{if .Lang}}"{{end}}`: name + ".html.tmpl:",
		} {
			main := "main"
			if name == "snippet" {
				main = name
			}
			_, err := loadPages(withPiece(t, name, main, "\n"+piece), "fr")
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name+".html.tmpl:") {
				t.Errorf("%s with %s: %v", name, piece, err)
			}
		}
	}
}

// withPiece is the built-in files, one page with a piece at the beginning of a template.
func withPiece(t *testing.T, page, in, piece string) fs.FS {
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
		if path == "web/"+page+".html.tmpl" {
			begin := `{{define "` + in + `"}}`
			if !strings.Contains(string(text), begin) {
				t.Fatalf("%s defines no %s", path, in)
			}
			text = []byte(strings.Replace(string(text), begin, begin+piece, 1))
		}
		changed[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return changed
}
