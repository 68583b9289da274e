package sqlite

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/storetest"
)

// More statements than are kept run all the same, and none of them keeps the file in use once it is closed: its log is gone then.
func TestKeptStatementsEndWithTheStore(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "facteur.db"), Options{Create: true, Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EnsureNewsletters(t.Context(), []string{"hebdo"}); err != nil {
		t.Fatal(err)
	}
	const lines = keptMost + 2
	for n := range lines {
		query := fmt.Sprintf(`INSERT INTO goodbyes (newsletter_id, reason, at) SELECT id, ? || '%d', 0 FROM newsletters`, n)
		for range 2 {
			if err := s.update(t.Context(), func(t tx) error { _, err := t.exec(query, "reason "); return err }); err != nil {
				t.Fatal(err)
			}
		}
	}
	var twice int
	if err := s.read.QueryRowContext(t.Context(), `SELECT count(*) FROM (SELECT 1 FROM goodbyes GROUP BY reason HAVING count(*) = 2)`).Scan(&twice); err != nil || twice != lines {
		t.Errorf("%d of %d statements ran twice, %v", twice, lines, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log of a closed file: %v", err)
	}
}

// What goes straight to the driver gets the values that database/sql would have given it.
func TestDirectValuesAreThoseOfTheLibrary(t *testing.T) {
	s := openHere(t, Options{})
	values := []any{
		nil, int64(1), 2, uint32(3), true, 1.5, "text", "", []byte("bytes"), []byte{}, []byte(nil), newsletter.Queued,
		sql.NullInt64{}, sql.NullInt64{Int64: 4, Valid: true}, sql.NullString{}, sql.NullString{String: "s", Valid: true}, ms(time.Time{}),
	}
	query := `SELECT ` + strings.TrimSuffix(strings.Repeat(`typeof(?) || quote(?), `, len(values)), `, `)
	var twice []any
	for _, v := range values {
		twice = append(twice, v, v)
	}
	want := make([]string, len(values))
	scanned := make([]any, len(values))
	for i := range want {
		scanned[i] = &want[i]
	}
	err := s.update(t.Context(), func(x tx) error {
		if err := x.row(query, twice...).Scan(scanned...); err != nil {
			return err
		}
		rows := 0
		err := x.conn.each(query, twice, func(got []driver.Value) error {
			rows++
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("value %d, %T: %v, want %s", i, values[i], got[i], want[i])
				}
			}
			return nil
		})
		if rows != 1 {
			t.Errorf("%d rows", rows)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDirectStatementsThatCannotRun(t *testing.T) {
	s := openHere(t, Options{})
	enough := errors.New("enough")
	err := s.update(t.Context(), func(x tx) error {
		for query, args := range map[string][]any{
			`INSERT INTO notes (text) VALUES (?)`:         {make(chan int)},
			`INSERT INTO notes (text) VALUES (? || ?)`:    {"one"},
			`INSERT INTO notes (text) VALUES (?) nothing`: {"one"},
			`INSERT INTO elsewhere (text) VALUES (?)`:     {"one"},
		} {
			if _, err := x.exec(query, args...); err == nil {
				t.Errorf("%s runs with %v", query, args)
			}
		}
		if _, err := x.exec(`INSERT INTO notes (text) VALUES (?)`, "one", "too many"); err != nil {
			t.Error(err)
		}
		rows := 0
		err := x.conn.each(`SELECT value FROM json_each(?)`, []any{`[1, 2, 3]`}, func([]driver.Value) error { rows++; return enough })
		if !errors.Is(err, enough) || rows != 1 {
			t.Errorf("%d rows, %v", rows, err)
		}
		var got [][]byte
		err = x.conn.each(`SELECT cast(value AS BLOB) FROM json_each(?)`, []any{`["a", "b"]`}, func(row []driver.Value) error {
			got = append(got, bytes.Clone(row[0].([]byte)))
			return nil
		})
		if want := "a b"; err != nil || string(bytes.Join(got, []byte(" "))) != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := notes(t, s); !slices.Equal(got, []string{"one"}) {
		t.Errorf("notes: %q", got)
	}
}
