package source_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/collect"
	"facteur/internal/source"
)

// Users of the system, where the test may act as others: the one of a site, and the one of Facteur. They share a group.
const (
	siteUser = 22001
	ourUser  = 22002
	theGroup = 22000
)

// actingAs has the program of the test be another one, which does one thing and ends.
const actingAs = "FACTEUR_TEST_ACTING_AS"

func TestMain(m *testing.M) {
	act := map[string]func(path string, times int) error{"site": actAsSite, "reader": actAsReader}[os.Getenv(actingAs)]
	if act == nil {
		os.Exit(m.Run())
	}
	times, err := strconv.Atoi(os.Args[2])
	if err = errors.Join(err, act(os.Args[1], times)); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// actAsSite writes posts, each as a request to a site in PHP does: the file is opened and closed.
func actAsSite(path string, times int) error {
	for range times {
		db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=20000")
		if err != nil {
			return err
		}
		_, err = db.Exec(`PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS posts (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO posts (title) VALUES ('Post')`)
		if err := errors.Join(err, db.Close()); err != nil {
			return err
		}
	}
	return nil
}

// actAsReader reads the posts, and says how many there are.
func actAsReader(path string, times int) error {
	f := source.Foreign{Patience: 2 * time.Second, Path: path, Query: `SELECT id, 'https://site.example/' || id AS url, title FROM posts`, Cursor: "id"}
	for range times {
		read := 0
		err := f.Read(context.Background(), "", nil, func(h collect.Haul) error {
			read += len(h.Offers)
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Println(read)
	}
	return nil
}

// acting starts the test as another program and another user.
func acting(t *testing.T, as, path string, times int) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), "/proc/self/exe", path, strconv.Itoa(times))
	c.Env = append(os.Environ(), actingAs+"="+as)
	if os.Getuid() == 0 {
		user := map[string]uint32{"site": siteUser, "reader": ourUser}[as]
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: theGroup}}
	}
	return c
}

func act(t *testing.T, as, path string, times int) (said string) {
	t.Helper()
	out, err := acting(t, as, path, times).CombinedOutput()
	if err != nil {
		t.Fatalf("as %s: %v, %s", as, err, out)
	}
	return strings.TrimSpace(string(out))
}

// folderOfSite is one that the user of a site owns, with rights for the others.
func folderOfSite(t *testing.T, rights os.FileMode) (folder string) {
	t.Helper()
	folder = t.TempDir()
	for _, above := range []string{folder, filepath.Dir(folder)} {
		if err := os.Chmod(above, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if os.Getuid() == 0 {
		if err := os.Chown(folder, siteUser, theGroup); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(folder, rights); err != nil {
		t.Fatal(err)
	}
	return folder
}

func namesIn(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// Reading a file in WAL mode leaves nothing beside it, whether or not it could, and whoever owns it writes on.
func TestForeign_makesNothing(t *testing.T) {
	for _, rights := range []os.FileMode{0o755, 0o775 | os.ModeSetgid} {
		folder := folderOfSite(t, rights)
		path := filepath.Join(folder, "site.db")
		act(t, "site", path, 1)
		for written := 1; written <= 3; written++ {
			if said := act(t, "reader", path, 1); said != strconv.Itoa(written) {
				t.Errorf("%v: read %s, want %d", rights, said, written)
			}
			if names := namesIn(t, folder); !cmp.Equal(names, []string{"site.db"}) {
				t.Errorf("%v: %q", rights, names)
			}
			act(t, "site", path, 1)
		}
	}
}

// While a site has its file open, what it wrote is read out of the log.
func TestForeign_readsTheLog(t *testing.T) {
	path := filepath.Join(folderOfSite(t, 0o775|os.ModeSetgid), "site.db")
	act(t, "site", path, 1)
	open, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open.Exec(`INSERT INTO posts (title) VALUES ('In the log')`); err != nil {
		t.Fatal(err)
	}
	if said := act(t, "reader", path, 1); said != "2" {
		t.Errorf("read %s", said)
	}
	act(t, "site", path, 1)
	if said := act(t, "reader", path, 1); said != "3" {
		t.Errorf("read %s", said)
	}
	if err := open.Close(); err != nil {
		t.Fatal(err)
	}
	act(t, "site", path, 1)
}

// What a program left that ended all of a sudden is read with the log, of which nobody makes the index but the site.
func TestForeign_leftBehind(t *testing.T) {
	s := newSite(t, `PRAGMA journal_mode = WAL`, `INSERT INTO posts (title) VALUES ('In the log')`)
	for _, ends := range [][]string{{"", "-wal", "-shm"}, {"", "-wal"}} {
		folder := folderOfSite(t, 0o775|os.ModeSetgid)
		path := filepath.Join(folder, "copy.db")
		for _, end := range ends {
			data, err := os.ReadFile(s.path + end)
			if err != nil {
				t.Fatal(err)
			}
			give(t, path+end, data)
		}
		before := namesIn(t, folder)
		out, err := acting(t, "reader", path, 1).CombinedOutput()
		switch said := strings.TrimSpace(string(out)); {
		case os.Getuid() != 0, len(ends) == 3:
			if err != nil || said != "1" {
				t.Errorf("%q: read %s, %v", ends, said, err)
			}
		case err == nil, !strings.Contains(said, "-wal alone"), !strings.Contains(said, "let its user open the file once: sqlite3 "):
			t.Errorf("%q: %v, %s", ends, err, said)
		}
		if after := namesIn(t, folder); os.Getuid() == 0 && !cmp.Equal(before, after) {
			t.Errorf("%q: %q", ends, after)
		}
		act(t, "site", path, 1)
		if said := act(t, "reader", path, 1); said != "2" {
			t.Errorf("%q: read %s", ends, said)
		}
	}
}

// give writes a file of the site.
func give(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(path, siteUser, theGroup); err != nil {
			t.Fatal(err)
		}
	}
}

// A site that opens and closes its file all the time is not disturbed, and read all the same.
func TestForeign_whileOpenedAndClosed(t *testing.T) {
	folder := folderOfSite(t, 0o775|os.ModeSetgid)
	path := filepath.Join(folder, "site.db")
	act(t, "site", path, 1)
	const times = 200
	writing := acting(t, "site", path, times)
	var said strings.Builder
	writing.Stdout = &said
	if err := writing.Start(); err != nil {
		t.Fatal(err)
	}
	act(t, "reader", path, times)
	if err := writing.Wait(); err != nil {
		t.Errorf("%v, %s", err, &said)
	}
	act(t, "site", path, 1)
	if read := act(t, "reader", path, 1); read != strconv.Itoa(times+2) {
		t.Errorf("read %s", read)
	}
	if names := namesIn(t, folder); !cmp.Equal(names, []string{"site.db"}) {
		t.Errorf("%q", names)
	}
}

// A pipe would be waited for for ever.
func TestForeign_pipes(t *testing.T) {
	f := source.Foreign{Path: filepath.Join(t.TempDir(), "site.db"), Query: posts, Cursor: "updated"}
	if err := syscall.Mkfifo(f.Path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{f.Path, "/dev/null"} {
		f.Path = path
		if _, err := read(t, f, ""); err == nil || !strings.Contains(err.Error(), path+" is a pipe, a socket or a device, and no SQLite file") {
			t.Error(err)
		}
	}
}
