package neardup

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// prose is n words, each its own.
func prose(of string, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = fmt.Sprintf("%s%d", of, i)
	}
	return strings.Join(words, " ")
}

func TestFresh(t *testing.T) {
	guide := prose("a", 100)
	half := strings.Fields(guide)
	for _, tt := range []struct {
		name, then, now string
		want            int
	}{
		{"nothing", guide, guide, 0},
		{"case, accents, links and marks of Markdown", guide, strings.ToUpper(strings.Replace(guide, "a7 ", "**[a7](https://x.example/y?z=1)**, ", 1)), 0},
		{"a passage moved", guide, strings.Join(append(half[50:], half[:50]...), " "), 0},
		{"a passage taken away", guide, strings.Join(half[:70], " "), 0},
		{"a word of a hundred", guide, strings.Replace(guide, "a50 ", "neuf ", 1), 1},
		{"a chapter more", guide, guide + " " + prose("b", 100), 50},
		{"another text", guide, prose("b", 100), 100},
		{"too short now", guide, prose("b", 59), 0},
		{"too short then", prose("a", 59), guide + guide, 0},
		{"an extract then", guide + "…", guide + " " + prose("b", 100), 0},
		{"an extract of WordPress then", guide + " [...]\n", guide + " " + prose("b", 100), 0},
	} {
		if got := Fresh(tt.then, tt.now); got != tt.want {
			t.Errorf("%s: %d of 100, want %d", tt.name, got, tt.want)
		}
	}
}

// A text has nothing new to itself, and what was added to one is what is new of it, to the hundredth below.
func TestFresh_properties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		then := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[a-zéà]{1,8}[.,]?`), 60, 300).Draw(t, "then"), " ")
		if fresh := Fresh(then, then); fresh != 0 {
			t.Fatalf("%d of 100 words are new to itself", fresh)
		}
		had, more := len(words(then)), rapid.IntRange(0, 300).Draw(t, "more")
		if got, want := Fresh(then, then+" "+prose("0", more)), 100*more/(had+more); had >= longText && got != want {
			t.Fatalf("%d of %d words were added: %d of 100, want %d", more, had+more, got, want)
		}
	})
}
