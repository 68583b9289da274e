package sqlite

import (
	"database/sql"
	"time"

	"facteur/internal/newsletter"
)

// Runs that are no edition's; see the schema.
const (
	runAhead   = 0  // goes ahead of editions
	runHeld    = -1 // held back: never due
	runDoubted = -2 // held back until the operator lets it go
)

// A singleLetter is one letter owed to one reader.
type singleLetter struct {
	kind         newsletter.LetterKind
	run          int64         // runAhead, runHeld or runDoubted
	variant      int64         // its text; see FreezeLetter
	newsletterID int64         // whose subscription its links are about
	subscriber   int64         // 0: nobody is known there
	move         int64         // the change of address that it is about; 0: none
	request      sql.NullInt64 // which request it asks to be confirmed: subscriptions.request
	address      string        // where it does not go to the subscriber's own; empty: it does
	at           time.Time
	reason       newsletter.CancelReason // why it does not leave; empty: it does
}

// queueLetter owes a reader a letter. One that may not leave is written all the same, as cancelled, so that nobody can
// tell from outside which of the two it was. The address of nobody is empty, as of somebody forgotten: by that it is swept.
func (t tx) queueLetter(l singleLetter) (id int64, err error) {
	state, next := newsletter.Queued, ms(l.at)
	if l.reason != "" {
		state, next = newsletter.Cancelled, sql.NullInt64{}
	}
	r, err := t.exec(`INSERT INTO deliveries (kind, run, letter, move_id, request, variant_id, newsletter_id, subscriber_id, address, state, reason, next_at)
		VALUES ('letter', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.run, l.kind, number(l.move), l.request, l.variant, number(l.newsletterID), number(l.subscriber),
		sql.NullString{String: l.address, Valid: l.address != "" || l.subscriber == 0}, state, l.reason, next)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// lettersOf are the numbers of all letters to the subscriber ?1. Copies of editions are in no index by their reader alone: of
// each edition theirs is looked for.
const lettersOf = `SELECT id FROM deliveries WHERE kind <> 'edition' AND subscriber_id = ?1 UNION ALL
	SELECT c.id FROM editions o CROSS JOIN deliveries c ON c.edition_id = o.id AND c.subscriber_id = ?1 AND c.kind = 'edition'`

// number is the id of a row, or NULL for 0, which is none's.
func number(id int64) sql.NullInt64 { return sql.NullInt64{Int64: id, Valid: id != 0} }
