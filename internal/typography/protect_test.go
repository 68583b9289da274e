package typography

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What is taken to need no protection has nothing of what would be protected.
func TestMayProtect(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "Z", "é", " ", "\u00A0", ".", ".pdf", "md", "'", "’", "-", "_", "7", ",", ";", ")", "(", "D", "!", "?", "&", "=", ":", "/", "`", "{", "}", "@", "www", "WWW.", "\n", "«", "…", "%", "#", "$", "^", string(mask)}
	passed := 0
	for range 200_000 {
		var b strings.Builder
		for range 1 + random.IntN(8) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		text := b.String()
		if mayProtect(text) {
			continue
		}
		passed++
		if found := protected.FindString(text); found != "" {
			t.Fatalf("%q has %q in it", text, found)
		}
	}
	if passed < 1000 {
		t.Errorf("only %d texts needed none", passed)
	}
}
