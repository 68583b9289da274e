package extract_test

import (
	"strings"
	"testing"

	"facteur/internal/extract"
)

// A question is no article without the answers that its page says it has.
func TestPage_answers(t *testing.T) {
	const head = "<title>T</title><h1>T</h1><main>" + prose + "</main>"
	data := func(text string) string {
		return `<script type="application/ld+json">{"@type":"QAPage","mainEntity":{"@type":"Question","name":"T","suggestedAnswer":[{"@type":"Answer","text":"` + text + `"}]}}</script>`
	}
	marked := `<div itemscope itemtype="https://schema.org/QAPage">` + head + `<aside class=sidebar><div itemprop="acceptedAnswer">` + partOne + `</div></aside></div>`
	for _, page := range []string{data(partOne) + head, data("The fix is one line, but it took us a week to find it, and then another.") + head, marked} {
		_, err := extract.Page(address, address, []byte(page), "text/html", nil, today())
		if err == nil || !strings.Contains(err.Error(), "it is a question with answers") {
			t.Errorf("%s: %v", page, err)
		}
	}
	for _, page := range []string{data(partOne) + "<title>T</title><main><h1>T</h1>" + prose + partOne + "</main>", strings.Replace(data(partOne), "QAPage", "FAQPage", 1) + head, data("") + head} {
		takes(t, page)
	}
}
