package extract_test

import (
	"net/url"
	"strings"
	"testing"

	"facteur/internal/extract"
)

// Lines by which a site asks to be followed go where they lead there and say nothing else, amid a text and below it, in pages and in feeds.
func TestParse_callsToFollow(t *testing.T) {
	for _, gone := range []string{
		`<p><em>Utilisez-vous Google News (Actualités en France) ? Vous pouvez suivre vos médias favoris. <strong>Suivez <a href="https://news.google.com/p">Frandroid sur Google News</a></strong> (et <a href="https://news.google.com/n">Numerama</a>).</em></p>`,
		`<p>📍 Pour ne manquer aucune actualité de Presse-citron, suivez-nous sur <a href="https://news.google.com">Google Actualités</a> et <a href="https://whatsapp.com">WhatsApp</a>.</p>`,
		`<p>Pour ne manquer aucun bon plan, rejoignez <a href="https://whatsapp.com/c">notre chaîne WhatsApp</a> !</p>`, `<p>Envie de suivre nos enquêtes ? Retrouvez-nous sur <a href="https://bsky.app/profile/x">Bluesky</a> et <a href="https://piaille.fr/@x">Mastodon</a>.</p>`,
		`<p>Rejoignez <a href=https://t.me/x>notre canal Telegram</a> pour recevoir toutes nos alertes.</p>`, `<p>Follow us on <a href=https://www.threads.net/@x>Threads</a> and join <a href=https://discord.gg/x>our Discord server</a>.</p>`, `<p>Ajoutez <a href="https://www.google.com/preferences/source?q=x">Le Quotidien à vos sources préférées</a> sur Google pour ne rien manquer.</p>`,
		`<p>Want more AI news? Follow <a href="https://news.google.com/p">The Daily on Google News</a>.</p>`, `<p>Vous aimez nos contenus ? Abonnez-vous à <a href=https://youtube.com/c/x>notre chaîne YouTube</a>. C’est gratuit !</p>`, `<p>You can also follow me on <a href=https://mastodon.social/@x>Mastodon</a>.</p>`, `<p>Téléchargez <a href=https://apps.apple.com/x>notre application</a> pour suivre l’info en direct.</p>`,
		`<hr><p><em><strong>Chaque lundi, recevez gratuitement les infos santé dont vous avez vraiment besoin. <a href="/nl">Abonnez-vous dès aujourd’hui</a>.</strong></em></p><hr>`, `<p>Chaque vendredi, recevez l’essentiel de la semaine dans votre boîte mail : <a href=/newsletters>inscrivez-vous ici</a>.</p>`,
		`<p><em>Every Friday, get the best of our reporting. <a href=https://site.example/newsletter>Sign up here</a>.</em></p>`, `<p>Vous aimez cette enquête ? Inscrivez-vous à <a href=/infolettre>notre infolettre</a> pour ne rien manquer.</p>`, `<p>To get stories like this one by email, <a href=/signup>subscribe here</a>.</p>`, `<p>Recevez chaque matin <a href=https://site.example/newsletters/matin>notre lettre</a>, gratuite et sans publicité.</p>`,
		`<p>Pour ne rien rater de l’actu, suivez Clubic sur <a href="https://www.google.com/preferences/source?q=clubic.com">Discover</a>.</p>`, `<p>Vous avez aimé cet article ? <a href="https://www.tipeee.com/x">Soutenez-nous sur Tipeee</a> !</p>`, `<p><em>This story originally appeared in The Algorithm, our weekly newsletter on AI. To get stories like this in your inbox first, <a href="/newsletters">sign up here</a>.</em></p>`,
		`<p>The Harbour Watch newsletter is your daily guide to the port. Sign up <a href=/nl>here.</a></p>`, `<p>Pour recevoir chaque semaine notre lettre « Mots comptés », <a href=/newsletter>inscrivez-vous ici</a>.</p>`, `<p>Retrouvez toute l’actualité de votre commune sur <a href=/app>l’application du Fanal</a>.</p>`, `<p><i>Cet article est paru dans la newsletter « Chaleur humaine ». Vous pouvez <a href=/nl>vous inscrire gratuitement ici</a> pour la recevoir chaque mardi.</i></p>`, `<p>Notre infolettre vous raconte le port chaque jeudi. <a href=/infolettre>Inscrivez-vous</a>.</p>`, `<p>Abonnez-vous à notre podcast “Le quai” sur <a href=https://open.spotify.com/show/x>Spotify</a>.</p>`,
		`<p>Suivez toute l’actualité de vos villes et médias favoris en vous inscrivant à <a href="/mon-actu">Mon Actu</a>.</p>`, `<p><em>Subscribe for $5 a month to get every issue.</em></p>`, `<p><em>Abonnez-vous à partir de 3 € par mois pour soutenir notre travail.</em></p>`,
	} {
		for where, body := range withParagraph(t, gone) {
			if body = strings.ReplaceAll(body, "---\n\n", ""); body != "Avant.\n\nAprès." {
				t.Errorf("%s stays in %s: %q", gone, where, body)
			}
		}
	}
	for _, gone := range []string{
		"<p>Suivez toute l’actualité du port en téléchargeant l’application Le Quai</p>", "<p>Personnalisez votre actualité en ajoutant vos villes et médias en favori avec Mon Actu.</p>", "<p><span>Follow topics and authors</span> from this story to see more like this in your personalized homepage feed and to receive email updates.</p>", "<div><p>Subscribe for free to receive new posts and support my work.</p></div>", "<p>Abonnez-vous pour recevoir nos prochains articles.</p>", "<p>Thanks for reading Small Mills! Subscribe for free to receive new posts and support my work.</p>", "<p><em>Thank you for reading. If you value my work, please consider a subscription.</em></p>",
	} {
		if a := takes(t, "<title>T</title><article>"+prose+gone+"</article>"); !strings.HasSuffix(a.Body, "essayé.") {
			t.Errorf("%s stays: %s", gone, a.Body)
		}
		if paragraphs, _ := extract.HTML(prose+gone, nil); !strings.HasSuffix(extract.Clip(paragraphs), "essayé.") {
			t.Errorf("%s stays in a text: %s", gone, paragraphs)
		}
	}
	if a := takes(t, "<title>T</title><article>"+prose+"<p>Abonnez-vous pour 23 € par mois si vous codez chaque jour.</p></article>"); !strings.HasSuffix(a.Body, "chaque jour.") {
		t.Errorf("what a tool costs is gone: %s", a.Body)
	}
	for html, want := range map[string]string{
		`<p>Rejoignez <a href=https://discord.gg/x>le serveur Discord de Midjourney</a>.</p>`:                                "Rejoignez [le serveur Discord de Midjourney](<https://discord.gg/x>).",
		`<p>Suivez <a href=https://whatsapp.com/c>la chaîne WhatsApp de la mairie</a> pour connaître les dates.</p>`:         "Suivez [la chaîne WhatsApp de la mairie](<https://whatsapp.com/c>) pour connaître les dates.",
		`<p>Le journal a ouvert <a href=https://whatsapp.com/c>sa chaîne WhatsApp</a> mardi. Abonnez-vous, dit-il.</p>`:      "Le journal a ouvert [sa chaîne WhatsApp](<https://whatsapp.com/c>) mardi. Abonnez-vous, dit-il.",
		`<p>« Suivez-nous sur <a href=https://whatsapp.com/c>WhatsApp</a> », répète l’enseigne.</p>`:                         "« Suivez-nous sur [WhatsApp](<https://whatsapp.com/c>) », répète l’enseigne.",
		`<p>Ouvrez Telegram. Ajoutez <a href=https://t.me/bot>le robot</a>. Il répond en une seconde.</p>`:                   "Ouvrez Telegram. Ajoutez [le robot](<https://t.me/bot>). Il répond en une seconde.",
		`<p>Inscrivez-vous sur <a href=https://ville.example/inscription>le site de la ville</a> avant le 12 décembre.</p>`:  "Inscrivez-vous sur [le site de la ville](<https://ville.example/inscription>) avant le 12 décembre.",
		`<p>Abonnez-vous à <a href=https://ville.example/newsletter>la lettre de la mairie</a> pour recevoir les dates.</p>`: "Abonnez-vous à [la lettre de la mairie](<https://ville.example/newsletter>) pour recevoir les dates.",
		`<p>Follow the money: <a href=https://x.com/a/status/1>the post</a> names three banks.</p>`:                          "Follow the money: [the post](<https://x.com/a/status/1>) names three banks.",
		`<p>Get <a href=https://ollama.example/download>the installer</a> and add our model to the list.</p>`:                "Get [the installer](<https://ollama.example/download>) and add our model to the list.",
		`<p>Download <a href=https://apps.apple.com/x>our app</a> to try it.</p>`:                                            "Download [our app](<https://apps.apple.com/x>) to try it.",
		`<p>Find our talk on <a href="https://www.youtube.com/watch?v=1">YouTube</a>.</p>`:                                   "Find our talk on [YouTube](<https://www.youtube.com/watch?v=1>).",
		`<p>La lettre de la mairie est <a href=/lettre>en ligne</a>. Elle annonce deux fêtes.</p>`:                           "La lettre de la mairie est [en ligne](<https://site.example/lettre>). Elle annonce deux fêtes.",
		`<p>Suivez la crue sur <a href=https://meteo.example/app>l’application de Météo-France</a>.</p>`:                     "Suivez la crue sur [l’application de Météo-France](<https://meteo.example/app>).",
		`<p>Abonnez-vous à <a href=https://b.example/newsletter>la lettre « Le quai »</a>, disait-elle.</p>`:                 "Abonnez-vous à [la lettre « Le quai »](<https://b.example/newsletter>), disait-elle.",
		`<p>Google News a changé. Suivez le guide.</p>`:                                                                      "Google News a changé. Suivez le guide.",
		`<p>Subscribe for $5 a month and you get nothing, says the mayor.</p>`:                                               "Subscribe for $5 a month and you get nothing, says the mayor.",
		`<p>Téléchargez <a href=/modele.xlsx>notre modèle de tableau</a> et remplissez-le.</p>`:                              "Téléchargez [notre modèle de tableau](<https://site.example/modele.xlsx>) et remplissez-le.",
		`<p>Recevoir <a href=/alertes>une alerte</a> ne suffit pas, et nos voisins le savent.</p>`:                           "Recevoir [une alerte](<https://site.example/alertes>) ne suffit pas, et nos voisins le savent.",
		`<blockquote><p>Rejoignez <a href=https://whatsapp.com/c>notre chaîne WhatsApp</a> !</p></blockquote>`:               "> Rejoignez [notre chaîne WhatsApp](<https://whatsapp.com/c>) !",
	} {
		if body := withParagraph(t, html)["a page"]; body != "Avant.\n\n"+want+"\n\nAprès." {
			t.Errorf("%s in a page is %q", html, body)
		}
		base, _ := url.Parse(address)
		if body, _ := extract.HTML(html, base); extract.Clip(body) != want {
			t.Errorf("%s in a text is %q", html, body)
		}
	}
}
