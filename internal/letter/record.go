package letter

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Record is what the DNS must say of a key (RFC 6376 §3.6.1).
type Record struct {
	Name string // of the TXT record, without the final dot
	Text string
}

// Record is that of the key.
func (k *Key) Record() (Record, error) {
	public, err := publicOctets(k.public)
	if err != nil {
		return Record{}, fmt.Errorf("record of the key %s: %w", k.selector, err)
	}
	return Record{
		Name: k.selector + "._domainkey." + k.domain,
		Text: "v=DKIM1; k=" + string(k.algorithm) + "; p=" + base64.StdEncoding.EncodeToString(public),
	}, nil
}

// publicOctets are the public key as p= has it: of RSA with its algorithm around it, as all that read records expect, of Ed25519 alone
// (RFC 8463 §4.2).
func publicOctets(public crypto.PublicKey) ([]byte, error) {
	if short, ok := public.(ed25519.PublicKey); ok {
		return short, nil
	}
	return x509.MarshalPKIXPublicKey(public)
}

// maxString is the longest string of a TXT record (RFC 1035 §3.3). Receivers put several together without a space (RFC 6376 §3.6.2.2).
const maxString = 255

// Strings is the text cut as a TXT record has it.
func (r Record) Strings() []string {
	var all []string
	text := r.Text
	for len(text) > maxString {
		all, text = append(all, text[:maxString]), text[maxString:]
	}
	return append(all, text)
}

// MatchRecord says why a receiver that finds these texts in the DNS would not take the key's signatures; nil: it would.
func (k *Key) MatchRecord(texts []string) error {
	switch len(texts) {
	case 0:
		return errors.New("there is no TXT record")
	case 1:
	default:
		return fmt.Errorf("there are %d TXT records of one name, and receivers need just one", len(texts))
	}
	tags, err := parseTags(texts[0])
	if err != nil {
		return fmt.Errorf("the record cannot be read: %w", err)
	}
	if err := k.matchTags(tags); err != nil {
		return err
	}
	return k.matchPublic(tags["p"])
}

// matchTags holds what stands around the public key against the key (RFC 6376 §3.6.1).
func (k *Key) matchTags(tags map[string]string) error {
	if v, found := tags["v"]; found && v != "DKIM1" {
		return fmt.Errorf("the record has the version %q, and it must be DKIM1", v)
	}
	kind, found := tags["k"]
	if !found {
		kind = string(RSA)
	}
	if kind != string(k.algorithm) {
		return fmt.Errorf("the record is of a key for %q, and this one is for %q", kind, k.algorithm)
	}
	if h, found := tags["h"]; found && !hasItem(h, "sha256") {
		return fmt.Errorf("the record allows the hashes %q, and letters are signed with sha256", h)
	}
	if s, found := tags["s"]; found && !hasItem(s, "*") && !hasItem(s, "email") {
		return fmt.Errorf("the record is for the services %q, and not for email", s)
	}
	if hasItem(tags["t"], "y") {
		return errors.New("the record says that it is a test (t=y), so that receivers take letters for unsigned")
	}
	return nil
}

// matchPublic compares public keys. Where an RSA key stands without its algorithm, receivers take it, too (RFC 6376 §3.6.1).
func (k *Key) matchPublic(text string) error {
	if text == "" {
		return errors.New("the record has an empty p=, which says that the key is revoked")
	}
	octets, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return errors.New("its p= is not base64")
	}
	switch own := k.public.(type) {
	case ed25519.PublicKey:
		if own.Equal(ed25519.PublicKey(octets)) {
			return nil
		}
	case *rsa.PublicKey:
		if public, err := x509.ParsePKIXPublicKey(octets); err == nil && own.Equal(public) {
			return nil
		}
		if public, err := x509.ParsePKCS1PublicKey(octets); err == nil && own.Equal(public) {
			return nil
		}
	}
	return errors.New("the record is of another key")
}

func hasItem(list, item string) bool {
	return slices.ContainsFunc(strings.Split(list, ":"), func(s string) bool { return strings.TrimSpace(s) == item })
}

// parseTags reads a list of tags (RFC 6376 §3.2), white space within values left out, which no value of a record has a need for.
func parseTags(text string) (map[string]string, error) {
	tags := map[string]string{}
	for i, part := range strings.Split(text, ";") {
		name, value, found := strings.Cut(part, "=")
		name = strings.Trim(name, blanks)
		switch {
		case !found && name == "":
			continue // after the last one
		case !found || name == "":
			return nil, fmt.Errorf("%q is no tag such as p=…", part)
		case name == "v" && i > 0:
			return nil, errors.New("v= must come first")
		}
		if _, twice := tags[name]; twice {
			return nil, fmt.Errorf("%s= stands twice", name)
		}
		tags[name] = strings.Map(func(r rune) rune {
			if strings.ContainsRune(blanks, r) {
				return -1
			}
			return r
		}, value)
	}
	return tags, nil
}

const blanks = " \t\r\n"
