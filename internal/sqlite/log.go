package sqlite

import (
	"context"
	"database/sql"
)

// Pages of 4 KiB in the write-ahead log.
const (
	// logPages is at how many of them a commit moves the log into the database, and begins it anew. A page that was changed
	// many times meanwhile is moved once: sign-ups change some pages with each commit and some at random.
	logPages = 4000
	// logLeast is at how many it is moved beside the one who writes, while long work is done.
	logLeast = logPages / 8
)

// moveLog moves what long work writes into the database beside the one who writes, so that the commit that comes to
// logPages has little left to move: else everybody would wait for as long as the disk takes for thousands of pages. Where
// it cannot, nothing is lost but that time. Short work does without: its pages are changed again and again, and moving them
// more often costs letters more than it gains.
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
		if err == nil && pages-moved >= logLeast {
			_ = db.QueryRowContext(context.Background(), `PRAGMA wal_checkpoint(PASSIVE)`).Scan(&busy, &pages, &moved)
		}
	}
}
