package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// A Copy is why a data folder does not send: its letters are owed by the folder that it was copied from.
type Copy struct {
	Folder string
	Why    string    // in words, beginning with a small letter
	Made   time.Time // when facteur backup made it; zero where it came to be by other means
}

func (c Copy) Error() string {
	return fmt.Sprintf("%s is a copy and sends nothing: %s", c.Folder, c.Why)
}

// A fence is what tells a data folder from its copies: what the database says of itself, and what stands beside it.
type fence struct {
	instance        // as in the database
	file     string // the identity that the database remembers
	copied   time.Time

	beside  instance // as in the file
	there   bool     // the file is there
	unread  error    // why it cannot be read
	present string   // the identity that the database has
}

func (s *Store) folder() string { return filepath.Dir(s.path) }

// fence reads both sides.
func (s *Store) fence(ctx context.Context) (f fence, err error) {
	var copied sql.NullInt64
	err = s.read.QueryRowContext(ctx, `SELECT instance, counter, file, copied_at FROM store`).Scan(&f.id, &f.counter, &f.file, &copied)
	if err != nil {
		return f, fmt.Errorf("which installation this is: %w", s.explain(err))
	}
	f.copied = instant(copied)
	if f.present, err = identity(s.path); err != nil {
		return f, fmt.Errorf("which file the database is: %w", err)
	}
	f.beside, f.there, f.unread = readInstance(s.folder())
	return f, nil
}

// ahead is how many steps the database is ahead of the file. A file that is not there yet counts as 0: the first step
// makes it.
func (f fence) ahead() int64 { return f.counter - f.beside.counter }

// why says what makes this a copy; empty: it is none. A database one step ahead is what a kill between the two leaves.
func (f fence) why() string {
	switch {
	case !f.copied.IsZero():
		return "facteur backup made it on " + f.copied.Format("2006-01-02 at 15:04 UTC")
	case f.file != f.present:
		return "facteur.db is not the file it was; it was copied, put back, or moved to another disk"
	case f.unread != nil:
		return f.unread.Error()
	case !f.there && f.counter > 1:
		return "its file instance is missing"
	case f.there && f.beside.id != f.id:
		return "its file instance belongs to another facteur.db"
	case f.ahead() != 0 && f.ahead() != 1:
		return fmt.Sprintf("its file instance counts %d and facteur.db %d; one of them was put back from a copy", f.beside.counter, f.counter)
	}
	return ""
}

// IsCopy returns why this folder does not send, as a [Copy]; nil where it may.
func (s *Store) IsCopy(ctx context.Context) error {
	f, err := s.fence(ctx)
	if err != nil {
		return err
	}
	return s.refuse(f)
}

func (s *Store) refuse(f fence) error {
	if f.id == "" && !f.there { // nobody ever sent from here
		return nil
	}
	if why := f.why(); why != "" {
		return Copy{Folder: s.folder(), Why: why, Made: f.copied}
	}
	return nil
}

// name gives a new database its id, and remembers which file it is.
func (s *Store) name(ctx context.Context) error {
	f, err := s.fence(ctx)
	if err != nil || f.id != "" {
		return err
	}
	return s.update(ctx, func(t tx) error {
		_, err := t.exec(`UPDATE store SET instance = ?, file = ? WHERE instance = ''`, newID(), f.present)
		return err
	})
}

// raise counts one step, in the database first and then in the file, unless this is a [Copy]. The caller holds the
// sender's lock.
func (s *Store) raise(ctx context.Context) error {
	if err := s.name(ctx); err != nil {
		return err
	}
	f, err := s.fence(ctx)
	if err != nil {
		return err
	}
	if err := s.refuse(f); err != nil {
		return err
	}
	if f.ahead() == 1 { // a kill, or a file that could not be written: a second step ahead would look like a copy
		if err := writeInstance(s.folder(), f.instance); err != nil {
			return err
		}
	}
	next := instance{id: f.id, counter: f.counter + 1}
	err = s.update(ctx, func(t tx) error {
		_, err := t.exec(`UPDATE store SET counter = ?`, next.counter)
		return err
	})
	if err != nil {
		return fmt.Errorf("count a step of the sender: %w", err)
	}
	return writeInstance(s.folder(), next)
}

// numbersLeft is how many numbers a claimed copy passes over. The folder that it was copied from may have given out the next
// ones since, and links and messages that name them are with people: they must not lead to somebody else.
const numbersLeft = 1_000_000

// Claim makes this folder the one that sends, under a new id. The caller holds the sender's lock. The file goes first and
// comes last: a kill in between leaves a copy, or a database one step ahead.
func (s *Store) Claim(ctx context.Context) error {
	present, err := identity(s.path)
	if err != nil {
		return fmt.Errorf("claim: %w", err)
	}
	if err := removeInstance(s.folder()); err != nil {
		return fmt.Errorf("claim: %w", err)
	}
	first := instance{id: newID(), counter: 1}
	err = s.update(ctx, func(t tx) error {
		if err := t.skipNumbers(); err != nil {
			return err
		}
		_, err := t.exec(`UPDATE store SET instance = ?, counter = ?, file = ?, copied_at = NULL`, first.id, first.counter, present)
		return err
	})
	if err != nil {
		return fmt.Errorf("claim: %w", err)
	}
	return writeInstance(s.folder(), first)
}

// skipNumbers passes over numbers of what stands in links and messages.
func (t tx) skipNumbers() error {
	for _, table := range []string{"subscribers", "subscriptions", "moves", "deliveries"} {
		n, err := changed(t.exec(`UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?`, numbersLeft, table))
		if err == nil && n == 0 { // it never had a row
			_, err = t.exec(`INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)`, table, numbersLeft)
		}
		if err != nil {
			return fmt.Errorf("numbers of %s: %w", table, err)
		}
	}
	return nil
}

func newID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails: crypto/rand ends the program instead
	return hex.EncodeToString(id[:])
}

// LockSender takes the sender's lock of this store's folder and counts it; newsletter.ErrBusy when another program has it, a
// [Copy] when this folder does not send.
func (s *Store) LockSender(ctx context.Context) (*SenderLock, error) {
	lock, err := LockSender(s.folder())
	if err != nil {
		return nil, err
	}
	if err := s.raise(ctx); err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return lock, nil
}
