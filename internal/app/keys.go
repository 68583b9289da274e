package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"facteur/internal/durable"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// keysBeside reads the keys of a database. One that is missing is told of before its keys are.
func keysBeside(database string, create bool) (*token.Keyring, error) {
	folder := filepath.Dir(database)
	if create {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	} else if _, err := os.Stat(database); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("database %s: %w", database, newsletter.ErrNotFound)
	}
	return keyring(folder, create)
}

// keyring reads the keys of a data folder; where there are none and create allows it, the first start makes them.
func keyring(folder string, create bool) (*token.Keyring, error) {
	path := filepath.Join(folder, keysFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && create {
		return newKeyring(path)
	}
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	if err := closed(path); err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	keys, err := token.ParseKeyring(text)
	if err != nil {
		return nil, fmt.Errorf("keys %s: %w", path, err)
	}
	return keys, nil
}

// newKeyring makes keys and writes them in one piece. Of two programs that start at once, the later one reads what the
// earlier one made.
func newKeyring(path string) (*token.Keyring, error) {
	keys, err := token.NewKeyring(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	draft := filepath.Join(filepath.Dir(path), ".keys-"+rand.Text())
	if err := durable.New(path, draft, keys.Marshal()); errors.Is(err, fs.ErrExist) {
		return keyring(filepath.Dir(path), false)
	} else if err != nil {
		return nil, fmt.Errorf("keys: %w", err)
	}
	return keys, nil
}
