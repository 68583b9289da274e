package extract_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// sentences are paragraphs that differ, of at most so many sentences.
func sentences(r *rand.Rand, count, most int) (paragraphs []string) {
	for i := range count {
		text := fmt.Sprintf("Le témoin numéro %d raconte, devant la commission réunie mardi, ce qu’il a vu du chantier.", i)
		for range r.IntN(most) {
			text += fmt.Sprintf(" Il en coûtera %d euros à la région, dit le rapport, et autant aux communes.", r.IntN(900_000)+1000)
		}
		paragraphs = append(paragraphs, text)
	}
	return paragraphs
}

// scatter puts paragraphs into blocks of any number, nested to any depth.
func scatter(r *rand.Rand, paragraphs []string, depth int) string {
	if depth == 0 || len(paragraphs) == 0 {
		return "<p>" + strings.Join(paragraphs, "</p><p>") + "</p>"
	}
	var b strings.Builder
	for len(paragraphs) > 0 {
		n := 1 + r.IntN(len(paragraphs))
		kind := []string{"div", "section", "site-block"}[r.IntN(3)]
		b.WriteString("<" + kind + ">" + scatter(r, paragraphs[:n], depth-1-r.IntN(min(depth, 3))) + "</" + kind + ">")
		paragraphs = paragraphs[n:]
	}
	return b.String()
}

// All paragraphs of an article arrive, in their order, once, in whatever blocks they stand.
func TestPage_blocks(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 7))
		paragraphs := sentences(r, 3+r.IntN(12), 1+r.IntN(6))
		page := "<title>T</title><nav><a href=/>Accueil</a></nav><article><h1>T</h1>" + scatter(r, paragraphs, r.IntN(12)) + "</article><footer>Tous droits réservés</footer>"
		if a, want := takes(t, page), strings.Join(paragraphs, "\n\n"); a.Body != want {
			t.Fatalf("seed %d: %s\nbecomes\n%s", seed, page, a.Body)
		}
	}
}

// apart is an article of one long block, and of short ones under names that have nothing in common with its name.
func apart(names ...string) string {
	page := "<article><div class=corps><div>" + strings.Repeat(prose, 3) + "</div></div>"
	for _, name := range names {
		page += "<div class=" + name + "><div><div><p>La partie « " + name + " » de l’article dit en une phrase assez longue ce que les autres ne disent pas, et qu’il faut savoir, selon " + name + ".</p></div></div></div>"
	}
	return page + "</article>"
}

// A box that stands apart does not keep an article out, and is none of it.
func TestPage_besideBlocks(t *testing.T) {
	if a := takes(t, "<title>T</title>"+apart("alpha")); strings.Contains(a.Body, "alpha") || !strings.Contains(a.Body, "Il sera ouvert") {
		t.Errorf("%s", a.Body)
	}
}
