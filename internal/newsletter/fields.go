package newsletter

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Zoned layouts carry their offset; the others are read in the zone of the one who reads. Fractions of a second are
// understood after each that has seconds. A T and a space between date and time are the same to all of them.
var (
	zonedLayouts = [...]string{"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00"}
	localLayouts = [...]string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"}
)

// firstYear is the earliest year in which an article can have been published on the web.
const firstYear = 1990

// ParsePublished reads a date as people and programs write it: RFC 3339, "2006-01-02" or "2006-01-02 15:04", with or
// without seconds. Without an offset it is read in zone, nil being UTC. No text is no date: the zero time.
func ParsePublished(text string, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return time.Time{}, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	t, ok := parseDate(text, zone)
	if !ok {
		return time.Time{}, fmt.Errorf("published %q is not a date: write it like 2026-10-27, 2026-10-27 07:30 or 2026-10-27T07:30:00+01:00", Printable(text))
	}
	if t.UTC().Year() < firstYear || t.UTC().Year() > 9999 {
		return time.Time{}, fmt.Errorf("published %q is no date of an article: correct the year, or leave it out", Printable(text))
	}
	return t, nil
}

func parseDate(text string, zone *time.Location) (time.Time, bool) {
	if len(text) > 10 && (text[10] == 'T' || text[10] == 't') {
		text = text[:10] + " " + text[11:]
	}
	text = strings.ToUpper(text) // RFC 3339 §5.6 allows a small z
	for _, layout := range zonedLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	for _, layout := range localLayouts {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// ParseTags reads a list of tags: words between commas, or a JSON list of texts.
func ParseTags(text string) ([]string, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "[") {
		return TidyTags(strings.Split(text, ",")), nil
	}
	var tags []string
	if err := json.Unmarshal([]byte(text), &tags); err != nil {
		return nil, fmt.Errorf(`tags %q is not a list: write it like "ia, recherche" or ["ia", "recherche"]`, Printable(text))
	}
	return TidyTags(tags), nil
}

// TidyTags leaves out what is empty or repeated.
func TidyTags(tags []string) []string {
	var tidy []string
	seen := make(map[string]bool)
	for _, tag := range tags {
		if tag = OneLine(tag); tag != "" && !seen[tag] {
			seen[tag] = true
			tidy = append(tidy, tag)
		}
	}
	return tidy
}

// maxLanguage is the longest language tag anyone has to take, in bytes (RFC 5646 §4.4.1).
const maxLanguage = 35

// ParseLanguage reads a language tag (BCP 47) and returns its usual spelling. No text, and the tag "und", are no
// language.
func ParseLanguage(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	if len(text) > maxLanguage {
		return "", fmt.Errorf("language %q is too long: write its code, such as fr or en", Printable(text))
	}
	tag, err := language.Parse(text)
	if err != nil {
		return "", fmt.Errorf("language %q is not known: write its code, such as fr or en", Printable(text))
	}
	if tag == language.Und {
		return "", nil
	}
	return tag.String(), nil
}

// OneLine puts a field on one line. Only what breaks or pads a line is folded: the no-break spaces of French stay.
func OneLine(s string) string {
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029'
	}), " ")
	return norm.NFC.String(strings.TrimSpace(s))
}

// maxPrinted is how many characters of a foreign text are repeated to people.
const maxPrinted = 200

// Printable makes rubbish fit to be shown on a terminal: no control characters, valid UTF-8, not too long.
func Printable(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxPrinted {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) && r != '\u00a0' && r != '\u202f' {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}
