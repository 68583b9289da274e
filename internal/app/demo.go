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
	Readers  []string
	Edition  newsletter.Edition
	Before   bool // everything had been done by an earlier run
	Letters  int  // sent by this run
}

// Demo tells the whole story on the sample articles: it puts them into the inbox as another program would, adds three
// readers, publishes edition n° 1 and sends it into the outbox folder. Done before, it only says so. A folder with other
// readers is newsletter.ErrState: nobody who did not ask for it gets a demonstration. The letters' links lead to the
// example site, which [App.Serve] shows beside the mailbox.
func (a *App) Demo(ctx context.Context) (DemoReport, error) {
	report := DemoReport{Readers: demoReaders()}
	if err := a.onlyDemoReaders(ctx); err != nil {
		return report, err
	}
	site := strings.TrimSuffix(a.Config.Web.URL, "/") + web.ExamplePath
	for i := range a.Newsletters {
		a.Newsletters[i].Sender = senderAt(site, a.Newsletters[i].Sender)
	}
	a.Links, a.Desk.Reviewer = nil, nil // the example site is this machine
	n := a.Newsletters[0]
	var err error
	if report.Articles, err = samples(); err != nil {
		return report, err
	}
	for i, s := range report.Articles {
		report.Articles[i] = sampleAt(site, s)
	}
	first, err := a.Store.Edition(ctx, newsletter.EditionRef{Newsletter: n.Name, Number: 1})
	if err == nil {
		report.Before, report.Edition = true, first
	} else if report.Edition, err = a.firstEdition(ctx, n, report); err != nil {
		return report, err
	}
	drained, err := a.Drain(ctx, nil)
	report.Letters = drained.Sent
	return report, cmp.Or(err, ctx.Err())
}

func (a *App) firstEdition(ctx context.Context, n newsletter.Newsletter, report DemoReport) (newsletter.Edition, error) {
	rows := make([]collect.Row, len(report.Articles))
	for i, s := range report.Articles {
		rows[i] = collect.Row{
			URL: s.URL, Title: s.Title, Section: s.Section, Summary: s.Summary, Body: s.Body,
			Author: s.Author, Tags: strings.Join(s.Tags, ", "), Language: s.Language,
		}
	}
	if err := a.Store.InboxAdd(ctx, rows); err != nil {
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
	articles, err := samples()
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

// senderAt puts the pages that a sender owes to the law on the example site.
func senderAt(site string, s newsletter.Sender) newsletter.Sender {
	s.SiteURL = site
	s.LegalURL = site + strings.TrimPrefix(web.ExampleLegalPath, web.ExamplePath)
	s.PrivacyURL = site + strings.TrimPrefix(web.ExamplePrivacyPath, web.ExamplePath)
	return s
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
type exampleSite struct{ *sqlite.Store }

// Latest returns the latest arrivals, the latest first.
func (s exampleSite) Latest(ctx context.Context, most int) ([]newsletter.Article, error) {
	shelved, err := s.ListArticles(ctx, nil, most)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(shelved))
	for i, a := range shelved {
		ids[i] = a.ID
	}
	return s.Articles(ctx, ids)
}

// samples reads the articles that come with the program.
func samples() ([]newsletter.Article, error) {
	names, err := fs.Glob(data.Samples, "sample/*.md")
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
		articles = append(articles, article)
	}
	return articles, nil
}
