package app

import (
	"testing"

	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/subscription"
	"facteur/templates"
)

var _ subscription.Texts = letters{}

func TestEverySingleLetterHasAKeyOfItsOwn(t *testing.T) {
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := render.New(files, "")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(config.Options{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	french := newsletters(cfg)[0]
	english, renamed := french, french
	english.Language, renamed.Title = "en", "Une autre lettre"
	later := terms(cfg)
	later.WebURL = "https://ailleurs.example"
	texts := map[string]newsletter.Variant{} // by key
	for _, of := range []struct {
		name    string
		letters letters
		about   []newsletter.Newsletter
	}{
		{"French", newLetters(renderer, cfg), []newsletter.Newsletter{french}},
		{"English", newLetters(renderer, cfg), []newsletter.Newsletter{english}},
		{"renamed", newLetters(renderer, cfg), []newsletter.Newsletter{renamed}},
		{"two", newLetters(renderer, cfg), []newsletter.Newsletter{french, renamed}},
		{"moved", letters{renderer: renderer, terms: later}, []newsletter.Newsletter{french}},
	} {
		for _, kind := range newsletter.LetterKinds() {
			v, err := of.letters.SingleLetter(kind, of.about)
			if err != nil {
				t.Fatal(err)
			}
			again, err := of.letters.SingleLetter(kind, of.about)
			if err != nil || again != v {
				t.Errorf("the letter %s, %s, is another the second time (%v)", kind, of.name, err)
			}
			if other, taken := texts[v.Key]; v.Kind != newsletter.KindLetter || v.Key == "" || taken && other != v {
				t.Errorf("the letter %s, %s, has the key %q of another", kind, of.name, v.Key)
			}
			texts[v.Key] = v
		}
	}
	if len(texts) < 5*len(newsletter.LetterKinds())-len(newsletter.LetterKinds()) {
		t.Errorf("%d texts of five newsletters", len(texts))
	}
}
