package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"facteur/internal/outbox"
)

type door struct{ err error }

func (d *door) Open(context.Context) (outbox.Courier, error) { return nil, d.err }

func TestWatchedTellsSinceWhenTheWayOutIsClosed(t *testing.T) {
	now := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	d := &door{}
	ways := []outbox.Relay{{Transport: d, Share: 1}}
	w := watchOver(ways, func() time.Time { return now })
	for _, step := range []struct {
		err  error
		want string
	}{
		{nil, "ready"},
		{errors.New("refused"), "no way out since 2026-11-24T06:01:00Z"},
		{errors.New("refused"), "no way out since 2026-11-24T06:01:00Z"},
		{nil, "ready"},
	} {
		d.err = step.err
		if _, err := ways[0].Transport.Open(t.Context()); !errors.Is(err, step.err) {
			t.Errorf("Open gives %v, want %v", err, step.err)
		}
		if got, err := w.state(t.Context()); err != nil || got != step.want {
			t.Errorf("after %v it says %q, %v; want %q", step.err, got, err, step.want)
		}
		now = now.Add(time.Minute)
	}
}

func TestWatchedTellsWhichOfSeveralIsClosed(t *testing.T) {
	now := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	main, spare := &door{}, &door{}
	ways := []outbox.Relay{{Name: "main", Transport: main, Share: 1}, {Name: "spare", Transport: spare}}
	w := watchOver(ways, func() time.Time { return now })
	for _, step := range []struct {
		main, spare error
		want        string
	}{
		{nil, nil, "ready"},
		{errors.New("refused"), nil, "ready; main has been closed since 2026-11-24T06:01:00Z"},
		{errors.New("refused"), errors.New("refused"), "no way out since 2026-11-24T06:02:00Z"},
		{nil, errors.New("refused"), "ready; spare has been closed since 2026-11-24T06:02:00Z"},
	} {
		main.err, spare.err = step.main, step.spare
		for _, way := range ways {
			_, _ = way.Transport.Open(t.Context())
		}
		if got, err := w.state(t.Context()); err != nil || got != step.want {
			t.Errorf("it says %q, %v; want %q", got, err, step.want)
		}
		now = now.Add(time.Minute)
	}
}

type unicodeDoor struct {
	door
	takes bool
}

func (u unicodeDoor) TakesUTF8() bool { return u.takes }

// A letter may leave by any relay with a share, so each must carry its address; one that stands by is not asked.
func TestWatchedTakesWhatEachTakes(t *testing.T) {
	for _, test := range []struct{ main, second, spare, want bool }{
		{true, true, false, true}, {true, false, true, false}, {false, true, true, false}, {true, true, true, true},
	} {
		w := watchOver([]outbox.Relay{
			{Transport: &unicodeDoor{takes: test.main}, Share: 1}, {Transport: &unicodeDoor{takes: test.second}, Share: 2}, {Transport: &unicodeDoor{takes: test.spare}},
		}, time.Now)
		if w.takesUTF8() != test.want {
			t.Errorf("%+v: %t", test, w.takesUTF8())
		}
	}
}
