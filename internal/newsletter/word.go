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
	return errors.Join(flaws("the word", w.Text, maxWord, "the name that signs it", w.By)...)
}

// flaws are what is wrong with a few sentences of at most so many runes, and with the name beside them.
func flaws(what, text string, most int, whose, name string) (errs []error) {
	if strings.TrimSpace(text) == "" {
		errs = append(errs, fmt.Errorf("%s says nothing: write a sentence or two", what))
	}
	if n := utf8.RuneCountInString(text); n > most {
		errs = append(errs, fmt.Errorf("%s has %d characters: shorten it to %d", what, n, most))
	}
	if n := utf8.RuneCountInString(name); n > maxBy || strings.ContainsAny(name, "\r\n") {
		errs = append(errs, fmt.Errorf("%s has %d characters: one line of at most %d", whose, n, maxBy))
	}
	if err := validText(text); err != nil {
		errs = append(errs, fmt.Errorf("%s %w", what, err))
	}
	if err := validText(name); err != nil {
		errs = append(errs, fmt.Errorf("%s %w", whose, err))
	}
	return errs
}
