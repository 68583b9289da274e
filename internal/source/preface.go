package source

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"facteur/internal/collect"
	"facteur/internal/extract"
	"facteur/internal/render"
)

// longestPreface is how many bytes of a feed may stand before its beginning: a thousand warnings of PHP.
const longestPreface = 256 << 10

var (
	// feedStart finds what a feed begins with.
	feedStart = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)<\?xml\s|<rss[\s>]|<feed[\s>]|<rdf:RDF[\s>]|\{\s*"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org`)
	})
	// comment finds one of XML.
	comment = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)<!--.*?-->`) })
)

// withoutPreface parts a feed from what programs of its site put before it, and gives what that says, such as warnings of PHP. What XML wants there, and a page in
// which a feed stands, are left as they are.
func withoutPreface(data []byte) (feed []byte, preface string) {
	at := feedStart().FindIndex(data[:min(len(data), longestPreface)])
	if at == nil {
		return data, ""
	}
	before := string(bytes.ToValidUTF8(comment().ReplaceAll(data[:at[0]], nil), nil))
	before = strings.TrimSpace(strings.ReplaceAll(before, "\ufeff", ""))
	isPage := strings.Contains(strings.ToLower(before), "<html")
	if isPage || strings.HasPrefix(before, "<!") || strings.HasPrefix(before, "<?") || strings.HasPrefix(before, "{") {
		return data, ""
	}
	return data[at[0]:], extract.Cut(render.Summary(before), maxShown)
}

// behind says of a feed that cannot be read what stands before it.
func behind(preface string, told collect.Trouble) collect.Trouble {
	if preface != "" {
		told.What = fmt.Sprintf("before it stands what is no part of it, “%s”, and %s", preface, told.What)
		told.Do = "tell whoever looks after its site: a program of it writes that into the feed"
	}
	return told
}
