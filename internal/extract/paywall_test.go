package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// The line by which a page sells the rest of its text, whatever its words, stands for that rest.
func TestPage_paywalls(t *testing.T) {
	for _, line := range []string{
		"To continue reading, please subscribe or log in.", "Subscribe to continue reading", "Subscribe to read the full story.", "Log in or sign up to keep reading", "Sign in to read the full article", "Subscribe now to unlock this article",
		"This article is for subscribers only.", "This post is for paid subscribers", "The rest of this story is for our members.", "Become an FT subscriber to continue reading", "Create a free account to continue reading.",
		"You have reached your limit of free articles. Subscribe for $1.", "You’ve read all your free articles this month", "Read the full story with a subscription", "Continue reading with a digital subscription", "Want to keep reading? Subscribe.", "Already a subscriber? Log in", "Thanks for reading. Create your free account or log in to continue reading.",
		"La suite est réservée aux abonnés.", "Cet article est réservé à nos abonnés", "Contenu réservé aux abonnés", "Réservé aux abonnés", "Il vous reste 82&nbsp;% de cet article à lire.", "Cet article est payant.",
		"Vous souhaitez lire la suite ? Abonnez-vous !", "Lisez la suite de cet article avec l’offre numérique", "Pour lire la suite, abonnez-vous", "Pour lire gratuitement cet article réservé aux abonnés, connectez-vous", "Abonnez-vous pour lire la suite", "Je m’abonne pour lire la suite", "Envie de lire la suite ?",
		"Déjà abonné ? Identifiez-vous pour lire la suite", "Déjà abonné ? <a href=/connexion>Se connecter</a>", "Vous avez lu vos 3 articles gratuits du mois.", "Créez un compte pour lire cet article", "Débloquez cet article pour 1 €", "Découvrez l’intégralité de l’article en vous abonnant.", "Vous devez être abonné pour lire cet article.",
		"Pour accéder à la suite de cet article, vous devez être abonné.", "Lecture réservée aux abonnés", "Vous avez lu 20 % de l’article, abonnez-vous pour lire la suite", "Contenu premium réservé à nos abonnés", "L’article complet est disponible pour les abonnés",
		"This is a subscriber-only story.", "Get unlimited access to this story. Subscribe now.", "Keep reading for $1", "Continue reading this article for free: register now", "Subscribe to The Times to read as many articles as you like.", "Support local journalism. Subscribe to continue.",
		"La lecture des articles est réservée aux abonné·es.", "L’accès à nos articles est réservé aux abonné.e.s", "L'accès aux articles complets est réservé à nos abonnés",
		"<a href='/abonnement'>Cet article est réservé aux abonnés</a>",
	} {
		for _, page := range []string{prose + "<p>" + line + "</p>", prose + "<div class=fin><div>" + line + "</div></div><div><a href=/b>Un autre article</a></div>"} {
			a, err := extract.Page(address, address, []byte("<title>T</title><article>"+page+"</article>"), "text/html", nil, today())
			if err == nil || !strings.Contains(err.Error(), "for subscribers or members") {
				t.Errorf("%s: %v\n%s", line, err, a.Body)
			}
		}
	}
}

// A page says the same to programs.
func TestPage_paywallsByData(t *testing.T) {
	for _, head := range []string{
		`<meta name="article:content_tier" content="Premium">`, `<meta itemprop="isAccessibleForFree" content="False">`,
		linkedData(`{"@type":"NewsArticle","headline":"T","hasPart":{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".suite"}}`),
		linkedData(`{"@type":"WebPage","isAccessibleForFree":"http://schema.org/False"}`),
	} {
		if a, err := extract.Page(address, address, []byte("<title>T</title>"+head+prose), "text/html", nil, today()); err == nil {
			t.Errorf("%s: %s", head, a.Body)
		}
	}
	for _, head := range []string{
		`<meta name="article:content_tier" content="free">`, `<meta name="article:content_tier" content="metered">`, `<meta itemprop="isAccessibleForFree" content="true">`,
		linkedData(`{"@type":"NewsArticle","headline":"T","isAccessibleForFree":true,"hasPart":{"@type":"WebPageElement","isAccessibleForFree":false}}`),
	} {
		takes(t, "<title>T</title>"+head+prose)
	}
}

// What leads to a paid article says nothing of this one, nor does an article that speaks of subscriptions.
func TestPage_noPaywalls(t *testing.T) {
	for _, part := range []string{
		"<p><span>Lire aussi |</span> <a href=/b><span>Article réservé à nos abonnés</span> La piscine ferme ses portes</a></p>",
		"<p><b>Lire aussi :</b> <span>Article réservé à nos abonnés</span> <a href=/b>La piscine ferme ses portes</a></p>",
		"<section><span>Lire le portrait : </span><a href=/b>La piscine ferme ses portes <span>Article réservé à nos abonnés</span></a></section>",
		"<p>Le maire <a href=/b>l’avait dit <span>Article réservé à nos abonnés</span></a> lundi.</p>",
		"<div><h3><a href=/b>La piscine ferme ses portes</a></h3><p>Article réservé aux abonnés</p></div>",
		"<a href=/b><div>La piscine ferme ses portes</div><div>Réservé aux abonnés</div></a>",
		"<p>« Cet article est réservé aux abonnés » : la phrase barre la moitié des pages du site.</p>",
		"<p>Abonnez-vous pour lire la suite, répète le site à chaque page, sans succès.</p>",
		"<p>Subscribe to continue reading, says the page, and few do.</p>",
		"<p>Déjà abonné ? La question revient sans fin.</p>", "<p>Cet article est réservé aux abonnés, prévient le site.</p>", "<p>Pour lire la suite, abonnez-vous : la formule fait fuir.</p>",
		"<p>Subscribe to continue reading is the message that readers see most.</p>",
		"<p>Le journal estime que la lecture réservée aux abonnés est l’avenir du métier.</p>",
		"<p>Inscrivez-vous pour accéder au salon, qui ouvre mardi.</p>",
		"<p>Il reste 20 % du chantier à faire.</p>",
		"<p>To read more of his poems, the library opens on Monday.</p>",
	} {
		first, second, _ := strings.Cut(prose, "</p>")
		for _, page := range []string{prose + part, first + "</p>" + part + second} {
			if a := takes(t, "<title>T</title><article>"+page+"</article>"); !strings.Contains(a.Body, "Le laboratoire a présenté mardi") || !strings.Contains(a.Body, "deux personnes qui l’ont essayé.") {
				t.Errorf("%s\n%s", part, a.Body)
			}
		}
	}
	mid := "<p>You have reached your limit of free articles.</p>"
	if a := takes(t, "<title>T</title><article>"+prose+mid+prose+"</article>"); !strings.Contains(a.Body, "You have reached") {
		t.Errorf("a line amid a text: %s", a.Body)
	}
	if a := takes(t, "<title>T</title><article>"+strings.Repeat(prose, 10)+"<p>Déjà abonné ? Se connecter</p></article>"); !strings.Contains(a.Body, "Le laboratoire") {
		t.Errorf("a question under a long text: %s", a.Body)
	}
}
