package config

import (
	"cmp"
	"fmt"
	"net/mail"
	"net/netip"
	"strings"
	"unicode"

	"facteur/internal/token"
)

// addressFault asks for one bare address under a domain name. It is a first check of shape; what a letter may carry is decided
// where addresses are at home.
func addressFault(text string) string {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || strings.ContainsAny(text, "\" ") || !isDomain(domainOf(text)) {
		return "not a bare e-mail address"
	}
	return ""
}

// senderFault is addressFault for addresses that stand in header fields and the envelope of every letter, which are kept in ASCII so that
// any server takes them (RFC 5322 §3.4.1, RFC 5321 §4.1.2).
func senderFault(text string) string {
	ascii := !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
	return cmp.Or(addressFault(text), unless(ascii, "it must be in ASCII (a domain with accents in its xn-- form)"))
}

// returnFault is senderFault for the envelope sender, in which [token.ReturnMark] may end the local part. RFC 5321 §4.5.3.1.1 gives that
// 64 octets, a letter's token included.
func returnFault(text string) string {
	before, domain, marked := strings.Cut(text, token.ReturnMark+"@")
	if !marked {
		return cmp.Or(senderFault(text), unless(!strings.ContainsAny(text, "{}"), "what stands in braces must be "+token.ReturnMark+", right before the @"))
	}
	if room := 64 - token.ReturnLen; len(before) > room {
		return fmt.Sprintf("at most %d characters may stand before %s", room, token.ReturnMark)
	}
	return cmp.Or(senderFault(before+strings.Repeat("a", token.ReturnLen)+"@"+domain), unless(!strings.ContainsAny(before, "{}"), token.ReturnMark+" may stand in it once"))
}

// deadFault refuses senders that say nobody reads them: readers could not answer, and large providers turn such letters away.
func deadFault(address string) string {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	switch strings.NewReplacer("-", "", "_", "", ".", "").Replace(local) {
	case "noreply", "donotreply", "nepasrepondre", "noreponse", "pasdereponse", "sansreponse":
		return "answers must be read by somebody"
	}
	return ""
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// isDomain says whether s has the shape of a domain name, accents allowed (RFC 5890): labels of letters, digits and inner hyphens.
func isDomain(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		other := func(r rune) bool {
			return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		}
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.ContainsFunc(label, other) {
			return false
		}
	}
	return len(s) <= 253
}

// isHost is isDomain for names in ASCII (RFC 1123 §2.1).
func isHost(s string) bool {
	return isDomain(s) && !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// heloFault asks for what may follow EHLO: a domain name or an address literal (RFC 5321 §4.1.1.1, §4.1.3).
func heloFault(name string) string {
	if inner, found := strings.CutPrefix(name, "["); found {
		inner = strings.TrimPrefix(strings.TrimSuffix(inner, "]"), "IPv6:")
		_, err := netip.ParseAddr(inner)
		return unless(err == nil && strings.HasSuffix(name, "]"), "not an address literal")
	}
	return unless(isHost(name), "not a host name in ASCII")
}

// loopback says whether a host is this machine itself (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3, RFC 6761 §6.3).
func loopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// private says whether a host cannot be reached by the public: an address of an inner network, or a name without a dot.
func private(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
	}
	return loopback(host) || !strings.Contains(strings.TrimSuffix(host, "."), ".")
}

// reserved says whether a domain is set aside for examples and tests (RFC 2606, RFC 6761).
func reserved(domain string) bool {
	domain = "." + strings.ToLower(strings.TrimSuffix(domain, "."))
	for _, name := range []string{".example", ".test", ".invalid", ".localhost", ".example.com", ".example.net", ".example.org"} {
		if strings.HasSuffix(domain, name) {
			return true
		}
	}
	return false
}
