package neardup

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTurned(t *testing.T) {
	long := prose("a", 100)
	for _, tt := range []struct {
		name, one, two string
		want           bool
	}{
		{"one text", long, long, false},
		{"another word", long, strings.Replace(long, "a50 ", "rejete ", 1), true},
		{"another word at the end", long, strings.Replace(long, " a99", " rejete", 1), true},
		{"four words for one", long, strings.Replace(long, "a50 ", "rejete par les elus ", 1), true},
		{"a passage written anew", long, strings.Replace(long, "a50 ", "au lieu de quoi on lit ceci ", 1), false},
		{"a denial", long, strings.Replace(long, "a50 ", "n a50 guere ", 1), true},
		{"a word more", long, strings.Replace(long, "a50 ", "a50 vraiment ", 1), false},
		{"a line more that denies", long, long + " ne manquez pas nos autres articles", false},
		{"a passage moved", prose("a", 100) + " " + prose("b", 20), prose("b", 20) + " " + prose("a", 100), false},
		{"a typing error", strings.Replace(long, "a50 ", "chercheurs ", 1), strings.Replace(long, "a50 ", "cherchurs ", 1), false},
		{"a figure in another spelling", strings.Replace(long, "a50 ", "12500 ", 1), strings.Replace(long, "a50 ", "12600 ", 1), true},
		{"a few words again and again, one more among them", strings.Repeat("va xx de ", 300), strings.Repeat("va xx de ", 100) + "vb " + strings.Repeat("va xx de ", 200), false},
		{"more places than are compared", prose("chapitre", 2000), strings.NewReplacer("3 ", "3 le ", "7 ", "7 le ").Replace(prose("chapitre", 2000)), true},
		{"grammar", strings.Replace(long, "a50 ", "le ", 1), strings.Replace(long, "a50 ", "un ", 1), false},
	} {
		one, two := words(tt.one), words(tt.two)
		if got := turned(one, two); got != tt.want || turned(two, one) != got {
			t.Errorf("%s: %v, and the other way %v; want %v", tt.name, got, turned(two, one), tt.want)
		}
	}
}

// It makes no difference which of two texts is named first, and no text is turned against itself.
func TestTurned_properties(t *testing.T) {
	word := rapid.SampledFrom([]string{"le", "texte", "texto", "est", "adopte", "rejete", "n", "pas", "5", "6", "mini", "lundi"})
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.SliceOfN(word, 0, 12).Draw(t, "one")
		two := slices.Clone(one)
		if rapid.Bool().Draw(t, "like") {
			at := rapid.IntRange(0, len(two)).Draw(t, "at")
			two = slices.Insert(two, at, rapid.SliceOfN(word, 0, 3).Draw(t, "more")...)
		} else {
			two = rapid.SliceOfN(word, 0, 12).Draw(t, "two")
		}
		if contrary(one, two) != contrary(two, one) || turned(one, two) != turned(two, one) {
			t.Fatal("it depends on the order")
		}
		if contrary(one, one) || turned(one, one) {
			t.Fatal("it is turned against itself")
		}
	})
}
