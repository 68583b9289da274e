package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"sync"
)

// A mac authenticates with one secret (HMAC-SHA-256, RFC 2104). What depends on the secret alone is worked out once and not for each
// code: letters need thousands of them a second. It may be used by many goroutines at once.
type mac struct{ idle *sync.Pool } // of [*coder]

// A coder makes one code after the other.
type coder struct {
	hash   hash.Hash
	octets []byte // that are authenticated
}

func newMAC(secret []byte) mac {
	return mac{&sync.Pool{New: func() any { return &coder{hash: hmac.New(sha256.New, secret)} }}}
}

// code authenticates data under a label.
func (m mac) code(label string, data []byte) []byte {
	c := m.idle.Get().(*coder)
	defer m.idle.Put(c)
	c.octets = append(append(c.octets[:0], label...), data...)
	c.hash.Reset() // the first time it works out what depends on the secret
	c.hash.Write(c.octets)
	return c.hash.Sum(nil)
}

// once authenticates with a secret that is not needed again.
func once(secret, data []byte) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write(data)
	return h.Sum(nil)
}

// A Hasher makes the hashes of one use; see [Keyring.Hash].
type Hasher struct{ mac mac }

// Hash is a keyed hash of 32 octets.
func (h Hasher) Hash(data []byte) []byte { return h.mac.code("", data) }

// Format says nothing of the key, whatever the verb.
func (h Hasher) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "hasher (redacted)") }
