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
	w := &watched{Transport: d, now: func() time.Time { return now }}
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
		if _, err := w.Open(t.Context()); !errors.Is(err, step.err) {
			t.Errorf("Open gives %v, want %v", err, step.err)
		}
		if got, err := w.state(t.Context()); err != nil || got != step.want {
			t.Errorf("after %v it says %q, %v; want %q", step.err, got, err, step.want)
		}
		now = now.Add(time.Minute)
	}
}
