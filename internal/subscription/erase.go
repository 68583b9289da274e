package subscription

import (
	"context"
	"errors"
	"fmt"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// Files are letters that lie in a folder, where they left for one.
type Files interface {
	// Forget removes the files of these deliveries, half-written ones included. Those that are not there are no error.
	Forget(deliveries []int64) error
}

// ErrTraces reports that a person is erased and traces of them are left. It is wrapped with where and why.
var ErrTraces = errors.New("erased")

// Erase forgets who an address belongs to, wherever the address stands (RGPD art. 17). What stays is a keyed hash, so
// that the objection is honoured, and what no longer tells of a person. done is false where it was done before. An
// address of which nothing is known is [newsletter.ErrNotFound]; [ErrTraces] says that the person is erased and
// traces are left, which doing it again removes.
func (r *Register) Erase(ctx context.Context, text string) (done bool, err error) {
	who, err := address.Parse(text)
	if err != nil {
		return false, invalid(err)
	}
	erased, err := r.erase(ctx, Erasure{Address: who, Withdrawal: r.withdrawn(newsletter.OriginCommand)})
	if err != nil {
		return false, err
	}
	return erased.Done, errors.Join(r.landed(ctx, erased.OnTheWire), r.clean(ctx, time.Time{}))
}

// EraseBy erases the reader of a managing link. Pressed twice, it is done. What traces are left in files goes at once, and the
// reader does not wait for it: what is said to them is true at the commit. Errors as of LookManage.
func (r *Register) EraseBy(ctx context.Context, link string) error {
	s, err := r.holder(ctx, link, token.Manage, LinkLife)
	who := s.Subscriber
	gone := errors.Is(err, newsletter.ErrState) && who.ID != 0 && who.Address == ""
	if err != nil && !gone {
		return err
	}
	if _, err = r.erase(ctx, Erasure{Subscriber: who.ID, Withdrawal: r.withdrawn(newsletter.OriginPreferences)}); err != nil {
		return err
	}
	r.forgot()
	return nil
}

// forgot has traces go at once.
func (r *Register) forgot() {
	if r.Traces != nil {
		r.Traces()
	}
}

func (r *Register) withdrawn(origin string) newsletter.Consent {
	return newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: r.Now(), Origin: origin}
}

func (r *Register) erase(ctx context.Context, e Erasure) (Erased, error) {
	e.Forget = r.mailboxLimits
	erased, err := r.Store.Erase(ctx, e)
	if err != nil {
		return erased, fmt.Errorf("erase a person: %w", err)
	}
	return erased, nil
}

// othersTime is how long other programs have to clean up after themselves: a command that erases does it at once.
const othersTime = 5 * time.Minute

// Clean removes the traces that are left of people who were forgotten, whoever did it and whenever. What cannot be done
// now, because a program reads an older state ([newsletter.ErrBusy]) or a letter is on the wire, stays due.
func (r *Register) Clean(ctx context.Context) error {
	return r.clean(ctx, r.Now().Add(-othersTime))
}

// clean removes the letters of forgotten people in files, and what the store's own files hold of before.
func (r *Register) clean(ctx context.Context, others time.Time) error {
	forgot := r.forgetFiles(ctx)
	if forgot != nil {
		forgot = fmt.Errorf("%w, but for letters in the outbox folder: %w", ErrTraces, forgot)
	}
	scrubbed := r.Store.Scrub(ctx, others)
	if scrubbed != nil {
		scrubbed = fmt.Errorf("%w, but for traces in the database's files: %w", ErrTraces, scrubbed)
	}
	return errors.Join(forgot, scrubbed)
}

func (r *Register) forgetFiles(ctx context.Context) error {
	letters, err := r.Store.FilesDue(ctx)
	if err != nil || len(letters) == 0 {
		return err
	}
	if r.Files != nil {
		if err := r.Files.Forget(letters); err != nil {
			return err
		}
	}
	return r.Store.FilesGone(ctx, letters)
}

const (
	wireLook    = 20 * time.Millisecond // a letter for a folder takes less
	wireLongest = 10 * time.Second
)

// landed waits for letters that are being carried: one for a folder becomes a file after its mark, and a file that is
// still to come cannot be removed.
func (r *Register) landed(ctx context.Context, deliveries []int64) error {
	for waited := time.Duration(0); len(deliveries) > 0; waited += wireLook {
		busy, err := r.Store.OnTheWire(ctx, deliveries)
		if err != nil {
			return fmt.Errorf("%w, but for letters on the wire: %w", ErrTraces, err)
		}
		if !busy {
			return nil
		}
		if waited >= wireLongest {
			return fmt.Errorf("%w, but for a letter that is being carried at this moment: %w", ErrTraces, newsletter.ErrBusy)
		}
		t := time.NewTimer(wireLook)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		}
	}
	return nil
}
