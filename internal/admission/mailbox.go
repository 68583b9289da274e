package admission

import (
	"strings"

	"facteur/internal/address"
)

// Mailbox is what the letters to an address are counted under: one mailbox may have any number of addresses, and who
// floods one uses them all. A tag behind a plus leads to the same mailbox at most providers, and at Gmail dots mean
// nothing. For counting only: where letters go, and who is who, an address decides as it was typed.
func Mailbox(a address.Address) string {
	local, domain, _ := strings.Cut(a.Key(), "@")
	if untagged, _, tagged := strings.Cut(local, "+"); tagged && untagged != "" {
		local = untagged
	}
	if domain == "gmail.com" || domain == "googlemail.com" {
		local, domain = strings.ReplaceAll(local, ".", ""), "gmail.com"
	}
	return local + "@" + domain
}
