package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/mattn/go-sqlite3"
)

// A direct is the connection that writes, for one goroutine. Its statements go straight to the driver, and stay prepared: what
// database/sql does around each of them, and the driver's search by the whole text, takes longer than most of them do.
type direct struct {
	*sql.Conn
	kept   map[string]*sqlite3.SQLiteStmt
	values []driver.NamedValue // of the statement under way
}

// keptMost is how many statements stay prepared: more than there are, but for those whose text depends on how many rows they have.
const keptMost = 256

func newDirect(conn *sql.Conn) *direct {
	return &direct{Conn: conn, kept: make(map[string]*sqlite3.SQLiteStmt, keptMost)}
}

// ExecContext runs a statement that changes something and answers no rows.
func (d *direct) ExecContext(ctx context.Context, query string, args ...any) (result sql.Result, err error) {
	err = d.run(query, args, func(statement *sqlite3.SQLiteStmt) (err error) {
		result, err = statement.ExecContext(ctx, d.values)
		return err
	})
	return result, err
}

// each hands over the rows of a query, with the values that the driver makes: int64, float64, string, []byte or nil. They are
// valid until it returns.
func (d *direct) each(query string, args []any, row func([]driver.Value) error) error {
	return d.run(query, args, func(statement *sqlite3.SQLiteStmt) error {
		rows, err := statement.QueryContext(context.Background(), d.values)
		if err != nil {
			return err
		}
		values := make([]driver.Value, len(rows.Columns()))
		for err = rows.Next(values); err == nil; err = rows.Next(values) {
			if err = row(values); err != nil {
				break
			}
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return errors.Join(err, rows.Close())
	})
}

// run has a statement and its values ready for do.
func (d *direct) run(query string, args []any, do func(*sqlite3.SQLiteStmt) error) error {
	return d.Raw(func(conn any) error {
		statement, err := d.statement(conn.(*sqlite3.SQLiteConn), query)
		if err != nil {
			return err
		}
		if d.values, err = driverValues(d.values[:0], args[:min(len(args), statement.NumInput())]); err != nil {
			return err
		}
		if len(d.values) < statement.NumInput() {
			return fmt.Errorf("a statement of %d arguments has %d: %s", statement.NumInput(), len(args), query)
		}
		return do(statement)
	})
}

func (d *direct) statement(conn *sqlite3.SQLiteConn, query string) (*sqlite3.SQLiteStmt, error) {
	if kept, ok := d.kept[query]; ok {
		return kept, nil
	}
	if len(d.kept) == keptMost {
		if err := d.forget(); err != nil {
			return nil, err
		}
	}
	prepared, err := conn.Prepare(query)
	if err != nil {
		return nil, err
	}
	statement := prepared.(*sqlite3.SQLiteStmt)
	d.kept[query] = statement
	return statement, nil
}

// driverValues adds arguments as database/sql hands them over.
func driverValues(values []driver.NamedValue, args []any) ([]driver.NamedValue, error) {
	for i, arg := range args {
		value := driver.NamedValue{Ordinal: i + 1}
		switch a := arg.(type) {
		case int64, string, []byte, bool, nil: // these and the next are most of them, and the rest asks what they are
			value.Value = a
		case sql.NullInt64:
			if a.Valid {
				value.Value = a.Int64
			}
		default:
			var err error
			if value.Value, err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
				return nil, fmt.Errorf("argument %d: %w", i+1, err)
			}
		}
		values = append(values, value)
	}
	return values, nil
}

// forget ends the statements: until then the file counts as in use.
func (d *direct) forget() (err error) {
	for _, statement := range d.kept {
		err = errors.Join(err, statement.Close())
	}
	clear(d.kept)
	return err
}

// Close ends the statements, and gives the connection back.
func (d *direct) Close() error {
	err := d.Raw(func(any) error { return d.forget() })
	return errors.Join(err, d.Conn.Close())
}
