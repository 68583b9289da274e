package token

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// A Return says which letter a report is about that came back to its envelope sender, where it stands as text. It gives
// no power to its holder but to report on that letter. Servers on the way may write it in capitals, so case does not
// count (RFC 5321 §2.4 keeps it, programs do not), and it needs no store to be verified: a forged report is known by
// its address alone.
type Return struct {
	KeyID    KeyID // the key that signed it; set by SignReturn
	Delivery int64 // 1 to 2⁴⁰-1
	Copy     int   // 1 to 65535
}

// ReturnMark stands for the token in a return path as an operator writes it, such as retours+{token}@pandia.example. It
// ends the local part.
const ReturnMark = "{token}"

const (
	returnSize = 2 + 5 + 2 // key, delivery, copy; big-endian
	returnCode = 16        // 128 bits: half of the hash, as RFC 2104 §5 asks
	// ReturnLen is the length of every Return as text. A local part has 64 octets (RFC 5321 §4.5.3.1.1), so 24 are left
	// to the operator. The octets are a multiple of five, so base32 leaves no bits over that a second spelling could use.
	ReturnLen = (returnSize + returnCode) / 5 * 8
)

const maxReturn = 1<<40 - 1

// SignReturn gives the text, in lower case, signed by the named key: every try at a letter has the same envelope
// sender, which greylisting servers compare. Its error is ErrNoKey, or that r has no such text.
func (k Keyring) SignReturn(id KeyID, r Return) (string, error) {
	key, ok := k.find(id)
	if !ok {
		return "", fmt.Errorf("sign a return path with key %d: %w", id, ErrNoKey)
	}
	if r.Delivery < 1 || r.Delivery > maxReturn || r.Copy < 1 || r.Copy > math.MaxUint16 {
		return "", fmt.Errorf("sign a return path: it cannot name delivery %d, copy %d", r.Delivery, r.Copy)
	}
	fields := r.fields(id)
	return returnText().EncodeToString(append(fields, key.returnCode(fields)...)), nil
}

// ReadReturn reads what ends the local part of the address that a report was sent to. Its errors are ErrMalformed and
// ErrForged.
func (k Keyring) ReadReturn(address string) (Return, error) {
	local := address
	if at := strings.LastIndexByte(address, '@'); at >= 0 {
		local = address[:at]
	}
	if len(local) < ReturnLen {
		return Return{}, ErrMalformed
	}
	signed, err := returnText().DecodeString(strings.ToLower(local[len(local)-ReturnLen:]))
	if err != nil || len(signed) != returnSize+returnCode { // the decoder skips line breaks
		return Return{}, ErrMalformed
	}
	fields, code := signed[:returnSize], signed[returnSize:]
	r := returnOf(fields)
	key, ok := k.find(r.KeyID)
	if !ok || !hmac.Equal(code, key.returnCode(fields)) {
		return Return{}, ErrForged
	}
	return r, nil
}

func (r Return) fields(id KeyID) []byte {
	delivery := binary.BigEndian.AppendUint64(nil, uint64(r.Delivery))
	fields := binary.BigEndian.AppendUint16(make([]byte, 0, returnSize+returnCode), uint16(id))
	fields = append(fields, delivery[3:]...)
	return binary.BigEndian.AppendUint16(fields, uint16(r.Copy))
}

func returnOf(fields []byte) Return {
	var delivery [8]byte
	copy(delivery[3:], fields[2:7])
	return Return{
		KeyID:    KeyID(binary.BigEndian.Uint16(fields)),
		Delivery: int64(binary.BigEndian.Uint64(delivery[:])),
		Copy:     int(binary.BigEndian.Uint16(fields[7:])),
	}
}

// returnCode authenticates the fields. The label keeps these codes apart from those of links and stamps.
func (k key) returnCode(fields []byte) []byte {
	return k.mac.code("facteur return path 1\x00", fields)[:returnCode]
}

// returnText is base32 (RFC 4648 §6) in lower case: letters and digits only, which stand in any address.
func returnText() *base32.Encoding {
	return base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
}
