package letter_test

import (
	"strings"
	"testing"

	"facteur/internal/letter"
	"facteur/internal/token"
)

func TestPublicHasNothingOfAReader(t *testing.T) {
	day := token.DayPlaceholder(len("24/11/2026"))
	tests := []struct{ name, frozen, want string }{
		{"nothing of a reader's", `<p>Bonjour ~ 0 – à la une.</p>`, `<p>Bonjour ~ 0 – à la une.</p>`},
		{"a link of the same place as the page", `<a href="https://l.example/u/` + token.Placeholder(token.Leave) + `">Partir</a>`, `<a href="https://l.example/lien">Partir</a>`},
		{"a link of an earlier place", `<a href='http://old.example:8080/x/p/` + token.Placeholder(token.Preferences) + `'>Choisir</a>`, `<a href='https://l.example/lien'>Choisir</a>`},
		{"a link that is shown", `<p>https://l.example/u/` + token.Placeholder(token.Leave) + `<br>x</p>`, `<p>https://l.example/lien<br>x</p>`},
		{"a day", `<p class="x">Vous recevez ceci, inscrit depuis le ` + day + `.</p><p>Éditeur</p>`, `<p class="x"></p><p>Éditeur</p>`},
		{"an English day", `<td>a<br>since ` + token.DayPlaceholder(len("24 Nov 2026")) + `</td>`, `<td>a<br></td>`},
		{"a day in an attribute", `<p title="` + day + `">x</p>`, `<p title="">x</p>`},
	}
	for _, test := range tests {
		if got := letter.Public(test.frozen, "https://l.example/"); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	for _, lang := range []string{"fr", "en"} {
		n := hebdo(t)
		n.Language = lang
		frozen := rendered(t, n, content(t)).HTML
		got := letter.Public(frozen, "https://lettre.pandia.example")
		if strings.Contains(got, token.TokenMark) || strings.Contains(got, token.DayMark) || strings.Count(got, `href="https://lettre.pandia.example/lien"`) != 2 {
			t.Errorf("an edition in %s becomes\n%s", lang, got)
		}
		if len(got) < len(frozen)-400 || !strings.Contains(got, "Éditions PandIA") {
			t.Errorf("an edition in %s loses %d octets", lang, len(frozen)-len(got))
		}
	}
	for _, p := range token.Purposes() {
		if got := letter.Public(`<a href="https://x/`+p.String()+`/`+token.Placeholder(p)+`">`, "https://l.example"); strings.Contains(got, token.TokenMark) {
			t.Errorf("the placeholder of %s stays: %s", p, got)
		}
	}
}
