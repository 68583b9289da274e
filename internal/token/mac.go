package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

// A mac authenticates with one secret (HMAC-SHA-256, RFC 2104). What depends on the secret alone is worked out once and not for each
// code: letters need thousands of them a second. It may be used by many goroutines at once.
type mac struct{ ready sync.Pool }

func newMAC(secret []byte) *mac {
	return &mac{sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }}}
}

// code authenticates the parts, one behind the other.
func (m *mac) code(parts ...[]byte) []byte {
	h := m.ready.Get().(hash.Hash)
	defer m.ready.Put(h)
	h.Reset()
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}
