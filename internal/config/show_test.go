package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// caPEM is a certificate made for these tests; nothing is signed with its key, which was not kept.
const caPEM = `-----BEGIN CERTIFICATE-----
MIIBRDCB96ADAgECAhRzwyVMlFUih9knJ4jxb/pR0uLdFTAFBgMrZXAwFzEVMBMG
A1UEAwwMZmFjdGV1ci10ZXN0MCAXDTI2MTEyMzE4NTAwMVoYDzIxMjYxMDMwMTg1
MDAxWjAXMRUwEwYDVQQDDAxmYWN0ZXVyLXRlc3QwKjAFBgMrZXADIQB33itrIqBn
Ih0w6qPWxB77jUwMdoq52DYgQelWgsaiQqNTMFEwHQYDVR0OBBYEFEofh70aj6xI
m+von4kDKt4KhfjGMB8GA1UdIwQYMBaAFEofh70aj6xIm+von4kDKt4KhfjGMA8G
A1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EA3D8JLQeRtm0uuc2iDv0/YmJSJDX6Obqy
/rBdgV7M8AGiY/IzdJ6F9n3LbTauQMlh04P+A33Ten+Aye3m5ayRAg==
-----END CERTIFICATE-----
`

func show(t *testing.T, c *Config) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := c.Show(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestShow(t *testing.T) {
	file, err := filepath.Abs("testdata/show.golden")
	if err != nil {
		t.Fatal(err)
	}
	here(t, "secret", "hunter2", "facteur.toml", `[smtp]
url = "smtps://lettre@relais.fr"
password_file = "secret"

[publisher]
address = """
2 rue Neuve
69001 Lyon"""

[newsletters.hebdo]
title = "La « lettre »"

[newsletters.soir]
title = "Le soir"
schedule = "0 19 * * 1-5"
sections = [{ name = "actualites", title = "Actualités", quota = 3 }]
`)
	c := load(t, Options{Environ: []string{"FACTEUR_LOG_FORMAT=json"}, Data: "ailleurs"})
	golden(t, file, show(t, c))
}

func TestShow_ReadAgainGivesTheSame(t *testing.T) {
	here(t)
	first := load(t, Options{Environ: append(real(), "FACTEUR_PUBLISHER_ADDRESS=2 rue\nNeuve \"bis\" \\ é\u00a0!")})
	if err := os.WriteFile("facteur.toml", show(t, first), 0o600); err != nil {
		t.Fatal(err)
	}
	second := load(t, Options{})
	if diff := cmp.Diff(first, second, cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

func TestASecretDoesNotShow(t *testing.T) {
	here(t)
	c := load(t, Options{Environ: []string{"FACTEUR_SMTP_PASSWORD=hunter2", "FACTEUR_SMTP_URL=smtps://u@relais.fr"}})
	out, err := c.WayOut()
	if err != nil {
		t.Fatal(err)
	}
	relay := out[0]
	values, err := json.Marshal(c.Values())
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("settings", "smtp", c.SMTP, "password", c.SMTP.Password)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("settings", "smtp", c.SMTP, "password", c.SMTP.Password)
	for name, said := range map[string]string{
		"Show": string(show(t, c)), "Values": string(values), "log": log.String(),
		"print": fmt.Sprintf("%v %+v %#v %s", c.SMTP, c.SMTP, c.SMTP, relay.Password), "relay": fmt.Sprintf("%v %+v %#v", relay, relay, relay),
	} {
		if strings.Contains(said, "hunter2") || !strings.Contains(said, mask) {
			t.Errorf("%s: %s", name, said)
		}
	}
	if relay.Password.Reveal() != "hunter2" {
		t.Error("the relay has no password")
	}
}

func TestValues_AreJSON(t *testing.T) {
	here(t, "facteur.toml", "[smtp]\nconnections = 2\n")
	raw, err := json.Marshal(load(t, Options{}).Values())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"key":"smtp.connections","value":2,"origin":"facteur.toml:2"}`,
		`{"key":"smtp.timeout","value":"5m","origin":"default"}`,
		`{"key":"smtp.password","value":"","origin":"default"}`,
		`"value":[{"name":"actualites","title":"Actualités","quota":8},`,
	} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("no %s in %s", want, raw)
		}
	}
}
