package extract_test

import (
	"fmt"
	"strings"
	"testing"
)

// frames are what pages put around an article, with the names that they give it.
func frames() (all []string) {
	for _, name := range []string{"", "id=main", "id=main-content", "class=content", "id=page class=story-body"} {
		for _, kind := range []string{"main", "div"} {
			all = append(all, fmt.Sprintf("<%s %s>%%s</%s>", kind, name, kind))
		}
		all = append(all, fmt.Sprintf("<body class=post-page><div class=page-wrapper><main %s><article class=post>%%s</article></main></div>", name))
	}
	return all
}

// What a frame is called lets nothing in that stands around the text.
func TestPage_frames(t *testing.T) {
	around := []string{
		"<section class=k><h2>Keep reading</h2><a href=/x><span>Alpha arrives</span></a><a href=/y><span>Beta, a letter</span></a></section>", "<ul><li><a href=/x>Alpha arrives</a></li><li><a href=/y>Beta, a letter</a></li></ul>",
		"<ul><li><a href=/tag/alpha>Alpha</a></li><li><a href=/tag/beta>Beta</a></li></ul>", "<section data-component=tags><a href=/t1>Alpha</a><a href=/t2>Beta</a></section>", "<div><span>Alpha Beta</span><span>Technology editor</span></div>",
		"<div><p>Was the alpha article helpful?</p><button>Yes</button><button>No</button></div>", "<section><h2>Author</h2><p>Alpha</p></section>",
	}
	for _, frame := range frames() {
		for _, text := range []string{"<div>%s</div>", "<div class='prose mt-8'>%s</div>"} {
			for i, beside := range around {
				inner := "<h1>T</h1>" + fmt.Sprintf(text, prose+another+another) + beside
				if i == 4 { // a byline
					inner = "<h1>T</h1>" + beside + fmt.Sprintf(text, prose+another+another)
				}
				a := takes(t, "<title>T</title>"+fmt.Sprintf(frame, inner))
				if strings.Contains(a.Body, "Alpha") || strings.Contains(a.Body, "Keep") || strings.Contains(a.Body, "alpha") || !strings.Contains(a.Body, "Il sera ouvert") {
					t.Errorf("%s, %s, %s: %s", frame, text, beside, a.Body)
				}
			}
		}
	}
}

// Its notes and its postscript go with a text, whatever they stand in.
func TestPage_notes(t *testing.T) {
	text := "<div class=texte>" + prose + "<p>Le maire promet de ne pas y toucher avant cinquante ans, et de planter mille chênes de plus chaque hiver jusque-là <a href=#nb1>[1]</a>.</p></div>"
	for _, note := range []string{
		"<hr><div class=n><div id=nb1><p><a href=#nh1>1</a> Alpha, délibération du 2 février.</p></div></div>", "<section><h2>Notes</h2><ol><li id=nb1>Alpha, délibération du 2 février.</li></ol></section>",
		"<div class=ps><h2>P.-S.</h2><p>Alpha a été relu par le collectif.</p></div>", "<p class=hyperlien>Voir en ligne : <a href=x>Alpha, le rapport</a></p>", "<div><h3>Sources</h3><ul><li>Alpha, rapport annuel</li></ul></div>",
	} {
		for _, frame := range []string{"<main>%s</main>", "<main id=content><article class=post>%s</article></main>", "<div id=content>%s</div>", "<article><div class=w>%s</div></article>"} {
			a := takes(t, "<title>T</title>"+fmt.Sprintf(frame, "<h1>T</h1>"+text+note+"<div><a href=/x>La piscine</a></div>"))
			if at := strings.Index(a.Body, "Alpha"); at < strings.Index(a.Body, "mille chênes") || strings.Contains(a.Body, "piscine") {
				t.Errorf("%s, %s: %s", frame, note, a.Body)
			}
		}
	}
	comments := "<section class=c id=c1><h2>Réactions</h2><p>Alpha, bravo.</p></section>"
	if a := takes(t, "<title>T</title><main id=content><h1>T</h1>"+strings.Replace(text, "[1]", "3 réactions", 1)+strings.Replace(comments, "c1", "nb1", 1)+"</main>"); strings.Contains(a.Body, "Alpha") {
		t.Errorf("%s", a.Body)
	}
}
