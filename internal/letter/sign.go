package letter

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"time"
)

// A seal is what the signatures of all copies of a letter have in common (RFC 6376): the octets that they cover, in relaxed form,
// cut into pieces as the message is.
type seal struct {
	keys  []*Key
	names string // of the fields that are covered, as h= has them
	head  []piece
	began hash.Cloner // the hash of the body up to its first value
	body  []piece     // the rest of it
}

// covered are the fields of which a signature says how many there are, so that none can be changed, taken out or put beside
// (RFC 6376 §5.4, §8.15; RFC 8058 §4 for the two of leaving). What servers on the way write anew is not among them.
var covered = []string{
	"From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Cc", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
	"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Help", "Feedback-ID", "Auto-Submitted",
}

// SignatureSize is the most octets that one signature adds to a letter, by a key of 4096 bits in a domain of a usual length.
const SignatureSize = 1_400

// newSeal prepares signatures of a message. It has none of a letter that leaves unsigned.
func newSeal(keys []*Key, message []byte, origins []origin) (*seal, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	end := bytes.Index(message, []byte("\r\n\r\n"))
	if end < 0 {
		return nil, errors.New("sign: the header has no end")
	}
	end += len("\r\n")
	s := &seal{keys: keys}
	s.fields(message[:end], origins[:end])
	s.body = pieces(relaxedBody(message[end+len("\r\n"):], origins[end+len("\r\n"):]))
	began, ok := sha256.New().(hash.Cloner)
	if !ok {
		return nil, errors.New("sign: a hash that cannot be copied")
	}
	if len(s.body) > 0 && s.body[0].constant != nil {
		began.Write(s.body[0].constant)
		s.body = s.body[1:]
	}
	s.began = began
	return s, nil
}

// fields takes in those of the header that signatures cover. Each is named once more than it is there.
func (s *seal) fields(head []byte, origins []origin) {
	var names []string
	var octets []byte
	var from []origin
	for _, name := range covered {
		names = append(names, name)
		if field, of := relaxedField(head, origins, name); field != nil {
			names = append(names, name)
			octets, from = append(octets, field...), append(from, of...)
		}
	}
	s.head, s.names = pieces(octets, from), foldedNames(names)
}

// sign makes the fields with the signatures of a copy. They tell the time of its first try, so that a retry carries the same.
func (s *seal) sign(values []string, at time.Time) (fields string, err error) {
	if s == nil {
		return "", nil
	}
	body, err := s.bodyHash(values)
	if err != nil {
		return "", err
	}
	head := spell(nil, s.head, values)
	for _, key := range s.keys {
		unsigned := s.unsigned(key, at, body)
		sum := sha256.Sum256(append(head[:len(head):len(head)], relaxedOwn(unsigned)...))
		signature, err := key.sign(sum[:])
		if err != nil {
			return "", fmt.Errorf("sign with the key %s: %w", key.selector, err)
		}
		fields += unsigned + foldedBase64(signature) + "\r\n"
	}
	return fields, nil
}

// unsigned is the field of a signature up to the signature, which comes last.
func (s *seal) unsigned(k *Key, at time.Time, body []byte) string {
	return ownName + " v=1; a=" + string(k.algorithm) + "-sha256; c=relaxed/relaxed;\r\n d=" + k.domain + ";\r\n s=" + k.selector +
		"; t=" + strconv.FormatInt(at.Unix(), 10) + ";\r\n h=" + s.names + ";\r\n bh=" + base64.StdEncoding.EncodeToString(body) + ";\r\n b="
}

const ownName = "DKIM-Signature:"

// relaxedOwn is such a field in relaxed form: a line break is all that it changes.
func relaxedOwn(unsigned string) string {
	return strings.ToLower(ownName) + strings.ReplaceAll(strings.TrimPrefix(unsigned, ownName+" "), "\r\n ", " ")
}

func (s *seal) bodyHash(values []string) ([]byte, error) {
	sum, err := s.began.Clone()
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	var value []byte
	for i, p := range s.body {
		part := p.constant
		if part == nil {
			value = spell(value[:0], s.body[i:i+1], values)
			part = value
		}
		sum.Write(part)
	}
	return sum.Sum(nil), nil
}

const maxHeaderLine = 78 // octets, which RFC 5322 §2.1.1 asks lines to keep to

// foldedNames joins names where a line may be broken behind each colon (RFC 6376 §3.5).
func foldedNames(names []string) string {
	var b strings.Builder
	column := len(" h=")
	for i, name := range names {
		if i > 0 {
			b.WriteByte(':')
			column++
		}
		if column+len(name)+len(":") > maxHeaderLine {
			b.WriteString("\r\n ")
			column = len(" ")
		}
		b.WriteString(name)
		column += len(name)
	}
	return b.String()
}

// foldedBase64 breaks lines anywhere (RFC 6376 §3.5).
func foldedBase64(octets []byte) string {
	const room = maxHeaderLine - len(" b=;")
	text := base64.StdEncoding.EncodeToString(octets)
	var b strings.Builder
	for len(text) > room {
		b.WriteString(text[:room] + "\r\n ")
		text = text[room:]
	}
	return b.String() + text
}
