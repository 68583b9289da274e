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
		// Not within a name.
		{"fr", 52, "Le Nobel de physique revient à J. F. Clauser et A. Aspect pour leurs travaux", "Le Nobel de physique revient à J. F. Clauser…"},
		{"fr", 42, "Le Nobel de physique revient à J. F. Clauser et A. Aspect", "Le Nobel de physique revient…"},
		{"fr", 30, "Le prix du livre va à J.-P. Martin et à deux autres", "Le prix du livre va…"},
		{"en", 30, "The Nobel prize in physics to J. R. R. Smith and others", "The Nobel prize in physics…"},
		{"de", 26, "Der Preis der Akademie an J. Schmidt und andere", "Der Preis der Akademie an…"},
		{"fr", 42, "Le discours attendu d’un certain Emmanuel Macron à la nation", "Le discours attendu d’un certain…"},
		{"fr", 28, "La mairie rend hommage à Jean Dupont et à son équipe", "La mairie rend hommage…"},
		{"fr", 20, "Emmanuel Macron parlera demain à la nation", "Emmanuel Macron…"},
		{"fr", 24, "La Grande Fête De La Ville De Lyon", "La Grande Fête…"},
		{"en", 24, "The Great Summer Festival of Lyon", "The Great Summer…"},
		// Not between a figure and its noun.
		{"en", 40, "The harm is shown in a study of 12,000 patients in nine countries", "The harm is shown in a study…"},
		{"fr", 34, "Le vaccin a été donné à près de 12 000 patients en un an", "Le vaccin a été donné…"},
		{"fr", 30, "La loi passe au Sénat avec 180 voix contre 120", "La loi passe au Sénat…"},
		{"fr", 26, "Microsoft fait de Windows 12 un agent de bureau", "Microsoft fait de Windows…"},
		{"fr", 29, "Microsoft fait de Windows 12 arriver sur les bureaux", "Microsoft fait de Windows 12…"},
		{"fr", 28, "La ville a voté son plan 2026 hier soir au conseil", "La ville a voté son plan…"},
		{"fr", 30, "La ville a voté son plan 2026 hier soir au conseil", "La ville a voté son plan 2026…"},
		{"en", 30, "The council has read page 12 of the report twice", "The council has read page 12…"},
		// Behind a whole question without an ellipsis, and behind the beginning of one without its mark.
		{"fr", 60, "Réforme des retraites\u00a0: à quoi s’attendre\u00a0? Le gouvernement tranchera lundi", "Réforme des retraites\u00a0: à quoi s’attendre\u00a0? Le gouvernement…"},
		{"fr", 48, "Réforme des retraites\u00a0: à quoi s’attendre\u00a0? Le gouvernement tranchera lundi", "Réforme des retraites\u00a0: à quoi s’attendre\u00a0?"},
		{"fr", 41, "Réforme des retraites\u00a0: à quoi s’attendre\u00a0? Le gouvernement tranchera lundi", "Réforme des retraites…"},
		{"fr", 32, "À quoi faut-il bien s’attendre ? Réponse lundi", "À quoi faut-il bien s’attendre ?"},
		{"fr", 31, "À quoi faut-il bien s’attendre ? Réponse lundi", "À quoi faut-il bien s’attendre…"},
		{"en", 20, "What is next? The council decides today", "What is next?"},
		{"en", 20, "We have won! The council agrees at last", "We have won!"},
		{"fr", 30, "«\u00a0Que faut-il faire\u00a0?\u00a0», demande le maire à la salle", "«\u00a0Que faut-il faire\u00a0?\u00a0»…"},
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
