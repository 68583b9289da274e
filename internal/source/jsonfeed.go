package source

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/json"

	"facteur/internal/render"
)

// asText is what an entry has as text, and not as HTML.
const asText = "text"

// A jsonFeed is a JSON feed (version 1.1), and a jsonItem an entry of it, as sites write them: a number may stand for a text, one thing for a list of them, and
// what is neither counts as not given.
type (
	jsonFeed struct {
		Version  jsonText             `json:"version"`
		Title    jsonText             `json:"title"`
		HomePage jsonText             `json:"home_page_url"`
		Language jsonText             `json:"language"`
		Author   jsonList[jsonName]   `json:"author"`
		Authors  jsonList[jsonName]   `json:"authors"`
		Items    []stdjson.RawMessage `json:"items"`
	}
	jsonItem struct {
		ID          jsonText                 `json:"id"`
		URL         jsonText                 `json:"url"`
		ExternalURL jsonText                 `json:"external_url"`
		Title       jsonText                 `json:"title"`
		ContentHTML jsonText                 `json:"content_html"`
		ContentText jsonText                 `json:"content_text"`
		Summary     jsonText                 `json:"summary"`
		Image       jsonText                 `json:"image"`
		BannerImage jsonText                 `json:"banner_image"`
		Published   jsonText                 `json:"date_published"`
		Modified    jsonText                 `json:"date_modified"`
		Tags        jsonTags                 `json:"tags"`
		Author      jsonList[jsonName]       `json:"author"`
		Authors     jsonList[jsonName]       `json:"authors"`
		Attachments jsonList[jsonAttachment] `json:"attachments"`
	}
	jsonAttachment struct {
		URL      jsonText `json:"url"`
		MimeType jsonText `json:"mime_type"`
	}
)

// A jsonText is a text, or what a number says as one.
type jsonText string

// UnmarshalJSON takes what it can.
func (t *jsonText) UnmarshalJSON(data []byte) error {
	var text string
	if stdjson.Unmarshal(data, &text) == nil {
		*t = jsonText(text)
	} else if strings.ContainsAny(string(data[:1]), "-0123456789") {
		*t = jsonText(data)
	}
	return nil
}

// A jsonName is a name, with or without an object around it.
type jsonName string

// UnmarshalJSON takes what it can.
func (n *jsonName) UnmarshalJSON(data []byte) error {
	thing := struct{ Name jsonText }{}
	if stdjson.Unmarshal(data, &thing) != nil {
		_ = thing.Name.UnmarshalJSON(data)
	}
	*n = jsonName(thing.Name)
	return nil
}

// A jsonList is a list, or the one thing that stands in the place of one.
type jsonList[T any] []T

// UnmarshalJSON takes what it can.
func (l *jsonList[T]) UnmarshalJSON(data []byte) error {
	var parts []stdjson.RawMessage
	if stdjson.Unmarshal(data, &parts) != nil {
		parts = []stdjson.RawMessage{data}
	}
	for _, part := range parts {
		var one T
		if string(part) != "null" && stdjson.Unmarshal(part, &one) == nil {
			*l = append(*l, one)
		}
	}
	return nil
}

// jsonTags are a list of words, or words between commas.
type jsonTags []string

// UnmarshalJSON takes what it can.
func (t *jsonTags) UnmarshalJSON(data []byte) error {
	var text string
	if stdjson.Unmarshal(data, &text) == nil {
		*t = strings.Split(text, ",")
		return nil
	}
	var names jsonList[jsonName]
	err := names.UnmarshalJSON(data)
	for _, name := range names {
		*t = append(*t, string(name))
	}
	return err
}

// parseJSONFeed reads a JSON feed entry by entry, so that one that is none keeps no other from coming. What is wrong with an entry stands beside it, at the
// same place.
func parseJSONFeed(text string) (*gofeed.Feed, []error, error) {
	var outer jsonFeed
	err := stdjson.Unmarshal([]byte(text), &outer)
	if err == nil && !strings.Contains(string(outer.Version), "jsonfeed.org/") {
		return nil, nil, gofeed.ErrFeedTypeNotDetected
	}
	if _, is := errors.AsType[*stdjson.UnmarshalTypeError](err); is {
		return nil, nil, errors.New("its items are no list")
	}
	if err != nil {
		return nil, nil, err
	}
	feed := &gofeed.Feed{FeedType: "json", FeedVersion: string(outer.Version), Title: string(outer.Title), Link: string(outer.HomePage), Language: string(outer.Language)}
	var wrong []error
	for _, raw := range outer.Items {
		item, err := parseJSONItem(raw, append(outer.Authors, outer.Author...))
		feed.Items, wrong = append(feed.Items, item), append(wrong, err)
	}
	return feed, wrong, nil
}

// parseJSONItem reads an entry, whose authors are those of the feed unless it has its own.
func parseJSONItem(raw stdjson.RawMessage, authors []jsonName) (*gofeed.Item, error) {
	var given jsonItem
	if string(raw) == "null" {
		return &gofeed.Item{}, errors.New("it is null")
	}
	if err := stdjson.Unmarshal(raw, &given); err != nil {
		return &gofeed.Item{}, inWords(err)
	}
	entry := &json.Item{
		ID: string(given.ID), URL: string(given.URL), ExternalURL: string(given.ExternalURL),
		ContentHTML: string(given.ContentHTML), ContentText: string(given.ContentText), Summary: render.AsHTML(string(given.Summary), true),
		Image: string(given.Image), BannerImage: string(given.BannerImage), DatePublished: string(given.Published), DateModified: string(given.Modified),
		Title: render.Title(string(given.Title), true), Tags: given.Tags, Attachments: given.attachments(),
	}
	if own := append(given.Authors, given.Author...); len(own) > 0 {
		authors = own
	}
	for _, name := range authors {
		entry.Authors = append(entry.Authors, &json.Author{Name: string(name)})
	}
	feed, err := (&gofeed.DefaultJSONTranslator{}).Translate(&json.Feed{Items: []*json.Item{entry}})
	if err != nil {
		return &gofeed.Item{}, err
	}
	item := feed.Items[0]
	if entry.ContentHTML == "" { // the library takes text and HTML for the same
		item.Custom = map[string]string{asText: entry.ContentText}
	}
	return item, nil
}

func (i jsonItem) attachments() *[]json.Attachments {
	files := make([]json.Attachments, len(i.Attachments))
	for n, a := range i.Attachments {
		files[n] = json.Attachments{URL: string(a.URL), MimeType: string(a.MimeType)}
	}
	return &files
}

// inWords says to people what stands in the place of an entry.
func inWords(err error) error {
	bad, is := errors.AsType[*stdjson.UnmarshalTypeError](err)
	if !is {
		return err
	}
	kind := "a " + bad.Value
	if strings.ContainsAny(bad.Value[:1], "ao") { // an array, an object
		kind = "an " + bad.Value
	}
	return fmt.Errorf("it is %s and no object of JSON", kind)
}
