// Package token signs and verifies what letters carry: a Token is the link of a letter, a signed capability that says what
// its holder may do to one subscription; a [Return] stands in a letter's envelope sender, and a [Stamp] in a form.
//
// The rules of links:
//   - The newest key of a Keyring signs, every kept key verifies: letters live for years, their links too.
//   - A token has one fixed length in the alphabet of base64url (RFC 4648 §5), begins with a letter and has no
//     padding, so that copies of one letter differ only in these characters. There is one spelling of each token.
//   - 152 bits of HMAC-SHA-256 (RFC 2104 §5: at least half of them) cover every field, the purpose included, since
//     RFC 8058 §3.1 asks for a part that is hard to forge.
//   - Whether a token is too old, or its epoch past, is the caller's decision: it differs by purpose.
//   - No key is ever printed, whatever the verb.
package token

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Purpose is what a token gives the power to do. It is a lower-case ASCII letter, so that a token begins with a letter.
type Purpose byte

// The purposes. Each has only the power its letter needs.
const (
	// Leave ends the subscription. It stands in every letter, works at any epoch and does not expire, since a person
	// must be able to leave by any letter they kept.
	Leave Purpose = 'u'
	// Preferences changes newsletters and pause, and asks for a letter with a link to more. It needs the current epoch.
	Preferences Purpose = 'p'
	// Confirm makes a pending subscription active. It stands in the confirmation letter and needs the current epoch.
	Confirm Purpose = 'c'
	// Undo takes back a leave just made, or turns it into a pause. It is given out only by the answer to that leave,
	// needs the current epoch and lives 30 minutes.
	Undo Purpose = 'z'
	// Manage opens export, erasure and change of address. It stands in a letter that the reader just asked for, needs
	// the current epoch and lives 30 minutes.
	Manage Purpose = 'm'
	// Move makes a new address the subscriber's. It stands in the letter to that address and lives 30 minutes; its
	// number is that of the change and not of a subscription.
	Move Purpose = 'a'
)

// Purposes lists every purpose.
func Purposes() []Purpose { return []Purpose{Leave, Preferences, Confirm, Undo, Manage, Move} }

// String is the purpose's letter.
func (p Purpose) String() string { return string(rune(p)) }

// KeyID names a key of a Keyring. Keys are numbered from 1.
type KeyID uint16

// Token is what a link says.
type Token struct {
	Purpose      Purpose
	KeyID        KeyID     // the key that signed it; set by Sign and SignWith
	Subscription int64     // whose; under Move the number of the change of address
	Epoch        uint32    // the subscription's epoch when the token was made
	Time         time.Time // when it was made; kept in whole seconds, UTC
}

// Expired reports whether life has passed since the token was made.
func (t Token) Expired(now time.Time, life time.Duration) bool {
	return !now.Before(t.Time.Add(life))
}

// What a token is made of. The fields are a multiple of three octets together with the code, so that base64url leaves
// no bits over that a second spelling could use.
const (
	fieldsSize = 1 + 2 + 8 + 4 + 8 // purpose, key, subscription, epoch, seconds since 1970; big-endian
	codeSize   = 19                // 152 bits
	// Len is the length of every token in characters.
	Len = (fieldsSize + codeSize) / 3 * 4
)

// What Verify refuses.
var (
	// ErrMalformed: the text is no token; most often a link that was cut or broken on its way.
	ErrMalformed = errors.New("malformed token")
	// ErrForged: no kept key has signed this; it was changed, or its key is gone.
	ErrForged = errors.New("token was not signed by a kept key")
	// ErrPurpose: a genuine token, made for another purpose.
	ErrPurpose = errors.New("token is for another purpose")
	// ErrNoKey is what SignWith says of a key that is not kept.
	ErrNoKey = errors.New("no such key in the keyring")
)

// Sign gives the token, signed by the newest key.
func (k Keyring) Sign(t Token) string {
	return k.newest().sign(t)
}

// SignWith gives the token, signed by the named key: a frozen edition keeps its key, so that a copy made later has the
// same bytes.
func (k Keyring) SignWith(id KeyID, t Token) (string, error) {
	key, ok := k.find(id)
	if !ok {
		return "", fmt.Errorf("sign a token with key %d: %w", id, ErrNoKey)
	}
	return key.sign(t), nil
}

// Verify reads a token made for this purpose. Its errors are ErrMalformed, ErrForged and ErrPurpose.
func (k Keyring) Verify(text string, purpose Purpose) (Token, error) {
	if len(text) != Len {
		return Token{}, ErrMalformed
	}
	signed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(signed) != fieldsSize+codeSize { // the decoder skips line breaks
		return Token{}, ErrMalformed
	}
	fields, code := signed[:fieldsSize], signed[fieldsSize:]
	t := decode(fields)
	key, ok := k.find(t.KeyID)
	if !ok || !hmac.Equal(code, key.code(fields)) {
		return Token{}, ErrForged
	}
	if t.Purpose != purpose {
		return Token{}, ErrPurpose
	}
	return t, nil
}

func (k key) sign(t Token) string {
	t.KeyID = k.id
	fields := encode(t)
	var text [Len]byte
	base64.RawURLEncoding.Encode(text[:], append(fields, k.code(fields)...))
	return string(text[:])
}

// code authenticates the fields. The label keeps these codes apart from any other use of the key.
func (k key) code(fields []byte) []byte {
	return k.mac.code("facteur token 1\x00", fields)[:codeSize]
}

func encode(t Token) []byte {
	fields := make([]byte, 0, fieldsSize+codeSize)
	fields = append(fields, byte(t.Purpose))
	fields = binary.BigEndian.AppendUint16(fields, uint16(t.KeyID))
	fields = binary.BigEndian.AppendUint64(fields, uint64(t.Subscription))
	fields = binary.BigEndian.AppendUint32(fields, t.Epoch)
	return binary.BigEndian.AppendUint64(fields, uint64(t.Time.Unix()))
}

func decode(fields []byte) Token {
	return Token{
		Purpose:      Purpose(fields[0]),
		KeyID:        KeyID(binary.BigEndian.Uint16(fields[1:])),
		Subscription: int64(binary.BigEndian.Uint64(fields[3:])),
		Epoch:        binary.BigEndian.Uint32(fields[11:]),
		Time:         time.Unix(int64(binary.BigEndian.Uint64(fields[15:])), 0).UTC(),
	}
}
