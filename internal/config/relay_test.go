package config

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRelay(t *testing.T) {
	tests := map[string]struct {
		url  string
		want Relay
		why  string // part of the refusal
	}{
		"submission":         {url: "smtp://u@relais.fr:587", want: Relay{Host: "relais.fr", Port: 587, User: "u", TLS: TLSStartTLS}},
		"port left out":      {url: "smtp://relais.fr", want: Relay{Host: "relais.fr", Port: 587, TLS: TLSStartTLS}},
		"TLS from the start": {url: "smtps://u@Relais.FR/", want: Relay{Host: "relais.fr", Port: 465, User: "u", TLS: TLSImplicit}},
		"user is an address": {url: "smtps://lettre@pandia.fr@relais.fr", want: Relay{Host: "relais.fr", Port: 465, User: "lettre@pandia.fr", TLS: TLSImplicit}},
		"user is escaped":    {url: "smtps://a%40b@relais.fr", want: Relay{Host: "relais.fr", Port: 465, User: "a@b", TLS: TLSImplicit}},
		"local":              {url: "smtp://127.0.0.1:2525?tls=none", want: Relay{Host: "127.0.0.1", Port: 2525, TLS: TLSNone}},
		"local, IPv6":        {url: "smtp://[::1]:2525?tls=none", want: Relay{Host: "::1", Port: 2525, TLS: TLSNone}},
		"local, by name":     {url: "smtp://localhost:25?tls=none", want: Relay{Host: "localhost", Port: 25, TLS: TLSNone}},

		"plain to another host":     {url: "smtp://relais.fr:25?tls=none", why: "for a relay on this machine"},
		"plain to an inner network": {url: "smtp://10.0.0.1:25?tls=none", why: "for a relay on this machine"},
		"looks like loopback":       {url: "smtp://127.0.0.1.evil.fr:25?tls=none", why: "for a relay on this machine"},
		"a user without TLS":        {url: "smtp://u@127.0.0.1:25?tls=none", why: "a password is never sent without TLS"},
		"smtps without TLS":         {url: "smtps://127.0.0.1?tls=none", why: "only tls=none"},
		"another option":            {url: "smtp://relais.fr?tls=maybe", why: "only tls=none"},
		"an unknown option":         {url: "smtp://relais.fr?starttls=no", why: "only tls=none"},
		"the option twice":          {url: "smtp://127.0.0.1?tls=none&tls=none", why: "only tls=none"},
		"a bad option":              {url: "smtp://127.0.0.1?tls=%zz", why: "cannot be read"},
		"a password":                {url: "smtp://u:p@relais.fr", why: "a password stands in it"},
		"an empty password":         {url: "smtp://u:@relais.fr", why: "a password stands in it"},
		"another scheme":            {url: "https://relais.fr", why: "smtp:// or smtps://"},
		"no scheme":                 {url: "relais.fr:587", why: "not the address of a relay"},
		"no host":                   {url: "smtp://:587", why: "not the address of a relay"},
		"a path":                    {url: "smtp://relais.fr/x", why: "not the address of a relay"},
		"port 0":                    {url: "smtp://relais.fr:0", why: "the port must be"},
		"port 70000":                {url: "smtp://relais.fr:70000", why: "the port must be"},
		"a control character":       {url: "smtps://a%0d%0ab@relais.fr", why: "control character"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			here(t)
			c, err := Load(Options{Environ: []string{"FACTEUR_SMTP_URL=" + test.url, "FACTEUR_SMTP_PASSWORD=secret"}})
			if test.why != "" {
				if err == nil || !strings.Contains(err.Error(), "FACTEUR_SMTP_URL: smtp.url: ") || !strings.Contains(err.Error(), test.why) {
					t.Fatalf("err = %v, want %q", err, test.why)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.WayOut()
			if err != nil {
				t.Fatal(err)
			}
			test.want.Password, test.want.Helo, test.want.Timeout = "secret", "pandia.example", 5*time.Minute
			test.want.Share, test.want.Connections, test.want.Pipelining = 1, 4, true
			test.want.Window, test.want.Letters, test.want.Age = 1, 1000, 5*time.Minute
			if diff := cmp.Diff(WayOut{test.want}, got, cmpopts.IgnoreFields(Relay{}, "CA")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRelay_WithoutOneIsTheFolder(t *testing.T) {
	out, err := Default().WayOut()
	if err != nil || !out.IsFolder() || out.Loopback() {
		t.Errorf("the way out = %+v, err = %v", out, err)
	}
}

func TestRelay_TrustsTheAuthoritiesItIsGiven(t *testing.T) {
	here(t, "ca.pem", caPEM)
	c := load(t, Options{Environ: []string{"FACTEUR_SMTP_URL=smtps://relais.fr", "FACTEUR_SMTP_CA_FILE=ca.pem"}})
	if out, err := c.WayOut(); err != nil || out[0].CA == nil {
		t.Errorf("the way out = %+v, err = %v", out, err)
	}
}

func TestRelay_HasLogin(t *testing.T) {
	for url, want := range map[string]bool{"smtps://relais.fr": true, "smtps://u@relais.fr": false} {
		here(t)
		out, err := load(t, Options{Environ: []string{"FACTEUR_SMTP_URL=" + url}}).WayOut()
		if err != nil {
			t.Fatal(err)
		}
		if err := out[0].HasLogin(); (err == nil) != want || (err != nil && !strings.Contains(err.Error(), "no password")) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// real is an identity that is no example.
func real() []string {
	return []string{
		"FACTEUR_SITE_URL=https://journal.fr", "FACTEUR_PUBLISHER_NAME=Journal SARL", "FACTEUR_PUBLISHER_ADDRESS=2 rue Neuve, 69001 Lyon",
		"FACTEUR_PUBLISHER_CONTACT=redaction@journal.fr", "FACTEUR_PUBLISHER_LEGAL_URL=https://journal.fr/mentions",
		"FACTEUR_PUBLISHER_PRIVACY_URL=https://journal.fr/donnees", "FACTEUR_SENDER_ADDRESS=lettre@journal.fr",
		"FACTEUR_WEB_URL=https://lettre.journal.fr", "FACTEUR_SMTP_URL=smtps://relais.fr",
	}
}

func TestMayLeave(t *testing.T) {
	tests := map[string]struct {
		env  []string
		what string // empty: letters may leave
		do   string
	}{
		"the defaults into the folder":        {},
		"a real identity":                     {env: real()},
		"the defaults to this machine":        {env: []string{"FACTEUR_SMTP_URL=smtp://127.0.0.1:2525?tls=none"}},
		"the defaults to the world":           {env: []string{"FACTEUR_SMTP_URL=smtps://relais.fr"}, what: "publisher.name", do: "sender.address and web.url"},
		"one placeholder is left":             {env: append(real(), "FACTEUR_PUBLISHER_ADDRESS=1 rue de l’Exemple, 75000 Paris, France"), what: "publisher.address is still an example", do: "set publisher.address, or"},
		"a sender for tests":                  {env: append(real(), "FACTEUR_SENDER_ADDRESS=a@lettre.TEST"), what: "sender.address is still an example"},
		"answers to an example":               {env: append(real(), "FACTEUR_SENDER_REPLY_TO=a@example.org"), what: "sender.reply_to is still an example"},
		"returns to nowhere":                  {env: append(real(), "FACTEUR_SENDER_RETURN_PATH=a@b.invalid"), what: "sender.return_path is still an example"},
		"pages without https":                 {env: append(real(), "FACTEUR_WEB_URL=http://lettre.journal.fr"), what: "web.url is not a public https address", do: "set web.url"},
		"pages on this machine":               {env: append(real(), "FACTEUR_WEB_URL=https://localhost:8025"), what: "web.url is not a public https address"},
		"pages on an inner network":           {env: append(real(), "FACTEUR_WEB_URL=https://10.1.2.3"), what: "web.url is not a public https address"},
		"an empty field":                      {env: append(real(), "FACTEUR_PUBLISHER_LEGAL_URL="), what: "publisher.legal_url is empty", do: "set publisher.legal_url"},
		"empty fields, even to the folder":    {env: []string{"FACTEUR_PUBLISHER_NAME= ", "FACTEUR_PUBLISHER_CONTACT="}, what: "publisher.name and publisher.contact are empty"},
		"a login that the service alone sees": {env: append(real(), "FACTEUR_SMTP_URL=smtps://u@relais.fr")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			here(t)
			err := load(t, Options{Environ: test.env}).MayLeave()
			if test.what == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var bad *Error
			if !errors.As(err, &bad) || len(bad.Problems) != 1 || !strings.Contains(bad.Problems[0].What, test.what) || !strings.Contains(bad.Problems[0].Do, test.do) {
				t.Errorf("err = %v\nwant %s / %s", err, test.what, test.do)
			}
		})
	}
}
