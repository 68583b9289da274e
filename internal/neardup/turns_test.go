package neardup

import (
	"testing"

	"facteur/internal/newsletter"
)

// An update is told by what it says in a place, in a long text and in a summary of one line, and not by what it adds or mends.
func TestTurns(t *testing.T) {
	d := newDesk()
	line := d.vote
	line.Body, line.Summary = "", "Le texte est adopté par la commission après trois jours de débats, et le vote est attendu mardi."
	for _, before := range []newsletter.Article{d.vote, line} {
		other := elsewhere(before, "")
		for _, tt := range []struct {
			old  []string
			want bool
		}{
			{[]string{"est adopté par", "est rejeté par"}, true},
			{[]string{"est adopté par", "n’est plus adopté par"}, true},
			{[]string{"attendu mardi", "attendu jeudi"}, true},
			{[]string{"trois jours", "six jours"}, true},
			{[]string{"est adopté en", "est refusé et renvoyé en"}, true}, // the title
			{[]string{"commission", "comission"}, false},
			{[]string{d.vote.Title, "Un registre public pour les administrations"}, false}, // another title
			{[]string{"la commission", "la commission, dit-on,"}, false},
			{nil, false},
		} {
			after := before
			replaced(tt.old...)(&after)
			after.Summary = but(newsletter.Article{Body: before.Summary}, replaced(tt.old...)).Body
			if got := Turns(Of(before, ""), Of(after, ""), Of(other, "")); got != tt.want {
				t.Errorf("%q: %v, want %v", tt.old, got, tt.want)
			}
			if Turns(Of(after, ""), Of(after, ""), Of(other, "")) {
				t.Errorf("%q: what it said before, too, is no update", tt.old)
			}
		}
	}
}
