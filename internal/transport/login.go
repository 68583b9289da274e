package transport

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// login authenticates with the best mechanism that both sides know (RFC 4954).
func (s *SMTP) login(client *smtp.Client) error {
	if s.relay.User == "" {
		return nil
	}
	_, offered := client.Extension("AUTH")
	_, secured := client.TLSConnectionState()
	auth, err := s.mechanism(strings.Fields(strings.ToUpper(offered)), secured)
	if err != nil {
		return err
	}
	if err := client.Auth(auth); err != nil {
		return fmt.Errorf("log in as %s: %w", s.relay.User, err)
	}
	return nil
}

// mechanism chooses among what the server offers. PLAIN and LOGIN show the password and need TLS (RFC 4954 §4).
func (s *SMTP) mechanism(offered []string, secured bool) (smtp.Auth, error) {
	user, password := s.relay.User, s.relay.Password
	offers := func(name string) bool { return slices.Contains(offered, name) }
	switch {
	case offers("SCRAM-SHA-256"):
		return smtp.ScramSHA256Auth(user, password), nil
	case offers("SCRAM-SHA-1"):
		return smtp.ScramSHA1Auth(user, password), nil
	case offers("PLAIN") && secured:
		return smtp.PlainAuth("", user, password, s.relay.Host, false), nil
	case offers("LOGIN") && secured:
		return smtp.LoginAuth(user, password, s.relay.Host, false), nil
	case offers("CRAM-MD5"):
		return smtp.CRAMMD5Auth(user, password), nil
	case len(offered) == 0:
		return nil, errors.New("the server offers no login: leave out user and password, or use its submission port")
	case !secured:
		return nil, fmt.Errorf("the server offers only logins that would show the password without TLS (%s): use starttls or implicit TLS",
			strings.Join(offered, " "))
	default:
		return nil, fmt.Errorf("the server offers no login known here (%s): SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN and CRAM-MD5 are",
			strings.Join(offered, " "))
	}
}
