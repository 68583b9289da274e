package extract_test

import (
	"fmt"
	"strings"
	"testing"
)

// inFrame puts an edge and paragraphs, by their number, into a page.
func inFrame(frame, edge string) string {
	pairs := []string{"EDGE", edge, "TITLE", "<h1>La ligne est votée</h1>"}
	for i := range 4 {
		pairs = append(pairs, fmt.Sprint(i), fmt.Sprintf("<p>Le témoin numéro %d raconte, devant la commission réunie mardi, ce qu’il a vu du chantier et ce que lui en ont dit les voisins de la gare.</p>", i))
	}
	return "<title>La ligne est votée</title><body>" + strings.NewReplacer(pairs...).Replace(frame)
}

// framesOfBlocks are texts in blocks, with something at their edge.
func framesOfBlocks() []string {
	return []string{
		"<main>TITLE<div>0</div><div>1</div>EDGE</main>", "<main>TITLE<div>0</div><div>1</div>2EDGE</main>", "<main>TITLEEDGE<div>0</div><div>1</div>2</main>", "<article>TITLEEDGE<div>0</div><div>12</div></article>",
		"<main>TITLE<section class=a>01</section><section class=b>23</section>EDGE<footer>Fin</footer></main>", "<article>TITLE<div class='w w-a'>0</div><div class='w w-b'>1</div><div class='w w-c'>EDGE</div></article>",
	}
}

// What stands at the edge of a text in blocks and is no paragraph is of it, too.
func TestPage_edges(t *testing.T) {
	rows := strings.Repeat("<tr><td>Ville</td><td>12</td></tr>", 9)
	structures := []string{
		"<ol><li>Alpha " + said + "</li><li>bêta</li></ol>", "<table><tr><td>Alpha</td><td>1</td></tr>" + rows + "<tr><td>bêta</td><td>2</td></tr></table>",
		"<h2>Alpha</h2><ul><li>Une tonne de grain par jour</li><li>bêta</li></ul>", "<blockquote><p>Alpha et bêta, dit le maire de la ville.</p></blockquote>", "<pre>select alpha -- Alpha, bêta</pre>",
		"<div class=table-responsive><table><tr><td>Alpha</td><td>des chiffres et des mots</td></tr><tr><td>bêta</td><td>encore</td></tr></table></div>", "<div><h3>Alpha</h3><ul><li>Une tonne de grain par jour</li><li>bêta</li></ul></div>",
		"<figure class=wp-block-table><table><tr><td>Alpha</td><td>des chiffres et des mots</td></tr><tr><td>bêta</td><td>encore</td></tr></table></figure>", "<section><h2>Alpha</h2><ol><li>Mélanger la farine et les œufs.</li><li>bêta</li></ol></section>",
	}
	besideSeveral := []string{
		"<ul><li>Alpha</li><li>puis la suite du bilan, bêta</li></ul>", "<details><summary>Alpha</summary><p>En quelques mots, bêta.</p></details>", "<h2>Alpha</h2><p>Le bêta est court.</p>", "<dl><dt>Alpha</dt><dd>Une tonne de grain par jour</dd><dt>bêta</dt><dd>Et du blé</dd></dl>", "<h2>Alpha</h2><h3>Le bois</h3><p>Le bêta est court.</p>",
	}
	besideOne := []string{"<main>TITLE<div>012</div>EDGE</main>", "<main>TITLE<div><div>0</div><div>1</div></div>EDGE</main>", "TITLE<div>0</div><div>1</div>EDGE"}
	check := func(frames, edges []string) {
		for _, frame := range frames {
			for _, edge := range edges {
				if a := takes(t, inFrame(frame, edge)); strings.Count(a.Body, "Alpha") != 1 || strings.Count(a.Body, "bêta") != 1 || strings.Count(a.Body, "numéro 1") != 1 {
					t.Errorf("%s, %s: %s", frame, edge, a.Body)
				}
			}
		}
	}
	check(framesOfBlocks(), structures)
	check(framesOfBlocks(), besideSeveral)
	check(besideOne, structures)
	for _, edge := range []string{
		"<h2>À lire aussi</h2><ul><li><a href=/a>Alpha, la piscine qui rouvre</a></li><li><a href=/b>bêta</a></li></ul>", "<ul class=tags-list><li><a href=/t>Alpha</a></li><li><a href=/b>bêta</a></li></ul>",
		"<ul><li><a href='https://facebook.example/sharer?u=x'>Alpha</a></li><li><a href=/share>bêta</a></li></ul>", "<h3>Les plus lus</h3><ol><li><a href=/a>Alpha, la piscine qui rouvre</a></li><li><a href=/b>bêta</a></li></ol>",
	} {
		for _, frame := range append(framesOfBlocks(), besideOne...) {
			if a := takes(t, inFrame(frame, edge)); strings.Contains(a.Body, "Alpha") || strings.Contains(a.Body, "bêta") {
				t.Errorf("%s, %s: %s", frame, edge, a.Body)
			}
		}
	}
	for _, frame := range besideOne[:2] {
		if a := takes(t, inFrame(frame, "<ul><li>Tramway alpha</li><li>Mobilité</li><li>Budget</li></ul>")); strings.Contains(a.Body, "alpha") {
			t.Errorf("%s: %s", frame, a.Body)
		}
	}
}
