package app

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
	"facteur/templates"
)

// ownFolder is a templates folder with one file changed.
func ownFolder(t *testing.T, name string, change func(string) string) string {
	t.Helper()
	builtin, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(builtin, name)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(change(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(filepath.Dir(path))
}

func settings(t *testing.T, environ ...string) *config.Config {
	t.Helper()
	cfg, err := config.Load(config.Options{Data: t.TempDir(), Environ: environ})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// The built-in templates make letters without a flaw in each language that they have strings for.
func TestCheckTemplates(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		letters, problems := CheckTemplates(settings(t, "FACTEUR_NEWSLETTERS_HEBDO_LANGUAGE="+lang))
		if problems != nil || len(letters) != 1+len(newsletter.LetterKinds()) {
			t.Fatalf("%s: %d letters, %v", lang, len(letters), problems)
		}
		for _, l := range letters {
			if len(l.Findings) > 0 {
				t.Errorf("%s, %s: %+v", lang, l.Letter, l.Findings)
			}
		}
	}
}

// What harms readers is found in every template of the letters, whatever an edition has to have for it to be read.
func TestCheckTemplates_readsThemAll(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"mail/word.html.tmpl": func(s string) string {
			return strings.Replace(s, "{{template \"heading\"", "<script>x()</script>{{template \"heading\"", 1)
		},
		"mail/story.html.tmpl":   func(s string) string { return strings.ReplaceAll(s, "<img ", "<img onerror=\"x()\" ") },
		"mail/edition.html.tmpl": func(s string) string { return strings.Replace(s, "{{template \"more\" $}}", "<script>x()</script>", 1) },
	} {
		letters, problems := CheckTemplates(settings(t, "FACTEUR_TEMPLATES_DIR="+ownFolder(t, name, change)))
		if problems != nil || len(letters) == 0 || len(preflight.Blocking(letters[0].Findings)) == 0 {
			t.Errorf("%s: nothing blocks: %v, %+v", name, problems, letters)
		}
	}
}

// A start says in the log what would harm readers, and goes on.
func TestTellFlaws(t *testing.T) {
	dir := ownFolder(t, "mail/tokens.html.tmpl", func(text string) string { return strings.Replace(text, "#27221d", "#eeeeee", 1) })
	var log strings.Builder
	a, err := Open(t.Context(), settings(t, "FACTEUR_TEMPLATES_DIR="+dir), Options{Create: true, Poll: -1, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if err := a.tellFlaws(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"level=ERROR", "no edition leaves so: in the light #eeeeee on #fffdf9", "letter=edition", "letter=welcome", "rule=contrast"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log.String())
		}
	}
}

// An error of one's own template names its path and line, whichever way it is wrong.
func TestTemplateErrorsAreLocated(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"mail/footer.html.tmpl": func(s string) string { return strings.Replace(s, "{{with .Leave}}", "{{with .Nope}}", 1) + "\n{{end}}" },
		"mail/story.html.tmpl":  func(s string) string { return strings.Replace(s, ".ReadOn", ".ReadOff", 1) },
		"mail/single.txt.tmpl":  func(s string) string { return strings.Replace(s, ".Button", ".Knob", 1) },
		"web/leave.html.tmpl":   func(s string) string { return strings.Replace(s, "{{.Value}}", "{{.Worth}}", 1) },
		"strings/mail.en.toml":  func(s string) string { return "\n\nx = \n" + s },
		"web/front.html.tmpl":   func(s string) string { return "\n{{if}}" + s },
	} {
		dir := ownFolder(t, name, change)
		_, problems := CheckTemplates(settings(t, "FACTEUR_TEMPLATES_DIR="+dir))
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Error(), filepath.Join(dir, name)+", line ") {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

// A file of strings from which one is missing is named by its path; so is the right one of two files of one name.
func TestTemplateErrorsAreLocated_withoutALine(t *testing.T) {
	dir := ownFolder(t, "strings/mail.fr.toml", func(s string) string { return strings.Replace(s, "\nwhy ", "\nwhy_not ", 1) })
	_, problems := CheckTemplates(settings(t, "FACTEUR_TEMPLATES_DIR="+dir))
	if len(problems) != 1 || !strings.HasPrefix(problems[0].Error(), filepath.Join(dir, "strings", "mail.fr.toml")+": ") || !strings.Contains(problems[0].Error(), `"why"`) {
		t.Errorf("%v", problems)
	}

	dir = ownFolder(t, "web/edition.html.tmpl", func(s string) string { return "\n{{if}}" + s })
	if err := os.Mkdir(filepath.Join(dir, "mail"), 0o700); err != nil {
		t.Fatal(err)
	}
	text, err := BuiltinTemplate("mail/edition.html.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "mail", "edition.html.tmpl"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	_, problems = CheckTemplates(settings(t, "FACTEUR_TEMPLATES_DIR="+dir))
	if len(problems) != 1 || !strings.HasPrefix(problems[0].Error(), filepath.Join(dir, "web", "edition.html.tmpl")+", line 2: ") {
		t.Errorf("%v", problems)
	}
}

// A file that nothing reads is named, by template check and at a start; what only looks like one is not.
func TestStrayTemplates(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"mail/foter.html.tmpl", "mails/story.html.tmpl", "strings/mail.de.toml", "mail/story.html.tmpl~", "edition.html.tmpl",
		"README.md", ".git/mail/x.tmpl", "mail/.swap", "docs/notes.md", "strings/.keep",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg := settings(t, "FACTEUR_TEMPLATES_DIR="+dir)
	want := map[string]string{
		"mail/foter.html.tmpl": "the name mail/footer.html.tmpl", "mails/story.html.tmpl": "the name mail/story.html.tmpl", "strings/mail.de.toml": "the name strings/mail.",
		"mail/story.html.tmpl~": "the name mail/story.html.tmpl", "edition.html.tmpl": "facteur template show",
	}
	_, problems := CheckTemplates(cfg)
	if len(problems) != len(want) {
		t.Errorf("%v", problems)
	}
	for name, hint := range want {
		found := slices.IndexFunc(problems, func(err error) bool {
			return strings.HasPrefix(err.Error(), filepath.Join(dir, filepath.FromSlash(name))+" takes the place of no built-in file")
		})
		if found < 0 {
			t.Errorf("%s is not among %v", name, problems)
		} else if stray, ok := errors.AsType[StrayTemplate](problems[found]); !ok || !strings.Contains(stray.Hint(), hint) {
			t.Errorf("%s: do %q, want %q", name, stray.Hint(), hint)
		}
	}

	var log strings.Builder
	a, err := Open(t.Context(), cfg, Options{Create: true, Poll: -1, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if err := a.tellFlaws(t.Context()); err != nil || strings.Count(log.String(), "takes the place of no built-in file") != len(want) {
		t.Errorf("%v\n%s", err, log.String())
	}
}
