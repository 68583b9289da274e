package extract_test

import (
	"strings"
	"testing"
)

// A text below a picture is one, wherever it stands; what one sees on the picture is none.
func TestPage_captions(t *testing.T) {
	const second = "<p>Les riverains disent que la roue tourne de nouveau chaque nuit, et que le bruit de l’eau leur avait manqué pendant les douze années de fermeture.</p>"
	head, tail := "<article><h1>T</h1>"+another, prose+"</article>"
	for _, figure := range []string{
		"<figure><img src=a.jpg><figcaption><h3>Le moulin</h3><p>" + said + "</p>" + second + "</figcaption></figure>",
		"<h3>Le moulin</h3><figure><img src=a.jpg><figcaption><p>" + said + "</p>" + second + "</figcaption></figure>",
		"<h3>Le moulin</h3><figure><img src=a.jpg><figcaption>" + said + " Il ouvre le samedi.</figcaption></figure><h3>Le pont</h3>",
		"<figure><h3>Le moulin</h3><img src=a.jpg><figcaption><p>" + said + "</p></figcaption></figure>",
		"<div class=card><figure><figcaption><h4>Le moulin</h4><div>" + said + "</div></figcaption></figure></div>",
	} {
		a := takes(t, "<title>T</title>"+head+figure+tail)
		if !strings.Contains(a.Body, "# Le moulin\n\nLe prix du grain") || strings.Contains(figure, "riverains") && !strings.Contains(a.Body, "riverains") {
			t.Errorf("%s: %s", figure, a.Body)
		}
	}
	for _, figure := range []string{
		"<figure><img src=a.jpg><figcaption>" + said + " Photo Ana Roux.</figcaption></figure>", "<figure><img src=a.jpg><figcaption><p>" + said + "</p><p>Photo Ana Roux</p></figcaption></figure>",
		"<h3>Le moulin</h3><figure><img src=a.jpg><figcaption>" + said + " Photo Ana Roux.</figcaption></figure>" + second,
		"<h3>Le moulin</h3>" + second + "<figure><img src=a.jpg><figcaption>" + said + " Photo Ana Roux.</figcaption></figure>",
	} {
		if a := takes(t, "<title>T</title>"+head+figure+tail); strings.Contains(a.Body, "Le prix du grain") || strings.Contains(a.Body, "Ana Roux") {
			t.Errorf("%s: %s", figure, a.Body)
		}
	}
}

// What a page says of its pictures goes in whatever element it stands, and what shows them larger; the article’s own pictures stay.
func TestParse_linesOfPictures(t *testing.T) {
	for _, gone := range []string{
		`<figure><div role=button tabindex=0><span class=x>Press enter or click to view image in full size</span><img src=/a.jpg></div><figcaption>Our rack</figcaption></figure>`,
		`<figure><div role=button><span>Press enter or click to view image in full size</span></div><div role=button><picture><img src=/a.jpg></picture></div></figure>`,
		`<figure><a href=/a.jpg>Agrandir l’image</a><img src=/a.jpg></figure>`, `<figure><img src=/a.jpg><button>Zoom</button><span>1/4</span></figure>`, `<figure><img src=/a.jpg><div>Ouvrir la galerie</div><div>12 photos</div></figure>`,
		`<figure><img src=/a.jpg><cite>Image: Cath Virginia / The Verge</cite></figure>`, `<figure><img src=/a.jpg><p>Le moulin, mardi matin.</p></figure>`, `<figure><video src=/a.mp4></video><div>Play video</div><div>0:00 / 3:15</div></figure>`,
		`<div><div><img src=/a.jpg></div><span>Ana Roux dirige le moulin. (Photo Éric Petit/AFP)</span></div>`, `<div><img src=/a.jpg><p>Le moulin, le 3 mars. © Ana Roux / Hans Lucas</p></div>`, `<p><img src=/a.jpg><br>Le moulin, mardi. Photo : Ana Roux</p>`,
		`<div><img src=/a.jpg></div><p><em>The mill on Tuesday. Photograph: Ana Roux/The Guardian</em></p>`, `<div><picture><img src=/a.jpg></picture></div><div>The mill at dawn (Image credit: Future)</div>`, `<p><a href=/a.jpg><img src=/a.jpg></a></p><p>Le moulin rouvre. // Source : Numerama</p>`, `<div><img src=/a.jpg><div><span>Ana Roux, mardi.</span> <span>AFP / Éric Petit</span></div></div>`, `<p><img src=/a.jpg></p><p>Le ministre à Lyon, le 3 mars. ANA ROUX / AFP</p>`,
	} {
		for where, body := range withParagraph(t, gone) {
			if body != "Avant.\n\nAprès." {
				t.Errorf("%s stays in %s: %q", gone, where, body)
			}
		}
	}
	for html, want := range map[string]string{
		`<figure><img src=/a.jpg><h3>Le moulin</h3><p>Il moud douze tonnes.</p></figure>`:                            "### Le moulin\n\nIl moud douze tonnes.",
		`<figure><img src=/a.jpg><table><tr><td>Grain</td><td>12 t</td></tr></table></figure>`:                       "Grain – 12 t",
		`<figure><blockquote><p>Le grain a doublé.</p></blockquote><img src=/a.jpg></figure>`:                        "> Le grain a doublé.",
		`<p><img src=/a.jpg></p><p>Le moulin a rouvert, a dit le maire (photo à l’appui) aux élus.</p>`:              "Le moulin a rouvert, a dit le maire (photo à l’appui) aux élus.",
		`<p><img src=/a.jpg></p><p>Le préfet a signé l’arrêté mardi, a-t-il dit à l’AFP.</p>`:                        "Le préfet a signé l’arrêté mardi, a-t-il dit à l’AFP.",
		`<p><img src=/a.jpg></p><p>Un contrat lie Mistral et l’AFP.</p>`:                                             "Un contrat lie Mistral et l’AFP.",
		`<p><img src=/a.jpg>Le moulin a rouvert mardi. Il moud douze tonnes de grain par jour. Photo : Ana Roux</p>`: "Le moulin a rouvert mardi. Il moud douze tonnes de grain par jour. Photo : Ana Roux",
		`<p>Le grain vient de Beauce. (Photo Ana Roux)</p>`:                                                          "Le grain vient de Beauce. (Photo Ana Roux)",
		`<p><img src=/a.jpg></p><p>Le juge a demandé la source de la photo.</p>`:                                     "Le juge a demandé la source de la photo.",
		`<p><img src=/a.jpg></p><p>Une photo par Ana Roux a tout changé.</p>`:                                        "Une photo par Ana Roux a tout changé.",
		`<p><img src=/a.jpg></p><blockquote><p>Le moulin rouvre. (Photo AFP)</p></blockquote>`:                       "> Le moulin rouvre. (Photo AFP)",
	} {
		for where, body := range withParagraph(t, html) {
			if want := "Avant.\n\n" + want + "\n\nAprès."; body != want {
				t.Errorf("%s in %s is %q", html, where, body)
			}
		}
	}
}

// A block beside a picture that a class calls its caption goes, in however many elements; so called, but beside none, or a text, it stays.
func TestPage_captionBox(t *testing.T) {
	const img = "<img src=/a.jpg>"
	for _, html := range []string{
		"<div><div>" + img + "</div><div class=credit-caption><div class=caption-wrap><div class=caption><p>Ana dans les rayons. <b>Paul pour le journal</b></p></div></div></div></div>", "<div>" + img + "<div class=caption><p>Ana dans les rayons.</p></div></div>",
		img + "<div class=legende><p>Ana dans les rayons.</p><p>Paul pour le journal</p></div>", "<div><div class=caption><p>Ana dans les rayons</p></div><picture>" + img + "</picture></div>",
	} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+html+prose+"</article>"); strings.Contains(a.Body, "rayons") || strings.Contains(a.Body, "Paul") {
			t.Errorf("%s: %q", html, a.Body)
		}
	}
	for _, html := range []string{
		"<div class=caption><h2>Ana</h2><p>Ana travaille dans les rayons.</p></div>", img + "<div class=caption>" + partOne + partTwo + "<p>Ana est dans les rayons.</p></div>", img + "<p>Ana est dans les rayons.</p>",
	} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+html+partThree+"</article>"); !strings.Contains(a.Body, "rayons") {
			t.Errorf("%s: %q", html, a.Body)
		}
	}
}
