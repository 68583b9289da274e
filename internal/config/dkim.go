package config

import (
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// A Signature is one that letters get, by the key it is made with.
type Signature struct {
	Setting  string // that names its selector
	Selector string
	File     string
	Ed25519  bool // not RSA
}

// Signatures are those that letters get, that of RSA first; none: letters are not signed here.
func (c *Config) Signatures() []Signature {
	var all []Signature
	if s := c.DKIM.Selector; s != "" {
		all = append(all, Signature{Setting: "dkim.selector", Selector: s, File: c.KeyFile(s)})
	}
	if s := c.DKIM.Ed25519Selector; s != "" {
		all = append(all, Signature{Setting: "dkim.ed25519_selector", Selector: s, File: c.KeyFile(s), Ed25519: true})
	}
	return all
}

// KeyFolder is where keys are whose file no setting names.
func (c *Config) KeyFolder() string { return filepath.Join(c.Data, "dkim") }

// KeyFile is the file of a selector's key. One that no setting names yet, or any more, has its place, too.
func (c *Config) KeyFile(selector string) string {
	switch d := c.DKIM; {
	case selector == d.Selector && d.KeyFile != "":
		return d.KeyFile
	case selector == d.Ed25519Selector && d.Ed25519KeyFile != "":
		return d.Ed25519KeyFile
	}
	return filepath.Join(c.KeyFolder(), selector+".pem")
}

// SelectorFault says what is wrong with a selector, which is a part of a domain name (RFC 6376 §3.1); empty: nothing.
func SelectorFault(text string) string {
	return unless(isHost(text) && len(text) <= 63 && text == strings.ToLower(text), "a key's name has small letters, digits, hyphens and dots, at most 63")
}

func domainFault(text string) string {
	return unless(isHost(text) && strings.Contains(text, ".") && text == strings.ToLower(text), "not a domain in small letters")
}

// theSignatures complains of a second signature without the first, of one name for both, and of files of keys that have no name.
func (l *loader) theSignatures() {
	d := l.cfg.DKIM
	complain := func(key, what, do string) { l.complain(l.cfg.origins[key], what, do) }
	switch {
	case d.Ed25519Selector != "" && d.Selector == "":
		complain("dkim.ed25519_selector", "dkim.ed25519_selector is set and dkim.selector is not: many receivers would take the letters for unsigned",
			"give dkim.selector the name of an RSA key as well: facteur dkim keygen makes one")
	case d.Ed25519Selector != "" && d.Ed25519Selector == d.Selector:
		complain("dkim.ed25519_selector", fmt.Sprintf("dkim.selector and dkim.ed25519_selector are both %q, and a name in the DNS has one key", d.Selector),
			"give each key a name of its own")
	}
	for _, s := range []struct{ key, file, selector string }{
		{"dkim.key_file", d.KeyFile, d.Selector}, {"dkim.ed25519_key_file", d.Ed25519KeyFile, d.Ed25519Selector},
	} {
		if s.file != "" && s.selector == "" {
			name := strings.Replace(s.key, "key_file", "selector", 1)
			complain(s.key, fmt.Sprintf("%s is set and %s is not, so nothing is signed with it", s.key, name), "set "+name+" to the name that the key has in the DNS")
		}
	}
}

// aligned wants a signature's domain to be of the same organisation as the sender's, without which it counts nothing for DMARC (RFC 7489
// §3.1.1, §3.2).
func (l *loader) aligned(sender string) {
	d := l.cfg.DKIM.Domain
	if d == sender {
		return
	}
	own, err := publicsuffix.EffectiveTLDPlusOne(d)
	if err == nil {
		if its, err := publicsuffix.EffectiveTLDPlusOne(sender); err == nil && own == its {
			return
		}
	}
	l.complain(l.cfg.origins["dkim.domain"], fmt.Sprintf("dkim.domain is %q, which is not of the organisation of sender.address, %s: a signature in its name counts nothing for DMARC", d, sender),
		"take "+sender+" or the domain above it, or leave dkim.domain empty")
}
