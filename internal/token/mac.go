package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

// A mac authenticates with one secret (HMAC-SHA-256, RFC 2104). What depends on the secret alone is worked out once and not for each
// code: letters need thousands of them a second. It may be used by many goroutines at once.
type mac struct{ keyed hash.Cloner }

func newMAC(secret []byte) mac {
	h := hmac.New(sha256.New, secret)
	h.Reset() // here it works that out
	return mac{h.(hash.Cloner)}
}

// code authenticates data under a label.
func (m mac) code(label string, data []byte) []byte {
	h, err := m.keyed.Clone()
	if err != nil {
		panic(fmt.Sprintf("HMAC-SHA-256 can be cloned: %v", err)) // as crypto/hmac promises
	}
	h.Write(append([]byte(label), data...))
	return h.Sum(nil)
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
