package digest_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"facteur/internal/digest"
)

func TestSubject(t *testing.T) {
	tests := []struct{ name, title, lang, want string }{
		{"short", "Un titre", "fr", "Un titre"},
		{"French spaces", "Que change l'IA ?", "fr", "Que change l’IA\u00a0?"},
		{"English stays English", "What next?", "en", "What next?"},
		{"sixty fit", strings.Repeat("abcde ", 9) + "abcdef", "fr", strings.Repeat("abcde ", 9) + "abcdef"},
		{"cut after a word", "Google prépare un partenariat stratégique avec Anthropic dans l’IA pour plusieurs milliards d’euros", "fr",
			"Google prépare un partenariat stratégique avec Anthropic…"},
		{"a word that ends at the limit is kept", strings.Repeat("abcd ", 11) + "abcd suite", "fr", strings.Repeat("abcd ", 11) + "abcd…"},
		{"not at a no-break space", "Le prix moyen d’un entraînement complet passe maintenant à 10\u00a0000\u00a0€", "fr",
			"Le prix moyen d’un entraînement complet passe maintenant…"},
		{"no dangling mark", "Un partenariat stratégique entre deux géants de la tech — « Nous y croyons », dit-il", "fr",
			"Un partenariat stratégique entre deux géants de la tech…"},
		{"a quotation is closed", "Le ministre : « Nous ne céderons pas sur la réforme des retraites », assure-t-il", "fr",
			"Le ministre\u00a0: «\u00a0Nous ne céderons pas sur la réforme…\u00a0»"},
		{"a parenthesis is closed", "Council meeting (session of 12 October 2026, great hall of the town)", "en",
			"Council meeting (session of 12 October 2026, great hall…)"},
		{"one endless word", strings.Repeat("é", 70), "fr", strings.Repeat("é", 59) + "…"},
		{"an emoji stays whole", strings.Repeat("x", 57) + "👩\u200d💻" + "yyyyyyyy", "fr", strings.Repeat("x", 57) + "…"},
	}
	for _, tt := range tests {
		if got := digest.Subject(tt.title, tt.lang); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestSubject_properties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.StringMatching(`[a-zé«»:,— ]{0,150}`).Draw(t, "title")
		got := digest.Subject(title, "fr")
		if n := utf8.RuneCountInString(got); n > 60 {
			t.Fatalf("%d characters: %q", n, got)
		}
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\r\n") {
			t.Fatalf("%q", got)
		}
	})
}
