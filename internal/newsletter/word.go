package newsletter

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Word is what an editor says to readers at the head of one edition. It waits until the next edition is published,
// and is frozen with it.
type Word struct {
	Text string `json:"text"`         // Markdown: paragraphs, strong, emphasis and links
	By   string `json:"by,omitempty"` // who signs it; may be empty
}

const (
	maxWord = 2000 // runes: the letter is about its articles
	maxBy   = 100  // runes
)

// Validate reports what keeps a word from being said, all of it.
func (w Word) Validate() error {
	var errs []error
	if strings.TrimSpace(w.Text) == "" {
		errs = append(errs, errors.New("the word says nothing: write a sentence or two"))
	}
	if n := utf8.RuneCountInString(w.Text); n > maxWord {
		errs = append(errs, fmt.Errorf("the word has %d characters: shorten it to %d", n, maxWord))
	}
	if n := utf8.RuneCountInString(w.By); n > maxBy || strings.ContainsAny(w.By, "\r\n") {
		errs = append(errs, fmt.Errorf("the name that signs it has %d characters: one line of at most %d", n, maxBy))
	}
	for _, f := range []struct{ name, text string }{{"the word", w.Text}, {"the name that signs it", w.By}} {
		if err := validText(f.text); err != nil {
			errs = append(errs, fmt.Errorf("%s %w", f.name, err))
		}
	}
	return errors.Join(errs...)
}
