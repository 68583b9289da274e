package extract_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/extract"
)

// Pages as programs for sites write them, and people by hand, become the articles that their readers see. Read a golden file as you would the
// article: nothing in it is said of the page, and nothing that is said in the article lacks.
func TestPage_programs(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("testdata", "pages", "*.html"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			data, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			a, err := extract.Page(address, address, data, "text/html; charset=utf-8", paris(), today())
			if err != nil {
				t.Fatal(err)
			}
			hold(t, page+".golden", written(a))
		})
	}
}

// hold compares what came with a golden file.
func hold(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: (-file +now)\n%s", golden, diff)
	}
}
