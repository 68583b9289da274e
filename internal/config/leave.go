package config

import (
	"fmt"
	"net/url"
	"strings"
)

// MayLeave says whether letters may be sent as things stand. Nothing is sent with an empty field of the publisher, which the
// footer of every letter owes its reader (loi pour la confiance dans l'économie numérique, art. 1-1; RGPD, art. 13). Beyond the
// folder and a relay on this machine go only letters of a real publisher and sender, with links to pages that are public and
// https, as one-click leaving demands (RFC 8058 §3.1).
func (c *Config) MayLeave() error {
	if empty := c.emptyPublisher(); len(empty) > 0 {
		return problem(fmt.Sprintf("letters cannot be sent: %s %s empty, and every letter must say who answers for it", list(empty), are(empty)),
			"set "+list(empty)+" in the settings")
	}
	out, err := c.WayOut()
	if err != nil {
		return err
	}
	far := out.far()
	if far < 0 {
		return nil
	}
	var faults, keys []string
	if placeholders := c.placeholders(); len(placeholders) > 0 {
		faults = append(faults, fmt.Sprintf("%s %s still an example", list(placeholders), are(placeholders)))
		keys = append(keys, placeholders...)
	}
	if u, err := url.Parse(c.Web.URL); err != nil || u.Scheme != "https" || private(u.Hostname()) || reserved(u.Hostname()) {
		faults = append(faults, "web.url is not a public https address")
		keys = append(keys, "web.url")
	}
	if len(faults) == 0 {
		return nil
	}
	instead := "leave smtp.url empty"
	if out[far].Name != "" {
		instead = "leave the tables of relays out"
	}
	return problem(fmt.Sprintf("letters cannot leave through %s: %s", out[far].Host, strings.Join(faults, "; ")),
		"set "+list(keys)+", or "+instead+" to write the letters into the outbox folder")
}

// emptyPublisher names the publisher's fields that are empty.
func (c *Config) emptyPublisher() []string {
	var keys []string
	for _, s := range settings(c) {
		if strings.HasPrefix(s.key, "publisher.") && strings.TrimSpace(s.value.String()) == "" {
			keys = append(keys, s.key)
		}
	}
	return keys
}

// placeholders names what is still the built-in example, or stands under a domain that is reserved for examples.
func (c *Config) placeholders() []string {
	def := Default()
	var keys []string
	note := func(key string, is bool) {
		if is {
			keys = append(keys, key)
		}
	}
	note("site.url", reserved(hostOf(c.Site.URL)))
	note("publisher.name", c.Publisher.Name == def.Publisher.Name)
	note("publisher.address", c.Publisher.Address == def.Publisher.Address)
	note("publisher.contact", reserved(domainOf(c.Publisher.Contact)))
	note("publisher.legal_url", reserved(hostOf(c.Publisher.LegalURL)))
	note("publisher.privacy_url", reserved(hostOf(c.Publisher.PrivacyURL)))
	note("sender.address", reserved(domainOf(c.Sender.Address)))
	note("sender.reply_to", c.Sender.ReplyTo != c.Sender.Address && reserved(domainOf(c.Sender.ReplyTo)))
	note("sender.return_path", c.Sender.ReturnPath != c.Sender.Address && reserved(domainOf(c.Sender.ReturnPath)))
	return keys
}

// hostOf is the host of an address that was checked before.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// list joins names as one says them: "a, b and c".
func list(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func are(names []string) string {
	if len(names) == 1 {
		return "is"
	}
	return "are"
}
