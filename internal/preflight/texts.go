package preflight

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// textWidth is the longest line of the text part in characters: RFC 5322 §2.1.1 asks for 78, and two are left for the marks of
// those who quote the letter.
const textWidth = 76

// markup is what only HTML says.
var markup = regexp.MustCompile(`(?i)&(?:[a-z]+|#[0-9]+|#x[0-9a-f]+);|</?(?:a|abbr|b|blockquote|big|br|center|cite|code|del|div|em|embed|font|form|h[1-6]|hr|i|iframe|img|input|ins|li|link|mark|` +
	`meta|object|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|tr|tt|u|ul|video)(?:[\s/][^<]*)?>`)

// mostSearches is how many links are looked for within the lines of the text part; beyond that they must stand alone.
const mostSearches = 500

// texts looks at the text part: it must say and lead to what the HTML does (RFC 2046 §5.1.4).
func texts(n *notes, l Letter, p *page) {
	if strings.TrimSpace(l.Text) == "" {
		n.blocks("text-missing", Place{Part: InText}, "there is no text part: mail programs that show no HTML would show nothing", "write the text template")
		return
	}
	told := map[string]bool{"": true}
	for word := range strings.FieldsSeq(l.Text) {
		told[word] = true
	}
	searches := 0
	for _, a := range p.anchors {
		address := strings.TrimPrefix(a.href, "mailto:")
		if told[address] || strings.HasPrefix(a.href, "#") {
			continue
		}
		if searches++; searches < mostSearches && strings.Contains(l.Text, address) { // within a line
			continue
		}
		told[address] = true
		at := p.at(a.node, a.href)
		at.Part, at.Line = InText, 0
		n.blocks("text-lacks-link", at, "a link of the HTML is not in the text part: who reads that gets another letter", "put the address into the text template, on a line of its own")
	}
	at := 0
	for line := range strings.Lines(l.Text) {
		at++
		line = strings.TrimRight(line, "\r\n")
		if width := utf8.RuneCountInString(line); width > textWidth && strings.Contains(line, " ") {
			n.warns("text-line-long", Place{Part: InText, Line: at, Text: line}, fmt.Sprintf("the line has %d characters, and more than %d are broken anywhere when the letter is quoted", width, textWidth), "wrap it in the text template; an address may be longer, alone on its line")
		}
		if found := markup.FindString(line); found != "" {
			n.warns("text-markup", Place{Part: InText, Line: at, Text: line}, found+" is HTML, and the text part shows it as it stands", "write what it means")
		}
	}
	textOrder(n, l, p)
	saysLess(n, l, p)
}

// textOrder wants the stories of both parts in one order.
func textOrder(n *notes, l Letter, p *page) {
	before := -1
	for _, a := range p.anchors {
		title, there := p.stories[key(a.href)]
		if !there {
			continue
		}
		at := strings.Index(l.Text, a.href+"\n")
		if at < 0 {
			continue
		}
		if at < before {
			n.warns("text-order", Place{Part: InText, Story: title}, "the text part tells this story at another place than the HTML", "let both templates tell the stories in one order")
			return
		}
		before = at
	}
}

// saysLess wants most of the words of the HTML in the text part.
func saysLess(n *notes, l Letter, p *page) {
	inHTML, inText := len(strings.Fields(p.words(p.root))), len(strings.Fields(l.Text))
	if inHTML > 20 && inText*10 < inHTML*6 {
		n.warns("text-says-less", Place{Part: InText}, fmt.Sprintf("the text part has %d words, and the HTML %d: filters distrust letters whose parts differ", inText, inHTML), "tell the same in both templates")
	}
}
