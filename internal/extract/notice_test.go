package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// What a site shows in place of an article is none, with whatever title.
func TestPage_notices(t *testing.T) {
	const (
		stay = "<p>Vous pouvez consulter les dernières nouvelles du jour sur notre page d’accueil, ou chercher dans nos archives, qui remontent à 1998 et que nos équipes complètent chaque semaine, avec l’aide de nos lecteurs.</p>"
		look = "<p>You may want to look at the latest news of the day on our front page, or to search our archive, which goes back to 1998 and is free for our readers, in whatever country you live, as are our letters.</p>"
	)
	for page, seen := range map[string]string{
		"<h1>Cet article n’est plus disponible</h1>" + stay: "there is no such page", "<h1>Oups ! Cette page n'existe plus</h1>" + stay: "there is no such page", "<h1>Gazette</h1><p>Désolé, l'article que vous cherchez a été retiré.</p>" + stay: "there is no such page", "<h1>Article supprimé</h1>" + stay: "there is no such page", "<h1>Ce contenu est indisponible</h1>" + stay: "there is no such page",
		"<h1>This article is no longer available</h1>" + look: "there is no such page", "<h1>Sorry</h1><p>Sorry, the story you are looking for has been removed.</p>" + look: "there is no such page", "<h1>Story unavailable</h1>" + look: "there is no such page",
		"<h1>T</h1><div><h2>Vous utilisez un bloqueur de publicité</h2>" + stay + "</div>": "blocks advertisements", "<h1>T</h1><p>Pour accéder à cet article, merci de désactiver votre bloqueur puis de recharger la page.</p>" + stay: "blocks advertisements", "<h2>Ad blocker detected</h2>" + look: "blocks advertisements", "<h1>T</h1><p>It looks like you’re using an ad blocker.</p>" + look: "blocks advertisements", "<h1>T</h1><p>Please disable your adblocker to continue.</p>" + look: "blocks advertisements",
		"<h1>Avez-vous plus de 18 ans ?</h1>" + stay + "<button>Oui</button><button>Non</button>": "age of visitors", "<h1>Domaine</h1><p>Pour entrer sur ce site, vous devez avoir l’âge légal de consommer de l’alcool.</p>" + stay: "age of visitors", "<h1>Are you over 18?</h1>" + look: "age of visitors", "<h1>Brewery</h1><p>You must be of legal drinking age to enter this site.</p>" + look: "age of visitors",
		"<h1>Unavailable in your region</h1>" + look: "in some countries", "<h1>Nous sommes désolés</h1><p>Ce contenu n’est pas disponible dans votre pays.</p>" + stay: "in some countries", "<h1>451: Unavailable due to legal reasons</h1>" + look: "in some countries", "<h1>Sorry</h1><p>Our website is currently unavailable in most European countries.</p><p>This website is not available to visitors from your country.</p>" + look: "in some countries",
		"<h1>Site en maintenance</h1>" + stay: "for maintenance", "<h1>De retour bientôt</h1><p>Notre site est actuellement en cours de maintenance.</p>" + stay: "for maintenance", "<h1>Under maintenance</h1>" + look: "for maintenance", "<h1>Down for scheduled maintenance</h1>" + look: "for maintenance",
		"<h1>Votre navigateur n’est plus pris en charge</h1>" + stay: "too old", "<h1>Navigateur obsolète</h1>" + stay: "too old", "<h1>Your browser is not supported</h1>" + look: "too old", "<h1>T</h1><p>Please enable JavaScript to view this page.</p>" + look: "too old",
	} {
		a, err := extract.Page(address, address, []byte("<title>Gazette</title><main>"+page+"</main>"), "text/html", nil, today())
		if err == nil || !strings.Contains(err.Error(), seen) {
			t.Errorf("%s: %v\n%s", page, err, a.Body)
		}
	}
}

// An article about such pages is one, and so is one whose page says so beside it.
func TestPage_noNotices(t *testing.T) {
	const brief = "<p>La mairie l’a fait savoir mardi : le portail des familles reviendra jeudi, après deux jours d’arrêt. Les inscriptions à la cantine, closes depuis lundi, reprendront alors, et la date limite sera reportée d’une semaine.</p>"
	for _, page := range []string{
		"<h1>Site en maintenance : la cantine attend</h1>" + brief, "<h1>« Cet article n’est plus disponible »</h1>" + brief, "<h1>Votre navigateur n’est plus à jour ?</h1>" + brief, "<h1>T</h1><p>« Cet article n’est plus disponible », lit-on sur la page.</p>" + brief, "<h1>Ad blocker detected: the end of a truce</h1>" + prose,
		"<h1>T</h1><div class=warn>Votre navigateur est obsolète.</div>" + prose, "<h1>T</h1>" + prose + "<div><p>Vous utilisez un bloqueur de publicité. Pensez à nous soutenir.</p></div>", "<h1>T</h1><noscript>Please enable JavaScript.</noscript>" + brief,
		"<h1>Voter</h1><p>Vous devez avoir au moins 18 ans le jour du scrutin, et être inscrit sur les listes de votre commune avant le 6 février, en ligne ou au guichet de votre mairie, avec une pièce d’identité et un justificatif de domicile de moins de trois mois.</p>",
		"<h1>Votre navigateur est obsolète : que faire ?</h1>" + strings.Repeat("<p>Ouvrez les réglages de votre navigateur, puis la page consacrée aux mises à jour, où vous verrez le numéro de la version que vous avez, et laissez-le chercher la suivante, ce qui vous prendra une minute.</p>", 7),
		"<h1>Un dossier</h1><p>Cet article n’est pas disponible en anglais, mais nous le traduirons avant l’été, avec notre équipe.</p>" + strings.ReplaceAll(prose, "Le laboratoire", "Notre laboratoire"),
		"<h1>Le pont</h1><p>Ce pont n’est plus disponible aux camions.</p>" + brief, "<h1>La page blanche</h1><p>La page blanche n’existe pas, selon la romancière que nous avons rencontrée.</p>" + brief,
	} {
		takes(t, "<title>Gazette</title><main>"+page+"</main>")
	}
}
