package render

import (
	"regexp"
	"slices"
	"strings"

	"github.com/gomarkdown/markdown/ast"
	htmlsyntax "golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"facteur/internal/typography"
)

const (
	noAddress = "a link that is no address"
	endless   = "markup that does not end, and stands among the words"
	unclosed  = "a comment that does not end, and all that follows it"
)

// LeftOut names what a summary brings that no letter takes as it is: elements whose content is no text, such as script, attributes
// that run something, links that lead neither into the web nor to a mailbox, markup without an end, and characters that nobody sees. Each is
// named once.
func LeftOut(summary string) []string {
	var f findings
	f.markup(AsHTML(summary, false))
	f.unending(summary)
	f.unseen(summary)
	return f
}

// LeftOutOfBody is LeftOut for a text in Markdown; one of which nothing comes at all is named, too.
func LeftOutOfBody(text string) []string {
	text = beginning(text)
	document := parse(text)
	var f findings
	each(document, func(l *ast.Link) {
		if to := string(l.Destination); l.NoteID == 0 && linkAddress(to) == "" && !strings.HasPrefix(to, "#") && hasScheme(to) {
			f.say(noAddress)
		}
	})
	f.markup(pageOf(text, document))
	f.unending(text)
	f.unseen(text)
	if strings.TrimSpace(text) != "" && PlainText(text) == "" {
		f.say("all of its text, which no reader could see")
	}
	return f
}

// hasScheme reports an address that does not belong to the page on which it stands.
func hasScheme(address string) bool {
	scheme, _, found := strings.Cut(strings.TrimSpace(address), ":")
	return found && !strings.ContainsAny(scheme, "/?#")
}

type findings []string

func (f *findings) say(what string) {
	if !slices.Contains(*f, what) {
		*f = append(*f, what)
	}
}

// markup looks through the tags of HTML.
func (f *findings) markup(page string) {
	tokens := htmlsyntax.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case htmlsyntax.ErrorToken:
			return
		case htmlsyntax.StartTagToken, htmlsyntax.SelfClosingTagToken:
			f.tag(tokens.Token())
		}
	}
}

func (f *findings) tag(tag htmlsyntax.Token) {
	if isOne(skipped, tag.Data) {
		f.say("<" + tag.Data + ">")
	}
	for _, a := range tag.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Val))
		switch {
		case len(a.Key) > 2 && strings.HasPrefix(a.Key, "on"):
			f.say(a.Key)
		case strings.HasPrefix(value, "javascript:"), a.Key == "href" && hasScheme(value) && linkAddress(value) == "":
			f.say(noAddress)
		}
	}
}

// openTag is the beginning of a tag with an attribute, up to its end or the next tag.
var openTag = regexp.MustCompile(`(?i)<[a-z][a-z0-9]*\s+[a-z-]+\s*=[^<>]*(?:[<>]|$)`)

// unending looks for what begins as markup and does not end. Code may show such.
func (f *findings) unending(text string) {
	if code.MatchString(text) {
		return
	}
	for _, found := range openTag.FindAllString(text, -1) {
		if !strings.HasSuffix(found, ">") {
			f.say(endless)
		}
	}
	if at := strings.LastIndex(text, "<!--"); at >= 0 && !strings.Contains(text[at:], "-->") {
		f.say(unclosed)
	}
}

var code = regexp.MustCompile("`[^`]*<[^`]*`|(?m)^(?: {4}|\t|~~~)")

// unseen looks for characters that nobody sees.
func (f *findings) unseen(text string) {
	if plain := norm.NFC.String(strings.Join(strings.Fields(text), " ")); len(typography.Clean(plain)) < len(plain) {
		f.say("characters that nobody sees")
	}
}
