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

// Erase forgets who an address belongs to, wherever the address stands (RGPD art. 17). What stays is a keyed hash, so
// that the objection is honoured, and what no longer tells of a person. done is false where it was done before. An
// address of which nothing is known is [newsletter.ErrNotFound]; [newsletter.ErrBusy] says that the person is erased and
// traces are left, which doing it again removes.
func (r *Register) Erase(ctx context.Context, text string) (done bool, err error) {
	who, err := address.Parse(text)
	if err != nil {
		return false, invalid(err)
	}
	return r.erase(ctx, Erasure{Address: who, Withdrawal: r.withdrawn(newsletter.OriginCommand)})
}

// EraseBy erases the reader of a managing link. Pressed twice, it is done. Errors as of LookManage, and
// [newsletter.ErrBusy] as of Erase.
func (r *Register) EraseBy(ctx context.Context, link string) error {
	s, err := r.holder(ctx, link, token.Manage, LinkLife)
	who := s.Subscriber
	gone := errors.Is(err, newsletter.ErrState) && who.ID != 0 && who.Address == ""
	if err != nil && !gone {
		return err
	}
	_, err = r.erase(ctx, Erasure{Subscriber: who.ID, Withdrawal: r.withdrawn(newsletter.OriginPreferences)})
	return err
}

func (r *Register) withdrawn(origin string) newsletter.Consent {
	return newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: r.Now(), Origin: origin}
}

func (r *Register) erase(ctx context.Context, e Erasure) (done bool, err error) {
	erased, err := r.Store.Erase(ctx, e)
	if err != nil {
		return false, fmt.Errorf("erase a person: %w", err)
	}
	return erased.Done, r.scrub(ctx, erased)
}

// scrub removes what a commit leaves of people: their letters in files, and what the store's own files hold of before.
func (r *Register) scrub(ctx context.Context, all ...Erased) error {
	var deliveries, onTheWire []int64
	var addresses []address.Address
	for _, e := range all {
		addresses = append(addresses, e.Addresses...)
		deliveries, onTheWire = append(deliveries, e.Deliveries...), append(onTheWire, e.OnTheWire...)
	}
	waited := r.landed(ctx, onTheWire)
	var forgot error
	if r.Files != nil {
		if err := r.Files.Forget(deliveries); err != nil {
			forgot = fmt.Errorf("erased, but for letters in the outbox folder: %w", err)
		}
	}
	scrubbed := r.Store.Scrub(ctx, addresses)
	if scrubbed != nil {
		scrubbed = fmt.Errorf("erased, but for traces in the database's files: %w", scrubbed)
	}
	return errors.Join(waited, forgot, scrubbed)
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
			return fmt.Errorf("erased, but for letters on the wire: %w", err)
		}
		if !busy {
			return nil
		}
		if waited >= wireLongest {
			return fmt.Errorf("erased, but for a letter that is being carried at this moment: %w", newsletter.ErrBusy)
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
