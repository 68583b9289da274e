package config

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// TLSMode says how a connection to the relay is secured.
type TLSMode string

// The TLS modes.
const (
	TLSImplicit TLSMode = "implicit" // from the first byte (RFC 8314 §3.3)
	TLSStartTLS TLSMode = "starttls" // demanded, never only tried (RFC 3207)
	TLSNone     TLSMode = "none"     // on this machine only
)

// Relay is the way out over SMTP.
type Relay struct {
	Host        string
	Port        int
	User        string // empty: no AUTH
	Password    Secret
	TLS         TLSMode
	CA          *x509.CertPool // nil: the system's
	Helo        string
	Connections int
	Timeout     time.Duration // for one answer of the relay; twice that for the answer to the final dot
}

// IsFolder says that there is no relay: letters go into the outbox folder.
func (r Relay) IsFolder() bool { return r.Host == "" }

// Loopback says whether the relay is on this machine.
func (r Relay) Loopback() bool { return loopback(r.Host) }

// HasLogin says whether the relay's user, if there is one, has a password. Only what sends needs it: other commands run without, as
// those of an operator beside a service that reads it from its credential.
func (r Relay) HasLogin() error {
	if r.User == "" || r.Password != "" {
		return nil
	}
	return problem(fmt.Sprintf("smtp.url names the user %s, but there is no password for it", r.User),
		"set smtp.password_file (FACTEUR_SMTP_PASSWORD_FILE) to a file that holds it; a service's credential is seen by the service alone")
}

// Relay is the way out that smtp.url names; the zero Relay is the outbox folder.
func (c *Config) Relay() (Relay, error) {
	if c.SMTP.URL == "" {
		return Relay{}, nil
	}
	relay, why := parseRelay(c.SMTP.URL)
	if why != "" {
		return Relay{}, problem("smtp.url: "+why, relayHint(c.SMTP.URL))
	}
	relay.Password = c.SMTP.Password
	relay.CA = c.ca
	relay.Helo = c.SMTP.Helo
	relay.Connections = c.SMTP.Connections
	relay.Timeout = time.Duration(c.SMTP.Timeout)
	return relay, nil
}

// relayHint says what to do about a bad smtp.url.
func relayHint(text string) string {
	if _, why := parseRelay(text); why == passwordInside {
		return "take it out, change it if others could see it, and put it alone into the file that smtp.password_file names (or into smtp.password)"
	}
	return "write smtp://user@host:587, smtps://user@host:465, or smtp://127.0.0.1:2525?tls=none for a relay on this machine"
}

const passwordInside = "a password stands in it"

func relayFault(text string) string {
	_, why := parseRelay(text)
	return why
}

// parseRelay reads smtp.url. What it says about a bad one does not quote it, because a password may stand in it.
func parseRelay(text string) (relay Relay, why string) {
	u, err := url.Parse(text)
	if err != nil || u.Fragment != "" || u.Opaque != "" || strings.Trim(u.Path, "/") != "" || u.Hostname() == "" {
		return relay, "not the address of a relay"
	}
	if _, found := u.User.Password(); found {
		return relay, passwordInside
	}
	relay = Relay{Host: strings.ToLower(u.Hostname()), User: u.User.Username()}
	switch u.Scheme {
	case "smtp":
		relay.TLS, relay.Port = TLSStartTLS, 587
	case "smtps":
		relay.TLS, relay.Port = TLSImplicit, 465
	default:
		return Relay{}, "it must begin with smtp:// or smtps://"
	}
	if port := u.Port(); port != "" {
		relay.Port, err = strconv.Atoi(port)
	}
	if err != nil || relay.Port < 1 || relay.Port > 65535 {
		return Relay{}, "the port must be a number from 1 to 65535"
	}
	if strings.ContainsFunc(relay.User, unicode.IsControl) {
		return Relay{}, "the user holds a control character"
	}
	return relay, relayOptions(&relay, u)
}

// relayOptions reads what stands after the question mark. Unencrypted goes only to this machine, and never with a password.
func relayOptions(relay *Relay, u *url.URL) (why string) {
	options, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "what stands after the question mark cannot be read"
	}
	for _, name := range sortedKeys(options) {
		if name != "tls" || len(options[name]) != 1 || options.Get(name) != "none" || relay.TLS != TLSStartTLS {
			return "after the question mark only tls=none may stand, and only with smtp://"
		}
		relay.TLS = TLSNone
	}
	if relay.TLS != TLSNone {
		return ""
	}
	if !relay.Loopback() {
		return "tls=none is for a relay on this machine; letters to other hosts are encrypted"
	}
	return unless(relay.User == "", "a password is never sent without TLS; leave out the user or tls=none")
}
