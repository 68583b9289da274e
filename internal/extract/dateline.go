package extract

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"facteur/internal/newsletter"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// stamps are dates as programs write them besides those of the inbox.
var stamps = [...]string{
	"2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z0700", "2006-01-02 15:04:05 Z0700", "20060102", "2006/01/02", "2006/01/02 15:04:05",
	time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05", "January 2, 2006", "Jan 2, 2006", "2 January 2006", "Monday, January 2, 2006", "January 2, 2006 3:04 PM",
}

// readDate is the date in a text; the zero time: none is.
func readDate(text string, zone *time.Location) time.Time {
	text = strings.TrimSpace(text)
	if name := nameBehind().FindStringSubmatchIndex(text); name != nil && name[3] == len(text) {
		if named, known := zoneOf(text[name[2]:]); known {
			text, zone = strings.TrimSpace(text[:name[2]]), named
		}
	}
	if turned := hourFirst().FindStringSubmatch(text); turned != nil {
		text = turned[2] + " " + turned[1]
	}
	if t, err := newsletter.ParsePublished(text, zone); err == nil {
		return t
	}
	for _, layout := range stamps {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t
		}
	}
	d, behind := inLetters(text)
	if d == (day{}) {
		d, behind = inFigures(numbered, text)
		if turned := (day{d.year, d.day, d.month}); !d.exists() && turned.exists() { // as in America, and nothing else can be meant
			d = turned
		}
	}
	if at := shortDay().FindStringSubmatchIndex(text); d == (day{}) && at != nil {
		d, behind = day{2000 + number(text[at[6]:at[7]]), number(text[at[4]:at[5]]), number(text[at[2]:at[3]])}, text[at[7]:]
	}
	if at := yearly().FindStringSubmatchIndex(text); d == (day{}) && at != nil {
		d, behind = day{number(text[at[2]:at[3]]), number(text[at[4]:at[5]]), number(text[at[6]:at[7]])}, text[at[7]:]
	}
	t, _ := d.at(behind, zone)
	return t
}

// hourFirst finds a line in which the hour stands before the day, and shortDay one of a day whose year has two figures, and its hour.
var (
	hourFirst = expression(`(?i)^(?:[^\pN]{0,30}\s)?([0-9]{1,2}\s?[h:]\s?[0-9]{2}(?::[0-9]{2})?(?:\s?[ap]\.?m\b\.?)?(?:\s?\(?(?-i:UTC|[A-Z]{3,4})\b\)?)?)\s*[,|·–—-]?\s*(?:(?:on|le|du)\s+)?(` + wholeDay + `)$`)
	shortDay  = expression(`(?i)(?:^|\b(?:le|du)\s+)([0-9]{1,2})/([0-9]{1,2})/([0-9]{2})(?:$|[\s,–-]+(?:à\s+)?[0-9]{1,2}\s?[h:])`)
)

// published is the date that the page gives to programs.
func (h *head) published(zone *time.Location, now time.Time) time.Time {
	given := []string{h.data.text(h.article, "datePublished")}
	for _, name := range []string{
		"article:published_time", "og:published_time", "og:article:published_time", "article:published", "datepublished", "dcterms.issued", "dcterms.created", "dcterms.date", "dc.date.issued", "dc.date.created", "dc.date",
		"citation_publication_date", "date", "pubdate", "publish-date", "publish_date", "publication_date", "parsely-pub-date", "sailthru.date", "datecreated",
	} {
		given = append(given, h.first(name))
	}
	for _, t := range h.data.all {
		if t.isA(isPage) {
			given = append(given, h.data.text(t, "datePublished"))
		}
	}
	given = append(given, h.data.text(h.article, "dateCreated"))
	for _, text := range given {
		if t := Plausible(readDate(text, zone), now); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

const longestDateline = 120 // characters

// dayLine finds a line that says when an article came out, first, or was changed, and no more but who wrote.
var dayLine = expression(`(?i)^(?:(publiée?|parue?|postée?|mise? en ligne|published|posted)|(?:dernière )?mise? à jour|modifiée?|actualisée?|(?:last )?(?:updated|modified))` +
	`(?: le| on|\s*:)?\s+` + wholeDay + `(?:[\s,–-]*(?:à|at)?\s*[0-9][^.!?]{0,12})?(?:\s+(?:par|by)\s[^.!?]{1,60})?$`)

// released begins a date that is that of the article, edited one that is not.
var (
	released = expression(`(?i)\b(?:publi[ée]|paru|post[ée]|mise? en ligne|published|posted)`)
	edited   = expression(`(?i)(?:\bmise? à jour|\bmodifi[ée]|\bactualisé|\bupdated|\bmodified|édité)`)
)

// isOfChange reports the word before a date at which the article was changed.
func isOfChange(label string) bool {
	return edited().MatchString(label) && !released().MatchString(label)
}

// shownDate is the date that a page shows its readers: what is marked as that of the article, or a <time>, or stands in a line that says no more than when
// the article came out.
func (c *clearing) shownDate(zone *time.Location, now time.Time) time.Time {
	var marked, times, hints, changes []string
	article := c.articleOfText()
	for n := range c.body.Descendants() {
		text := instant(n)
		switch {
		case text == "" || c.isListed(n) || hasWord(attribute(n, "itemprop"), "datemodified") || article != nil && c.at[n] > c.end[article]:
		case isPublished(n):
			marked = append(marked, text)
		case n.DataAtom == atom.Time && !isWithin(n, atom.A) && isOfChange(c.labelOf(n)):
			changes = append(changes, text)
		case n.DataAtom == atom.Time && !isWithin(n, atom.A) && !edited().MatchString(attribute(n, "class")):
			times = append(times, text)
		}
	}
	for _, n := range c.opening() {
		for _, text := range [...]string{attribute(n, "content"), attribute(n, "title")} {
			if stamped().MatchString(text) && n.DataAtom != atom.Meta && !c.isListed(n) && !isWithin(n, atom.A) {
				hints = append(hints, text)
			}
		}
	}
	for _, line := range c.beforeProse() {
		if text := dateIn(words(line)); text != "" {
			hints = append(hints, text)
		}
	}
	var day time.Time // the first, whose hour another line may tell
	for _, text := range slices.Concat(marked, times, hints, c.datesBelow(), changes) {
		switch t := Plausible(readDate(text, zone), now); {
		case t.IsZero():
		case !t.Equal(dayOf(t, zone)) && (day.IsZero() || dayOf(t, zone).Equal(day)):
			return t
		case day.IsZero():
			day = t
		}
	}
	if _, hour := c.postedBelow(); hour != "" && !day.IsZero() {
		return Plausible(readDate(day.In(zone).Format(time.DateOnly)+" "+hour, zone), now)
	}
	return day
}

// dayOf is when the day of an instant begins in a zone.
func dayOf(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// articleOfText is the <article> in which the text of the page stands; nil: it stands in none.
func (c *clearing) articleOfText() *html.Node {
	for n := range c.body.Descendants() {
		if !c.isLong(n) || isWithin(n, atom.Li) {
			continue
		}
		for p := n; p != nil; p = p.Parent {
			if p.DataAtom == atom.Article {
				return p
			}
		}
		return nil
	}
	return nil
}

// labelOf is what a line says directly before an element in it.
func (c *clearing) labelOf(n *html.Node) string {
	for p := n; p != c.body && !c.leaf[p]; p = p.Parent {
		label := ""
		for s := p.PrevSibling; s != nil && s.DataAtom != atom.Time && !holds(s, atom.Time) && s.DataAtom != atom.Br; s = s.PrevSibling {
			label = said(s) + " " + label
		}
		if strings.TrimSpace(label) != "" {
			return label
		}
	}
	return ""
}

// said is what an element or a text says.
func said(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	return words(n)
}

// postedAt finds a line of who wrote, and at what hour, as blogs have it below a text.
var postedAt = expression(`(?i)^(?:publiée?|postée?|écrite?|rédigée?|posted|published|written)\s+(?:par|by)\s+(?-i:(` + name + `))\s+(?:à|at)\s+([0-9]{1,2}\s?[:h]\s?[0-9]{2})\b`)

// postedBelow is what such a line says.
func (c *clearing) postedBelow() (author, hour string) {
	for _, line := range c.lines(shortLine) {
		if found := postedAt().FindStringSubmatch(words(line)); found != nil && c.at[line] > c.text {
			author, hour = found[1], found[2]
		}
	}
	return author, hour
}

// datesBelow are those of the lines below a text, in what holds it, that say when it came out, as people write them by hand.
func (c *clearing) datesBelow() (dates []string) {
	var last *html.Node // paragraph of the text
	for n := range c.body.Descendants() {
		switch {
		case !c.leaf[n]:
		case c.size[n] > longestDateline:
			last, dates = n, nil
		case last != nil && n.Parent == last.Parent:
			if line := dayLine().FindStringSubmatch(words(n)); line != nil && line[1] != "" {
				dates = append(dates, dateIn(line[0]))
			}
		}
	}
	return dates
}

// instant is the date of an element, as it gives it to programs, or else says it. What is not made for dates may say anything.
func instant(n *html.Node) string {
	given := cmp.Or(attribute(n, "datetime"), attribute(n, "content"))
	switch n.DataAtom {
	case atom.Time:
		return cmp.Or(given, words(n))
	case atom.Abbr:
		return cmp.Or(given, attribute(n, "title"), words(n))
	case atom.Span, atom.Div, atom.P:
		return given
	}
	return ""
}

// stamped finds a date as programs write it.
var stamped = expression(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`)

// isPublished reports what is marked as the date of an article: by microdata or RDFa, an h-entry or an hAtom, or an attribute that HTML had.
func isPublished(n *html.Node) bool {
	properties, class := attribute(n, "itemprop")+" "+attribute(n, "property"), attribute(n, "class")
	return hasWord(properties, "datepublished") || hasWord(properties, "schema:datepublished") ||
		hasWord(class, "dt-published") || hasWord(class, "published") || hasWord(class, "entry-date") || hasAttribute(n, "pubdate")
}

// dateIn is the part of a line in which the date of the article stands.
func dateIn(line string) string {
	if at := released().FindStringIndex(line); at != nil {
		return line[at[1]:]
	}
	before, _, _ := strings.Cut(line, "•")
	if at := edited().FindStringIndex(before); at != nil {
		before = before[:at[0]]
	}
	return before
}

// opening are the elements above the text of the article, of which a chapô may stand among them, but no heading below that.
func (c *clearing) opening() (all []*html.Node) {
	long := 0
	for n := range c.body.Descendants() {
		if c.isLong(n) && !isWithin(n, atom.Li) {
			long++
		}
		if long == 2 || long == 1 && isHeading(n) && n.DataAtom != atom.H1 {
			break
		}
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

// mostLines is how many short lines are looked at above a text: menus and all, few pages have more.
const mostLines = 100

// beforeProse are the short lines among them. A sentence is none.
func (c *clearing) beforeProse() (lines []*html.Node) {
	for _, n := range c.opening() {
		if len(lines) < mostLines && c.leaf[n] && c.size[n] <= longestDateline && !c.isListed(n) && !isSentence(words(n)) {
			lines = append(lines, n)
		}
	}
	return lines
}

// ownStop is a full stop that ends no sentence: that of an initial.
var ownStop = expression(`(?:^|[\s.-])\p{Lu}\.$`)

// credits finds a line that names one by one who did what, and may have full stops between them.
var credits = expression(`(?i)^(?:textes?(?:\s+et\s+photos?)?|photos?|auteure?s?|reportage)\s*:\s`)

// isSentence reports a text that ends as one. A line that tells of an article has no end.
func isSentence(text string) bool {
	return strings.HasSuffix(text, ".") && !ownStop().MatchString(text) && !credits().MatchString(text)
}

// goesOn finds behind a name that somebody does something.
var goesOn = expression(`(?i)^(?:par|by)\s[^,0-9]+,\s+(?:(?:l[ae]s?|on|ils?|elles?|une?|ce|nous|the|an?|he|she|they|we)\s+|l[’'])\pL[^0-9]*$`)

// isSaid reports a text that ends as what somebody asks, calls or says does, or goes on as a sentence: no line does that tells of an article.
func isSaid(text string) bool {
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune("?!…»”", last) || goesOn().MatchString(text)
}

// When a line says that an article came out, or was changed, however it counts the time, and how long it takes to read.
const (
	since = `(?:il\s+y\s+a\s+[0-9]+\s*(?:minutes?|min|heures?|h|jours?|j|semaines?|mois|ans?)|[0-9]+\s+(?:minutes?|hours?|days?|weeks?|months?|years?)\s+ago)\b`
	lasts = `(?:(?:temps|durée)\s+de\s+lecture\s*:?\s*)?[0-9]+\s*min(?:utes?)?\b(?:\s+(?:de\s+lecture|read)\b)?`
	clock = `(?:[\s,–-]*(?:(?:à|at)\s)?\s*[0-9]{1,2}\s?(?:h|heures?|:)\s?(?:[0-9]{2})?(?:\s?[ap]\.?m\b\.?)?(?:\s(?-i:UTC|GMT|[A-Z]{2,3}T)\b)?)`
	done  = `(?:(?:publiée?s?|parue?s?|postée?s?|(?:dernière\s+)?mise?s?\s+(?:à\s+jour|en\s+ligne)|modifiée?s?|actualisée?s?|published|(?:last\s+)?updated|posted|modified)\s*:?\s+)`
)

// when finds each of these within a line.
var when = expression(`(?i)` + done + `?(?:(?:le|on)\s+)?(?:` + wholeDay + clock + `?|` + since + `|` + lasts + `|(?:hier|yesterday)` + clock + `)|` + done + `(?:hier|aujourd[’']hui|yesterday|today)\b` + clock + `?`)

// besideDates is what a line says beside when, without the signs that part it from that.
func besideDates(line string) string {
	return strings.Trim(when().ReplaceAllString(line, " "), " |•·–—-,;:()\u00a0")
}

// tellsOfArticle finds what lines above a text say and the article knows already, tellsBy what they say of somebody or of a day, and sentences of anything.
var (
	tellsOfArticle = expression(`(?i)^(?:temps de lecture|durée de lecture|lecture\b|[0-9]+ (?:min|minutes?)(?: (?:de lecture|d[’']écoute|read|listen))?(?:$|\s*[|•·–—,(-])|reading time|(?:publiée?|mise? (?:à jour|en ligne)|modifiée?|published|updated)\s*(?::|[0-9]|(?:le|on|à|at|hier|aujourd[’']hui|yesterday|today|il|par|by|dans|in|` + weekday + `|` + monthName + `)(?:\s|$))|(?:écrit|rédigé|soumis|posté|proposé|traduit|submitted|posted|written)\s|(?:auteure?s?|author|textes?(?:\s+et\s+photos?)?|photos?)\s*(?::|par\s|by\s))`)
	tellsBy        = expression(`(?i)^(?:(?:une?\s+)?(?:` + writing + `|entretien|interview|propos|words)\s+)?(?:(?:réalisée?|recueillie?|signée?|menée?|conduite?|written)s?\s+)?(?:par|by)\s`)
)

// translated finds a line that names who translated.
var translated = expression(`(?i)^(?:traduite?s?|traduction|translat(?:ed|ion))\b[^.!?:]{0,60}(?:\b(?:par|by)\s+|:\s*)(?-i:\p{Lu})[^.!?]*$`)

// hourAlone is an hour by itself, as lists have it that tell of an article.
var hourAlone = expression(`^[0-9]{1,2}\s?[h:]\s?[0-9]{0,2}$`)

// counter is what programs put beside the name and the date: a dash, how many like an article, and what one can do with it.
var counter = expression(`(?i)^(?:[-–—|·•]{1,3}|[0-9]{1,3}|listen|écouter)$`)

// dropDatelines takes out the lines above a text that tell of the article: the library would take the name alone out of them.
func (r pageReader) dropDatelines(c *clearing, author string) {
	for _, line := range c.beforeProse() {
		text := words(line)
		tells := r.isDateline(text, author) || c.at[line] < c.text && counter().MatchString(text)
		if tells && !isHeading(line) || hourAlone().MatchString(text) && isWithin(line, atom.Li) {
			c.remove(line)
		}
	}
}

// isDateline reports a line that tells who wrote, when, and how long it takes to read.
func (r pageReader) isDateline(line, author string) bool {
	if len([]rune(line)) > longestDateline || isSentence(line) || isSaid(line) {
		return false
	}
	hasDate, names := !readDate(line, r.zone).IsZero(), namesIn(line)
	rest := besideDates(line)
	isSigned := isSignature(r.head.people([]string{rest}), author) || len(signedAlone(rest)) > 0
	switch {
	case rest == "" && when().MatchString(line), isSigned, saysBy().MatchString(line), translated().MatchString(line), hasDate && len([]rune(line)) < shortestLead:
		return true
	case tellsBy().MatchString(line), tellsBy().MatchString(rest):
		return names != nil || hasDate
	case names != nil && tellsOfArticle().MatchString(rest): // behind a date
		return true
	}
	return tellsOfArticle().MatchString(line) && (names != nil || hasDate || strings.ContainsAny(line, "0123456789"))
}

// isSignature reports names that are all among those of the authors.
func isSignature(names, authors string) bool {
	all := Keys(strings.Split(authors, ", "))
	signed := Keys(strings.Split(names, ", "))
	return len(signed) > 0 && !slices.ContainsFunc(signed, func(name string) bool { return !slices.Contains(all, name) })
}
