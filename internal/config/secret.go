package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSecret is more than any password; what is larger is not one.
const maxSecret = 64 << 10

// mask is what stands in the place of a secret, whatever its length.
const mask = "********"

// Secret is a text that does not show when it is printed, logged or encoded.
type Secret string

// Reveal is the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String masks; an empty secret stays empty, so that one can see whether it is set.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString masks under %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText masks in JSON and in structured logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// withoutUser is an address, as far as it is one, in which a mask stands for its user and the password: that may hold what no address may. Any other text stays
// as it is, such as the address of a mailbox.
func withoutUser(text string) string {
	_, rest, found := strings.Cut(text, "://")
	if !found {
		rest = text
	}
	u, err := url.Parse(text)
	isOther := err == nil && u.User == nil && (found || u.Opaque == "" || u.Scheme == "mailto")
	at := strings.LastIndexByte(rest, '@')
	if isOther || at < 0 || !found && !strings.Contains(rest[:at], ":") {
		return text
	}
	return strings.TrimSuffix(text, rest) + mask + rest[at:]
}

// secrets fills each secret from the file that its …_file key names, or, where nothing is set, from systemd's credential of the
// same name. A secret and its file compete by layer, the higher winning; within one layer they exclude each other.
func (l *loader) secrets(credentials string) {
	for _, s := range settings(l.cfg) {
		if s.value.Type() != secretType {
			continue
		}
		fileKey := s.key + "_file"
		file := l.text(fileKey)
		own, named := l.cfg.origins[s.key], l.cfg.origins[fileKey]
		switch {
		case file != "" && s.value.String() != "" && own.Kind == named.Kind:
			l.complain(own, fmt.Sprintf("%s and %s are both set", s.key, fileKey), "keep one of them; the file is the safer one")
		case file != "" && named.Kind >= own.Kind:
			l.secretFile(s, Origin{Kind: FromSecretFile, Name: file}, named)
		case file == "" && own.Kind == FromDefault && credentials != "":
			path := filepath.Join(credentials, s.key)
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				continue
			}
			l.secretFile(s, Origin{Kind: FromCredential, Name: path}, Origin{Kind: FromEnvironment, Name: envCredentials})
		}
	}
}

// secretFile reads one secret from the file that origin names, because the setting at named says so. What it says about a bad
// file never quotes it.
func (l *loader) secretFile(s setting, origin, named Origin) {
	raw, err := readLimited(origin.Name, maxSecret)
	if err != nil {
		do := "make it readable for the user that runs facteur, and for nobody else"
		if errors.Is(err, fs.ErrNotExist) {
			do = "write the secret alone into it, readable for the user that runs facteur and for nobody else"
		}
		l.complain(named, fmt.Sprintf("cannot read the file with %s: %v", s.key, err), do)
		return
	}
	text := strings.TrimRight(string(raw), "\r\n")
	if text == "" || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		l.complain(named, fmt.Sprintf("%s does not hold one line of text for %s", origin.Name, s.key), "put the secret alone into the file, as UTF-8")
		return
	}
	s.value.SetString(text)
	l.cfg.origins[s.key] = origin
}
