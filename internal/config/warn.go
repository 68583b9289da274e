package config

import "strings"

// Warnings are what is probably not meant, though it can be obeyed. Each names its setting first.
func (c *Config) Warnings() (all []Problem) {
	if strings.HasPrefix(c.Web.URL, "https:") && len(c.Web.TrustedProxies) == 0 {
		all = append(all, Problem{
			What: "web.trusted_proxies is empty, though web.url is https: all visitors seem to come from the proxy and share the limits of one address",
			Do:   `name the proxy by the address that it connects from, such as web.trusted_proxies = ["127.0.0.1"]`,
		})
	}
	return append(all, c.shortHorizons()...)
}
