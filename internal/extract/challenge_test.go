package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// Pages by which sites keep programs out although their servers answer 200, with what they tell of it to those who wait.
func TestPage_challenges(t *testing.T) {
	const (
		wait   = "<p>This process is automatic. Your browser will redirect to your requested content shortly. Please allow up to 5 seconds. If you are not redirected after a while, reload the page, or contact the owner of the site and give the number that you see below, together with the time.</p>"
		patien = "<p>Cette opération est automatique. Votre navigateur vous mènera à la page demandée sous peu. Merci de patienter jusqu’à cinq secondes. Si rien ne se passe, rechargez la page ou écrivez au responsable du site en lui donnant le numéro qui figure ci-dessous, avec l’heure.</p>"
		anubis = "<p>You are seeing this because the administrator of this website has set up Anubis to protect the server against the scourge of AI companies aggressively scraping websites. This can and does cause downtime for the websites, which makes their resources inaccessible for everyone.</p>" +
			"<p>Anubis is a compromise. Anubis uses a Proof-of-Work scheme in the vein of Hashcash, a proposed proof-of-work scheme for reducing email spam. The idea is that at individual scales the additional load is ignorable, but at mass scraper levels it adds up and makes scraping much more expensive.</p>"
		blocked = "<h1>Sorry, you have been blocked</h1><p>This website is using a security service to protect itself from online attacks. The action you just performed triggered the security solution. There are several actions that could trigger this block including submitting a certain word or phrase, a SQL command or malformed data.</p><p>You can email the site owner to let them know you were blocked.</p>"
	)
	for page, title := range map[string]string{
		"<h1>Making sure you&#39;re not a bot!</h1><p>Loading...</p><details><summary>Why am I seeing this?</summary>" + anubis + "</details>": "Making sure you&#39;re not a bot!", "<h1>Oh noes!</h1>" + anubis: "Making sure you&#39;re not a bot!", blocked: "Attention Required! | Cloudflare", blocked + " ": "Le Quai",
		"<h1>Vérification que vous n&#39;êtes pas un robot !</h1>" + patien: "Vérification que vous n&#39;êtes pas un robot !", "<h1>site.example</h1><p>Verifying you are human. This may take a few seconds.</p>" + wait: "Just a moment...", "<h1>Before we continue...</h1><p>Press &amp; Hold to confirm you are<br>a human (and not a bot).</p>" + wait: "Access to this page has been denied",
		"<h1>Let’s confirm you are human</h1><p>Complete the security check before continuing.</p>" + wait: "The Quay", "<p>Choose all the pictures that show a chair. This step verifies that you are not a bot.</p>" + wait: "Human Verification - The Quay", "<h1>Robot or human?</h1><p>Activate and hold the button to confirm that you’re human.</p>" + wait: "The Quay",
		"<h1>We&#39;ve detected unusual activity from your computer network</h1><p>To continue, please click the box below to let us know you&#39;re not a robot.</p>" + wait: "The Quay - Are you a robot?", "<p>Our systems have detected unusual traffic from your computer network.</p>" + wait: "https://site.example/sorry", "<p>Accès temporairement restreint</p><p>Nous avons détecté une activité inhabituelle provenant de votre appareil.</p>" + patien: "Le Quai",
		"<h1>Access is temporarily restricted</h1><p>We detected unusual activity from your device or network.</p>" + wait: "The Quay", "<h1>Glissez vers la droite pour compléter le puzzle</h1>" + patien: "Le Quai", "<h1>Êtes-vous un robot ?</h1>" + patien: "Le Quai", "<h1>Un contrôle</h1><p>Prouvez que vous n’êtes pas un robot en cochant la case.</p>" + patien: "Le Quai",
		"<h1>One more step</h1><p>Please complete the security check to access site.example.</p>" + wait: "The Quay", "<h1>We’re verifying your browser</h1>" + wait: "Security Checkpoint", "<h1>Verifying that you are not a robot...</h1>" + wait: "The Quay", "<p>Please complete the captcha below so that we know you are a person.</p><div class=h-captcha></div>" + wait: "The Quay", "<h1>Accès refusé</h1>" + patien: "Le Quai",
		"<h1>Bestätigen Sie, dass Sie ein Mensch sind</h1><p>Dieser Vorgang läuft von selbst ab. Ihr Browser führt Sie gleich zu der Seite, die Sie aufgerufen haben. Bitte haben Sie bis zu fünf Sekunden Geduld. Geschieht nichts, laden Sie die Seite neu oder schreiben Sie dem Betreiber, mit der Nummer unten.</p>": "Der Kai",
	} {
		a, err := extract.Page(address, address, []byte("<title>"+title+"</title><main>"+page+"</main>"), "text/html", nil, today())
		if err == nil || !strings.Contains(err.Error(), "its site wants to see a person") {
			t.Errorf("%s: %v\n%s", page, err, a.Body)
		}
	}
}

// An article about such pages, a guide for those who see them, or one beside a box that asks for a person, is taken.
func TestPage_noChallenges(t *testing.T) {
	const (
		text  = "<p>Anubis sits before a site and asks each browser for a small proof of work before it shows anything. Its author wrote it after a crawler took her server down, and “Making sure you’re not a bot!” is what visitors read for a second or two.</p>"
		texte = "<p>Anubis se place devant un site et demande à chaque navigateur une petite preuve de travail. Son autrice l’a écrit après qu’un robot a fait tomber son serveur, et « Vérification que vous n’êtes pas un robot » est ce que lisent les visiteurs.</p>"
		guide = "<p>You see the box on half of the pages that you open, and it takes you a minute each time. Here is what helps: allow cookies for the sites that you trust, keep your browser up to date, and turn off the VPN. If you still see it, write to the owner of the site.</p>"
	)
	for title, page := range map[string]string{
		"Vous avez été bloqué sur une messagerie ?": "<p>Vous avez été bloqué ? Vous ne verrez plus la photo de votre contact, ni l’heure de sa dernière visite, et vos messages n’auront qu’une coche. Vérifiez votre connexion, puis redémarrez votre téléphone, avant de conclure : il suffit parfois d’un réseau trop lent.</p>",
		"L’accès est restreint jusqu’à vendredi":    "<p>L’accès est restreint jusqu’à vendredi. Vous pouvez entrer par la porte du Nord, entre huit heures et midi, si vous avez réservé votre créneau sur notre site, ou par le quai si vous venez à vélo. Vous trouverez le plan à l’accueil.</p>", "Check your browser before you travel": "<p>Check your browser and your connection before you leave, and select all images that you want to keep. Complete the puzzle of your bookings: you will want each number at hand, on paper, since your phone may not find a network where you go, or you may lose it.</p>",
		"Making sure you’re not a bot: the rise of Anubis": text, "Are you a robot? The web asks more and more often": text, "Access denied: how newspapers shut out crawlers": text, "Access denied – the web closes its doors": text, "Just a moment: a day with the engineers": text, "Attention required: a manifesto for slow reading": text, "Robot or human? How a shield decides": text, "Verify you are human, and other lies of the web": text,
		"Sorry, you have been blocked: life behind a blacklist": text, "Checking your browser: how the challenge works": text, "How to get past “Verify you are human”": guide,
		"Êtes-vous un robot ? Le web pose la question plus souvent": texte, "Accès refusé : comment les journaux ferment la porte aux robots": texte, "Accès refusé aux robots": texte, "Vérification en cours : dans les coulisses d’un bouclier": texte, "Prouvez que vous n’êtes pas un robot : le captcha a 25 ans": texte, "Un instant avec la directrice": texte,
		"Un titre": prose + "<form><textarea></textarea><div class=h-captcha></div><p>Verify you are human</p><button>OK</button></form>", "Un autre titre": prose + "<div id=comments><p>Please complete the captcha to post a comment.</p></div>", "Encore un titre": prose + "<noscript>Please enable JavaScript and cookies to continue</noscript>",
	} {
		for _, site := range []string{"", " | Le Quai des rives"} {
			takes(t, "<title>"+title+site+"</title><main><h1>"+title+"</h1>"+page+"</main>")
		}
	}
}
