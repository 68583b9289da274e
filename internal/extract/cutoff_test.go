package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// Half a page is refused. One whose author left out what HTML lets him leave out is whole.
func TestPage_cutOff(t *testing.T) {
	const head = "<!DOCTYPE html><html lang=fr><head><title>T</title></head><body>"
	for _, page := range []string{
		"<main><article><h1>T</h1>" + prose + "<p>Le maire attend depuis", "<div class=page><h1>T</h1>" + prose + "<p>Le maire, qui attend", "<main><h1>T</h1>" + prose + another, "<article><h1>T</h1>" + prose + "<p class='le", "<h1>T</h1>" + prose + "<p>Le maire attend depuis deux ans que la région lui dise ce que coûtera le",
		"<article><h1>T</h1>" + prose + "<p>Le maire <a href='/b'>attend depuis</a> que la", "<div><article><h1>T</h1>" + prose + "<p>Le maire attend.</p><script>var a = {", "<article><h1>T</h1>" + prose + "<ul><li>Le maire attend depuis",
	} {
		_, err := extract.Page(address, address, []byte(head+page), "text/html", nil, today())
		if err == nil || !strings.Contains(err.Error(), "breaks off") {
			t.Errorf("%s: %v", brief(page), err)
		}
	}
	for _, page := range []string{
		"<main><article><h1>T</h1>" + prose + "</article></main>", "<h1>T</h1>" + prose, "<h1>T</h1>" + strings.ReplaceAll(prose, "</p>", "") + "<p>Le Quai, 12 mars", "<div><h1>T</h1>" + prose + "</div><p>Le Quai", "<div><h1>T</h1>" + prose + "</div><footer>Le Quai</footer>",
		"<div><article><h1>T</h1>" + prose + "</article></body></html>", "<div><article><h1>T</h1>" + prose + "</article><script>if (a < b) {}</script>", "<article><h1>T</h1>" + prose + "</article><!-- in 12 ms",
	} {
		if a := takes(t, head+page); !strings.Contains(a.Body, "qui l’ont essayé.") {
			t.Errorf("%s: %s", brief(page), a.Body)
		}
	}
}
