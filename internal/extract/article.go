package extract

import (
	"bytes"
	"cmp"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"facteur/internal/newsletter"
	"facteur/internal/render"
)

const (
	MaxPage     = 5 << 20 // bytes, without its pictures
	maxElements = 50_000  // more than any article has
)

// Page takes the article out of a page that was asked for at one address and came from another, with the Content-Type of its answer. A
// date without a zone is read in zone, nil being UTC; one that no article can have at now is left out. An error says what the page is instead.
func Page(asked, from string, data []byte, mediaType string, zone *time.Location, now time.Time) (newsletter.Article, error) {
	if err := notPage(data, mediaType); err != nil {
		return newsletter.Article{}, err
	}
	address, err := url.Parse(from)
	if err != nil {
		return newsletter.Article{}, Wall{fmt.Sprintf("its address %q is none", from), otherPage}
	}
	doc, body, err := parsePage(UTF8(data, mediaType))
	if err != nil {
		return newsletter.Article{}, err
	}
	r := pageReader{head: readHead(doc, address), zone: zone, now: now}
	if r.zone == nil {
		r.zone = time.UTC
	}
	if err := r.head.door(asked); err != nil {
		return newsletter.Article{}, err
	}
	return r.article(body)
}

// notPage says what bytes are that are no page.
func notPage(data []byte, mediaType string) error {
	kind, _, _ := mime.ParseMediaType(mediaType)
	start := strings.ToLower(strings.TrimSpace(string(data[:min(len(data), 1024)])))
	isHTML := strings.Contains(start, "<html") || strings.Contains(start, "<!doctype html")
	for sign, what := range map[string]string{
		"%PDF-": "a PDF", "\x89PNG": "a picture (PNG)", "\xff\xd8\xff": "a picture (JPEG)", "GIF8": "a picture (GIF)", "PK\x03\x04": "a packed file", "\x1f\x8b": "a packed file",
	} {
		if bytes.HasPrefix(data, []byte(sign)) {
			return Wall{"it is " + what + " and no page", "give the address of the page that presents it, or " + ByHand}
		}
	}
	switch {
	case len(data) > MaxPage:
		return Wall{fmt.Sprintf("it is larger than %d MiB, or never ends", MaxPage>>20), ByHand}
	case start == "":
		return Wall{"it is empty", otherPage}
	case !isHTML && (strings.Contains(start, "<rss") || strings.Contains(start, "<feed")):
		return Wall{"it is a feed and no page", "have the feed read as a source: docs/sources.md"}
	case isHTML, kind == "", kind == "text/html", kind == "application/xhtml+xml":
		return nil
	}
	return Wall{"it is " + kind + " and no page in HTML", "give the address of the page that presents it, or " + ByHand}
}

// parsePage reads HTML, and refuses what would take long.
func parsePage(text string) (doc, body *html.Node, err error) {
	doc, err = html.Parse(strings.NewReader(text))
	if err != nil { // nested too deep for anybody to have meant it
		return nil, nil, Wall{"its HTML cannot be read: " + strings.TrimPrefix(err.Error(), "html: "), ByHand}
	}
	elements := 0
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			elements++
		}
		if n.DataAtom == atom.Body && body == nil {
			body = n
		}
	}
	switch {
	case elements > maxElements:
		return nil, nil, Wall{fmt.Sprintf("it has more than %d elements", maxElements), ByHand}
	case isCutOff(text):
		return nil, nil, Wall{"its HTML breaks off before its end", "have it read again; if it still breaks off, " + ByHand}
	case body == nil: // a frameset
		return nil, nil, Wall{"it has no text of its own, only frames", otherPage}
	}
	return doc, body, nil
}

// A pageReader makes an article of a page. Nobody can correct a page for a newsletter: what is too long is cut, what is wrong and not needed
// is left out.
type pageReader struct {
	head *head
	zone *time.Location
	now  time.Time
}

// article takes the body of the page apart.
func (r pageReader) article(body *html.Node) (newsletter.Article, error) {
	shown := visible(body)
	markHeadings(body)
	setLines(body)
	freeQuotes(body)
	freeCaptions(body)
	c := newClearing(body)
	c.home = r.head.address
	asked := cmp.Or(c.takeQuestion(), asksInFrame(body))
	doubts, err := r.enter(c)
	if err != nil {
		return newsletter.Article{}, err
	}
	c.dropRepeats()
	c.dropShareBars()
	a, err := r.facts(c)
	if err != nil {
		return newsletter.Article{}, err
	}
	c.dropInterests()
	chapo := c.chapo(a.Summary, a.Title)
	a.Summary = cmp.Or(chapo, a.Summary)
	r.clear(c, a)
	doubts.folds.remember()
	whole := gather(c)
	whole.join()
	above := whole.pictures(r.head.base)
	c.bareHeadings()
	paragraphs, images := extract(body, r.head.base)
	a.Body = Clip(belowChapo(chapo, r.text(paragraphs, a)))
	said := render.PlainText(a.Body)
	if err := r.instead(a.Body, said, asked, shown, paragraphs); err != nil {
		return newsletter.Article{}, err
	}
	switch {
	case !whole.isIn(paragraphs):
		return newsletter.Article{}, Wall{"only a part of its text could be told from what stands around it", ByHand}
	case a.Title == "":
		return newsletter.Article{}, Wall{"it has no title", ByHand}
	}
	if err := doubts.ofText(a.Body, said); err != nil {
		return newsletter.Article{}, err
	}
	if utf8.RuneCountInString(a.Summary) > MaxSummary || strings.HasPrefix(Key(said), Key(a.Summary)) {
		a.Summary = "" // the text says it
	}
	if a.Picture == "" {
		a.Picture, a.PictureAlt = FirstPicture(append(images, above...))
	} else if a.PictureAlt == "" {
		a.PictureAlt = AltOf(a.Picture, images)
	}
	return a, nil
}

// enter takes out what surely stands around an article, and says what keeps from it: a wall, a list of articles, other pages of it.
func (r pageReader) enter(c *clearing) (*doubts, error) {
	c.noteOffers()
	c.freeText()
	c.dropAskBoxes(asksForAddress)
	c.dropGiftBoxes()
	c.dropPolls()
	if err := r.dropOtherStories(c); err != nil {
		return nil, err
	}
	doubts := r.doubt(c)
	c.showQuestions()
	c.drop(c.body, isFurniture)
	if err := r.head.closed(c, doubts.gate); err != nil {
		return nil, err
	}
	c.drop(c.body, isAround)
	c.findText()
	if r.head.article == nil && r.head.first("og:type") != "article" && c.isListing() {
		return nil, Wall{"it shows several articles, one under another", otherPage}
	}
	return doubts, severalPages(doubts.pages, doubts.wholePage)
}

// clear takes out what else is none of the text, now that it is known what the article is called and whose it is.
func (r pageReader) clear(c *clearing, a newsletter.Article) {
	c.drop(c.body, isDetail)
	c.dropAskBoxes(c.leadsToSubscribe)
	c.dropRemnants()
	c.dropOtherLines()
	c.dropBios(a.Author)
	c.dropCitation(a.Author)
	c.dropAbove(a.Title, func(line string) bool { return r.head.isName(line, a.Title) })
	c.tidy(a.Title)
	r.dropDatelines(c, a.Author)
}

// instead says what a page shows in the place of an article: a question, a notice, or next to nothing.
func (r pageReader) instead(body, said, asked, shown string, paragraphs []string) error {
	isShort := utf8.RuneCountInString(said) < minText
	notice := r.head.notice(strings.Split(body, "\n\n"))
	switch {
	case isShort && len(asked) > len(said), r.head.article == nil && asked != "" && !isAnswered(asked, paragraphs):
		return asksFirst(asked)
	case notice != nil:
		return notice
	case isShort:
		return r.head.short(said, shown)
	case r.head.article == nil && isQuestion(said):
		return asksFirst(said)
	}
	return nil
}

// facts are what is known of the article but for its text: what the page says of itself, or else shows.
func (r pageReader) facts(c *clearing) (a newsletter.Article, err error) {
	h := r.head
	if a.URL, err = h.canonical(); err != nil {
		return a, Wall{err.Error(), otherPage}
	}
	if a.Canonical, err = newsletter.OriginalURL(h.address.String(), a.URL); err != nil {
		return a, Wall{err.Error(), otherPage}
	}
	h.marked = cmp.Or(h.marked, r.handTitle(c))
	a.Title, a.Tags, a.Language, a.Section = h.headline(), h.tags(), h.tongue(), h.section()
	a.Summary = h.description()
	if a.Author = h.authors(); a.Author == "" || slices.Contains(h.names, Key(a.Author)) { // a paper that names itself may show who wrote
		a.Author = cmp.Or(c.shownAuthor(h, a.Title), a.Author, h.people(h.data.names(h.article, "author")))
	}
	if a.Published = h.published(r.zone, r.now); a.Published.IsZero() {
		a.Published = c.shownDate(r.zone, r.now)
	}
	a.Picture, a.PictureAlt = h.picture()
	return a, nil
}

// mostShown, in bytes, is more than pages that hold no article say.
const mostShown = 8 << 10

// visible is what visitors see of a page, or its beginning.
func visible(body *html.Node) string {
	var b strings.Builder
	for n := range body.Descendants() {
		if n.Type == html.TextNode && n.Parent.DataAtom != atom.Script && n.Parent.DataAtom != atom.Style {
			b.WriteString(n.Data + " ")
		}
		if b.Len() > mostShown {
			break
		}
	}
	return b.String()
}

// extract finds the text of the article among what is left of a page. The library renames elements without telling the parser's own
// name for them, so what it gives is written out and read again.
func extract(body *html.Node, base *url.URL) (paragraphs []string, images []Image) {
	defer func() {
		if recover() != nil { // hostile bytes may find a fault in the library; then no text was found
			paragraphs, images = nil, nil
		}
	}()
	doc := &html.Node{Type: html.DocumentNode}
	root := &html.Node{Type: html.ElementNode, Data: "html", DataAtom: atom.Html}
	body.Parent.RemoveChild(body)
	root.AppendChild(body)
	doc.AppendChild(root)
	p := readability.NewParser()
	p.CharThresholds = minText // below, it tries again with all that it had left out
	p.DisableJSONLD = true
	found, err := p.ParseAndMutate(doc, base)
	if err != nil || found.Node == nil {
		return nil, nil
	}
	var b strings.Builder
	if err := found.RenderHTML(&b); err != nil {
		return nil, nil
	}
	return HTML(b.String(), base)
}

// lead is how many paragraphs may stand above a text and be none of it.
const lead = 5

// text leaves out the lines that tell above an article what is known of it, and headings under which nothing stands.
func (r pageReader) text(paragraphs []string, a newsletter.Article) []string {
	long := 0 // of which a chapô may be the first
	for i := 0; i < min(lead, len(paragraphs)) && long < 2; {
		line := render.PlainText(paragraphs[i])
		if long > 0 && strings.HasPrefix(paragraphs[i], "##") {
			break
		}
		if line == "" || plainLine().MatchString(paragraphs[i]) && r.isDateline(line, a.Author) {
			paragraphs = slices.Delete(paragraphs, i, i+1)
			continue
		}
		if utf8.RuneCountInString(line) > longestDateline {
			long++
		}
		i++
	}
	for len(paragraphs) > 0 {
		last := paragraphs[len(paragraphs)-1]
		if !strings.HasPrefix(last, "#") && last != "---" {
			break
		}
		paragraphs = paragraphs[:len(paragraphs)-1]
	}
	return paragraphs
}
