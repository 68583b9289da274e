package extract_test

import (
	"strings"
	"testing"
)

// Who wrote, by the line that says so above a text. The line is none of the text, whoever it names.
func TestPage_bylines(t *testing.T) {
	for line, want := range map[string]string{
		"Par Ana Roux":                 "Ana Roux",
		"par Ana Roux, le 3 mars 2026": "Ana Roux",
		"<i>par Ana Roux</i>":          "Ana Roux",
		"PAR ANA ROUX":                 "ANA ROUX",
		"Par Ana Roux et Luc Petit":    "Ana Roux, Luc Petit",
		"Par Ana Roux, Luc Petit et Lise Muller | 3 mars 2026":                     "Ana Roux, Luc Petit, Lise Muller",
		"Par Ana Roux (avec Reuters)":                                              "Ana Roux, Reuters",
		"Par Ana Roux avec l’AFP":                                                  "Ana Roux, AFP",
		"Par Le Figaro avec AFP Publié hier":                                       "Le Figaro, AFP",
		"<span>Par Le Figaro avec AFP</span><span>Publié hier</span>":              "Le Figaro, AFP",
		"Par Ana Roux, envoyée spéciale à Rennes":                                  "Ana Roux",
		"Par Ana Roux, Envoyé spécial à Rennes":                                    "Ana Roux",
		"Par Ana Roux Journaliste":                                                 "Ana Roux",
		"Par Ana Roux, journaliste, et Luc Petit":                                  "Ana Roux",
		"Publié par Ana Roux le 3 mars 2026 à 8 h":                                 "Ana Roux",
		"Publié le 3 mars 2026 à 8 h par Ana Roux":                                 "Ana Roux",
		"Écrit par : Ana Roux":                                                     "Ana Roux",
		"Rédigé par Ana Roux - 3 mars 2026":                                        "Ana Roux",
		"Auteur : Ana Roux":                                                        "Ana Roux",
		"Texte : Ana Roux / Photos : Luc Petit":                                    "Ana Roux",
		"Photos par Luc Petit, texte par Ana Roux":                                 "Ana Roux",
		"Par La rédaction | 3 mars 2026":                                           "La rédaction",
		"Par la rédaction":                                                         "la rédaction",
		"Par la rédaction avec AFP":                                                "la rédaction, AFP",
		"Par le service Économie, le 3 mars 2026":                                  "le service Économie",
		"Par l’équipe du Quotidien":                                                "l’équipe du Quotidien",
		"Par La Voix du Nord":                                                      "La Voix du Nord",
		"Par J.-M. G. Le Clézio":                                                   "J.-M. G. Le Clézio",
		"Soumis par Ana Roux le mar 03/03/2026 - 08:00":                            "Ana Roux",
		"Submitted by Ana Roux on Tue, 03/03/2026 - 08:00":                         "Ana Roux",
		"Posted by Ana Roux on March 3, 2026":                                      "Ana Roux",
		"By Ana Roux Tuesday, March 3, 2026":                                       "Ana Roux",
		"By Ana Roux, Staff Writer":                                                "Ana Roux",
		"mardi 3 mars 2026, par Ana Roux":                                          "Ana Roux",
		"mardi 3 mars 2026, par <a href=/1>Ana Roux</a>, <a href=/2>Luc Petit</a>": "Ana Roux, Luc Petit",
		"Par <a href=/1>Ana Roux</a> pour <a href=/2>Le Monde</a>":                 "Ana Roux",
		"Publié par admin le 3 mars 2026":                                          "",
		"Publié par Admin le 3 mars 2026":                                          "",
		"mar, 03/03/2026 - 08:00 — Ana Roux":                                       "Ana Roux",
		"<i>Ana Roux - mardi 3 mars 2026</i>":                                      "Ana Roux",
		"Ana Roux, 3 mars 2026":                                                    "Ana Roux",
		"Intelligence Artificielle - 3 mars 2026":                                  "",
		"La Rochelle, le 3 mars 2026":                                              "",
		"<i>Ana Roux</i>":                                                          "Ana Roux",
		"Traduit de l’anglais par Luc Petit":                                       "",
		"Traduit de l'anglais (États-Unis) par Luc Petit":                          "",
		"Translated from the French by Luc Petit":                                  "",
		"Traduction : Luc Petit":                                                   "",
		"Par Ana Roux, traduit du grec par Luc Petit":                              "Ana Roux",
		"Par Ana Roux, journaliste et Luc Petit, photographe":                      "Ana Roux, Luc Petit",
		"<span class=byline>Le Quai <span class=auteur>Ana Roux</span></span>":     "Ana Roux",
		"Traduit par Luc Petit, le 3 mars 2026":                                    "",
		"<span class='author vcard'><a class='url fn n' href=/a>Ana Roux</a></span> | 3 mars 2026":                                "Ana Roux",
		"<span class='p-author h-card'>Ana Roux</span> 3 mars 2026":                                                               "Ana Roux",
		"<span itemprop=author itemscope><span itemprop=name>Ana Roux</span> <span>Journaliste</span></span>":                     "Ana Roux",
		"<span class='author-name'>Ana Roux</span> <span class='author-role'>Journaliste</span>":                                  "Ana Roux",
		"<span class='author-name'>Lisière</span> <span>3 mars 2026</span>":                                                       "Lisière",
		"<span class='author-role'>Journaliste</span> <span>3 mars 2026</span>":                                                   "",
		"<span class='author-name'>Ana Roux et Luc Petit</span>":                                                                  "Ana Roux, Luc Petit",
		"<a href='/auteurs/ana-roux'>Ana Roux</a> · 3 mars 2026":                                                                  "Ana Roux",
		"<a href='https://site.example/author/ana'>Ana Roux</a>, <a href='https://site.example/author/luc'>Luc Petit</a> · 3 min": "Ana Roux, Luc Petit",
		"<span class='field field--name-uid'><a class='username' href=/user/4>Ana Roux</a></span>, 3 mars 2026":                   "Ana Roux",
	} {
		a := takes(t, "<title>T</title><article><h1>T</h1><p>"+line+"</p>"+prose+"</article>")
		if a.Author != want {
			t.Errorf("%s is %q, want %q", line, a.Author, want)
		}
		if !strings.HasPrefix(a.Body, "Le laboratoire a présenté mardi") {
			t.Errorf("%s stays in the text: %q", line, a.Body)
		}
	}
}

// Who wrote, by what a page says to programs, which put accounts, addresses and whole lines where a name belongs.
func TestPage_authorsGiven(t *testing.T) {
	const shown = "<p>Par Lise Muller</p>"
	for head, want := range map[string]string{
		linkedData(`{"@type":"Article","headline":"T","author":"Ana Roux"}`):                                                                   "Ana Roux",
		linkedData(`{"@type":"Article","headline":"T","author":["Ana Roux","Luc Petit"]}`):                                                     "Ana Roux, Luc Petit",
		linkedData(`{"@type":"Article","headline":"T","author":[{"@type":"Person","name":"Ana Roux"},{"@type":"Person","name":"Luc Petit"}]}`): "Ana Roux, Luc Petit",
		linkedData(`{"@type":"Article","headline":"T","author":[["Ana Roux"],[{"name":"Luc Petit"}]]}`):                                        "Ana Roux, Luc Petit",
		linkedData(`{"@type":"Article","headline":"T","author":{"@type":"Person","name":["Ana Roux","Luc Petit"]}}`):                           "Ana Roux, Luc Petit",
		linkedData(`{"@type":"Article","headline":"T","author":{"@list":[{"name":"Ana Roux"}]}}`):                                              "Ana Roux",
		linkedData(`{"@type":"Article","headline":"T","author":{"@type":"Person","givenName":"Ana","familyName":"Roux"}}`):                     "Ana Roux",
		linkedData(`{"@type":"Article","headline":"T","author":{"@type":"Person","url":"https://site.example/ana"}}`):                          "Lise Muller",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"admin"}}`):                                                             "Lise Muller",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"Administrateur"}}`):                                                    "Lise Muller",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"aroux2024"}}`):                                                         "Lise Muller",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"admin"}}`) + `<meta name=author content="Ana Roux">`:                   "Ana Roux",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"Ana Roux et Luc Petit"}}`):                                             "Ana Roux, Luc Petit",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"Par Ana Roux"}}`):                                                      "Ana Roux",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"Ana Roux, envoyée spéciale à Rennes"}}`):                               "Ana Roux",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"Ana Roux (avec AFP)"}}`):                                               "Ana Roux, AFP",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"La rédaction |"}}`):                                                    "La rédaction",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"Ernst & Young"}}`):                                                     "Ernst & Young",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"La rédactrice en chef"}}`):                                             "La rédactrice en chef",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"Ana Roux, Journaliste"}}`):                                             "Ana Roux",
		linkedData(`{"@type":"Article","headline":"T","author":{"name":"bell hooks"}}`):                                                        "bell hooks",
		`<meta name=author content="ana@site.example">`:                                                                                        "Lise Muller",
		`<meta name=author content="Super User">`:                                                                                              "Lise Muller",
		`<meta name=author content="">`:                                                                                  "Lise Muller",
		`<meta property="article:author" content="https://facebook.com/ana">`:                                            "Lise Muller",
		`<meta property="article:author" content="Ana Roux">`:                                                            "Ana Roux",
		`<meta name="twitter:label1" content="Écrit par"><meta name="twitter:data1" content="Ana Roux">`:                 "Ana Roux",
		`<meta name="twitter:label1" content="Durée de lecture estimée"><meta name="twitter:data1" content="4 minutes">`: "Lise Muller",
	} {
		a := takes(t, "<html><head><title>T</title>"+head+"</head><body><article><h1>T</h1>"+shown+prose+"</article></body></html>")
		if a.Author != want {
			t.Errorf("%s is %q, want %q", head, a.Author, want)
		}
	}
}

// A paper that names itself for the author may show who wrote, and a list above the text tells it, whatever stands in a window above.
func TestPage_authorsBesidePaper(t *testing.T) {
	paper := linkedData(`{"@type":"NewsArticle","headline":"T","author":{"@type":"Organization","name":"Le Quai"}}`) + "<meta property=og:site_name content='Le Quai.fr'>"
	window := "<div role=dialog class=didomi-popup><p>" + strings.Repeat("Nous utilisons des traceurs, avec votre accord. ", 5) + "</p></div>"
	for shown, want := range map[string]string{
		"<p>Par Ana Roux</p>": "Ana Roux",
		"<div class=publication><div class=auteur><div class=nom>Le Quai</div> <a class=nom href=/auteur/s>Ana Roux</a></div></div>":                    "Ana Roux",
		"<div class=auteur><a class=nom href=/auteur/a>Ana Roux</a><div class=nom>Luc Petit</div></div>":                                                "Ana Roux, Luc Petit",
		"<ul class=elementor-post-info><li itemprop=author><a href=/author/j><span>Ana Roux</span></a></li><li><time>24 novembre 2026</time></li></ul>": "Ana Roux",
		"<p>24 novembre 2026</p>": "Le Quai",
	} {
		if a := takes(t, "<title>T</title>"+paper+window+"<main><article><h1>T</h1>"+shown+"<div>"+prose+"</div></article></main>"); a.Author != want || strings.Contains(a.Body, "Roux") {
			t.Errorf("%s: %q: %s", shown, a.Author, a.Body)
		}
	}
}
