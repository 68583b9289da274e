package extract_test

import (
	"net/url"
	"strings"
	"testing"

	"facteur/internal/extract"
)

// Lines that lead to other articles of the site go with the titles behind them, be it one or several in a paragraph; what an author has read stays, and so do
// sentences that begin with the same words.
func TestParse_furtherReading(t *testing.T) {
	const a, b = `<a href="/alpha">La criée de Brest ferme deux jours par semaine</a>`, `<a href="https://site.example/beta">Canicule : dix départements en vigilance</a>`
	for _, gone := range []string{
		`<p><em><a href="/x">Pour aller plus loin</a><br>` + a + `</em></p>`, `<p><strong>Pour aller plus loin</strong><br>` + a + `<br>` + b + `</p>`, `<p>Pour aller plus loin : ` + a + `</p>`, `<p>Sur le même sujet : ` + a + `, ` + b + `</p>`, `<p><b>Voir aussi</b> ` + a + ` et ` + b + `</p>`,
		`<p>Pour aller plus loin</p><p>` + a + `</p><p>` + b + `</p>`, `<h3>Pour aller plus loin</h3><ul><li>` + a + `</li><li>` + b + `</li></ul>`, `<h4>Further reading</h4><ul><li>` + a + `</li></ul>`, `<p><strong>Read next:</strong> ` + a + `</p>`, `<p>More on this story</p><p>` + a + `</p>`,
		`<p><em>À lire sur le sujet</em><br>` + a + `</p>`, `<p>Nos articles sur le sujet</p><ul><li>` + a + `</li><li>` + b + `</li></ul>`, `<p><a href="/z">🔒 Brest : la criée ferme deux jours par semaine</a></p>`, `<p>➡️ ` + a + `</p>`, `<p>➤ ` + a + `</p>`, `<p>À lire aussi sur Le Média : ` + a + `</p>`, `<div><p>Pour approfondir</p><ul><li>` + a + `</li><li>` + b + `</li></ul></div>`, `<p><strong><a href=/v>VIDÉO. La criée ferme deux jours par semaine</a></strong></p>`, `<p>[Abonnés] – ` + a + `</p>`,
	} {
		for where, body := range withParagraph(t, gone) {
			if body != "Avant.\n\nAprès." {
				t.Errorf("%s stays in %s: %q", gone, where, body)
			}
		}
	}
	base, _ := url.Parse(address)
	for _, stays := range []string{
		`<p>Pour aller plus loin, il faudra <a href=/alpha>lire alpha</a>.</p>`, `<p>Pour aller plus loin, la ville a besoin de <a href=/alpha>l’aide d’alpha</a>, qui tarde.</p>`, `<h3>Pour aller plus loin</h3><ul><li><a href=https://arxiv.example/abs/1>Le papier d’alpha</a></li><li><a href=https://docs.example/x>Sa documentation</a></li></ul>`,
		`<h2>Pour aller plus loin</h2><p>Le livre d’alpha, <a href=/alpha>que nous avons lu</a>, dit le reste.</p>`, `<p>Pour en savoir plus, écrivez à alpha.</p>`, `<p>Voir alpha et mourir : <a href=/alpha>le récit</a> a fait rire tout le monde.</p>`, `<p>Further reading is of no use, says <a href=/alpha>alpha</a>.</p>`, `<p>🔒 Votre mot de passe alpha ne quitte pas l’appareil.</p>`,
		`<p>👉 <a href=https://alpha.example>Essayer alpha sans compte ni carte</a></p>`, `<p>Voici le lien :</p><p>➡ <a href=/alpha>Le rapport de la cour des comptes</a></p>`, `<p><a href=/alpha>La criée alpha ferme deux jours par semaine</a></p>`, `<p>Read next to nothing, and alpha wins.</p>`, `<p>Plus sur ce sujet divise alpha et bêta.</p>`,
	} {
		if body := withParagraph(t, stays)["a page"]; !strings.Contains(body, "alpha") {
			t.Errorf("%s is gone from a page: %q", stays, body)
		}
		if body, _ := extract.HTML(stays+prose, base); !strings.Contains(extract.Clip(body), "alpha") {
			t.Errorf("%s is gone from a text: %q", stays, body)
		}
	}
	round := strings.Repeat("<p>▶ "+a+"</p><p>La direction du port invoque la baisse des apports, et les mareyeurs demandent une aide de l’État avant la fin de l’hiver qui vient.</p>", 5)
	if body, _ := extract.HTML(round, base); strings.Count(extract.Clip(body), "La criée") != 5 {
		t.Errorf("an article of titles lost them: %q", body)
	}
}

// What programs put below a text goes, where nothing follows.
func TestHTML_trailers(t *testing.T) {
	base, _ := url.Parse(address)
	for _, gone := range []string{
		`<hr><p><a href="u">The Story</a> was originally published in <a href="v">Better Programming</a> on Medium, where people are continuing the conversation by highlighting and responding to this story.</p>`, `<p><em>Originally published at </em><a href=https://blog.example><em>https://blog.example</em></a><em> on November 3, 2026.</em></p>`, `<p>This post originally appeared on <a href=/x>My Blog</a>.</p>`, `<p>Article initialement publié sur <a href=/x>Mon blog</a>.</p>`,
		`<p>submitted by <a href=/u>/u/alpha</a> <span><a href=/l>[link]</a></span> <span><a href=/c>[comments]</a></span></p>`, `<p>Article URL: <a href=/x>https://x.example/a</a></p><p>Comments URL: <a href=/c>https://news.example/c</a></p><p>Points: 12</p><p># Comments: 3</p>`, `<p>Podcast: <a href=/p>Play in new window</a> | <a href=/d>Download</a> (Duration: 32:10 — 29.4MB)</p>`, `<p>Subscribe: <a href=/a>Apple Podcasts</a> | <a href=/s>Spotify</a> | <a href=/r>RSS</a></p>`, `<p>J’aime ceci : J’aime Chargement…</p>`,
	} {
		paragraphs, _ := extract.HTML(prose+gone, base)
		if body := strings.TrimSuffix(extract.Clip(paragraphs), "\n\n---"); !strings.HasSuffix(body, "essayé.") {
			t.Errorf("%s stays: %q", gone, body)
		}
	}
	for _, stays := range []string{
		"<p>The report was originally published in 1998, and nobody on Medium has read it.</p>", "<p>Originally published in 1943, the book came out again last week.</p>", "<p>Points: 12 for alpha and 9 for beta, the jury said.</p>", "<p>Publié d’abord dans Nature, le texte a été relu trois fois.</p>", "<p>Publié dans <a href=/n>Nature</a>, le texte divise.</p>", "<p>Publié en 1943 dans Nature.</p>", "<p>Subscribe: the word is on each wall.</p>", "<p>This article originally appeared to be a hoax.</p>",
	} {
		if paragraphs, _ := extract.HTML(prose+stays, base); strings.HasSuffix(extract.Clip(paragraphs), "essayé.") {
			t.Errorf("%s is gone: %q", stays, paragraphs)
		}
	}
}
