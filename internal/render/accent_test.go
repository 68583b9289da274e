package render_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"facteur/internal/render"
	"facteur/templates"
)

func accented(t testing.TB, accent string, own map[string]string) (*render.Renderer, error) {
	t.Helper()
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	all := fstest.MapFS{}
	for _, pattern := range []string{"mail/*", "strings/*"} {
		names, err := fs.Glob(files, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(files, name)
			if err != nil {
				t.Fatal(err)
			}
			for old, new := range own {
				text = []byte(strings.ReplaceAll(string(text), old, new))
			}
			all[name] = &fstest.MapFile{Data: text}
		}
	}
	return render.New(all, accent)
}

func TestAccentIsEverywhere(t *testing.T) {
	r, err := accented(t, "#1F5A7A", nil)
	if err != nil {
		t.Fatal(err)
	}
	own := renderer(t).Accents()
	got := r.Accents()
	if got.Light != "#1f5a7a" || got.Dark == own.Dark || got.Template != own.Light {
		t.Errorf("accents are %+v", got)
	}
	parts, err := r.Edition(frame(t), content())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{own.Light, own.Dark} {
		if strings.Contains(parts.HTML, c) {
			t.Errorf("%s is still in the letter", c)
		}
	}
	for _, c := range []string{got.Light, got.Dark} {
		if !strings.Contains(parts.HTML, c) {
			t.Errorf("%s is not in the letter", c)
		}
	}
}

// Whatever the colour, a letter is made in which it is read, or it is refused with one that is taken.
func TestAccentIsReadOrRefused(t *testing.T) {
	grounds := map[string]string{}
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(files, "mail/tokens.html.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range colourToken.FindAllStringSubmatch(string(text), -1) {
		grounds[m[1]] = m[2]
	}
	for _, accent := range []string{"#000000", "#ffffff", "#808080", "#ff0000", "#00ff00", "#0000ff", "#ffff00", "#00ffff", "#1f5a7a", "#0b3d2e"} {
		r, err := accented(t, accent, nil)
		if faint, ok := errors.AsType[*render.FaintError](err); ok {
			r, err = accented(t, faint.Readable.String(), nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, on := range []string{"paper", "sheet", "tint", "on-accent"} {
			if got := contrast(t, r.Accents().Light[1:], grounds[on]); got < 4.5 {
				t.Errorf("%s has %.2f on %s", r.Accents().Light, got, on)
			}
			if got := contrast(t, r.Accents().Dark[1:], grounds["dark-"+on]); got < 4.5 {
				t.Errorf("in the dark %s has %.2f on %s", r.Accents().Dark, got, on)
			}
		}
	}
}

func TestFaintAccent(t *testing.T) {
	_, err := accented(t, "#ffcc00", nil)
	faint, ok := errors.AsType[*render.FaintError](err)
	if !ok {
		t.Fatalf("a yellow is %v", err)
	}
	for _, want := range []string{"#ffcc00", "1.3", "4.5", "paper", "#f4efe6", faint.Readable.String()} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
	// The operator's own paper counts.
	if _, err := accented(t, "#1f5a7a", map[string]string{"#f4efe6": "#5a6a70"}); err == nil || !strings.Contains(err.Error(), "#5a6a70") {
		t.Errorf("on a dark paper of the operator's a dark blue is %v", err)
	}
	for _, own := range []string{"grey", "#f4e", `{{upper "x"}}`} {
		if _, err := accented(t, "#1f5a7a", map[string]string{"#f4efe6": own}); err == nil {
			t.Errorf("paper is %s, and nothing is said", own)
		}
	}
	if _, err := accented(t, "blue", nil); err == nil {
		t.Error("blue is taken for six digits")
	}
}
