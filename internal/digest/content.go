package digest

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"facteur/internal/newsletter"
	"facteur/internal/typography"
)

// The most characters of a summary, so that it has as many lines on a sheet of 600 px as a reader takes in at a glance.
const (
	maxLead    = 280 // four or five
	maxSummary = 200 // three
	maxBrief   = 75  // one
)

// content freezes what was chosen: the articles as they are now, in reading order.
func (d *Desk) content(ctx context.Context, n newsletter.Newsletter, c Choice, number int, date time.Time) (newsletter.Content, error) {
	content, err := d.told(ctx, n, c, number, date, nil)
	if err != nil {
		return content, err
	}
	if content.Subject, err = d.subject(ctx, n, content.Lead.Title, content.Lead.Language, number); err != nil {
		return newsletter.Content{}, err
	}
	content.Word, content.Sponsor, err = d.given(ctx, n)
	return content, err
}

// foretold is the content of a preview that bears a date, with rows of the inbox by their addresses that go before what is stored.
func (d *Desk) foretold(ctx context.Context, n newsletter.Newsletter, p Preview, date time.Time, offered map[string]newsletter.Article) (newsletter.Content, error) {
	content, err := d.told(ctx, n, p.Choice, p.Number, date, offered)
	content.Subject, content.Word, content.Sponsor = p.Subject, p.Word, p.Sponsor
	return content, err
}

// given is what editors gave the next edition: their word and the advertisement.
func (d *Desk) given(ctx context.Context, n newsletter.Newsletter) (*newsletter.Word, *newsletter.Sponsor, error) {
	word, err := d.Store.Word(ctx, n.Name)
	if err != nil {
		return nil, nil, during("reading the word", n, err)
	}
	sponsor, err := d.Store.Sponsor(ctx, n.Name)
	if err != nil {
		return nil, nil, during("reading the advertisement", n, err)
	}
	return word, sponsor, nil
}

// told is what an edition tells: its content but for the subject and what editors gave it.
func (d *Desk) told(ctx context.Context, n newsletter.Newsletter, c Choice, number int, date time.Time, offered map[string]newsletter.Article) (newsletter.Content, error) {
	chosen := c.stories()
	var ids []int64
	for _, one := range chosen {
		if _, waits := offered[one.URL]; !waits && !one.Waits() {
			ids = append(ids, one.Article)
		}
	}
	articles, err := d.Store.Articles(ctx, ids)
	if err != nil {
		return newsletter.Content{}, during("reading the articles", n, err)
	}
	byID := make(map[int64]newsletter.Article, len(articles))
	for _, a := range articles {
		byID[a.ID] = a
	}
	pictures, err := d.pictures(ctx, articles)
	if err != nil {
		return newsletter.Content{}, during("reading the pictures", n, err)
	}
	stories := make([]newsletter.Story, len(chosen))
	for i, one := range chosen {
		a, there := offered[one.URL]
		if !there {
			a, there = byID[one.Article]
		}
		if !there {
			return newsletter.Content{}, during("reading the articles", n,
				fmt.Errorf("article %s went away meanwhile: %w", one.URL, newsletter.ErrNotFound))
		}
		stories[i] = d.story(n, one, a, i == 0) // the lead comes first
		stories[i].Updated = one.Fresh > 0
		if p, kept := pictures[a.Picture]; kept {
			p.Alt = a.PictureAlt
			stories[i].Picture = &p
		}
	}
	return arrange(n, c, stories, number, date), nil
}

// pictures are those of the articles that have arrived.
func (d *Desk) pictures(ctx context.Context, articles []newsletter.Article) (map[string]newsletter.Picture, error) {
	var sources []string
	for _, a := range articles {
		if a.Picture != "" {
			sources = append(sources, a.Picture)
		}
	}
	if sources == nil {
		return nil, nil
	}
	return d.Store.Pictures(ctx, sources)
}

// arrange puts the stories, in reading order, under their headings.
func arrange(n newsletter.Newsletter, c Choice, stories []newsletter.Story, number int, date time.Time) newsletter.Content {
	content := newsletter.Content{
		Number: number, Date: date.In(zone(n)),
		Preheader: preheader(n, stories), Lead: &stories[0],
	}
	rest := stories[1:]
	for _, s := range c.Sections {
		count := len(s.Candidates)
		content.Chapters = append(content.Chapters, newsletter.Chapter{
			Name: s.Section.Name, Title: s.Section.Title, Brief: s.Section.Brief, Stories: rest[:count:count],
		})
		rest = rest[count:]
	}
	return content
}

// leftOut is what a summary has, or the text where that stands for it, and no letter takes.
func (d *Desk) leftOut(a newsletter.Article) []string {
	if a.Summary == "" {
		return d.Summariser.LeftOutOfBody(a.Body)
	}
	return d.Summariser.LeftOut(a.Summary)
}

// story is an article as a letter tells it. What its summary has more than there is room for ends with a sentence, or where not even one
// has room, with a word.
func (d *Desk) story(n newsletter.Newsletter, c newsletter.Candidate, a newsletter.Article, lead bool) newsletter.Story {
	summary := d.Summariser.Summary(a.Summary)
	if !strings.ContainsFunc(summary, isWord) {
		summary = d.Summariser.Chapo(a.Title, a.Body)
	}
	section, _ := n.Place(c)
	room := maxSummary
	switch {
	case lead:
		room = maxLead
	case section.Brief:
		room = maxBrief
	}
	text := ""
	if section.Updated > 0 && !c.Known() {
		text = a.Body
	}
	return newsletter.Story{
		Article: a.ID, URL: a.URL, Title: a.Title, Section: section.Title, Summary: typography.Truncate(summary, room, language(n, a.Language)),
		Author: a.Author, Language: a.Language, Words: d.Summariser.Words(a.Body), LeftOut: d.leftOut(a), Text: text,
	}
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
