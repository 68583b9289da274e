package subscription

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
)

// frozen remembers which single letters the store has the text of, so that a sign-up renders none.
type frozen struct {
	mu  sync.Mutex
	ids map[string]int64
}

func (f *frozen) find(key string) (id int64, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, ok = f.ids[key]
	return id, ok
}

func (f *frozen) keep(key string, id int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ids == nil {
		f.ids = map[string]int64{}
	}
	f.ids[key] = id
}

func letterKey(kind newsletter.LetterKind, about []newsletter.Newsletter) string {
	return string(kind) + " " + strings.Join(names(about), " ")
}

// letter returns the store's number of a single letter's text.
func (r *Register) letter(ctx context.Context, kind newsletter.LetterKind, about []newsletter.Newsletter) (int64, error) {
	key := letterKey(kind, about)
	if id, ok := r.frozen.find(key); ok {
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
	r.frozen.keep(key, id)
	return id, nil
}

// writing does a step of the store, and again once the text that it asks for is kept: only the store knows, in the
// transaction, which letter is the right one.
func (r *Register) writing(ctx context.Context, step func() error) error {
	for {
		err := step()
		missing, ok := errors.AsType[*Unwritten](err)
		if !ok {
			return err
		}
		about := r.about(missing.About)
		if len(about) == 0 {
			return fmt.Errorf("none of the newsletters %q is in the settings: %w", missing.About, newsletter.ErrNotFound)
		}
		if _, err := r.letter(ctx, missing.Kind, about); err != nil {
			return err
		}
	}
}

// lettersTo is what a step needs to owe a letter to an address.
func (r *Register) lettersTo(who address.Address) Letters {
	mailbox := r.mailbox(who) // here, and not in the step of the store, for which others wait
	return Letters{
		Text: func(kind newsletter.LetterKind, about []string) (int64, bool) {
			return r.frozen.find(letterKey(kind, r.about(about)))
		},
		Limit: func(kind newsletter.LetterKind) admission.Limit { return r.letterLimit(mailbox, kind) },
	}
}

// about finds newsletters by their names, in the order of the register. Names that it does not have are left out.
func (r *Register) about(wanted []string) []newsletter.Newsletter {
	var some []newsletter.Newsletter
	for _, n := range r.Newsletters {
		if slices.Contains(wanted, n.Name) {
			some = append(some, n)
		}
	}
	return some
}
