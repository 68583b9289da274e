package extract_test

import (
	"strings"
	"testing"
)

// What a program tells of a block within an article, its steps, what it reviews or sells, is not what the article is called, says or is by.
func TestPage_dataOfBlocks(t *testing.T) {
	const title = "Installer un modèle sur son ordinateur avec Ollama"
	ours := linkedData(`{"@type":"BlogPosting","headline":"` + title + `","author":{"name":"Ana Roux"}}`)
	for _, block := range []string{
		`"@type":"HowTo","name":"Installer Ollama","step":[{"@type":"HowToStep","name":"Ouvrir"}]`, `"@type":"HowTo","name":"Installer"`, `"@type":"Review","name":"Claude Max","itemReviewed":{"@type":"Product","name":"Claude"}`, `"@type":"Review","name":"Ollama"`, `"@type":"Review","headline":"Verdict"`, `"@type":"Guide","name":"Ollama, le guide"`,
		`"@type":"SocialMediaPosting","name":"Un message"`, `"@type":"DiscussionForumPosting","name":"Re: Ollama"`, `"@type":"Recipe","name":"Tarte"`, `"@type":"FAQPage","name":"Questions","mainEntity":[{"@type":"Question","name":"Est-ce gratuit ?"}]`, `"@type":"Product","name":"Ollama","review":{"@type":"Review","name":"Parfait"}`, `"@type":"SoftwareApplication","name":"Ollama"`,
		`"@type":"Course","name":"Cours"`, `"@type":"Event","name":"Ollama Day"`, `"@type":"Organization","name":"Ollama"`, `"@type":"BreadcrumbList","name":"Guides"`, `"@type":"Article","name":"Nos guides"`,
	} {
		theirs := linkedData(`{` + block + `,"author":{"name":"Luc Petit"},"description":"Trois gestes."}`)
		for name, head := range map[string]string{
			"alone": "<title>" + title + " - Le Quai</title><meta property=og:site_name content='Le Quai'>" + theirs, "with OpenGraph": "<title>" + title + "</title><meta property=og:title content='" + title + "'>" + theirs, "without a title": theirs,
			"before ours": "<title>" + title + "</title>" + theirs + ours, "behind ours": "<title>" + title + "</title>" + ours + theirs,
		} {
			a := takes(t, head+"<main><article><h1>"+title+"</h1><p>Par Ana Roux</p>"+prose+"</article></main>")
			isOurs := strings.Contains(block, `"Article"`) || strings.Contains(block, `"headline"`) // as far as one can know
			if a.Title != title || !isOurs && (a.Author != "Ana Roux" || a.Summary != "") {
				t.Errorf("%s, %s: %q by %q: %q", block, name, a.Title, a.Author, a.Summary)
			}
		}
	}
	const elsewhere = "La piscine du moulin ferme ses portes mardi"
	if a := takes(t, "<title>"+title+"</title><meta property=og:title content='"+title+"'>"+linkedData(`{"@type":"NewsArticle","headline":"`+elsewhere+`"}`)+"<h1>"+title+"</h1>"+prose); a.Title != title {
		t.Errorf("a headline that nothing shows: %q", a.Title)
	}
}

// An article that is a review or a guide is told as such, by its headline or by a name that the page shows; and where the page shows none, what is told is all there is.
func TestPage_dataOfReviews(t *testing.T) {
	const title = "Claude Max : un mois avec l’abonnement à 90 €"
	for name, c := range map[string]struct{ data, head, heading, want string }{
		"a headline":                             {`"@type":"Review","headline":"` + title + `","name":"Claude Max"`, "<title>" + title + " - Le Quai</title>", title, title},
		"a headline beside others":               {`"@type":"Review","headline":"` + title + `"`, "<title>Test de Claude Max, prix et avis</title>", "On a essayé l’abonnement le plus cher", title},
		"a name":                                 {`"@type":"Review","name":"` + title + `"`, "<title>" + title + " | Tests | Le Quai</title>", title, title},
		"a name that the title of the page goes": {`"@type":"HowTo","name":"` + title + `"`, "<title>" + title + " | Tests | Le Quai des rives</title>", "", title},
		"a name and no title":                    {`"@type":"HowTo","name":"` + title + `"`, "", "", title},
		"a shorter name":                         {`"@type":"Review","name":"Claude Max"`, "<title>" + title + "</title>", title, title},
		"an article, too":                        {`"@type":["Article","Review"],"headline":"` + title + `","name":"Claude"`, "<title>" + title + "</title>", title, title},
		"a longer headline of an article":        {`"@type":"NewsArticle","headline":"` + title + `, et alors ?"`, "<title>" + title + "</title><meta property=og:title content='" + title + "'>", title, title + ", et alors ?"},
	} {
		heading := ""
		if c.heading != "" {
			heading = "<h1>" + c.heading + "</h1>"
		}
		if a := takes(t, c.head+linkedData(`{`+c.data+`,"author":{"name":"Ana Roux"}}`)+"<main>"+heading+prose+"</main>"); a.Title != c.want || a.Author != "Ana Roux" {
			t.Errorf("%s: %q by %q", name, a.Title, a.Author)
		}
	}
}
