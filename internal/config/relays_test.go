package config

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const twoRelays = `[relays.main]
url = "smtps://u@relais.fr"
share = 3
password_file = "main-password"
ca_file = "ca.pem"
[relays.spare]
url = "smtp://autre.fr:2587"
connections = 2
pipelining = "never"
window = 4
connection_letters = 50
connection_age = "0s"
timeout = "1m"
helo = "lettre.journal.fr"
`

func TestWayOut_SeveralRelays(t *testing.T) {
	here(t, "facteur.toml", twoRelays, "main-password", "hunter2\n", "ca.pem", caPEM)
	c := load(t, Options{Environ: []string{"FACTEUR_RELAYS_SPARE_SHARE=2"}})
	out, err := c.WayOut()
	if err != nil {
		t.Fatal(err)
	}
	want := WayOut{
		{Name: "main", Share: 3, Connections: 4, Host: "relais.fr", Port: 465, User: "u", Password: "hunter2", TLS: TLSImplicit, Helo: "pandia.example", Pipelining: true, Window: 1, Letters: 1000, Age: 5 * time.Minute, Timeout: 5 * time.Minute},
		{Name: "spare", Share: 2, Connections: 2, Host: "autre.fr", Port: 2587, TLS: TLSStartTLS, Helo: "lettre.journal.fr", Window: 4, Letters: 50, Timeout: time.Minute},
	}
	if diff := cmp.Diff(want, out, cmpopts.IgnoreFields(Relay{}, "CA")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if out[0].CA == nil || out[1].CA != nil || out.Loopback() || out.IsFolder() {
		t.Errorf("the authorities are not each relay's own, or the way out is near: %+v", out)
	}
	if groups, err := c.Apart(); err != nil || len(groups) == 0 {
		t.Errorf("over several relays no providers are told apart: %v", err)
	}
	if shown := string(show(t, c)); !strings.Contains(shown, "relays.spare.share = 2") || strings.Contains(shown, "hunter2") {
		t.Errorf("shown as\n%s", shown)
	}
}

func TestWayOut_ACredentialForEach(t *testing.T) {
	here(t, "facteur.toml", "[relays.main]\nurl = \"smtps://u@relais.fr\"\n[relays.spare]\nurl = \"smtps://v@autre.fr\"\n", "relays.spare.password", "geheim")
	out, err := load(t, Options{Environ: []string{"CREDENTIALS_DIRECTORY=."}}).WayOut()
	if err != nil || out[0].HasLogin() == nil || out[1].HasLogin() != nil || out[1].Password.Reveal() != "geheim" {
		t.Fatalf("%+v, %v", out, err)
	}
	if err := out[0].HasLogin(); !strings.Contains(err.Error(), "relays.main.url names the user u") || !strings.Contains(err.Error(), "FACTEUR_RELAYS_MAIN_PASSWORD_FILE") {
		t.Error(err)
	}
}

func TestWayOut_ReadAgainGivesTheSame(t *testing.T) {
	here(t, "facteur.toml", strings.Replace(twoRelays, "password_file = \"main-password\"\n", "", 1), "ca.pem", caPEM)
	first := load(t, Options{})
	var shown bytes.Buffer
	if err := first.Show(&shown); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("facteur.toml", shown.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, load(t, Options{}), cmpopts.IgnoreUnexported(Config{})); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

func TestWayOut_WhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct{ file, what, do string }{
		"beside the only one":  {"smtp.url = \"smtps://relais.fr\"\n[relays.b]\nurl = \"smtps://autre.fr\"\n", "facteur.toml:1: smtp.url and [relays.b] are both set", "take smtp.url out"},
		"without an address":   {"[relays.b]\nshare = 2\n", "facteur.toml:1: relays.b.url: it is missing or empty", "smtps://user@host:465"},
		"with a password":      {"[relays.b]\nurl = \"smtps://u:hunter2@autre.fr\"\n", "relays.b.url: a password stands in it", "relays.b.password_file"},
		"plain to the outside": {"[relays.b]\nurl = \"smtp://autre.fr?tls=none\"\n", "relays.b.url: tls=none is for a relay on this machine", ""},
		"all stand by":         {"[relays.b]\nurl = \"smtps://autre.fr\"\nshare = 0\n", "every relay has the share 0", "relays.b.share"},
		"a share below none":   {"[relays.b]\nurl = \"smtps://autre.fr\"\nshare = -1\n", "relays.b.share is -1: it must be from 0 to 1000", "share = 1"},
		"a share in half":      {"[relays.b]\nurl = \"smtps://autre.fr\"\nshare = 0.5\n", "relays.b.share is 0.5, expected a whole number", "share = 1"},
		"no connection":        {"[relays.b]\nurl = \"smtps://autre.fr\"\nconnections = 0\n", "relays.b.connections: it must be from 1 to 100", "connections = 4"},
		"no time":              {"[relays.b]\nurl = \"smtps://autre.fr\"\ntimeout = \"0s\"\n", "relays.b.timeout: it must be longer than nothing", "timeout = \"5m\""},
		"no certificate":       {"[relays.b]\nurl = \"smtps://autre.fr\"\nca_file = \"none.pem\"\n", "relays.b.ca_file is", "ca_file"},
		"an unknown key":       {"[relays.b]\nurl = \"smtps://autre.fr\"\nshares = 1\n", "unknown key relays.b.shares", "relays.b.share"},
		"a name":               {"[relays.B]\nurl = \"smtps://autre.fr\"\n", `"B" cannot be the name of a relay`, "[relays.main]"},
		"no table":             {"[relays]\nb = \"smtps://autre.fr\"\n", "relays.b is a text, expected a table", "[relays.main]"},
	} {
		t.Run(name, func(t *testing.T) {
			here(t, "facteur.toml", test.file)
			_, err := Load(Options{})
			if err == nil || !strings.Contains(err.Error(), test.what) || !strings.Contains(err.Error(), test.do) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("err = %v\nwant %s / %s", err, test.what, test.do)
			}
		})
	}
}

// One relay far away is enough for letters to need a real publisher; all on this machine do not.
func TestWayOut_MayLeave(t *testing.T) {
	for spare, may := range map[string]bool{"smtps://autre.fr": false, "smtp://localhost:26?tls=none": true} {
		here(t, "facteur.toml", "[relays.main]\nurl = \"smtp://127.0.0.1:25?tls=none\"\n[relays.spare]\nurl = \""+spare+"\"\n")
		err := load(t, Options{}).MayLeave()
		if (err == nil) != may || err != nil && !strings.Contains(err.Error(), "through autre.fr: ") {
			t.Errorf("%s: %v", spare, err)
		}
	}
}
