package preflight

import (
	"cmp"
	"regexp"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/token"
)

const (
	tellsHost = ", which tells that host who reads the letter, and when"
	ownCopies = "use a colour; a picture belongs into an <img>, from among the letter's own pages"
)

// fetches finds what a style makes a mail program fetch: a sheet, or what a function names (CSS Values 4 §4.5, CSS Images 4 §2).
var fetches = regexp.MustCompile(`(?i)@import\b[^;}]*|\burl\(\s*["']?([^"')]*)|\b(?:image-set|image|src)\(\s*["']([^"']*)`)

// remoteSheet tells what a style sheet fetches.
func remoteSheet(n *notes, l Letter, at Place, sheet string) {
	for _, found := range fetches.FindAllStringSubmatch(plainCSS(sheet), -1) {
		address := cmp.Or(found[1], found[2])
		if strings.HasPrefix(found[0], "@") || !stays(l, address) {
			at.Text = found[0]
			n.blocks("remote-style", at, "the style sheet fetches something from elsewhere"+tellsHost, "use fonts that readers have, and styles that stand in the letter")
		} else if strings.Contains(address, token.TokenMark) {
			at.Text = found[0]
			n.blocks("picture-per-reader", at, perReader, "use one address for everybody")
		}
	}
}

// remoteAttribute tells of a picture behind something, which no reader would miss: who watches them puts it there.
func remoteAttribute(n *notes, l Letter, p *page, t tag, name, value string) {
	var addresses []string
	switch {
	case name == "style":
		for _, found := range fetches.FindAllStringSubmatch(plainCSS(value), -1) {
			addresses = append(addresses, cmp.Or(found[1], found[2]))
		}
	case name == "srcset":
		for candidate := range strings.SplitSeq(value, ",") {
			address, _, _ := strings.Cut(strings.TrimSpace(candidate), " ")
			addresses = append(addresses, address)
		}
	case name == "background", name == "lowsrc", name == "dynsrc", name == "src" && t.name != "img" && t.name != "v:image":
		addresses = []string{value}
	}
	for _, address := range addresses {
		switch {
		case strings.Contains(active, " "+t.name+" "): // forbidden whatever it fetches
		case !stays(l, address):
			n.blocks("remote-background", p.atTag(t, name+"="+value), "the element fetches a picture from elsewhere"+tellsHost, ownCopies)
		case strings.Contains(address, token.TokenMark):
			n.blocks("picture-per-reader", p.atTag(t, name+"="+value), perReader, "use one address for everybody")
		}
	}
}

// stays reports an address that no other host learns of: that of a picture that is kept here, or of nothing that is fetched.
func stays(l Letter, address string) bool {
	address = strings.ToLower(strings.TrimSpace(address))
	kept := strings.ToLower(strings.TrimRight(l.WebURL, "/")) + newsletter.PicturePath
	return address == "" || strings.HasPrefix(address, "#") || strings.HasPrefix(address, "data:") || strings.HasPrefix(address, "cid:") || strings.HasPrefix(address, kept)
}
