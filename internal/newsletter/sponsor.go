package newsletter

import (
	"errors"
	"strings"
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
	if strings.TrimSpace(s.For) == "" {
		errs = append(errs, errors.New("nobody is named for whom it advertises: readers must be told who pays"))
	}
	return errors.Join(append(errs, flaws("the advertisement", s.Text, maxSponsor, "the advertiser's name", s.For)...)...)
}
