package render_test

import (
	"testing"

	"facteur/internal/render"
)

// What a summary is about stays, even where HTML has such tags; what marks it up goes, even where its end was forgotten or cut off.
func TestSummary_tags(t *testing.T) {
	for given, want := range map[string]string{
		"La balise <article> et la balise <section> ne sont pas la même chose.":       "La balise <article> et la balise <section> ne sont pas la même chose.",
		"La balise <header> entoure le <h1> de la page":                               "La balise <header> entoure le <h1> de la page",
		"La balise <title> compte aussi.":                                             "La balise <title> compte aussi.",
		"Pourquoi <script> bloque la page, et <style> non":                            "Pourquoi <script> bloque la page, et <style> non",
		"<article> ou <section> : que choisir ?":                                      "<article> ou <section> : que choisir ?",
		"Écrivez <role>, <data> et <exemple>.":                                        "Écrivez <role>, <data> et <exemple>.",
		"Créez new List<Object>(3).":                                                  "Créez new List<Object>(3).",
		"Écrivez List<Object> en Java, et Map<Data>.":                                 "Écrivez List<Object> en Java, et Map<Data>.",
		"On ferme avec </body>, puis </html>.":                                        "On ferme avec </body>, puis </html>.",
		"Les balises (<main>, « <nav> » et \"<aside>\").":                             "Les balises (<main>, « <nav> » et \"<aside>\").",
		"<p>La balise <article> et <b>la balise</b> <section>.</p>":                   "La balise <article> et la balise <section>.",
		"<p><article> et <section> sont deux balises.":                                "<article> et <section> sont deux balises.",
		"La balise <code><article></code> est un bloc.":                               "La balise <article> est un bloc.",
		"Le code va entre <script> et </script>, le titre entre <title> et </title>.": "Le code va entre <script> et </script>, le titre entre <title> et </title>.",
		"On ouvre <article> et on ferme </article> : voilà.":                          "On ouvre <article> et on ferme </article> : voilà.",
		"Le conseil <strong> a voté </strong> hier.":                                  "Le conseil a voté hier.",
		"Le conseil a voté. <div> le maire </div> <p> est content. </p>":              "Le conseil a voté. le maire est content.",
		"Que fait <p> ?":                                     "Que fait <p> ?",
		"Les menus <ul><li> imbriqués":                       "Les menus <ul><li> imbriqués",
		"La balise&nbsp;<main>&nbsp;: pourquoi ?":            "La balise\u00a0<main>\u00a0: pourquoi ?",
		"Le champ <input type=\"date\"> est pris en charge.": "Le champ <input type=\"date\"> est pris en charge.",
		"Si x < 3 et y > 2, c'est faux.":                     "Si x < 3 et y > 2, c'est faux.",

		"<p>Le conseil a voté.</p>\n<p>Le maire est content.</p>":              "Le conseil a voté. Le maire est content.",
		"<p>Le conseil a voté.<p>Le maire est content.":                        "Le conseil a voté. Le maire est content.",
		"Le conseil a voté. <p> Le maire est content.":                         "Le conseil a voté. Le maire est content.",
		"Le conseil a voté.\n<p>\nLe maire est content.":                       "Le conseil a voté. Le maire est content.",
		"Le conseil <br> a voté.<br/>Le maire est content.<hr>":                "Le conseil a voté. Le maire est content.",
		"<img src=\"x.jpg\"> Le conseil a voté. <IMG src=x.jpg />":             "Le conseil a voté.",
		"Le conseil <a href=\"/x\">a voté":                                     "Le conseil a voté",
		"Le conseil <a href=\"/x\"> a voté":                                    "Le conseil a voté",
		"<div class=\"chapo\"> le conseil a voté":                              "le conseil a voté",
		"<div>Le conseil a voté":                                               "Le conseil a voté",
		"<div>\n<div><p>Le conseil <strong>a voté […]":                         "Le conseil a voté […]",
		"<div>\n<p>Le conseil a voté.</p>":                                     "Le conseil a voté.",
		"<article>\nLe conseil a voté.":                                        "Le conseil a voté.",
		"Le conseil a voté.</p>":                                               "Le conseil a voté.",
		"Le conseil a voté. </div>\n</div>":                                    "Le conseil a voté.",
		"</div> Le conseil a voté</strong>.":                                   "Le conseil a voté.",
		"<ul><li>Un <li>Deux <li> Trois</ul>":                                  "Un Deux Trois",
		"<table><tr><td>Le conseil <td>a voté":                                 "Le conseil a voté",
		"Le conseil a voté. <script> (window.x = []).push({});":                "Le conseil a voté.",
		"Le conseil a voté. <iframe src=\"https://x.example\">":                "Le conseil a voté.",
		"<b>&Eacute;tat</b> : le conseil <b>&eacute;lu":                        "État : le conseil élu",
		"<font color=\"red\">Le conseil a voté":                                "Le conseil a voté",
		"Le conseil a voté. <table border=\"0\"> <tr> <td>Hier":                "Le conseil a voté. Hier",
		"<p>Le conseil a voté.</p> <figure><img sr":                            "Le conseil a voté. <img sr",
		"<div>Abonnez-vous</div><blockquote>« Le conseil a voté":               "Abonnez-vous « Le conseil a voté",
		"<p>Le conseil a voté.</p> <h2>":                                       "Le conseil a voté.",
		"Le conseil a voté, puis le maire </section> <div class=\"x\">a parlé": "Le conseil a voté, puis le maire a parlé",
		"Le conseil a voté.<!-- fin -->":                                       "Le conseil a voté.",
		"Le conseil a voté.<div>La suite <span>après":                          "Le conseil a voté. La suite après",
	} {
		got := render.Summary(given)
		if got != want {
			t.Errorf("%s\nis   %q\nwant %q", given, got, want)
		}
		if again := render.Summary(render.AsHTML(given, false)); again != got {
			t.Errorf("%s\nis %q after all", given, again)
		}
	}
}
