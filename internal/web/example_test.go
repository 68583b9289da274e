package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/newsletter"
	"facteur/internal/web"
)

// shelf holds articles by address.
type shelf []newsletter.Article

func (s shelf) ArticleByURL(_ context.Context, url string) (newsletter.Article, error) {
	for _, a := range s {
		if a.URL == url {
			return a, nil
		}
	}
	return newsletter.Article{}, newsletter.ErrNotFound
}

func (s shelf) Latest(_ context.Context, most int) ([]newsletter.Article, error) {
	return s[:min(most, len(s))], nil
}

const home = "http://127.0.0.1:8025/site/"

func shelved() shelf {
	return shelf{
		{URL: home + "guides/lire", Title: "Lire un chiffre : la méthode", Section: "guides", Summary: "En deux mots.", Author: "Zoé",
			Body: "Le *chapô* est là.\n\n## Une partie\n\n[Un autre](" + home + "b)<script>alert(1)</script>\n\n# Haute"},
		{URL: home + "a", Title: "Deuxième", Body: "Chapô du deuxième."},
		{URL: "https://ailleurs.example/c", Title: "D’ailleurs"},
		{URL: home + "b?x=1&y=%C3%A9", Title: "What now?", Section: "actualites", Language: "en", Body: "Why not?"},
		{URL: home + "d", Title: "<b>Titre", Section: "guides"},
	}
}

// example is a site with an example site and a mailbox.
func example(t *testing.T, articles web.Articles) http.Handler {
	t.Helper()
	o := options(t, newPeople())
	o.URL = "http://127.0.0.1:8025/"
	o.Newsletters = o.Newsletters[:1]
	o.Newsletters[0].Sections = []newsletter.Section{{Name: "actualites", Title: "Actualités"}, {Name: "guides", Title: "Guides"}}
	o.Mailbox, o.Example = letters(t, nil), articles
	return site(t, o)
}

func TestFrontPageListsArticlesBySection(t *testing.T) {
	answer := near(example(t, shelved()), "/site/")
	root := page(t, answer)
	var got []string
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "h2" || n.Data == "h3") {
			line := n.Data + " " + strings.TrimSpace(text(n))
			for _, link := range all(n, "a") {
				line += " " + attr(link, "href")
			}
			got = append(got, line)
		}
	}
	want := []string{
		"h2 À la une", "h3 Deuxième /site/a",
		"h2 Actualités", "h3 What now? /site/b?x=1&y=%C3%A9",
		"h2 Guides", "h3 Lire un chiffre\u00a0: la méthode /site/guides/lire", "h3 <b>Titre /site/d",
	}
	if diff := cmp.Diff(want, got); diff != "" || answer.StatusCode != http.StatusOK {
		t.Errorf("status %d, headings (-want +got):\n%s", answer.StatusCode, diff)
	}
	said := text(root)
	for _, want := range []string{"Chapô du deuxième.", "En deux mots.", "1\u00a0min de lecture", "site d’exemple"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(said, "ailleurs") {
		t.Error("the page shows another site's article as its own")
	}
}

func TestFrontPageWithoutArticles(t *testing.T) {
	answer := near(example(t, shelf{}), "/site/")
	if said := text(page(t, answer)); answer.StatusCode != http.StatusOK || !strings.Contains(said, "Aucun article") {
		t.Errorf("status %d, page %q", answer.StatusCode, said)
	}
}

func TestArticlePage(t *testing.T) {
	root := page(t, near(example(t, shelved()), "/site/guides/lire?utm_source=lettre"))
	said := text(root)
	for _, want := range []string{"Guides", "Lire un chiffre\u00a0: la méthode", "Zoé · 1\u00a0min de lecture", "Le chapô est là.", "Une partie"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(said, "alert(1)") {
		t.Error("a script of the article is on the page")
	}
	var links []string
	for _, link := range all(all(root, "article")[0], "a") {
		links = append(links, attr(link, "href"))
	}
	if diff := cmp.Diff([]string{"/site/#guides", home + "b", "/site/"}, links); diff != "" {
		t.Errorf("links of the article (-want +got):\n%s", diff)
	}
}

func TestArticleInAnotherLanguageSaysSo(t *testing.T) {
	root := page(t, near(example(t, shelved()), "/site/b?x=1&y=%C3%A9"))
	heading := all(root, "h1")[0]
	if attr(heading, "lang") != "en" || text(heading) != "What now?" {
		t.Errorf("the heading %q is in %q", text(heading), attr(heading, "lang"))
	}
}

func TestExampleSiteSaysWhatItIs(t *testing.T) {
	h := example(t, shelved())
	for path, want := range map[string]string{web.ExampleLegalPath: "Mentions légales", web.ExamplePrivacyPath: "Confidentialité"} {
		answer := near(h, path)
		root := page(t, answer)
		if head := text(all(root, "h1")[0]); head != want || answer.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d, heading %q", path, answer.StatusCode, head)
		}
		if !strings.Contains(text(root), "l’exemple de la démonstration") {
			t.Errorf("%s does not say that it is an example", path)
		}
	}
}

func TestExampleSiteDoesNotKnowEveryAddress(t *testing.T) {
	h := example(t, shelved())
	for _, path := range []string{"/site/none", "/site/a/", "/site/A", "/site/b", "/site/a%00", "/site/%2e%2e/boite/", "/site/https:%2f%2failleurs.example/c"} {
		answer := near(h, path)
		if page(t, answer); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, answer.StatusCode)
		}
	}
}

func TestExampleSiteIsForTheMachineItself(t *testing.T) {
	h := example(t, shelved())
	for _, path := range []string{"/site/", "/site/a", web.ExampleLegalPath} {
		for _, row := range []struct{ remote, host string }{{"192.0.2.7:5", "127.0.0.1:8025"}, {"127.0.0.1:5", "pandia.example"}} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.RemoteAddr, r.Host = row.remote, row.host
			if answer := ask(h, r); answer.StatusCode != http.StatusForbidden {
				t.Errorf("%s from %s asked of %q: status %d, want 403", path, row.remote, row.host, answer.StatusCode)
			}
		}
	}
	if answer := near(site(t, options(t, newPeople())), "/site/"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("/site/ without an example site: status %d, want 404", answer.StatusCode)
	}
}
