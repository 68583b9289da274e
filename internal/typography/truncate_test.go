package typography_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"facteur/internal/typography"
)

// What was cut ends with the last sentence that is whole.
func TestWhole(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "",
		"Le conseil a voté":                    "",
		"Le conseil a voté.":                   "Le conseil a voté.",
		"Le conseil a voté. Le budget de la":   "Le conseil a voté.",
		"Le conseil a voté. Il a reçu M.":      "Le conseil a voté.",
		"Le conseil a voté. Voir la fig.":      "Le conseil a voté.",
		"Il a reçu M.":                         "",
		"Des images, des sons, etc.":           "Des images, des sons, etc.",
		"Qui a voté ? Le conseil et":           "Qui a voté ?",
		"Il dit : « Non. Jamais. » Puis il":    "Il dit : « Non. Jamais. »",
		"Il dit : « Non. Jamais":               "",
		"Le prix est de 3.5 millions. Il":      "Le prix est de 3.5 millions.",
		"Un titre\n\nUn paragraphe qui va":     "Un titre",
		"C’est fini… pour le moment. Et":       "C’est fini… pour le moment.",
		"Le nouveau modèle arrive. xAI":        "Le nouveau modèle arrive.",
		"M. Martin et le Dr. Roux ont vu. Ils": "M. Martin et le Dr. Roux ont vu.",
	} {
		if got := typography.Whole(text, "fr"); got != want {
			t.Errorf("of %q %q is whole, want %q", text, got, want)
		}
	}
}

// Each text has a first sentence and a rest; cut to a little less than its length only the first sentence is left.
func TestTruncateFindsTheEndOfTheSentence(t *testing.T) {
	for _, test := range []struct{ lang, first, rest string }{
		{"fr", "Google négocie avec Anthropic.", "L’accord vaut des milliards."},
		{"fr", "M. Dupont et Mme. Durand ont vu le Dr. Martin.", "Puis ils partent."},
		{"fr", "L’outil, p. ex. Claude, cf. Anthropic, répond.", "Voilà tout."},
		{"fr", "On cite l’art. 5, l’art. L. 34-5, la p. 12 et le n° 3.", "Voilà tout."},
		{"fr", "Il y a des images, des sons, etc. dans le modèle.", "Voilà tout."},
		{"fr", "Il y a des images, des sons, etc.", "Puis vient le reste."},
		{"fr", "J.-P. Martin et Y. LeCun parlent de Node.js 22.1 et de GPT-4.5.", "Voilà tout."},
		{"fr", "Le prix est de 3.5 millions, soit 2.1 % du total.", "Voilà tout."},
		{"fr", "Voir https://exemple.fr/a.b?c=d. pour la suite.", "Voilà tout."},
		{"fr", "« Non ! » répond-il en riant.", "Voilà tout."},
		{"fr", "Il répond : « Non. Jamais. »", "Puis il sort."},
		{"fr", "Il répond : «\u00a0Non\u202f!\u00a0»", "Puis il sort."},
		{"fr", "Quoi\u202f?", "Encore lui."},
		{"fr", "C’est fini… pour le moment.", "Voilà tout."},
		{"fr", "C’est fini…", "Voilà tout."},
		{"fr", "C’est fini...", "Voilà tout."},
		{"fr", "Un bon modèle (voir p. 3. Et ici.) se paie.", "Voilà tout."},
		{"fr", "1. Ouvrez la page.", "2. Lisez."},
		{"fr", "Un titre sans point", "\n\nUn paragraphe."},
		{"fr", "C’était en 2026.", "Voilà tout."},
		{"fr", "Le nouveau modèle arrive.", "xAI l’annonce."},
		{"fr", "Le nouveau modèle arrive.", "Élodie l’annonce."},
		{"fr", "Le mur a 3 m.", "Il tient."},
		{"fr", "Elle lit une BD.", "Elle rit."},
		{"fr", "Elle lit une BD.", "Tintin la suit."},
		{"fr", "Elle lit une bd.", "Elle rit."},
		{"fr", "Elle ouvre une PR.", "Google la relit."},
		{"fr", "La rue est fermée aux PL.", "Paris le veut."},
		{"fr", "La puce mesure 5 mm.", "Élodie la tient."},
		{"fr", "Elle est prof.", "Elle enseigne."},
		{"fr", "Il a revu son ex.", "Ils se parlent."},
		{"fr", "Il a perdu son tél.", "Elle l’a trouvé."},
		{"fr", "Ils jouent du trad.", "On danse."},
		{"fr", "Ainsi Smith et al.", "Ils ont raison."},
		{"fr", "C’est le plan B.", "Elle y croit."},
		{"fr", "Il va à l’univ.", "Elle aussi."},
		{"fr", "Elle attend son dir.", "Il arrive."},
		{"fr", "Il a dit ca.", "Paris l’a cru."},
		{"fr", "La commune a 2 000 hab.", "La mairie ferme."},
		{"fr", "Elle vit dans le 11e arr.", "La mairie ferme."},
		{"fr", "Ils ont franchi le cap.", "La France suit."},
		{"fr", "Ils ont passé le col.", "L’étape est longue."},
		{"fr", "Le mot est un adj.", "Il s’accorde."},
		{"fr", "C’est au XIXe s.", "Paris brûle."},
		{"fr", "Elle dirige Dupont et Cie.", "Paris le sait."},
		{"fr", "Il revient en sept.", "Paris l’attend."},
		{"fr", "Ils vont à la mer.", "12 bateaux partent."},
		{"fr", "Le prix est de 3 fr.", "Paris en rit."},
		{"en", "She moved to Pittsburgh, Pa.", "The town is glad."},
		{"en", "She felt ill.", "Mayor Wu knew."},
		{"en", "They sat.", "12 of them stood."},
		{"en", "The road is Pacific Coast Hwy.", "It is long."},
		{"en", "The gate opens at 9 p.m.", "Bob knew."},
		{"en", "They ran down Fifth Ave.", "It was late."},
		{"en", "The film was made by Warner Bros.", "They sold it."},
		{"en", "He felt ill.", "Bob knew."},
		{"fr", "Né vers 100 av. J.-C.", "Il écrit à Rome."},
		{"fr", "Il travaille aux U.S.", "On l’y appelle souvent."},
		{"en", "She left the U.S.", "They followed."},
		{"en", "You and I.", "That is all."},
		{"en", "It answers in 30 ms.", "Nobody waits."},
		{"en", "I asked my prof.", "Bob knew."},
		{"en", "It is the next gen.", "Nvidia made it."},
		{"en", "He met Robert Downey Jr.", "He was late."},
		{"en", "She lives on Main St.", "They visit her."},
		{"en", "Mr. Smith met Dr. Jones of St. Louis, e.g. on Sundays, i.e. often.", "That is all."},
		{"en", "The U.S. model, by OpenAI Inc. of course, beats No. 5 vs. Fig. 2.", "That is all."},
		{"en", "“No.”", "That is all."},
		{"en", "The answer is no.", "That is all."},
		{"en", "It was made by Acme Inc.", "The end."},
	} {
		text := test.first + " " + test.rest
		got := typography.Truncate(text, utf8.RuneCountInString(text)-1, test.lang)
		if got != test.first {
			t.Errorf("%s: %q\n got %q\nwant %q", test.lang, text, got, test.first)
		}
	}
}

// Each text is one sentence: cut anywhere before its end, it ends with an ellipsis.
func TestTruncateFindsNoEndWithinASentence(t *testing.T) {
	for _, test := range []struct{ lang, sentence string }{
		{"fr", "Les outils (p. ex. GPT-4, Claude, etc.) coûtent cher à M. Le Goff et à Mme Le Pen."},
		{"fr", "La loi n° 2004-575, art. L. 111-1, s’applique env. 300 fois, soit max. 10 %, à 14 h. 30."},
		{"fr", "J. R. R. Tolkien, J.-P. Martin, K. He et S. Altman lisent Me. Petit, Vve. Martin et Gén. Leclerc, pl. Vendôme."},
		{"fr", "Le prof. Martin, le gén. Leclerc, MM. Petit et Grand, trad. Jean Petit, vont bd. Voltaire, bd. 12, av. Foch, tél. 01 40."},
		{"fr", "Il vit au Ier s. apr. J.-C. et l’O.N.U. au XXe, cf. Smith et al. Comme chacun sait, c’est loin."},
		{"fr", "La coll. Folio, sous la dir. Jean Petit et la resp. Éva Roux, ill. Luc Brun, suppl. Le Monde, op. cit. Martin, rééd. Dunod, c. Microsoft."},
		{"fr", "Les Éts. Dupont et les Ets. Durand, de l’univ. Paris-Saclay, dép. Essonne, datent de ca. 1900, comme Roe v. Wade."},
		{"fr", "Ch. Baudelaire, Ph. Martinez, Th. Gautier, Cl. Lévi-Strauss et Chr. Boltanski vont au fg. Saint-Honoré, boul. Voltaire."},
		{"fr", "Le col. Martin, le cap. Petit, le lt. Leroy, le sgt. Durand, l’adj. Roux, la gén. Blanc et l’insp. Noir l’ont vu."},
		{"fr", "Le 5e arr. Lyon-Est, la circ. Nord, réf. AB-12, moy. 12, sam. 5 sept. 2026, vers 300 ap. J.-C., l’ont vu."},
		{"en", "Cmdr. Bond, Insp. Morse, Supt. Hall, Atty. Gen. Bonta, Det. Lee, Reps. Cox and Diaz, Brig. Gen. Hay and Ald. Ray met at Ft. Worth."},
		{"en", "Calif. Gov. Newsom and the Pa. Supreme Court met Wm. Penn on Sat. 5 Sept. 2026 at the Assn. Hall, Rte. 66, Apt. 3."},
		{"en", "Roe v. Wade, a.k.a. Case 70, was heard ca. 1971 on Fifth Ave. Manhattan by Warner Bros. Discovery in v. 2.5 at 9 p.m. EST."},
		{"en", "It is shown at 8 p.m. Tuesday, at 9 a.m. Eastern and at 10 a.m. GMT on Sunset Blvd. Hollywood."},
		{"fr", "«\u00a0Vraiment\u202f?!\u00a0» s’étonne-t-elle, et elle hésite… puis part... enfin."},
		{"fr", "N. B. Le texte vaut 1.000.000 d’euros H.T. par mois, soit 3.5 fois plus, c.-à-d. M. Il et Mme Elle."},
		{"en", "Mr. Trump, Gov. Newsom, Adm. Jones and J.R.R. Tolkien saw Mt. Everest, e.g. at 9 a.m. on Jan. 5, in the U.S. Senate."},
		{"en", "Prof. Smith, Ms. Jones and Gen. Grant of St. Louis met Smith et al. Yesterday they left the Dept. of Energy."},
		{"en", "He said, \"No. Never. Not I.\" and left (see Fig. 3. And p. 4.) with K. He."},
	} {
		for limit := range utf8.RuneCountInString(test.sentence) {
			if got := typography.Truncate(test.sentence+" Fin. The end.", limit, test.lang); limit > 0 && !cutMark.MatchString(got) {
				t.Errorf("%s: cut to %d characters it ends as %q", test.lang, limit, got)
			}
		}
	}
}

// cutMark is how a text ends that was cut: with an ellipsis, behind which stands only what closes.
var cutMark = regexp.MustCompile("…(?:[ \u00a0]?[»”’)\\]}\"›])*$")

func TestTruncate(t *testing.T) {
	for _, test := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 10, ""},
		{"  Court.  ", 6, "Court."},
		{"Un. Deux. Trois. Quatre.", 16, "Un. Deux. Trois."},
		{"Un. Deux. Trois. Quatre.", 15, "Un. Deux."},
		{"Les modèles progressent vite", 27, "Les modèles progressent…"},
		{"Les modèles progressent vite", 24, "Les modèles progressent…"},
		{"Les modèles progressent vite", 23, "Les modèles…"},
		{"Les modèles, eux, progressent", 13, "Les modèles…"},
		{"Il dit\u00a0: « Non »", 9, "Il dit…"},
		{"Il dit\u00a0: « Non »", 8, "Il dit…"},
		{"Il dit\u00a0: « Non »", 6, "Il…"},
		{"Anticonstitutionnellement", 10, "Anticonst…"},
		{"« Anticonstitutionnellement »", 10, "« Antic…\u00a0»"},
		{"😀😀😀😀", 3, "😀😀…"},
		{"👩‍👧👩‍👧👩‍👧", 7, "👩‍👧👩‍👧…"},
		{"👩‍👧👩‍👧👩‍👧", 6, "👩‍👧…"},
		{"👍🏽👍🏽👍🏽", 4, "👍🏽…"},
		{"❤️❤️❤️", 4, "❤️…"},
		{"🇫🇷🇧🇪🇨🇭", 4, "🇫🇷…"},
		{"e\u0301e\u0301e\u0301", 4, "e\u0301…"},
		{"👩‍👧‍👦", 3, "…"},
		{"----------", 4, "…"},
		{"Anticonstitutionnellement", 1, "…"},
		{"Anticonstitutionnellement", 0, ""},
		{"Un mot", -1, ""},
		{"Titre\n \nTexte", 5, "Titre"},
		{"Il dit « Non. » Bon.", 15, "Il dit « Non. »"},
		{"Il dit « Non. » Bon.", 14, "Il dit…"},
		{"été été été", 8, "été été…"},
	} {
		if got := typography.Truncate(test.text, test.limit, "fr"); got != test.want {
			t.Errorf("Truncate(%q, %d) = %q, want %q", test.text, test.limit, got, test.want)
		}
	}
}

func checkTruncated(t interface{ Errorf(string, ...any) }, text string, limit int, got string) {
	if utf8.RuneCountInString(got) > max(limit, 0) || !utf8.ValidString(got) {
		t.Errorf("Truncate(%q, %d) = %q is too long or not UTF-8", text, limit, got)
	}
	whole := strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
	if !strings.HasPrefix(whole, got) && !strings.HasPrefix(whole, cutMark.ReplaceAllString(got, "")) {
		t.Errorf("Truncate(%q, %d) = %q does not begin like the text", text, limit, got)
	}
}

// hasRoom reports that the first word fits with an ellipsis behind it; words that a no-break space joins are one, and marks alone are none.
func hasRoom(text string, limit int) bool {
	start := strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	end := strings.IndexAny(text[max(0, start):], " \n\t")
	closing := 2 * strings.Count(text[:max(0, start)], "«")
	return start >= 0 && end >= 0 && utf8.RuneCountInString(text[:start+end])+closing < limit
}

func TestTruncateNeverCutsAWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(sentences().Draw(t, "text"))
		limit := rapid.IntRange(0, 120).Draw(t, "limit")
		got := typography.Truncate(text, limit, "fr")
		checkTruncated(t, text, limit, got)
		if !hasRoom(text, limit) {
			return
		}
		words := strings.Fields(text)
		for i, word := range strings.Fields(cutMark.ReplaceAllString(got, "")) {
			if !strings.HasPrefix(words[i], word) || strings.ContainsAny(words[i][len(word):], "aeiou0123456789") {
				t.Fatalf("Truncate(%q, %d) = %q cuts %q to %q", text, limit, got, words[i], word)
			}
		}
	})
}

func FuzzTruncate(f *testing.F) {
	f.Add("M. Dupont parle. Puis il sort.", 20)
	f.Add("« Non ! » dit-il\n\nLa suite…", 12)
	f.Add("\xff. É...", 3)
	f.Add("1. a\n2. b", 5)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		for _, lang := range []string{"fr", "en"} {
			checkTruncated(t, text, limit, typography.Truncate(text, limit, lang))
		}
	})
}
