package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
	"facteur/internal/storetest"
)

// lockFolder makes this test binary a program that takes the sender's lock, of the store there if there is one, and keeps it.
const lockFolder = "FACTEUR_TEST_LOCK_FOLDER"

func TestMain(m *testing.M) {
	folder := os.Getenv(lockFolder)
	if folder == "" {
		os.Exit(m.Run())
	}
	lock, err := takeLock(folder)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("locked")
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
	runtime.KeepAlive(lock)              // a file that nothing leads to is closed by the collector
}

func takeLock(folder string) (*sqlite.SenderLock, error) {
	path := filepath.Join(folder, "facteur.db")
	if _, err := os.Stat(path); err != nil {
		return sqlite.LockSender(folder)
	}
	s, err := sqlite.Open(context.Background(), path, sqlite.Options{Hash: storetest.Hash})
	if err != nil {
		return nil, err
	}
	return s.LockSender(context.Background())
}

// Of two programs that begin at the same time, one sends, and one step is counted.
func TestLockSender_TwoProgramsRace(t *testing.T) {
	s := open(t)
	folder := filepath.Dir(s.Path())
	var said [2]string
	var racing sync.WaitGroup
	for i := range said {
		program := exec.CommandContext(t.Context(), os.Args[0])
		program.Env = append(os.Environ(), lockFolder+"="+folder)
		if _, err := program.StdinPipe(); err != nil { // stays open: who has the lock keeps it
			t.Fatal(err)
		}
		out, err := program.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := program.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = program.Process.Kill()
			_ = program.Wait() // says that it was killed
		})
		racing.Go(func() { said[i], _ = bufio.NewReader(out).ReadString('\n') })
	}
	racing.Wait()
	if said[0] == "locked\n" {
		said[0], said[1] = said[1], said[0]
	}
	if said[1] != "locked\n" || !strings.Contains(said[0], newsletter.ErrBusy.Error()) {
		t.Errorf("they say %q", said)
	}
	if text, err := os.ReadFile(filepath.Join(folder, sqlite.InstanceFile)); err != nil || !strings.HasSuffix(string(text), "\ncounter 1\n") {
		t.Errorf("the file says %q, %v", text, err)
	}
}

func TestLockSender_OneAtATime(t *testing.T) {
	folder := t.TempDir()
	for range 2 {
		lock, err := sqlite.LockSender(folder)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := sqlite.LockSender(folder); !errors.Is(err, newsletter.ErrBusy) || !strings.Contains(err.Error(), folder) {
			t.Errorf("a second lock gives %v, want %v", err, newsletter.ErrBusy)
		}
		if locked, err := sqlite.SenderLocked(folder); err != nil || !locked {
			t.Errorf("asked while it is held: %v, %v", locked, err)
		}
		if err := lock.Unlock(); err != nil {
			t.Error(err)
		}
		if locked, err := sqlite.SenderLocked(folder); err != nil || locked {
			t.Errorf("asked when it is free: %v, %v", locked, err)
		}
	}
	if locked, err := sqlite.SenderLocked(t.TempDir()); err != nil || locked {
		t.Errorf("asked where nobody ever sent: %v, %v", locked, err)
	}
}

func TestLockSender_AKillLeavesNothingBehind(t *testing.T) {
	folder := t.TempDir()
	other := exec.CommandContext(t.Context(), os.Args[0])
	other.Env = append(os.Environ(), lockFolder+"="+folder)
	if _, err := other.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	said, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(said).ReadString('\n'); line != "locked\n" {
		t.Fatalf("the other program says %q, %v", line, err)
	}
	if _, err := sqlite.LockSender(folder); !errors.Is(err, newsletter.ErrBusy) {
		t.Errorf("while another program sends: %v, want %v", err, newsletter.ErrBusy)
	}
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait() // says that it was killed
	lock, err := sqlite.LockSender(folder)
	if err != nil {
		t.Fatalf("after the kill: %v", err)
	}
	if err := lock.Unlock(); err != nil {
		t.Error(err)
	}
}
