package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"facteur/internal/collect"
	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/render"
)

// letters renders editions for the desk.
type letters struct {
	renderer *render.Renderer
	webURL   string
	log      *slog.Logger
}

// Render makes the one variant that every reader gets, and sees to it that letters can be made of it.
func (l letters) Render(n newsletter.Newsletter, c newsletter.Content) (newsletter.Variant, error) {
	parts, err := l.renderer.Edition(render.Frame{Newsletter: n, WebURL: l.webURL}, c)
	if err != nil {
		return newsletter.Variant{}, err
	}
	v := newsletter.Variant{Kind: newsletter.KindEdition, Subject: parts.Subject, HTML: parts.HTML, Text: parts.Text}
	made, err := letter.New(letter.Frame{Newsletter: n, Number: c.Number, WebURL: l.webURL, Articles: len(c.Stories())}, v)
	if err == nil && made.Size() > letter.LargeSize {
		l.log.Warn("a large letter: some mail programs cut it off above 102,000 octets",
			"newsletter", n.Name, "edition", c.Number, "octets", made.Size(), "articles", len(c.Stories()))
	}
	return v, err
}

// try makes a letter of nothing much, to find out at the start what would keep every edition from leaving: a template
// without a leave link, a sender's name that is no name.
func (l letters) try(n newsletter.Newsletter) error {
	content := newsletter.Content{Number: 1, Subject: n.Title, Lead: &newsletter.Story{URL: n.Sender.SiteURL, Title: n.Title}}
	if _, err := l.Render(n, content); err != nil {
		return fmt.Errorf("the letters of %s cannot be made: %w", n.Name, err)
	}
	return nil
}

// reader reads Markdown for the desk.
type reader struct{}

func (reader) Summary(given string) string         { return render.Summary(given) }
func (reader) Chapo(title, markdown string) string { return render.Chapo(title, markdown) }
func (reader) Words(markdown string) int           { return render.Words(markdown) }

// gathering collects for the desk and says in the log what came in.
type gathering struct {
	*collect.Collector
	log *slog.Logger
}

func (g gathering) Collect(ctx context.Context) error {
	report, err := g.Collector.Collect(ctx)
	if err != nil {
		return err
	}
	if report.Added+report.Updated+report.Refused > 0 {
		g.log.InfoContext(ctx, "collected", "added", report.Added, "updated", report.Updated, "unchanged", report.Unchanged, "refused", report.Refused)
	}
	return nil
}

func (g gathering) Waiting(ctx context.Context, now time.Time) ([]newsletter.Candidate, error) {
	return g.Collector.Waiting(ctx, now)
}
