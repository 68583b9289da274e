package typography_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"facteur/internal/typography"
)

func TestCut(t *testing.T) {
	for _, test := range []struct {
		lang  string
		limit int
		text  string
		want  string
	}{
		// Within a quotation or a parenthesis, which is closed, or left out where most of the text stays without it.
		{"fr", 60, "Le ministre : «\u00a0Nous ne céderons pas sur la réforme des retraites\u00a0», assure-t-il", "Le ministre : «\u00a0Nous ne céderons pas sur la réforme…\u00a0»"},
		{"fr", 60, "Conseil municipal (séance du 12 octobre 2026, salle des fêtes de l’hôtel de ville)", "Conseil municipal (séance du 12 octobre 2026, salle…)"},
		{"fr", 60, "Budget\u00a0: la majorité se divise sur l’impôt foncier (et sur le reste du texte)", "Budget\u00a0: la majorité se divise sur l’impôt foncier…"},
		{"fr", 60, "Le maire cite Victor Hugo\u00a0: «Ouvrez des écoles, vous fermerez des prisons», et s’en va", "Le maire cite Victor Hugo\u00a0: «Ouvrez des écoles, vous…»"},
		{"fr", 60, "Il cite «\u00a0une lettre “très personnelle” du maire (reçue lundi dernier à midi)\u00a0» au conseil", "Il cite «\u00a0une lettre “très personnelle” du maire…\u00a0»"},
		{"fr", 40, "Il dit\u00a0: «\u00a0Elle a écrit “je ne reviendrai jamais ici” hier\u00a0»", "Il dit\u00a0: «\u00a0Elle a écrit…\u00a0»"},
		{"fr", 30, `Le préfet a dit "nous irons tous au bout de la démarche"`, `Le préfet a dit "nous irons…"`},
		{"fr", 30, `Un écran de 27" est arrivé hier dans la rédaction`, `Un écran de 27" est arrivé…`},
		{"fr", 29, `Elle a répondu "non" et elle est partie`, `Elle a répondu "non"…`},
		{"en", 40, "The minister said “we will not yield on the reform of pensions” today", "The minister said “we will not yield…”"},
		{"en", 28, "He called it ‘the best workers’ win in many years’ today", "He called it ‘the best…’"},
		{"en", 28, "Music of the ‘90s is back on the radio", "Music of the ‘90s is back…"},
		{"de", 30, "Der Rat [und die Kommission] sind in der Sache einig", "Der Rat [und die Kommission]…"},
		// Before what only leads on.
		{"fr", 60, "Google prépare un partenariat stratégique et financier avec la start-up Anthropic", "Google prépare un partenariat stratégique et financier…"},
		{"fr", 40, "La réforme de la fiscalité locale et de la dotation aux communes", "La réforme de la fiscalité locale…"},
		{"fr", 40, "Une étude montre pourquoi les élèves qu’on interroge répondent", "Une étude montre pourquoi les élèves…"},
		{"fr", 34, "Les salaires remontent grâce à la hausse du SMIC", "Les salaires remontent…"},
		{"fr", 34, "Les crues reculent en raison de la sécheresse", "Les crues reculent…"},
		{"fr", 34, "Le vote est acquis, bien que la gauche soit absente", "Le vote est acquis…"},
		{"fr", 30, "Le prix a été remis hier à M. Dupont par le maire", "Le prix a été remis hier…"},
		{"fr", 21, "Le choix du quai OU de la gare", "Le choix du quai OU…"},
		{"fr", 22, "La commune choisit le plan A plutôt qu’un autre", "La commune choisit…"},
		{"fr", 28, "La commune choisit le plan A plutôt qu’un autre", "La commune choisit le plan…"},
		{"en", 40, "The council has voted on the future of the old harbour", "The council has voted on the future…"},
		{"en", 38, "The line was closed because of the storm and the floods", "The line was closed…"},
		{"en", 24, "Doctors warn of vitamin A deficiency among the young", "Doctors warn of vitamin…"},
		{"en", 26, "Doctors warn of vitamin A deficiency among the young", "Doctors warn of vitamin A…"},
		{"de", 26, "Der Rat ist sich mit der Kommission einig", "Der Rat ist sich mit der…"},
		// They are better than nothing.
		{"fr", 7, "De la mer", "De la…"},
		{"fr", 6, "«\u00a0Non\u00a0» au projet", "«\u00a0N…\u00a0»"},
		{"fr", 4, "«\u00a0Non\u00a0» au projet", "…"},
	} {
		if got := typography.Cut(test.text, test.limit, test.lang); got != test.want {
			t.Errorf("%s, %d: %q\n got %q\nwant %q", test.lang, test.limit, test.text, got, test.want)
		}
	}
}

// What a cut opens it closes, whatever the text, and it keeps to its limit.
func TestCutClosesWhatItOpens(t *testing.T) {
	text := rapid.OneOf(rapid.StringMatching(`([a-zà]{1,9}[ ,.]|[«“(\[] ?|[ \x{A0}]?[»”)\]]|l’|de |of |the |et ){0,40}`), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		text, limit := text.Draw(t, "text"), rapid.IntRange(-1, 120).Draw(t, "limit")
		for _, lang := range []string{"fr", "en", "de"} {
			for what, got := range map[string]string{"Cut": typography.Cut(text, limit, lang), "Truncate": typography.Truncate(text, limit, lang)} {
				checkTruncated(t, text, limit, got)
				if got == strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD")) {
					continue // as it is
				}
				for _, pair := range []string{"«»", "“”", "()", "[]", "{}", "‹›"} {
					opening, size := utf8.DecodeRuneInString(pair)
					if opened, closed := strings.Count(got, string(opening)), strings.Count(got, pair[size:]); opened > closed {
						t.Fatalf("%s(%q, %d, %s) = %q opens %d %c and closes %d", what, text, limit, lang, got, opened, opening, closed)
					}
				}
			}
		}
	})
}
