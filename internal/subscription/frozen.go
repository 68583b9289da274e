package subscription

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"facteur/internal/newsletter"
)

// frozen remembers which single letters the store has the text of, so that a sign-up renders none.
type frozen struct {
	mu  sync.Mutex
	ids map[string]int64
}

// letter returns the store's number of a single letter's text.
func (r *Register) letter(ctx context.Context, kind newsletter.LetterKind, about []newsletter.Newsletter) (int64, error) {
	names := make([]string, len(about))
	for i, n := range about {
		names[i] = n.Name
	}
	key := string(kind) + " " + strings.Join(names, " ")
	r.frozen.mu.Lock()
	defer r.frozen.mu.Unlock()
	if id := r.frozen.ids[key]; id != 0 {
		return id, nil
	}
	variant, err := r.Texts.SingleLetter(kind, about)
	if err != nil {
		return 0, fmt.Errorf("write the letter %q: %w", kind, err)
	}
	id, err := r.Store.FreezeLetter(ctx, variant)
	if err != nil {
		return 0, fmt.Errorf("keep the letter %q: %w", kind, err)
	}
	if r.frozen.ids == nil {
		r.frozen.ids = map[string]int64{}
	}
	r.frozen.ids[key] = id
	return id, nil
}
