package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// SourceState returns what is known of a source; see collect.SourceStore.
func (s *Store) SourceState(ctx context.Context, name string) (collect.SourceState, error) {
	state := collect.SourceState{Name: name}
	var tried, succeeded, failing, next, broke, mended sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT origin, mark, tried_at, succeeded_at, failing_at, failures, next_at, trouble, remedy, told, articles,
			(SELECT count(*) FROM source_faults f WHERE f.source_id = s.id), dropped > 0, broke_at, mended_at, moved FROM sources s WHERE name = ?`, name).
		Scan(&state.Origin, &state.Mark, &tried, &succeeded, &failing, &state.Failures, &next, &state.Trouble.What, &state.Trouble.Do,
			&state.Told, &state.Articles, &state.Refused, &state.Dropped, &broke, &mended, &state.Moved)
	if errors.Is(err, sql.ErrNoRows) {
		return state, nil
	}
	if err != nil {
		return state, fmt.Errorf("read how it stands: %w", err)
	}
	state.Tried, state.Succeeded, state.Failing, state.Next = instant(tried), instant(succeeded), instant(failing), instant(next)
	state.Broke, state.Mended = instant(broke), instant(mended)
	return state, nil
}

// sourceID is the row of a source, which is made where it is missing: it is asked for the first time.
func (t tx) sourceID(name string, now time.Time) (id int64, err error) {
	if _, err := t.exec(`INSERT INTO sources (name, asked_at) VALUES (?, ?) ON CONFLICT DO NOTHING`, name, ms(now)); err != nil {
		return 0, err
	}
	err = t.row(`SELECT id FROM sources WHERE name = ?`, name).Scan(&id)
	return id, err
}

// TakeHaul stores what a reading brought; see collect.SourceStore.
func (s *Store) TakeHaul(ctx context.Context, h collect.Taking, now time.Time) ([]collect.Put, error) {
	var puts []collect.Put
	err := s.updateAlone(ctx, func(t tx) error {
		id, err := t.sourceID(h.Source, now)
		if err != nil {
			return err
		}
		shelving := t.shelving(owner{source: h.Source, declared: h.Declared}, now)
		shelving.hold(h)
		if shelving.turn, err = t.readingOf(id); err != nil {
			return err
		}
		if err := shelving.readdress(h.Articles); err != nil {
			return err
		}
		if err := shelving.miss(h.Gone); err != nil {
			return err
		}
		if puts, err = shelving.putAll(h.Articles); err != nil {
			return err
		}
		if err := shelving.withdraw(h.Gone); err != nil {
			return err
		}
		if err := t.keyEarlier(); err != nil {
			return err
		}
		if err := t.putFaults(id, h, now); err != nil {
			return err
		}
		if h.Mark != "" {
			_, err = t.exec(`UPDATE sources SET origin = ?, mark = ? WHERE id = ? AND (origin, mark) IS NOT (?1, ?2)`, h.Origin, h.Mark, id)
		}
		if added := countAdded(puts); err == nil && added > 0 {
			_, err = t.exec(`UPDATE sources SET articles = articles + ? WHERE id = ?`, added, id)
		}
		return err
	})
	return puts, err
}

// putAll stores articles, and says of each in their order what came of it.
func (t shelving) putAll(articles []collect.Brought) ([]collect.Put, error) {
	puts := make([]collect.Put, len(articles))
	for i, a := range articles {
		var err error
		if puts[i], err = t.put(a); err != nil {
			return nil, err
		}
	}
	return puts, nil
}

func countAdded(puts []collect.Put) (added int) {
	for _, p := range puts {
		if p.Outcome == collect.Added {
			added++
		}
	}
	return added
}

// hold notes what the source has at this moment: what has two articles has them twice, also where another source brought one of them first.
func (t *shelving) hold(h collect.Taking) {
	t.together, t.whole = h.All(), h.Whole
	t.has = make(map[string]collect.Brought, len(t.together))
	for _, a := range slices.Backward(t.together) { // of one address the first counts
		t.has[a.URL] = a
	}
}

// miss notes what the source has no longer, before it is told what it has instead.
func (t *shelving) miss(names []string) error {
	t.gone = make(map[int64]bool, len(names))
	for _, name := range names {
		if _, err := t.only(`SELECT article_id FROM article_identities WHERE source = ? AND identity = ?`,
			func(row []driver.Value) { t.gone[row[0].(int64)] = true }, t.by.source, name); err != nil {
			return err
		}
	}
	return nil
}

// mostFaults is how many faults of a source are kept, the latest. Of more, nobody knows which to ask for again: when one that was kept comes, all is read anew.
const mostFaults = 500

func (t tx) putFaults(source int64, h collect.Taking, now time.Time) error {
	if err := t.clearFaults(source, h.Cleared); err != nil {
		return err
	}
	for _, f := range h.Faults {
		if _, err := t.exec(`INSERT INTO source_faults (source_id, name, reason, at) VALUES (?, ?, ?, ?)
			ON CONFLICT (source_id, name) DO UPDATE SET at = iif(reason = excluded.reason, at, excluded.at), reason = excluded.reason`,
			source, f.Name, f.Reason, ms(now)); err != nil {
			return err
		}
	}
	if len(h.Faults) == 0 {
		return nil
	}
	dropped, err := changed(t.exec(`DELETE FROM source_faults WHERE source_id = ?1 AND id NOT IN
		(SELECT id FROM source_faults WHERE source_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2)`, source, mostFaults))
	if err == nil && dropped > 0 {
		_, err = t.exec(`UPDATE sources SET dropped = 1 WHERE id = ? AND dropped = 0`, source)
	}
	return err
}

// clearFaults takes away the faults of what came since.
func (t tx) clearFaults(source int64, names []string) error {
	var any, came bool
	if err := t.row(`SELECT EXISTS (SELECT 1 FROM source_faults WHERE source_id = ?)`, source).Scan(&any); err != nil || !any {
		return err
	}
	for _, name := range names {
		n, err := changed(t.exec(`DELETE FROM source_faults WHERE source_id = ? AND name = ?`, source, name))
		if err != nil {
			return err
		}
		came = came || n > 0
	}
	if !came {
		return nil
	}
	_, err := t.exec(`UPDATE sources SET dropped = 2 WHERE id = ? AND dropped = 1`, source)
	return err
}

// SettleSource records how a try ended; see collect.SourceStore.
func (s *Store) SettleSource(ctx context.Context, st collect.SourceState, about string, notice *newsletter.Notice) error {
	return s.update(ctx, func(t tx) error {
		id, err := t.sourceID(st.Name, st.Tried)
		if err != nil {
			return err
		}
		var told bool
		if err := t.row(`SELECT told FROM sources WHERE id = ?`, id).Scan(&told); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE sources SET tried_at = ?, succeeded_at = ?, failing_at = ?, failures = ?, next_at = ?, trouble = ?, remedy = ?, told = ?, broke_at = ?11, mended_at = ?12, moved = ?13, readings = readings + 1,
			mark = iif(origin = ?9 AND dropped < 2, mark, ''), dropped = iif(dropped = 2, 0, dropped), origin = ?9, gathered_at = coalesce(gathered_at, ?2) WHERE id = ?10`,
			ms(st.Tried), ms(st.Succeeded), ms(st.Failing), st.Failures, ms(st.Next), st.Trouble.What, st.Trouble.Do, st.Told, st.Origin, id, ms(st.Broke), ms(st.Mended), st.Moved)
		if err != nil || notice == nil || told == st.Told {
			return err
		}
		newsletterID, err := t.newsletterID(about)
		if err != nil {
			return err
		}
		return t.notify(newsletterID, sql.NullInt64{}, "source", *notice, st.Tried)
	})
}

// SourceFaults lists the faults of a source; see collect.SourceStore.
func (s *Store) SourceFaults(ctx context.Context, name string) ([]collect.Fault, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT f.name, f.reason, f.at FROM source_faults f JOIN sources s ON s.id = f.source_id WHERE s.name = ?
		ORDER BY f.at DESC, f.id DESC`, name)
	if err != nil {
		return nil, fmt.Errorf("read what it could not bring: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (f collect.Fault, err error) {
		var at sql.NullInt64
		err = rows.Scan(&f.Name, &f.Reason, &at)
		f.At = instant(at)
		return f, err
	})
}
