package typography_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"facteur/internal/typography"
)

func TestSetRuns(t *testing.T) {
	for _, tt := range [][2]string{
		{"l'|IA", "l’|IA"},
		{`Il dit "|texte|" ici`, "Il dit «~|texte|~» ici"},
		{"Lisez |le dossier|!", "Lisez |le dossier|~!"},
		{"|10| % et |3|€", "|10|~% et |3|~€"},
		{"Voir |ici| : oui", "Voir |ici|~: oui"},
		{"Attendez|... |l'été|?", "Attendez|… |l’été|~?"},
		{"la 2ème| fois, «|oui|»", "la 2e| fois, «|~oui|~»"},
		{"M. |Hugo", "M.~|Hugo"},
		{"rien", "rien"},
		{"", ""},
	} {
		got := strings.Join(typography.SetRuns(strings.Split(tt[0], "|"), "fr"), "|")
		if want := strings.ReplaceAll(tt[1], "~", "\u00a0"); got != want {
			t.Errorf("%q\n got %q\nwant %q", tt[0], got, want)
		}
	}
}

// However a text is cut, its parts are that of the whole, and none that has words loses all of them.
func TestSetRunsIsTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.SampledFrom([]string{"l'", "IA", " ", "!", ":", `"`, "«", "»", "12345", "€", "8h30", "2ème", "...", " - ", "mot", "\n", "M.", "`a b`", "https://a.fr/?b"})).Draw(t, "pieces")
		lang := rapid.SampledFrom([]string{"fr", "en", ""}).Draw(t, "lang")
		parts := typography.SetRuns(pieces, lang)
		if got, want := strings.Join(parts, ""), typography.Set(strings.Join(pieces, ""), lang); got != want || len(parts) != len(pieces) {
			t.Fatalf("%q in %q: %q, want %q", pieces, lang, parts, want)
		}
		if i := slices.Index(pieces, "mot"); i >= 0 && !strings.Contains(parts[i], "mot") {
			t.Fatalf("%q in %q: %q has lost a word", pieces, lang, parts)
		}
	})
}
