// Package address holds an e-mail address: it parses what a person typed, compares and displays it.
//
// Its rules:
//   - What the e-mail field of an HTML form accepts is accepted (WHATWG HTML, "valid e-mail address"), if the
//     local part is a dot-string (RFC 5321 §4.1.2) and the domain has a dot. Quoted strings, comments,
//     address literals, display names and lists are refused.
//   - The local part stays as typed: only its own server may interpret it (RFC 5321 §2.4). The domain is kept in
//     its ASCII form, lower-case (UTS 46, non-transitional, STD3), so that münchen.example and
//     xn--mnchen-3ya.example are one domain.
//   - An Address can be written into a header field or an SMTP command as it is: it has no white space and no
//     control character.
//   - No error and no log value holds the address itself.
package address

import (
	"log/slog"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Address is a valid e-mail address. Two values are equal (==) when local part and domain are spelled alike; whether
// they mean one mailbox is what Key tells. The zero value is no address.
type Address struct {
	local  string // NFC, as typed
	domain string // A-labels, lower-case
}

// Local is the part before the @, as typed (in Unicode NFC).
func (a Address) Local() string { return a.local }

// Domain is the part after the @ in its ASCII form, lower-case.
func (a Address) Domain() string { return a.domain }

// IsZero reports whether a is the zero value.
func (a Address) IsZero() bool { return a == Address{} }

// String is the address as SMTP and message headers need it, with the domain in ASCII. The zero value gives "".
func (a Address) String() string {
	if a.IsZero() {
		return ""
	}
	return a.local + "@" + a.domain
}

// Display is the address for people, with the domain in its own script.
func (a Address) Display() string {
	if a.IsZero() {
		return ""
	}
	domain, err := domains().ToUnicode(a.domain)
	if err != nil {
		domain = a.domain
	}
	return a.local + "@" + domain
}

// Key is what to compare: two addresses with one key count as one mailbox. The case of the local part is ignored as
// all large providers do, though RFC 5321 §2.4 lets a server tell Jean from jean. Dots and +tags count, because only
// some providers ignore them. A key is for comparing and looking up; letters go to String.
func (a Address) Key() string {
	if a.IsZero() {
		return ""
	}
	return fold(a.local) + "@" + a.domain
}

// NeedsSMTPUTF8 reports whether the relay must offer SMTPUTF8 (RFC 6531) to carry a letter to this address.
func (a Address) NeedsSMTPUTF8() bool {
	return strings.IndexFunc(a.local, func(r rune) bool { return r > unicode.MaxASCII }) >= 0
}

// IsRole reports whether the mailbox belongs to a function or a machine, so that no person can have asked for letters
// to it: the network and service names of RFC 2142 §4 and §5, and the common names of unattended mailboxes. The
// business names of RFC 2142 §3 (info, sales) are not among them: in a small firm they are a person's only address.
// Whether a role address is refused is the caller's choice.
func (a Address) IsRole() bool {
	switch fold(a.local) {
	case "abuse", "noc", "security",
		"postmaster", "hostmaster", "webmaster", "www", "ftp", "usenet", "news", "uucp",
		"mailer-daemon", "root", "daemon", "bounce", "bounces",
		"noreply", "no-reply", "no_reply", "no.reply", "donotreply", "do-not-reply",
		"nepasrepondre", "ne-pas-repondre", "ne_pas_repondre", "ne.pas.repondre":
		return true
	}
	return false
}

// LogValue keeps the local part out of logs.
func (a Address) LogValue() slog.Value {
	if a.IsZero() {
		return slog.StringValue("")
	}
	return slog.StringValue("…@" + a.domain)
}

// MarshalText gives String.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText is Parse, except that empty text gives the zero value.
func (a *Address) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*a = Address{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// domains is the profile that turns a typed domain into A-labels and back. Hyphens in the third and fourth place are
// let through as browsers do; hyphens at the edges are checked by parseDomain.
func domains() *idna.Profile {
	return idna.New(
		idna.MapForLookup(),
		idna.Transitional(false),
		idna.StrictDomainName(true),
		idna.CheckHyphens(false),
		idna.BidiRule(),
		idna.VerifyDNSLength(true),
	)
}

// fold is simple case folding (Unicode CaseFolding.txt, status C and S): every rune becomes one rune, so that ß stays
// apart from ss. These are two mailboxes. One that folds to nothing else stays as it is: the lower case of İ is that of I.
func fold(s string) string {
	folded := strings.Map(func(r rune) rune {
		least := r
		if unicode.SimpleFold(r) == r {
			return r
		}
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return unicode.ToLower(least)
	}, s)
	return norm.NFC.String(folded)
}
