package render

import (
	"slices"
	"strings"

	htmlsyntax "golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"facteur/internal/typography"
)

// LeftOut names what a text brings that no letter takes: elements whose content is no text, such as script, attributes
// that run something, links that lead neither into the web nor to a mailbox, and characters that nobody sees. Each is named once.
func LeftOut(text string) []string {
	var found []string
	say := func(what string) {
		if !slices.Contains(found, what) {
			found = append(found, what)
		}
	}
	tokens := htmlsyntax.NewTokenizer(strings.NewReader(text))
	for {
		kind := tokens.Next()
		if kind == htmlsyntax.ErrorToken {
			break
		}
		if kind == htmlsyntax.StartTagToken || kind == htmlsyntax.SelfClosingTagToken {
			foreign(tokens.Token(), say)
		}
	}
	if lower := strings.ToLower(text); strings.Contains(lower, "](javascript:") || strings.Contains(lower, "](data:") {
		say("a link that is no address")
	}
	if plain := norm.NFC.String(strings.Join(strings.Fields(text), " ")); len(typography.Clean(plain)) < len(plain) {
		say("characters that nobody sees")
	}
	return found
}

func foreign(tag htmlsyntax.Token, say func(string)) {
	if isOne(skipped, tag.Data) {
		say("<" + tag.Data + ">")
	}
	for _, a := range tag.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Val))
		switch {
		case len(a.Key) > 2 && strings.HasPrefix(a.Key, "on"):
			say(a.Key)
		case strings.HasPrefix(value, "javascript:"), a.Key == "href" && strings.HasPrefix(value, "data:"):
			say("a link that is no address")
		}
	}
}
