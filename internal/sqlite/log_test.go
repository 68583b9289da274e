package sqlite

import (
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
)

// What long work writes is moved into the database beside the one who writes.
func TestTheLogIsMovedBesideTheWriter(t *testing.T) {
	s := openHere(t, Options{})
	err := s.updateAlone(t.Context(), func(x tx) error {
		_, err := x.exec(`CREATE TABLE filler (bytes BLOB)`)
		if err == nil {
			_, err = x.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO filler SELECT zeroblob(4000) FROM n`, logLeast)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for moved := 0; moved < logLeast; runtime.Gosched() {
		var busy bool
		var pages int
		if err := s.read.QueryRowContext(t.Context(), `PRAGMA wal_checkpoint(NOOP)`).Scan(&busy, &pages, &moved); err != nil {
			t.Fatal(err)
		}
	}
}

// Many rows at once share their transaction with nobody.
func TestWorkThatIsLongIsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openHere(t, Options{})
		alone := func(x tx) error {
			var here, committed int
			err := errors.Join(x.row(`SELECT counter FROM store`).Scan(&here), s.read.QueryRowContext(t.Context(), `SELECT counter FROM store`).Scan(&committed))
			if here != committed {
				t.Errorf("somebody else's work is part of the transaction: %d, and %d are committed", here, committed)
			}
			_, wrong := x.exec(`UPDATE store SET counter = counter + 1`)
			return errors.Join(err, wrong)
		}
		held := make(chan struct{})
		failed := make(chan error, 3)
		go func() { failed <- s.update(t.Context(), func(tx) error { <-held; return nil }) }()
		synctest.Wait()
		go func() { failed <- s.update(t.Context(), alone) }()
		go func() { failed <- s.updateAlone(t.Context(), alone) }()
		synctest.Wait()
		close(held)
		for range 3 {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
	})
}
