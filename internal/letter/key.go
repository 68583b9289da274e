package letter

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
)

// An Algorithm is how a key signs, by its name in the DNS.
type Algorithm string

// The algorithms.
const (
	RSA     Algorithm = "rsa"     // with SHA-256 (RFC 6376 §3.3.1), which every receiver knows
	Ed25519 Algorithm = "ed25519" // RFC 8463, for those that know it; never alone
)

// RSA keys in bits: what RFC 8301 §3.2 asks signers for, and the longest that every receiver takes.
const (
	newKeyBits  = 2048
	mostKeyBits = 4096
)

// A Key signs letters in the name of a domain (RFC 6376). It does not change, so goroutines share it.
type Key struct {
	domain, selector string
	algorithm        Algorithm
	private          crypto.Signer
	public           crypto.PublicKey
}

// Algorithm is how the key signs.
func (k *Key) Algorithm() Algorithm { return k.algorithm }

// Selector is the name of the key in the DNS.
func (k *Key) Selector() string { return k.selector }

// NewPrivateKey makes the text of a new key. random is crypto/rand.Reader outside of tests.
func NewPrivateKey(random io.Reader, a Algorithm) ([]byte, error) {
	private, err := newPrivateKey(random, a)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func newPrivateKey(random io.Reader, a Algorithm) (any, error) {
	if a == Ed25519 {
		_, private, err := ed25519.GenerateKey(random)
		return private, err
	}
	return rsa.GenerateKey(random, newKeyBits)
}

// ParseKey reads the text of a private key: PEM with PKCS #8 (RFC 5958), or with PKCS #1 (RFC 8017 §A.1.2) as older programs write
// it. What it says about a bad one does not quote it.
func ParseKey(domain, selector string, text []byte) (*Key, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it holds no private key in PEM form")
	}
	private, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		private, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, errors.New("it holds no private key that can be read (PKCS #8 or PKCS #1, without a password)")
	}
	k := &Key{domain: domain, selector: selector}
	switch private := private.(type) {
	case *rsa.PrivateKey:
		if bits := private.N.BitLen(); bits < newKeyBits || bits > mostKeyBits {
			return nil, fmt.Errorf("its RSA key has %d bits; letters are signed with %d to %d", bits, newKeyBits, mostKeyBits)
		}
		k.algorithm, k.private = RSA, private
	case ed25519.PrivateKey:
		k.algorithm, k.private = Ed25519, private
	default:
		return nil, errors.New("its key is neither of RSA nor of Ed25519, and receivers know no other")
	}
	k.public = k.private.Public()
	return k, nil
}

// sign signs a SHA-256 hash. Both ways give the same signature each time (RFC 8017 §8.2, RFC 8032 §5.1.6).
func (k *Key) sign(sum []byte) ([]byte, error) {
	if k.algorithm == Ed25519 {
		return k.private.Sign(nil, sum, crypto.Hash(0)) // the hash is the message (RFC 8463 §3)
	}
	return k.private.Sign(nil, sum, crypto.SHA256)
}
