package transport_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	letters "facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/transport"
)

func files(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestDir_WritesEachLetterWhole(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data", "outbox")
	o := newOffice(letter(1), letter(2))
	if err := once(t.Context(), t, transport.NewDir(folder), o); err != nil {
		t.Fatal(err)
	}
	if got := files(t, folder); !slices.Equal(got, []string{"hebdo-1-1.eml", "hebdo-1-2.eml"}) {
		t.Errorf("files: %q", got)
	}
	path := filepath.Join(folder, "hebdo-1-2.eml")
	content, err := os.ReadFile(path)
	if err != nil || string(content) != string(letter(2).Content.Append(nil)) {
		t.Errorf("%q, %v", content, err)
	}
	for name, want := range map[string]fs.FileMode{folder: 0o700, path: 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
	}
	a := o.attempt(t, 2)
	if want := (newsletter.Reply{Code: 250, Enhanced: "2.0.0", Text: "written to " + path}); a.Reply != want || a.Stage != newsletter.StageDone {
		t.Errorf("reported %s, %s", a.Stage, a.Reply)
	}
	want := []string{"begin 1", "step", "done 1", "begin 2", "step", "done 2", "step"}
	if diff := cmp.Diff(want, o.lines()); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

func TestDir_TheSameCopyIsTheSameFile(t *testing.T) {
	folder := t.TempDir()
	again := letter(1)
	again.Delivery, again.Content = 2, letters.Octets("Subject: second\r\n\r\n")
	if err := once(t.Context(), t, transport.NewDir(folder), newOffice(letter(1), again)); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(folder, "hebdo-1-1.eml"))
	if err != nil || string(content) != string(again.Content.Append(nil)) || len(files(t, folder)) != 1 {
		t.Errorf("%q, %v, %q", content, err, files(t, folder))
	}
}

func TestDir_WhatMayNotGoIsNotWritten(t *testing.T) {
	folder := t.TempDir()
	o := newOffice(letter(1), letter(2))
	o.refuse[1] = true
	if err := once(t.Context(), t, transport.NewDir(folder), o); err != nil {
		t.Fatal(err)
	}
	if got := files(t, folder); !slices.Equal(got, []string{"hebdo-1-2.eml"}) || len(o.settled[1]) != 0 {
		t.Errorf("files: %q, attempts %v", got, o.settled[1])
	}
}

func TestDir_NothingIsWrittenAfterAFailedStep(t *testing.T) {
	folder := t.TempDir()
	o := newOffice(letter(1))
	o.stepErr = errors.New("disk full")
	if err := once(t.Context(), t, transport.NewDir(folder), o); !errors.Is(err, o.stepErr) {
		t.Errorf("error: %v", err)
	}
	if got := files(t, folder); len(got) != 0 {
		t.Errorf("files: %q", got)
	}
}

func TestDir_WhatCannotBeWrittenIsDueAgain(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(t *testing.T, folder string, p *newsletter.Parcel)
		words string
	}{
		{"a file in the place of the folder", func(t *testing.T, folder string, _ *newsletter.Parcel) {
			if err := errors.Join(os.Remove(folder), os.WriteFile(folder, nil, 0o600)); err != nil {
				t.Fatal(err)
			}
		}, "not a directory"},
		{"the folder went away", func(t *testing.T, folder string, _ *newsletter.Parcel) {
			if err := os.Remove(folder); err != nil {
				t.Fatal(err)
			}
		}, "no such file"},
		{"a folder in the place of the file", func(t *testing.T, folder string, _ *newsletter.Parcel) {
			if err := os.MkdirAll(filepath.Join(folder, "hebdo-1-1.eml", "x"), 0o700); err != nil {
				t.Fatal(err)
			}
		}, "hebdo-1-1.eml"},
		{"a name that leads elsewhere", func(_ *testing.T, _ string, p *newsletter.Parcel) { p.Name = "../x" }, "../x"},
		{"no name", func(_ *testing.T, _ string, p *newsletter.Parcel) { p.Name = "" }, "cannot name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			home := t.TempDir()
			folder := filepath.Join(home, "outbox")
			courier, err := transport.NewDir(folder).Open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			p := letter(1)
			tt.spoil(t, folder, &p)
			o := newOffice(p)
			if err := courier.Carry(t.Context(), o.next, o.beside, o.step); err != nil {
				t.Fatal(err)
			}
			a := o.attempt(t, 1)
			if newsletter.Outcome(a.Stage, a.Reply) != newsletter.Deferred || !strings.Contains(a.Reply.Text, tt.words) {
				t.Errorf("reported %s, %s", a.Stage, a.Reply)
			}
			if got := files(t, home); !slices.Contains([]int{0, 1}, len(got)) {
				t.Errorf("files: %q", got)
			}
			if drafts, _ := filepath.Glob(filepath.Join(folder, ".*")); len(drafts) != 0 {
				t.Errorf("left behind: %q", drafts)
			}
		})
	}
}

func TestDir_OpenSaysThatThereIsNoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outbox")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := transport.NewDir(path).Open(t.Context()); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error: %v", err)
	}
}

// Whoever looks into the folder at any moment sees whole letters only.
func TestDir_NobodySeesHalfALetter(t *testing.T) {
	folder := t.TempDir()
	p := letter(1)
	p.Content = letters.Octets(strings.Repeat("Bonjour\r\n", 100_000))
	o := newOffice()
	for range 20 {
		o.queue = append(o.queue, p)
	}
	went := make(chan error)
	go func() { went <- once(t.Context(), t, transport.NewDir(folder), o) }()
	for {
		content, err := os.ReadFile(filepath.Join(folder, "hebdo-1-1.eml"))
		if err == nil && string(content) != string(p.Content.Append(nil)) {
			t.Fatalf("saw %d of %d bytes", len(content), p.Content.Len())
		}
		select {
		case err := <-went:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}

func TestDir_WaitsAndStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		o := newOffice(letter(1))
		o.waits = true
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		went := make(chan error)
		go func() { went <- once(ctx, t, transport.NewDir(folder), o) }()
		time.Sleep(time.Second)
		synctest.Wait()
		if a := o.attempt(t, 1); a.Reply.Code != 250 {
			t.Errorf("reported %s", a.Reply)
		}
		if err := <-went; err != nil {
			t.Error(err)
		}
	})
}
