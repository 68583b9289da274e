package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"facteur/internal/collect"
	"facteur/internal/extract"
	"facteur/internal/render"
)

// maxFeed, in bytes, is some thousand articles with their texts.
const maxFeed = 10 << 20

// A Feed is an RSS, Atom or JSON feed.
type Feed struct {
	Address string
	Zone    *time.Location // in which a date without a zone is read; nil is UTC
	Web     Web
	Now     func() time.Time
}

// feedMark tells the feed that was read last.
type feedMark struct {
	ETag     string `json:"etag,omitempty"`
	Modified string `json:"modified,omitempty"`
	Sum      string `json:"sum"`
}

const acceptFeeds = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, application/json;q=0.8, text/xml;q=0.8, */*;q=0.5"

// Read asks for the feed unless it is still the one that the mark tells of; see collect.Reader.
func (f Feed) Read(ctx context.Context, mark string, again []string, take func(collect.Haul) error) error {
	var was feedMark
	if mark != "" && json.Unmarshal([]byte(mark), &was) != nil {
		was = feedMark{} // it is read once more, which does no harm
	}
	reply, err := f.Web(ctx, Question{Address: f.Address, Accept: acceptFeeds, ETag: was.ETag, Modified: was.Modified, Most: maxFeed})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		what, do := apart(err, remedy(err))
		return errors.Join(collect.Trouble{What: fmt.Sprintf("the feed %s was not fetched: %s", f.Address, what), Do: do}, err)
	case reply.Same:
		return f.moved(reply, take)
	case len(reply.Body) > maxFeed:
		return collect.Trouble{
			What: fmt.Sprintf("the feed %s is larger than %d MiB, or never ends", f.Address, maxFeed>>20), Do: "have its site put fewer articles into it, or give the address of a smaller feed",
		}
	}
	sum := sha256.Sum256(reply.Body)
	is := feedMark{ETag: reply.ETag, Modified: reply.Modified, Sum: hex.EncodeToString(sum[:8])}
	next, err := json.Marshal(is)
	if err != nil {
		return err
	}
	if is.Sum == was.Sum {
		if is == was {
			return f.moved(reply, take)
		}
		return take(collect.Haul{Mark: string(next), Moved: reply.Moved})
	}
	return f.offer(reply, string(next), again, take)
}

// moved hands over that a feed that has not changed is elsewhere, where it is.
func (f Feed) moved(reply Reply, take func(collect.Haul) error) error {
	if reply.Moved == "" {
		return nil
	}
	return take(collect.Haul{Moved: reply.Moved})
}

// remedy is what to do where a server gives no feed.
func remedy(err error) string {
	var answer interface{ Status() int }
	if !errors.As(err, &answer) {
		return "open its address in a browser: where it comes, wait, it is tried again by itself; where it does not, correct url in its settings"
	}
	switch status := answer.Status(); { // RFC 9110 §15, RFC 6585 §4
	case status == 404 || status == 410: // Not Found, Gone
		return "look for its new address on its site, and correct url in its settings"
	case status == 401 || status == 403: // Unauthorized, Forbidden
		return "have its site let programs read it: many protect their feeds like their pages"
	case status == 429 || status >= 500: // Too Many Requests, and what is wrong with the server
		return "nothing, it is tried again by itself; if it stays, tell whoever looks after its site"
	}
	return "open its address in a browser, and correct url in its settings"
}

// offer hands over the entries of a feed, all of them, and so those that are asked for again.
func (f Feed) offer(reply Reply, next string, again []string, take func(collect.Haul) error) error {
	at := reply.Address
	if at == "" {
		at = f.Address
	}
	offers, faults, err := ParseFeed(at, reply.Body, reply.Type, f.Zone, f.Now())
	if told, ok := errors.AsType[collect.Trouble](err); ok {
		told.What = fmt.Sprintf("the feed %s cannot be read: %s", f.Address, told.What)
		return told
	}
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, o := range offers {
		there[collect.FaultName(o.Name)] = true
	}
	for _, fault := range faults {
		there[collect.FaultName(fault.Name)] = true
	}
	gone := slices.DeleteFunc(slices.Clone(again), func(name string) bool { return there[name] })
	if len(faults) > 0 { // every one is handed over each time, whether it has changed or not
		if err := take(collect.Haul{Faults: faults, Again: true}); err != nil {
			return err
		}
	}
	whole := len(offers) <= mostInHaul
	for len(offers) > mostInHaul {
		if err := take(collect.Haul{Offers: offers[:mostInHaul]}); err != nil {
			return err
		}
		offers = offers[mostInHaul:]
	}
	return take(collect.Haul{Offers: offers, Gone: gone, Mark: next, Moved: reply.Moved, Whole: whole})
}

// mostInHaul is how many articles are handed over at once.
const mostInHaul = 100

// ParseFeed reads the articles of a feed that came from an address, with the Content-Type of its answer. A date without a zone is read in
// zone, nil being UTC; one that no article can have at now is left out. Of entries with the same address the first counts; another
// is a fault, unless it is the same entry once more.
func ParseFeed(from string, data []byte, mediaType string, zone *time.Location, now time.Time) ([]collect.Offer, []collect.Fault, error) {
	data, preface := withoutPreface(data)
	text := extract.Undeclared(extract.UTF8(data, mediaType))
	feed, wrong, err := parseFeed(text)
	if err != nil {
		return nil, nil, behind(preface, notFeed(text, err))
	}
	r := feedReader{feed: feed, zone: zone, now: now, ids: map[string]int{}, figures: figuresIn(feed)}
	for _, item := range feed.Items {
		r.ids[strings.TrimSpace(item.GUID)]++
	}
	if r.zone == nil {
		r.zone = time.UTC
	}
	r.base, err = url.Parse(from)
	if err != nil {
		return nil, nil, collect.Trouble{What: fmt.Sprintf("its address %q is none", from), Do: "correct url in its settings"}
	}
	if site, err := r.base.Parse(strings.TrimSpace(feed.Link)); err == nil && feed.Link != "" {
		r.names = feedNames(feed.Title, site)
		if feed.FeedType != "atom" { // which has xml:base
			r.base = site
		}
	}
	var offers []collect.Offer
	var faults []collect.Fault
	seen := map[string]*gofeed.Item{} // by their addresses
	names := map[string]string{}
	for i, item := range feed.Items {
		offer, err := r.offer(item)
		if i < len(wrong) && wrong[i] != nil {
			err = wrong[i]
		}
		switch {
		case err != nil:
			if offer.Name == "" {
				offer.Name = fmt.Sprintf("entry %d", i+1)
			}
			faults = append(faults, collect.Fault{Name: offer.Name, Reason: err.Error()})
		case seen[offer.Article.URL] == nil:
			seen[offer.Article.URL], names[offer.Article.URL] = item, offer.Name
			offers = append(offers, offer)
		case !isRepeated(item, seen[offer.Article.URL]):
			faults = append(faults, collect.Fault{Name: fmt.Sprintf("“%s”", extract.Cut(offer.Article.Title, maxShown)), Reason: collect.AddressOf(names[offer.Article.URL], "")})
		}
	}
	return offers, faults, nil
}

// isRepeated reports that an entry is another once more, as feeds have them that keep what they changed.
func isRepeated(item, other *gofeed.Item) bool {
	return item.GUID != "" && item.GUID == other.GUID || item.Title == other.Title
}

// errStumbled stands for a fault in the library, which hostile bytes may find.
var errStumbled = errors.New("the reader of feeds stumbles over it")

// parseFeed reads the entries, and, beside each at the same place, what is wrong with it where that is known already. No fault in the library ends the program.
func parseFeed(text string) (feed *gofeed.Feed, wrong []error, err error) {
	defer func() {
		if recover() != nil {
			feed, wrong, err = nil, nil, errStumbled
		}
	}()
	if isJSON(text) {
		return parseJSONFeed(text)
	}
	p := gofeed.NewParser()
	p.RSSTranslator, p.AtomTranslator = &gofeed.DefaultRSSTranslator{DisableContentImageScan: true}, &atomTranslator{}
	feed, err = p.Parse(strings.NewReader(escapedMode().ReplaceAllString(text, "$1")))
	if err == nil {
		readTitles(feed, text)
	}
	return feed, nil, err
}

// readTitles makes of the titles of a feed what they say. Those of Atom have a type, text unless another is named (RFC 4287, section 3.1.1); those of RSS have none.
func readTitles(feed *gofeed.Feed, text string) {
	var types []string
	if feed.FeedType == "atom" {
		types = titleTypes(text)
	}
	for i, item := range feed.Items {
		isText := len(types) == len(feed.Items) && (types[i] == "" || types[i] == "text" || types[i] == "text/plain")
		item.Title = render.Title(closed(item.Title, "title"), isText)
	}
}

func isJSON(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), "{") }

// notFeed says what a text is that cannot be read as a feed.
func notFeed(text string, err error) collect.Trouble {
	const another = "open its address in a browser, and give the address of the feed itself as url"
	start := strings.ToLower(text[:min(len(text), 1024)])
	switch {
	case strings.TrimSpace(text) == "":
		return collect.Trouble{What: "it is empty", Do: "nothing, it is tried again by itself; if it stays, tell whoever looks after its site"}
	case strings.Contains(start, "<html") || strings.Contains(start, "<!doctype html"):
		return collect.Trouble{What: "it is a page in HTML and no feed", Do: another}
	case errors.Is(err, gofeed.ErrFeedTypeNotDetected):
		return collect.Trouble{What: "it is neither RSS, nor Atom, nor a JSON feed", Do: another}
	}
	validator := "https://validator.w3.org/feed/"
	if isJSON(text) {
		validator = "https://validator.jsonfeed.org/"
	}
	return collect.Trouble{What: fmt.Sprintf("it breaks off or is damaged (%v)", err), Do: "tell whoever looks after its site: " + validator + " shows where"}
}
