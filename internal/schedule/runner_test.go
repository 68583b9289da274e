package schedule_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
	"facteur/internal/schedule"
)

// bench runs a runner in a bubble. Its log is read when everything stands still.
type bench struct {
	*schedule.Runner
	t    *testing.T
	zone *time.Location
	log  bytes.Buffer
	stop context.CancelFunc
	done chan struct{}
}

func newBench(t *testing.T, zone *time.Location) *bench {
	b := &bench{t: t, zone: zone, done: make(chan struct{})}
	b.Runner = schedule.New(zone, slog.New(slog.NewTextHandler(&b.log, nil)))
	return b
}

func (b *bench) add(name, specification string, do func(context.Context) error) {
	b.t.Helper()
	if err := b.Add(name, specification, do); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) start() {
	ctx, cancel := context.WithCancel(b.t.Context())
	b.stop = cancel
	go func() {
		defer close(b.done)
		b.Run(ctx)
	}()
}

func (b *bench) finish() {
	b.stop()
	<-b.done
}

// sleepUntil passes the time to a minute of the wall, and lets what is due then happen.
func (b *bench) sleepUntil(slot newsletter.Slot) {
	time.Sleep(time.Until(slot.In(b.zone)))
	synctest.Wait()
}

func (b *bench) wantLog(text string, times int) {
	b.t.Helper()
	if n := strings.Count(b.log.String(), text); n != times {
		b.t.Errorf("the log has %q %d times, want %d:\n%s", text, n, times, &b.log)
	}
}

func TestJobsRunOnTheWallClock(t *testing.T) {
	for _, c := range []struct {
		specification string
		from, to      newsletter.Slot
		want          []string
	}{
		{"30 2 * * *", "2026-03-28T00:00", "2026-03-30T12:00",
			[]string{"2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
		{"30 2 * * *", "2026-10-24T00:00", "2026-10-26T12:00",
			[]string{"2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"}},
		{"0 * * * *", "2026-03-29T00:30", "2026-03-29T04:30", // the hours 2 and 3 fall together: one run
			[]string{"2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"}},
		{"@every 30m", "2026-10-25T01:45", "2026-10-25T03:10", // by elapsed time, whatever the wall shows
			[]string{"2026-10-25T02:15:00+02:00", "2026-10-25T02:45:00+02:00", "2026-10-25T02:15:00+01:00", "2026-10-25T02:45:00+01:00"}},
		{"0 7 * * MON", "2026-11-01T00:00", "2026-11-30T12:00",
			[]string{"2026-11-02T07:00:00+01:00", "2026-11-09T07:00:00+01:00", "2026-11-16T07:00:00+01:00", "2026-11-23T07:00:00+01:00", "2026-11-30T07:00:00+01:00"}},
	} {
		t.Run(c.specification+" "+string(c.from), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				paris := zone(t, "Europe/Paris")
				b := newBench(t, paris)
				var ran []string
				b.add("clock", c.specification, func(context.Context) error {
					ran = append(ran, time.Now().In(paris).Format(time.RFC3339))
					return nil
				})
				b.sleepUntil(c.from)
				b.start()
				b.sleepUntil(c.to)
				b.finish()
				if diff := cmp.Diff(c.want, ran); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestAJobLongerThanItsPeriodSkips(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, time.UTC)
		running, most, runs, others := 0, 0, 0, 0
		b.add("long", "* * * * *", func(context.Context) error {
			running, runs = running+1, runs+1
			most = max(most, running)
			time.Sleep(150 * time.Second)
			running--
			return nil
		})
		b.add("other", "* * * * *", func(context.Context) error { others++; return nil })
		b.start()
		time.Sleep(10*time.Minute + 30*time.Second)
		b.finish()
		if most != 1 || runs != 4 || others != 10 {
			t.Errorf("%d at once, %d runs, and %d of the other job; want 1, 4 and 10", most, runs, others)
		}
		b.wantLog(`level=INFO msg="job skipped: its last run is still going" job=long`, 6)
		b.wantLog("job=other", 0)
	})
}

func TestAJobThatIsWokenRunsAtOnceAndInItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, time.UTC)
		running, most := 0, 0
		var ran []string
		began := time.Now()
		b.add("traces", "*/5 * * * *", func(context.Context) error {
			ran = append(ran, time.Since(began).String())
			running++
			most = max(most, running)
			time.Sleep(20 * time.Second)
			running--
			if len(ran) == 1 {
				panic("the first of them")
			}
			return nil
		})
		others := 0
		b.add("other", "0 0 1 1 *", func(context.Context) error { others++; return nil })
		b.Wake("traces") // before it runs
		b.start()
		synctest.Wait()
		time.Sleep(30 * time.Second)
		b.Wake("traces")
		time.Sleep(5 * time.Second)
		for range 3 { // while it is going: once more, since it may have looked already
			b.Wake("traces")
		}
		time.Sleep(2 * time.Minute)
		b.Wake("nobody")
		time.Sleep(3 * time.Minute)
		b.finish()
		b.Wake("traces")
		time.Sleep(time.Minute)
		want := []string{"0s", "30s", "50s", "5m0s"}
		if !slices.Equal(ran, want) || most != 1 || others != 0 {
			t.Errorf("it ran at %v, %d at once, and the other %d times; want %v", ran, most, others, want)
		}
	})
}

func TestStoppingWaitsForAJobThatWasWoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, time.UTC)
		ended := false
		b.add("traces", "0 0 1 1 *", func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(5 * time.Minute)
			ended = true
			return ctx.Err()
		})
		b.start()
		b.Wake("traces")
		synctest.Wait()
		b.Wake("traces")
		b.finish()
		if !ended {
			t.Error("Run returned while it was going")
		}
		b.wantLog("level=ERROR", 0)
	})
}

func TestStoppingWaitsForTheRunningJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, time.UTC)
		begun, ended := 0, time.Time{}
		b.add("drain", "* * * * *", func(ctx context.Context) error {
			begun++
			<-ctx.Done()
			time.Sleep(5 * time.Minute)
			ended = time.Now()
			return fmt.Errorf("half way: %w", ctx.Err())
		})
		late := 0
		b.add("later", "3-59 * * * *", func(context.Context) error { late++; return nil })
		b.start()
		time.Sleep(90 * time.Second)
		stopped := time.Now()
		b.finish()
		if begun != 1 || time.Since(stopped) != 5*time.Minute || !ended.Equal(time.Now()) {
			t.Errorf("%d runs; Run returned %s after the stop, the job ended at %s", begun, time.Since(stopped), ended)
		}
		time.Sleep(time.Hour)
		if begun != 1 || late != 0 {
			t.Errorf("runs began after the stop: %d, %d", begun-1, late)
		}
		b.wantLog("level=ERROR", 0) // stopping when told is no failure
	})
}

func TestErrorsAndPanicsAreLoggedOnceAndTheJobRunsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, time.UTC)
		failures, panics, sound := 0, 0, 0
		b.add("failing", "@every 1m", func(context.Context) error { failures++; return errors.New("disk is full") })
		b.add("panicking", "@every 1m", func(context.Context) error { panics++; panic("nobody expected this") })
		b.add("sound", "@every 1m", func(context.Context) error { sound++; return nil })
		b.start()
		time.Sleep(3*time.Minute + time.Second)
		b.finish()
		if failures != 3 || panics != 3 || sound != 3 {
			t.Errorf("%d, %d and %d runs, want 3 of each", failures, panics, sound)
		}
		b.wantLog(`level=ERROR msg="job failed" job=failing error="disk is full"`, 3)
		b.wantLog(`level=ERROR msg="job: panic" job=panicking error="nobody expected this"`, 3)
		b.wantLog("level=", 6)
	})
}

func TestAddRefuses(t *testing.T) {
	nothing := func(context.Context) error { return nil }
	for _, c := range []struct {
		name, specification string
		is                  error
		says                string
	}{
		{"collect", "@daily", newsletter.ErrExists, `job "collect": exists already: give each job its own name`},
		{"b", "0 25 * * *", newsletter.ErrInvalid, `job "b": cron specification "0 25 * * *" has no hour`},
		{"c", "TZ=", newsletter.ErrInvalid, "names a time zone"},
		{"d", "@every", newsletter.ErrInvalid, `write it like "@every 10m"`},
		{"e", "@every soon", newsletter.ErrInvalid, `write it like "@every 10m"`},
		{"f", "@every 500ms", newsletter.ErrInvalid, `write it like "@every 10m"`},
		{"g", "@every 1500ms", newsletter.ErrInvalid, `write it like "@every 10m"`},
		{"h", "@every -10m", newsletter.ErrInvalid, `write it like "@every 10m"`},
		{"i", "@every 10m TZ=UTC", newsletter.ErrInvalid, "names a time zone"},
		{"j", "@everyone", newsletter.ErrInvalid, "is not a known name"},
	} {
		r := schedule.New(time.UTC, slog.New(slog.DiscardHandler))
		if err := r.Add("collect", "@every 10m", nothing); err != nil {
			t.Fatal(err)
		}
		err := r.Add(c.name, c.specification, nothing)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %q: error is %v, want %q", c.name, c.specification, err, c.says)
		}
	}
}
