package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// proxied is a site behind proxies at 10.0.0.0/8 and 2001:db8:ff::/48.
func proxied() *site {
	return &site{Options: Options{Log: slog.New(slog.DiscardHandler), TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ff::/48")}}}
}

func from(remote string, forwarded ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = remote
	r.Header["X-Forwarded-For"] = forwarded
	return r
}

func TestWhereabouts(t *testing.T) {
	for name, row := range map[string]struct {
		request         *http.Request
		client, network string
	}{
		"no proxy":                {from("203.0.113.7:1234"), "203.0.113.7", "203.0.113.0/24"},
		"IPv6":                    {from("[2001:db8:1:2:3:4:5:6]:1234"), "2001:db8:1:2::", "2001:db8:1::/48"},
		"IPv6 with a zone":        {from("[fe80::1%eth0]:1234"), "fe80::", "fe80::/48"},
		"IPv4 in IPv6":            {from("[::ffff:203.0.113.7]:1234"), "203.0.113.7", "203.0.113.0/24"},
		"a field of their own":    {from("203.0.113.7:1234", "198.51.100.1"), "203.0.113.7", "203.0.113.0/24"},
		"one proxy":               {from("10.0.0.1:1234", "203.0.113.7"), "203.0.113.7", "203.0.113.0/24"},
		"one proxy and a lie":     {from("10.0.0.1:1234", "198.51.100.1, 203.0.113.7"), "203.0.113.7", "203.0.113.0/24"},
		"a lie in another field":  {from("10.0.0.1:1234", "198.51.100.1", "203.0.113.7"), "203.0.113.7", "203.0.113.0/24"},
		"a lie that names ours":   {from("10.0.0.1:1234", "10.0.0.9, 203.0.113.7"), "203.0.113.7", "203.0.113.0/24"},
		"two proxies":             {from("10.0.0.1:1234", "203.0.113.7, 10.0.0.2"), "203.0.113.7", "203.0.113.0/24"},
		"proxies of both kinds":   {from("[2001:db8:ff::1]:1234", "2001:db8:1:2::9,10.0.0.2"), "2001:db8:1:2::", "2001:db8:1::/48"},
		"a proxy in IPv6 clothes": {from("[::ffff:10.0.0.1]:1234", "::ffff:203.0.113.7"), "203.0.113.7", "203.0.113.0/24"},
		"with ports":              {from("10.0.0.1:1234", "203.0.113.7:99"), "203.0.113.7", "203.0.113.0/24"},
		"IPv6 with a port":        {from("10.0.0.1:1234", "[2001:db8:1:2::9]:99"), "2001:db8:1:2::", "2001:db8:1::/48"},
		"IPv6 in brackets":        {from("10.0.0.1:1234", "[2001:db8:1:2::9]"), "2001:db8:1:2::", "2001:db8:1::/48"},
		"nobody named":            {from("10.0.0.1:1234"), "10.0.0.1", "10.0.0.0/24"},
		"only proxies":            {from("10.0.0.1:1234", "10.0.0.3, 10.0.0.2"), "10.0.0.3", "10.0.0.0/24"},
		"nonsense":                {from("10.0.0.1:1234", "203.0.113.7, unknown"), "10.0.0.1", "10.0.0.0/24"},
		"nonsense on the left":    {from("10.0.0.1:1234", "unknown, 203.0.113.7"), "203.0.113.7", "203.0.113.0/24"},
		"empty":                   {from("10.0.0.1:1234", ""), "10.0.0.1", "10.0.0.0/24"},
		"no address":              {from("@", "203.0.113.7"), "", ""},
	} {
		client, network := proxied().whereabouts(row.request)
		if client != row.client || network != row.network {
			t.Errorf("%s: %q in %q, want %q in %q", name, client, network, row.client, row.network)
		}
	}
}

// FuzzWhereabouts reads any field: what comes of it is an address in its network, or none, and who is no proxy is not
// believed.
func FuzzWhereabouts(f *testing.F) {
	for _, seed := range []string{"203.0.113.7", "a, [::1]:2, ::ffff:1.2.3.4", ",,", "fe80::1%x", "1.2.3.4:5, 10.0.0.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, field string) {
		client, network := proxied().whereabouts(from("10.0.0.1:1", field))
		at, around := netip.MustParseAddr(client), netip.MustParsePrefix(network)
		if !around.Contains(at) || at.Is4In6() || at.Zone() != "" || around != around.Masked() {
			t.Errorf("%q: %q in %q", field, client, network)
		}
		if alone, _ := proxied().whereabouts(from("203.0.113.7:1", field)); alone != "203.0.113.7" {
			t.Errorf("%q is believed: %q", field, alone)
		}
	})
}

// Only the first stranger is told of, and by no address.
func TestAnUnknownProxyIsToldOnce(t *testing.T) {
	var log bytes.Buffer
	s := proxied()
	s.Log = slog.New(slog.NewTextHandler(&log, nil))
	s.origin(from("10.0.0.1:1", "203.0.113.7"))
	s.origin(from("198.51.100.4:1"))
	if log.Len() > 0 {
		t.Errorf("the log says %s", &log)
	}
	for range 2 {
		s.origin(from("198.51.100.4:1", "203.0.113.7"))
	}
	if said := log.String(); strings.Count(said, "level=WARN") != 1 || !strings.Contains(said, "web.trusted_proxies") || strings.Contains(said, "198.51.100.4") {
		t.Errorf("the log says %q", said)
	}
}

// FuzzFilling reads any bytes as a form: what is read can be read again from what it is written as.
func FuzzFilling(f *testing.F) {
	for _, seed := range []string{`{}`, `{"email":"a@b.fr","newsletters":["x"],"sure":true}`, `{"email":null}`, `{"email":"a","email":"b"}`, `{"a":1}`, `[`, `{"email":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodeFilling(body)
		if err != nil {
			if diff := cmp.Diff(filling{}, got); diff != "" {
				t.Errorf("%q is refused, and half read: %s", body, diff)
			}
			return
		}
		if text := strings.TrimLeft(string(body), " \t\r\n"); !strings.HasPrefix(text, "{") || len(got.Email) > len(body)*3 {
			t.Errorf("%q is read as %+v", body, got)
		}
	})
}
