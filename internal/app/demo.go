package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"facteur/data"
	"facteur/internal/collect"
	"facteur/internal/newsletter"
	"facteur/internal/source"
	"facteur/internal/sqlite"
	"facteur/internal/subscription"
	"facteur/internal/web"
)

// demoReaders have addresses that can belong to nobody (RFC 2606 §2).
func demoReaders() []string {
	return []string{"camille@lecteurs.example", "nora@lecteurs.example", "yann@lecteurs.example"}
}

// A DemoReport is what the demonstration did, or found done.
type DemoReport struct {
	Articles []newsletter.Article // the samples, as they were put into the inbox
	Later    int                  // how many more arrived when edition n° 1 had left
	Sister   newsletter.Edition   // that of a sister, which brought some of them that it had left; zero where there is none
	Readers  []string
	Edition  newsletter.Edition
	Before   bool // everything had been done by an earlier run
	Letters  int  // sent by this run
}

// Demo tells the whole story on the sample articles: it puts them into the inbox as another program would, adds three
// readers, publishes edition n° 1 and sends it into the outbox folder, and goes on until there is a next edition to look at. Done before, it only says
// so. A folder with other readers is newsletter.ErrState: nobody who did not ask for it gets a demonstration. The settings are those of
// [OnExampleSite], whose site [App.Serve] shows beside the mailbox.
func (a *App) Demo(ctx context.Context) (DemoReport, error) {
	report := DemoReport{Readers: demoReaders()}
	if err := a.onlyDemoReaders(ctx); err != nil {
		return report, err
	}
	if err := a.keepSettings(); err != nil {
		return report, err
	}
	n := a.Newsletters[0]
	var err error
	if report.Articles, err = a.samplesAt(a.Config.Site.URL, firstSamples); err != nil {
		return report, err
	}
	first, err := a.Store.Edition(ctx, newsletter.EditionRef{Newsletter: n.Name, Number: 1})
	if err == nil {
		report.Before, report.Edition = true, first
	} else if report.Edition, err = a.firstEdition(ctx, n, report); err != nil {
		return report, err
	}
	if err = a.drainInto(ctx, &report); err == nil {
		err = a.goOn(ctx, n, &report)
	}
	return report, cmp.Or(err, ctx.Err())
}

// drainInto sends what is due, and counts it.
func (a *App) drainInto(ctx context.Context, report *DemoReport) error {
	drained, err := a.Drain(ctx, nil)
	report.Letters += drained.Sent
	return err
}

func (a *App) firstEdition(ctx context.Context, n newsletter.Newsletter, report DemoReport) (newsletter.Edition, error) {
	a.spread(report.Articles, 7*time.Hour)
	if err := a.offer(ctx, report.Articles); err != nil {
		return newsletter.Edition{}, err
	}
	word, err := data.Samples.ReadFile(wordSample)
	if err != nil {
		return newsletter.Edition{}, err
	}
	text := strings.ReplaceAll(string(word), samplesSite, a.Config.Site.URL)
	if err := a.Desk.Say(ctx, n, newsletter.Word{Text: text, By: "La rédaction"}); err != nil {
		return newsletter.Edition{}, err
	}
	for _, reader := range report.Readers {
		if _, err := a.Register.Add(ctx, n, reader, "the demonstration"); err != nil {
			return newsletter.Edition{}, err
		}
	}
	result, err := a.Desk.Publish(ctx, n)
	if err == nil && !result.Published() {
		err = fmt.Errorf("edition n° 1: %s: %w", result.Reason, newsletter.ErrState)
	}
	return result.Edition, err
}

// spread dates articles that have no date, each so long before the one in front of it: a site does not publish all at once.
func (a *App) spread(articles []newsletter.Article, apart time.Duration) {
	at := a.options.Now()
	for i := range articles {
		if at = at.Add(-apart); articles[i].Published.IsZero() {
			articles[i].Published = at
		}
	}
}

// offer puts articles into the inbox, as another program would.
func (a *App) offer(ctx context.Context, articles []newsletter.Article) error {
	rows := make([]collect.Row, len(articles))
	for i, s := range articles {
		rows[i] = collect.Row{
			URL: s.URL, Title: s.Title, Section: s.Section, Summary: s.Summary, Body: s.Body, Author: s.Author, Tags: strings.Join(s.Tags, ", "),
			Language: s.Language, Picture: s.Picture, PictureAlt: s.PictureAlt,
		}
		if !s.Published.IsZero() {
			rows[i].Published = s.Published.Format(time.RFC3339)
		}
	}
	return a.Store.InboxAdd(ctx, rows)
}

// onlyDemoReaders refuses a folder with other readers. Once its edition n° 1 is the demonstration's, people may have tried
// the form: who came by our own pages is no stranger there.
func (a *App) onlyDemoReaders(ctx context.Context) error {
	told, err := a.toldBefore(ctx)
	if err != nil {
		return err
	}
	for s, err := range a.Register.All(ctx, subscription.Filter{}) {
		if err != nil {
			return err
		}
		if s.Subscriber.Address == "" || slices.Contains(demoReaders(), s.Subscriber.Address) {
			continue
		}
		if came, err := a.cameByThemselves(ctx, s.ID); err != nil {
			return err
		} else if !told || !came {
			return fmt.Errorf("%s holds readers that are not the demonstration's: %w", a.Config.Data, newsletter.ErrState)
		}
	}
	return nil
}

// toldBefore reports that edition n° 1 is the demonstration's: it tells the samples and nothing else. Only the paths
// count, as the port of the site may be another each time.
func (a *App) toldBefore(ctx context.Context) (bool, error) {
	first, err := a.Store.Edition(ctx, newsletter.EditionRef{Newsletter: a.Newsletters[0].Name, Number: 1})
	if errors.Is(err, newsletter.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	articles, err := samples(firstSamples)
	if err != nil {
		return false, err
	}
	known := map[string]bool{}
	for _, s := range articles {
		known[web.ExamplePath+strings.TrimPrefix(s.URL, samplesSite)] = true
	}
	stories := first.Content.Stories()
	for _, s := range stories {
		at, err := url.Parse(s.URL)
		if err != nil || !known[at.Path] {
			return false, nil //nolint:nilerr // what is no address is no sample
		}
	}
	return len(stories) > 0, nil
}

// cameByThemselves reports that no operator brought a subscription here.
func (a *App) cameByThemselves(ctx context.Context, id int64) (bool, error) {
	record, err := a.Store.Consents(ctx, id)
	if err != nil {
		return false, err
	}
	brought := func(c newsletter.Consent) bool {
		return c.Origin == newsletter.OriginCommand || c.Origin == newsletter.OriginImport
	}
	return len(record) > 0 && !slices.ContainsFunc(record, brought), nil
}

// samplesSite is where the samples say they are: a name that leads nowhere (RFC 2606 §3).
const samplesSite = "https://pandia.example/"

// sampleAt puts a sample, and what it links to among the samples, on the example site.
func sampleAt(site string, a newsletter.Article) newsletter.Article {
	if rest, ours := strings.CutPrefix(a.URL, samplesSite); ours {
		a.URL = site + rest
	}
	a.Body = strings.ReplaceAll(a.Body, samplesSite, site)
	return a
}

// An exampleSite is the store as the example site reads it.
type exampleSite struct {
	*sqlite.Store
	now func() time.Time
}

// Latest returns the latest arrivals that a site would list, the latest first: no draft, nothing before its day, and no article twice.
func (s exampleSite) Latest(ctx context.Context, most int) ([]newsletter.Article, error) {
	shelved, err := s.ListArticles(ctx, nil, most)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, a := range shelved {
		if !a.Hidden && a.Leader == 0 && !a.Published.After(s.now()) {
			ids = append(ids, a.ID)
		}
	}
	return s.Articles(ctx, ids)
}

// Where the samples are: those of the first edition, its editor's word, those that come after it, and the settings for them.
const (
	settingsSample = "sample/settings.toml"
	firstSamples   = "sample/[0-9]*.md"
	wordSample     = "sample/mot-de-la-redaction.md"
	laterSamples   = "sample/later/*.md"
)

// samples reads articles that come with the program.
func samples(pattern string) ([]newsletter.Article, error) {
	names, err := fs.Glob(data.Samples, pattern)
	if err != nil {
		return nil, err
	}
	var articles []newsletter.Article
	for _, name := range names {
		text, err := data.Samples.ReadFile(name)
		if err != nil {
			return nil, err
		}
		article, err := source.ParseMarkdown(path.Base(name), text, nil)
		if err != nil {
			return nil, err
		}
		if article.Picture != "" {
			article.Picture = path.Join(path.Dir(name), article.Picture)
		}
		articles = append(articles, article)
	}
	return articles, nil
}

// samplesAt reads samples and puts them on the example site, and their pictures among those that letters show.
func (a *App) samplesAt(site, pattern string) ([]newsletter.Article, error) {
	articles, err := samples(pattern)
	if err != nil {
		return nil, err
	}
	for i, s := range articles {
		articles[i] = sampleAt(site, s)
		if s.Picture == "" {
			continue
		}
		file, err := data.Samples.ReadFile(s.Picture)
		if err != nil {
			return nil, err
		}
		kept, err := a.gallery.Keep(file)
		if err != nil {
			return nil, err
		}
		articles[i].Picture = kept.Address()
	}
	return articles, nil
}
