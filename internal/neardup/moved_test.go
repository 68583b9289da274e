package neardup

import (
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// What a source has by one id under another address is the article that it was as long as date, title and text say so, each for what the others leave open.
func TestMoved(t *testing.T) {
	type edit = func(*newsletter.Article)
	minute, hour := day(6, 7), day(6, 7).Truncate(time.Hour)
	short := "Le texte est adopté par la commission après trois jours de débats."
	footer := "Renseignements en mairie, du lundi au vendredi."
	body := func(text string) edit { return func(a *newsletter.Article) { a.Body = text } }
	title := func(text string) edit { return func(a *newsletter.Article) { a.Title = text } }
	at := func(when time.Time) edit { return func(a *newsletter.Article) { a.Published = when } }
	article := func(edits ...edit) newsletter.Article {
		a := story("https://pandia.example/2026/10/6/registre", "Un registre public pour les administrations", vote, minute)
		for _, e := range edits {
			e(&a)
		}
		return a
	}
	for _, tt := range []struct {
		name          string
		before, after newsletter.Article
		want          bool
	}{
		{"the address", article(), article(), true},
		{"a title written anew", article(), article(title("Ce que les députés changent")), true},
		{"a figure of the title", article(title("Incendie : 13 blessés")), article(title("Incendie : 15 blessés")), true},
		{"a figure of the title, without a text", article(body(""), title("Incendie : 13 blessés")), article(body(""), title("Incendie : 15 blessés")), false},
		{"another text", article(), article(body(launch)), false},
		{"another title and text", article(), article(title("Boréal présente Mistigri"), body(launch)), false},
		{"another title without a text", article(body("")), article(body(""), title("Ce que les députés changent")), false},
		{"a title that grew, without a text", article(body("")), article(body(""), title("Un registre public pour les administrations et les écoles")), true},
		{"another title, and a town in the text", article(), article(title("Ce que les députés changent"), replaced("Paul Lescot", "Jean Lescot")), true},
		{"another title and text, but for a long footer", article(body(short+"\n\n"+vote), title("Le texte est adopté")), article(body("Le voilier s’est échoué à l’aube sur le banc de sable, et ses trois occupants ont été secourus par un pêcheur qui passait au large de la pointe avec son fils et deux amis.\n\n"+vote), title("Un voilier s’échoue")), false},
		{"another title and text, but for a footer", article(body(short+"\n\n"+footer), title("Le texte est adopté")), article(body("Le voilier s’est échoué sur le banc de sable à l’aube.\n\n"+footer), title("Un voilier s’échoue")), false},
		{"another date", article(), article(at(minute.AddDate(0, 0, 2))), true},
		{"another date of a short text", article(body(short)), article(body(short), at(minute.AddDate(0, 0, 2))), true},
		{"another date without a text", article(body("")), article(body(""), at(minute.AddDate(0, 0, 1))), false},
		{"another date and title", article(), article(at(minute.AddDate(0, 0, 2)), title("Ce que les députés changent")), true},
		{"another date and title, and a word of the text", article(), article(at(minute.AddDate(0, 0, 2)), title("Ce que les députés changent"), replaced("Paul Lescot", "Jean Lescot")), false},
		{"another date and title of a short text", article(body(short)), article(body(short), at(minute.AddDate(0, 0, 2)), title("Ce que les députés changent")), false},
		{"another date, and a title that names another figure", article(title("Tirage 12")), article(at(minute.AddDate(0, 0, 2)), title("Tirage 13")), false},
		{"another date, and another news in the text", article(), article(at(minute.AddDate(0, 0, 2)), replaced("est adopté par", "est rejeté par")), false},
		{"no date", article(at(time.Time{})), article(at(time.Time{})), true},
		{"no date, and a title that comes again", article(at(time.Time{}), body(""), title("Communiqué de presse")), article(at(time.Time{}), body(""), title("Communiqué de presse")), false},
		{"neither date nor text", article(at(time.Time{}), body("")), article(at(time.Time{}), body("")), false},
		{"no date, and another title", article(at(time.Time{})), article(at(time.Time{}), title("Ce que les députés changent")), true},
		{"no date, and a title that names another day", article(at(time.Time{}), body("")), article(at(time.Time{}), body(""), title("Un registre public pour les administrations, mardi")), false},
		{"no date and no text, and another title", article(at(time.Time{}), body("")), article(at(time.Time{}), body(""), title("Ce que les députés changent")), false},
		{"a full hour, and another title", article(at(hour), body("")), article(at(hour), body(""), title("Ce que les députés changent")), false},
		{"a typing error of the title", article(body(""), at(hour), title("Un registre public pour les adminstrations")), article(body(""), at(hour)), true},
	} {
		tt.after.URL = "https://pandia.example/registre-public"
		if got := Moved(Of(tt.before, "fil"), Of(tt.after, "fil")); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
