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
		"with a list that goes on":     "<title>Portail</title><div><h2>Nous, Portail, faisons partie de la famille de marques Portail.</h2><p>Lorsque vous utilisez nos sites et applications, nous utilisons des cookies pour :</p><ul><li>vous fournir nos sites et applications ;</li><li>authentifier les utilisateurs, appliquer des mesures de sécurité, prévenir les spams et les abus ; et</li><li>mesurer l’engagement de l’audience et les statistiques des sites, et suivre les interruptions de service.</li></ul><p>Si vous cliquez sur « Tout accepter », nous et nos partenaires accéderons à des informations sur un appareil.</p><form><button>Tout accepter</button><button>Tout refuser</button></form></div>",
		"to pay or to accept":          "<title>Cookies</title><div><h1>Bienvenue sur le site</h1><p>Le Quai et ses 711 partenaires souhaitent utiliser des cookies et des identifiants non sensibles pour afficher des publicités personnalisées, mesurer leur performance et financer la gratuité du site.</p><p>Soit vous acceptez ces traitements, soit vous choisissez l’accès sans publicité à 1,99 € pour un mois. Vous pourrez changer d’avis à tout moment.</p><button>Accepter et accéder gratuitement</button><button>S’abonner pour 1,99 €</button></div>",
		"with what it pays for":        "<title>Le Site</title><main><h1>Les cookies</h1><p>Bonjour, c’est nous, les cookies !</p><p>On a attendu d’être sûrs que le contenu de ce site vous intéresse avant de vous déranger, mais on aimerait bien vous accompagner pendant votre visite. C’est bon pour vous ?</p><p>Nous nous en servons pour mesurer l’audience et vous montrer des publicités qui vous ressemblent. Consentements certifiés.</p><button>Non merci</button><button>Je choisis</button><button>OK pour moi</button></main>",
		"in German":                    "<title>Willkommen</title><div><h1>Mit Werbung weiterlesen</h1><p>Besuchen Sie unser Angebot wie gewohnt mit Werbung und Tracking. Ihre Zustimmung zur Verwendung von Cookies und anderen Technologien können Sie jederzeit widerrufen.</p><button>Akzeptieren und weiter</button><h2>… oder Pur-Abo abschließen</h2><p>Nutzen Sie unser Angebot ohne Werbetracking für 4,99 € im Monat. Für Abonnenten kostet es nur 1,99 €.</p></div>",
		"in English, to pay or accept": "<title>The Quay</title><main><h1>Consent or pay</h1><p>To read for free, allow us and our 300 partners to use cookies and your data so that we can show you personalised advertising. Or pay £4.99 a month to read without personalised advertising.</p><p>You can change your mind at any time in the footer of each page. If you already pay, sign in below with the address that you gave us.</p><button>Accept and read for free</button><button>Pay to reject</button></main>",
		"in Spanish":                   "<title>El Muelle</title><main><h1>Valoramos su privacidad</h1><p>Nosotros y nuestros 830 socios almacenamos información en un dispositivo, como las cookies, y tratamos datos personales para ofrecer anuncios y contenido personalizados.</p><p>Con su consentimiento, podemos utilizar datos de localización geográfica precisa, que usted puede retirar cuando quiera.</p><button>Aceptar y continuar</button><button>Rechazar y suscribirse</button></main>",
		"in Italian":                   "<title>Il Molo</title><main><h1>Il tuo consenso</h1><p>Noi e i nostri 750 partner archiviamo informazioni su un dispositivo, come i cookie, e trattiamo i dati personali per annunci e contenuti personalizzati.</p><p>Puoi accettare e leggere gratis, oppure abbonarti per 1 euro al mese e leggere senza cookie di profilazione. Puoi cambiare idea in ogni momento.</p><button>Accetta e continua</button><button>Abbonati</button></main>",
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
		pay     = "<h2>Bienvenue</h2><p>Le Quai et ses 711 partenaires souhaitent utiliser des cookies pour afficher des publicités personnalisées, mesurer leur performance et financer la gratuité du site.</p><p>Soit vous acceptez ces traitements, soit vous choisissez l’accès sans publicité à 1,99 € pour un mois, qui vous fait lire tout le site sans que nous vous suivions.</p><button>Accepter et accéder gratuitement</button><button>S’abonner pour 1,99 €</button>"
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
		"to pay or to accept":     {"<title>T</title><div>" + pay + "</div><main>" + law + "</main>", "La CNIL a infligé", "l’internaute."},
		"to pay, behind a text":   {"<title>T</title><main>" + prose + "</main><div>" + pay + "</div>", "Le laboratoire", "l’ont essayé."},
		"for a film in a guide":   {"<title>T</title><main>" + strings.Replace(guide, "</p>", "</p><div><p>Pour voir cette vidéo, acceptez les cookies de ce service.</p><button>Accepter et voir la vidéo</button></div>", 1) + "</main>", "Vous voulez refuser", "le même compte."},
		"for reading without ads": {"<title>T</title><main>" + guide + "<button>Lire sans publicité</button></main>", "Vous voulez refuser", "le même compte."},
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
