package sqlite_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
)

// A trouble keeps the ledger from being written for as long as it lasts.
type trouble struct {
	name   string
	is     error
	folder func(t *testing.T) string // where the ledger is
	begin  func(o *office, folder string) (end func())
}

func troubles() []trouble {
	anywhere := func(t *testing.T) string { return t.TempDir() }
	return []trouble{
		{"as many pages as there are", sqlite.ErrFull, anywhere, func(o *office, _ string) func() {
			limit := func(pages int) { o.must(o.LimitPages(o.t.Context(), pages)) }
			limit(1)
			return func() { limit(math.MaxInt32) }
		}},
		{"a full disk", sqlite.ErrFull, smallDisk, func(o *office, folder string) func() { return fill(o.t, folder) }},
		{"another program's transaction", newsletter.ErrBusy, anywhere, func(o *office, _ string) func() {
			db := raw(o.t, o.Path())
			db.SetMaxOpenConns(1)
			run(o.t, db, `BEGIN IMMEDIATE`)
			return func() { run(o.t, db, `ROLLBACK`) }
		}},
	}
}

// smallDisk makes a folder that is a disk of its own.
func smallDisk(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("no small disk can be mounted here (%v); run the tests as root, such as with sudo", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, 0); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// A ledger that cannot be written for some seconds, before the rows of an edition are made or while its letters leave: nothing
// leaves that could not be recorded, the log says why, and sending goes on by itself. Nobody is forgotten and nobody gets
// it twice.
func TestSending_TroubleForAWhile(t *testing.T) {
	for _, trouble := range troubles() {
		for when, begun := range map[string]time.Duration{"from the start": 0, "in the middle": 10 * time.Second} {
			t.Run(trouble.name+", "+when, func(t *testing.T) {
				folder := trouble.folder(t)
				synctest.Test(t, func(t *testing.T) { trouble.forAWhile(newOffice(t, folder, 1000), folder, begun) })
			})
		}
	}
}

func (w trouble) forAWhile(o *office, folder string, begun time.Duration) {
	ctx, stop := context.WithCancel(o.t.Context())
	var ended <-chan error
	var end func()
	if begun == 0 {
		o.must(o.SetGroups(o.t.Context(), nil)) // which a start does first
		end = w.begin(o, folder)
		ended = o.start(ctx)
	} else {
		ended = o.start(ctx)
		pass(begun)
		end = w.begin(o, folder)
	}
	pass(9 * time.Second)
	stalled := len(o.relay.Letters())
	pass(2 * time.Second)
	if n := len(o.relay.Letters()); n != stalled || n > 380 {
		o.t.Errorf("%d letters left meanwhile, then %d", stalled, n)
	}
	end()
	pass(2 * time.Minute)
	stop()
	if err := <-ended; err != nil {
		o.t.Errorf("the run ends with %v", err)
	}
	o.said(w.is)
	o.judge(0)
}

// said fails the test unless each line about the ledger says what is wrong.
func (o *office) said(wrong error) {
	o.t.Helper()
	said := 0
	for line := range strings.Lines(o.log.String()) {
		if strings.Contains(line, "the ledger cannot be used") {
			said++
			if !strings.Contains(line, wrong.Error()) || !strings.Contains(line, o.Path()) {
				o.t.Errorf("the log does not say what is wrong: %s", line)
			}
		}
	}
	if said == 0 {
		o.t.Error("the log says nothing about the ledger")
	}
}

// A ledger that cannot be written for long ends the run soon, with an error that says why. When that is over, the next run goes
// on, and what was on the wire may come twice.
func TestSending_TroubleThatStays(t *testing.T) {
	for _, trouble := range troubles() {
		t.Run(trouble.name, func(t *testing.T) {
			folder := trouble.folder(t)
			synctest.Test(t, func(t *testing.T) { trouble.stays(newOffice(t, folder, 1000), folder) })
		})
	}
}

func (w trouble) stays(o *office, folder string) {
	t := o.t
	ended := o.start(t.Context())
	pass(10 * time.Second)
	end := w.begin(o, folder)
	pass(time.Minute)
	select {
	case err := <-ended:
		if !errors.Is(err, w.is) || !strings.Contains(err.Error(), o.Path()) {
			t.Errorf("the run ends with %v, want %v and the file", err, w.is)
		}
	default:
		t.Fatal("the run goes on although nothing can be recorded")
	}
	end()
	onWire, err := o.Remnants(t.Context(), 100)
	o.must(err)
	if len(onWire) > connections {
		t.Errorf("%d letters were on the wire of %d connections", len(onWire), connections)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended = o.start(ctx)
	pass(2 * time.Minute)
	stop()
	o.must(<-ended)
	o.judge(len(onWire))
}
