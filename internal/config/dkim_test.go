package config

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSignatures(t *testing.T) {
	for name, test := range map[string]struct {
		file   string
		want   []Signature
		domain string
	}{
		"none": {"", nil, "pandia.example"},
		"one": {
			"dkim.selector = \"s1\"",
			[]Signature{{Setting: "dkim.selector", Selector: "s1", File: filepath.Join("data", "dkim", "s1.pem")}}, "pandia.example",
		},
		"two, elsewhere": {
			"[sender]\naddress = \"a@lettre.journal.fr\"\n[dkim]\nselector = \"s1.2026\"\nkey_file = \"keys/a.pem\"\ned25519_selector = \"e1\"\ned25519_key_file = \"/etc/e.pem\"",
			[]Signature{
				{Setting: "dkim.selector", Selector: "s1.2026", File: filepath.Join("keys", "a.pem")},
				{Setting: "dkim.ed25519_selector", Selector: "e1", File: "/etc/e.pem", Ed25519: true},
			}, "lettre.journal.fr",
		},
		"the domain above":  {"[sender]\naddress = \"a@lettre.journal.fr\"\n[dkim]\ndomain = \"journal.fr\"", nil, "journal.fr"},
		"the domain beside": {"[sender]\naddress = \"a@lettre.journal.fr\"\n[dkim]\ndomain = \"courrier.journal.fr\"", nil, "courrier.journal.fr"},
	} {
		t.Run(name, func(t *testing.T) {
			here(t, "facteur.toml", test.file)
			c := load(t, Options{})
			if diff := cmp.Diff(test.want, c.Signatures()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if c.DKIM.Domain != test.domain {
				t.Errorf("domain %q", c.DKIM.Domain)
			}
			if got, want := c.KeyFile("next"), filepath.Join("data", "dkim", "next.pem"); got != want {
				t.Errorf("the next key is in %s", got)
			}
		})
	}
}
