package extract_test

import (
	"fmt"
	"strings"
	"testing"
)

// Who is quoted is said in the quote, whatever marks it, and is nobody who wrote the article.
func TestPage_quoted(t *testing.T) {
	const quote = "<p>Nous ne sommes pas là pour les croissants.</p>"
	for _, source := range []string{
		"<footer class=blockquote-footer>Ana Roux, <cite>Le Monde</cite></footer>", "<footer>— <a href=/p>Ana Roux</a></footer>", "<p class=author>Ana Roux</p>", "<cite class=quote-author>Ana Roux</cite>", "<div class=blockquote__meta><span>Ana Roux</span></div>",
		"<figcaption>Ana Roux</figcaption>", "<address>Ana Roux</address>", "<small class=blockquote-footer>Ana Roux</small>", "<a rel=author href=/p>Ana Roux</a>", "<div class=e-q-footer><cite class=elementor-blockquote__author>Ana Roux</cite></div>", "<header><p>Ana Roux</p></header>",
	} {
		for _, frame := range []string{"<blockquote>%s%s</blockquote>", "<figure class=quote><blockquote>%s%s</blockquote></figure>", "<aside class=pullquote><blockquote>%s%s</blockquote></aside>"} {
			for _, page := range []string{"<main><article><h1>T</h1><div>%s</div></article></main>", "<div id=content><h1>T</h1>%s</div>"} {
				a := takes(t, "<title>T</title>"+fmt.Sprintf(page, prose+fmt.Sprintf(frame, quote, source)+another))
				if at := strings.Index(a.Body, "Ana Roux"); at < strings.Index(a.Body, "> Nous ne sommes") || at > strings.Index(a.Body, "La piscine") || a.Author != "" {
					t.Errorf("%s in %s: %q: %s", source, frame, a.Author, a.Body)
				}
			}
		}
	}
	for _, quoted := range []string{"<figure><blockquote>" + quote + "</blockquote><figcaption class=blockquote-footer>Ana Roux</figcaption></figure>", "<div class=quote>" + quote + "<p class=quote-author>Ana Roux</p></div>"} {
		if a := takes(t, "<title>T</title><article><h1>T</h1>"+prose+quoted+another+"</article>"); !strings.Contains(a.Body, "Ana Roux") || a.Author != "" {
			t.Errorf("%s: %q: %s", quoted, a.Author, a.Body)
		}
	}
}

// An abstract is the text of its page, although it is a quote; what the page tells of it is not.
func TestPage_abstract(t *testing.T) {
	labs := "<div class=labs><p>The labs are a framework that allows collaborators to develop new features and to share them directly on our website.</p><p>Both individuals and organizations that work with the labs have embraced and accepted our values of openness, community and excellence.</p></div>"
	for _, frame := range []string{"<main><div id=content><div id=abs>%s</div>%s</div></main>", "<main><h1>T</h1>%s%s</main>", "<div id=content><div class=leftcolumn>%s%s</div></div>"} {
		for _, abstract := range []string{"<blockquote class='abstract mathjax'><span class=descriptor>Abstract:</span>%s</blockquote>", "<blockquote class=abstract>%s</blockquote>", "<blockquote class=abstract><p>%s</p></blockquote>", "<blockquote>%s</blockquote>", "<div id=abstract><h2>Abstract</h2><p>%s</p></div>"} {
			for _, below := range []string{"<div class=submission-history><h2>Submission history</h2> From: Ada Okafor [<a href=/e>view email</a>]<br><b>[v1]</b> Tue, 24 Nov 2026</div>", "<div class=extra-services><h2>Access Paper:</h2><ul><li><a href=/pdf>View PDF</a></li></ul></div>", labs} {
				if below == labs && !strings.Contains(abstract, "blockquote class") {
					continue
				}
				text := "We study when a small language model can replace a large one in a production pipeline. Across 2,400 labelled requests and nine task families we find that a router trained on 300 examples recovers 98% of the quality. We release the requests, and discuss the failure modes that we met."
				a := takes(t, "<title>T</title>"+fmt.Sprintf(frame, fmt.Sprintf(abstract, text), below))
				if strings.TrimPrefix(strings.TrimPrefix(a.Body, "## Abstract\n\n"), "> ") != text {
					t.Errorf("%s, %s, %s: %s", frame, abstract, below, a.Body)
				}
			}
		}
	}
	letter := "<article><h1>T</h1>" + prose + "<blockquote class=letter>" + strings.Repeat(another, 3) + "</blockquote><p>La lettre a été signée par trois cents habitants de la ville et des villages alentour, durant tout l’été qui a suivi la fermeture.</p></article>"
	if a := takes(t, "<title>T</title>"+letter); !strings.Contains(a.Body, "> La piscine") || !strings.Contains(a.Body, "\n\nLa lettre a été") {
		t.Errorf("%s", a.Body)
	}
}

// Libraries file people under their family names.
func TestPage_filedNames(t *testing.T) {
	for given, want := range map[string]string{
		"<meta name=citation_author content='Okafor, Ada'><meta name=citation_author content='Le Dréau, Mona'>": "Ada Okafor, Mona Le Dréau",
		"<meta name=citation_author content='Ada Okafor'><meta name=citation_author content='Per Lindholm'>":    "Ada Okafor, Per Lindholm",
		"<meta name=dc.creator content='Ada Okafor, Per Lindholm'>":                                             "Ada Okafor, Per Lindholm",
		"<meta name=dc.creator content='Okafor, A. B.'>":                                                        "A. B. Okafor",
		"<meta name=author content='Ana Roux, avec AFP'>":                                                       "Ana Roux, AFP",
	} {
		if a := takes(t, "<title>T</title>"+given+"<article><h1>T</h1>"+prose+"</article>"); a.Author != want {
			t.Errorf("%s: %q", given, a.Author)
		}
	}
}
