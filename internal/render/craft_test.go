package render_test

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"facteur/internal/colour"
	"facteur/internal/newsletter"
	"facteur/templates"
)

var declaration = regexp.MustCompile(`([a-z-]+)\s*:\s*([^;]+)`)

// What mail programs drop, and what a reader cannot do without: sizes in px, line heights in px of at least 1.35 times
// the size, colours of six digits (https://www.caniemail.com).
func TestInlineStyles(t *testing.T) {
	for _, n := range allElements(t) {
		style := attribute(n, "style")
		if strings.Contains(style, "/*") || strings.Contains(style, "ZgotmplZ") {
			t.Errorf("<%s style=%q>", n.Data, style)
		}
		sizes := map[string]float64{}
		for _, d := range declaration.FindAllStringSubmatch(style, -1) {
			property, value := d[1], d[2]
			switch property {
			case "display":
				if value != "none" && value != "inline-block" && (value != "block" || n.Data != "img") {
					t.Errorf("<%s> has display:%s", n.Data, value)
				}
			case "position", "float", "flex", "grid", "background", "background-image", "opacity":
				t.Errorf("<%s> has %s", n.Data, property)
			case "font-size", "line-height":
				number, err := strconv.ParseFloat(strings.TrimSuffix(value, "px"), 64)
				if err != nil || !strings.HasSuffix(value, "px") {
					t.Errorf("<%s> has %s:%s, want px", n.Data, property, value)
				}
				sizes[property] = number
			}
			if strings.Contains(value, "#") && !regexp.MustCompile(`#[0-9a-f]{6}\b`).MatchString(value) {
				t.Errorf("<%s> has %s:%s, want a colour of six digits", n.Data, property, value)
			}
		}
		if size := sizes["font-size"]; size > 0 && (size < 14 || (sizes["line-height"] < 1.15*size && n.Data != "p") || (n.Data == "p" && sizes["line-height"] < size)) {
			t.Errorf("<%s style=%q> is too small or too tight", n.Data, style)
		}
	}
}

// allElements lists those of an edition and of every single letter.
func allElements(t *testing.T) []*html.Node {
	t.Helper()
	all := elements(t, edition(t, frame(t), everything()).HTML)
	for _, parts := range singles(t, "fr") {
		all = append(all, elements(t, parts.HTML)...)
	}
	return all
}

func TestTablesAreLayoutWithAColour(t *testing.T) {
	depth := func(n *html.Node) (tables int) {
		for p := n; p != nil; p = p.Parent {
			if p.Data == "table" {
				tables++
			}
		}
		return tables
	}
	for _, n := range allElements(t) {
		switch n.Data {
		case "table":
			if attribute(n, "role") != "presentation" || attribute(n, "cellpadding") != "0" || attribute(n, "cellspacing") != "0" || attribute(n, "border") != "0" {
				t.Errorf("a table of layout does not say so: %v", n.Attr)
			}
			if depth(n) > 3 {
				t.Errorf("tables are %d deep", depth(n))
			}
		case "td":
			if bg := attribute(n, "bgcolor"); bg == "" || !strings.Contains(attribute(n, "style"), "background-color:"+bg) {
				t.Errorf("a cell has bgcolor %q and style %q: programs that drop <body> keep only these", bg, attribute(n, "style"))
			}
		case "form", "script", "link", "svg", "picture":
			t.Errorf("the letter has <%s>", n.Data)
		}
	}
}

// A picture is one of ours, of a kind and with the attributes that every mail program takes (https://www.caniemail.com), and the
// letter needs none: who does not see it has its alternative text, which may be empty but is never missing.
func TestPictures(t *testing.T) {
	ours := regexp.MustCompile(`^https://lettre\.pandia\.example/i/[0-9a-f]{32}\.(jpg|png)$`)
	found := 0
	for _, n := range allElements(t) {
		if n.Data != "img" {
			continue
		}
		found++
		if src := attribute(n, "src"); !ours.MatchString(src) {
			t.Errorf("a picture comes from %q", src)
		}
		width, err := strconv.Atoi(attribute(n, "width"))
		height, err2 := strconv.Atoi(attribute(n, "height"))
		if err != nil || err2 != nil || width < 1 || width > 544 || height < 1 {
			t.Errorf("a picture has %q × %q", attribute(n, "width"), attribute(n, "height"))
		}
		if attribute(n, "border") != "0" || !strings.HasPrefix(attribute(n, "style"), "display:block;max-width:100%;height:auto;") {
			t.Errorf("a picture has %v", n.Attr)
		}
		if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" }) {
			t.Error("a picture has no alternative text")
		}
	}
	if found != 1 {
		t.Errorf("%d pictures, want the lead's", found)
	}
}

func TestPictureOfTheLead(t *testing.T) {
	for name, test := range map[string]struct {
		picture *newsletter.Picture
		want    string
	}{
		"large":      {&newsletter.Picture{Name: strings.Repeat("0", 32) + ".jpg", Width: 1200, Height: 801, Alt: "L'été : \"chaud\""}, `width="544" height="363" alt="L’été` + "\u00a0: «\u00a0chaud\u00a0»" + `"`},
		"small":      {&newsletter.Picture{Name: strings.Repeat("0", 32) + ".png", Width: 300, Height: 200}, `width="300" height="200" alt=""`},
		"a line":     {&newsletter.Picture{Name: strings.Repeat("0", 32) + ".png", Width: 1200, Height: 1}, `width="544" height="1" alt=""`},
		"none":       {nil, ""},
		"no name":    {&newsletter.Picture{Name: "x", Width: 300, Height: 200}, ""},
		"no breadth": {&newsletter.Picture{Name: strings.Repeat("0", 32) + ".png"}, ""},
	} {
		c := content()
		with := edition(t, frame(t), c)
		c.Lead.Picture = test.picture
		got := edition(t, frame(t), c)
		_, tag, shown := strings.Cut(got.HTML, "<img")
		if shown != (test.want != "") || shown && !strings.Contains(tag[:strings.Index(tag, ">")], test.want) {
			t.Errorf("%s: the letter has %.200s, want %s", name, tag, test.want)
		}
		if got.Text != with.Text {
			t.Errorf("%s: the text is another", name)
		}
	}
}

var styleSheet = regexp.MustCompile(`(?s)<style>(.*?)</style>`)

func TestStyleSheetOnlyDecorates(t *testing.T) {
	page := edition(t, frame(t), content()).HTML
	sheets := styleSheet.FindAllStringSubmatch(page, -1)
	if len(sheets) != 2 {
		t.Fatalf("%d style sheets", len(sheets))
	}
	sheet := sheets[0][1] + sheets[1][1]
	for _, d := range declaration.FindAllStringSubmatch(strings.ReplaceAll(sheet, "@media", ""), -1) {
		switch d[1] {
		case "color", "background-color", "border-color", "text-decoration-color", "padding-left", "padding-right", "prefers-color-scheme", "max-width":
		default:
			t.Errorf("the style sheet sets %s, which must stand inline", d[1])
		}
	}
	if strings.Contains(sheet, "!important") != strings.Contains(sheet, " !important") || strings.Contains(sheet, "/*") {
		t.Error("the style sheet has what Orange's web mail takes amiss")
	}
	if !strings.Contains(page, "<!--[if mso]><table role=\"presentation\" width=\"600\"") {
		t.Error("the fixed table for the Outlook that draws with Word is missing")
	}
}

var darkRule = regexp.MustCompile(`\.([a-z]+) \{ ([a-z-]+): (#[0-9a-f]{6}) !important; \}`)

// Every colour that stands inline has one for the dark by a class of its element, and what is a shape there (a rule, a
// line under a headline, a button) can be seen against its ground (WCAG 2.2, success criterion 1.4.11).
func TestEveryColourHasItsDark(t *testing.T) {
	parts := edition(t, frame(t), everything())
	dark := map[string]string{}
	for _, rule := range darkRule.FindAllStringSubmatch(parts.HTML, -1) {
		dark[rule[1]+" "+rule[2]] = rule[3]
	}
	ofClass := func(n *html.Node, property string) string {
		for class := range strings.FieldsSeq(attribute(n, "class")) {
			if colour := dark[class+" "+property]; colour != "" {
				return colour
			}
		}
		return ""
	}
	ground := func(n *html.Node) string {
		for ; n != nil; n = n.Parent {
			if colour := ofClass(n, "background-color"); colour != "" {
				return colour
			}
		}
		return ""
	}
	for _, n := range allElements(t) {
		for _, d := range declaration.FindAllStringSubmatch(attribute(n, "style"), -1) {
			property, needed := d[1], 0.0
			switch {
			case !strings.Contains(d[2], "#"):
				continue
			case property == "color":
				needed = 4.5
			case property == "text-decoration-color", strings.HasPrefix(d[2], "6px"):
				needed = 3
			}
			property = strings.Replace(property, "border-top", "border-color", 1)
			colour := ofClass(n, property)
			if colour == "" {
				t.Errorf("<%s class=%q> has no dark %s", n.Data, attribute(n, "class"), property)
			} else if c := contrast(t, colour[1:], ground(n)[1:]); c < needed {
				t.Errorf("<%s class=%q>: dark %s has a contrast of %.2f, want %.1f", n.Data, attribute(n, "class"), property, c, needed)
			}
			if own := ofClass(n, "background-color"); n.Data == "td" && strings.Contains(attribute(n, "class"), "button") &&
				contrast(t, own[1:], ground(n.Parent)[1:]) < 3 {
				t.Error("in the dark the button cannot be seen")
			}
		}
	}
}

func TestPartsWithNothingInThem(t *testing.T) {
	f := frame(t)
	f.Newsletter.Sender = newsletter.Sender{}
	c := newsletter.Content{Number: 1, Date: content().Date, Subject: "x"}
	parts := edition(t, f, c)
	for _, n := range elements(t, parts.HTML) {
		if n.Data != "td" && n.Data != "meta" && n.FirstChild == nil && n.Data != "style" {
			t.Errorf("<%s> is empty", n.Data)
		}
		if n.Data == "a" && attribute(n, "href") == "" {
			t.Error("a link goes nowhere")
		}
	}
	if strings.Contains(parts.HTML, "display:none") {
		t.Error("an empty preheader is there all the same")
	}
}

var colourToken = regexp.MustCompile(`\{\{define "([a-z-]+)"\}\}#([0-9a-f]{6})\{\{end\}\}`)

// Text is read where its contrast is at least 4.5 to 1 (WCAG 2.2, success criterion 1.4.3).
func TestContrast(t *testing.T) {
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(files, "mail/tokens.html.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string]string{}
	for _, m := range colourToken.FindAllStringSubmatch(string(text), -1) {
		colours[m[1]] = m[2]
	}
	pairs := map[string][]string{"on-accent": {"accent"}, "dark-on-accent": {"dark-accent"}}
	for _, ink := range []string{"ink", "muted", "accent"} {
		pairs[ink] = []string{"paper", "sheet", "tint"}
		pairs["dark-"+ink] = []string{"dark-paper", "dark-sheet", "dark-tint"}
	}
	for ink, grounds := range pairs {
		for _, ground := range grounds {
			for name, seen := range views() {
				if c := colour.Contrast(seen(parsed(t, colours[ink])), seen(parsed(t, colours[ground]))); c < 4.5 {
					t.Errorf("%s, %s on %s has a contrast of %.2f", name, ink, ground, c)
				}
			}
		}
	}
}

// views are what mail programs make of colours: nothing, or what those make that turn all of them dark and ask nobody, by the
// opposite of each channel or with the hue kept (Filter Effects Module Level 1, invert and hue-rotate).
func views() map[string]func(colour.Colour) colour.Colour {
	invert := func(c colour.Colour) colour.Colour {
		return colour.Colour{Red: 255 - c.Red, Green: 255 - c.Green, Blue: 255 - c.Blue}
	}
	return map[string]func(colour.Colour) colour.Colour{
		"as they are": func(c colour.Colour) colour.Colour { return c },
		"inverted":    invert,
		"inverted, the hue kept": func(c colour.Colour) colour.Colour {
			c = invert(c)
			r, g, b := float64(c.Red), float64(c.Green), float64(c.Blue)
			channel := func(v float64) uint8 { return uint8(min(max(v, 0), 255)) }
			return colour.Colour{Red: channel(-0.574*r + 1.430*g + 0.144*b), Green: channel(0.426*r + 0.430*g + 0.144*b), Blue: channel(0.426*r + 1.430*g - 0.856*b)}
		},
	}
}

var outlookRule = regexp.MustCompile(`(?m)^\.([a-z]+)\[(data-ogs[bc])\], \[(data-ogs[bc])\] \.([a-z]+) \{ ([a-z-]+): (#[0-9a-f]{6}) !important; \}$`)

// What Outlook turned dark by itself gets the colours that the dark has elsewhere. It marks an element whose ink it turned in one way and one
// whose ground it turned in another; a border is in neither, and goes by the ground of its cell.
func TestOutlookGetsTheDark(t *testing.T) {
	parts := edition(t, frame(t), everything())
	elsewhere, outlook, _ := strings.Cut(parts.HTML, "</style>")
	want, got := map[string]string{}, map[string]string{}
	for _, rule := range darkRule.FindAllStringSubmatch(elsewhere, -1) {
		want[rule[1]+" "+rule[2]] = rule[3]
	}
	for _, rule := range outlookRule.FindAllStringSubmatch(outlook, -1) {
		mark := "data-ogsc"
		turned := regexp.MustCompile(`(^|;)color:`)
		if rule[5] == "background-color" || rule[5] == "border-color" {
			mark, turned = "data-ogsb", regexp.MustCompile(`(^|;)background-color:`)
		}
		for _, n := range elements(t, parts.HTML) {
			if isClass := slices.Contains(strings.Fields(attribute(n, "class")), rule[1]); isClass && !turned.MatchString(attribute(n, "style")) && n.Data != "body" {
				t.Errorf("<%s class=%q> has nothing that Outlook would mark %s", n.Data, rule[1], mark)
			}
		}
		if rule[1] != rule[4] || rule[2] != mark || rule[3] != mark {
			t.Errorf("the rule %q is not for one class and one mark", rule[0])
		}
		got[rule[1]+" "+rule[5]] = rule[6]
	}
	if len(want) < 10 || !maps.Equal(want, got) {
		t.Errorf("Outlook gets %v, and others %v", got, want)
	}
}

// contrast is that of two colours, each as six hexadecimal digits.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	return colour.Contrast(parsed(t, a), parsed(t, b))
}

func parsed(t *testing.T, digits string) colour.Colour {
	t.Helper()
	c, err := colour.Parse("#" + digits)
	if err != nil {
		t.Fatalf("colour %q: %v", digits, err)
	}
	return c
}
