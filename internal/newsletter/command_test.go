package newsletter_test

import (
	"testing"

	"facteur/internal/newsletter"
)

func TestShellWord(t *testing.T) {
	for text, want := range map[string]string{
		"/srv/site.db": "/srv/site.db", "l’été.db": "l’été.db", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$HOME/x": "'$HOME/x'", "a;b": "'a;b'",
	} {
		if got := newsletter.ShellWord(text); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}
