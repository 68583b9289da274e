package render_test

import (
	"io/fs"
	"strings"
	"testing"

	"facteur/data"
	"facteur/templates"
)

// All that readers see has one no-break space, U+00A0, as package typography sets it.
func TestOneNoBreakSpace(t *testing.T) {
	built, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	for name, files := range map[string]fs.FS{"templates": built, "data": data.Samples} {
		err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := fs.ReadFile(files, path)
			for _, narrow := range []string{"\u202f", `\u202f`, "&#8239;", "&#x202f;", "&nnbsp;"} {
				if strings.Contains(strings.ToLower(string(raw)), narrow) {
					t.Errorf("%s/%s holds a narrow no-break space", name, path)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
