package source_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"facteur/internal/collect"
	"facteur/internal/source"
)

// One of several pages of an article is no article, however programs lead from one to the others.
func TestParsePage_severalPages(t *testing.T) {
	for _, c := range []struct{ at, head, foot string }{
		{"/a/une/", "", `<div class="page-links">Pages : <span class="post-page-numbers current">1</span> <a href="/a/une/2/" class="post-page-numbers">2</a></div>`},
		{"/a/une/", "", `<nav class="page-links"><a href="https://site.example/a/une/2/">Suite</a></nav>`},
		{"/a/une/2/", "", `<div class="page-links"><a href="/a/une/" class="post-page-numbers">1</a> <span>2</span></div>`},
		{"/a/une/", `<link rel="next" href="/a/une/2/">`, ""}, {"/a/une", `<link rel="next" href="https://www.site.example/a/une?page=2">`, ""}, {"/a/une?utm_source=x", `<link rel=next href="?page=1">`, ""},
		{"/?p=91", "", `<p>Pages: 1 <a href="/?p=91&page=2">2</a></p>`}, {"/a/une.html", "", `<p><a href="une-2.html">Page suivante</a></p>`}, {"/a/une.html", "", `<p>1 <a href="une_2.html">2</a> <a href="une_3.html">3</a></p>`},
		{"/spip.php?article12", "", `<p class="pagination"><strong>1</strong> <a href="spip.php?article12&artpage=2">2</a></p>`}, {"/a/une", "", `<ul class="pager"><li><a href="/a/une?page=1" title="Aller à la page 2">2</a></li></ul>`},
		{"/a/une", "", `<div class="pagenav"><a href="/a/une?start=1">Suivant</a></div>`}, {"/a/une.php?id=12", "", `<a href="/a/une.php?id=12&p=2">2</a>`}, {"/a/une", "", `<div>Page 1 / 3</div>`}, {"/a/une", "", `<p>Page 1 sur 3 <a href="/x">Suivante »</a></p>`},
		{"/a/une", "", `<p><a href="/a/une-la-fin">Lire la suite page 2</a></p>`}, {"/a/une", "", `<div><a href="/a/une/page/2">Page 2 : les prix</a></div>`}, {"/a/une", "", `<p><a href="/a/deuxieme">Page suivante →</a></p>`}, {"/a/une", "", `<p><a href="/a/x">Next page</a></p>`}, {"/a/une", "", `<p><a href="/a/y">Lire la suite de l’article</a></p>`},
	} {
		at := "https://site.example" + c.at
		_, err := source.ParsePage(at, at, []byte("<head><title>T</title>"+c.head+"</head><body><article>"+prose+c.foot+"</article>"), "text/html", nil, today())
		if err == nil || !strings.Contains(err.Error(), "it is one of several pages of its article: it says “") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// What leads to other articles, to comments, or through a list of others, leads to no page of this one.
func TestParsePage_onePage(t *testing.T) {
	teasers := "<div><h3><a href=/b>Un autre</a></h3>" + partOne + "<a href=/b>Lire la suite</a></div>"
	for _, c := range []struct{ at, head, foot string }{
		{"/a/une/", `<link rel="next" href="/a/deux/">`, `<nav class="post-navigation"><a href="/a/deux/" rel="next">Une deuxième piscine</a></nav>`}, {"/a/12", `<link rel="next" href="/a/13">`, `<a href="/a/13" rel="next">Suivant</a>`}, {"/?p=91", `<link rel=next href="/?p=92">`, ""},
		{"/a/une", `<link rel=next href="/a/une-2">`, ""}, {"/a/une/", "", `<div id="comments"><p>Un avis.</p><a href="/a/une/comment-page-2/">2</a> <a href="/a/une?page=1">Page suivante</a></div>`}, {"/a/une/", "", `<p><a href="/a/une/comment-page-2/#comments">Suite</a></p>`},
		{"/a/une", "", `<p><a href="/a/article-suivant">Article suivant</a></p>`}, {"/a/une", "", `<p>Voir la <a href="/rapport.pdf">page 2 du rapport</a>.</p>`}, {"/a/une", `<link rel=canonical href="/a/une/">`, `<p><a href="/a/une/">T</a> <a href="/a/une#haut">1</a></p>`},
		{"/a/2026", "", `<p><a href="/a/2025">2025</a></p>`}, {"/2026/11/27/une", "", `<p><a href="/2026/11/26">26</a></p>`}, {"/a/une", "", "</article><section class=view>" + strings.Repeat(teasers, 2) + `<ul class="pager"><li><a href="?page=1">2</a></li><li>Page 1 sur 3</li></ul></section><article>`},
	} {
		at := "https://site.example" + c.at
		a, err := source.ParsePage(at, at, []byte("<head><title>T</title>"+c.head+"</head><body><article>"+strings.Repeat(prose, 2)+c.foot+"</article>"), "text/html", nil, today())
		if err != nil || !strings.Contains(a.Body, "deux personnes qui l’ont essayé.") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// Where a page names one that shows all of its article, that is told.
func TestPage_wholeElsewhere(t *testing.T) {
	web := func(context.Context, source.Question) (source.Reply, error) {
		page := "<title>T</title><article>" + prose + `<p>1 <a href="/a/une/2/">2</a> – <a href="/a/une/?print=1">Version imprimable</a></p></article>`
		return source.Reply{Body: []byte(page), Type: "text/html"}, nil
	}
	_, err := source.Page{Address: "https://site.example/a/une/", Web: web, Now: today}.Read(t.Context())
	trouble, told := errors.AsType[collect.Trouble](err)
	if !told || !strings.Contains(trouble.Do, "which may be https://site.example/a/une/?print=1") {
		t.Errorf("%v: %s", err, trouble.Do)
	}
}

// A text that leads to its rest, or is marked as cut, is a beginning.
func TestParsePage_beginnings(t *testing.T) {
	uncut := strings.TrimSuffix(prose, ".</p>")
	for _, page := range []string{
		uncut + " […]</p>", uncut + " [...]</p>", uncut + " (…)</p>", uncut + "&nbsp;(...)</p>", uncut + " [&hellip;] </p><p><a href=/b>Continue reading</a></p>",
		uncut + "… <a href='/actualites/une'>Lire la suite</a></p>", uncut + ". <a href='https://autre.example/x'>Lire la suite sur L’Autre</a></p>", uncut + " <a class=more-link href='/actualites/une#more-12'>Continuer la lecture <span>de « T »</span> →</a></p>",
		prose + "<p>Le service ouvrira mardi, dit le laboratoire. <a href=/b>Lire la suite</a></p>", prose + "<p>Le service ouvrira mardi, dit le laboratoire. […] <a href=/b>Continue reading →</a></p>", prose + "<p>Il ouvre mardi.</p><p><a href=/b>Lire la suite</a></p>",
		prose + "<p><a href=/b>Lire la suite</a></p>", prose + "<p class=link-more><a href='#'>Continuer la lecture →</a></p>", prose + "<button>Lire la suite</button>", prose + "<div class=read-more><a href='https://autre.example/x'>Lire l’article complet</a></div>",
		prose + "<p><a href=/b>Cliquez ici pour lire la suite</a></p>", prose + "<p><a href=/b>La suite ici</a></p>", prose + "<ul class='links inline'><li class=node-readmore><a href=/node/12>Lire la suite<span class=element-invisible> de Un modèle</span></a></li></ul>", prose + "<p><a href='https://autre.example/x'>Lire l’article en entier sur L’Autre</a></p>",
		prose + "<div><span class=plus>Lire la suite</span></div>", prose + "<p><a href='/node/12'>Read more</a></p>", prose + "<div class=partager><p>Partager</p></div><p>→ <a href=/b>Read the full story</a></p>",
	} {
		_, err := source.ParsePage(address, address, []byte("<title>T</title><article>"+page+"</article>"), "text/html", nil, today())
		if err == nil || !strings.Contains(err.Error(), "its text is only a beginning: it ends with “") {
			t.Errorf("%s: %v", brief(page), err)
		}
	}
}

// A text that is all there may have such words in it, or under it.
func TestParsePage_noBeginnings(t *testing.T) {
	uncut := strings.TrimSuffix(prose, ".</p>")
	for _, page := range []string{
		uncut + "…</p>", uncut + ", et c’est peu dire…</p>", "<p>« Nous lisons […] tout. »</p>" + prose, prose + "<blockquote><p>Nous lisons tout, et plus encore, dit le rapport de la commission que les députés ont reçu lundi, avant tout le monde, et qu’ils ont lu dans la nuit […]</p></blockquote>", prose + "<p>« Nous lisons tout […] »</p>",
		prose + "<p>Il faut <a href=/b>lire la suite</a></p>", prose + "</article><div><h3><a href=/b>Un autre titre</a></h3>" + partOne + "<a href=/b>Lire la suite</a></div><article>", prose + "</article><div><h3>Un autre titre</h3>" + partOne + "<a href=/b>Lire la suite</a></div><article>",
		"<a href='#suite'>Lire la suite</a>" + prose, prose[:strings.Index(prose, "</p>")+4] + "<p><a href='#suite'>Lire la suite</a></p>" + prose[strings.Index(prose, "</p>")+4:] + partOne, prose + "<p><a href=/sources>En savoir plus</a></p>",
		prose + "<p>Cet article est republié sous licence Creative Commons. <a href='https://autre.example/x'>Lire l’article original</a>.</p>", prose + "<p><a href='https://autre.example/x'>Read the original article</a></p>", prose + "<p><a href=/42>Retrouvez cet article dans le numéro 42</a></p>", prose + "<div><h4>Notre guide</h4><p>Tout savoir en dix pages.</p><a href=/guide>Lire la suite</a></div>",
		prose + "<h3>À lire aussi</h3><ul><li><a href=/b>Un autre</a> <a href=/b>Lire la suite</a></li></ul>", prose + "<p>Lire la suite : <a href=/b>le deuxième volet de notre enquête</a></p>",
	} {
		a, err := source.ParsePage(address, address, []byte("<title>T</title><article>"+page+"</article>"), "text/html", nil, today())
		if err != nil || !strings.Contains(a.Body, "deux personnes qui l’ont essayé") {
			t.Errorf("%s: %v", brief(page), err)
		}
	}
}
