package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// Parts of a text that are as long as those of articles are.
const (
	partOne   = "<p>La première version, que trois équipes ont essayée pendant l’hiver, lit cinq langues et se trompe une fois sur vingt, selon les mesures que le laboratoire a publiées.</p>"
	partTwo   = "<p>La seconde version, attendue pour l’automne, doit lire douze langues, dont le breton, et coûtera deux fois moins cher, a promis la directrice devant les chercheurs.</p>"
	partThree = "<p>Les données viennent de douze bibliothèques, qui ont donné leur accord par écrit, et dont les fonds restent à leur place, sur des machines qui leur appartiennent.</p>"
)

// brief is a page without the text that all have.
func brief(page string) string { return strings.ReplaceAll(page, prose, "…") }

// calls are lines by which sites tell who reads on, with what they say the visitors have to be or do.
func calls() []string {
	return []string{
		"Vous devez être connecté pour lire la suite…", "Vous devez être connecté(e) pour lire la suite de cet article.", "Vous devez être abonné·e pour accéder à la suite", "Tu dois être connecté pour lire la suite", "Connecte-toi pour lire la suite", "Abonne-toi pour continuer à lire cet article",
		"Veuillez vous connecter pour lire la suite", "Merci de vous identifier pour accéder à l’intégralité de l’article", "Il faut être abonné pour lire la suite.", "Pour lire la suite, veuillez vous connecter.", "Pour accéder à cet article, vous devez disposer d’un abonnement.", "Prenez un abonnement pour lire la suite",
		"Entrez votre adresse e-mail pour lire la suite", "Saisissez votre e-mail pour continuer à lire", "Un abonnement est nécessaire pour lire la suite.", "La lecture de cet article nécessite un abonnement.", "Devenez membre pour découvrir la suite", "Désolé, vous devez être connecté pour accéder à ce contenu.",
		"Cet article est en accès payant", "Cet article est en accès restreint.", "La suite de cet article est réservée à nos abonnés numériques", "La suite est accessible uniquement aux membres inscrits", "Ce contenu est réservé aux utilisateurs connectés.", "Cet article fait partie de notre offre premium.",
		"Offrez-vous la suite pour 2 €", "Achetez cet article pour 1,50 €", "Lisez la suite à partir de 1 € par mois", "Débloquez la suite dès 2 €", "Lisez la suite dans notre numéro 42, en kiosque", "Retrouvez la suite de cet article dans le magazine",
		"To read the rest of this article, please register", "Please log in to read the full story", "You must be logged in to read this article.", "You need to be a paid subscriber to view this content", "Register for free to continue reading", "Enter your email to read the full article",
		"A subscription is required to read this article.", "This article is locked.", "This content is available exclusively to registered users", "The rest of this article is for members", "Buy this article for $2", "Upgrade to read the rest of this post",
		"Vous n’avez pas accès à cet article.", "Essayez gratuitement pendant 30 jours pour lire la suite", "Testez l’offre pour 1 € et lisez la suite", "Rejoignez le Club pour lire la suite", "Faites un don pour lire la suite", "Inscrivez-vous à la newsletter pour lire la suite", "Ce contenu est protégé. Veuillez vous connecter.", "Acheter cet article – 2,00 €",
		"Tu veux lire la suite ? Abonne-toi !", "Seuls les abonnés peuvent lire la suite.", "Vous lisez un extrait gratuit de cet article.", "Veuillez saisir votre mot de passe pour lire cet article", "Pour continuer votre lecture, identifiez-vous", "Inscris-toi gratuitement pour lire la suite",
		"Keep reading with a 7-day free trial", "The author made this story available to Medium members only.", "You are reading a preview. Subscribe for the full text.", "Only subscribers can read the rest of this story.", "You need a subscription to read the full article", "Get access to this article for $1", "Log in or create a free account to read the rest",
		"Pour lire l'intégralité de l'article, créez votre compte gratuitement", "La version intégrale de cet article est disponible pour les membres", "Se reporter à la version intégrale, réservée aux membres.", "Vous devez être abonné-e pour lire la suite", "Seul·es les abonné·es peuvent lire la suite.", "La suite est réservée aux lecteur·rice·s abonné·e·s",
		"To read this article in full you will need to make a payment", "Subscribe now for the rest of this story", "Make a one-off payment to read the full article", "Buy a day pass to continue reading", "Sign up for the remainder of this article",
		"Pour découvrir la suite de cet épisode, abonnez-vous aux Jours.", "La suite de cette note est réservée à nos abonnés.", "Pour lire la suite de ce grand format, identifiez-vous.", "Cet épisode est réservé aux abonnés.", "Ce volet de l’enquête est réservé aux abonnés.", "Abonnez-vous à l’offre payante pour lire cette lettre en entier.", "Cette édition est réservée aux abonnés payants", "Pour lire les 70 % restants, abonnez-vous.", "Devenez abonné pour lire ce décryptage.", "Créez un compte gratuit pour accéder à la fin de ce test.", "Ou connectez-vous pour lire la suite",
		"La suite de cette édition est réservée aux membres payants.", "La suite est réservée aux membres bienfaiteurs", "Lisez la suite en devenant membre.", "Lire la suite en créant un compte", "Découvrez la fin de l’article en nous rejoignant", "Lisez la suite en souscrivant un abonnement", "Cet épisode est réservé aux soutiens.", "La suite est réservée à nos donateurs", "La fin de cette lettre est réservée aux contributeurs mensuels.",
		"Read the rest of this letter by becoming a member.", "Keep reading by subscribing", "Unlock the full story by creating an account", "This post is for patrons", "This issue is for paying supporters.",
		"Or sign in to read the full story", "Or log in to continue reading", "This edition is for paying subscribers", "Upgrade to paid to read the rest of this issue.", "Subscribe to read this episode in full.", "The rest of this newsletter is for paying members.", "Only paying members can read the rest of this letter.", "Register to view the full briefing.", "This briefing is exclusive to members.", "To read the rest of this research note, become a client.", "To finish this chapter, subscribe to The Review.",
	}
}

// hints are lines that mean a wall at the end of a text that is short, and else what stands around it.
func hints() []string {
	return []string{"Connectez-vous pour continuer", "To read more, please register", "Already a paid subscriber? Sign in", "Déjà abonnée ? Se connecter", "Tu as déjà un compte ?", "Sign in to continue.", "Sign in to view more content", "Connectez-vous pour voir plus de contenu", "Il vous reste 4 minutes de lecture.", "Thank you for your patience while we verify access.", "If you are in Reader mode please exit and log into your Times account.", "Merci de patienter pendant que nous vérifions votre abonnement."}
}

// signs are labels of what is sold.
func signs() []string {
	return []string{"Article abonné", "Article réservé", "Article abonnés", "Contenu premium", "Exclusivité abonnés", "Premium article", "Paid post", "Subscribers only", "Article en accès payant", "Contenu exclusif abonnés", "Lire la suite (abonnés)", "Members only content. Please log in.", "Article réservé aux abonné(e)s", "Contenu réservé aux abonné·e·s", "Lecture réservée aux adhérent(e)s", "Buy one-time access", "Purchase access to this article", "Pay per article", "Acheter l'article à l'unité"}
}

// Who reads on is told in a paragraph, or in what is else left out with what stands around articles.
func TestPage_gates(t *testing.T) {
	for _, call := range append(append(calls(), hints()...), signs()...) {
		for _, page := range []string{
			"<article>" + prose + "<p>" + call + "</p></article>", "<article>" + prose + "<aside><p>" + call + "</p></aside></article>", "<article>" + prose + "<form action=/login><h3>" + call + "</h3><input name=user></form></article>",
			"<article>" + prose + "</article><dialog open><p>" + call + "</p><button>OK</button></dialog>", "<article>" + prose + "<div role=dialog><div>" + call + "</div></div></article>",
		} {
			_, err := extract.Page(address, address, []byte("<title>T</title>"+page), "text/html", nil, today())
			if err == nil || !strings.Contains(err.Error(), "for subscribers or members: it says “"+call[:len(call)-3]) {
				t.Errorf("%s: %v", brief(page), err)
			}
		}
	}
	for _, call := range calls() {
		for _, page := range []string{
			"<article>" + prose + "</article><aside class=offre><h2>" + call + "</h2><a href=/abonnement>Voir les offres</a></aside>", "<article>" + prose + "</article><dialog><p>" + call + "</p></dialog>",
			"<article><aside><p>" + call + "</p></aside>" + prose + "</article>", "<main><div>" + prose + "</div><div><button>" + call + "</button></div></main>", "<article>" + strings.Repeat(prose, 12) + "<aside><p>" + call + "</p></aside></article>",
		} {
			if _, err := extract.Page(address, address, []byte("<title>T</title>"+page), "text/html", nil, today()); err == nil {
				t.Errorf("%s was taken", brief(page))
			}
		}
	}
}

// The same words mean nothing where they speak of something else, or to somebody else.
func TestPage_noGates(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	first += "</p>"
	for _, page := range []string{
		"<header><a href=/login>Déjà abonné ? Connectez-vous</a></header>" + prose, "<div class=top><p>Déjà abonné ? <a href=/login>Se connecter</a></p></div>" + prose,
		"<article>" + prose + "</article><div class=box><h3>Our newsletter</h3><p>One story each week in your inbox.</p><p>Already a subscriber? Sign in</p></div>",
		"<article>" + prose + "</article><aside><h3>Recevez notre lettre</h3><p>Notre newsletter, chaque jeudi.</p><form><input type=email></form><p>Déjà abonné ? Connectez-vous</p></aside>",
		"<article>" + prose + "</article><aside class=sidebar><form><p>Déjà inscrit ?</p><input name=user><button>Se connecter</button></form></aside>",
		"<article>" + prose + "</article><form id=respond><p>Vous devez être connecté pour publier un commentaire.</p></form>", "<article>" + prose + "</article><div><p>Connectez-vous pour réagir à cet article</p></div>", "<article>" + prose + "<p>You must be logged in to post a comment.</p></article>",
		"<article>" + prose + "</article><div><p>Log in to read the comments on this story.</p></div>", "<article>" + prose + "</article><aside><p>Abonnez-vous pour lire cet article sans publicité</p></aside>", "<article>" + prose + "</article><aside><p>Connectez-vous pour lire cet article plus tard</p></aside>",
		"<article>" + prose + "<blockquote><p>Vous devez être connecté pour lire la suite</p></blockquote></article>", "<article>" + prose + "<p>« Vous devez être connecté pour lire la suite » : la phrase lasse.</p></article>", "<article>" + prose + "<p>Vous devez être connecté pour lire la suite, prévient le site dès la page d’accueil.</p></article>",
		"<article>" + first + "<p>Vous devez être connecté pour lire la suite : c’est le message que voient les lecteurs.</p>" + second + "</article>",
		"<article>" + prose + "</article><aside><p>Retrouvez cet article dans notre numéro 42, en kiosque pour 5,90 €</p></aside>", "<article>" + prose + "<p>Découvrez l’intégralité du numéro pour 5,90 €</p></article>", "<article>" + prose + "</article><aside><h3>Le magazine</h3><p>Achetez le numéro 42 pour 5,90 €</p></aside>",
		"<article>" + prose + "</article><aside><ul><li><a href=/un-autre-titre>La piscine ferme ses portes</a> <span>Article abonné</span></li></ul></aside>", "<article>" + prose + "</article><aside><div><h3><a href=/b>La piscine ferme ses portes mardi</a></h3><p>Le maire l’a dit lundi aux parents, qui le craignaient depuis deux ans déjà, et qui n’ont pas caché leur colère devant la mairie.</p><p>Article abonné</p></div></aside>",

		"<article>" + prose + "</article><div hidden><p>Vous devez être connecté pour lire la suite</p></div>", "<nav><p>Contenu premium</p></nav>" + prose, prose + "<footer><p>Déjà abonné ? Se connecter</p></footer>",
		"<article>" + prose + "</article><section id=comments><form><p>Vous devez être connecté pour lire la suite</p></form></section>",
		"<article>" + first + "<aside><p>Sign in to continue.</p></aside>" + strings.Repeat(prose, 2) + "</article>", "<article>" + prose + "</article><dialog id=login><p>Connectez-vous pour enregistrer cet article</p></dialog>",
		"<article>" + prose + "<p>Un abonnement est nécessaire pour utiliser le service, dit le laboratoire.</p></article>", "<article>" + prose + "<p>Pour lire les sons, vous devez être connecté à un réseau rapide.</p></article>", "<article>" + prose + "<p>Il faut être inscrit pour accéder au salon.</p></article>",
		"<article>" + prose + "<p>The report is available to members of the committee and the press.</p></article>", "<article>" + prose + "<p>You need to sign in to see the model in action, which takes a minute.</p></article>",
		"<article>" + prose + "<p>Pour continuer, connectez-vous à votre compte Google.</p></article>", "<article>" + prose + "<p>Il faut être abonné pour lire l’article du Monde, que nous résumons ici.</p></article>", "<article>" + prose + "<p>Pour accéder à la page des réglages, il faut être connecté.</p></article>", "<article>" + prose + "<p>Subscribe to our podcast to get the story behind the story.</p></article>",
		"<article>" + prose + "<p>Rejoignez-nous pour découvrir l’histoire du moulin, dimanche à 15 heures.</p></article>", "<article>" + prose + "<p>Les abonnés peuvent lire la suite, les autres non : le modèle a vécu.</p></article>", "<article>" + prose + "<p>Inscrivez-vous pour découvrir l’ensemble du programme.</p></article>", "<article>" + prose + "<p>Abonnez-vous gratuitement pour lire nos articles en avant-première.</p></article>",
		"<article>" + prose + "<p>Log in to your account to see the new button.</p></article>", "<article>" + prose + "<p>La suite dans un prochain article.</p></article>", "<article>" + prose + "<p>Retrouvez la suite de nos reportages dans le journal de 20 heures.</p></article>", "<article>" + prose + "<p>Access to this beach is for members only.</p></article>",
		"<article>" + prose + "</article><div><p>Subscribe to The Quay</p><form><input type=email><button>Subscribe</button></form></div><div>Already a paid subscriber? <a href=/login>Sign in</a></div>",
		"<article>" + prose + "</article><div class='modal fade' role=dialog><h2>Connexion</h2><p>Connectez-vous pour continuer</p><form><input type=email><input type=password></form></div>", "<article>" + prose + "</article><dialog id=login><p>Connectez-vous pour continuer</p><form><input name=user><input type=password></form></dialog>",
		"<article>" + prose + "</article><aside class=magazine><h3>Le numéro 42</h3><p>Retrouvez cet article et bien d’autres dans notre magazine.</p><a href=/boutique>Acheter le numéro pour 6,90 €</a></aside>", "<article>" + prose + "<p>Cet article est extrait du numéro 42, en kiosque jusqu’au 12 mars. <a href=/abo>Abonnez-vous</a> pour ne rien manquer.</p></article>",
		"<article>" + prose + "</article><div class=col><h3>Contenu premium</h3><ul><li><a href=/b>La piscine ferme ses portes mardi</a></li><li><a href=/c>Le conseil vote la ligne de tramway</a></li></ul></div>",
		"<article>" + prose + "<p>Pour lire l'intégralité du rapport, créez votre compte sur le site du ministère.</p></article>", "<article>" + prose + "<p>La lecture des articles du code est réservée aux juristes.</p></article>", "<article>" + prose + "<p>Sign up for the rest of the season before Sunday.</p></article>", "<article>" + prose + "<p>Les abonné·e·s du théâtre ont un accès réservé aux loges.</p></article>", "<article>" + prose + "<p>Visitors buy one-time access at the gate, which costs two pounds.</p></article>",
		"<article>" + prose + "<p>Cette édition est réservée aux professionnels du livre, qui viendront de douze pays.</p></article>", "<article>" + prose + "<p>Abonnez-vous pour lire cette lettre chaque semaine.</p></article>", "<article>" + prose + "</article><div><p>Inscrivez-vous pour obtenir ce guide.</p></div>", "<article>" + prose + "<p>Abonnez-vous à Canal+ pour voir l’épisode en entier.</p></article>", "<article>" + prose + "<p>Sign up to get the full newsletter in your inbox.</p></article>", "<article>" + prose + "<p>Subscribe to our channel to see the full episode.</p></article>", "<article>" + prose + "<p>Cet épisode est réservé aux abonnés, prévient la plateforme, qui en vend six par mois.</p></article>", "<article>" + prose + "<p>Pour découvrir la suite de cette aventure, rendez-vous dimanche au moulin.</p></article>", "<article>" + prose + "<p>Il reste quatre minutes de lecture sur la bande, disent les enquêteurs.</p></article>",
		"<article>" + prose + "<p>This edition is for collectors, and costs forty dollars.</p></article>", "<article>" + prose + "<p>Thank you for your patience while we fix the site, the mayor said.</p></article>", "<article>" + prose + "<p>Sign in to the console to see the logs, and run the test again.</p></article>", "<article>" + prose + "</article><div><p>Sign up to see more stories like this in your inbox.</p></div>", "<article>" + prose + "</article><div><p>Or <a href=/login>log in</a> to save this article</p></div>", "<article>" + prose + "<p>The chapter is available to members of the society.</p></article>",
		"<article>" + prose + "<p>Le dossier est réservé aux membres fondateurs du parc, qui le liront mardi.</p></article>", "<article>" + prose + "<p>La page est ouverte aux donateurs, et à tous ceux qui passent.</p></article>", "<article>" + prose + "<p>Lire en devenant membre du club de lecture : la formule plaît aux enfants.</p></article>", "<article>" + prose + "<p>You read the rest of the sign by climbing the wall.</p></article>", "<article>" + prose + "<p>This stand is for supporters of the home side.</p></article>",
		"<article>" + prose + "<p>L’article 5 est réservé aux entreprises membres du réseau.</p></article>", "<article>" + prose + "<p>Le dossier est accessible aux membres du conseil municipal.</p></article>", "<article>" + prose + "<p>Ce contenu est réservé aux membres du comité, qui le lira mardi.</p></article>", "<article>" + prose + "<p>La suite est réservée aux spécialistes : deux rapports de mille pages.</p></article>",
	} {
		a, err := extract.Page(address, address, []byte("<title>T</title>"+page), "text/html", nil, today())
		if err != nil || !strings.Contains(a.Body, "Le laboratoire a présenté mardi") || !strings.Contains(a.Body, "deux personnes qui l’ont essayé.") {
			t.Errorf("%s: %v\n%s", brief(page), err, a.Body)
		}
	}
}

// A heading that asks what walls ask is none over a text that says how one writes such; it is where visitors are to do something below.
func TestPage_headingOfAsking(t *testing.T) {
	for _, heading := range []string{"Déjà abonné ?", "Vous avez déjà un compte ?", "Already a subscriber?", "Do you have an account?"} {
		for _, below := range []string{"<p>Ajoutez enfin un lien pour qui est déjà venu. Placez-le sous le bouton, jamais au-dessus.</p>", "<p>The link stands below the button.</p><ul><li>In green</li></ul>", "<div><p>C’est la ligne que tout le monde oublie.</p></div>"} {
			a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+"<h2>Le bouton</h2>"+partOne+"<h2>"+heading+"</h2>"+below+"</article>")
			if !strings.Contains(a.Body, "## "+heading) {
				t.Errorf("%s%s: %q", heading, below, a.Body)
			}
		}
		for _, below := range []string{"", "<p>Connectez-vous.</p>", "<p>Retrouvez tous vos articles.</p><a href=/login>Se connecter</a>", "<div><p>Tout est là.</p><button>Se connecter</button></div>", "<form><p>Elle est là.</p><input name=user></form>"} {
			page := "<title>T</title><article><h1>T</h1>" + prose + "<h3>" + heading + "</h3>" + below + "</article>"
			if _, err := extract.Page(address, address, []byte(page), "text/html", nil, today()); err == nil {
				t.Errorf("%s was taken", brief(page))
			}
		}
	}
}
