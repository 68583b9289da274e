package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"facteur/internal/source"
)

// A picture beside its article is read with it; nothing outside of the folder is, whatever a path or a link says.
func TestReadFiles_picture(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "articles")
	if err := os.MkdirAll(filepath.Join(folder, "images"), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(dir, "secret"), "secret")
	write(filepath.Join(folder, "images", "a.jpg"), "photo")
	if err := os.Symlink(filepath.Join(dir, "secret"), filepath.Join(folder, "images", "link.jpg")); err != nil {
		t.Fatal(err)
	}
	for picture, want := range map[string]struct{ says, holds, address string }{
		"images/a.jpg":                {"", "photo", "images/a.jpg"},
		"https://example.org/a.jpg#x": {"", "", "https://example.org/a.jpg"},
		"":                            {"", "", ""},
		"images/link.jpg":             {"picture images/link.jpg: ", "", ""},
		"images/b.jpg":                {"picture images/b.jpg: no such file", "", ""},
		"images":                      {"picture images: ", "", ""},
		"example.org/a.jpg":           {"write an address with https://", "", ""},
		"../secret":                   {`a.md:4: picture "../secret" is not a web address`, "", ""},
		filepath.Join(dir, "secret"):  {"is not a web address", "", ""},
		"file://" + dir + "/secret":   {"is not a web address", "", ""},
		"javascript:alert(1)":         {"is not a web address", "", ""},
	} {
		path := filepath.Join(folder, "a.md")
		write(path, "---\ntitle: T\nurl: https://example.org/\npicture: '"+picture+"'\n---\n")
		files, err := source.ReadFiles(nil, path)
		if want.says != "" {
			if err == nil || !strings.Contains(err.Error(), want.says) || len(files) != 0 {
				t.Errorf("%q: %v, want %q", picture, err, want.says)
			}
			continue
		}
		if err != nil || string(files[0].Picture) != want.holds || files[0].Article.Picture != want.address {
			t.Errorf("%q: %+v, %v", picture, files, err)
		}
	}
}
