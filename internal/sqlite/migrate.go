package sqlite

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, s.write, files, goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(goose.NewGoMigration(respelling, &goose.GoFunc{RunTx: respell}, nil)))
}

// migrate compares the file's schema with the program's and, where it may, brings it up to date.
func (s *Store) migrate(ctx context.Context, may bool) error {
	p, err := s.provider()
	if err != nil {
		return fmt.Errorf("database %s: %w", s.path, err)
	}
	sources := p.ListSources()
	s.schema = sources[len(sources)-1].Version
	have, err := s.version(ctx)
	switch {
	case err != nil:
		return s.explain(err)
	case have > s.schema:
		return fmt.Errorf("database %s: %w: schema %d, known up to %d", s.path, ErrNewer, have, s.schema)
	case have == s.schema:
		return nil
	case !may:
		return fmt.Errorf("database %s: %w: schema %d of %d", s.path, ErrOlder, have, s.schema)
	}
	return s.bringUp(ctx, p, have)
}

// version is the schema that the file has, 0 for none. It only looks, where goose would make its table. A file with
// tables of another program is ErrForeign.
func (s *Store) version(ctx context.Context) (version int64, err error) {
	var tables, kept int
	err = s.read.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version') FROM sqlite_schema`).Scan(&tables, &kept)
	switch {
	case err != nil || tables == 0:
		return 0, err
	case kept == 0:
		return 0, ErrForeign
	}
	err = s.read.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version)
	return version, err
}

// bringUp runs the migrations that are missing. Where another program does the same at the same time, the later one
// fails at what the earlier one did, and goes on from there.
func (s *Store) bringUp(ctx context.Context, p *goose.Provider, have int64) error {
	for {
		_, err := p.Up(ctx)
		if err == nil {
			return nil
		}
		now, lookErr := s.version(ctx)
		if lookErr != nil || now == have {
			return fmt.Errorf("database %s: bring the schema from %d to %d: %w", s.path, have, s.schema, errors.Join(err, lookErr))
		}
		have = now
	}
}

// Schema is the number of the newest migration, which every open file has.
func (s *Store) Schema() int64 { return s.schema }
