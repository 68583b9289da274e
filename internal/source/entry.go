package source

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed"
	ext "github.com/mmcdole/gofeed/extensions"

	"facteur/internal/collect"
	"facteur/internal/extract"
	"facteur/internal/neardup"
	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/typography"
)

// A feedReader makes articles of the entries of a feed. Nobody can correct a feed for a newsletter: what is too long is cut, what is wrong and
// not needed is left out.
type feedReader struct {
	feed    *gofeed.Feed
	base    *url.URL            // of relative addresses
	ids     map[string]int      // how many entries have each
	names   []string            // of the feed and its site, as keys
	figures extract.FigureOrder // of its dates
	zone    *time.Location
	now     time.Time
}

// maxShown is how many characters are said of an entry to people.
const maxShown = 80

// shortestName is how many letters tell that one name is in another.
const shortestName = 3

func (r feedReader) offer(item *gofeed.Item) (collect.Offer, error) {
	address := r.address(item)
	o := collect.Offer{Name: cmp.Or(address, strings.TrimSpace(item.GUID), extract.Cut(item.Title, maxShown)), Identity: r.identity(item)}
	if address == "" {
		return o, errors.New("it has no address of a page")
	}
	link, err := newsletter.CanonicalURL(address)
	if err != nil {
		return o, err
	}
	page, err := url.Parse(link)
	if err != nil {
		return o, fmt.Errorf("its address %q is none", address)
	}
	a := newsletter.Article{
		URL: link, Title: extract.Cut(r.title(item), extract.MaxTitle), Author: extract.Cut(authors(item), extract.MaxAuthor), Tags: extract.Tags(item.Categories),
		Language: r.language(item),
	}
	a.Published, o.Remark, err = r.published(item)
	if err != nil {
		return o, err
	}
	a.Canonical = cmp.Or(original(item, link), r.permanent(item.GUID, link))
	images := r.texts(&a, item, page)
	a.Picture, a.PictureAlt = r.picture(item, images)
	if a.Title == "" {
		return o, errors.New("it has no title")
	}
	o.Article = a
	return o, nil
}

// feedNames are the keys of what a feed and its site are called. Of a feed called “La Gazette - Rennes” at lagazette.example, “Rennes” is not the site's name.
func feedNames(title string, site *url.URL) []string {
	names := neardup.SiteNames(site.Hostname())
	label := extract.Key(names[len(names)-1])
	names = append(names, title)
	for _, part := range extract.TitleParts(render.Summary(title)) {
		if k := extract.Key(part); min(len(k), len(label)) >= shortestName && (strings.Contains(label, k) || strings.Contains(k, label)) {
			names = append(names, part)
		}
	}
	return extract.Keys(names)
}

// title is that of an entry, without the name of the feed or its site behind it. What stands before a title is often of it: a company has news of itself.
func (r feedReader) title(item *gofeed.Item) string {
	if before, last := extract.LastPart(item.Title); slices.Contains(r.names, extract.Key(last)) {
		return before
	}
	return item.Title
}

// address is where an entry leads: past a counting service, to its id where that is an address, and in RSS where a link of Atom does.
func (r feedReader) address(item *gofeed.Item) string {
	candidates := []string{item.Link}
	if original := item.Extensions["feedburner"]["origLink"]; len(original) > 0 {
		candidates = slices.Insert(candidates, 0, original[0].Value)
	}
	candidates = append(candidates, item.Links...)
	if strings.HasPrefix(item.GUID, "http://") || strings.HasPrefix(item.GUID, "https://") {
		candidates = append(candidates, item.GUID)
	}
	for _, l := range item.Extensions["atom"]["link"] {
		if rel := l.Attrs["rel"]; rel == "" || strings.EqualFold(rel, alternate) {
			candidates = append(candidates, l.Attrs["href"])
		}
	}
	for _, c := range candidates {
		if full := extract.Absolute(r.base, c); strings.HasPrefix(full, "http") {
			return full
		}
	}
	return ""
}

// original is where an entry leads to its original, as the link of an Atom entry or one of that kind in RSS.
func original(item *gofeed.Item, link string) string {
	href := item.Custom[canonical]
	for _, l := range item.Extensions["atom"]["link"] {
		if strings.EqualFold(l.Attrs["rel"], canonical) {
			href = l.Attrs["href"]
		}
	}
	address, err := newsletter.OriginalURL(href, link)
	if err != nil {
		return ""
	}
	return address
}

// permanent is the id of an entry where it is an address of its own, and another than the one that the entry leads to. By an id within a page, that
// of a site, or one that other entries have, all of them would be one story.
func (r feedReader) permanent(id, link string) string {
	address, err := newsletter.CanonicalURL(id)
	if err != nil || address == link || strings.Contains(id, "#") || r.ids[strings.TrimSpace(id)] > 1 {
		return ""
	}
	if u, err := url.Parse(address); err != nil || u.Path == "/" && u.RawQuery == "" {
		return ""
	}
	return address
}

// identity is the id of an entry, which it keeps whatever is changed of it (RFC 4287, section 4.2.6; RSS 2.0, guid). One that several have is none.
func (r feedReader) identity(item *gofeed.Item) string {
	id := strings.TrimSpace(item.GUID)
	if len(id) > collect.LongestIdentity || r.ids[id] > 1 {
		return ""
	}
	return id
}

// authors are names; an address or an account is nobody's name.
func authors(item *gofeed.Item) string {
	var names []string
	for _, p := range item.Authors {
		if p == nil {
			continue
		}
		for _, name := range extract.Names(p.Name) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ", ")
}

// language is that of the entry, or of its feed. One that is none counts as not given.
func (r feedReader) language(item *gofeed.Item) string {
	if dc := item.DublinCoreExt; dc != nil && len(dc.Language) > 0 {
		if tag, err := newsletter.ParseLanguage(dc.Language[0]); err == nil && tag != "" {
			return tag
		}
	}
	tag, err := newsletter.ParseLanguage(strings.ReplaceAll(r.feed.Language, "_", "-"))
	if err != nil {
		return ""
	}
	return tag
}

// texts fills summary and text, and returns the pictures that the text shows. A beginning that a program cut in the middle of a sentence is no
// summary where the text is there: the chapô serves. One that says what the title says is none either.
func (r feedReader) texts(a *newsletter.Article, item *gofeed.Item, page *url.URL) []extract.Image {
	description := render.AsHTML(closed(extract.WithoutFiling(item.Description), "description"), false)
	all := extract.WithoutPromotion(render.Summary(description))
	isCut := extract.WithoutMore(all) != all
	given := extract.WithoutPromotion(extract.Summary(description))
	whole := extract.WithoutMore(given)
	if saysTheSame(whole, a.Title) || saysTheSame(whole, item.Title) {
		given, whole, description = "", "", ""
	}
	if strings.TrimSpace(item.Content) != "" && item.Content != item.Description {
		var images []extract.Image
		a.Body, images = r.body(item, item.Content, page)
		if !isCut && utf8.RuneCountInString(given) <= extract.MaxSummary && !strings.HasPrefix(render.PlainText(a.Body), given) {
			a.Summary = keeping(given)
		}
		return images
	}
	body, images := r.body(item, description, page)
	switch {
	case isCut && whole != "":
		a.Summary = keeping(extract.Cut(wholeSentences(whole, a.Language), extract.MaxSummary))
	case utf8.RuneCountInString(given) <= extract.MaxSummary:
		a.Summary = keeping(given)
	default:
		a.Body = body
	}
	return images
}

// keeping is a text as the summary of an article, which may be HTML: what looks like that stays what it is.
func keeping(text string) string {
	if render.Summary(text) == text {
		return text
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(text)
}

// saysTheSame reports two texts that differ in marks and capitals at most.
func saysTheSame(a, b string) bool {
	return a == b || extract.Key(a) != "" && extract.Key(a) == extract.Key(b)
}

// fewest is how many words a sentence has, at least, that says something by itself: a place before the news is shorter.
const fewest = 3

// wholeSentences are those of a beginning, or all of it where none is whole.
func wholeSentences(beginning, lang string) string {
	if whole := typography.Whole(beginning, cmp.Or(lang, "fr")); len(strings.Fields(whole)) >= fewest {
		return whole
	}
	return beginning + " …"
}

// closed is a text without the end of its own element, which the library leaves in it where a tag in it was not closed.
func closed(text, element string) string {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "<"+element) {
		return text
	}
	return strings.TrimSuffix(text, "</"+element+">")
}

// body is a text of an entry in Markdown. In a JSON feed, one that has no tags was written as text.
func (r feedReader) body(item *gofeed.Item, text string, page *url.URL) (string, []extract.Image) {
	var paragraphs []string
	var images []extract.Image
	if r.feed.FeedType == "json" && (text == item.Custom[asText] || !strings.Contains(text, "<")) {
		paragraphs = extract.Text(text)
	} else {
		paragraphs, images = extract.HTML(text, page)
	}
	return extract.Clip(extract.WithoutPromotions(paragraphs)), images
}

// picture is the one that the feed names for an entry, or the first that its text shows.
func (r feedReader) picture(item *gofeed.Item, images []extract.Image) (address, alt string) {
	named := mediaPictures(item.Extensions["media"])
	if item.Image != nil && r.feed.FeedType != "atom" { // there it is only the first that the text shows, whatever its size
		named = append(named, item.Image.URL)
	}
	for _, e := range item.Enclosures {
		if e != nil && strings.HasPrefix(e.Type, "image/") {
			named = append(named, e.URL)
		}
	}
	for _, address := range named {
		if full, err := newsletter.PictureURL(extract.Absolute(r.base, address)); err == nil && full != "" {
			return full, extract.AltOf(full, images)
		}
	}
	return extract.FirstPicture(images)
}

// mediaPictures are the pictures that Media RSS names, whole ones before thumbnails.
func mediaPictures(media map[string][]ext.Extension) (addresses []string) {
	var thumbnails []string
	look := func(elements map[string][]ext.Extension) {
		for _, c := range elements["content"] {
			if c.Attrs["medium"] == "image" || strings.HasPrefix(c.Attrs["type"], "image/") {
				addresses = append(addresses, c.Attrs["url"])
			}
			for _, t := range c.Children["thumbnail"] {
				thumbnails = append(thumbnails, t.Attrs["url"])
			}
		}
		for _, t := range elements["thumbnail"] {
			thumbnails = append(thumbnails, t.Attrs["url"])
		}
	}
	look(media)
	for _, g := range media["group"] {
		look(g.Children)
	}
	return append(addresses, thumbnails...)
}
