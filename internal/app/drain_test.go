package app_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/sqlite"
)

// A sender that ends with letters still due leaves them to whoever was following it.
func TestDrainTakesThePlaceOfASenderThatEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer func() {
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		}()
		w.readers("camille")
		w.offer(1)
		if _, err := w.Desk.Publish(t.Context(), w.Newsletters[0]); err != nil {
			t.Fatal(err)
		}
		other, err := sqlite.LockSender(w.Config.Data)
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan app.Drained, 1)
		go func() {
			d, err := w.Drain(t.Context(), func(app.Drained) {})
			if err != nil {
				t.Error(err)
			}
			ended <- d
		}()
		time.Sleep(time.Minute)
		synctest.Wait()
		if n := len(w.relay.Letters()); n != 0 {
			t.Fatalf("%d letters left beside the other sender", n)
		}
		if err := other.Unlock(); err != nil {
			t.Fatal(err)
		}
		if d := <-ended; d.Sent != 1 || len(w.letters("camille")) != 1 {
			t.Errorf("drained %+v, %d letters", d, len(w.letters("camille")))
		}
	})
}

// Stopped, a drain tells what it sent and what is left, whether it sends itself or follows another.
func TestDrainStoppedTellsHowFarItCame(t *testing.T) {
	for _, follows := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, "FACTEUR_SEND_PER_MINUTE=1")
			w.readers("camille", "dominique", "claude")
			w.offer(1)
			if follows {
				w.start()
				defer w.end()
			} else {
				defer func() {
					if err := w.Close(); err != nil {
						t.Error(err)
					}
				}()
			}
			if _, err := w.Desk.Publish(t.Context(), w.Newsletters[0]); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithTimeout(t.Context(), 90*time.Second)
			defer stop()
			d, err := w.Drain(ctx, func(app.Drained) {})
			if err != nil || d.Followed != follows || d.Sent == 0 || len(w.relay.Letters())+waiting(d) != 3 || waiting(d) == 0 {
				t.Errorf("stopped with %d letters on the wire it says %+v, %v", len(w.relay.Letters()), d, err)
			}
		})
	}
}

func waiting(d app.Drained) (n int) {
	for _, w := range d.Waits {
		n += w.Letters
	}
	return n
}

// orange adds readers of one provider, of whom the first is refused for now.
func (w *world) orange(n int, refusal string) {
	w.t.Helper()
	for i := range n {
		if _, err := w.Register.Add(w.t.Context(), w.Newsletters[0], fmt.Sprintf("r%d@orange.fr", i), "test"); err != nil {
			w.t.Fatal(err)
		}
	}
	w.relay.Answer("r0@orange.fr", smtptest.Answer{Reply: refusal})
}

// Beside a sender whose provider is left alone for some minutes a drain stays, and tells what it waits for; where that takes
// hours, it ends and says until when.
func TestDrainFollowsWhileAProviderIsLeftAlone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		refusal       string
		stays, left   time.Duration
		sent, waiting int
	}{
		{"421 4.7.0 too many connections", 4 * time.Minute, 0, 5, 0},
		{"421 4.7.0 OFR_999 too many connections", 0, 100 * time.Minute, 0, 4},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, "FACTEUR_SMTP_CONNECTIONS=1")
			w.orange(6, test.refusal)
			w.offer(1)
			w.start()
			defer w.end()
			if _, err := w.Desk.Publish(t.Context(), w.Newsletters[0]); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			waits := 0
			d, err := w.Drain(t.Context(), func(d app.Drained) {
				for _, wait := range d.Waits {
					if wait.Why == app.WhyAlone && wait.Group == "orange" && wait.Words == test.refusal {
						waits++
					}
				}
			})
			if err != nil || !d.Followed {
				t.Fatalf("drained %+v, %v", d, err)
			}
			took := time.Since(began)
			if took < test.stays || took > test.stays+3*time.Minute || test.stays > 0 && waits < 100 || len(w.relay.Letters()) < test.sent {
				t.Errorf("%s: it stayed %s, told %d times what it waits for; %d letters left", test.refusal, took, waits, len(w.relay.Letters()))
			}
			for _, wait := range d.Waits {
				if wait.Why == app.WhyAlone && (wait.Letters < test.waiting || wait.Until.Before(time.Now().Add(test.left)) || test.waiting == 0) {
					t.Errorf("%s: at the end it says %+v", test.refusal, wait)
				}
			}
			if d.Letters[newsletter.Deferred] != 1 {
				t.Errorf("%s: at the end stand %v", test.refusal, d.Letters)
			}
		})
	}
}

// What an edition behind its first letters waits for is told, and whether somebody who watches sees the end of it.
func TestOutlookTellsTheWaitOfAnEdition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "FACTEUR_SMTP_URL=smtps://relais.example:465", "FACTEUR_CANARY_READERS=3", "FACTEUR_SEND_PER_HOUR=2")
		defer func() {
			if err := w.Close(); err != nil {
				t.Error(err)
			}
		}()
		w.readers("camille", "dominique", "claude")
		w.offer(1)
		r, err := w.Desk.Publish(t.Context(), w.Newsletters[0])
		if err != nil {
			t.Fatal(err)
		}
		look := func(want app.Wait, leaves bool) {
			t.Helper()
			o, err := w.Outlook(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want.Edition, want.Letters = r.Edition.Ref(), 3
			if len(o.Waits) != 1 || !o.Waits[0].Until.Equal(want.Until) || o.Leaves(time.Now().Add(app.Patience)) != leaves || o.Open() != 3 {
				t.Errorf("the outlook is %+v, want %+v", o, want)
				return
			}
			o.Waits[0].Until = want.Until
			if o.Waits[0] != want {
				t.Errorf("it waits for %+v, want %+v", o.Waits[0], want)
			}
		}
		look(app.Wait{Why: app.WhyFirst}, true) // its rows are still to be made
		for more := true; more; {
			if more, err = w.Store.QueueNext(t.Context(), 2, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		look(app.Wait{Why: app.WhyFirst}, true)
		for wait, leaves := range map[time.Duration]bool{10 * time.Minute: true, time.Hour: false} {
			at := time.Now().Add(wait)
			if err := w.Store.Open(t.Context(), r.Edition.ID, at); err != nil {
				t.Fatal(err)
			}
			look(app.Wait{Why: app.WhyFirst, Until: at}, leaves)
		}
		if err := w.Store.Pause(t.Context(), r.Edition.Ref(), true); err != nil {
			t.Fatal(err)
		}
		look(app.Wait{Why: app.WhyHeld}, false)
		if err := w.Store.Pause(t.Context(), r.Edition.Ref(), false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		look(app.Wait{Why: app.WhyDue}, true)
	})
}
