package typography_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"facteur/internal/typography"
)

func TestClean(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing to do", "L’été\u00a0: «\u00a0oui\u00a0»\u202f!", "L’été\u00a0: «\u00a0oui\u00a0»\u202f!"},
		{"white space", "\ta \r\n b\u2028c\vd\u0085e ", "a b c d e"},
		{"control characters", "a\x00b\x7fc\u009bd", "abcd"},
		{"overrides of direction", "facture\u202egnp.exe\u202c \u2066a\u2069 \u202ab", "facturegnp.exe a b"},
		{"marks of direction in Latin text", "a\u200eb\u200fc\u061cd", "abcd"},
		{"marks of direction in Hebrew", "שלום\u200f!", "שלום\u200f!"},
		{"no width", "Op\u200ben\u2060AI \ufeffé\u00adt\u00adé\u180e", "OpenAI été"},
		{"joiners in Latin text", "pro\u200dmpt \u200cx\u200d", "prompt x"},
		{"emoji", "👩‍🚀 👩🏽‍💻 🏳️‍🌈 👨‍👩‍👧", "👩‍🚀 👩🏽‍💻 🏳️‍🌈 👨‍👩‍👧"},
		{"emoji that joins nothing", "👩\u200d fin", "👩 fin"},
		{"Persian", "می\u200cخواهم", "می\u200cخواهم"},
		{"Persian with vowels", "بً\u200cب", "بً\u200cب"},
		{"Hindi", "क्\u200dष", "क्\u200dष"},
		{"flag of tags", "🏴\U000e0067\U000e0062\U000e0065\U000e007f", "🏴\U000e0067\U000e0062\U000e0065\U000e007f"},
		{"tags that hide words", "bon\U000e0068\U000e0069jour", "bonjour"},
		{"noncharacters", "a\ufffeb\uffffc\ufdd0d\U0001ffffe", "abcde"},
		{"composed form", "e\u0301te\u0301", "été"},
		{"composed after the cut", "e\u200b\u0301", "é"},
		{"not UTF-8", "a\xffb", "a\ufffdb"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := typography.Clean(test.text); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"a\u200d\u200cb", "👩\u200d\u200d🚀", "🏴\U000e0067\u200d\U000e007f", "ש\u200f\u202e", "\u200e\xd7\xa9", "e \u200b \u0301", "a \U000e0067", "e\u0301\u200d\u0301", "بً\u200cب", "\u0d4d\u200d\u0d15"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean := typography.Clean(text)
		if again := typography.Clean(clean); again != clean {
			t.Errorf("Clean(%q) = %q, and again %q", text, clean, again)
		}
		if !utf8.ValidString(clean) || !norm.NFC.IsNormalString(clean) {
			t.Errorf("Clean(%q) = %q is not UTF-8 in NFC", text, clean)
		}
		for _, r := range clean {
			if unicode.IsControl(r) || unicode.Is(unicode.Noncharacter_Code_Point, r) || unicode.Is(unicode.Bidi_Control, r) && r >= '\u202a' {
				t.Errorf("Clean(%q) = %q has %U", text, clean, r)
			}
		}
	})
}
