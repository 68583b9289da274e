package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"facteur/internal/render"
)

// Limits of an article that [facteur/internal/collect.Collector.Check] has, in characters.
const (
	MaxTitle   = 500
	MaxAuthor  = 200
	maxTag     = 100
	maxTags    = 50
	maxAlt     = 500
	MaxSummary = 600 // of a summary that is shown as it is
)

// maxBody, in bytes, is that of an article.
const maxBody = 4 << 20

// Cut shortens a text to so many characters.
func Cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}

// Clip puts paragraphs together, without the last ones of a text that is too long for an article.
func Clip(paragraphs []string) string {
	size := 0
	for i, p := range paragraphs {
		if size += len(p) + 2; size > maxBody {
			return strings.Join(paragraphs[:i], "\n\n")
		}
	}
	return strings.Join(paragraphs, "\n\n")
}

// Tags are those that a site gave an article, which may be HTML.
func Tags(given []string) (tags []string) {
	for _, t := range given {
		if t = Cut(render.Summary(t), maxTag); t != "" && len(tags) < maxTags && !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	return tags
}
