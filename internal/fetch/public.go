package fetch

import (
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// special are networks that are not the public Internet though they look it (RFC 6890, and the registries of special-purpose
// addresses at iana.org that it made).
func special() []netip.Prefix {
	var all []netip.Prefix
	for _, network := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		all = append(all, netip.MustParsePrefix(network))
	}
	return all
}

// translated is the network in which IPv6 writes addresses of IPv4 (RFC 6052 §2.1).
var translated = netip.PrefixFrom(netip.AddrFrom16([16]byte{0: 0x00, 1: 0x64, 2: 0xff, 3: 0x9b}), 96)

// public reports whether an address is one that anybody could speak to.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if translated.Contains(a) {
		sixteen := a.As16()
		a = netip.AddrFrom4([4]byte(sixteen[12:]))
	}
	holds := func(p netip.Prefix) bool { return p.Contains(a) }
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(special(), holds)
}

// guard refuses a connection to an address that is not public, unless it is allowed. It is asked when the name has been
// resolved, so no name and no redirect leads around it.
func guard(allowed []netip.Prefix) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		a := to.Addr().Unmap().WithZone("")
		if public(a) || slices.ContainsFunc(allowed, func(p netip.Prefix) bool { return p.Contains(a) }) {
			return nil
		}
		return advised{
			fmt.Sprintf("its server has the address %s, which is not public", a), "put it on the public web, or name the network in collect.picture_networks",
		}
	}
}
