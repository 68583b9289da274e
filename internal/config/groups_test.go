package config

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
)

// A file changes a group, adds one and takes one away; the others stay. Whether they are told apart depends on the way out.
func TestApart(t *testing.T) {
	const file = "[groups.orange]\nper_hour = 500\nrest = \"10m\"\n[groups.bouygues]\ndomains = [\"bbox.fr\"]\n[groups.free]\ndomains = []\n"
	for _, test := range []struct {
		relay, groups string
		apart         bool
	}{
		{"", "auto", false}, {"", "always", true}, {"smtp://127.0.0.1:2525?tls=none", "auto", true}, {"smtp://localhost:25?tls=none", "never", false},
		{"smtps://relay.example:465", "auto", false}, {"smtps://relay.example:465", "always", true},
	} {
		here(t, "facteur.toml", "smtp.url = \""+test.relay+"\"\nsend.groups = \""+test.groups+"\"\n"+file)
		all, err := load(t, Options{}).Apart()
		if err != nil || (len(all) > 0) != test.apart {
			t.Errorf("%q, %s: %d groups, %v", test.relay, test.groups, len(all), err)
		}
		if !test.apart {
			continue
		}
		of := map[string]newsletter.Group{}
		for _, g := range all {
			of[g.Name] = g
		}
		want := newsletter.Group{Name: "orange", Domains: []string{"orange.fr", "wanadoo.fr"}, AtOnce: 2, Pace: newsletter.Pace{Hour: 500}, Rest: 10 * time.Minute}
		if diff := cmp.Diff(want, of["orange"]); diff != "" {
			t.Errorf("orange (-want +got):\n%s", diff)
		}
		want = newsletter.Group{Name: "bouygues", Domains: []string{"bbox.fr"}, Rest: 5 * time.Minute}
		if diff := cmp.Diff(want, of["bouygues"]); diff != "" {
			t.Errorf("bouygues (-want +got):\n%s", diff)
		}
		if _, there := of["free"]; there || all.Of("Jean@WANADOO.fr") != "orange" || all.Of("jean@neuf.fr") != "sfr" || all.Of("jean@free.fr") != "" {
			t.Errorf("the groups are %v", all)
		}
	}
}

// No domain stands in two groups, and every one is as addresses are kept.
func TestProviders_AreApart(t *testing.T) {
	in := map[string]string{}
	for name, g := range providers() {
		for _, domain := range g.Domains {
			if other := in[domain]; other != "" || !isHost(domain) {
				t.Errorf("%s of %s is in %q already, or no host", domain, name, other)
			}
			in[domain] = name
		}
	}
}
