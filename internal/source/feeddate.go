package source

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"facteur/internal/extract"

	"github.com/mmcdole/gofeed"
)

// published is the date of an entry, and what is odd about it: the first of its dates that can be read, if only for its day, and that an article can have. An
// entry without one counts as not dated. Where something stands for one that cannot be read, nobody knows whether the entry is news: that is an error.
func (r feedReader) published(item *gofeed.Item) (at time.Time, remark string, err error) {
	given := datesOf(item)
	if len(given) == 0 {
		return time.Time{}, "", nil
	}
	about := fmt.Sprintf("the date %q of “%s”", extract.Cut(given[0], maxShown), extract.Cut(item.Title, maxShown))
	first, isWhole := extract.Date(given[0], r.figures, r.zone)
	at = extract.Plausible(first, r.now)
	switch {
	case !at.IsZero() && isWhole:
		return at, "", nil
	case !at.IsZero():
		return at, about + " can be read for its day only: that counts", nil
	case first.IsZero():
		about += " cannot be read"
	default:
		about += " is before 1990 or more than a year ahead"
	}
	for _, text := range given[1:] {
		other, _ := extract.Date(text, r.figures, r.zone)
		if at = extract.Plausible(other, r.now); !at.IsZero() {
			return at, about + ": another of its dates counts", nil
		}
	}
	if first.IsZero() {
		return time.Time{}, "", fmt.Errorf("its date %q cannot be read, and it may be old: have its site write one such as 2026-11-26T08:00:00+01:00, or none", extract.Cut(given[0], maxShown))
	}
	return time.Time{}, about + ": it counts as not dated", nil
}

// datesOf are the dates of an entry as they stand there, those of its publication before that of its latest change.
func datesOf(item *gofeed.Item) (all []string) {
	given := []string{item.Published}
	if dc := item.DublinCoreExt; dc != nil {
		given = append(given, dc.Date...)
	}
	for _, name := range [...][2]string{{"atom", "published"}, {"dcterms", "issued"}, {"dcterms", "created"}} {
		for _, e := range item.Extensions[name[0]][name[1]] {
			given = append(given, e.Value)
		}
	}
	for _, text := range append(given, item.Updated) {
		if text = strings.Join(strings.Fields(text), " "); text != "" && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// figuresIn is the order of day and month in the dates of a feed. An English one may have either.
func figuresIn(feed *gofeed.Feed) extract.FigureOrder {
	var dates []string
	for _, item := range feed.Items {
		dates = append(dates, datesOf(item)...)
	}
	if strings.HasPrefix(strings.ToLower(feed.Language), "en") {
		return extract.OrderIn(dates, extract.OpenOrder)
	}
	return extract.OrderIn(dates, extract.EuropeanOrder)
}
