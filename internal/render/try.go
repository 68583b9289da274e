package render

import "errors"

// try runs every template on a view in which everything is there and on one in which nothing is, in every language. A
// field that a template gets wrong, or a string that a language lacks, is so found before there is a letter.
func (r *Renderer) try() error {
	var errs []error
	for _, catalogue := range r.catalogues {
		for _, view := range []*editionView{fullView(say{catalogue}), {say: say{catalogue}}} {
			_, err := execute(r.html, editionHTML, view)
			errs = append(errs, err)
			_, err = execute(r.text, editionText, view)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func fullView(s say) *editionView {
	const word, address = "x", "https://example.org/"
	story := storyView{
		say: s, Lang: "en", URL: address, Title: word, Quoted: word, Summary: word, Meta: word,
	}
	bare := storyView{say: s, URL: address, Title: word, Quoted: word}
	return &editionView{
		say: s, Lang: s.catalogue.Lang(), Subject: word, Preheader: word,
		Site: word, SiteURL: address, Title: word, IssueLine: word,
		Lead:     &story,
		Chapters: []chapterView{{Title: word, Stories: []storyView{story, bare}}},
		Why:      word, Leave: address, Publisher: word, Postal: word, Contact: word,
		LegalURL: address, PrivacyURL: address,
	}
}
