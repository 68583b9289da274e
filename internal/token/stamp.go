package token

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// A Stamp says that a form was given out by us and when, and how much work a program has to do to send it back. It
// belongs to nobody: whoever fetched the form has it. The code covers what it is for, so that the stamp of a page's
// button, which costs no work, opens no form.
type Stamp struct {
	For   StampUse
	Nonce [16]byte  // what makes it single; random
	Time  time.Time // when it was given out; kept in milliseconds, UTC
	Bits  uint8     // of work: leading zero bits of the hash that a solution must reach
}

// StampUse is what a stamp is good for.
type StampUse string

const (
	ForForm StampUse = ""      // a form that anybody may fill
	ForPage StampUse = " page" // the button of a page behind a link
)

const (
	stampSize = 16 + 8 + 1 // nonce, milliseconds since 1970, bits; big-endian
	stampCode = 17         // 136 bits
	// StampLen is the length of every stamp in characters.
	StampLen = (stampSize + stampCode) / 3 * 4
)

// Stamp gives the stamp as text, signed by the newest key.
func (k Keyring) Stamp(s Stamp) string {
	fields := make([]byte, 0, stampSize+stampCode)
	fields = append(fields, s.Nonce[:]...)
	fields = binary.BigEndian.AppendUint64(fields, uint64(s.Time.UnixMilli()))
	fields = append(fields, s.Bits)
	return base64.RawURLEncoding.EncodeToString(append(fields, k.newest().stampCode(s.For, fields)...))
}

// ReadStamp reads a stamp that one of the kept keys signed for a use. Its errors are ErrMalformed and ErrForged.
func (k Keyring) ReadStamp(text string, use StampUse) (Stamp, error) {
	if len(text) != StampLen {
		return Stamp{}, ErrMalformed
	}
	signed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(signed) != stampSize+stampCode { // the decoder skips line breaks
		return Stamp{}, ErrMalformed
	}
	fields, code := signed[:stampSize], signed[stampSize:]
	for _, key := range k.keys {
		if hmac.Equal(code, key.stampCode(use, fields)) {
			return Stamp{
				For:   use,
				Nonce: [16]byte(fields[:16]),
				Time:  time.UnixMilli(int64(binary.BigEndian.Uint64(fields[16:]))).UTC(),
				Bits:  fields[24],
			}, nil
		}
	}
	return Stamp{}, ErrForged
}

// stampCode authenticates a stamp. The label keeps these codes apart from those of tokens.
func (k key) stampCode(use StampUse, fields []byte) []byte {
	return k.mac.code("facteur"+string(use)+" stamp 1\x00", fields)[:stampCode]
}
