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
