package outbox_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
)

// The first letters of a large edition go to all providers, and the rest after the wait, which a new sender keeps to. A
// small edition has no first letters, and another's do not hold it up.
func TestRun_TheFirstLettersGoAhead(t *testing.T) {
	groups := providers()
	groups[0].AtOnce = 0
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readersAt(120, "orange.example", "wanadoo.example", "lecteurs.example", "lecteurs.example", "lecteurs.example", "sfr.example")
		h.publish()
		sender := func() *outbox.Sender {
			s := h.sender()
			s.Groups, s.Canary = groups, outbox.Canary{Letters: 12, Wait: 10 * time.Minute, From: 100}
			s.Connections = 1 // of two, which provider gets how many depends on which of its letters landed first
			return s
		}
		stop := h.start(sender())
		after(9 * time.Minute)
		if got := h.taken(groups); got[""] != 4 || got["orange"] != 4 || got["sfr"] != 4 {
			t.Errorf("the first letters went to %v, want four of each", got)
		}
		h.must(stop())
		stop = h.start(sender())
		after(30 * time.Second)
		if n := len(h.relay.Letters()); n != 12 {
			t.Errorf("%d letters before the wait is over", n)
		}
		after(time.Minute)
		if n := len(h.relay.Letters()); n != 120 {
			t.Errorf("%d letters after the wait", n)
		}
		h.must(stop())
	})
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readersAt(99, "lecteurs.example")
		h.publish()
		s := h.sender()
		s.UntilIdle, s.Canary = true, outbox.Canary{Letters: 12, Wait: 10 * time.Minute, From: 100}
		began := time.Now()
		if tally, err := s.Run(h.t.Context()); err != nil || tally.Sent != 99 || time.Since(began) > time.Minute {
			t.Errorf("%+v after %s, %v", tally, time.Since(began), err)
		}
	})
}

// A drain waits for the rest of a large edition, and sends it.
func TestRun_ADrainWaitsForTheRest(t *testing.T) {
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readersAt(100, "lecteurs.example")
		h.publish()
		s := h.sender()
		s.UntilIdle, s.Canary = true, outbox.Canary{Letters: 12, Wait: 10 * time.Minute, From: 100}
		began := time.Now()
		tally, err := s.Run(h.t.Context())
		if took := time.Since(began); err != nil || tally.Sent != 100 || took < 10*time.Minute || took > 11*time.Minute {
			t.Errorf("%+v after %s, %v", tally, took, err)
		}
	})
}

// A run of refusals about the sender holds an edition while nearly all of its readers are untouched, tells the operator,
// and suppresses nobody. Let go on, it is sent.
func TestRun_ASenderThatIsRefused(t *testing.T) {
	inHouse(t, smtptest.Script{Answers: map[string]smtptest.Answer{}}, func(h *house) {
		for i := range 300 {
			h.relay.Answer(fmt.Sprintf("DOT r%03d@lecteurs.example", i), smtptest.Answer{Reply: "550 5.7.1 [192.0.2.1] is on a list of senders of spam"})
		}
		h.readersAt(300, "lecteurs.example")
		e := h.publish()
		s := h.sender()
		s.Operator = editor
		stop := h.start(s)
		after(time.Hour)
		e, err := h.EditionByID(h.t.Context(), e.ID)
		h.must(err)
		counted, err := h.EditionCounts(h.t.Context(), e.ID)
		h.must(err)
		counts := outbox.ByState(counted, false)
		if !e.Paused || !strings.Contains(e.Held, "refused") || counts[newsletter.Failed] < 10 || counts[newsletter.Failed] > 14 {
			t.Errorf("held: %t; %v", e.Paused, counts)
		}
		letters := h.relay.Letters()
		if len(letters) != 1 || letters[0].To[0] != editor || !strings.Contains(string(letters[0].Content), "facteur edition resume hebdo/1") {
			t.Errorf("the operator was told in %d letters", len(letters))
		}
		if gone, err := h.Suppressions(h.t.Context(), "", 10); err != nil || len(gone) != 0 {
			t.Errorf("suppressed: %v, %v", gone, err)
		}
		for i := range 300 {
			h.relay.Answer(fmt.Sprintf("DOT r%03d@lecteurs.example", i), smtptest.Answer{})
		}
		h.must(h.Pause(h.t.Context(), e.Ref(), false))
		_, err = h.Resend(h.t.Context(), e.Ref(), outbox.Round{Groups: []outbox.ResendWhat{outbox.ResendFailed}}, outbox.Order{At: time.Now()}, func(int) {})
		h.must(err)
		after(time.Hour)
		h.must(stop())
		if n := len(h.relay.Letters()); n != 301 {
			t.Errorf("%d letters in the end", n)
		}
	})
}

// A list of which a fifth does not exist holds the edition as well; a few dead mailboxes do not.
func TestRun_AListThatIsDead(t *testing.T) {
	for every, held := range map[int]bool{4: true, 8: false} {
		t.Run(fmt.Sprintf("one of %d", every), func(t *testing.T) {
			answers := map[string]smtptest.Answer{}
			for i := 0; i < 400; i += every {
				answers[fmt.Sprintf("r%03d@lecteurs.example", i)] = smtptest.Answer{Reply: "550 5.1.1 no such user"}
			}
			inHouse(t, smtptest.Script{Answers: answers}, func(h *house) {
				h.readersAt(400, "lecteurs.example")
				e := h.publish()
				h.drain()
				e, err := h.EditionByID(h.t.Context(), e.ID)
				h.must(err)
				if n := len(h.relay.Letters()); e.Paused != held || held == (n > 60) {
					t.Errorf("held: %t after %d letters", e.Paused, n)
				}
			})
		})
	}
}
