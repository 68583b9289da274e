package source

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mmcdole/gofeed"
	"github.com/mmcdole/gofeed/json"
)

// asText is what an entry has as text, and not as HTML.
const asText = "text"

// parseJSONFeed reads a JSON feed entry by entry, so that one that is none keeps no other from coming: the library gives up the whole feed. What is
// wrong with an entry stands beside it, at the same place.
func parseJSONFeed(text string) (*gofeed.Feed, []error, error) {
	var outer struct {
		Version  any                  `json:"version"`
		Language any                  `json:"language"`
		Items    []stdjson.RawMessage `json:"items"`
	}
	err := stdjson.Unmarshal([]byte(text), &outer)
	version, _ := outer.Version.(string)
	if err == nil && !strings.Contains(version, "jsonfeed.org/") {
		return nil, nil, gofeed.ErrFeedTypeNotDetected
	}
	if _, is := errors.AsType[*stdjson.UnmarshalTypeError](err); is {
		return nil, nil, errors.New("its items are no list")
	}
	if err != nil {
		return nil, nil, err
	}
	feed := &gofeed.Feed{FeedType: "json", FeedVersion: version}
	feed.Language, _ = outer.Language.(string)
	var wrong []error
	for _, raw := range outer.Items {
		item, err := parseJSONItem(raw)
		feed.Items, wrong = append(feed.Items, item), append(wrong, err)
	}
	return feed, wrong, nil
}

// parseJSONItem reads an entry, and as much as it can of one that is wrong.
func parseJSONItem(raw stdjson.RawMessage) (*gofeed.Item, error) {
	entry, err := json.Item{}, error(nil)
	if string(raw) == "null" {
		err = errors.New("it is null")
	} else {
		err = inWords(stdjson.Unmarshal(raw, &entry))
	}
	entry.Authors = slices.DeleteFunc(entry.Authors, func(a *json.Author) bool { return a == nil })
	feed, failed := (&gofeed.DefaultJSONTranslator{}).Translate(&json.Feed{Items: []*json.Item{&entry}})
	if failed != nil {
		return &gofeed.Item{}, failed
	}
	item := feed.Items[0]
	if entry.ContentHTML == "" { // the library takes text and HTML for the same
		item.Custom = map[string]string{asText: entry.ContentText}
	}
	return item, err
}

// inWords says what is wrong with an entry, to people.
func inWords(err error) error {
	bad, is := errors.AsType[*stdjson.UnmarshalTypeError](err)
	if !is {
		return err
	}
	kind := "a " + bad.Value
	if strings.ContainsAny(bad.Value[:1], "ao") { // an array, an object
		kind = "an " + bad.Value
	}
	if bad.Field == "" {
		return fmt.Errorf("it is %s and no object of JSON", kind)
	}
	field := strings.TrimPrefix(bad.Field, "alias.") // a type within the library
	return fmt.Errorf("its %q is %s, which JSON Feed does not have there", field, kind)
}
