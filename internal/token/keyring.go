package token

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strconv"
	"strings"
)

// Keyring holds the keys that sign and verify, and one key apart for hashes that must stay comparable for ever.
// It does not change: Add gives another one. So it may be used by many goroutines at once.
type Keyring struct {
	keys    []key // ascending by id; never empty
	erasure secret
}

type key struct {
	id     KeyID
	secret secret
	mac    mac
}

func newKey(id KeyID, s secret) key { return key{id, s, newMAC(s[:])} }

// secret is as long as the hash, as RFC 2104 §3 advises.
type secret [sha256.Size]byte

// NewKeyring makes a keyring with one key. random is crypto/rand.Reader outside of tests.
func NewKeyring(random io.Reader) (*Keyring, error) {
	erasure, err := newSecret(random)
	if err != nil {
		return nil, fmt.Errorf("make a keyring: %w", err)
	}
	return Keyring{erasure: erasure}.Add(random)
}

// Add gives a keyring with one key more, which signs from then on. The keys before it stay and verify.
func (k Keyring) Add(random io.Reader) (*Keyring, error) {
	var next KeyID = 1
	if len(k.keys) > 0 {
		next = k.Newest() + 1
	}
	if next == 0 {
		return nil, fmt.Errorf("add a key: the keyring has all %d keys it can have", math.MaxUint16)
	}
	fresh, err := newSecret(random)
	if err != nil {
		return nil, fmt.Errorf("add a key: %w", err)
	}
	keys := append([]key(nil), k.keys...)
	return &Keyring{keys: append(keys, newKey(next, fresh)), erasure: k.erasure}, nil
}

// Newest names the key that signs now.
func (k Keyring) Newest() KeyID { return k.newest().id }

// Hash is a keyed hash of 32 octets. Its key is never replaced, so that what was hashed years ago is still recognised:
// an erased address that must not be imported again. The label names the use; one use's hashes tell nothing about
// another's.
func (k Keyring) Hash(label string, data []byte) []byte {
	return once(once(k.erasure[:], []byte(label)), data)
}

// Hasher makes the hashes of one use, where there are many.
func (k Keyring) Hasher(label string) Hasher {
	return Hasher{newMAC(once(k.erasure[:], []byte(label)))}
}

func (k Keyring) newest() key { return k.keys[len(k.keys)-1] }

func (k Keyring) find(id KeyID) (key, bool) {
	for _, key := range k.keys {
		if key.id == id {
			return key, true
		}
	}
	return key{}, false
}

func newSecret(random io.Reader) (s secret, err error) {
	_, err = io.ReadFull(random, s[:])
	return s, err
}

// String says how many keys there are, and no more.
func (k Keyring) String() string {
	return fmt.Sprintf("keyring of %d (redacted)", len(k.keys))
}

// Format prints String for every verb, %x and %#v too.
func (k Keyring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// LogValue is String.
func (k Keyring) LogValue() slog.Value { return slog.StringValue(k.String()) }

// The key file: a heading, one line "erasure SECRET", then lines "key ID SECRET" with rising ids. Secrets are base64
// (RFC 4648 §4). Empty lines and lines that begin with # do not count.
const heading = "facteur-keys 1"

// Marshal gives the keyring as the text of a key file. It is secret.
func (k Keyring) Marshal() []byte {
	var file bytes.Buffer
	file.WriteString(heading + "\n")
	file.WriteString("# Whoever reads this file can forge links. Without it, no link in any letter works.\n")
	fmt.Fprintf(&file, "erasure %s\n", k.erasure.encode())
	for _, key := range k.keys {
		fmt.Fprintf(&file, "key %d %s\n", key.id, key.secret.encode())
	}
	return file.Bytes()
}

// ParseKeyring reads a key file. Its errors name the line, never what stands there.
func ParseKeyring(file []byte) (*Keyring, error) {
	var (
		ring           Keyring
		headed, erased bool
	)
	lines := bufio.NewScanner(bytes.NewReader(file))
	for number := 1; lines.Scan(); number++ {
		words := strings.Fields(lines.Text())
		var err error
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case !headed:
			headed = true
			err = checkHeading(words)
		case words[0] == "erasure" && len(words) == 2 && !erased:
			erased = true
			ring.erasure, err = decodeSecret(words[1])
		case words[0] == "key" && len(words) == 3:
			err = ring.read(words[1], words[2])
		default:
			err = errors.New(`expected one "erasure SECRET", then "key ID SECRET"`)
		}
		if err != nil {
			return nil, fmt.Errorf("key file, line %d: %w", number, err)
		}
	}
	switch {
	case lines.Err() != nil:
		return nil, fmt.Errorf("key file: %w", lines.Err())
	case !headed:
		return nil, fmt.Errorf("key file: is empty; it begins with %q", heading)
	case !erased:
		return nil, errors.New("key file: the erasure key is missing; restore the file from a backup")
	case len(ring.keys) == 0:
		return nil, errors.New("key file: there is no key; restore the file from a backup")
	}
	return &ring, nil
}

func checkHeading(words []string) error {
	if strings.Join(words, " ") != heading {
		return fmt.Errorf("expected %q; this is no key file, or one of a newer version", heading)
	}
	return nil
}

func (k *Keyring) read(id, text string) error {
	number, err := strconv.ParseUint(id, 10, 16)
	if err != nil || number == 0 {
		return fmt.Errorf("a key id is a number from 1 to %d", math.MaxUint16)
	}
	if len(k.keys) > 0 && KeyID(number) <= k.Newest() {
		return errors.New("key ids must rise from line to line")
	}
	value, err := decodeSecret(text)
	if err != nil {
		return err
	}
	k.keys = append(k.keys, newKey(KeyID(number), value))
	return nil
}

func (s secret) encode() string { return base64.StdEncoding.EncodeToString(s[:]) }

func decodeSecret(text string) (s secret, err error) {
	decoded, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(decoded) != len(s) {
		return secret{}, fmt.Errorf("a secret is %d bytes in base64; this one is cut or changed", len(s))
	}
	return secret(decoded), nil
}
