package collect

import (
	"context"
	"errors"
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

// An Illustration is what is known of the picture that comes from one address.
type Illustration struct {
	Source  string
	State   newsletter.PictureState
	Tries   int                // in this round
	Next    time.Time          // when it is due; zero unless it waits
	Tried   time.Time          // the latest try; zero: none yet
	Reason  string             // why that brought nothing
	Picture newsletter.Picture // zero unless it is kept
}

// A PictureStore knows which pictures articles name, and what became of each. Storing an article, or a change of it, makes its
// picture due unless it is kept.
type PictureStore interface {
	// DuePicture returns a picture that is due at now: of those that were tried least the one that was named last.
	// newsletter.ErrNotFound: none is.
	DuePicture(ctx context.Context, now time.Time) (Illustration, error)

	// SettlePicture records what a try brought. A picture that is in no use any more is left out.
	SettlePicture(ctx context.Context, i Illustration) error

	// Illustration returns what is known of a picture, or newsletter.ErrNotFound.
	Illustration(ctx context.Context, source string) (Illustration, error)

	// ForgetPictures forgets pictures that no article names, and returns the names of those files that an article or an edition
	// needs still.
	ForgetPictures(ctx context.Context) (used map[string]bool, err error)
}

// A Gallery fetches pictures and keeps them. An error is in words for people, but for that of the context.
type Gallery interface {
	Fetch(ctx context.Context, source string) (newsletter.Picture, error)
	// Prune removes files that were written before an instant and are in no use.
	Prune(before time.Time, used func(name string) bool) (removed int, err error)
}

// An Illustrator brings the pictures that articles name, one at a time. An article never waits for its picture, and no edition
// fails for one. Its methods may be called from any goroutine.
type Illustrator struct {
	store   PictureStore
	gallery Gallery
	now     func() time.Time
	turn    chan struct{}
}

// NewIllustrator makes an illustrator.
func NewIllustrator(s PictureStore, g Gallery, now func() time.Time) *Illustrator {
	return &Illustrator{store: s, gallery: g, now: now, turn: make(chan struct{}, 1)}
}

// waits is how long a picture waits after each try that brought nothing. After one more it has failed.
func waits() []time.Duration {
	return []time.Duration{5 * time.Minute, 30 * time.Minute, 3 * time.Hour}
}

// Fetch tries every picture that is due, and hands to told what became of each. It ends with ctx, whose end is no fault of the picture
// that it was at.
func (i *Illustrator) Fetch(ctx context.Context, told func(Illustration)) error {
	for {
		one, err := i.next(ctx)
		if errors.Is(err, newsletter.ErrNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("fetching pictures: %w", err)
		}
		told(one)
	}
}

// begin waits for a turn, which end gives back: one picture is brought at a time, and none is swept away meanwhile.
func (i *Illustrator) begin(ctx context.Context) error {
	select {
	case i.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (i *Illustrator) end() { <-i.turn }

// next tries one picture.
func (i *Illustrator) next(ctx context.Context) (Illustration, error) {
	if err := i.begin(ctx); err != nil {
		return Illustration{}, err
	}
	defer i.end()
	due, err := i.store.DuePicture(ctx, i.now())
	if err != nil {
		return due, err
	}
	picture, err := i.gallery.Fetch(ctx, due.Source)
	if ctx.Err() != nil {
		return due, ctx.Err()
	}
	due = due.after(picture, err, i.now())
	return due, i.store.SettlePicture(ctx, due)
}

// Again tries a picture at once, in a new round, kept or not. One that is kept stays as it is where the try brings nothing; the
// reason is told all the same.
func (i *Illustrator) Again(ctx context.Context, source string) (Illustration, error) {
	if err := i.begin(ctx); err != nil {
		return Illustration{}, err
	}
	defer i.end()
	was, err := i.store.Illustration(ctx, source)
	if err != nil {
		return was, err
	}
	picture, err := i.gallery.Fetch(ctx, source)
	if ctx.Err() != nil {
		return was, ctx.Err()
	}
	if err != nil && was.State == newsletter.PictureKept {
		was.Reason = told(err)
		return was, nil
	}
	was.Tries = 0
	was = was.after(picture, err, i.now())
	return was, i.store.SettlePicture(ctx, was)
}

// after says what becomes of a picture by what a try brought.
func (i Illustration) after(p newsletter.Picture, err error, now time.Time) Illustration {
	i.Tries, i.Tried, i.Next = i.Tries+1, now, time.Time{}
	i.Picture, i.Reason = newsletter.Picture{}, ""
	switch {
	case err == nil:
		i.State, i.Picture = newsletter.PictureKept, p
	case i.Tries <= len(waits()):
		i.State, i.Reason, i.Next = newsletter.PictureWaiting, told(err), now.Add(waits()[i.Tries-1])
	default:
		i.State, i.Reason = newsletter.PictureFailed, told(err)
	}
	return i
}

// told is a reason fit for one line of a terminal: a part of it may be foreign.
func told(err error) string { return newsletter.Printable(reason(err)) }

// keepUnused is how long a file stays that is in no use. A younger one may be about to come into use.
const keepUnused = 24 * time.Hour

// Sweep removes what is in no use any more: neither an article nor an edition shows it.
func (i *Illustrator) Sweep(ctx context.Context) (removed int, err error) {
	if err := i.begin(ctx); err != nil {
		return 0, err
	}
	defer i.end()
	used, err := i.store.ForgetPictures(ctx)
	if err == nil {
		removed, err = i.gallery.Prune(i.now().Add(-keepUnused), func(name string) bool { return used[name] })
	}
	if err != nil {
		return removed, fmt.Errorf("removing pictures that are in no use: %w", err)
	}
	return removed, nil
}
