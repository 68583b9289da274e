package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// Pages that ask for consent, in whatever elements, and show nothing else, or hardly anything.
func TestPage_consentWalls(t *testing.T) {
	const (
		partners = "<p>Avec nos 731 partenaires, nous déposons des cookies sur votre appareil pour mesurer l’audience, vous montrer des publicités personnalisées et améliorer nos services, tant que vous ne vous y opposez pas.</p>"
		purposes = "<p>Stocker des informations sur un terminal, publicités et contenus personnalisés, mesure de performance, études d’audience et développement de services.</p>"
		english  = "<p>We and our 412 partners store and access personal data, like browsing data or unique identifiers, on your device. Selecting a button lets you say whether tracking technologies may support the purposes shown here.</p>"
	)
	for name, page := range map[string]string{
		"in the body itself":           "<title>Un instant, s’il vous plaît</title><body><h1>Votre vie privée compte</h1>" + partners + "<button>Tout accepter</button><button>Je refuse</button>",
		"in a box":                     "<title>Le Quotidien | Vos choix</title><div id=wall><div class=text><h2>Vos choix</h2>" + partners + "</div><div class=actions><a href=#>Personnaliser</a><button>Accepter et fermer</button></div></div>",
		"with one button":              "<title>Cookies</title><main><h1>Cookies</h1><p>Ce site dépose des traceurs pour connaître son audience et financer ses contenus. Si vous cliquez sur le bouton, vous consentez à leur emploi, que vous pouvez refuser plus tard en écrivant à notre délégué à la protection des données.</p><button type=submit>J’accepte</button></main>",
		"with purposes, each apart":    "<title>Gazette</title><section><h1>Gérez vos données</h1><div>" + partners + "<span role=button>Accepter tout</span></div><div>" + purposes + "<button>Accepter</button><button>Refuser</button></div></section>",
		"in a form":                    "<title>Portail</title><form><p>Votre consentement est demandé pour les cookies publicitaires que nos partenaires et nous utilisons lors de votre visite. Il vaut pour six mois sur tous les sites du groupe, et vous pouvez le retirer quand vous voulez depuis votre compte.</p><input type=submit value='Accepter les cookies'></form>",
		"or a subscription":            "<title>La Dépêche</title><main><h1>La Dépêche</h1><div>" + partners + "<button>Accepter et continuer</button></div><div><p>Sans traceurs publicitaires : abonnez-vous pour 2 euros le premier mois, puis pour 9 euros, sans engagement, et lisez tous les articles du journal et de ses suppléments, sur tous vos écrans, y compris les archives depuis 1980.</p><a href=/abo>S’abonner</a></div></main>",
		"in a dialogue over nothing":   "<title>Le Site</title><div role=dialog aria-modal=true>" + partners + "<button>OK pour moi</button><button>Continuer sans accepter</button></div><div id=root></div>",
		"with more behind it":          "<title>Le Site</title><div>" + partners + "<button>Paramétrer</button></div><div><h3>Cookies nécessaires</h3><p>Toujours actifs</p><p>Ces cookies font fonctionner le site et ne peuvent pas être arrêtés. Ils répondent à ce que vous faites : ouvrir une session, remplir un formulaire, choisir une langue.</p><p>Vous pouvez les bloquer dans votre navigateur, mais sans ces cookies des parties du site ne marcheront plus, et votre session sera fermée.</p></div>",
		"in English, in the body":      "<title>Before you go on</title><h1>Before you go on</h1>" + english + "<button>Accept all</button><button>Reject all</button>",
		"in English, by links":         "<title>The Paper</title><div class=gate>" + english + "<p><a href='#'>I agree</a> <a href='#'>Manage options</a></p></div>",
		"in English, by one input":     "<title>Choices</title><main><p>This website uses cookies to measure its audience and to show you personalised ads. By continuing you give your consent to their use by us and by the partners listed in the privacy policy, for thirteen months.</p><input type=button value='Agree and continue'></main>",
		"in English, in two columns":   "<title>News</title><table><tr><td>" + english + "</td></tr><tr><td><button>Agree</button></td><td><button>Cookie settings</button></td></tr></table>",
		"in a frame":                   "<title>Le Site</title><div id=root><p>Chargement…</p></div><iframe id=sp_message_iframe_7 src='https://cdn.privacy-mgmt.com/index.html?message_id=7&consent_origin=x'></iframe>",
		"over the head of the article": linkedData(`{"@type":"NewsArticle","headline":"Un titre"}`) + "<title>Un titre</title><div>" + partners + "<button>Tout refuser</button></div>",
	} {
		if a, err := extract.Page(address, address, []byte(page), "text/html", nil, today()); err == nil || !strings.Contains(err.Error(), "it asks for consent before it shows anything: it says “") {
			t.Errorf("%s: %v, %q", name, err, a.Body)
		}
	}
}

// Articles whose pages ask for consent beside them, and articles on consent: all of their text is taken, and nothing of the question.
func TestPage_consentBanners(t *testing.T) {
	const (
		banner  = "<p>Avec nos 98 partenaires, nous déposons des cookies sur votre appareil pour mesurer l’audience. Vous pouvez changer d’avis à tout moment.</p>"
		buttons = "<button>Tout accepter</button><button>Continuer sans accepter</button>"
		english = "<p>We use cookies and similar technologies to personalise ads for you, with your consent.</p><button>Accept all</button> <button>Manage preferences</button>"
		guide   = "<p>Vous voulez refuser les cookies de votre navigateur ? Ouvrez ses réglages, puis la page consacrée à la vie privée, où vous trouverez la liste des traceurs que chaque site garde sur votre appareil.</p>" +
			"<p>Vous pouvez y retirer votre consentement site par site, ou effacer tous les cookies d’un coup, ce qui vous déconnecte de vos comptes et remet vos préférences à zéro partout.</p>" +
			"<p>Vous préférez tout bloquer ? Votre navigateur sait refuser les cookies de tous les sites tiers, sans que vous ayez à répondre à chaque bandeau, au prix de quelques pages qui ne marcheront plus.</p>" +
			"<p>Et si vous changez de téléphone, refaites-le : vos réglages sur les traceurs ne suivent pas toujours d’un appareil à l’autre, même quand vous ouvrez le même compte.</p>"
		law = "<p>La CNIL a infligé une amende de 150 millions d’euros à un moteur de recherche dont les cookies étaient plus faciles à accepter qu’à refuser, sans consentement libre.</p>" +
			"<p>Le bouton « Tout refuser » devra être aussi visible que le bouton « Tout accepter », et les traceurs ne seront plus posés avant le choix de l’internaute.</p>"
		brief = "<p>The lab showed a model on Tuesday that reads pictures and listens to sounds, and answers spoken questions within a second, said two people who tried it.</p>" +
			"<p>It opens to researchers in spring and to companies later in the year, at prices nobody would name yet, according to the same people.</p>"
	)
	for name, c := range map[string]struct{ page, begins, ends string }{
		"before it":               {"<title>T</title><div class=x>" + banner + buttons + "</div><article>" + prose + "</article>", "Le laboratoire", "l’ont essayé."},
		"beside it in the body":   {"<title>T</title><body>" + prose + banner + buttons, "Le laboratoire", "l’ont essayé."},
		"above it in the body":    {"<title>T</title><body>" + banner + buttons + prose, "Le laboratoire", "l’ont essayé."},
		"in a dialogue":           {"<title>T</title><main>" + prose + "</main><div role=dialog>" + banner + "<div>" + buttons + "</div></div>", "Le laboratoire", "l’ont essayé."},
		"longer than the article": {"<title>T</title><main>" + prose + "</main><section><h2>Vos choix</h2>" + strings.Repeat(banner, 6) + "<div>" + buttons + "</div></section>", "Le laboratoire", "l’ont essayé."},
		"for a film within":       {"<title>T</title><article>" + strings.Replace(prose, "</p>", "</p><div><p>Cette vidéo est fournie par un tiers : acceptez ses cookies pour que nous puissions vous la montrer.</p><button>Accepter les cookies</button></div>", 1) + "</article>", "Le laboratoire", "l’ont essayé."},
		"on a guide to them":      {"<title>T</title><div>" + banner + buttons + "</div><main>" + guide + "</main>", "Vous voulez refuser", "le même compte."},
		"on the law of them":      {"<title>T</title><body>" + law + banner + buttons, "La CNIL a infligé", "l’internaute."},
		"in a frame":              {"<title>T</title><main>" + prose + "</main><iframe src='https://consent.site.example/question'></iframe>", "Le laboratoire", "l’ont essayé."},
		"with a button elsewhere": {"<title>T</title><article>" + prose + "<p>Nous pensons que vos données personnelles restent les vôtres.</p></article><form><button>OK</button></form>", "Le laboratoire", "restent les vôtres."},
		"in English, before it":   {"<title>T</title><div>" + english + "</div><article>" + brief + "</article>", "The lab showed", "the same people."},
		"in English, beside it":   {"<title>T</title><body>" + brief + english, "The lab showed", "the same people."},
		"in English, by links":    {"<title>T</title><div id=bar><span>We use cookies on this site.</span> <a href='#'>Got it</a> <a href='#'>Reject</a></div><main>" + brief + "</main>", "The lab showed", "the same people."},
		"in English, twice":       {"<title>T</title><div>" + english + "</div><main>" + brief + "</main><div>" + english + "</div>", "The lab showed", "the same people."},
	} {
		a, err := extract.Page(address, address, []byte(c.page), "text/html", nil, today())
		if err != nil || !strings.HasPrefix(a.Body, c.begins) || !strings.HasSuffix(a.Body, c.ends) || strings.Contains(a.Body, "fournie par un tiers") {
			t.Errorf("%s: %v\n%s", name, err, a.Body)
		}
	}
}
