package app_test

import (
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/app"
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
			d, err := w.Drain(t.Context(), nil)
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
