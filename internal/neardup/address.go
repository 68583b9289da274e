package neardup

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"facteur/internal/newsletter"
)

// Address is the form in which two spellings of an article's address are equal: https, no “www.” or “amp.”, no slash at the end, no mark of
// tracking or of AMP, parameters sorted. It serves to compare, not to be visited. What is no web address is empty.
func Address(raw string) string {
	return settled(raw, []string{"www.", "amp."}, []string{"/", "/amp", ".amp"})
}

// pageOf is [Address], but for a mark of AMP in host or path: “amp” may be the name of a page as well, or of a town's edition.
func pageOf(raw string) string { return settled(raw, []string{"www."}, []string{"/"}) }

// settled is an address without what its host may begin with and its path end with, and without marks of tracking.
func settled(raw string, hosts, ends []string) string {
	for {
		next := loosen(raw, hosts, ends)
		if next == raw {
			return raw
		}
		raw = next // what was taken off may have hidden more; each round but for order and scheme is shorter
	}
}

func loosen(raw string, hosts, ends []string) string {
	canonical, err := newsletter.CanonicalURL(raw)
	if err != nil {
		return ""
	}
	u, err := url.Parse(canonical)
	if err != nil {
		return ""
	}
	u.Scheme = "https"
	for _, prefix := range hosts {
		if rest, found := strings.CutPrefix(u.Host, prefix); found && strings.Contains(rest, ".") {
			u.Host = rest
		}
	}
	path := u.EscapedPath()
	for _, suffix := range ends {
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

// tracks reports a parameter that says where a reader came from. Only “utm_” is nobody's but tracking's: of other beginnings, and of “ref”, “source” and
// “id”, sites make names of their own, by which they tell one article from another.
func tracks(name string) bool {
	switch name {
	case "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ttclid", "twclid", "li_fat_id", "igshid",
		"mc_cid", "mc_eid", "mkt_tok", "xtor", "wt_mc",
		"_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", // of HubSpot
		"mtm_campaign", "mtm_kwd", "mtm_keyword", "mtm_source", "mtm_medium", "mtm_content", "mtm_cid", "mtm_group", "mtm_placement", // of Matomo
		"pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", // when it was Piwik
		"at_medium", "at_campaign", "at_campaign_type", "at_creation", "at_variant", "at_format", "at_network", "at_term", "at_channel", "at_platform", "at_type",
		"at_general_placement", "at_detail_placement", "at_emailtype", "at_send_date", "at_send_time", "at_recipient_id", "at_recipient_list",
		"at_link", "at_link_id", "at_link_type", "at_link_origin", "at_ptr_name": // of Piano, once AT Internet
		return true
	}
	return strings.HasPrefix(name, "utm_") || strings.TrimRight(name, "0123456789") == "at_custom"
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

// SiteNames are the names of a site by its host: that, the domain that somebody registered, and the name which this was given, as “lagazette” of
// actu.lagazette.example.
func SiteNames(host string) []string {
	host = strings.TrimPrefix(host, "www.")
	own, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return []string{host}
	}
	label, _, _ := strings.Cut(own, ".")
	return []string{host, own, label}
}

// siteOf is the domain that somebody registered for a host, or the host where nobody can have.
func siteOf(host string) string {
	if own, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return own
	}
	return host
}
