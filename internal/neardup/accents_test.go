package neardup

import (
	"slices"
	"testing"

	"facteur/internal/newsletter"
)

// accentsSame are titles that are one but for how they are typed, over one text on two sites and on one, and in two sources without a text.
func accentsSame() (all []pair) {
	for title, typed := range map[string]string{
		"L’État ferme le musée de Lyon au public":        "L’Etat ferme le musée de Lyon au public",
		"Le maire est accusé de fraude à Lyon":           "LE MAIRE EST ACCUSE DE FRAUDE A LYON",
		"Un homme tué, une femme blessée à Lyon":         "Un homme tue, une femme blessee a Lyon",
		"Le modèle se passe du réseau des autres":        "Le modele se passe du reseau des autres",
		"Le congrès de Lyon ouvre ce soir":               "Le congres de Lyon ouvre ce soir",
		"À Lyon, une boîte à idées pour août":            "A Lyon, une boite à idées pour aout",
		"L’événement de la rentrée à Lyon ce soir":       "L’évènement de la rentrée à Lyon ce soir",
		"Où sont les élèves, là ou ailleurs ce soir":     "Ou sont les élèves, la ou ailleurs ce soir",
		"La bourse de Paris gagne +5 % ce matin":         "La bourse de Paris gagne + 5 % ce matin",
		"La bourse de Paris perd −5 % ce matin":          "La bourse de Paris perd -5 % ce matin",
		"Canal+ rachète la chaîne d’information de Lyon": "Canal + rachète la chaîne d’information de Lyon",
		"Le marché de Lyon marche : le parcours":         "Le marché de LYON marche, le parcours",
		"Bilan : 5 réponses de la ville sur le stade":    "Bilan – 5 réponses de la ville sur le stade",
		"Apprendre le C++ avec un assistant de la ville": "Apprendre le c++ avec un assistant de la ville",
	} {
		first := telling("fr", title, advice)
		thin := but(first, func(a *newsletter.Article) { a.Body = "" })
		all = append(all,
			pair{"two sites: " + typed, first, but(titled(first, typed), at("https://gazette.example/9"))},
			pair{"one site: " + typed, first, again(titled(first, typed))},
			pair{"without a text: " + typed, thin, again(titled(thin, typed))},
		)
	}
	return all
}

// accentsOther are titles that an accent or a sign makes two.
func accentsOther() (all []pair) {
	for title, other := range map[string]string{
		"Un homme tué à Lyon après une dispute":          "Un homme tue à Lyon après une dispute",
		"Le maire accusé de fraude par son adjoint":      "Le maire accuse de fraude par son adjoint",
		"Marché de Noël à Lyon : le parcours":            "Marche de Noël à Lyon : le parcours",
		"Les maires jugés, les adjoints condamnés":       "Les maires juges, les adjoints condamnes",
		"Le congrès s’ouvre à Lyon cette année":          "Le congres s’ouvre à Lyon cette année",
		"Un jeûne à Lyon pour la paix":                   "Un jeune à Lyon pour la paix",
		"Une élève de Lyon au tableau d’honneur":         "Une élevé de Lyon au tableau d’honneur",
		"VIDÉO. Le préfet annoncé à Lyon ce soir":        "Le préfet annonce à Lyon ce soir",
		"La bourse de Paris : +5 % ce matin":             "La bourse de Paris : −5 % ce matin",
		"Les prix du gaz, +5 % ce matin à Lyon":          "Les prix du gaz, 5 % ce matin à Lyon",
		"Les prix du gaz (- 5 %) ce matin à Lyon":        "Les prix du gaz (5 %) ce matin à Lyon",
		"Apprendre le C avec un assistant de la ville":   "Apprendre le C++ avec un assistant de la ville",
		"Apprendre le C# avec un assistant de la ville":  "Apprendre le C++ avec un assistant de la ville ",
		"Apprendre le C# avec un assistant de la ville ": "Apprendre le C avec un assistant de la ville",
		"Canal+ ouvre une chaîne pour les enfants":       "Canal ouvre une chaîne pour les enfants",
	} {
		first := telling("fr", title, advice)
		thin := but(first, func(a *newsletter.Article) { a.Body = "" })
		all = append(all,
			pair{"two sites: " + other, first, but(titled(first, other), at("https://gazette.example/9"))},
			pair{"one site: " + other, first, again(titled(first, other))},
			pair{"without a text: " + other, thin, again(titled(thin, other))},
			pair{"one careless canonical: " + other, but(thin, func(a *newsletter.Article) { a.Canonical = "https://mairie.example/actu" }), but(again(titled(thin, other)), func(a *newsletter.Article) { a.Canonical = "https://mairie.example/actu" })},
		)
	}
	return all
}

func TestSigns(t *testing.T) {
	for title, want := range map[string][]string{
		"Hausse de +5,5 %, puis de −1\u202f200 points":      {"+55", "-1200"},
		"(-5 %) et « –7 % »":                                {"-5", "-7"},
		"Covid-19, GTX-5, les 2-3 octobre, 2026–2027":       nil,
		"PSG − OM : 2−1":                                    nil,
		"Bilan - 5 points, bilan – 5 conseils":              nil,
		"Immobilier : - 5 % en un an":                       {"-5"},
		"C, C++, C# et F#, Canal +, Disney+":                {"c++", "c#", "f#", "canal+", "disney+"},
		"Suivez #Orion, la question n° 5 & la suite":        nil,
		"Un café + un croissant, et 2 + 2":                  {"+2", "café+"},
		"Titre avec un tiret - puis la suite – et la fin —": nil,
	} {
		if got := signs(title); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}
