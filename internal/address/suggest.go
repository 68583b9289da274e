package address

import "strings"

// Suggest gives an address that may be meant where the domain is nearly that of a large provider, as in gmial.com. It is
// to be offered, never to be taken by itself: the domain may be real. A provider's own domain suggests nothing, however
// near it is to another's.
func (a Address) Suggest() (text string, ok bool) {
	if a.IsZero() || isProvider(a.domain) {
		return "", false
	}
	best, least := "", 3
	for _, domain := range frequentDomains() {
		if apart := len(a.domain) - len(domain); max(apart, -apart) >= least { // each slip changes the length by one at most
			continue
		}
		if d := Slips([]byte(a.domain), []byte(domain)); d < least && near(a.domain, domain, d) {
			best, least = domain, d
		}
	}
	if best == "" {
		best = elsewhere(a.domain)
	}
	if best == "" {
		return "", false
	}
	return a.local + "@" + best, true
}

// near reports whether so many slips make a typed domain of a provider's. Two slips in a short name, or in what follows
// it, give some other real domain as likely as not, and so does any slip in the shortest.
func near(typed, domain string, slips int) bool {
	name, end, _ := strings.Cut(domain, ".")
	typedName, typedEnd, _ := strings.Cut(typed, ".")
	if len(name) <= 3 && typedName != name || len(domain) < len("gmail.com") && slips > 1 {
		return false
	}
	return Slips([]byte(typedEnd), []byte(end)) <= 1 && (len(name) > len("hotmail") || Slips([]byte(typedName), []byte(name)) <= 1)
}

// elsewhere knows providers that have one domain only, and are looked for under others.
func elsewhere(typed string) string {
	name, _, _ := strings.Cut(typed, ".")
	for _, domain := range []string{"gmail.com", "laposte.net", "icloud.com", "wanadoo.fr"} {
		if strings.HasPrefix(domain, name+".") && strings.Count(typed, ".") == 1 {
			return domain
		}
	}
	return ""
}

func isProvider(domain string) bool {
	for _, known := range [][]string{frequentDomains(), nearbyDomains()} {
		for _, d := range known {
			if d == domain {
				return true
			}
		}
	}
	return false
}

// frequentDomains are those that French readers have most often, the most frequent first.
func frequentDomains() []string {
	return []string{
		"gmail.com", "hotmail.com", "hotmail.fr", "orange.fr", "wanadoo.fr", "yahoo.fr", "free.fr", "sfr.fr", "laposte.net", "outlook.fr",
		"outlook.com", "live.fr", "icloud.com", "yahoo.com", "bbox.fr", "neuf.fr", "aol.com", "msn.com", "gmx.fr", "numericable.fr",
		"club-internet.fr", "live.com", "protonmail.com", "proton.me", "me.com", "mac.com", "noos.fr", "cegetel.net", "aliceadsl.fr", "voila.fr",
		"nordnet.fr", "ovh.fr", "tutanota.com", "mailo.com", "netcourrier.com", "caramail.com", "ymail.com", "hotmail.be", "skynet.be", "voo.be",
		"telenet.be", "bluewin.ch", "sunrise.ch", "hotmail.ch", "videotron.ca", "sympatico.ca", "yahoo.ca", "hotmail.ca", "pt.lu", "gmx.com",
		"gmx.net", "gmx.de", "web.de", "yahoo.co.uk", "hotmail.co.uk", "hotmail.it", "libero.it", "hotmail.es", "ac-versailles.fr", "ac-creteil.fr",
		"polytechnique.org", "dartybox.com", "9online.fr", "tele2.fr", "infonie.fr",
	}
}

// nearbyDomains are further ones that take mail, each within two slips of a frequent one.
func nearbyDomains() []string {
	return []string{
		"mail.com", "email.com", "mail.fr", "email.fr", "gmail.co", "googlemail.com", "rocketmail.com", "inmail.com", "zmail.com", "fmail.com",
		"hmail.com", "mozmail.com", "xmail.com", "vmail.com", "email.cz", "mail.ru", "bmail.com", "imail.com", "cloud.com", "mailo.eu", "mailo.fr", "proton.ch", "protonmail.ch", "pm.me",
		"yahoo.de", "yahoo.es", "yahoo.it", "yahoo.be", "yahoo.in", "hotmail.de", "hotmail.nl", "hotmail.gr", "outlook.be", "outlook.de",
		"outlook.es", "outlook.it", "live.be", "live.ca", "live.ch", "live.it", "live.nl", "live.de", "love.com", "orange.com", "orange.net", "sfr.com", "sfr.net", "free.com",
		"aol.fr", "aol.de", "msn.fr", "msn.net", "mac.fr", "gmx.at", "gmx.ch", "gmx.eu", "gmx.us", "gmx.li", "neuf.com", "bbox.com", "noos.com",
		"ovh.com", "ovh.net", "me.fr", "wanadoo.es", "wanadoo.nl", "laposte.fr", "tutanota.de", "tuta.com", "tuta.io", "icloud.fr", "libero.fr", "tele2.it", "tele2.se", "ac-reims.fr",
		"yopmail.com", "yopmail.fr", "ikmail.com", "orange.be", "yahoo.co.jp",
	}
}

// Slips counts the slips between two spellings: a letter too many, too few or another one, and two that changed places
// (Damerau–Levenshtein, each place changed once).
func Slips[Letter comparable](a, b []Letter) int {
	var before, above []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row = above, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
