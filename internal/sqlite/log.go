package sqlite

import (
	"context"
	"database/sql"
)

// Pages of 4 KiB in the write-ahead log.
const (
	// logPages is at how many of them the log is moved into the database. A page that was changed many times meanwhile is
	// moved once: sign-ups change some pages with each commit and some at random.
	logPages = 4000
	// logMost is at how many the one who writes moves the rest, so that the log begins anew: while there is always somebody
	// who writes, what is moved beside them never is the whole.
	logMost = 4 * logPages
	// logLeast is at how many it is moved shortly before, so that not much is left to the one who writes.
	logLeast = logPages / 8
)

// moveLog moves the write-ahead log into the database beside the one who writes: a commit that did it would keep everybody
// waiting for as long as the disk takes for thousands of pages. Where it cannot, nothing is lost but time: the log is
// moved at logMost, and whoever writes then reports what is wrong.
func (s *Store) moveLog(db *sql.DB) {
	for {
		select {
		case <-s.logged:
		case <-s.stop:
			return
		}
		var busy bool
		var pages, moved int
		err := db.QueryRowContext(context.Background(), `PRAGMA wal_checkpoint(NOOP)`).Scan(&busy, &pages, &moved)
		if err == nil && (pages-moved >= logPages || pages >= logMost-logPages && pages-moved >= logLeast) {
			_ = db.QueryRowContext(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &pages, &moved)
		}
	}
}
