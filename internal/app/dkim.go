package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"facteur/internal/config"
	"facteur/internal/domains"
	"facteur/internal/durable"
	"facteur/internal/letter"
)

// A KeyError is a key that cannot sign letters, with what to do about it.
type KeyError struct {
	What, Do string
	cause    error
}

func (e *KeyError) Error() string { return e.What + ": " + e.Do }

func (e *KeyError) Unwrap() error { return e.cause }

// Hint is what to do.
func (e *KeyError) Hint() string { return e.Do }

// signingKeys are the keys that the settings name. What sends needs them, and nothing else does.
func signingKeys(cfg *config.Config) ([]*letter.Key, error) {
	var keys []*letter.Key
	for _, s := range cfg.Signatures() {
		key, err := SigningKey(cfg, s.Selector)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Setting, err)
		}
		if want := algorithm(s.Ed25519); key.Algorithm() != want {
			return nil, &KeyError{
				What: fmt.Sprintf("%s names %s, whose key is for %s; this signature is by %s", s.Setting, s.File, key.Algorithm(), want),
				Do:   "name another key, or make one: facteur dkim keygen",
			}
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func algorithm(isEd25519 bool) letter.Algorithm {
	if isEd25519 {
		return letter.Ed25519
	}
	return letter.RSA
}

// SigningKey reads the key of a selector. It is its owner's alone, or not used.
func SigningKey(cfg *config.Config, selector string) (*letter.Key, error) {
	path := cfg.KeyFile(selector)
	if err := closed(path); err != nil {
		return nil, fmt.Errorf("the key of the signature: %w", err)
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &KeyError{
			What: fmt.Sprintf("there is no key %s for signatures: %s is not there", selector, path), Do: "make one: facteur dkim keygen " + selector, cause: err,
		}
	}
	if err != nil {
		return nil, fmt.Errorf("the key of the signature: %w", err)
	}
	key, err := letter.ParseKey(cfg.DKIM.Domain, selector, text)
	if err != nil {
		return nil, &KeyError{What: fmt.Sprintf("%s: %v", path, err), Do: "make a key of another name, such as: facteur dkim keygen " + selector + "-2"}
	}
	return key, nil
}

// NewSigningKey makes a key for a selector and returns the file that it is in from then on. One that is there already stays: fs.ErrExist.
func NewSigningKey(cfg *config.Config, selector string, a letter.Algorithm) (path string, err error) {
	path = cfg.KeyFile(selector)
	if _, err := os.Lstat(path); err == nil {
		return path, fmt.Errorf("key %s: %w", path, fs.ErrExist)
	}
	text, err := letter.NewPrivateKey(rand.Reader, a)
	if err != nil {
		return path, err
	}
	folder := filepath.Dir(path)
	if folder == cfg.KeyFolder() {
		if err := makeFolder(folder); err != nil {
			return path, fmt.Errorf("folder of keys: %w", err)
		}
	}
	if err := durable.New(path, filepath.Join(folder, ".dkim-"+rand.Text()), text); err != nil {
		return path, fmt.Errorf("key %s: %w", path, err)
	}
	return path, nil
}

// makeFolder makes the folder of keys, and durable that it is there.
func makeFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	return durable.Folder(filepath.Dir(path))
}

// signingFiles are the keys in the data folder. Those that lie elsewhere are named by the settings, beside which they are kept.
func signingFiles(cfg *config.Config) ([]packed, error) {
	entries, err := os.ReadDir(cfg.KeyFolder())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var files []packed
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".pem") {
			files = append(files, packed{filepath.Base(cfg.KeyFolder()) + "/" + e.Name(), filepath.Join(cfg.KeyFolder(), e.Name())})
		}
	}
	return files, nil
}

// PublishedTexts are what the DNS has under a name: as the machine's name servers say, or the one at an address, with its port where that is not
// 53. An error is no answer.
func PublishedTexts(ctx context.Context, server, name string) ([]string, error) {
	if server == "" {
		return domains.Texts(ctx, &net.Resolver{PreferGo: true}, name)
	}
	if _, _, err := net.SplitHostPort(server); err != nil {
		server = net.JoinHostPort(strings.Trim(server, "[]"), "53")
	}
	texts, err := domains.Texts(ctx, domains.AskedAt(server), name)
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		e.Server = server // it says the machine's own
	}
	return texts, err
}
