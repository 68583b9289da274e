package app_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"facteur/internal/app"
	"facteur/internal/collect"
	"facteur/internal/config"
)

var runs = regexp.MustCompile(`(?i)<script|<iframe|<svg|\son[a-z]+\s*=|(href|src)="?\s*(javascript|data):`)

// Whatever articles bring, the letter is sound, and the editor is told which of them lost something or was refused.
func TestHostileArticles(t *testing.T) {
	cfg, err := config.Load(config.Options{Data: filepath.Join(t.TempDir(), "data")})
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), cfg, app.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	tall := strings.Repeat("Été. ", 650_000) // over 4 MB
	rows := map[string]collect.Row{
		"script":   {Title: "<script>alert(1)</script> vu", Summary: "Avant <script>alert(1)</script> après"},
		"handler":  {Title: "Un <b onmouseover=alert(1)>titre", Summary: "<img src=x onerror=alert(1)> Texte"},
		"link":     {Title: "Lien", Body: "Voir [ici](javascript:alert(1)) et <a href=\"javascript:alert(2)\">là</a>."},
		"unclosed": {Title: "Ouvert", Summary: "<div><p>Un <em>mot <a href=\"x"},
		"marks":    {Title: "\u202eEttoc\u202c \u200f", Summary: "À l’envers \u202e! \u2066x"},
		"emoji":    {Title: "Famille 👨‍👩‍👧 et drapeau 🏴󠁧󠁢󠁥󠁮󠁧󠁿", Summary: "🎉"},
		"tall":     {Title: "Long", Body: tall},
		"summary":  {Title: "Long résumé", Summary: strings.Repeat("x ", 3000)},
		"nul":      {Title: "Nul \x00 ici"},
		"broken":   {Title: "Mal \xff codé"},
	}
	var offered []collect.Row
	for name, r := range rows {
		r.URL = "https://pandia.example/" + name
		offered = append(offered, r)
	}
	if err := a.Store.InboxAdd(t.Context(), offered); err != nil {
		t.Fatal(err)
	}
	r, err := a.Desk.Publish(t.Context(), a.Newsletters[0])
	if err != nil || !r.Published() {
		t.Fatalf("%v %s", err, r.Reason)
	}
	told := strings.Join(r.Edition.Content.LeftOut(), "\n")
	for _, name := range []string{"<script>", "onerror", "a link that is no address", "characters that nobody sees"} {
		if !strings.Contains(told, name) {
			t.Errorf("nobody is told of %s:\n%s", name, told)
		}
	}
	for _, s := range r.Edition.Content.Stories() {
		if name := strings.TrimPrefix(s.URL, "https://pandia.example/"); name == "nul" || name == "broken" || name == "tall" || name == "summary" {
			t.Errorf("%s is in the edition", name)
		}
	}
	v, err := a.Store.ArchiveText(t.Context(), r.Edition.Ref())
	if err != nil {
		t.Fatal(err)
	}
	inTags := regexp.MustCompile(`<[a-zA-Z][^>]*>`).FindAllString(v.HTML, -1)
	if bad := runs.FindString(strings.Join(inTags, "\n")); bad != "" {
		t.Errorf("the letter has %q", bad)
	}
	for part, text := range map[string]string{"HTML": v.HTML, "text": v.Text} {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\u202e\u2066") {
			t.Errorf("the %s part has what hides or breaks text", part)
		}
	}
	refused, err := a.Store.InboxRefused(t.Context(), 100)
	if err != nil || len(refused) != 4 {
		t.Errorf("refused are %+v (%v)", refused, err)
	}
}
