package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// What a page says of itself is none of an article, where a paragraph says nothing else; what an article says stays, in whatever words.
func TestParse_remnants(t *testing.T) {
	for _, gone := range []string{
		"312 vues", "312 views", "1 204 vues", "1.2k views", "Vues : 312", "Post Views: 312", "Lu 312 fois", "Cet article a été lu 312 fois.", "Vous êtes le 15 403e visiteur", "3 commentaires",
		"Temps de lecture : 4 min", "Temps de lecture estimé : 4 minutes", "4 min de lecture", "4 min read", "Reading time: 4 minutes", "<span>2 min</span> Temps de lecture", "Il vous reste 2 articles gratuits ce mois-ci.", "You have 3 free articles left this month.", "Vous avez aimé cet article ?", "Did you enjoy this article?", "Cet article vous a-t-il plu ?", "Was this page helpful?", "Lecture 4 min", "⏱ 4 minutes de lecture • 312 vues",
		"Crédit photo : Ana Roux", "Crédits photos : Ana Roux / AFP", "Crédit image – DR", "Photo credit: Ana Roux", "Photo : AFP", "Photo © Ana Roux / AFP", "© AFP", "© 2026 Le Quotidien", "Image d’illustration.", "Photo by Ana Roux on Unsplash", "Photo de Ana Roux sur Unsplash",
		"Imprimer cet article", "Imprimer", "Version imprimable", "Envoyer par e-mail", "Envoyer cet article à un ami", "Print this article", "Partager cet article", "Partagez cet article", "Share this post", "Écouter l’article", "Sauvegarder", "Haut de page", "Retour à l’accueil",
		"Imprimer cet article - Haut de page - Retour à l’accueil", "Commenter Partager Imprimer", "4 min de lecture – 312 vues – Commenter", "3 mars 2026 | 312 vues | Imprimer", "Publié le 3 mars 2026 à 8 h • Lecture 4 min", "Temps de lecture&nbsp;: <strong>4&nbsp;min</strong>",
		"Commenter", "Réagir à cet article", "Laisser un commentaire", "Aucun commentaire", "Voir les 12 commentaires", "Leave a comment", "Soyez le premier à commenter", "Les commentaires sont fermés.", "Connectez-vous ou inscrivez-vous pour publier un commentaire",
		"Abonnez-vous", "Abonnez-vous !", "S’abonner", "Je m'abonne", "Subscribe now", "Abonnez-vous dès maintenant", "Abonnez-vous à notre chaîne YouTube",
		"Suivez-nous sur Google News", "Suivez-nous sur Google Actualités.", "Suivez toute l’actualité du Quotidien sur Google News", "Suivez-nous sur Facebook, X et LinkedIn", "Suivez-nous sur les réseaux sociaux", "Follow us on Google News", "Retrouvez-nous sur WhatsApp",
		"Publicité", "Advertisement", "La suite après la publicité", "Contenu sponsorisé", "Lire la suite", "Lire la suite →", "Continue reading →", "En savoir plus", "Article précédent",
		"Dernière mise à jour : 5 mars 2026", "Dernière mise à jour : 5 mars", "Mis à jour le 5 mars 2026", "Mis à jour le jeudi 5 mars 2026 à 8 h 30", "Publié le 5 mars 2026 par Ana Roux", "Updated on March 5, 2026", "Modifié le 05/03/2026",
		"Lire plus tard", "Read later", "Réagir (12)", "Commentaires (3)", "Read time: 4 minutes", "Listen", "La suite de l’article après la vidéo", "SKIP ADVERTISEMENT", "<a href=#x>skip past newsletter promotion</a>", "after newsletter promotion", "Cliquez ici pour imprimer", "Zoom : cliquez pour agrandir",
		"Retour à la liste des actualités", "👉 Rejoignez notre chaîne WhatsApp pour ne rien manquer", "Follow our Telegram channel", "&gt;&gt; <b>RELIRE.</b> La piscine ferme", "→ À lire aussi : La piscine ferme ses portes",
		"<a href=/imprimer>Imprimer cet article</a>", "<strong>À lire aussi</strong> <a href=/b>Un autre article</a>", "<a href=/b>À LIRE AUSSI - Un autre article</a>",
	} {
		for where, body := range withParagraph(t, "<p>"+gone+"</p>") {
			if strings.Contains(body, "Avant.") && body != "Avant.\n\nAprès." {
				t.Errorf("%q stays in %s: %q", gone, where, body)
			}
		}
	}
	for _, stays := range []string{
		"La vidéo n’a eu que 312 vues en un mois, dit la mairie.", "Les 312 vues de la vidéo ont suffi", "312 vues, et pas une de plus.", "Il a fallu 4 minutes de lecture aux jurés", "Il vous reste 2 articles à écrire.", "Vous avez aimé cet article de loi ?", "Did you enjoy this?", "Lu et approuvé",
		"Un article écrit par Le Figaro a tout changé.", "Le crédit photo est dû, dit le tribunal.", "Crédit : 30 millions d’euros", "Crédit immobilier : les taux baissent", "Photo par photo, le moulin renaît.",
		"Imprimer cet article coûte trois centimes.", "Imprimer en trois dimensions", "Comment ?", "Commenter, c’est déjà agir.", "Partager cet article de loi divise les députés.", "Partager le pouvoir",
		"Abonnez-vous, disait l’affiche, et vous ne perdrez rien.", "L’abonnement coûte 4 euros.", "Subscribe is a word of the last century.",
		"Suivez-nous dans les rues de Lyon", "Suivez le fleuve jusqu’à la mer.", "Publicité et information se mêlent.", "Annonce faite mardi", "Lire la suite de Fibonacci", "En savoir plus demande du temps",
		"Mis à jour le 5 mars 2026, le modèle répond mieux et coûte moins cher qu’avant.", "Mise à jour", "Publié en 2024 par Gallimard", "Paru le 3 mars 2026 chez Gallimard", "Modifié en 2024 par la loi", "3 fois", "3 mars 2026", "3 mars 2026, 4 mai 2026", "Le 3 mars 2026, 312 vues ont suffi", "Accueil glacial pour le ministre",
		"Listen to the river, he says.", "Réagir (12 fois par jour) fatigue", "La suite après la vidéo a surpris tout le monde.", "Rejoignez notre chaîne, dit-il.", "Relire. C’est le conseil du poète.", "Follow our guide to the river", "Cliquez ici pour imprimer, disait l’écran, et rien ne sortait.",
		"Tags : tram, budget", "Publié dans Nature", "L’article 49 est apparu en premier sur la table.",
		"Photos : trois façons de les trier", "Images : le modèle les lit toutes.",
	} {
		for where, body := range withParagraph(t, "<p>"+stays+"</p>") {
			if want := "Avant.\n\n" + stays + "\n\nAprès."; body != want {
				t.Errorf("%q does not stay in %s: %q", stays, where, body)
			}
		}
	}
}

// In headings, quotes, lists of what is counted and tables, and behind a colon, the same words are the article's.
func TestParse_remnantsOfTheArticle(t *testing.T) {
	for html, want := range map[string]string{
		"<h2>312 vues</h2><p>Dit.</p>":                                                         "## 312 vues\n\nDit.",
		"<blockquote><p>Abonnez-vous !</p></blockquote>":                                       "> Abonnez-vous !",
		"<ul><li>312 vues</li><li>12 lectures</li></ul>":                                       "- 312 vues\n- 12 lectures",
		"<p>Le bouton disait :</p><p>Imprimer</p>":                                             "Le bouton disait :\n\nImprimer",
		"<table><tr><td><p>Vidéo</p></td><td><p>312 vues</p></td></tr></table>":                "Vidéo – 312 vues",
		"<ul class=links><li><a href=/p>Version imprimable</a></li><li>312 lectures</li></ul>": "",
	} {
		for where, body := range withParagraph(t, html) {
			if want := strings.TrimSuffix("Avant.\n\n"+want, "\n\n") + "\n\nAprès."; body != want {
				t.Errorf("%s in %s is %q", html, where, body)
			}
		}
	}
}

// withParagraph is what becomes of some HTML in the middle of a text, where no chapô is looked for any more.
func withParagraph(t *testing.T, html string) map[string]string {
	t.Helper()
	said := strings.TrimSpace(strings.Repeat("Une phrase qui dit ce qu’il faut. ", 20))
	long := "<p>" + said + "</p>"
	text := long + long + "<p>Avant.</p>" + html + "<p>Après.</p>" + long
	paragraphs, _ := extract.HTML(text, nil)
	texts := map[string]string{
		"a text": extract.Clip(paragraphs),
		"a page": takes(t, "<title>T</title><article>"+text+"</article>").Body,
	}
	for where, body := range texts {
		texts[where] = strings.Trim(strings.ReplaceAll(body, said, ""), "\n")
	}
	return texts
}

// Under what a page is filed stands above a text or below it.
func TestPage_filing(t *testing.T) {
	const want = "Le laboratoire a présenté mardi"
	for _, gone := range []string{
		"Tags : tram, budget", "Mots-clés : tram, budget", "Étiquettes : <a href=/t>tram</a>, <a href=/b>budget</a>", "Filed Under: News", "Posted in News", "Publié dans Politique", "Catégorie : Politique", "Classé sous : Politique", "#Saint-Brieuc #Tramway",
		"L’article Un tram est apparu en premier sur La Gazette.", "The post A tram appeared first on The Gazette.",
	} {
		for _, page := range []string{"<p>" + gone + "</p>" + prose, prose + "<p>" + gone + "</p>"} {
			if a := takes(t, "<title>T</title><article>"+page+"</article>"); !strings.HasPrefix(a.Body, want) || !strings.HasSuffix(a.Body, "essayé.") {
				t.Errorf("%q stays: %s", gone, a.Body)
			}
		}
	}
	for _, stays := range []string{"Tags : un mot qui divise. Les peintres le refusent.", "Publié dans Nature, le texte a été relu trois fois.", "Posted in 1943, the letter came last week.", "#MeToo a dix ans.", "L’article 49 est paru en premier sur la liste, dit-elle, et il y reste : personne n’en veut d’autre."} {
		if a := takes(t, "<title>T</title><article>"+prose+"<p>"+stays+"</p></article>"); !strings.HasSuffix(strings.ReplaceAll(a.Body, "\\", ""), stays) {
			t.Errorf("%q is gone: %s", stays, a.Body)
		}
	}
}

// What the author of an article is stands in an <address> with her name, and is none of the text.
func TestPage_signedAddress(t *testing.T) {
	a := takes(t, "<title>T</title><article><h1>T</h1><address aria-label='Contributor info'><div><a rel=author href=/profile/a>Ana Roux</a> Global technology editor</div></address>"+prose+"</article>")
	if a.Author != "Ana Roux" || !strings.HasPrefix(a.Body, "Le laboratoire") {
		t.Errorf("author %q, text %s", a.Author, a.Body)
	}
	if a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+"<address>Le moulin, 12 rue du Port, Lorient</address></article>"); !strings.Contains(a.Body, "12 rue du Port") {
		t.Errorf("an address is gone: %s", a.Body)
	}
}
