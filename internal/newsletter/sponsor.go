package newsletter

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Sponsor is an advertisement in one edition, and for whom it is made, which readers must be told (loi n° 2004-575 pour la confiance
// dans l'économie numérique, art. 20). It waits until the next edition is published, and is frozen with it.
type Sponsor struct {
	For  string `json:"for"`  // the advertiser
	Text string `json:"text"` // Markdown: paragraphs, strong, emphasis and links
}

const maxSponsor = 1000 // runes: it stands beside the articles, and is none

// Validate reports what keeps an advertisement out of a letter, all of it.
func (s Sponsor) Validate() error {
	var errs []error
	if strings.TrimSpace(s.Text) == "" {
		errs = append(errs, errors.New("the advertisement says nothing: write a sentence or two"))
	}
	if strings.TrimSpace(s.For) == "" {
		errs = append(errs, errors.New("nobody is named for whom it advertises: readers must be told who pays"))
	}
	if n := utf8.RuneCountInString(s.Text); n > maxSponsor {
		errs = append(errs, fmt.Errorf("the advertisement has %d characters: shorten it to %d", n, maxSponsor))
	}
	if n := utf8.RuneCountInString(s.For); n > maxBy || strings.ContainsAny(s.For, "\r\n") {
		errs = append(errs, fmt.Errorf("the advertiser's name has %d characters: one line of at most %d", n, maxBy))
	}
	for _, f := range []struct{ name, text string }{{"the advertisement", s.Text}, {"the advertiser's name", s.For}} {
		if err := validText(f.text); err != nil {
			errs = append(errs, fmt.Errorf("%s %w", f.name, err))
		}
	}
	return errors.Join(errs...)
}
