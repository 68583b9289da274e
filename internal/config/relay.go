package config

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net/url"
	"reflect"
	"slices"
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

// Relay is a way out over SMTP.
type Relay struct {
	Name        string // as the settings have it; empty: the one of smtp.url
	Share       int
	Connections int
	Host        string
	Port        int
	User        string // empty: no AUTH
	Password    Secret
	TLS         TLSMode
	CA          *x509.CertPool // nil: the system's
	Helo        string
	Pipelining  bool          // where the relay offers it
	Window      int           // letters of a connection on the wire at once
	Letters     int           // on one connection; 0: any number
	Age         time.Duration // of a connection that takes another letter; 0: any
	Timeout     time.Duration // for one answer of the relay; twice that for the answer to the final dot
}

// Loopback says whether the relay is on this machine.
func (r Relay) Loopback() bool { return loopback(r.Host) }

// HasLogin says whether the relay's user, if there is one, has a password. Only what sends needs it: other commands run without, as
// those of an operator beside a service that reads it from its credential.
func (r Relay) HasLogin() error {
	if r.User == "" || r.Password != "" {
		return nil
	}
	table := "smtp"
	if r.Name != "" {
		table = join("relays", r.Name)
	}
	file := join(table, "password_file")
	return problem(fmt.Sprintf("%s.url names the user %s, but there is no password for it", table, r.User),
		fmt.Sprintf("set %s (%s) to a file that holds it; a service's credential is seen by the service alone", file, EnvName(file)))
}

// WayOut is the relays that letters leave by, in the order of their names; none: the outbox folder.
type WayOut []Relay

// IsFolder says that there is no relay: letters go into the outbox folder.
func (w WayOut) IsFolder() bool { return len(w) == 0 }

// Loopback says whether all relays are on this machine.
func (w WayOut) Loopback() bool { return w.far() < 0 && len(w) > 0 }

// far is the place of the first relay that is not on this machine; -1: there is none.
func (w WayOut) far() int {
	return slices.IndexFunc(w, func(r Relay) bool { return !r.Loopback() })
}

// WayOut is the relay that smtp.url names, or those of the tables of relays.
func (c *Config) WayOut() (WayOut, error) {
	if c.SMTP.URL != "" {
		relay, err := c.relay("smtp", RelayTable{
			Share: 1, URL: c.SMTP.URL, Password: c.SMTP.Password, Helo: c.SMTP.Helo, Connections: c.SMTP.Connections,
			Pipelining: c.SMTP.Pipelining, Window: c.SMTP.Window, ConnectionLetters: c.SMTP.ConnectionLetters, ConnectionAge: c.SMTP.ConnectionAge, Timeout: c.SMTP.Timeout,
		})
		return WayOut{relay}, err
	}
	var all WayOut
	for _, name := range sortedKeys(c.Relays) {
		relay, err := c.relay(join("relays", name), *c.Relays[name])
		if err != nil {
			return nil, err
		}
		relay.Name = name
		all = append(all, relay)
	}
	return all, nil
}

// relay is the one of a table.
func (c *Config) relay(table string, s RelayTable) (Relay, error) {
	relay, why := parseRelay(s.URL)
	if why != "" {
		return Relay{}, problem(fmt.Sprintf("%s.url: %s", table, why), relayHint(table, s.URL))
	}
	relay.Share, relay.Connections, relay.Pipelining = s.Share, s.Connections, s.Pipelining == PipeliningAuto
	relay.Window, relay.Letters, relay.Age = s.Window, s.ConnectionLetters, time.Duration(s.ConnectionAge)
	relay.Password, relay.Helo, relay.Timeout = s.Password, s.Helo, time.Duration(s.Timeout)
	relay.CA = c.cas[join(table, "ca_file")]
	return relay, nil
}

// relays applies the tables of relays.
func (l *loader) relays(values map[string]any, from Origin) {
	for _, name := range sortedKeys(values) {
		l.named("relays", name, values[name], from, func() reflect.Value {
			if l.cfg.Relays[name] == nil {
				l.cfg.Relays[name] = newRelay()
			}
			return reflect.ValueOf(l.cfg.Relays[name])
		})
	}
}

func newRelay() *RelayTable {
	def := Default().SMTP
	return &RelayTable{
		Share: 1, Connections: def.Connections, Pipelining: def.Pipelining, Window: def.Window,
		ConnectionLetters: def.ConnectionLetters, ConnectionAge: def.ConnectionAge, Timeout: def.Timeout,
	}
}

// relayTable is the table of the key of a relay, of the only one or of one of several; empty: it is no such key.
func relayTable(key string) string {
	if table := key[:max(0, strings.LastIndexByte(key, '.'))]; table == "smtp" || strings.HasPrefix(table, "relays.") {
		return table
	}
	return ""
}

// relayFault is fault for the key of a relay.
func (l *loader) relayFault(key string, v reflect.Value) string {
	table := relayTable(key)
	if table == "" {
		return ""
	}
	switch strings.TrimPrefix(key, table+".") {
	case "url":
		if table != "smtp" {
			return cmp.Or(required(v.String()), urlFault(v.String()))
		}
		return optional(v.String(), urlFault)
	case "share":
		return between(v.Int(), 0, 1000)
	case "connections":
		return between(v.Int(), 1, 100)
	case "window":
		return between(v.Int(), 1, 16)
	case "connection_letters":
		return between(v.Int(), 0, 1_000_000)
	case "helo":
		return optional(v.String(), heloFault)
	case "ca_file":
		return optional(v.String(), func(path string) string { return l.caFault(key, path) })
	}
	return ""
}

// theWayOut complains where smtp.url stands beside tables of relays, and where no relay has a share.
func (l *loader) theWayOut() {
	names := sortedKeys(l.cfg.Relays)
	if len(names) == 0 {
		return
	}
	if l.cfg.SMTP.URL != "" {
		l.complain(l.cfg.origins["smtp.url"], fmt.Sprintf("smtp.url and [relays.%s] are both set", names[0]),
			"make the one of smtp.url a table beside the others, such as [relays.main], and take smtp.url out")
	}
	if !slices.ContainsFunc(names, func(name string) bool { return l.cfg.Relays[name].Share != 0 }) {
		key := "relays." + names[0] + ".share"
		l.complain(l.cfg.origins[key], "every relay has the share 0, so all stand by and none sends", "give one of them a share of 1, or leave "+key+" out")
	}
}

// relayHint says what to do about a bad url of a table.
func relayHint(table, text string) string {
	if _, why := parseRelay(text); why == passwordInside {
		return fmt.Sprintf("take it out, change it if others could see it, and put it alone into the file that %[1]s.password_file names (or into %[1]s.password)", table)
	}
	return "write smtp://user@host:587, smtps://user@host:465, or smtp://127.0.0.1:2525?tls=none for a relay on this machine"
}

const passwordInside = "a password stands in it"

func urlFault(text string) string {
	_, why := parseRelay(text)
	return why
}

// parseRelay reads the address of a relay. What it says about a bad one does not quote it, because a password may stand in it.
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
