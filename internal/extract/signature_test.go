package extract_test

import (
	"strings"
	"testing"
)

// Who wrote, by a line under the title that no word begins which says so. The line is none of the text, and gives all whom it names.
func TestPage_bareSignatures(t *testing.T) {
	for line, want := range map[string]string{
		"<p>La rédaction</p>":                                                  "La rédaction",
		"<p class=info>3 mars 2026 - Lise Muller</p>":                          "Lise Muller",
		"<div><div>Lise Muller</div><div>3 mars 2026</div></div>":              "Lise Muller",
		"<div><p>3 mars 2026</p><p>Lise Muller</p></div>":                      "Lise Muller",
		"<p>La rédaction du Mans</p>":                                          "La rédaction du Mans",
		"<p>Notre rédaction, avec Reuters</p>":                                 "Notre rédaction, Reuters",
		"<p>La rédaction, le 3 mars 2026</p>":                                  "La rédaction",
		"<p>Lise Muller (avec AFP)</p>":                                        "Lise Muller, AFP",
		"<p>Lise Muller, avec l’AFP et Reuters</p>":                            "Lise Muller, AFP, Reuters",
		"<p>Lise Muller et Luc Petit avec Belga</p>":                           "Lise Muller, Luc Petit, Belga",
		"<p class=author>Lise Muller, avec AFP</p>":                            "Lise Muller, AFP",
		"<p class=source>Le Quai avec AFP</p><p class=date>il y a 3 jours</p>": "Le Quai, AFP",
		"<p>Reuters</p>": "Reuters",
		"<p>AFP - Publié le 03/03/2026 à 18:30</p>":   "AFP",
		"<p>AFP, Reuters</p>":                         "AFP, Reuters",
		"<p class=meta>Lise Muller | 3 mars 2026</p>": "Lise Muller",
		"<p class=meta>3 mars 2026 · Lise Muller</p>": "Lise Muller",
		"<p class=post-meta><span>3 mars 2026</span> <span>Lise Muller</span> <span>4 min de lecture</span></p>": "Lise Muller",
		"<p class=meta>Le service Sports, le 3 mars 2026</p>":                                                    "Le service Sports",
		"<p>Un article de Lise Muller</p>":                                                                       "Lise Muller",
		"<p><em>Une enquête d’Irène Muller et Luc Petit</em></p>":                                                "Irène Muller, Luc Petit",
		"<p>Par notre correspondant, Luc Petit</p>":                                                              "Luc Petit",
		"<p>Par notre correspondante à Rome, Lise Muller</p>":                                                    "Lise Muller",
		"<p>De notre envoyée spéciale à Rennes, Lise Muller</p>":                                                 "Lise Muller",
		"<p>De notre correspondant Luc Petit</p>":                                                                "Luc Petit",
		"<p>Texte : Lise Muller. Photos : Luc Petit.</p>":                                                        "Lise Muller",
		"<p>Publié : 3 mars 2026 à 18:30 CET - Lise Muller</p>":                                                  "Lise Muller",
		"<p>Textes et photos : Lise Muller</p><p>Yesterday at 3:15 pm</p>":                                       "Lise Muller",
		"<p>Par l’AFP</p>":                                                "AFP",
		"<p>Lise Muller (avec agences)</p>":                               "Lise Muller",
		"<p>Un reportage signé Lise Muller</p>":                           "Lise Muller",
		"<p>Dossier réalisé par Lise Muller et Luc Petit</p>":             "Lise Muller, Luc Petit",
		"<p>Recueilli par Lise Muller</p>":                                "Lise Muller",
		"<p>Story by Lise Muller</p>":                                     "Lise Muller",
		"<p>Par notre correspondante permanente à Tokyo, Lise Muller</p>": "Lise Muller",
		"<p>Lise Muller, correspondante à Berlin</p>":                     "Lise Muller",
		"<p>Par L. M.</p>":                                                "L. M.",
		"<p>Propos recueillis par Luc Petit</p>":                          "Luc Petit",
		"<p>Publié hier à 18h30 par Lise M.</p>":                          "Lise M.",
		"<div class=infos>Mardi 3 Mars 2026 - 18:30 | Rédigé par Anne-Éléonore Müller-Lévêque</div>":                      "Anne-Éléonore Müller-Lévêque",
		"<div class=who><div>Article rédigé par</div><div class=authors><a>Lise Muller</a>, <a>Luc Petit</a></div></div>": "Lise Muller, Luc Petit",
		"<div>Par</div><div>Lise Muller</div>":       "Lise Muller",
		"<div>--</div><div>2</div><div>Listen</div>": "",
	} {
		a := takes(t, "<title>Un titre</title><article><h1>Un titre</h1>"+line+prose+"</article>")
		if a.Author != want {
			t.Errorf("%s is %q, want %q", line, a.Author, want)
		}
		if !strings.HasPrefix(a.Body, "Le laboratoire a présenté mardi") {
			t.Errorf("%s stays in the text: %q", line, a.Body)
		}
	}
}

// What only begins as a signature does, or names somebody, is of the text.
func TestPage_noSignatures(t *testing.T) {
	for _, line := range []string{
		"Par 32 voix contre 11, le budget est adopté",
		"Par Toutatis, que se passe-t-il au conseil ?",
		"Par Lise Muller, le conseil a tout appris.",
		"Par Lise Muller et Luc Petit, le maire a fait distribuer un tract",
		"Publié chez Gallimard en 2024",
		"Avec agences",
		"Interview de Lise Muller",
		"Un entretien de Lise Muller",
		"« Rien n’est perdu », lance Lise Muller",
		"Rencontre avec Lise Muller",
		"Une enquête de police est ouverte",
		"Une enquête de Lise Muller dérange la mairie",
		"La rédaction d’une lettre prend une heure",
		"La rédaction vous répond",
		"De notre temps, on écoutait",
		"L’AFP fête ses ans",
		"Publié sous un faux nom",
		"Hier encore, il parlait",
		"90 minutes pour convaincre",
		"Lise Muller",
	} {
		a := takes(t, "<title>Un titre</title><article><h1>Un titre</h1><p>"+line+"</p>"+prose+"</article>")
		if a.Author != "" || !strings.HasPrefix(a.Body, line) {
			t.Errorf("%s: by %q, text %q", line, a.Author, a.Body)
		}
	}
}

// A place or a part of the site stands before a date as a name does.
func TestPage_noPersons(t *testing.T) {
	for _, line := range []string{
		"<p class=meta>La Rochelle | 3 mars 2026</p>",
		"<p>Publié le 3 mars 2026 | Vie pratique</p>",
		"<p>Publié le 3 mars 2026 dans Vie Pratique</p>",
		"<p class=meta>Vie Pratique | 3 mars 2026</p>",
		"<p class=meta><a href=/idees>Grands Débats</a> | 3 mars 2026</p>",
		"<p>Grands Débats | 3 mars 2026</p>",
		"<nav><a href=/nous>La rédaction</a></nav>",
		"<p><a href=/nous>Nous</a> | Lise Muller</p>",
	} {
		a := takes(t, `<title>T</title><meta property="article:section" content="Vie pratique"><article>`+line+"<h1>T</h1>"+line+prose+"</article>")
		if a.Author != "" {
			t.Errorf("%s is %q", line, a.Author)
		}
	}
}

// The day stands first in Europe. In a date that is one only with the month first, that is meant.
func TestPage_monthFirst(t *testing.T) {
	for line, want := range map[string]string{
		"11/24/2025":                "2025-11-23T23:00:00Z",
		"Publié le 11/24/2025 à 8h": "2025-11-24T07:00:00Z",
		"11/12/2025":                "2025-12-10T23:00:00Z",
		"24/11/2025":                "2025-11-23T23:00:00Z",
	} {
		a := takes(t, "<html lang=fr><title>T</title><article><h1>T</h1><p class=date>"+line+"</p>"+prose+"</article>")
		if got := a.Published.Format("2006-01-02T15:04:05Z"); got != want || !strings.HasPrefix(a.Body, "Le laboratoire") {
			t.Errorf("%s is %s, want %s; text %q", line, got, want, a.Body)
		}
	}
	for _, line := range []string{"13/32/2025", "31/02/2025"} {
		if a := takes(t, "<title>T</title><article><h1>T</h1><p>"+line+"</p>"+prose+"</article>"); !a.Published.IsZero() {
			t.Errorf("%s is %s", line, a.Published)
		}
	}
}
