package outbox_test

import (
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
)

// Letters that are all refused for good hold their edition after a few, whether the server says so or announced it; the
// operator is told what mends it, no reader is touched, and once it is mended each of them has the letter once.
func TestRun_AnEditionThatIsRefused(t *testing.T) {
	const hourly = "550 Domain pandia.example has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded."
	for _, test := range []struct {
		name    string
		offers  []string // of the relay until it is mended
		point   string
		reply   string
		most    int // letters that are refused until it is held
		subject string
		words   string
	}{
		{"it is larger than the SIZE announced", []string{"SIZE 1000"}, "", "", 10, "its letters are too large", "the server takes 1000"},
		{"it is too large for MAIL", []string{"SIZE"}, "MAIL", "552 5.3.4 Message size exceeds fixed limit", 10, "its letters are too large", "message_size_limit"},
		{"it is too large once it is there", nil, "DOT", "552 5.3.4 Message size exceeds fixed limit", 10, "its letters are too large", "edition cancel hebdo/1"},
		{"the quota of the hour is used up", nil, "DOT", hourly, 14, "too many letters were refused", "exceeded the max emails per hour"},
	} {
		t.Run(test.name, func(t *testing.T) {
			answers := map[string]smtptest.Answer{"RCPT " + editor: says("450 4.2.0 later")}
			if test.point != "" {
				answers[test.point] = says(test.reply)
			}
			inHouse(t, smtptest.Script{Extensions: test.offers, Answers: answers}, func(h *house) {
				h.readersAt(200, "lecteurs.example")
				e := h.publish()
				s := h.sender()
				s.Operator = editor
				stop := h.start(s)
				after(12 * time.Hour)
				h.must(stop())
				h.isHeld(e, test.most)
				h.toldOfHold(test.subject, test.words)

				h.relay = smtptest.Start(h.t, smtptest.Script{})
				h.must(h.Pause(h.t.Context(), e.Ref(), false))
				_, err := h.Resend(h.t.Context(), e.Ref(), outbox.Round{Groups: []outbox.ResendWhat{outbox.ResendFailed}}, outbox.Order{At: time.Now()}, func(int) {})
				h.must(err)
				stop = h.start(h.sender())
				after(12 * time.Hour)
				h.must(stop())
				h.everybodyHasOne(200)
			})
		})
	}
}

// isHeld fails the test unless an edition is held after few refusals that suppressed nobody.
func (h *house) isHeld(e newsletter.Edition, most int) {
	h.t.Helper()
	e, err := h.EditionByID(h.t.Context(), e.ID)
	h.must(err)
	counted, err := h.EditionCounts(h.t.Context(), e.ID)
	h.must(err)
	counts := outbox.ByState(counted, false)
	made := 0 // not all rows are: it was held before
	for _, n := range counts {
		made += n
	}
	if failed := counts[newsletter.Failed]; !e.Paused || failed == 0 || failed > most || counts[newsletter.Queued] < made-most {
		h.t.Errorf("held: %t; %v, want %d failed at most", e.Paused, counts, most)
	}
	if gone, err := h.Suppressions(h.t.Context(), "", 10); err != nil || len(gone) != 0 {
		h.t.Errorf("suppressed: %v, %v", gone, err)
	}
}

// toldOfHold fails the test unless the operator's notice says why an edition was held. The relay did not take it: it waits.
func (h *house) toldOfHold(subject, words string) {
	h.t.Helper()
	told, err := h.Letters(h.t.Context(), h.parsed(editor), 10)
	h.must(err)
	if len(told) != 1 || !strings.Contains(told[0].Subject, subject) {
		h.t.Fatalf("the operator was told %+v, want %q", told, subject)
	}
	v, err := h.Variant(h.t.Context(), told[0].Variant)
	h.must(err)
	if !strings.Contains(v.Text, words) || !strings.Contains(v.Text, "facteur edition resume hebdo/1") {
		h.t.Errorf("the notice says:\n%s\nwant %q and what to type", v.Text, words)
	}
}

// everybodyHasOne fails the test unless each of n readers has one letter at the relay.
func (h *house) everybodyHasOne(n int) {
	h.t.Helper()
	got := map[string]int{}
	for _, l := range h.relay.Letters() {
		if l.To[0] != editor {
			got[l.To[0]]++
		}
	}
	for to, copies := range got {
		if copies != 1 {
			h.t.Errorf("%s has %d letters", to, copies)
		}
	}
	if len(got) != n {
		h.t.Errorf("%d of %d readers have a letter", len(got), n)
	}
}
