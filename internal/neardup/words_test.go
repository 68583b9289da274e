package neardup

import (
	"slices"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for _, tt := range []struct {
		text   string
		words  []string
		breaks []int
	}{
		{"Été, œuvre", []string{"ete", "oeuvre"}, nil},
		{"1 200 000 et 12\u202f500", []string{"1200000", "et", "12500"}, nil},
		{"1 20, 1 2000, 2026 100 et 010 011", []string{"1", "20", "1", "2000", "2026", "100", "et", "010", "011"}, nil},
		{"biblio\u00adthèque", []string{"bibliotheque"}, nil},
		{"关闭AI泳池，高温", []string{"关", "闭", "ai", "泳", "池", "高", "温"}, nil},
		{"がか", []string{"が", "か"}, nil},
		{"की का", []string{"की", "का"}, nil},
		{"مَكتبة", []string{"مكتبة"}, nil},
		{"Un texte\nqui suit.\n\nUne ligne (avec lui)\n# Un titre\nLa suite", []string{"un", "texte", "qui", "suit", "une", "ligne", "avec", "lui", "un", "titre", "la", "suite"}, []int{4, 6, 8, 10}},
	} {
		got := fold(tt.text)
		for i, word := range tt.words {
			tt.words[i] = norm.NFKD.String(word)
		}
		if !slices.Equal(got.words, tt.words) || !slices.Equal(got.breaks, tt.breaks) {
			t.Errorf("%q: %q, at %v; want %q, at %v", tt.text, got.words, got.breaks, tt.words, tt.breaks)
		}
	}
	if slices.Equal(words("की"), words("का")) || slices.Equal(words("が"), words("か")) {
		t.Error("two words with other vowels are one")
	}
}
