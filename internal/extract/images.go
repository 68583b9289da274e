package extract

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"facteur/internal/newsletter"
)

// An Image is one that a text shows.
type Image struct{ Address, Alt string }

// FirstPicture is the first that a text shows and that can be fetched.
func FirstPicture(images []Image) (address, alt string) {
	for _, i := range images {
		if full, err := newsletter.PictureURL(i.Address); err == nil && full != "" {
			return full, Cut(i.Alt, maxAlt)
		}
	}
	return "", ""
}

// AltOf is what the text says of a picture that it shows as well.
func AltOf(address string, images []Image) string {
	for _, i := range images {
		if i.Address == address {
			return Cut(i.Alt, maxAlt)
		}
	}
	return ""
}

// pictures are those that stand above the text in its article, or where none is marked as that in what stands around the text, and are signs neither of people
// nor of the site.
func (g *gathering) pictures(base *url.URL) []Image {
	m := &markup{base: base}
	around := g.root
	if around == g.c.body && g.box != nil {
		around = g.box.Parent
	}
	for n := range around.Descendants() {
		if n.DataAtom == atom.Img && g.c.at[n] < g.first && !isSign(n) && (around != g.c.body || isWithin(n, atom.Figure)) {
			m.image(n)
		}
	}
	return m.images
}

// signs are words in the classes of pictures that show no article, and leastPicture is how wide one is, in pixels, that does.
const (
	signs        = " avatar avatars gravatar icon icons emoji badge logo brand author auteur profile ad ads advert pub sponsor "
	leastPicture = 128
)

// isSign reports a picture of somebody, of the site, or of nothing.
func isSign(n *html.Node) bool {
	width, err := strconv.Atoi(strings.TrimSuffix(attribute(n, "width"), "px"))
	if err == nil && width < leastPicture {
		return true
	}
	for p := n; p != nil && p.DataAtom != atom.Article && p.DataAtom != atom.Main && p.DataAtom != atom.Body; p = p.Parent {
		isLead := p.DataAtom == atom.A && !isPictureFile().MatchString(attribute(p, "href"))
		if isLead || hasNamePart(strings.ReplaceAll(attribute(p, "class"), "spip_logo", ""), signs) { // SPIP calls the picture of an article its logo
			return true
		}
	}
	return false
}

// isPictureFile finds the addresses to which a picture leads that one may see larger.
var isPictureFile = expression(`(?i)\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#])`)
