package preflight_test

import (
	"testing"

	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

// What the product writes by itself has nothing to mend.
func TestOwnLetters(t *testing.T) {
	r := renderer(t)
	for _, lang := range []string{"fr", "en"} {
		n := hebdo(t, lang)
		c := content(t)
		if lang == "en" {
			for _, s := range []*newsletter.Story{c.Lead, &c.Chapters[0].Stories[0], &c.Chapters[1].Stories[0]} {
				s.Language = "fr"
			}
		}
		expectNothing(t, lang+" edition", preflight.Look(edition(t, r, n, c)))
		for _, kind := range newsletter.LetterKinds() {
			expectNothing(t, lang+" "+string(kind), preflight.Look(single(t, r, n, kind)))
		}
	}
}

func expectNothing(t *testing.T, name string, findings []preflight.Finding) {
	t.Helper()
	for _, f := range findings {
		t.Errorf("%s: %s %s, %s: %s; %s", name, f.Severity, f.Rule, f.Place, f.What, f.Cure)
	}
}
