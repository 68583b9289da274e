package preflight

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"facteur/internal/colour"
)

// A ratio is needed so that a text can be read (WCAG 2.2, success criterion 1.4.3, level AA).
const (
	enough      = colour.Readable
	enoughLarge = 3.0
	largeText   = 24.0  // px
	largeBold   = 18.66 // px, which is 14 points
)

// A scheme is one of the ways in which mail programs show the colours of a letter.
type scheme struct {
	name        string
	ink, ground colour.Colour // where the letter sets none
	applies     func(rule) bool
	outlook     bool // what the letter sets for it counts, and nothing else: of the rest it finds colours of its own
}

func schemes() []scheme {
	return []scheme{
		{"in the light", colour.Colour{}, colour.Colour{Red: 255, Green: 255, Blue: 255}, func(r rule) bool { return r.media == "" && r.at == "" }, false},
		{"in the dark", colour.Colour{Red: 255, Green: 255, Blue: 255}, colour.Colour{Red: 18, Green: 18, Blue: 18}, func(r rule) bool { return r.at == "" && (r.media == "" || r.dark()) }, false},
		{"in the dark of Outlook.com", colour.Colour{}, colour.Colour{}, rule.forOutlook, true},
	}
}

// light reports the scheme of those who chose none.
func (s scheme) light() bool { return s.name == "in the light" }

// paint is how text stands at one place of a letter.
type paint struct {
	ink, ground colour.Colour
	known       bool // both are colours that are understood
	inked       bool // a rule of the scheme set the ink
	grounded    bool // a rule of the scheme set the ground
	size        float64
	bold        bool
}

// contrasts computes, in the light and in the dark, whether each text can be read on its ground.
func contrasts(n *notes, _ Letter, p *page) {
	for _, s := range schemes() {
		c := contrastCheck{notes: n, page: p, scheme: s, seen: map[string]bool{}}
		for _, r := range p.rules {
			if s.applies(r) && !p.unread {
				if s.outlook {
					r.selectors = r.everywhere()
				}
				c.rules = append(c.rules, r)
			}
		}
		c.walk(p.root, paint{ink: s.ink, ground: s.ground, known: true, size: 16})
	}
}

type contrastCheck struct {
	*notes
	page   *page
	scheme scheme
	rules  []rule
	seen   map[string]bool // pairs of colours that were told of
}

func (c *contrastCheck) walk(n *html.Node, around paint) {
	if n.Type == html.ElementNode {
		if unseen(n) || c.page.gone[n] {
			return
		}
		around = c.style(n, around)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if child.Type == html.TextNode && strings.TrimSpace(child.Data) != "" && !c.page.ink[n].faint() {
			c.judge(n, child.Data, around)
		}
		c.walk(child, around)
	}
}

// style is what an element's own style makes of its surroundings: attributes, then what its style attribute says, then
// what a style sheet says and must not be gone against.
func (c *contrastCheck) style(n *html.Node, p paint) paint {
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "th":
		p.bold = true
	}
	if c.scheme.outlook {
		return c.inOutlook(n, p)
	}
	if value, there := find(n.Attr, "bgcolor"); there {
		p.set("background-color", strings.ToLower(value))
	}
	if value, there := find(n.Attr, "color"); there && n.Data == "font" {
		p.set("color", strings.ToLower(value))
	}
	cascade := append(c.fromSheet(n), declarations(attribute(n, "style"))...)
	for _, important := range []bool{false, true} {
		for _, d := range cascade {
			if d.important == important {
				p.set(d.property, d.value)
			}
		}
	}
	return p
}

// inOutlook is style where only what the letter says to Outlook.com is sure.
func (c *contrastCheck) inOutlook(n *html.Node, p paint) paint {
	if _, there := find(n.Attr, "bgcolor"); there {
		p.grounded = false
	}
	for _, d := range declarations(attribute(n, "style")) {
		switch d.property {
		case "color":
			p.inked = false
		case "background", "background-color":
			p.grounded = false
		default:
			p.set(d.property, d.value)
		}
	}
	for _, d := range c.fromSheet(n) {
		p.set(d.property, d.value)
		p.inked = p.inked || d.property == "color"
		p.grounded = p.grounded || strings.HasPrefix(d.property, "background")
	}
	return p
}

// fromSheet is what the style sheets say about an element, the most specific last.
func (c *contrastCheck) fromSheet(n *html.Node) (all []declaration) {
	type fitting struct {
		rule
		specific int
	}
	var rules []fitting
	for _, r := range c.rules {
		if specific, fits := r.fits(n); fits {
			rules = append(rules, fitting{r, specific})
		}
	}
	slices.SortStableFunc(rules, func(a, b fitting) int { return cmp.Compare(a.specific, b.specific) })
	for _, r := range rules {
		all = append(all, r.declarations...)
	}
	return all
}

// set takes one declaration over. A colour that is not understood makes the pair unknown until another is set.
func (p *paint) set(property, value string) {
	switch property {
	case "color":
		if value == "inherit" || value == "currentcolor" {
			return
		}
		p.ink, p.known = parseColour(value)
	case "background-color", "background":
		if value == "transparent" || value == "none" || value == "inherit" {
			return
		}
		ground, known := parseColour(value)
		if !known && property == "background" {
			ground, known = firstColour(value)
		}
		p.ground, p.known = ground, known
	case "font-size":
		p.size = fontSize(value, p.size)
	case "font-weight":
		weight, err := strconv.Atoi(value)
		p.bold = value == "bold" || value == "bolder" || err == nil && weight >= 700
	}
}

// smallSize is the least size of the built-in templates, for their footer, in px.
const (
	smallSize = 14.0
	smallCure = "give it 14 px, and 16 to what is to be read"
)

func smallness(size float64) string {
	return fmt.Sprintf("the text is %.3g px high, which many cannot read, on phones least of all", size)
}

func (c *contrastCheck) judge(n *html.Node, text string, p paint) {
	if c.scheme.outlook && (!p.inked || !p.grounded) {
		return
	}
	needed := enough
	if p.size >= largeText || p.bold && p.size >= largeBold {
		needed = enoughLarge
	}
	if size := fmt.Sprint(p.size); p.size < smallSize && !c.seen[size] && c.scheme.light() {
		c.seen[size] = true
		c.warns("text-small", c.page.at(n, text), smallness(p.size), smallCure)
	}
	pair := fmt.Sprintf("%v %v %v %v", p.ink, p.ground, p.known, needed)
	if c.seen[pair] {
		return
	}
	c.seen[pair] = true
	if !p.known {
		c.warns("contrast-unknown", c.page.at(n, text), "nobody can say "+c.scheme.name+" whether this can be read: its colours are no plain ones",
			"write colours as six digits, such as #27221d, which every mail program understands")
		return
	}
	if got := colour.Contrast(p.ink, p.ground); got < needed {
		c.blocks("contrast", c.page.at(n, text),
			fmt.Sprintf("%s %s on %s has a contrast of %.1f to 1, and reading it takes %.1f (WCAG 2.2, 1.4.3)", c.scheme.name, p.ink, p.ground, got, needed),
			"make the text darker or its ground lighter, or the other way round in the dark")
	}
}

// basic are the colours of HTML 4 (§6.5), and a few that people type.
var basic = map[string]string{
	"black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "grey": "#808080", "white": "#ffffff", "maroon": "#800000",
	"red": "#ff0000", "purple": "#800080", "fuchsia": "#ff00ff", "green": "#008000", "lime": "#00ff00", "olive": "#808000",
	"yellow": "#ffff00", "navy": "#000080", "blue": "#0000ff", "teal": "#008080", "aqua": "#00ffff", "orange": "#ffa500",
	"darkgray": "#a9a9a9", "darkgrey": "#a9a9a9", "lightgray": "#d3d3d3", "lightgrey": "#d3d3d3", "whitesmoke": "#f5f5f5",
}

// parseColour understands #rgb, #rrggbb, rgb(r, g, b) and the names of HTML 4.
func parseColour(value string) (colour.Colour, bool) {
	if inside, ok := strings.CutPrefix(value, "rgb("); ok {
		return channels(inside)
	}
	if digits, ok := strings.CutPrefix(value, "#"); ok && len(digits) == 3 {
		value = string([]byte{'#', digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	c, err := colour.Parse(cmp.Or(basic[value], value))
	return c, err == nil
}

// channels reads what stands behind rgb(.
func channels(inside string) (c colour.Colour, ok bool) {
	inside, closed := strings.CutSuffix(inside, ")")
	parts := strings.FieldsFunc(inside, func(r rune) bool { return r == ',' || r == ' ' })
	if !closed || len(parts) != 3 {
		return c, false
	}
	for i, channel := range []*uint8{&c.Red, &c.Green, &c.Blue} {
		n, err := strconv.ParseUint(parts[i], 10, 8)
		if err != nil {
			return colour.Colour{}, false
		}
		*channel = uint8(n)
	}
	return c, true
}

// firstColour finds the colour among the values of the property background.
func firstColour(value string) (colour.Colour, bool) {
	for _, part := range split(value, ' ') {
		if c, known := parseColour(part); known {
			return c, true
		}
	}
	return colour.Colour{}, false
}
