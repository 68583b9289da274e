package outbox_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/subscription"
	"facteur/internal/token"
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
		again, err := h.Resend(h.t.Context(), e.Ref(), outbox.Round{Groups: []outbox.ResendWhat{outbox.ResendFailed}}, outbox.Order{At: time.Now()}, func(int) {})
		h.must(err)
		h.drain()
		if h.state("lea", newsletter.Sent); again[outbox.ResendFailed] != 1 {
			t.Errorf("made due again: %v", again)
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

// Neither address nor token stands in the log, whatever the server says and wherever it says it.
func TestRun_TheMailLogNamesNobody(t *testing.T) {
	link := "https://lettre.pandia.example/u/" + token.Placeholder(token.Leave)
	lea, others := "<LEA@Lecteurs.example>", "<lea@ailleurs.example> (was <lea@lecteurs.example>), zoé@lecteurs.example, see "+link
	for _, test := range []struct{ point, reply string }{
		{"CONNECT", "421 4.7.0 not after " + lea},
		{"MAIL", "421 4.7.0 not after " + lea},
		{"MAIL", "250-2.1.0 fine\n550 not " + lea},
		{"MAIL", lea + " again?"},
		{"RCPT", "550 5.1.1 " + lea + ": unknown"},
		{"RCPT", "550 5.1.1 " + others},
		{"RCPT", "421 4.7.0 too many for " + lea},
		{"RCPT", "550 5.1.1 lea... User unknown: lea lea 'LEA'"},
		{"RCPT", "550 5.1.1 see https://mx.example/?who=lea%40lecteurs.example"},
		{"RCPT", "354 now for " + lea},
		{"RCPT", "who is " + lea},
		{"RCPT", "who are " + others},
		{"RSET", "502 5.5.1 not while " + lea + " waits"},
		{"DATA", "421 4.7.0 too many for " + lea},
		{"DATA", "250 2.0.0 thanks from " + lea},
		{"DATA", lea},
		{"DOT", "421 4.7.0 too many for " + lea},
		{"DOT", "354 more for " + lea},
		{"DOT", "554 5.7.1 " + others},
		{"DOT", lea + " thanks for " + link},
		{"DOT", strings.Repeat(lea, 1000)},
	} {
		t.Run(test.point+" "+test.reply[:12], func(t *testing.T) {
			answers := map[string]smtptest.Answer{test.point: {Reply: test.reply, Times: 1}}
			if test.point == "RSET" {
				answers["RCPT"] = smtptest.Answer{Reply: "450 4.2.0 later", Times: 1}
			}
			inHouse(t, smtptest.Script{Answers: answers}, func(h *house) {
				h.readers("lea", "noe")
				h.publish()
				var lines strings.Builder
				s := h.sender()
				s.Connections, s.Log = 1, slog.New(slog.NewTextHandler(&lines, nil))
				stop := h.start(s)
				time.Sleep(time.Hour)
				synctest.Wait()
				h.must(stop())
				log := strings.ToLower(lines.String())
				if strings.Count(log, "msg=attempt") < 2 || !strings.Contains(log, "domain=lecteurs.example") {
					t.Errorf("the log misses a try:\n%s", log)
				}
				for _, secret := range []string{"lea@", "noe@", "zoé@", "lea ", "lea.", "'lea", "lea%", token.Placeholder(token.Leave)} {
					if strings.Contains(log, secret) {
						t.Errorf("%q stands in the log:\n%s", secret, log)
					}
				}
			})
		})
	}
}

// What the log leaves out, explaining puts back.
func TestRun_TheServersWordsAreKept(t *testing.T) {
	for point, test := range map[string]struct{ reply, words string }{
		"RCPT":                     {"550 5.1.1 <LEA@lecteurs.example>: unknown", "<lea@lecteurs.example>: unknown"},
		"lea@lecteurs.example":     {"421 4.7.0 no more for <lea@lecteurs.example>", "no more for <lea@lecteurs.example>"},
		"DATA":                     {"250 2.0.0 for lea@lecteurs.example?", "for lea@lecteurs.example?"},
		"DOT lea@lecteurs.example": {"who is lea@lecteurs.example?", "who is lea@lecteurs.example?"},
	} {
		inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{point: {Reply: test.reply, Times: 1}}}, func(h *house) {
			h.readers("lea")
			h.publish()
			h.drain()
			if words := h.told("lea").Attempts[0].Reply.Text; !strings.Contains(words, test.words) {
				t.Errorf("at %s explaining says %q, want %q", point, words, test.words)
			}
		})
	}
}

// A domain has two scripts, and a server may answer in either; the ledger holds the address in neither.
func TestRun_TheLedgerNamesNobodyInAnyScript(t *testing.T) {
	for _, spelled := range []string{"lea@été.example", "LEA@Été.Example", "lea@xn--t-9fab.example"} {
		answers := map[string]smtptest.Answer{"RCPT": says("550 5.1.1 <" + spelled + ">: unknown")}
		inHouse(t, smtptest.Script{Answers: answers}, func(h *house) {
			lea, err := address.Parse("lea@été.example")
			h.must(err)
			_, err = h.Enrol(h.t.Context(), "hebdo", []subscription.Person{{Address: lea, Language: "fr"}},
				newsletter.Consent{Act: newsletter.ConsentConfirmed, At: time.Now(), Origin: "command", Source: "test"})
			h.must(err)
			h.publish()
			var log strings.Builder
			books := &bookkeeper{Store: h.Store, to: lea.String()}
			s := h.sender()
			s.Store, s.UntilIdle, s.Log = books, true, slog.New(slog.NewTextHandler(&log, nil))
			_, err = s.Run(h.t.Context())
			h.must(err)
			if text := books.settled[0].Attempt.Reply.Text; text != "<<recipient>>: unknown" {
				t.Errorf("%s: the ledger has %q", spelled, text)
			}
			if strings.Contains(strings.ToLower(log.String()), "lea@") {
				t.Errorf("%s: the log has %s", spelled, log.String())
			}
		})
	}
}
