package source

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

const (
	// maxForeign is how many rows are read of a query without a cursor: each time all of them are.
	maxForeign = 5000
	// overlap is how many rows before the last are read again: a program may set the time of a row some while before it writes it.
	overlap = 50
	// locked is how long a reading waits for the transaction of the file's own program.
	locked = 5 * time.Second
	// queryTurn is how long a query may take for one haul.
	queryTurn = 30 * time.Second
)

// A Foreign is a query on the SQLite file of another program. The file is never written: it is opened read-only, and a query that does more
// than read is refused before it runs.
type Foreign struct {
	Path   string
	Query  string
	Cursor string         // the column that only grows; empty: all rows are read each time
	Zone   *time.Location // in which a date without an offset is read; nil is UTC

	Patience time.Duration // how long a lock is waited for; 0: five seconds
}

// Read offers the rows after the mark; see collect.Reader. Between hauls the file is not open.
func (f Foreign) Read(ctx context.Context, mark string, again []string, take func(collect.Haul) error) error {
	t, err := f.table(ctx)
	if err != nil {
		return f.trouble(ctx, err)
	}
	t.at.read(mark)
	if f.Cursor == "" {
		return f.trouble(ctx, t.readAll(ctx, again, take))
	}
	return f.trouble(ctx, t.readAgainAndOn(ctx, again, take))
}

// recursive is SQLITE_RECURSIVE, a SELECT WITH RECURSIVE (sqlite.org/c3ref/c_alter_table.html), which the driver does not name.
const recursive = 33

// onlyReads lets a statement be prepared that does nothing but read.
func onlyReads(action int, _, name, _ string) int {
	switch action {
	case sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, recursive:
		return sqlite3.SQLITE_OK
	case sqlite3.SQLITE_FUNCTION:
		if strings.EqualFold(name, "load_extension") {
			return sqlite3.SQLITE_DENY
		}
		return sqlite3.SQLITE_OK
	}
	return sqlite3.SQLITE_DENY
}

// trouble says an error of SQLite in the words of who wrote the query.
func (f Foreign) trouble(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	if _, told := errors.AsType[collect.Trouble](err); told {
		return err
	}
	bad, ok := errors.AsType[sqlite3.Error](err)
	if errors.Is(err, context.DeadlineExceeded) || ok && bad.Code == sqlite3.ErrInterrupt {
		return collect.Trouble{
			What: fmt.Sprintf("the query on %s took longer than %s", f.Path, queryTurn),
			Do:   "have it read fewer rows with WHERE, and give its table an index on the cursor",
		}
	}
	if !ok {
		return err
	}
	switch bad.ExtendedCode {
	case sqlite3.ErrReadonlyRollback: // a hot journal (sqlite.org/lockingv3.html)
		return collect.Trouble{
			What: fmt.Sprintf("the SQLite file %s was left in the midst of a change, by a program that crashed", f.Path),
			Do:   f.openedOnce(),
		}
	}
	switch bad.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return f.isLocked()
	case sqlite3.ErrNotADB:
		return collect.Trouble{What: f.Path + " is not an SQLite file, or is encrypted", Do: "name the database of the site in path"}
	case sqlite3.ErrCorrupt:
		return collect.Trouble{What: fmt.Sprintf("the SQLite file %s is damaged (%v)", f.Path, bad), Do: "bring back a good copy; this shows what is wrong: " + f.shell("PRAGMA integrity_check")}
	case sqlite3.ErrCantOpen, sqlite3.ErrPerm, sqlite3.ErrReadonly:
		return collect.Trouble{
			What: fmt.Sprintf("the SQLite file %s cannot be opened (%v)", f.Path, bad),
			Do:   "give the user of facteur the right to read it, its folder, and the files beside it that end in -wal and -shm",
		}
	case sqlite3.ErrAuth:
		return collect.Trouble{What: "the query does more than read", Do: "write one SELECT, without PRAGMA, ATTACH, INSERT, UPDATE or DELETE"}
	}
	return collect.Trouble{What: fmt.Sprintf("the query on %s is refused: %v", f.Path, bad), Do: "correct query in the settings of the source; try it before with " + f.shell("SELECT …")}
}

func isBusy(err error) bool {
	bad, is := errors.AsType[sqlite3.Error](err)
	return is && (bad.Code == sqlite3.ErrBusy || bad.Code == sqlite3.ErrLocked)
}

func (f Foreign) isLocked() error {
	return collect.Trouble{What: fmt.Sprintf("the SQLite file %s is locked by the program that it belongs to", f.Path), Do: "nothing, it is tried again; if it stays, have that program keep its transactions short"}
}

// openedOnce is what puts right a file that a program left in the midst of something.
func (f Foreign) openedOnce() string {
	return fmt.Sprintf("start that program, or let its user open the file once: sqlite3 %s \"SELECT count(*) FROM sqlite_schema\"", newsletter.ShellWord(f.Path))
}

// shell is a command that asks the file, and cannot change it.
func (f Foreign) shell(statement string) string {
	return fmt.Sprintf("sqlite3 -readonly %s \"%s\"", newsletter.ShellWord(f.Path), statement)
}

// fieldsOfRow are the columns that make an article.
func fieldsOfRow() []string {
	return []string{"url", "title", "section", "summary", "body", "body_html", "author", "tags", "language", "published", "picture", "picture_alt", "canonical", "id"}
}

// table prepares what is asked for again and again.
func (f Foreign) table(ctx context.Context) (*foreignTable, error) {
	inner := statementOf(f.Query)
	ctx, stop := context.WithTimeout(ctx, queryTurn)
	defer stop()
	var columns []string
	err := f.reading(ctx, func(db *sql.DB) (err error) {
		columns, err = columnsOf(ctx, db, inner)
		return err
	})
	if err != nil {
		return nil, err
	}
	t := &foreignTable{Foreign: f}
	if err := t.know(columns); err != nil {
		return nil, err
	}
	t.prepare(inner)
	return t, nil
}

// columnsOf are those that a query gives. What is wrong with it by itself is told more clearly than within another, where SQLite stumbles over the first
// word of what is no SELECT; but that it would write is told first.
func columnsOf(ctx context.Context, db *sql.DB, inner string) ([]string, error) {
	alone := asksForNothing(ctx, db, inner)
	if isBusy(alone) { // it has been waited for
		return nil, alone
	}
	columns, err := columnsWithin(ctx, db, inner)
	if bad, _ := errors.AsType[sqlite3.Error](err); alone != nil && bad.Code != sqlite3.ErrAuth {
		return nil, alone
	}
	return columns, err
}

func columnsWithin(ctx context.Context, db *sql.DB, inner string) (columns []string, err error) {
	rows, err := db.QueryContext(ctx, "SELECT * FROM (\n"+inner+"\n) LIMIT 0")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if columns, err = rows.Columns(); err != nil {
		return nil, err
	}
	rows.Next() // which tells what is wrong with the file
	return columns, rows.Err()
}

// asksForNothing refuses a query that is wrong by itself, or has a place for a value, for there is none. Nothing is run.
func asksForNothing(ctx context.Context, db *sql.DB, query string) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return conn.Raw(func(c any) error {
		statement, err := c.(driver.ConnPrepareContext).PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		asked := statement.NumInput()
		if err := statement.Close(); err != nil || asked == 0 {
			return err
		}
		return collect.Trouble{What: "the query has a placeholder (?, :name, @name or $name), and there is no value for it", Do: "write the value itself into query; what is meant as text stands between apostrophes"}
	})
}

// statementOf is a query without what may end it: semicolons, and comments, behind which nothing of another statement could stand.
func statementOf(query string) string {
	end := 0
	for at := 0; at < len(query); {
		token := sqlToken(query[at:])
		at += len(token)
		if strings.Trim(token, "; \t\r\n\f") != "" && !strings.HasPrefix(token, "--") && !strings.HasPrefix(token, "/*") {
			end = at
		}
	}
	return query[:end]
}

// sqlToken is what a query begins with, as far as it matters where it ends: a comment, what stands between quotes, or one byte.
func sqlToken(query string) string {
	for _, pair := range []struct{ begin, end string }{{"--", "\n"}, {"/*", "*/"}, {"'", "'"}, {`"`, `"`}, {"`", "`"}, {"[", "]"}} {
		if rest, begins := strings.CutPrefix(query, pair.begin); begins {
			_, behind, _ := strings.Cut(rest, pair.end)
			return query[:len(query)-len(behind)]
		}
	}
	return query[:1]
}

// know checks the columns of the query.
func (t *foreignTable) know(columns []string) error {
	allowed := fieldsOfRow()
	for _, c := range columns {
		name := strings.ToLower(c)
		switch {
		case strings.EqualFold(c, t.Cursor):
			t.cursor = c
		case strings.Contains(name, ":") || slices.Contains(t.fields, name):
			return collect.Trouble{What: fmt.Sprintf("the query gives the column %s twice", strings.Split(c, ":")[0]), Do: "name each column once, with AS"}
		case !slices.Contains(allowed, name):
			return collect.Trouble{
				What: fmt.Sprintf("the query gives the column %q, which is none of an article's", c),
				Do:   "leave it out, or name it with AS as one of " + strings.Join(allowed, ", "),
			}
		}
		if slices.Contains(allowed, name) {
			t.fields, t.columns = append(t.fields, name), append(t.columns, c)
		}
	}
	for _, needed := range []struct{ column, such string }{{"url", "'https://pandia.example/' || slug"}, {"title", "titre"}} {
		if !slices.Contains(t.fields, needed.column) {
			return collect.Trouble{What: "the query gives no column " + needed.column, Do: fmt.Sprintf("name one so, such as %s AS %s", needed.such, needed.column)}
		}
	}
	if t.Cursor != "" && t.cursor == "" {
		return collect.Trouble{What: fmt.Sprintf("the query gives no column %s, which is the cursor", t.Cursor), Do: "add it to what the query selects"}
	}
	return nil
}
