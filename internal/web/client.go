package web

import (
	"net/http"
	"net/netip"
	"strings"
)

// Neighbourhoods that limits are counted by. A machine has one IPv4 address, or the whole of an IPv6 /64, which is the
// smallest network there is (RFC 4291 §2.5.1) and in which machines choose their addresses anew (RFC 8981). Providers
// hand out IPv4 by the /24 and more, IPv6 by the site, which is a /48 (RFC 6177 §2).
const (
	machine4, network4 = 32, 24
	machine6, network6 = 64, 48
)

// whereabouts is whose machine a request comes from and its network, such as "203.0.113.7" and "203.0.113.0/24", or
// "2001:db8:1:2::" and "2001:db8:1::/48". Both are empty where the connection has no such address. They go to the
// story and never into a log.
func (s *site) whereabouts(r *http.Request) (client, network string) {
	from := s.origin(r)
	if !from.IsValid() {
		return "", ""
	}
	machine, around := machine6, network6
	if from.Is4() {
		machine, around = machine4, network4
	}
	// Neither can fail: both lengths fit the address.
	one, _ := from.Prefix(machine)
	many, _ := from.Prefix(around)
	return one.Addr().String(), many.String()
}

// origin is the nearest address that no proxy of ours has. Each proxy adds the address that it was asked from at the
// right of X-Forwarded-For; so the list is read from the right, and only as far as proxies of ours wrote it: anybody may
// send such a field.
func (s *site) origin(r *http.Request) netip.Addr {
	at, ok := hop(r.RemoteAddr)
	if !ok {
		return netip.Addr{}
	}
	if len(r.Header["X-Forwarded-For"]) > 0 && !s.trusted(at) {
		s.stranger.Do(s.warnOfStranger)
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(at); i-- {
		next, ok := hop(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		at = next
	}
	return at
}

// warnOfStranger names no address: it may be a visitor's.
func (s *site) warnOfStranger() {
	s.Log.Warn("an X-Forwarded-For was not believed: web.trusted_proxies does not name the address that sent it",
		"do", "if your proxy sent it, add the address that it connects from to web.trusted_proxies; without that, all visitors share the limits of one address")
}

func (s *site) trusted(at netip.Addr) bool {
	for _, proxy := range s.TrustedProxies {
		if proxy.Contains(at) {
			return true
		}
	}
	return false
}

// hop reads an address, with a port or without. An IPv4 address in IPv6 (RFC 4291 §2.5.5.2) is the IPv4 address.
func hop(text string) (netip.Addr, bool) {
	if with, err := netip.ParseAddrPort(text); err == nil {
		return with.Addr().Unmap().WithZone(""), true
	}
	alone, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	return alone.Unmap().WithZone(""), err == nil
}
