package config_test

import (
	"strings"
	"testing"

	"facteur/internal/config"
)

func TestWarnings(t *testing.T) {
	for _, test := range []struct {
		url     string
		proxies []string
		warned  bool
	}{
		{"http://127.0.0.1:8025", nil, false},
		{"https://lettre.pandia.example", nil, true},
		{"https://lettre.pandia.example", []string{"127.0.0.1"}, false},
	} {
		var c config.Config
		c.Web.URL, c.Web.TrustedProxies = test.url, test.proxies
		got := c.Warnings()
		if warned := len(got) == 1; warned != test.warned || warned && (!strings.HasPrefix(got[0].What, "web.trusted_proxies ") || got[0].Do == "") {
			t.Errorf("%s behind %v: %q", test.url, test.proxies, got)
		}
	}
}
