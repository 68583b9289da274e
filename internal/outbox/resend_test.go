package outbox_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
)

// Orders come twice and at once, while the sender is at work and newcomers sign up. At the server everybody has one
// letter, and those whose outcome was lost have it twice, as the same letter.
func TestRun_OrdersWhileItSends(t *testing.T) {
	all := names(120)
	failed, lost, well, late := all[:8], all[8:30], all[30:80], all[80:] // too few to hold the edition
	script := smtptest.Script{Answers: map[string]smtptest.Answer{}}
	for _, name := range failed {
		script.Answers[mail(name)] = smtptest.Answer{Reply: "552 5.2.2 full", Times: 1}
	}
	for _, name := range lost {
		script.Answers["DOT "+mail(name)] = smtptest.Answer{Drop: true, Times: 1}
	}
	inHouse(t, script, func(h *house) {
		h.readers(append(append(append([]string{}, failed...), lost...), well...)...)
		e := h.publish()
		s := h.sender()
		s.Policy.Unknown = newsletter.UnknownHold
		stop := h.start(s)
		time.Sleep(time.Hour)
		if e, err := h.EditionByID(h.t.Context(), e.ID); err != nil || e.State != newsletter.EditionDone {
			t.Fatalf("the edition is %s, %v", e.State, err)
		}
		var orders sync.WaitGroup
		people := make(chan int, 6)
		for i := range 3 {
			h.readers(late[i*10 : i*10+10]...)
			for range 2 {
				orders.Go(func() {
					got, err := h.Resend(h.t.Context(), e.Ref(), outbox.Round{Groups: outbox.ResendGroups()}, outbox.Order{At: time.Now()}, func(int) {})
					if err != nil {
						t.Error(err)
					}
					people <- got[outbox.ResendFailed] + got[outbox.ResendUnknown] + got[outbox.ResendNewcomers]
				})
			}
		}
		orders.Wait()
		time.Sleep(time.Hour)
		synctest.Wait()
		h.must(stop())
		close(people)
		reached := 0
		for n := range people {
			reached += n
		}
		if want := len(failed) + len(lost) + 30; reached != want {
			t.Errorf("the orders count %d people, want %d", reached, want)
		}
		h.got(1, append(append(append([]string{}, failed...), well...), late[:30]...)...)
		h.got(2, lost...)
		h.got(0, late[30:]...)
		if e, err := h.EditionByID(h.t.Context(), e.ID); err != nil || e.State != newsletter.EditionDone || e.Planned != 80 {
			t.Errorf("the edition is %s for %d planned, %v", e.State, e.Planned, err)
		}
	})
}

// got checks how many times the relay has a reader's letter, always the same one.
func (h *house) got(times int, names ...string) {
	h.t.Helper()
	for _, name := range names {
		letters := h.letters(name)
		if len(letters) != times {
			h.t.Errorf("the server has %d letters for %s, want %d", len(letters), name, times)
			continue
		}
		for _, l := range letters {
			for _, of := range []string{"Message-ID", "Date"} {
				if value := field(l, of); value == "" || value != field(letters[0], of) {
					h.t.Errorf("%s of %s is %q, and was %q", of, name, value, field(letters[0], of))
				}
			}
		}
	}
}
