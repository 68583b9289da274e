package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// writes keeps what each write brought.
type writes struct {
	all []string
	err error
}

func (w *writes) Write(p []byte) (int, error) {
	w.all = append(w.all, string(p))
	return len(p), w.err
}

func TestGatherer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &writes{}
		g := &gatherer{to: to}
		say := func(line string, then time.Duration) {
			if n, err := g.Write([]byte(line + "\n")); n != len(line)+1 || err != nil {
				t.Errorf("%d, %v", n, err)
			}
			time.Sleep(then)
			synctest.Wait()
		}
		say("alone", time.Second)
		say("first", time.Millisecond)
		say("second", time.Millisecond)
		say("third", 4*time.Millisecond)
		say("next", time.Millisecond)
		say("with it", time.Second)
		say("again", time.Second)
		say("before the end", 0)
		say("the end", 0)
		if err := g.Close(); err != nil {
			t.Error(err)
		}
		want := []string{"alone\n", "first\n", "second\nthird\n", "next\nwith it\n", "again\n", "before the end\n", "the end\n"}
		if !slices.Equal(to.all, want) {
			t.Errorf("%q, not %q", to.all, want)
		}
	})
}

// However many lines come at once, little waits, and all of it is written in its order.
func TestGatherer_MuchAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &writes{}
		g := &gatherer{to: to}
		var want strings.Builder
		for i := range 3000 {
			line := fmt.Sprintf("line %d %s\n", i, strings.Repeat("x", i%60))
			want.WriteString(line)
			_, _ = g.Write([]byte(line))
		}
		_ = g.Close()
		if got := strings.Join(to.all, ""); got != want.String() {
			t.Errorf("%d bytes of %d", len(got), want.Len())
		}
		if len(to.all) > 20 || slices.ContainsFunc(to.all, func(s string) bool { return len(s) > gatherMost }) {
			t.Errorf("%d writes", len(to.all))
		}
	})
}

func TestGatherer_TellsWhatWentWrong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &writes{err: errors.New("no room")}
		g := &gatherer{to: to}
		_, _ = g.Write([]byte("one\n"))
		_, _ = g.Write([]byte("two\n"))
		if err := g.Close(); !errors.Is(err, to.err) {
			t.Error(err)
		}
	})
}
