package app

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
)

// turns is a source that fails or has moved, as each reading in turn says.
type turns struct {
	hauls []collect.Haul
	errs  []error
}

func (r *turns) Read(_ context.Context, _ string, _ []string, take func(collect.Haul) error) error {
	haul, err := r.hauls[0], r.errs[0]
	r.hauls, r.errs = r.hauls[1:], r.errs[1:]
	if err != nil {
		return err
	}
	return take(haul)
}

// The log tells of each try that failed, and once that the source is read again, and where it has moved.
func TestGather_tells(t *testing.T) {
	var log bytes.Buffer
	now := time.Date(2026, 11, 26, 6, 0, 0, 0, time.UTC)
	a, err := Open(t.Context(), settings(t), Options{Create: true, Poll: -1, Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	away, moved := collect.Trouble{What: "it is away", Do: "look for it"}, collect.Haul{Moved: "https://site.example/rss"}
	of := collect.Source{Name: "site", Reader: &turns{hauls: []collect.Haul{{}, {}, moved, moved}, errs: []error{away, away, nil, nil}}}
	for _, want := range [][]string{
		{`msg="a source cannot be read" source=site first_failed=2026-11-26T06:00:00.000Z tries=1`},
		{`msg="a source cannot be read" source=site first_failed=2026-11-26T06:00:00.000Z tries=2`},
		{`msg="the source is read again" source=site first_failed=2026-11-26T06:00:00.000Z`, `has moved for good: put its new address into its settings" source=site url=https://site.example/rss`},
		nil,
	} {
		log.Reset()
		if err := a.gather(t.Context(), of); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(log.String(), "\n"); got != len(want) {
			t.Errorf("%d lines, want %d", got, len(want))
		}
		for _, line := range want {
			if !strings.Contains(log.String(), line) {
				t.Errorf("the log says\n%swant %s", log.String(), line)
			}
		}
		now = now.Add(time.Hour)
	}
}
