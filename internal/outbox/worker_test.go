package outbox_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
)

// A letter that cannot be composed fails with the reason, and the others go.
func TestRun_ALetterThatCannotBeMade(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readers("lea", "noe")
		e := h.publish()
		s := h.sender()
		s.UntilIdle, s.Composer = true, spoiling{h.post, mail("lea")}
		_, err := s.Run(h.t.Context())
		h.must(err)
		h.state("lea", newsletter.Failed)
		h.state("noe", newsletter.Sent)
		if words := h.told("lea").Attempts[0].Reply.Text; !strings.Contains(words, "no ink") {
			t.Errorf("the reason given is %q", words)
		}
		n, err := h.ResendFailed(h.t.Context(), e.Ref(), "op", time.Now())
		h.must(err)
		h.drain()
		if h.state("lea", newsletter.Sent); n != 1 {
			t.Errorf("%d made due again", n)
		}
	})
}

// spoiling has no ink for one reader.
type spoiling struct {
	outbox.Composer
	address string
}

func (s spoiling) Compose(ctx context.Context, d newsletter.Delivery, date time.Time) (newsletter.Parcel, error) {
	if d.Address == s.address {
		return newsletter.Parcel{}, errors.Join(newsletter.ErrInvalid, errors.New("no ink"))
	}
	return s.Composer.Compose(ctx, d, date)
}

// What cannot be read ends the run and blames no letter.
func TestRun_AComposerThatCannotRead(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readers("lea")
		h.publish()
		h.post.Texts = unreadable{}
		if _, err := h.sender().Run(h.t.Context()); !errors.Is(err, errUnreadable) {
			t.Errorf("the run ends with %v", err)
		}
		h.state("lea", newsletter.Queued)
		h.post.Texts = h.Store
		h.drain()
		h.state("lea", newsletter.Sent)
	})
}

var errUnreadable = errors.New("disk I/O error")

type unreadable struct{}

func (unreadable) Variant(context.Context, int64) (newsletter.Variant, error) {
	return newsletter.Variant{}, errUnreadable
}

func (unreadable) EditionByID(context.Context, int64) (newsletter.Edition, error) {
	return newsletter.Edition{}, errUnreadable
}

// Neither address nor token stands in the mail log.
func TestRun_TheMailLogNamesNobody(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{"lea@lecteurs.example": says("550 5.1.1 <LEA@lecteurs.example>: unknown")}}, func(h *house) {
		h.readers("lea", "noe")
		h.publish()
		var lines strings.Builder
		s := h.sender()
		s.UntilIdle, s.Connections, s.Log = true, 1, slog.New(slog.NewTextHandler(&lines, nil))
		_, err := s.Run(h.t.Context())
		h.must(err)
		log := strings.ToLower(lines.String())
		if strings.Count(log, "msg=attempt") != 2 || !strings.Contains(log, "domain=lecteurs.example") || !strings.Contains(log, "state=failed") {
			t.Errorf("the log misses a try:\n%s", log)
		}
		for _, secret := range []string{mail("lea"), mail("noe"), "/u/"} {
			if strings.Contains(log, secret) {
				t.Errorf("%q stands in the log:\n%s", secret, log)
			}
		}
		if words := h.told("lea").Attempts[0].Reply.Text; words != "<lea@lecteurs.example>: unknown" {
			t.Errorf("explaining says %q, want the address put back", words)
		}
	})
}
