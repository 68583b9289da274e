package neardup

import (
	"net/url"
	"slices"
	"strings"

	"facteur/internal/newsletter"
)

// Address is the form in which two spellings of an article's address are equal: https, no “www.” or “amp.”, no slash at the end, no mark of
// tracking or of AMP, parameters sorted. It serves to compare, not to be visited. What is no web address is empty.
func Address(raw string) string {
	for {
		next := loosen(raw)
		if next == raw {
			return raw
		}
		raw = next // what was taken off may have hidden more; each round but for order and scheme is shorter
	}
}

func loosen(raw string) string {
	canonical, err := newsletter.CanonicalURL(raw)
	if err != nil {
		return ""
	}
	u, err := url.Parse(canonical)
	if err != nil {
		return ""
	}
	u.Scheme = "https"
	for _, prefix := range []string{"www.", "amp."} {
		if rest, found := strings.CutPrefix(u.Host, prefix); found && strings.Contains(rest, ".") {
			u.Host = rest
		}
	}
	path := u.EscapedPath()
	for _, suffix := range []string{"/", "/amp", ".amp"} {
		if rest, found := strings.CutSuffix(path, suffix); found && strings.Trim(rest, "/") != "" {
			path = rest
		}
	}
	if u.Path, err = url.PathUnescape(path); err != nil {
		return ""
	}
	u.RawPath = path
	u.RawQuery = withoutTracking(u.RawQuery)
	return u.String()
}

func withoutTracking(query string) string {
	pairs := strings.FieldsFunc(query, func(r rune) bool { return r == '&' })
	pairs = slices.DeleteFunc(pairs, func(pair string) bool {
		name, value, _ := strings.Cut(strings.ToLower(pair), "=")
		return tracks(name) || name == "amp" && (value == "" || value == "1") || name == "outputtype" && value == "amp"
	})
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// tracks reports a parameter that says where a reader came from. “ref”, “source” and “id” are not among them: sites give them a meaning.
func tracks(name string) bool {
	for _, prefix := range []string{"utm_", "mtm_", "at_", "_hs"} { // Google and all others, Matomo, Piano, HubSpot
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return slices.Contains([]string{
		"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ttclid", "twclid", "li_fat_id", "igshid",
		"mc_cid", "mc_eid", "mkt_tok", "xtor", "wt_mc",
		"pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", // of Matomo when it was Piwik
	}, name)
}

// isFront reports the address at which a site begins, which careless programs give to each of its articles.
func isFront(address string) bool {
	u, err := url.Parse(address)
	return err != nil || strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

// host is that of an address in the form of [Address].
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// SameHost reports two addresses of one host, in whatever spelling.
func SameHost(a, b string) bool { return host(Address(a)) == host(Address(b)) }
