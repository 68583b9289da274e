package sqlite

import (
	"time"

	"facteur/internal/admission"
)

// charge lets something be done once more, as far as its limit goes, and remembers it; see admission.Limit. An instant
// further ahead than the limit can reach was written before the clock was set back: it is forgotten.
func (t tx) charge(l admission.Limit, now time.Time) (ok bool, err error) {
	n, err := changed(t.exec(`INSERT INTO limits (key, at, gap_until) VALUES (?1, ?2 + ?3, iif(?5, ?2 + ?5, NULL))
		ON CONFLICT (key) DO UPDATE SET at = iif(at BETWEEN ?2 AND ?2 + ?4, at, ?2) + ?3, gap_until = excluded.gap_until
			WHERE (at + ?3 <= ?2 + ?4 OR at > ?2 + ?4) AND coalesce(gap_until, 0) NOT BETWEEN ?2 + 1 AND ?2 + ?5`,
		l.Key, now.UnixMilli(), l.Cost().Milliseconds(), l.Per.Milliseconds(), l.Gap.Milliseconds()))
	return n > 0, err
}

// refund takes one charge back.
func (t tx) refund(l admission.Limit) error {
	_, err := t.exec(`UPDATE limits SET at = at - ?, gap_until = NULL WHERE key = ?`, l.Cost().Milliseconds(), l.Key)
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
