package sqlite

import (
	"context"
	"embed"
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
	return goose.NewProvider(goose.DialectSQLite3, s.write, files, goose.WithDisableGlobalRegistry(true))
}

// migrate compares the file's schema with the program's and, where it may, brings it up to date.
func (s *Store) migrate(ctx context.Context, may bool) error {
	p, err := s.provider()
	if err != nil {
		return fmt.Errorf("database %s: %w", s.path, err)
	}
	have, want, err := p.GetVersions(ctx)
	s.schema = want
	switch {
	case err != nil:
		return fmt.Errorf("database %s: %w", s.path, err)
	case have > want:
		return fmt.Errorf("database %s: %w: schema %d, known up to %d", s.path, ErrNewer, have, want)
	case have == want:
		return nil
	case !may:
		return fmt.Errorf("database %s: %w: schema %d of %d", s.path, ErrOlder, have, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("database %s: bring the schema from %d to %d: %w", s.path, have, want, err)
	}
	return nil
}

// Schema is the number of the file's newest migration.
func (s *Store) Schema() int64 { return s.schema }
