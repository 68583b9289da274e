package extract_test

import (
	"strings"
	"testing"
)

// What visitors are asked to vote on goes with its question; a question of the article stays, and so does a text behind tabs.
func TestParse_polls(t *testing.T) {
	const form = `<form><label><input type=radio name=a>Tous les jours</label><label><input type=radio name=a>Jamais</label><button>Voter</button></form>`
	for _, gone := range []string{
		`<div class=bdm-poll><p class=question>Utilisez-vous l’IA au travail ?</p>` + form + `</div>`, `<div class=sondage><p>Êtes-vous favorable au report ?</p><form><input type=radio>Oui<input type=radio>Non<input type=submit value=OK></form></div>`, `<h3>Sondage</h3><p>Faut-il rouvrir le moulin ?</p>` + form,
		`<section><h3>Et vous ?</h3><p>Faut-il rouvrir le moulin ?</p><div><button>Oui</button><button>Non</button></div><button>Je vote</button></section>`, `<div class=poll><p>Should it reopen?</p><ul><li>Yes 62%</li><li>No 38%</li></ul><p>1,204 votes</p></div>`, `<p>Do you use it at work?</p><form><input type=checkbox>Yes<input type=checkbox>No<button>Submit</button></form>`,
	} {
		for where, body := range withParagraph(t, gone) {
			if body != "Avant.\n\nAprès." {
				t.Errorf("%s stays in %s: %q", gone, where, body)
			}
		}
	}
	for _, stays := range []string{
		`<p>Faut-il rouvrir le moulin alpha ?</p><p>Le maire dit oui.</p>`, `<div><input type=radio name=t id=t1><label for=t1>Alpha</label><div>Le moulin alpha moud douze tonnes par jour.</div></div>`, `<div class=sondage><p>Selon un sondage, 62 % des habitants veulent du moulin alpha.</p><p>Le reste hésite.</p></div>`, `<p>Voter alpha ou bêta ?</p>`, `<div class=votes><p>Liste alpha</p><p>1 204 voix</p></div>`, `<div class=poll><p>Le vote alpha a lieu mardi.</p></div>`,
	} {
		for where, body := range withParagraph(t, stays) {
			if !strings.Contains(body, "alpha") {
				t.Errorf("%s is gone from %s: %q", stays, where, body)
			}
		}
	}
}

// What trails behind a text, or stands above it, and tells of the page: words it is filed under, figures, programs to download.
func TestParse_trailingScraps(t *testing.T) {
	for _, gone := range []string{
		`<ul><li><a href=/blog/categories/sante>Santé</a></li></ul>`, `<p><a href=/tag/ia>IA</a>, <a href=/tag/moulin>Moulin</a></p>`, `<div><a href=/x rel=tag>Moulins</a></div>`, `<div>+35</div>`, `<section><a href=/contrib>Contribuer</a></section>`, `<p>Contribute</p>`, `<div><p>Vous avez lu 3 articles sur Numerama ce mois-ci. Il y a une bonne raison de ne pas s’abonner à Numerama+ : tout est gratuit.</p></div>`,
		`<div><div>ChatGPT</div><div>Par : OpenAI</div><div>4.7 / 5</div><div>26 M avis</div><a href=/dl>Télécharger</a></div>`, `<div>Enter fullscreen mode</div><div>Exit fullscreen mode</div>`, `<p>You have read 2 articles this month.</p>`, `<ul><li><a href=/topics/ai>AI</a></li><li><a href=/topics/mills>Mills</a></li></ul>`,
	} {
		if a := takes(t, "<title>T</title><article>"+prose+gone+"</article>"); !strings.HasSuffix(a.Body, "essayé.") {
			t.Errorf("%s stays: %s", gone, a.Body)
		}
	}
	for _, stays := range []string{
		`<ul><li><a href=/moulin>Le moulin d’alpha</a></li></ul>`, `<p>42, répond alpha.</p>`, `<div><a href=#a1>1</a><div><p>Prix d’alpha en septembre.</p></div></div><p>3</p><p>alpha</p>`, `<p>Contribuer, dit alpha, ne coûte rien.</p>`, `<p>Vous avez lu Alpha, lisez Bêta.</p>`, `<div><h3>Alpha</h3><p>Par : OpenAI</p><p>4.7 / 5</p><a href=/dl>Télécharger</a></div>`, `<p>Nos sujets :</p><ul><li><a href=/tag/alpha>Alpha</a></li></ul>`, `<p>Alpha a lu 3 articles ce mois-ci.</p>`,
	} {
		if a := takes(t, "<title>T</title><article>"+prose+stays+"</article>"); !strings.Contains(strings.ToLower(a.Body), "alpha") {
			t.Errorf("%s is gone: %s", stays, a.Body)
		}
	}
	for _, stays := range []string{`<p>42</p>`, `<p><a href=/tag/alpha>Alpha 42</a></p>`} {
		if body := withParagraph(t, stays)["a page"]; !strings.Contains(body, "42") {
			t.Errorf("%s is gone amid a text: %q", stays, body)
		}
	}
}
