package letter

import (
	"regexp"
	"strings"

	"facteur/internal/token"
)

var (
	readersLink = regexp.MustCompile(`[^\s"'<>]*[a-z]` + token.TokenMark + `0+`)
	// readersWords runs from one tag to the next.
	readersWords = regexp.MustCompile(`>[^<]*` + token.DayMark + `[^<]*<`)
	readersDay   = regexp.MustCompile(token.DayMark + `~*`)
)

// Public makes an edition's frozen HTML one for everybody. The links to a reader's own pages lead to the page where such
// a link can be asked for, and the words around the day of a consent go: on a page they speak to nobody.
func Public(html, webURL string) string {
	ask := strings.TrimSuffix(webURL, "/") + "/lien"
	html = readersLink.ReplaceAllLiteralString(html, ask)
	html = readersWords.ReplaceAllLiteralString(html, "><")
	return readersDay.ReplaceAllLiteralString(html, "")
}

// PublicText does the same to the frozen text part, where the words around the day are a paragraph of their own.
func PublicText(text, webURL string) string {
	ask := strings.TrimSuffix(webURL, "/") + "/lien"
	var kept []string
	for paragraph := range strings.SplitSeq(readersLink.ReplaceAllLiteralString(text, ask), "\n\n") {
		if !strings.Contains(paragraph, token.DayMark) {
			kept = append(kept, paragraph)
		}
	}
	return strings.Join(kept, "\n\n")
}
