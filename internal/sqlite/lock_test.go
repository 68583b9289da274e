package sqlite_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
)

// lockFolder makes this test binary a program that takes the sender's lock and keeps it.
const lockFolder = "FACTEUR_TEST_LOCK_FOLDER"

func TestMain(m *testing.M) {
	folder := os.Getenv(lockFolder)
	if folder == "" {
		os.Exit(m.Run())
	}
	if _, err := sqlite.LockSender(folder); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("locked")
	_, _ = io.Copy(io.Discard, os.Stdin) // until it is killed
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
