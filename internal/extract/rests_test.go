package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// A text that leads to its rest, or is marked as cut, is a beginning.
func TestPage_beginnings(t *testing.T) {
	uncut := strings.TrimSuffix(prose, ".</p>")
	for _, page := range []string{
		uncut + " […]</p>", uncut + " [...]</p>", uncut + " (…)</p>", uncut + "&nbsp;(...)</p>", uncut + " [&hellip;] </p><p><a href=/b>Continue reading</a></p>",
		uncut + "… <a href='/actualites/une'>Lire la suite</a></p>", uncut + ". <a href='https://autre.example/x'>Lire la suite sur L’Autre</a></p>", uncut + " <a class=more-link href='/actualites/une#more-12'>Continuer la lecture <span>de « T »</span> →</a></p>",
		prose + "<p>Le service ouvrira mardi, dit le laboratoire. <a href=/b>Lire la suite</a></p>", prose + "<p>Le service ouvrira mardi, dit le laboratoire. […] <a href=/b>Continue reading →</a></p>", prose + "<p>Il ouvre mardi.</p><p><a href=/b>Lire la suite</a></p>",
		prose + "<p><a href=/b>Lire la suite</a></p>", prose + "<p class=link-more><a href='#'>Continuer la lecture →</a></p>", prose + "<button>Lire la suite</button>", prose + "<div class=read-more><a href='https://autre.example/x'>Lire l’article complet</a></div>",
		prose + "<p><a href=/b>Cliquez ici pour lire la suite</a></p>", prose + "<p><a href=/b>La suite ici</a></p>", prose + "<ul class='links inline'><li class=node-readmore><a href=/node/12>Lire la suite<span class=element-invisible> de Un modèle</span></a></li></ul>", prose + "<p><a href='https://autre.example/x'>Lire l’article en entier sur L’Autre</a></p>",
		prose + "<div><span class=plus>Lire la suite</span></div>", prose + "<p><a href='/node/12'>Read more</a></p>", prose + "<div class=partager><p>Partager</p></div><p>→ <a href=/b>Read the full story</a></p>",
		prose + "<button>Afficher tout l'article</button>", prose + "<div class=load><button type=button>Charger la suite</button></div>", prose + "<button>Read full article</button>", prose + "<a role=button href='#'>Expand article</a>", prose + "<div role=button>Voir l’intégralité de l’article</div>", prose + "<button>Continue reading this story</button>", prose + "<p><button>Afficher la suite</button> <button>Plus tard</button></p>",
		prose + "<button>Afficher plus</button>", prose + "<div><button>Show more</button></div>", prose + "<div>Lire la suite</div>", prose + "<p>[Lire la suite]</p>", prose + "<p>Lire la suite…</p><aside><h3>À lire aussi</h3><a href=/b>Un autre article</a></aside>", prose + "<p>La suite de l’article</p>", prose + "<p>Read the rest of the story</p>",
		prose + "<p><a class=more-link href='#more-12'>(more…)</a></p>", prose + "<p><a class=more-link href='/actualites/une'>Encore !</a></p>", prose + "<p><a href='/actualites/une#more-7'>[…]</a></p>", prose + "<p>(suite…)</p>", prose + "<p>… <a href='https://autre.example/x'>Lire l’article complet</a></p>", prose + "<p>… <a href='https://autre.example/x'>Lire l'article complet sur le site de L'Autre</a></p>",
		prose + "<p><a href=/b>Lire la suite</a> sur notre site</p>", prose + "<p><a href=/b>Lire la suite</a> | 3 commentaires</p>", prose + "<p><a href=/b>Lire la suite</a> (3 min)</p>", prose + "<p><a href=/b>Continue reading T →</a></p>", prose + "<p><a href=/x.pdf>Télécharger l’article complet (PDF)</a></p>",
		prose + "<p>Suite page 4</p>", prose + "<p><i>(Suite en page 12.)</i></p>", prose + "<p>Lire la suite en page 3</p>", prose + "<p>Suite de l’article p. 7</p>", prose + "<p>(Suite dans notre prochain numéro)</p>", prose + "<p>La suite à lire dans le prochain bulletin</p>", uncut + ". (Suite page 4)</p>",
		prose + "<p>Continued on page 4</p>", prose + "<p>(Continued on A12)</p>", prose + "<p>Story continues on page B3</p>", prose + "<p>Cont’d on p. 6</p>", prose + "<p>Continued in our next issue</p>", prose + "<p>Please turn to page 9</p>",
	} {
		_, err := extract.Page(address, address, []byte("<title>T</title><article>"+page+"</article>"), "text/html", nil, today())
		if err == nil || !strings.Contains(err.Error(), "its text is only a beginning: it ends with “") {
			t.Errorf("%s: %v", brief(page), err)
		}
	}
}

// A text that is all there may have such words in it, or under it.
func TestPage_noBeginnings(t *testing.T) {
	uncut := strings.TrimSuffix(prose, ".</p>")
	for _, page := range []string{
		uncut + "…</p>", uncut + ", et c’est peu dire…</p>", "<p>« Nous lisons […] tout. »</p>" + prose, prose + "<blockquote><p>Nous lisons tout, et plus encore, dit le rapport de la commission que les députés ont reçu lundi, avant tout le monde, et qu’ils ont lu dans la nuit […]</p></blockquote>", prose + "<p>« Nous lisons tout […] »</p>",
		prose + "<p>Il faut <a href=/b>lire la suite</a></p>", prose + "</article><div><h3><a href=/b>Un autre titre</a></h3>" + partOne + "<a href=/b>Lire la suite</a></div><article>", prose + "</article><div><h3>Un autre titre</h3>" + partOne + "<a href=/b>Lire la suite</a></div><article>",
		"<a href='#suite'>Lire la suite</a>" + prose, prose[:strings.Index(prose, "</p>")+4] + "<p><a href='#suite'>Lire la suite</a></p>" + prose[strings.Index(prose, "</p>")+4:] + partOne, prose + "<p><a href=/sources>En savoir plus</a></p>",
		prose + "<p>Cet article est republié sous licence Creative Commons. <a href='https://autre.example/x'>Lire l’article original</a>.</p>", prose + "<p><a href='https://autre.example/x'>Read the original article</a></p>", prose + "<p><a href=/42>Retrouvez cet article dans le numéro 42</a></p>", prose + "<div><h4>Notre guide</h4><p>Tout savoir en dix pages.</p><a href=/guide>Lire la suite</a></div>",
		prose + "<h3>À lire aussi</h3><ul><li><a href=/b>Un autre</a> <a href=/b>Lire la suite</a></li></ul>", prose + "<p>Lire la suite : <a href=/b>le deuxième volet de notre enquête</a></p>",
		prose + "<p><a href=/b>Read more</a> about the bus strike.</p>", prose + "<p><a href=/b>Continue reading: Part 2, the trees</a></p>", prose + "<p><a href=/b>Lire la suite de notre dossier sur les transports</a></p>", prose + "<p>Pour aller plus loin : <a href=/b>lire la suite de notre enquête</a></p>", prose + "<p>Pour aller plus loin : <a href=/b>Lire la suite</a></p>",
		prose + "<p><a href=/b>Lire la suite : les arbres du boulevard</a></p>", prose + "<p><a href=/b>Read more on the strike</a></p>", prose + "<p><a href=/b>Lire l’article</a> que nous y avions consacré.</p>", prose + "<p><a href=/b>Continue reading</a> with our guide to the trams.</p>", prose + "<p><a href=/b>Lire la suite</a>, consacrée aux arbres.</p>", prose + "<p><a href=/b>Voir la suite de la série</a></p>", prose + "<p>À découvrir : <a href=/b>la suite</a></p>",
		prose + "<div class=tags><a href=/t>tram</a> <button>Voir plus</button></div>", prose + "<div>Read more</div><ul><li><a href=/b>Un autre article</a></li></ul>", prose + "<section><h3>Plus d’articles</h3><button>Charger plus</button></section>", prose + "<p>Le dossier compte une suite page 4.</p>", prose + "<p>Le procès continues on page after page.</p>", prose + "<p>La suite dans un prochain article.</p>", prose + "<p>La suite au prochain épisode.</p>",
	} {
		a, err := extract.Page(address, address, []byte("<title>T</title><article>"+page+"</article>"), "text/html", nil, today())
		if err != nil || !strings.Contains(a.Body, "deux personnes qui l’ont essayé") {
			t.Errorf("%s: %v", brief(page), err)
		}
	}
}
