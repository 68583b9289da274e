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
