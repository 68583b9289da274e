package neardup

import (
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// Under another title an update is told by what it says in a place, in a long text and in a summary of one line, and not by what it adds or mends. Under the same
// title and date it is the same story in other words, unless its page is another town's, and under another date it is not.
func TestTurns(t *testing.T) {
	d := newDesk()
	line := d.vote
	line.Body, line.Summary = "", "Le texte est adopté par la commission après trois jours de débats, et le vote est attendu mardi."
	for _, before := range []newsletter.Article{d.vote, line} {
		other := elsewhere(before, "")
		for _, tt := range []struct {
			old          []string
			want, turned bool // turned: under another date it would be told
		}{
			{[]string{"est adopté par", "est rejeté par"}, false, true},
			{[]string{"est adopté par", "n’est plus adopté par"}, false, true},
			{[]string{"attendu mardi", "attendu jeudi"}, false, true},
			{[]string{"trois jours", "six jours"}, false, true},
			{[]string{"est adopté en", "est rejeté en", "est adopté par", "est rejeté par"}, true, false},
			{[]string{"est adopté en", "est refusé et renvoyé en"}, true, false}, // the title
			{[]string{"commission", "comission"}, false, false},
			{[]string{d.vote.Title, "Un registre public pour les administrations"}, false, false}, // another title
			{[]string{"la commission", "la commission, dit-on,"}, false, false},
			{nil, false, false},
		} {
			after := before
			replaced(tt.old...)(&after)
			after.Summary = but(newsletter.Article{Body: before.Summary}, replaced(tt.old...)).Body
			if got := Turns(Of(before, ""), Of(after, ""), Of(other, "")); got != tt.want {
				t.Errorf("%q: %v, want %v", tt.old, got, tt.want)
			}
			if day := but(after, func(a *newsletter.Article) { a.Published = a.Published.Add(24 * time.Hour) }); Turns(Of(before, ""), Of(day, ""), Of(other, "")) != (tt.want || tt.turned) {
				t.Errorf("%q, a day later: want %v", tt.old, tt.want || tt.turned)
			}
			if Turns(Of(after, ""), Of(after, ""), Of(other, "")) {
				t.Errorf("%q: what it said before, too, is no update", tt.old)
			}
		}
	}
}

// What was edited in a word or two, and in its title afterwards, is told by that.
func TestTurns_afterAnEdit(t *testing.T) {
	d := newDesk()
	edited := but(d.vote, replaced("est adopté par", "est voté par"))
	title := titled(edited, "Modèles de langage : le projet de loi est rejeté en commission")
	if other := elsewhere(d.vote, ""); Turns(Of(d.vote, ""), Of(edited, ""), Of(other, "")) || !Turns(Of(edited, ""), Of(title, ""), Of(other, "")) {
		t.Error("the word parts the two, or the title does not")
	}
	brest := but(d.vote, at("https://pandia.example/brest/vote"))
	quimper := but(d.vote, at("https://pandia.example/quimper/vote"))
	if after := but(quimper, func(a *newsletter.Article) { replaced("trois jours", "six jours")(a); a.URL = quimper.URL }); !Turns(Of(quimper, ""), Of(after, ""), Of(brest, "")) {
		t.Error("two towns stay one story")
	}
}
