package extract_test

import (
	"strings"
	"testing"
)

// Lists of other articles within an article, what opens above it, and boxes that ask for addresses without a form are none of it.
func TestPage_listsAndLetters(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	first += "</p>"
	want := strings.TrimSpace(strings.NewReplacer("<p>", "", "</p>", "\n\n").Replace(prose))
	newspack := "<div class='wp-block-newspack-blocks-homepage-articles wpnbha'><div data-posts><article class=post-has-image><div class=entry-wrapper><h3 class=entry-title><a href='/actualites/b' rel=bookmark>Un autre titre du journal</a></h3><p>" + said + "</p>" +
		"<div class=entry-meta><span class=byline>par <span class='author vcard'><a class='url fn n' href=/author/luc>Luc Petit</a></span></span><time>4 mars 2026</time></div></div></article></div></div>"
	for name, box := range map[string]string{
		"Newspack":                        newspack,
		"Newspack, longer than the text":  strings.Repeat(newspack, 4),
		"a query of WordPress":            "<div class=wp-block-query><ul class=wp-block-post-template><li class='wp-block-post post-1'><h2><a href=/b>Un autre titre</a></h2><div class=wp-block-post-excerpt><p>" + said + "</p></div></li></ul></div>",
		"Popup Maker":                     "<div id=pum-12 class='pum pum-overlay' data-popmake='{}'><div id=popmake-12 class='pum-container popmake'><div class=pum-content><h1>Ne partez pas</h1><p>" + said + "</p></div></div></div>",
		"a letter by its link":            "<div class=box><h3>La lettre du quai</h3><p>Chaque jeudi, l’essentiel de la semaine.</p><a class=btn href='/lettre'>Je m’inscris</a></div>",
		"a letter of another site":        "<div class='wp-block-group has-background'><p><strong>Le brief du matin</strong></p><p>Chaque matin, l’essentiel en cinq minutes, dans votre boîte mail.</p><p><a href='https://brief.example/'>Je m’abonne gratuitement</a></p></div>",
		"a letter that a script asks for": "<div class=box><h3>La lettre du quai</h3><p>Chaque jeudi, le meilleur de la semaine dans votre boîte mail.</p><div class=ml-embedded></div></div>",
		"a letter in a frame":             "<div class=box><p>La lettre du quai, chaque jeudi.</p><iframe src='https://quai.substack.com/embed'></iframe></div>",
		"a letter that is sent by others": "<div class=x><p>Chaque jeudi, le meilleur de la semaine.</p><a href='https://quai.us1.list-manage.com/subscribe?u=1'>C’est ici</a></div>",
	} {
		for _, page := range []string{prose + box, first + box + second} {
			if a := takes(t, "<title>T</title><article><h1>T</h1><div class=entry-content>"+page+"</div></article>"); a.Body != want || a.Title != "T" || a.Author != "" {
				t.Errorf("%s: %q, by %q: %s", name, a.Title, a.Author, a.Body)
			}
		}
	}
	for _, stays := range []string{
		"<div><p>La course part du port à dix heures.</p><p><a href='https://course.example/'>Je m’inscris</a></p></div>",
		"<p>Chaque jeudi, le maire écrit dans votre boîte mail, et personne ne répond.</p>",
		"<div><h3><a href='https://livres.example/le-lac'>Le lac</a></h3><p>" + said + "</p></div>",
	} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+first+stays+second+another+"</article>"); !strings.Contains(a.Body, "course part du port") && !strings.Contains(a.Body, "Chaque jeudi, le maire") && !strings.Contains(a.Body, "Le prix du grain") {
			t.Errorf("%s is gone: %s", stays, a.Body)
		}
	}
}

// The name of a blog is no part of a title, where the page says that it is one.
func TestPage_titlesOfBlogs(t *testing.T) {
	const want = "Le moulin tourne de nouveau"
	titled := func(title string) string {
		return "<title>" + title + "</title><meta property=og:title content=\"" + title + "\">"
	}
	for name, page := range map[string]string{
		"a blog of somebody":               titled(want+" - Le blog de Jo") + "<article>" + prose + "</article>",
		"a blog of a place":                titled(want+" - Blog du lac") + "<article>" + prose + "</article>",
		"a blog in English":                titled(want+" - Jo's blog") + "<article>" + prose + "</article>",
		"Overblog":                         titled(want+" - Carnets du lac") + "<div class=ob-header><a href='https://site.example/'>Carnets du lac</a></div><article><h2 class=ob-title>" + want + "</h2>" + prose + "</article>",
		"a title that leads to its page":   titled(want+" - Carnets du lac") + "<article><h2><a href='" + address + "'>" + want + "</a></h2>" + prose + "</article>",
		"a title with a class":             titled(want+" - Carnets du lac") + "<article><h2 class=post-title>" + want + "</h2>" + prose + "</article>",
		"the title of another as a marked": titled(want) + "<article>" + prose + "</article><div><h2 class=entry-title><a href=/b>Un autre titre du journal</a></h2></div>",
	} {
		if a := takes(t, page); a.Title != want || !strings.HasPrefix(a.Body, "Le laboratoire") {
			t.Errorf("%s: %q, %s", name, a.Title, a.Body)
		}
	}
	for _, stays := range []string{"Le moulin - Le blocage de la vallée", "Claude – le modèle – et ses prix", "Tenir un blog - de la première page à la centième", "Le moulin – la roue"} {
		if a := takes(t, titled(stays)+"<nav><a href=/>Accueil</a></nav><article>"+prose+"</article>"); a.Title != stays {
			t.Errorf("%q becomes %q", stays, a.Title)
		}
	}
}

// What stands below the title in a header is the chapô, and articles in an article are parts of it.
func TestPage_headersAndParts(t *testing.T) {
	first, second, _ := strings.Cut(prose, "</p>")
	first += "</p>"
	want := strings.TrimSpace(strings.NewReplacer("<p>", "", "</p>", "\n\n").Replace(prose))
	for page, summary := range map[string]string{
		"<article><header><h1>T U V</h1><p>" + said + "</p></header><div>" + prose + "</div></article>":                                                said,
		"<header><nav><a href=/>Accueil</a></nav><h1>T U V</h1><p>" + said + "</p></header><main><article>" + prose + "</article></main>":              said,
		"<article><header><h1>T U V</h1><p>Par Ana Roux, le 3 mars 2026</p><h2>" + said + "</h2></header><section>" + prose + "</section></article>":   said,
		"<header><h1>Le Quai</h1><p>Le journal des moulins, des phares et des ports, chaque matin sur le quai.</p></header><main>" + prose + "</main>": "",
		"<article><header><h1>T U V</h1><p>Un moulin tourne</p></header><div>" + prose + "</div></article>":                                            "",
		"<article class=page><article><h1>T U V</h1>" + prose + "</article></article>":                                                                 "",
		"<main><article><header><h1>T U V</h1></header><article class=content>" + prose + "</article><footer>Fin</footer></article></main>":            "",
		"<article><h1>T U V</h1><article>" + first + "</article><article>" + second + "</article></article>":                                           "",
	} {
		a := takes(t, "<title>T U V</title><meta property=og:site_name content='Le Quai'>"+page)
		if a.Summary != summary || a.Body != want && a.Body != "Un moulin tourne\n\n"+want {
			t.Errorf("%s: %q, %s", page, a.Summary, a.Body)
		}
	}
	for line, author := range map[string]string{
		"<div><img src=/a.jpg alt='Jeanne Petit'><span>Jeanne Petit</span> <span>3 mars 2026</span></div>":                   "Jeanne Petit",
		"<div><img src=/a.jpg alt='Photo de Jeanne Petit'><div>Jeanne Petit</div><div>3 mars 2026</div></div>":               "Jeanne Petit",
		"<div><span>Saint Malo</span> <span>3 mars 2026</span></div>":                                                        "",
		"<div><img src=/port.jpg alt='Le port de Saint Malo en mars'><span>Saint Malo</span> <span>3 mars 2026</span></div>": "",
	} {
		if a := takes(t, "<title>T U V</title><article><h1>T U V</h1>"+line+prose+"</article>"); a.Author != author {
			t.Errorf("%s is by %q", line, a.Author)
		}
	}
}
