package digest

import (
	"context"
	"fmt"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/typography"
)

// Say keeps a word of an editor for the head of the newsletter's next edition, in place of one that waits. The empty word
// takes that back.
func (d *Desk) Say(ctx context.Context, n newsletter.Newsletter, w newsletter.Word) error {
	if w == (newsletter.Word{}) {
		return d.setWord(ctx, n, nil)
	}
	w.Text, w.By = strings.TrimSpace(w.Text), typography.Clean(strings.TrimSpace(w.By))
	err := w.Validate()
	if err == nil {
		err = d.Summariser.Sayable(w.Text)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", newsletter.ErrInvalid, err)
	}
	return d.setWord(ctx, n, &w)
}

func (d *Desk) setWord(ctx context.Context, n newsletter.Newsletter, w *newsletter.Word) error {
	if err := d.Store.SetWord(ctx, n.Name, w); err != nil {
		return during("keeping the word", n, err)
	}
	return nil
}
