package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"facteur/internal/sqlite"
	"facteur/internal/storetest"
)

func open(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "facteur.db"), sqlite.Options{Create: true, Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if names, err := s.Miscounted(context.Background()); err != nil || names != "" {
			t.Errorf("the readers of %q are not as many as counted: %v", names, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestStoreKeepsItsPromises(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) storetest.Store { return open(t) })
}
