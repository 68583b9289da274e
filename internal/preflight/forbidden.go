package preflight

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"facteur/internal/token"
)

// active are elements that run, embed, ask or fetch something. Mail programs take them out, and filters take the letter
// for what it looks like.
const active = " script noscript iframe frame frameset object embed applet form input button select textarea svg math link base video audio " +
	"source track canvas dialog portal template marquee blink "

// addressed are the attributes that hold an address.
const addressed = " href src background action formaction poster data cite longdesc xlink:href lowsrc dynsrc "

// forbidden looks for what has no place in a letter: what runs, what fetches a style, what watches its reader.
func forbidden(n *notes, l Letter, p *page) {
	for _, t := range p.tags {
		if strings.Contains(active, " "+t.name+" ") {
			n.blocks("forbidden-element", p.atTag(t, "<"+t.name+">"), "a letter holds no <"+t.name+">: mail programs take it out, and filters refuse letters that have one",
				"take the element out of the template; what it does belongs on a page that the letter leads to")
		}
		if equiv, _ := t.get("http-equiv"); t.name == "meta" && strings.EqualFold(equiv, "refresh") {
			n.blocks("forbidden-element", p.atTag(t, "<meta http-equiv=refresh>"), "a letter leads nowhere by itself", "take the element out of the template")
		}
		for _, a := range t.attr {
			attributeFault(n, p, t, a.Key, a.Val)
			remoteAttribute(n, l, p, t, a.Key, a.Val)
		}
	}
	for _, s := range p.sheets {
		at := Place{Part: InHTML, Line: line(s)}
		remoteSheet(n, l, at, content(s))
	}
	for _, s := range p.outlook {
		remoteSheet(n, l, Place{Part: InHTML}, s)
	}
}

func attributeFault(n *notes, p *page, t tag, name, value string) {
	switch {
	case strings.HasPrefix(name, "on"):
		n.blocks("event-handler", p.atTag(t, fmt.Sprintf("<%s %s>", t.name, name)), "a letter runs nothing: "+name+" is for a program", "take the attribute out of the template")
	case name == "srcdoc":
		n.blocks("forbidden-attribute", p.atTag(t, "srcdoc"), "a letter holds no second page", "take the attribute out of the template")
	case name == "ping":
		n.blocks("forbidden-attribute", p.atTag(t, "ping="+value), "following the link would tell another host of it", "take the attribute out of the template")
	case strings.Contains(addressed, " "+name+" "):
		addressFault(n, p, t, name, value)
	case name == "style":
		for _, d := range declarations(value) {
			if strings.Contains(d.value, "expression(") || strings.Contains(d.value, "javascript:") || d.property == "behavior" || d.property == "-moz-binding" {
				n.blocks("event-handler", p.atTag(t, d.property+":"+d.value), "a letter runs nothing, in its styles neither", "take the declaration out of the template")
			}
		}
	}
}

// addressFault judges an address as a browser would read it: white space and control characters within it do not count
// (WHATWG URL, 4.4).
func addressFault(n *notes, p *page, t tag, name, value string) {
	plain := strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, value))
	scheme, _, found := strings.Cut(plain, ":")
	whole := found && !strings.ContainsAny(scheme, "/?#")
	switch at := p.atTag(t, name+"="+value); {
	case whole && (scheme == "http" || scheme == "https"):
	case whole && (scheme == "mailto" || scheme == "tel") && name == "href":
	case whole:
		n.blocks("forbidden-address", at, "the address begins with "+scheme+":, which no mail program follows for good reason", "lead to an address that begins with https://")
	case plain == "":
		n.blocks("address-missing", at, "the address is empty", "give it one, or take the element out")
	case strings.HasPrefix(plain, "#"): // told of as what mail programs lack
	default:
		n.blocks("address-not-whole", at, "a letter has no page to which the address could belong", "write it whole, with https:// and the host")
	}
}

const perReader = "each reader gets another address of this picture, so that it tells who opened the letter; that takes a consent of its own (loi Informatique et Libertés, art. 82)"

// pictures need words for those who do not see them, a size, and an address that is the same for everybody.
func pictures(n *notes, l Letter, p *page) {
	shown := map[string]bool{}
	for _, t := range p.tags {
		if t.name != "img" && t.name != "v:image" {
			continue
		}
		src, _ := t.get("src")
		if _, there := t.get("alt"); !there && t.name == "img" {
			n.blocks("alt-missing", p.atTag(t, src), "the picture has no alt: who cannot see it is read its address instead (WCAG 2.2, 1.1.1)",
				`give it alt="…" with what it shows, or alt="" where it only decorates`)
		}
		switch {
		case strings.Contains(src, token.TokenMark):
			n.blocks("picture-per-reader", p.atTag(t, src), perReader, "use one address for everybody")
		case unseenPicture(l, p, t, src):
			n.blocks("tracking-pixel", p.atTag(t, src), "nobody can see this picture: fetching it tells who opened the letter, and that takes a consent of its own (loi Informatique et Libertés, art. 82)",
				"take it out; the letter needs none for its layout")
		case t.name == "img" && !sized(t):
			n.warns("picture-without-size", p.atTag(t, src), "the picture has no width and height, so that the letter jumps while it loads, and Outlook draws it as large as it is", "give it both as attributes, in px")
		}
		if host(src) != host(l.WebURL) && strings.HasPrefix(src, "http") {
			n.warns("picture-elsewhere", p.atTag(t, src), "the picture is fetched from another host, which learns who opens the letter and may change or lose it", "let the letter show the copy among its own pages")
		}
		shown[src] = true
		if failed, there := l.Pictures[src]; there {
			n.warns("picture-failed", p.atTag(t, src), "the picture could not be fetched when it was last looked for: "+l.met(failed), "mend its address, or leave the picture out: the letter is complete without it")
		}
	}
	pictureMissing(n, l, shown)
}

// PictureMissing is the rule of a letter that should show a picture and does not.
const PictureMissing = "picture-missing"

// pictureMissing tells of pictures that were to be in the letter and are not, since they could not be fetched.
func pictureMissing(n *notes, l Letter, shown map[string]bool) {
	for _, address := range slices.Sorted(maps.Keys(l.Pictures)) {
		if failed := l.Pictures[address]; !shown[address] {
			n.warns(PictureMissing, Place{Part: InLetter, Story: failed.Story, Text: address}, "the picture could not be fetched, and the letter goes without it: "+l.met(failed),
				"mend its address in the article, or the picture itself, then facteur article fetch; or leave it out there")
		}
	}
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

func sized(t tag) bool {
	_, width := t.get("width")
	_, height := t.get("height")
	return width && height
}

// unseenPicture reports a picture that is fetched and not seen.
func unseenPicture(l Letter, p *page, t tag, src string) bool {
	if t.node != nil && (p.gone[t.node] || p.within[t.node]) {
		return true
	}
	sides := map[string]float64{}
	note := func(side, value string) {
		if px, known := pixels(value); known && strings.TrimSpace(value) != "" {
			if before, there := sides[side]; !there || px < before {
				sides[side] = px
			}
		}
	}
	for _, name := range []string{"width", "height"} {
		if value, there := t.get(name); there {
			note(name, value)
		}
	}
	style, _ := t.get("style")
	for _, d := range declarations(style) {
		switch d.property {
		case "width", "height", "max-width", "max-height":
			note(strings.TrimPrefix(d.property, "max-"), d.value)
		}
	}
	width, known := sides["width"]
	height, both := sides["height"]
	return known && width <= tiny || both && height <= tiny || known && both && max(width, height) <= tinyElsewhere && host(src) != host(l.WebURL)
}

// Sides of pictures in px that nobody sees: one of any picture, and both of one from another host, which is small for no good reason.
const (
	tiny          = 2
	tinyElsewhere = 8
)
