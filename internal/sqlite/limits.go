package sqlite

import (
	"time"

	"facteur/internal/admission"
)

// charge lets something be done once more, as far as its limit goes, and remembers it; see admission.Limit. An instant
// further ahead than the limit can reach was written before the clock was set back: it is forgotten.
func (t tx) charge(l admission.Limit, now time.Time) (ok bool, err error) {
	return t.chargeIf(true, l, now)
}

// chargeIf is charge where it is willing, and false where it is not: in the same statement, so that nobody can tell
// from outside which of the two it was. A row that may not be made is NULL, and ignored. (SELECT … WHERE would do the
// same, but SQLite prepares to undo it and copies what it changes.)
func (t tx) chargeIf(willing bool, l admission.Limit, now time.Time) (ok bool, err error) {
	n, err := changed(t.exec(`INSERT OR IGNORE INTO limits (key, at) VALUES (?1, iif(?5, ?2 + ?3, NULL))
		ON CONFLICT (key) DO UPDATE SET at = iif(at BETWEEN ?2 AND ?2 + ?4, at, ?2) + ?3
			WHERE at + ?3 <= ?2 + ?4 OR at > ?2 + ?4`,
		l.Key, now.UnixMilli(), l.Cost().Milliseconds(), l.Per.Milliseconds(), willing))
	return n > 0, err
}

// refund takes one charge back.
func (t tx) refund(l admission.Limit) error {
	_, err := t.exec(`UPDATE limits SET at = at - ? WHERE key = ?`, l.Cost().Milliseconds(), l.Key)
	return err
}

// forgetLimits makes it as if nothing had been asked.
func (t tx) forgetLimits(keys [][]byte) error {
	for _, key := range keys {
		if _, err := t.exec(`DELETE FROM limits WHERE key = ?`, key); err != nil {
			return err
		}
	}
	return nil
}
