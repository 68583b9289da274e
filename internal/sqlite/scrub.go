package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
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

// erased are the addresses that this program forgot and whose scrub is due, by the scrub. They stand in memory only: with
// them it can look whether a trace is left.
type erased struct {
	mu  sync.Mutex
	due map[int64][]address.Address
}

// scrubDue writes down that somebody was forgotten, so that their traces go too, and the files of these letters, even if
// the program ends before. Once it is committed, [Store.remember] is told by which addresses they were known.
func (t tx) scrubDue(at time.Time, letters []int64) (scrub int64, err error) {
	if _, err := t.exec(`INSERT OR IGNORE INTO scrub_letters SELECT value FROM json_each(?)`, list(letters)); err != nil {
		return 0, err
	}
	err = t.row(`INSERT INTO scrubs (at) VALUES (?) RETURNING id`, ms(at)).Scan(&scrub)
	return scrub, err
}

// remember keeps by which addresses somebody was known until the scrub is done. 0 is none.
func (s *Store) remember(scrub int64, addresses []address.Address) {
	if scrub == 0 {
		return
	}
	s.erased.mu.Lock()
	defer s.erased.mu.Unlock()
	if s.erased.due == nil {
		s.erased.due = map[int64][]address.Address{}
	}
	s.erased.due[scrub] = addresses
}

// FilesDue lists letters whose files are to go; see subscription.Dossiers.
func (s *Store) FilesDue(ctx context.Context) ([]int64, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT delivery_id FROM scrub_letters
		WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = delivery_id AND d.state = 'attempting') ORDER BY delivery_id`)
	if err != nil {
		return nil, fmt.Errorf("read whose files are to go: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (id int64, err error) { return id, rows.Scan(&id) })
}

// FilesGone says that they are gone; see subscription.Dossiers.
func (s *Store) FilesGone(ctx context.Context, deliveries []int64) error {
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(`DELETE FROM scrub_letters WHERE delivery_id IN (SELECT value FROM json_each(?))`, list(deliveries))
		return err
	})
}

// Scrub leaves no copy of what was erased in the files; see subscription.Dossiers. Three things hold copies:
//   - cells that were deleted: SQLite overwrites them with zeros (secure_delete);
//   - the write-ahead log, which holds pages of before until it is truncated, and which readers of those pages delay;
//   - the unused middle of pages that were split or merged at some time, which SQLite does not overwrite. So the file is
//     looked through, and where an address is still found it is written anew (VACUUM). That is seldom, and commits wait
//     meanwhile. What another program erased and did not scrub, or this one before it was started anew, cannot be
//     looked for: no file tells by which address. Then it is written anew in any case.
func (s *Store) Scrub(ctx context.Context, others time.Time) (err error) {
	mine, theirs, err := s.scrubsDue(ctx, others)
	if err != nil || len(mine)+len(theirs) == 0 {
		return err
	}
	// A connection of its own: waiting with the one that writes would hold up every commit.
	db, err := openPool(s.path, Options{BusyTimeout: time.Millisecond}, "_secure_delete=1", 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := s.truncateLog(ctx, db); err != nil {
		return err
	}
	found := len(theirs) > 0
	if !found {
		found, err = s.looker.finds(ctx, s.path, s.formsOf(mine))
	}
	if found && err == nil {
		err = s.rewrite(ctx, db)
	}
	if err != nil {
		return err
	}
	return s.scrubbed(ctx, slices.Concat(mine, theirs))
}

// scrubsDue lists the scrubs of this program, and those of others that were due before an instant.
func (s *Store) scrubsDue(ctx context.Context, others time.Time) (mine, theirs []int64, err error) {
	s.erased.mu.Lock()
	defer s.erased.mu.Unlock()
	rows, err := s.read.QueryContext(ctx, `SELECT id, at < ? FROM scrubs ORDER BY id`, others.UnixMilli())
	if err != nil {
		return nil, nil, fmt.Errorf("read what is to be scrubbed: %w", err)
	}
	_, err = collectRows(rows, func(rows *sql.Rows) (id int64, err error) {
		var before bool
		if err := rows.Scan(&id, &before); err != nil {
			return id, err
		}
		if _, ours := s.erased.due[id]; ours {
			mine = append(mine, id)
		} else if before && !others.IsZero() {
			theirs = append(theirs, id)
		}
		return id, nil
	})
	return mine, theirs, err
}

// rewrite writes the file anew.
func (s *Store) rewrite(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, fmt.Sprintf(`PRAGMA busy_timeout = %d`, scrubLongest.Milliseconds())); err != nil {
		return s.explain(err)
	}
	if _, err := db.ExecContext(ctx, `VACUUM`); err != nil {
		return s.explain(err)
	}
	return s.truncateLog(ctx, db)
}

// scrubbed says that these are done.
func (s *Store) scrubbed(ctx context.Context, scrubs []int64) error {
	err := s.update(ctx, func(t tx) error {
		_, err := t.exec(`DELETE FROM scrubs WHERE id IN (SELECT value FROM json_each(?))`, list(scrubs))
		return err
	})
	if err != nil {
		return err
	}
	s.erased.mu.Lock()
	defer s.erased.mu.Unlock()
	for _, id := range scrubs {
		delete(s.erased.due, id)
	}
	return nil
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

func (s *Store) formsOf(scrubs []int64) (forms []wanted) {
	s.erased.mu.Lock()
	defer s.erased.mu.Unlock()
	for _, id := range scrubs {
		for _, a := range s.erased.due[id] {
			for _, text := range []string{a.String(), a.Display()} {
				at := bytes.LastIndexByte([]byte(text), '@')
				forms = append(forms, wanted{[]byte(text[:at]), []byte(text[at+1:])})
			}
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
