package render

import (
	"maps"
	"slices"
	"time"

	"facteur/internal/newsletter"
)

// try renders in every language each letter in which everything is there and one in which nothing is. A field that a
// template gets wrong, or a string that a language lacks, is so found before there is a letter.
func (r *Renderer) try() error {
	for _, lang := range r.languages() {
		if _, err := r.Edition(fullFrame(lang), fullContent()); err != nil {
			return err
		}
		if _, err := r.Edition(Frame{Newsletter: newsletter.Newsletter{Language: lang}}, newsletter.Content{}); err != nil {
			return err
		}
		if err := r.trySingle(lang); err != nil {
			return err
		}
	}
	return nil
}

func (r *Renderer) languages() []string { return slices.Sorted(maps.Keys(r.catalogues)) }

func (r *Renderer) trySingle(lang string) error {
	full := fullFrame(lang).Newsletter
	full.Sections = []newsletter.Section{{Title: "x"}}
	for _, kind := range newsletter.LetterKinds() {
		if _, err := r.Single(kind, []newsletter.Newsletter{full, full}, fullTerms()); err != nil {
			return err
		}
	}
	for _, schedule := range []string{"0 7 * * *", "0 7 * * 1-5", "0 7 * * 6,7", "0 7 * * 1-4"} {
		full.Schedule = schedule
		if _, err := r.Single(newsletter.LetterWelcome, []newsletter.Newsletter{full}, fullTerms()); err != nil {
			return err
		}
	}
	return nil
}

// fullTerms are told in every unit of time.
func fullTerms() Terms {
	return Terms{WebURL: "https://example.org", Link: time.Hour, Pending: 24 * time.Hour, Manage: time.Minute}
}

func fullFrame(lang string) Frame {
	const site, page = "https://example.org/", "https://example.org/page"
	return Frame{
		WebURL: site,
		Newsletter: newsletter.Newsletter{
			Language: lang, Title: "x", Zone: time.UTC,
			Sender: newsletter.Sender{
				Site: "x", SiteURL: site, Publisher: "x", Postal: "x", Contact: "x@example.org",
				LegalURL: page, PrivacyURL: page,
			},
		},
	}
}

func fullContent() newsletter.Content {
	foreign := newsletter.Story{
		URL: "https://example.net/", Title: "x", Section: "x", Summary: "x", Language: "la", Words: 1, Updated: true,
		Picture: &newsletter.Picture{Name: "00000000000000000000000000000000.jpg", Width: 1, Height: 1, Alt: "x"},
	}
	bare := newsletter.Story{URL: "https://example.org/x", Title: "x"}
	return newsletter.Content{
		Number: 1, Subject: "x", Preheader: "x", Lead: &foreign, Beyond: 1,
		Sponsor: &newsletter.Sponsor{Text: "x [x](https://example.org/)\n\nx", For: "x"},
		Word:    &newsletter.Word{Text: "x **x** *x* [x](https://example.org/)\n\nx", By: "x"},
		Chapters: []newsletter.Chapter{
			{Title: "x", Stories: []newsletter.Story{foreign, bare}},
			{Title: "x", Brief: true, Stories: []newsletter.Story{foreign, bare, bare}},
		},
	}
}
