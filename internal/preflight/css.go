package preflight

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// A declaration is one property of a style, its value in lower case without its mark of importance.
type declaration struct {
	property, value string
	important       bool
	glued           bool // no space before the mark of importance
}

// declarations reads the content of a style attribute, or of a rule.
func declarations(style string) (all []declaration) {
	if style == "" {
		return nil
	}
	for _, part := range split(plainCSS(style), ';') {
		property, value, found := strings.Cut(part, ":")
		if !found {
			continue
		}
		d := declaration{property: strings.ToLower(strings.TrimSpace(property)), value: strings.ToLower(strings.TrimSpace(value))}
		if i := strings.LastIndexByte(d.value, '!'); i >= 0 && strings.TrimSpace(d.value[i+1:]) == "important" {
			d.important, d.glued = true, i > 0 && d.value[i-1] != ' '
			d.value = strings.TrimSpace(d.value[:i])
		}
		if d.property != "" {
			all = append(all, d)
		}
	}
	return all
}

// split cuts a text at a separator that stands neither in brackets nor in quotation marks.
func split(s string, separator byte) (parts []string) {
	depth, quote, from := 0, byte(0), 0
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth = max(0, depth-1)
		case c == separator && depth == 0:
			parts = append(parts, s[from:i])
			from = i + 1
		}
	}
	return append(parts, s[from:])
}

// uncommented takes the comments out of a style.
func uncommented(s string) string {
	if !strings.Contains(s, "/*") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "/*")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if _, s, found = strings.Cut(rest, "*/"); !found {
			return b.String()
		}
	}
}

// escaped are letters of CSS that are written otherwise (CSS Syntax 3 §4.3.7).
var escaped = regexp.MustCompile(`\\(?:([0-9a-fA-F]{1,6})[ \t\r\n\f]?|[g-zG-Z])`)

// plainCSS is a style without comments, and with its names as they are read.
func plainCSS(s string) string {
	s = uncommented(s)
	if !strings.Contains(s, `\`) {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		code, err := strconv.ParseInt(strings.TrimSpace(e[1:]), 16, 32)
		if err != nil {
			return e[1:]
		}
		if c := rune(code); c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("-:/.@(", c)) {
			return string(c)
		}
		return e
	})
}

// A length is understood in px, and in what can be counted in px whatever the reader's screen.
var lengths = map[string]float64{"": 1, "px": 1, "pt": 4.0 / 3, "em": 16, "rem": 16, "ex": 8, "ch": 8, "cm": 37.8, "mm": 3.78, "in": 96, "pc": 16}

// pixels is a length in px. Nothing is nothing in each unit.
func pixels(length string) (px float64, known bool) {
	length = strings.ToLower(strings.TrimSpace(length))
	unit := strings.TrimLeft(length, "+-.0123456789")
	number, err := strconv.ParseFloat(strings.TrimSuffix(length, unit), 64)
	factor, there := lengths[strings.TrimSpace(unit)]
	return number * factor, err == nil && (there || number == 0)
}

// A rule is one rule of a style sheet.
type rule struct {
	media        string // what its @media asks for; empty: always
	at           string // name of another rule with an @, such as "font-face" or "import"; it has no selectors then
	prelude      string // what stands between such a name and its end
	selectors    []string
	declarations []declaration
}

// mostRules is how many rules of a style sheet are read: a letter has some twenty.
const mostRules = 500

// readSheet reads a style sheet; what is not one gives rules that fit nothing.
func readSheet(sheet string, most int) []rule {
	r := sheetReader{rest: plainCSS(sheet), most: most}
	r.read("", 0)
	return r.rules
}

type sheetReader struct {
	rest  string
	most  int
	rules []rule
}

// read takes rules until the end of the block that it stands in.
func (r *sheetReader) read(media string, depth int) {
	for len(r.rules) < r.most {
		r.rest = strings.TrimLeft(r.rest, " \t\r\n\f;")
		end := strings.IndexAny(r.rest, "{};")
		if end < 0 {
			return
		}
		head, stop := strings.TrimSpace(r.rest[:end]), r.rest[end]
		r.rest = r.rest[end+1:]
		switch {
		case stop == '}':
			if depth > 0 {
				return
			}
		case stop == ';':
			r.rules = append(r.rules, statement(head))
		case strings.HasPrefix(head, "@media") && depth < 4:
			r.rules = append(r.rules, rule{at: "media", prelude: squeezed(strings.TrimPrefix(head, "@media"))})
			r.read(squeezed(media+" "+strings.TrimPrefix(head, "@media")), depth+1)
		default:
			r.block(media, head)
		}
	}
}

// block takes the declarations of one rule.
func (r *sheetReader) block(media, head string) {
	inside, rest, _ := strings.Cut(r.rest, "}")
	r.rest = rest
	one := rule{media: media, declarations: declarations(inside)}
	if strings.HasPrefix(head, "@") {
		s := statement(head)
		one.at, one.prelude = s.at, s.prelude
	} else {
		for _, selector := range split(head, ',') {
			one.selectors = append(one.selectors, squeezed(selector))
		}
	}
	r.rules = append(r.rules, one)
}

// statement is a rule that begins with an @.
func statement(head string) rule {
	name, prelude, _ := strings.Cut(strings.TrimPrefix(head, "@"), " ")
	return rule{at: strings.ToLower(name), prelude: squeezed(prelude)}
}

// squeezed is a piece of CSS in lower case with single spaces.
func squeezed(s string) string { return strings.ToLower(oneLine(s)) }

// dark reports a rule for the dark.
func (r rule) dark() bool {
	return strings.Contains(r.media, "prefers-color-scheme: dark") || strings.Contains(r.media, "prefers-color-scheme:dark")
}

// fits reports that one of a rule's selectors means an element, and how specific it is (CSS Selectors 3, §9). Names of elements,
// classes and identifiers are understood, and surroundings; what asks for more fits nothing.
func (r rule) fits(n *html.Node) (specific int, fits bool) {
	for _, s := range r.selectors {
		if compounds := strings.Fields(strings.ReplaceAll(s, ">", " ")); len(compounds) > 0 && chain(compounds, n) {
			specific, fits = max(specific, specificity(compounds)), true
		}
	}
	return specific, fits
}

func specificity(compounds []string) (weight int) {
	for _, c := range compounds {
		weight += 10_000*strings.Count(c, "#") + 100*strings.Count(c, ".")
		if c[0] != '.' && c[0] != '#' && c[0] != '*' {
			weight++
		}
	}
	return weight
}

func chain(compounds []string, n *html.Node) bool {
	last := len(compounds) - 1
	if !simple(compounds[last], n) {
		return false
	}
	for n = n.Parent; last > 0 && n != nil; n = n.Parent {
		if simple(compounds[last-1], n) {
			last--
		}
	}
	return last == 0
}

// simple matches a selector such as td.sheet, .sheet or #sheet.
func simple(selector string, n *html.Node) bool {
	if n.Type != html.ElementNode || strings.ContainsAny(selector, "[:+~") {
		return false
	}
	name := selector
	if i := strings.IndexAny(selector, ".#"); i >= 0 {
		name = selector[:i]
	}
	if name != "" && name != "*" && name != n.Data {
		return false
	}
	for rest := selector[len(name):]; rest != ""; {
		kind := rest[0]
		end := strings.IndexAny(rest[1:], ".#") + 1
		if end == 0 {
			end = len(rest)
		}
		wanted := rest[1:end]
		if kind == '#' && !strings.EqualFold(attribute(n, "id"), wanted) || kind == '.' && !hasClass(n, wanted) {
			return false
		}
		rest = rest[end:]
	}
	return true
}

func hasClass(n *html.Node, wanted string) bool {
	for class := range strings.FieldsSeq(attribute(n, "class")) {
		if strings.EqualFold(class, wanted) {
			return true
		}
	}
	return false
}
