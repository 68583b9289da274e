package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"facteur/internal/collect"
	"facteur/internal/neardup"
	"facteur/internal/newsletter"
	"facteur/internal/source"
)

// BadArticles names files and pages that cannot become articles, each mistake with the file's line where there is one. What to do about
// a file is in its mistake; Do is empty then. It is a [newsletter.ErrInvalid].
type BadArticles []collect.Trouble

func (b BadArticles) Error() string {
	lines := make([]string, len(b))
	for i, one := range b {
		lines[i] = one.What
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the sentinel.
func (b BadArticles) Unwrap() error { return newsletter.ErrInvalid }

// AddArticles stores the articles of Markdown files and of pages on the web, whose addresses begin with http:// or https://. Dates without an
// offset are read in the zone of the first newsletter. Pages go into a section; with none, see [App.TakeArticles]. Unless every one is good none of
// them is stored, and the error is [BadArticles]. The inbox is collected before, and told of: what waits there was offered earlier, and must not
// overwrite later what is stored now.
func (a *App) AddArticles(ctx context.Context, section string, places ...string) ([]collect.Put, collect.Report, error) {
	waited, err := a.Collector.Collect(ctx)
	if err != nil {
		return nil, waited, err
	}
	articles, err := a.take(ctx, section, a.keepPicture, places)
	if err != nil {
		return nil, waited, err
	}
	puts, err := a.Collector.Add(ctx, articles)
	return puts, waited, err
}

// A Taken is an article that AddArticles would store. One that is known already has its number.
type Taken struct {
	newsletter.Article
	Waits bool // it waits in the inbox as well, which is collected before
}

// TakeArticles is what AddArticles would store, in the form in which it would; a picture beside a file is named as there. Nothing is stored, and
// nothing collected. An article of a page stays in the section in which it is, or goes into that which the page names, where a newsletter has it.
func (a *App) TakeArticles(ctx context.Context, section string, places ...string) ([]Taken, error) {
	articles, err := a.take(ctx, section, a.tryPicture, places)
	if err != nil {
		return nil, err
	}
	addresses := make([]string, len(articles))
	for i, article := range articles {
		addresses[i] = article.URL
	}
	rows, err := a.Collector.Offered(ctx, addresses)
	if err != nil {
		return nil, err
	}
	taken := make([]Taken, len(articles))
	for i, article := range articles {
		stored, err := a.stored(ctx, article.URL)
		if err != nil {
			return nil, err
		}
		article.ID, article.Arrived, article.Hidden = stored.ID, stored.Arrived, stored.Hidden
		if stored.Filed {
			article.Filed, article.Section, article.Sourced = true, stored.Section, article.Section
		}
		taken[i] = Taken{article, slices.ContainsFunc(rows, func(row newsletter.Article) bool { return row.URL == article.URL })}
	}
	return taken, nil
}

// stored is the article with an address, or one without a number where there is none.
func (a *App) stored(ctx context.Context, address string) (newsletter.Article, error) {
	found, err := a.Store.ArticleByURL(ctx, address)
	if errors.Is(err, newsletter.ErrNotFound) {
		err = nil
	}
	return found, err
}

// known is what an article with an address says once the inbox is collected; it has no address where there is none.
func (a *App) known(ctx context.Context, address string) (newsletter.Article, error) {
	found, err := a.stored(ctx, address)
	if err != nil {
		return found, err
	}
	rows, err := a.Collector.Offered(ctx, []string{address})
	if err != nil || len(rows) == 0 {
		return found, err
	}
	latest := rows[len(rows)-1]
	if found.Filed {
		latest.Section = found.Section
	}
	return latest, nil
}

// A picturing says what becomes of the picture beside a file.
type picturing func(f source.File) (address string, err error)

func (a *App) keepPicture(f source.File) (string, error) {
	kept, err := a.gallery.Keep(f.Picture)
	return kept.Address(), err
}

func (a *App) tryPicture(f source.File) (string, error) { return "", a.gallery.Try(f.Picture) }

// take reads files and pages. Of two with one address the second is bad; what is named twice is read once.
func (a *App) take(ctx context.Context, section string, picture picturing, places []string) ([]newsletter.Article, error) {
	var taken []newsletter.Article
	var bad BadArticles
	first := map[string]string{} // places by the addresses of their articles
	for i, place := range places {
		if slices.Contains(places[:i], place) {
			continue
		}
		article, err := a.takeOne(ctx, section, picture, place, taken)
		if other, twice := first[article.URL]; twice && err == nil {
			err = sameAddress(other, place)
		}
		worse, isBad := errors.AsType[BadArticles](err)
		switch {
		case isBad:
			bad = append(bad, worse...)
			continue
		case err != nil:
			return nil, err
		}
		taken, first[article.URL] = append(taken, article), place
	}
	if bad != nil {
		return nil, bad
	}
	return taken, nil
}

func (a *App) takeOne(ctx context.Context, section string, picture picturing, place string, taken []newsletter.Article) (newsletter.Article, error) {
	if isAddress(place) {
		return a.takePage(ctx, place, section, taken)
	}
	return a.takeFile(place, picture)
}

// sameAddress says that what stands at a place has the address of what was given before.
func sameAddress(first, place string) error {
	if isAddress(place) {
		return BadArticles{{What: fmt.Sprintf("the page %s was not taken: its article has the address of %s", place, first), Do: "give one of the two"}}
	}
	return BadArticles{{What: place + ": " + collect.AddressOf(first, place)}}
}

func isAddress(place string) bool {
	u, err := url.Parse(place)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https")
}

func (a *App) takeFile(path string, picture picturing) (newsletter.Article, error) {
	wrong := func(lines string) error {
		var bad BadArticles
		for line := range strings.SplitSeq(lines, "\n") {
			bad = append(bad, collect.Trouble{What: line})
		}
		return bad
	}
	files, err := source.ReadFiles(a.Newsletters[0].Zone, path)
	if err != nil {
		return newsletter.Article{}, wrong(err.Error())
	}
	article := files[0].Article
	beside := ""
	if files[0].Picture != nil {
		address, err := picture(files[0])
		if err != nil {
			return newsletter.Article{}, wrong(fmt.Sprintf("%s: picture %s: %v", path, article.Picture, err))
		}
		if address == "" {
			beside = article.Picture
		}
		article.Picture = address
	}
	if article, err = a.Collector.Check(article); err != nil {
		return newsletter.Article{}, wrong(path + ": " + strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	if beside != "" {
		article.Picture = beside
	}
	return article, nil
}

func (a *App) takePage(ctx context.Context, address, section string, taken []newsletter.Article) (newsletter.Article, error) {
	page := source.Page{Address: address, Zone: a.Newsletters[0].Zone, Web: a.askWeb, Now: a.options.Now}
	article, err := page.Read(ctx)
	if trouble, ok := errors.AsType[collect.Trouble](err); ok {
		return newsletter.Article{}, BadArticles{trouble}
	}
	if err != nil {
		return newsletter.Article{}, err
	}
	if article, err = a.unlessAnother(ctx, article, taken); err != nil {
		return newsletter.Article{}, err
	}
	if article.Section, err = a.sectionOf(ctx, article, section); err != nil {
		return newsletter.Article{}, err
	}
	checked, err := a.Collector.Check(article)
	if err != nil {
		return newsletter.Article{}, BadArticles{{
			What: fmt.Sprintf("the page %s was not taken: %s", address, strings.ReplaceAll(err.Error(), "\n", "; ")), Do: "correct what is named, or write the article as a Markdown file: docs/articles.md",
		}}
	}
	return checked, nil
}

// unlessAnother leaves an article under the address that its page names as its own, unless another article stands there, stored or just taken, which
// came from another page: careless sites name one address on many pages. Then it has the address of its page.
func (a *App) unlessAnother(ctx context.Context, article newsletter.Article, taken []newsletter.Article) (newsletter.Article, error) {
	if article.Canonical == "" { // it is its page's own
		return article, nil
	}
	var known newsletter.Article
	if i := slices.IndexFunc(taken, func(one newsletter.Article) bool { return one.URL == article.URL }); i >= 0 {
		known = taken[i]
	} else {
		var err error
		if known, err = a.known(ctx, article.URL); err != nil || known.URL == "" {
			return article, err
		}
	}
	if known.Canonical != article.Canonical && neardup.Another(neardup.Of(known, ""), neardup.Of(article, "")) {
		article.URL, article.Canonical = article.Canonical, ""
	}
	return article, nil
}

// sectionOf is the section for the article of a page: the one that was asked for, the one in which it is, or the one that the page names where
// a newsletter has it.
func (a *App) sectionOf(ctx context.Context, article newsletter.Article, asked string) (string, error) {
	if asked != "" {
		return asked, nil
	}
	known, err := a.known(ctx, article.URL)
	if err != nil {
		return "", err
	}
	if known.Section != "" {
		return known.Section, nil
	}
	has := func(n newsletter.Newsletter) bool {
		_, ok := n.Section(article.Section)
		return ok && newsletter.SectionKey(article.Section) != ""
	}
	if slices.ContainsFunc(a.Newsletters, has) {
		return article.Section, nil
	}
	return "", nil
}
