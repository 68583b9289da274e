package transport

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// Security is how a connection to a relay is protected. TLS is 1.2 or newer and the certificate is verified.
type Security string

const (
	STARTTLS Security = "starttls" // TLS demanded after EHLO (RFC 3207); a server that does not offer it is not used
	Implicit Security = "implicit" // TLS from the first byte (RFC 8314 §3)
	NoTLS    Security = "none"     // none at all: for a relay on this machine
)

// A Relay is the mail server that takes the letters.
type Relay struct {
	Host     string
	Port     int            // 0 is 587, 465 or 25, as Security has it
	Security Security       // empty is [STARTTLS]
	User     string         // empty is no login
	Password string         // never sent unprotected: without TLS only SCRAM and CRAM-MD5 are used
	HELO     string         // the name this machine gives itself, fully qualified (RFC 5321 §4.1.1.1); empty is its host name
	RootCAs  *x509.CertPool // who may vouch for the relay; nil is whoever the system trusts
	Timeouts Timeouts

	// Pipelining lets commands travel together where the server takes them so (RFC 2920). A letter that turns out not to go costs its
	// connection then.
	Pipelining bool

	// So many letters may be on the wire of a connection before their outcomes are known, where the server takes letters in one piece, too (RFC 3030).
	// 0 is 1.
	Window int

	// A connection carries no more letters than that, and takes none when it is so old. 0 is no limit.
	Letters int
	Age     time.Duration

	// Dial replaces the dialling of TCP connections, for tests. TLS is spoken over what it returns.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// SMTP is the way out by a relay.
type SMTP struct {
	relay Relay
	waits Timeouts
	utf8  atomic.Bool // the relay offered SMTPUTF8 when it was last spoken to
}

// TakesUTF8 reports whether the relay carries addresses that are not ASCII (RFC 6531), as far as it has said: not before
// the first connection.
func (s *SMTP) TakesUTF8() bool { return s.utf8.Load() }

// NewSMTP returns the way out by relay. It does not connect. Its error names what is wrong in the settings.
func NewSMTP(relay Relay) (*SMTP, error) {
	if relay.Host == "" {
		return nil, errors.New("the relay has no host name")
	}
	relay.Security = cmp.Or(relay.Security, STARTTLS)
	port, known := map[Security]int{STARTTLS: 587, Implicit: 465, NoTLS: 25}[relay.Security]
	if !known {
		return nil, fmt.Errorf("unknown protection %q of the relay: use starttls, implicit or none", relay.Security)
	}
	relay.Port = cmp.Or(relay.Port, port)
	if relay.Dial == nil {
		relay.Dial = (&net.Dialer{}).DialContext
	}
	return &SMTP{relay: relay, waits: relay.Timeouts.orDefaults()}, nil
}

// Open connects, secures and logs in. A refusal by the server is a [net/textproto.Error] in the error's chain.
func (s *SMTP) Open(ctx context.Context) (outbox.Courier, error) {
	l, err := s.dial(ctx)
	if err != nil {
		return nil, err
	}
	return &courier{relay: s, line: l, spare: &content{}, other: &content{}}, nil
}

func (s *SMTP) dial(ctx context.Context) (*line, error) {
	address := net.JoinHostPort(s.relay.Host, strconv.Itoa(s.relay.Port))
	ctx, cancel := context.WithTimeoutCause(ctx, s.waits.Connect,
		fmt.Errorf("not ready for letters within %s", s.waits.Connect))
	defer cancel()

	conn, raw, err := s.connect(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("connect to relay %s: %w", address, because(ctx, err))
	}
	// Only dialling heeds a context in go-mail, and a connection that fails later is left open by it.
	unwatch := context.AfterFunc(ctx, func() { _ = conn.Close() })
	client, err := s.enter(ctx, conn)
	if !unwatch() || err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("connect to relay %s: %w", address, because(ctx, err))
	}
	raw.trusted = true
	offers := offersOf(client)
	offers.pipeline = offers.pipeline && s.relay.Pipelining
	window := 1
	if offers.pipeline && offers.chunking {
		window = max(1, s.relay.Window)
	}
	offers.maxMails = lower(offers.maxMails, s.relay.Letters)
	s.utf8.Store(offers.utf8)
	now := time.Now()
	l := &line{conn: conn, client: client, waits: s.waits, offers: offers, opened: now, heard: now, age: s.relay.Age, window: window}
	if s.relay.Security == NoTLS {
		l.bare, _ = raw.Conn.(*net.TCPConn)
	}
	return l, nil
}

// lower is the lower one of two limits; what is not above 0 is none.
func lower(a, b int) int {
	if a <= 0 || b <= 0 {
		return max(a, b)
	}
	return min(a, b)
}

// because prefers the reason for which a context ended to the error that its end provoked, but keeps what the server had
// answered before.
func because(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	_, answered := errors.AsType[*textproto.Error](err)
	switch {
	case cause == nil:
		return heard{err}
	case answered:
		return heard{fmt.Errorf("%w (%w)", err, cause)}
	default:
		return cause
	}
}

// heard is an error that may hold a server's words. They are told on one line, fit for a terminal and cut to the length
// that is kept of a reply.
type heard struct{ error }

func (h heard) Error() string { return newsletter.NewReply(0, h.error.Error()).WithoutAddress().Text }

func (h heard) Unwrap() error { return h.error }

// connect returns what to speak through, and the bare connection beneath.
func (s *SMTP) connect(ctx context.Context, address string) (net.Conn, *frugal, error) {
	conn, err := s.relay.Dial(ctx, "tcp", address)
	if err != nil {
		return nil, nil, err
	}
	raw := &frugal{Conn: conn}
	if s.relay.Security != Implicit {
		return raw, raw, nil
	}
	secured := tls.Client(raw, s.tlsConfig())
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, nil, err
	}
	return secured, raw, nil
}

// enter takes a connection through greeting, EHLO, STARTTLS and AUTH.
func (s *SMTP) enter(ctx context.Context, conn net.Conn) (*smtp.Client, error) {
	options := []mail.Option{
		mail.WithTLSPolicy(mail.NoTLS),        // secure decides
		mail.WithTimeout(2 * s.waits.Connect), // ctx ends sooner
		mail.WithDialContextFunc(func(context.Context, string, string) (net.Conn, error) { return conn, nil }),
	}
	if s.relay.HELO != "" {
		options = append(options, mail.WithHELO(s.relay.HELO))
	}
	dialer, err := mail.NewClient(s.relay.Host, options...)
	if err != nil {
		return nil, err
	}
	client, err := dialer.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.secure(client); err != nil {
		return nil, err
	}
	return client, s.login(client)
}

func (s *SMTP) secure(client *smtp.Client) error {
	if s.relay.Security != STARTTLS {
		return nil
	}
	if offered, _ := client.Extension("STARTTLS"); !offered {
		return errors.New("the server does not offer STARTTLS: use implicit TLS (smtps), or none for a relay on this machine")
	}
	if err := client.StartTLS(s.tlsConfig()); err != nil {
		return fmt.Errorf("STARTTLS: %w", err)
	}
	return nil
}

func (s *SMTP) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.relay.Host, MinVersion: tls.VersionTLS12, RootCAs: s.relay.RootCAs}
}
