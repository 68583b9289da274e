package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// One of several pages of an article is no article, however programs lead from one to the others.
func TestPage_severalPages(t *testing.T) {
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
		_, err := extract.Page(at, at, []byte("<head><title>T</title>"+c.head+"</head><body><article>"+prose+c.foot+"</article>"), "text/html", nil, today())
		if err == nil || !strings.Contains(err.Error(), "it is one of several pages of its article: it says “") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// What leads to other articles, to comments, or through a list of others, leads to no page of this one.
func TestPage_onePage(t *testing.T) {
	teasers := "<div><h3><a href=/b>Un autre</a></h3>" + partOne + "<a href=/b>Lire la suite</a></div>"
	for _, c := range []struct{ at, head, foot string }{
		{"/a/une/", `<link rel="next" href="/a/deux/">`, `<nav class="post-navigation"><a href="/a/deux/" rel="next">Une deuxième piscine</a></nav>`}, {"/a/12", `<link rel="next" href="/a/13">`, `<a href="/a/13" rel="next">Suivant</a>`}, {"/?p=91", `<link rel=next href="/?p=92">`, ""},
		{"/a/une", `<link rel=next href="/a/une-2">`, ""}, {"/a/une/", "", `<div id="comments"><p>Un avis.</p><a href="/a/une/comment-page-2/">2</a> <a href="/a/une?page=1">Page suivante</a></div>`}, {"/a/une/", "", `<p><a href="/a/une/comment-page-2/#comments">Suite</a></p>`},
		{"/a/une", "", `<p><a href="/a/article-suivant">Article suivant</a></p>`}, {"/a/une", "", `<p>Voir la <a href="/rapport.pdf">page 2 du rapport</a>.</p>`}, {"/a/une", `<link rel=canonical href="/a/une/">`, `<p><a href="/a/une/">T</a> <a href="/a/une#haut">1</a></p>`},
		{"/a/2026", "", `<p><a href="/a/2025">2025</a></p>`}, {"/2026/11/27/une", "", `<p><a href="/2026/11/26">26</a></p>`}, {"/a/une", "", "</article><section class=view>" + strings.Repeat(teasers, 2) + `<ul class="pager"><li><a href="?page=1">2</a></li><li>Page 1 sur 3</li></ul></section><article>`},
	} {
		at := "https://site.example" + c.at
		a, err := extract.Page(at, at, []byte("<head><title>T</title>"+c.head+"</head><body><article>"+strings.Repeat(prose, 2)+c.foot+"</article>"), "text/html", nil, today())
		if err != nil || !strings.Contains(a.Body, "deux personnes qui l’ont essayé.") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
