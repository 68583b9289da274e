package render

import (
	"html"
	"regexp"
	"strings"

	htmlsyntax "golang.org/x/net/html"
)

// Summary returns what a summary says, whether it was given as text or as HTML: markup goes, entities become what they
// stand for. What only looks like a tag, as in List<int> or a < b, is text, and so is a tag that the text is about; see [AsHTML].
// It is applied once: what an entity stood for may look like markup again.
func Summary(given string) string { return Title(given, false) }

// A block is what one paragraph, heading, item or cell of a page says, on one line.
type block struct {
	text    string
	heading bool
	listed  bool // in a list
}

func sayings(all []block) string {
	texts := make([]string, len(all))
	for i, b := range all {
		texts[i] = b.text
	}
	return clean(strings.Join(texts, " "))
}

// Elements of HTML by what they are to a reader of plain text, each name between spaces.
const (
	// skipped have content that is no text of the article.
	skipped = " audio button canvas datalist embed head iframe map math noembed noframes noscript object option plaintext " +
		"script select style svg template textarea title video xmp "
	// beside stand beside the sentences of an article.
	beside = " figure pre table "
	// parting begin or end a line of their own.
	parting = " address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption " +
		"figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody " +
		"td tfoot th thead tr ul "
	within = " a abbr acronym area b base basefont bdi bdo big cite code col colgroup data del dfn em font frame frameset i " +
		"img input ins kbd label link mark meta meter nobr optgroup output param picture progress q rp rt ruby s samp slot " +
		"small source span strike strong sub sup time track tt u var wbr "
	void  = " embed "
	lists = " dir dl menu ol ul "
	heads = " h1 h2 h3 h4 h5 h6 "
)

func isOne(of, name string) bool { return strings.Contains(of, " "+name+" ") }

// blocks reads a page, or a piece of one, but for the elements that leave out names.
func blocks(page, leaveOut string) []block {
	r := pageReader{leaveOut: leaveOut}
	tokens := htmlsyntax.NewTokenizer(strings.NewReader(page))
	for {
		kind := tokens.Next()
		raw := string(tokens.Raw())
		if kind == htmlsyntax.ErrorToken {
			r.say(raw) // a tag that does not end is none
			r.part()
			return r.all
		}
		r.take(kind, tokens, raw)
	}
}

// A pageReader gathers the blocks of a page.
type pageReader struct {
	leaveOut string

	all     []block
	line    []byte
	heading bool
	lists   int    // that are open
	out     string // the element that is left out, and how deep it stands in its like
	depth   int
	mark    int // where in the line an open <sup> began
	inMark  bool
	noted   bool // the open <sup> holds a link: it is the mark of a footnote
}

func (r *pageReader) take(kind htmlsyntax.TokenType, tokens *htmlsyntax.Tokenizer, raw string) {
	switch kind {
	case htmlsyntax.TextToken:
		r.say(raw)
	case htmlsyntax.StartTagToken, htmlsyntax.SelfClosingTagToken, htmlsyntax.EndTagToken:
		bytes, _ := tokens.TagName()
		name := string(bytes)
		switch {
		case !isElement(name):
			r.say(raw)
		case r.out != "":
			r.skip(name, kind)
		case kind == htmlsyntax.EndTagToken:
			r.end(name)
		default:
			r.start(name, kind)
		}
	}
}

func (r *pageReader) start(name string, kind htmlsyntax.TokenType) {
	switch {
	case isOne(r.leaveOut, name) && !isOne(void, name) && kind == htmlsyntax.StartTagToken:
		r.part()
		r.out, r.depth = name, 1
	case name == "sup":
		r.mark, r.inMark, r.noted = len(r.line), true, false
	case name == "a":
		r.noted = r.inMark
	case isOne(parting, name):
		r.part()
		r.heading = isOne(heads, name)
		if isOne(lists, name) && kind == htmlsyntax.StartTagToken {
			r.lists++
		}
	}
}

func (r *pageReader) end(name string) {
	switch {
	case name == "sup" && r.inMark:
		if r.noted {
			r.line = r.line[:r.mark]
		}
		r.inMark, r.noted = false, false
	case isOne(parting, name):
		r.part()
		if isOne(lists, name) {
			r.lists = max(0, r.lists-1)
		}
	}
}

// skip waits for the end of the element that is left out.
func (r *pageReader) skip(name string, kind htmlsyntax.TokenType) {
	if name != r.out {
		return
	}
	switch kind {
	case htmlsyntax.StartTagToken:
		r.depth++
	case htmlsyntax.EndTagToken:
		r.depth--
	}
	if r.depth == 0 {
		r.out = ""
	}
}

func (r *pageReader) say(raw string) {
	if r.out == "" {
		r.line = append(r.line, unescaped(raw)...)
	}
}

func unescaped(raw string) string {
	if !strings.Contains(raw, "&") {
		return raw
	}
	return entity.ReplaceAllStringFunc(raw, html.UnescapeString)
}

// part ends a line. An empty heading is a heading all the same.
func (r *pageReader) part() {
	text := clean(footnote.ReplaceAllString(string(r.line), ""))
	if text != "" || r.heading {
		r.all = append(r.all, block{text: text, heading: r.heading, listed: r.lists > 0})
	}
	r.line = r.line[:0]
	r.heading, r.inMark, r.noted = false, false, false
}

var (
	// entity wants its semicolon: an address that goes on with &copy=1 has no sign in it.
	entity = regexp.MustCompile(`&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);`)
	// footnote is the mark of a footnote that is nowhere.
	footnote = regexp.MustCompile(`\[\^[0-9]+\]`)
)
