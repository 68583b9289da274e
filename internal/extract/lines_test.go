package extract_test

import "testing"

// Pages made by hand part their lines with line ends. What is one paragraph stays one.
func TestPage_lines(t *testing.T) {
	const one, two = "Le laboratoire a présenté mardi un modèle qui lit des images et des sons, et qui répond en une seconde à des questions posées à voix haute.",
		"Il sera ouvert aux chercheurs au printemps, puis aux entreprises, avec des prix qui ne sont pas encore connus, selon deux personnes qui l’ont essayé."
	for html, want := range map[string]string{
		one + "<br><br>" + two:                        one + "\n\n" + two,
		"<p>" + one + "<br>&nbsp;<br>" + two + "</p>": one + "\n\n" + two,
		"<div><span style='display:block'>" + one + "</span><span style='display: block'>" + two + "</span></div>":                      one + "\n\n" + two,
		"<p><span style='color:red; display:block;'>" + one + "</span> <span style='display:block'>" + two + "</span></p>":              one + "\n\n" + two,
		"<p>" + one + "</p><p>" + two + "</p><p><span style='display:block'>Quimper</span><span style='display:block'>Brest</span></p>": one + "\n\n" + two + "\n\nQuimper  \nBrest",
		one + "<br>" + two:                                                                                                      one + "\n\n" + two,
		"<p>" + one + "<br>" + two + "</p>":                                                                                     one + "  \n" + two,
		"<font size=2>" + one + "<br><br>" + two + "</font>":                                                                    one + "\n\n" + two,
		"<b>" + one + "<br><br>" + two + "</b>":                                                                                 "**" + one + "**\n\n**" + two + "**",
		"<table><tr><td>" + one + "<br><br>" + two + "</td></tr></table>":                                                       one + "\n\n" + two,
		"<div>" + one + "<p>" + two + "</p></div>":                                                                              one + "\n\n" + two,
		"<p>" + one + "</p><p>" + two + "</p><p>12 rue du Quai<br>29000 Quimper</p>":                                            one + "\n\n" + two + "\n\n12 rue du Quai  \n29000 Quimper",
		"<p>" + one + "</p><p>" + two + "</p><p><b>Et après</b><br>" + one + "</p>":                                             one + "\n\n" + two + "\n\n**Et après**\n\n" + one,
		"<p>" + one + "</p><p>" + two + "</p><ul><li>Un<br>deux<ul><li>trois</li></ul></ul>":                                    one + "\n\n" + two + "\n\n- Un  \n    deux\n\n    - trois",
		"<p>" + one + "</p><p>" + two + "</p><table><tr><th>An</th><th>Prix</th></tr><tr><td>2025</td><td>12</td></tr></table>": one + "\n\n" + two + "\n\nAn – Prix\n\n2025 – 12",
		"<p>" + one + "</p><pre>a<br>b</pre><p>" + two + "</p>":                                                                 one + "\n\n```\nab\n```\n\n" + two,
	} {
		if a := takes(t, "<title>T</title><body><article>"+html+"</article>"); a.Body != want {
			t.Errorf("%s\nis   %q\nwant %q", html, a.Body, want)
		}
	}
	for _, html := range []string{"<img src=/p.jpg><br><br>" + one + "<br><br>" + two, one + "<br><br><img src=/p.jpg><br><br>" + two, one + "<br><br>" + two + "<br><br><img src=/p.jpg>"} {
		if a := takes(t, "<title>T</title><body><div>"+html+"</div>"); a.Picture != "https://site.example/p.jpg" || a.Body != one+"\n\n"+two {
			t.Errorf("%s shows %q in %q", html, a.Picture, a.Body)
		}
	}
}
