package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
)

const (
	scrubPause   = 50 * time.Millisecond
	scrubLongest = 10 * time.Second
)

// Scrub leaves no copy of what was erased in the files; see subscription.Dossiers. Three things hold copies:
//   - cells that were deleted: SQLite overwrites them with zeros (secure_delete);
//   - the write-ahead log, which holds pages of before until it is truncated, and which readers of those pages delay;
//   - the unused middle of pages that were split or merged at some time, which SQLite does not overwrite. So the file is
//     looked through, and where an address is still found it is written anew (VACUUM). That is seldom, and commits wait
//     meanwhile.
func (s *Store) Scrub(ctx context.Context, erased []address.Address) (err error) {
	// A connection of its own: waiting with the one that writes would hold up every commit.
	db, err := openPool(s.path, Options{BusyTimeout: time.Millisecond}, "_secure_delete=1", 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := s.truncateLog(ctx, db); err != nil {
		return err
	}
	found, err := s.looker.finds(ctx, s.path, formsOf(erased))
	if err != nil || !found {
		return err
	}
	if _, err := db.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, scrubLongest.Milliseconds())); err != nil {
		return s.explain(err)
	}
	if _, err := db.ExecContext(ctx, `VACUUM`); err != nil {
		return s.explain(err)
	}
	return s.truncateLog(ctx, db)
}

// truncateLog moves the write-ahead log into the database and empties it.
func (s *Store) truncateLog(ctx context.Context, db *sql.DB) error {
	for waited := time.Duration(0); ; waited += scrubPause {
		var busy bool
		var frames, moved int
		if err := db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved); err != nil {
			return s.explain(err)
		}
		if !busy {
			return nil
		}
		if waited >= scrubLongest {
			return fmt.Errorf("database %s: a program reads an older state: %w", s.path, newsletter.ErrBusy)
		}
		if err := rest(ctx, scrubPause); err != nil {
			return err
		}
	}
}

// A wanted is one way in which an address stands in the file, cut at its @.
type wanted struct{ local, domain []byte }

func formsOf(addresses []address.Address) (forms []wanted) {
	for _, a := range addresses {
		for _, text := range []string{a.String(), a.Display()} {
			at := bytes.LastIndexByte([]byte(text), '@')
			forms = append(forms, wanted{[]byte(text[:at]), []byte(text[at+1:])})
		}
	}
	return forms
}

// A looker reads the database as plain bytes. The file is opened once and stays open until the process ends: closing it
// would take away the locks that SQLite holds on it in this process (https://sqlite.org/howtocorrupt.html §2.2).
type looker struct {
	mu     sync.Mutex
	opened bool
	fd     int
}

const (
	lookStep    = 1 << 20
	longestForm = 1024 // bytes of an address on either side of its @, and more
)

// finds tells whether any of the addresses stands anywhere in the file, in whatever capitals.
func (l *looker) finds(ctx context.Context, path string, forms []wanted) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(forms) == 0 {
		return false, nil
	}
	if !l.opened {
		fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err != nil {
			return false, fmt.Errorf("look through %s: %w", path, err)
		}
		l.fd, l.opened = fd, true
	}
	buffer := make([]byte, lookStep)
	for offset := int64(0); ; offset += lookStep - 2*longestForm { // steps overlap: no address is cut by both
		if err := ctx.Err(); err != nil {
			return false, err
		}
		n, err := syscall.Pread(l.fd, buffer, offset)
		if err != nil {
			return false, fmt.Errorf("look through %s: %w", path, err)
		}
		if stands(buffer[:n], forms) {
			return true, nil
		}
		if n < lookStep {
			return false, nil
		}
	}
}

// stands tells whether bytes hold one of the addresses.
func stands(content []byte, forms []wanted) bool {
	for at := 0; ; at++ {
		next := bytes.IndexByte(content[at:], '@')
		if next < 0 {
			return false
		}
		at += next
		for _, f := range forms {
			begin, end := at-len(f.local), at+1+len(f.domain)
			if begin >= 0 && end <= len(content) && bytes.EqualFold(content[begin:at], f.local) && bytes.EqualFold(content[at+1:end], f.domain) {
				return true
			}
		}
	}
}
