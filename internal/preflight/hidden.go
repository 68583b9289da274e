package preflight

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"facteur/internal/typography"
)

const (
	usualSize = 16.0 // px, of a text that says none
	leastSize = 9.0  // px: a smaller text is there to be overlooked

	farAway      = 100  // px: what is moved further to the left or upwards is not to be seen
	beyondScreen = 2000 // px to the right or downwards
)

// hides reports an element that its own style or attribute hides.
func hides(n *html.Node) bool {
	if _, there := find(n.Attr, "hidden"); there {
		return true
	}
	return vanishes(declarations(attribute(n, "style")))
}

// vanishes reports declarations that leave nothing of an element to see, each by itself or together.
func vanishes(all []declaration) bool {
	flat, cut := false, false
	for _, d := range all {
		switch d.property {
		case "height", "max-height", "width":
			px, known := pixels(d.value)
			flat = flat || known && px <= tiny
		case "overflow", "overflow-x", "overflow-y":
			cut = cut || d.value == "hidden" || d.value == "clip"
		default:
			if d.hides() {
				return true
			}
		}
	}
	return flat && cut
}

// hides reports a declaration that does so by itself.
func (d declaration) hides() bool {
	switch d.property {
	case "display":
		return d.value == "none"
	case "visibility":
		return d.value == "hidden" || d.value == "collapse"
	case "opacity":
		return slight(d.value)
	case "text-indent", "margin", "margin-top", "margin-right", "margin-bottom", "margin-left", "left", "top", "right", "bottom":
		return slices.ContainsFunc(strings.Fields(d.value), out)
	case "clip":
		return nothingLeft.MatchString(d.value)
	case "clip-path", "-webkit-clip-path":
		return d.value != "none" && !strings.HasPrefix(d.value, "inset(0")
	case "transform", "-webkit-transform", "scale":
		return d.shrinks()
	}
	return false
}

var (
	nothingLeft = regexp.MustCompile(`^rect\(\s*[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?\s*\)$`)
	scale       = regexp.MustCompile(`(?:scale[xy3d]*|matrix)\(\s*([-+.0-9]+%?)`)
	translate   = regexp.MustCompile(`translate[xy3d]*\(([^)]*)`)
)

// shrinks reports a transformation that leaves less than a tenth, or moves away.
func (d declaration) shrinks() bool {
	if d.property == "scale" {
		return slight(d.value)
	}
	for _, found := range scale.FindAllStringSubmatch(d.value, -1) {
		if slight(found[1]) {
			return true
		}
	}
	for _, found := range translate.FindAllStringSubmatch(d.value, -1) {
		if slices.ContainsFunc(strings.FieldsFunc(found[1], func(r rune) bool { return r == ',' || r == ' ' }), out) {
			return true
		}
	}
	return false
}

// slight reports less than a tenth, of one or in per cent.
func slight(share string) bool {
	if strings.HasSuffix(share, "%") {
		return number(share) < 10
	}
	return number(share) < 0.1
}

// out reports a length that leads out of sight. What is not in px is a share of what is around, or of the screen.
func out(length string) bool {
	if px, known := pixels(length); known {
		return px <= -farAway || px >= beyondScreen
	}
	share := number(length)
	return share < -50 || share >= 100
}

// number is what a value begins with; 1 where that is none.
func number(value string) float64 {
	n, err := strconv.ParseFloat(strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz%"), 64)
	if err != nil {
		return 1
	}
	return n
}

// lose finds what style sheets hide from those who keep them, whatever their screen: in the light, in the dark, or in Outlook.com.
func (p *page) lose() {
	if p.unread {
		return
	}
	for _, r := range p.rules {
		plain := r.media == "" || r.media == "screen" || r.media == "all" || r.dark()
		if !plain || r.at != "" || !vanishes(r.declarations) && !(ink{size: usualSize}).with(r.declarations).faint() {
			continue
		}
		r.selectors = r.everywhere()
		for _, t := range p.tags {
			if t.node != nil {
				_, fits := r.fits(t.node)
				p.lost[t.node] = p.lost[t.node] || fits
			}
		}
	}
}

// everywhere are the selectors of a rule without what asks for Outlook.com in the dark, or for a link that was not followed yet.
func (r rule) everywhere() (all []string) {
	for _, s := range r.selectors {
		all = append(all, strings.NewReplacer("[data-ogsc]", "", "[data-ogsb]", "", ":link", "").Replace(s))
	}
	return all
}

// forOutlook reports a rule for Outlook.com in the dark, which marks what it found colours for (data-ogsc) and grounds (data-ogsb).
func (r rule) forOutlook() bool {
	return r.media == "" && r.at == "" && slices.ContainsFunc(r.selectors, func(s string) bool { return strings.Contains(s, "[data-ogs") })
}

func (p *page) isLost(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if p.lost[n] {
			return true
		}
	}
	return false
}

// An ink is how text is written: what an element hands on to those within it.
type ink struct {
	size  float64 // px
	clear bool    // it has no colour at all
}

// faint reports a text that nobody reads.
func (i ink) faint() bool { return i.size > 0 && i.size < leastSize || i.clear || i.nothing() }

// nothing reports a text without any height.
func (i ink) nothing() bool { return i.size <= 0 }

// of is the ink of an element within another.
func (i ink) of(n *html.Node) ink {
	switch n.Data {
	case "a": // has its own colour
		i.clear = false
	case "small":
		i.size = fontSize("smaller", i.size)
	}
	return i.with(declarations(attribute(n, "style")))
}

func (i ink) with(all []declaration) ink {
	around := i
	for _, d := range all {
		switch d.property {
		case "font-size":
			i.size = fontSize(d.value, around.size)
		case "font":
			for part := range strings.FieldsSeq(d.value) {
				length, _, _ := strings.Cut(part, "/")
				if px, known := pixels(length); known && (px == 0 || strings.TrimLeft(length, "+-.0123456789") != "") {
					i.size = fontSize(length, around.size)
					break
				}
			}
		case "color", "-webkit-text-fill-color":
			switch d.value {
			case "inherit", "currentcolor":
				i.clear = around.clear
			default:
				i.clear = transparent(d.value)
			}
		}
	}
	return i
}

// fontSize is a size in px within a text of another.
func fontSize(value string, around float64) float64 {
	switch {
	case value == "smaller":
		return around / 1.2
	case value == "larger":
		return around * 1.2
	case strings.HasSuffix(value, "%"):
		return number(value) * around / 100
	case strings.HasSuffix(value, "em") && !strings.HasSuffix(value, "rem"):
		return number(value) * around
	}
	if px, known := pixels(cmp.Or(map[string]string{
		"xx-small": "9px", "x-small": "10px", "small": "13px", "medium": "16px", "large": "18px", "x-large": "24px", "xx-large": "32px",
	}[value], value)); known {
		return px
	}
	return around
}

// transparent reports a colour through which one sees (CSS Color 4 §4.2, §5.2).
func transparent(value string) bool {
	if value == "transparent" {
		return true
	}
	if digits, isHex := strings.CutPrefix(value, "#"); isHex {
		return len(digits) == 4 && digits[3] <= '1' || len(digits) == 8 && digits[6] <= '1'
	}
	name, inside, _ := strings.Cut(strings.TrimSuffix(value, ")"), "(")
	parts := strings.FieldsFunc(inside, func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
	if !strings.HasPrefix(name, "rgb") && !strings.HasPrefix(name, "hsl") || len(parts) != 4 {
		return false
	}
	return slight(parts[3])
}

// dropInvisible drops what takes no ink.
func dropInvisible(r rune) rune {
	if typography.IsInkless(r) {
		return -1
	}
	return r
}
