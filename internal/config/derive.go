package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// derive fills what is empty from the setting that its documentation names.
func (l *loader) derive() {
	c := l.cfg
	c.Web.URL = strings.TrimRight(c.Web.URL, "/")
	l.fill("operator.address", &c.Operator.Address, "publisher.contact", c.Publisher.Contact)
	l.fill("sender.name", &c.Sender.Name, "site.name", c.Site.Name)
	l.fill("sender.reply_to", &c.Sender.ReplyTo, "sender.address", c.Sender.Address)
	l.fill("sender.return_path", &c.Sender.ReturnPath, "sender.address", c.Sender.Address)

	domain := strings.ToLower(domainOf(c.Sender.Address))
	helo, from := domain, "sender.address"
	if u, err := url.Parse(c.Web.URL); err == nil && !private(u.Hostname()) && !isIP(u.Hostname()) {
		helo, from = strings.ToLower(u.Hostname()), "web.url"
	}
	l.fill("smtp.helo", &c.SMTP.Helo, from, helo)
	l.fill("dkim.domain", &c.DKIM.Domain, "sender.address", domain)
	l.aligned(domain)
	for _, name := range sortedKeys(c.Relays) {
		l.fill(join("relays."+name, "helo"), &c.Relays[name].Helo, "smtp.helo", c.SMTP.Helo)
	}

	for _, name := range sortedKeys(c.Newsletters) {
		n, key := c.Newsletters[name], "newsletters."+name
		l.fill(key+".title", &n.Title, "site.name", title(c.Site.Name, n.Language))
		l.fill(key+".list_id", &n.ListID, "sender.address", name+"."+domain)
		l.fill(key+".feedback_id", &n.FeedbackID, "sender.address", senderID(domain))
		if n.FirstHorizon > n.Horizon {
			n.FirstHorizon = n.Horizon
			c.origins[key+".first_horizon"] = Origin{Kind: FromSetting, Name: key + ".horizon"}
		}
		if len(n.ListID) > 255 {
			l.complain(c.origins["sender.address"], fmt.Sprintf("the List-Id made from its domain has %d characters, 255 are allowed", len(n.ListID)),
				"set "+key+".list_id to a shorter one")
		}
	}
}

// fill gives an empty setting the value that follows from another.
func (l *loader) fill(key string, value *string, from, derived string) {
	if *value == "" {
		*value = derived
		l.cfg.origins[key] = Origin{Kind: FromSetting, Name: from}
	}
}

// title is what a newsletter is called that was given no title. Where a French name asks for a form that only its sound tells (h), or that
// contracts with the word before it (du Monde), it is the name alone.
func title(site, language string) string {
	first, _, _ := strings.Cut(site, " ")
	begins := func(letters string) bool {
		return site != "" && strings.ContainsAny(norm.NFD.String(site)[:1], letters)
	}
	switch {
	case language == "en" && first == "The":
		return site + " letter"
	case language == "en":
		return "The " + site + " letter"
	case first == "Le", first == "Les", begins("hH"):
		return site
	case begins("aeiouAEIOU"):
		return "La lettre d’" + site
	}
	return "La lettre de " + site
}

// senderID names the sender to Feedback-ID's readers: 5 to 15 letters and digits of the domain, the same for ever.
func senderID(domain string) string {
	id := strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, domain)
	if len(id) < 5 {
		id += "facteur"
	}
	return id[:min(len(id), 15)]
}

func isIP(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// ParseNetwork reads a network, or the address of one machine as the network of it alone.
func ParseNetwork(text string) (netip.Prefix, error) {
	if one, err := netip.ParseAddr(text); err == nil {
		one = one.WithZone("").Unmap()
		return one.Prefix(one.BitLen())
	}
	p, err := netip.ParsePrefix(text)
	return p.Masked(), err
}
