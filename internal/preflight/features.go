package preflight

import (
	"fmt"
	"regexp"
	"strings"
)

// A feature is something that HTML mail may use and a mail program may lack: an element "<td>", an attribute "align=", a property
// "color:", a value "display:flex", a unit or function "rem", "calc()", a rule "@media", or "!important".
type feature struct {
	name string
	line int
}

// A fact is what is known of a feature.
type fact struct {
	name  string
	page  string // of the source, https://www.caniemail.com/features/…; empty: plain HTML 4.01 or CSS 1 that it has no page for
	lacks string // mail programs that lack it, or a part of it that letters use; empty: none of those that are tabled
	extra string // what a letter is without it; empty: it is missed, and a letter that uses it is told of
}

const (
	// factSource is where the facts come from, and factsLooked when they were looked up. Its tests are made by volunteers, some of
	// them years ago: the newest tested version of each program counts.
	factSource  = "https://www.caniemail.com/features/"
	factsLooked = "2026-11-25"
)

// style sheets are taken away by both, so whatever stands only there is lacking too.
const noStyle = "SFR, La Poste"

// facts is the table, of the mail programs of the product's readers: Gmail, Outlook, Apple Mail, Yahoo, Orange, SFR, La Poste,
// Free, Thunderbird, Samsung.
var facts = tabled(joined(
	// Elements.
	plain("<html> <head> <meta> <title> <a> <br> <span> <b> <i> <em> <img> <center>"),
	safe("html-table", "<table> <tbody> <thead> <tfoot> <tr> <td> <th> <caption>"),
	safe("html-h1-h6", "<h1> <h2> <h3> <h4> <h5> <h6>"),
	safe("html-p", "<p>"),
	plain("<div> <strong> <blockquote> <code> <pre> <hr> <small> <sup> <sub> <u> <font> <cite> <del> <abbr>"),
	only("html-body", "Gmail, Outlook.com, Yahoo, Orange, SFR, La Poste", "colours and language stand on the outermost table as well", "<body>"),
	only("html-style", "Gmail for foreign accounts, "+noStyle, "the sheet only decorates: everything that is needed stands inline", "<style>"),
	only("html-lists", "Gmail, Outlook, Yahoo", "the items stand below each other, with other margins", "<ul> <ol> <li>"),
	lacking("html-semantics", "Outlook on Windows, Yahoo, and in part Gmail, Outlook.com and Orange",
		"<article> <aside> <details> <figcaption> <figure> <footer> <header> <main> <mark> <nav> <section> <summary> <time>"),
	lacking("html-picture", "Gmail, Outlook, Yahoo, Orange", "<picture>"),
	// What only the Outlook that draws with Word reads: https://learn.microsoft.com/previous-versions/office/developer/office-2007/aa338201(v=office.12)
	plain("<xml> <o:officedocumentsettings> <o:pixelsperinch> <o:allowpng> <v:roundrect> <v:rect> <v:fill> <v:textbox> <w:anchorlock>"),
	plain("xmlns:o= xmlns:v= xmlns:w= arcsize= stroke= strokecolor= strokeweight= fillcolor= fill= esdevVmlButton= inset="),

	// Attributes.
	plain("charset= name= content= http-equiv= href= src= alt= title= style= border= colspan= rowspan= start= type= rel= id= nowrap= color= face= size="),
	safe("html-width", "width="), safe("html-height", "height="), safe("html-align", "align="), safe("html-valign", "valign="),
	plain("bgcolor= cellpadding= cellspacing= target= dir="),
	only("css-selector-class", noStyle, "classes are for the sheet, which only decorates", "class="),
	only("html-lang", "Orange, and in part Yahoo", "it is read aloud in the language of the mail program", "lang="),
	only("html-role", "Orange, and in part Yahoo", "tables are read aloud in the order of their cells", "role="),
	only("html-aria-hidden", "Yahoo, Orange, Thunderbird", "it is read aloud as well", "aria-hidden="),
	lacking("html-srcset", "Gmail, Outlook, Yahoo, Orange", "srcset= sizes="),
	lacking("html-anchor-links", "Orange, SFR, La Poste, Samsung, and in part Yahoo", "href=#"),
	lacking("html-background", "Outlook on Windows, and in part Gmail on phones", "background="),
	lacking("image-svg", "Gmail on the web", "a picture in SVG"),
	lacking("image-webp", "Outlook on Windows, and in part Gmail", "a picture in WebP"),
	lacking("image-avif", "Outlook on Windows, and in part Gmail", "a picture in AVIF"),

	// Properties.
	plain("color: font-family: font-size: font-style: text-decoration: text-align: vertical-align: border: border-top: border-right: border-bottom: border-left: "+
		"border-color: border-style: border-width: border-top-color: border-bottom-color: padding-top: padding-right: padding-bottom: padding-left: text-indent:"),
	safe("css-padding", "padding:"), safe("css-background-color", "background-color:"), safe("css-line-height", "line-height:"), safe("css-font-weight", "font-weight:"),
	safe("css-letter-spacing", "letter-spacing:"), safe("css-text-transform", "text-transform:"), safe("css-width", "width:"), safe("css-max-width", "max-width:"),
	only("css-margin", "Gmail, Outlook and Yahoo in part: no negative ones, and none on cells", "paragraphs stand closer, cells keep their padding", "margin: margin-top: margin-right: margin-bottom: margin-left:"),
	only("css-height", "Outlook on Windows in part, Yahoo", "the element is as high as what stands in it", "height:"),
	only("css-max-height", "Outlook on Windows", "display:none hides it all the same", "max-height:"),
	only("css-min-width", "Outlook on Windows", "the element is as wide as what stands in it", "min-width:"),
	only("css-overflow", "Outlook on Windows", "display:none hides it all the same", "overflow:"),
	plain("display:"), // its values are features of their own
	only("css-display-none", "Outlook on Windows in part", "mso-hide and a height of nothing hide it as well", "display:none"),
	only("css-display", "Outlook on Windows", "the link is a line of text in its coloured cell", "display:inline-block display:block display:inline"),
	only("css-table-layout", "Outlook on Windows", "a very long word may widen the table", "table-layout:"),
	only("css-border-radius", "Outlook on Windows, Orange", "corners are square", "border-radius:"),
	only("css-box-shadow", "Outlook on Windows, Yahoo", "there is no shadow", "box-shadow:"),
	only("css-text-decoration-color", "Outlook on Windows, Orange", "the line has the colour of the text", "text-decoration-color:"),
	only("css-text-decoration-thickness", "Gmail on phones, Outlook, Yahoo, Orange", "the line is as thick as usual", "text-decoration-thickness:"),
	only("css-text-underline-offset", "Gmail, Outlook, Yahoo, Orange", "the line stands where it usually does", "text-underline-offset:"),
	only("css-overflow-wrap", "Gmail, Outlook, Apple Mail, Yahoo", "word-break does the same there", "overflow-wrap: word-wrap:"),
	only("css-word-break", "Yahoo, and in part Gmail, Outlook.com and Orange", "a very long word may widen the letter", "word-break:"),
	only("css-white-space", "Outlook on Windows, Samsung", "lines break where there is room", "white-space:"),
	safe("css-border-collapse", "border-collapse:"), safe("css-list-style-type", "list-style-type:"),
	only("css-background-image", "Outlook on Windows, La Poste, and in part Yahoo", "there is the colour below it", "background-image: background-size: background-position: background-repeat:"),
	only("css-background", "Outlook on Windows, and in part Yahoo and Orange", "the colour among its values is known to all", "background:"),
	only("css-color-scheme", "Gmail, Outlook, Yahoo", "the program decides alone what is dark", "color-scheme: supported-color-schemes:"),
	plain("mso-line-height-rule: mso-padding-alt: mso-hide: mso-table-lspace: mso-table-rspace: mso-font-width: mso-text-raise: mso-border-alt: -ms-interpolation-mode: "+
		"-ms-text-size-adjust: -webkit-text-size-adjust: text-size-adjust:"),
	lacking("css-display-flex", "Outlook on Windows, Orange, and in part Gmail on phones", "display:flex display:inline-flex flex: flex-direction: flex-wrap: flex-grow: flex-shrink: flex-basis: justify-content: align-items: align-self: order:"),
	lacking("css-display-grid", "Outlook on Windows, Orange, and in part Gmail on phones", "display:grid display:inline-grid grid: grid-template: grid-template-columns: grid-template-rows: grid-column: grid-row: grid-area:"),
	lacking("css-gap", "Outlook on Windows, Yahoo, Orange, and in part Gmail and Outlook.com", "gap: row-gap: column-gap:"),
	lacking("css-position", "Gmail, Outlook on Windows, and in part the others", "position:"),
	lacking("css-left-right-top-bottom", "Gmail, Outlook on Windows, Yahoo", "top: right: bottom: left:"),
	lacking("css-float", "Outlook on Windows", "float: clear:"),
	lacking("css-opacity", "Outlook on Windows, Yahoo, Orange", "opacity:"),
	lacking("css-variables", "Gmail, Outlook, Yahoo, Orange", "var() --*:"),
	lacking("css-animation", "Gmail, Outlook, Yahoo, Orange", "animation: @keyframes"),

	// Units, functions and rules.
	lacking("css-unit-rem", "Outlook on Windows, Yahoo, Orange", "rem"),
	lacking("css-unit-calc", "Outlook, Yahoo, Orange", "calc()"),
	lacking("css-unit-vw", "Outlook on Windows, Orange", "vw"),
	lacking("css-rgba", "Outlook on Windows, Orange, and in part Gmail and Yahoo", "rgba()"),
	lacking("css-comments", "Orange, which takes the rule or the attribute away with them", "/* */"),
	lacking("css-important", "Orange, which takes the declaration away", "!important without a space"),
	only("css-important", "Gmail and Outlook on Windows in part", "the colours of the light hold", "!important"),
	only("css-at-media", noStyle+", Outlook on Windows, Thunderbird", "the margins of a wide screen hold", "@media"),
	only("css-at-media-prefers-color-scheme", "Gmail, Outlook on Windows, Yahoo, SFR, La Poste, Thunderbird", "the colours of the light hold, or the program's own inversion", "@media prefers-color-scheme"),
	lacking("css-at-font-face", "Gmail, Outlook.com, Yahoo, Orange, SFR, La Poste", "@font-face"),
	lacking("css-at-import", "Gmail, Outlook, Yahoo, Orange, SFR, La Poste", "@import"),
	lacking("css-at-supports", "Gmail, Outlook, Thunderbird", "@supports"),
	lacking("css-pseudo-class-hover", "Outlook on Windows, SFR, La Poste", ":hover"),
))

func joined(all ...[]fact) (table []fact) {
	for _, some := range all {
		table = append(table, some...)
	}
	return table
}

func tabled(all []fact) map[string]fact {
	table := make(map[string]fact, len(all))
	for _, f := range all {
		table[f.name] = f
	}
	return table
}

// names splits what one fact is about. A name with a space in it stands alone.
func names(f fact, all string) (each []fact) {
	list := strings.Fields(all)
	if strings.HasPrefix(all, "a picture") || strings.HasPrefix(all, "/*") || strings.HasPrefix(all, "!important ") || strings.HasPrefix(all, "@media ") {
		list = []string{all}
	}
	for _, name := range list {
		f.name = name
		each = append(each, f)
	}
	return each
}

// plain are features from before all of these programs.
func plain(all string) []fact { return names(fact{}, all) }

// safe are features that each program knows.
func safe(page, all string) []fact { return names(fact{page: page}, all) }

// only are features that a letter may use because it does without.
func only(page, lacks, without, all string) []fact {
	return names(fact{page: page, lacks: lacks, extra: without}, all)
}

// lacking are features that a letter cannot do without once it uses them.
func lacking(page, lacks, all string) []fact { return names(fact{page: page, lacks: lacks}, all) }

// features tells of what mail programs lack, and of what nobody knows whether they do.
func features(n *notes, _ Letter, p *page) {
	told := map[string]bool{}
	for _, f := range p.features() {
		if told[f.name] {
			continue
		}
		told[f.name] = true
		known, there := facts[f.name]
		at := Place{Part: InHTML, Line: f.line, Text: f.name}
		switch {
		case !there:
			n.warns("feature-unknown", at, fmt.Sprintf("nobody here knows whether mail programs know %s", f.name), "look at "+factSource+", or do without it")
		case known.lacks != "" && known.extra == "":
			n.warns("feature-missing", at, fmt.Sprintf("%s lack %s (%s%s/, looked up %s)", known.lacks, f.name, factSource, known.page, factsLooked), "do without it")
		}
	}
	if style, size := p.styleSize(); size > mostStyle {
		n.warns("style-sheet-large", Place{Part: InHTML, Line: style, Text: "<style>"}, fmt.Sprintf("the style sheet has %d octets, and Gmail takes one away that has more than %d", size, mostStyle), "let it say less: everything that is needed stands inline")
	}
}

// mostStyle is the largest style sheet that Gmail keeps (https://www.caniemail.com/features/html-style/).
const mostStyle = 16 << 10

func (p *page) styleSize() (first, size int) {
	for _, s := range p.sheets {
		size += len(content(s))
		first = line(p.sheets[0])
	}
	return first, size
}

// features lists what a letter uses, each as often as it stands there.
func (p *page) features() (all []feature) {
	for _, t := range p.tags {
		note := func(name string) { all = append(all, feature{name, t.line}) }
		if strings.Contains(active, " "+t.name+" ") { // forbidden, whoever has it
			continue
		}
		note("<" + t.name + ">")
		for _, a := range t.attr {
			if strings.HasPrefix(a.Key, "on") {
				continue
			}
			note(attributeFeature(t, a.Key, a.Val))
			if a.Key == "style" {
				styled(declarations(a.Val), note)
			}
			if a.Key == "style" && strings.Contains(a.Val, "/*") {
				note("/* */")
			}
		}
	}
	for _, s := range p.sheets {
		if strings.Contains(content(s), "/*") {
			all = append(all, feature{"/* */", line(s)})
		}
	}
	for _, r := range p.rules {
		note := func(name string) { all = append(all, feature{name, line(p.sheets[0])}) }
		switch {
		case r.at == "media" && strings.Contains(r.prelude, "prefers-color-scheme"):
			note("@media prefers-color-scheme")
		case r.at != "":
			note("@" + r.at)
		}
		for _, s := range r.selectors {
			if strings.Contains(s, ":hover") {
				note(":hover")
			}
		}
		if r.at != "font-face" {
			styled(r.declarations, note)
		}
	}
	return all
}

// attributeFeature names an attribute, and by its value what is a feature of its own.
func attributeFeature(t tag, name, value string) string {
	path, _, _ := strings.Cut(strings.ToLower(value), "?")
	switch {
	case name == "href" && strings.HasPrefix(value, "#"):
		return "href=#"
	case name == "src" && strings.HasSuffix(path, ".svg"):
		return "a picture in SVG"
	case name == "src" && strings.HasSuffix(path, ".webp"):
		return "a picture in WebP"
	case name == "src" && strings.HasSuffix(path, ".avif"):
		return "a picture in AVIF"
	case t.name == "meta" && name == "name":
		return "name="
	}
	return name + "="
}

// unit finds lengths in units that mail programs lack.
var unit = regexp.MustCompile(`\d(rem|vw|vh)\b`)

func styled(all []declaration, note func(string)) {
	for _, d := range all {
		if strings.HasPrefix(d.property, "--") {
			note("--*:")
			continue
		}
		note(d.property + ":")
		if d.property == "display" {
			note("display:" + d.value)
		}
		if found := unit.FindStringSubmatch(d.value); found != nil {
			note(found[1])
		}
		for _, function := range []string{"calc", "var", "rgba"} {
			if strings.Contains(d.value, function+"(") {
				note(function + "()")
			}
		}
		switch {
		case d.glued:
			note("!important without a space")
		case d.important:
			note("!important")
		}
	}
}
