package source

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"facteur/internal/collect"
)

// stamps are dates as programs write them besides those of the inbox.
var stamps = [...]string{
	"2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z0700", "2006-01-02 15:04:05 Z0700", "20060102", "2006/01/02", "2006/01/02 15:04:05",
	time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "Monday, January 2, 2006", "January 2, 2006 3:04 PM",
}

// readDate is the date in a text; the zero time: none is.
func readDate(text string, zone *time.Location) time.Time {
	text = strings.TrimSpace(text)
	if name := nameBehind.FindStringSubmatchIndex(text); name != nil && name[3] == len(text) {
		if named, known := zoneOf(text[name[2]:]); known {
			text, zone = strings.TrimSpace(text[:name[2]]), named
		}
	}
	if t, err := collect.ParsePublished(text, zone); err == nil {
		return t
	}
	for _, layout := range stamps {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t
		}
	}
	d, behind := inFrench(text)
	if d == (day{}) {
		d, behind = inFigures(numbered, text)
	}
	t, _ := d.at(behind, zone)
	return t
}

// published is the date that the page gives to programs.
func (h *head) published(zone *time.Location, now time.Time) time.Time {
	given := []string{h.data.text(h.article, "datePublished")}
	for _, name := range []string{
		"article:published_time", "og:published_time", "datepublished", "dcterms.issued", "dcterms.created", "dc.date.issued", "dc.date", "date", "pubdate", "publish-date", "parsely-pub-date", "sailthru.date",
	} {
		given = append(given, h.first(name))
	}
	for _, text := range given {
		if t := plausible(readDate(text, zone), now); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

const longestDateline = 120 // characters

// released begins a date that is that of the article, edited one that is not.
var (
	released = regexp.MustCompile(`(?i)\b(?:publi[ée]|paru|post[ée]|mise? en ligne|published|posted)`)
	edited   = regexp.MustCompile(`(?i)(?:\bmise? à jour|\bmodifi[ée]|\bactualisé|\bupdated|\bmodified|édité)`)
)

// shownDate is the date that a page shows its readers: that of a <time>, or in a line that says no more than when the article came out.
func (c *clearing) shownDate(zone *time.Location, now time.Time) time.Time {
	var times []string
	for n := range c.body.Descendants() {
		if n.DataAtom != atom.Time || isWithin(n, atom.Li, atom.A) {
			continue
		}
		text := firstOf(attribute(n, "datetime"), words(n))
		if hasWord(attribute(n, "itemprop"), "datepublished") {
			times = append([]string{text}, times...)
		} else if !edited.MatchString(attribute(n, "class")) {
			times = append(times, text)
		}
	}
	for _, line := range c.beforeProse() {
		if text := dateIn(words(line)); text != "" {
			times = append(times, text)
		}
	}
	for _, text := range times {
		if t := plausible(readDate(text, zone), now); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// dateIn is the part of a line in which the date of the article stands.
func dateIn(line string) string {
	if at := released.FindStringIndex(line); at != nil {
		return line[at[1]:]
	}
	before, _, _ := strings.Cut(line, "•")
	if at := edited.FindStringIndex(before); at != nil {
		before = before[:at[0]]
	}
	return before
}

// beforeProse are the short lines above the text of the article, of which a chapô may stand among them. A sentence is none.
func (c *clearing) beforeProse() (lines []*html.Node) {
	long := 0
	for n := range c.body.Descendants() {
		if !c.leaf[n] || isWithin(n, atom.Li) {
			continue
		}
		if c.size[n] <= longestDateline {
			if !strings.HasSuffix(words(n), ".") {
				lines = append(lines, n)
			}
		} else if long++; long == 2 {
			break
		}
	}
	return lines
}

// A name begins with a capital, and so does each of its parts but for particles, behind which another part stands: "le 12" is none.
const (
	namePart = `(?:d[’'])?\p{Lu}[\pL’'.-]*`
	name     = namePart + `(?:\s+(?:(?:de|du|des|le|la|van|von|der|den|di|da)\s+){0,2}` + namePart + `){0,4}`
	lastName = `\s*,?\s+(?:et|and|&|avec|with)\s+`
)

// byline finds the names of people behind the word that says who wrote. Behind a comma may stand a place or a paper: it parts names only where a word
// ends their list.
var (
	byline    = regexp.MustCompile(`(?:^|[\s•·|,–-])(?:[Pp]ar|[Bb]y)\s+(` + name + `(?:(?:\s*,\s*` + name + `)*(?:` + lastName + name + `)+)?)`)
	betweenBy = regexp.MustCompile(lastName + `|\s*,\s*`)
)

// A date behind a name may begin with a capital, as the name does: "By Ana Roux March 25, 2026", "Par Ana Roux Le 25 mars".
var (
	dayBehind = regexp.MustCompile(`\s+(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?|Le)$`)
	aboutDay  = regexp.MustCompile(`^\s+[0-9]`)
)

// namesIn are those of a byline.
func namesIn(line string) []string {
	at := byline.FindStringSubmatchIndex(line)
	if at == nil {
		return nil
	}
	names := line[at[2]:at[3]]
	if aboutDay.MatchString(line[at[3]:]) {
		names = dayBehind.ReplaceAllString(names, "")
	}
	return betweenBy.Split(names, -1)
}

// shownAuthor is who wrote by what a page shows its readers: who is marked so, with those who stand beside, or who a line names.
func (c *clearing) shownAuthor(people func(given []string) string) string {
	var first *html.Node
	var marked []string
	for n := range c.body.Descendants() {
		isOne := hasWord(attribute(n, "rel"), "author") || hasWord(attribute(n, "itemprop"), "author")
		if isOne && c.size[n] > 0 && c.size[n] < longestDateline && !isWithin(n, atom.Li) && (first == nil || n.Parent == first.Parent) && people([]string{words(n)}) != "" {
			first, marked = n, append(marked, words(n))
		}
	}
	if first != nil {
		if named := namesIn(words(first.Parent)); len(named) > len(marked) && named[0] == marked[0] {
			marked = named // not all of them are marked
		}
		return people(marked)
	}
	for _, line := range c.beforeProse() {
		if names := namesIn(words(line)); names != nil {
			return people(names)
		}
	}
	return ""
}

// tellsOfArticle finds what lines above a text say and the article knows already.
var tellsOfArticle = regexp.MustCompile(`(?i)^(?:temps de lecture|durée de lecture|lecture\b|[0-9]+ (?:min|minutes?)\b|reading time|publié|mis(?:e)? à jour|modifié|published|updated|par\s|by\s)`)

// isDateline reports a line that tells who wrote, when, and how long it takes to read.
func (r pageReader) isDateline(line, author string) bool {
	if len([]rune(line)) > longestDateline || strings.HasSuffix(line, ".") {
		return false
	}
	hasDate := !readDate(line, r.zone).IsZero()
	return key(r.head.people([]string{line})) == key(author) || tellsOfArticle.MatchString(line) && (byline.MatchString(line) || hasDate || strings.ContainsAny(line, "0123456789")) ||
		len(line) < 60 && hasDate
}
