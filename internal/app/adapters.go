package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sort"
	"time"

	"facteur/internal/collect"
	"facteur/internal/config"
	"facteur/internal/digest"
	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/subscription"
)

// letters renders editions for the desk and single letters for the register.
type letters struct {
	renderer   *render.Renderer
	terms      render.Terms
	signatures int // that each letter gets
}

func newLetters(renderer *render.Renderer, cfg *config.Config) letters {
	return letters{renderer, terms(cfg), len(cfg.Signatures())}
}

// terms are what single letters promise.
func terms(cfg *config.Config) render.Terms {
	return render.Terms{
		WebURL: cfg.Web.URL, Link: time.Duration(cfg.Signup.Link), Pending: time.Duration(cfg.Signup.Pending), Reminder: time.Duration(cfg.Signup.Reminder),
		Manage: subscription.LinkLife, Keep: subscription.AnswerTime,
	}
}

// Render makes the one variant that every reader gets, and sees to it that letters can be made of it. Where one would be too
// long, the last stories are left to the page, as few as it takes.
func (l letters) Render(n newsletter.Newsletter, c newsletter.Content) (digest.Rendering, error) {
	c.Beyond = 0
	whole, size, err := l.edition(n, c)
	if err != nil || size <= letter.FitSize {
		return digest.Rendering{Letter: whole}, err
	}
	all := len(c.Stories())
	r := digest.Rendering{Page: whole}
	r.Beyond = sort.Search(all-1, func(beyond int) bool {
		c.Beyond = beyond
		_, size, failed := l.edition(n, c)
		err = errors.Join(err, failed)
		return size <= letter.FitSize
	})
	c.Beyond = r.Beyond
	cut, _, failed := l.edition(n, c)
	r.Letter = cut
	return r, errors.Join(err, failed)
}

// Numbered is what tells two editions with one subject apart.
func (l letters) Numbered(n newsletter.Newsletter, number int) (string, error) {
	return l.renderer.Numbered(n, number)
}

// edition renders an edition and measures its letter with its signatures, in octets. One that is too long is no error here.
func (l letters) edition(n newsletter.Newsletter, c newsletter.Content) (newsletter.Variant, int, error) {
	parts, err := l.renderer.Edition(render.Frame{Newsletter: n, WebURL: l.terms.WebURL}, c)
	if err != nil {
		return newsletter.Variant{}, 0, err
	}
	v := newsletter.Variant{Kind: newsletter.KindEdition, Subject: parts.Subject, HTML: parts.HTML, Text: parts.Text}
	made, err := letter.New(letter.Frame{Newsletter: n, Number: c.Number, WebURL: l.terms.WebURL, Articles: len(c.Stories())}, v)
	if long, ok := errors.AsType[*letter.TooLong](err); ok {
		return v, long.Size + l.signatures*letter.SignatureSize, nil
	}
	if err != nil {
		return v, 0, err
	}
	return v, made.Size() + l.signatures*letter.SignatureSize, nil
}

// SingleLetter renders a letter to one reader, and sees to it that copies can be made of it.
func (l letters) SingleLetter(kind newsletter.LetterKind, about []newsletter.Newsletter) (newsletter.Variant, error) {
	parts, err := l.renderer.Single(kind, about, l.terms)
	if err != nil {
		return newsletter.Variant{}, err
	}
	v := newsletter.Variant{Kind: newsletter.KindLetter, Subject: parts.Subject, HTML: parts.HTML, Text: parts.Text}
	v.Key = singleKey(kind, about[0].Language, v)
	_, err = letter.New(letter.Frame{Newsletter: about[0], Single: kind, WebURL: l.terms.WebURL}, v)
	return v, err
}

// singleKey names a text by its content, so that two texts never share a key.
func singleKey(kind newsletter.LetterKind, language string, v newsletter.Variant) string {
	sum := sha256.Sum256([]byte(v.Subject + "\x00" + v.Text + "\x00" + v.HTML))
	return string(kind) + "-" + language + "-" + hex.EncodeToString(sum[:16])
}

// try makes a letter of nothing much, to find out at the start what would keep every edition from leaving: a template
// without a leave link, a sender's name that is no name.
func (l letters) try(n newsletter.Newsletter) error {
	content := newsletter.Content{Number: 1, Subject: n.Title, Lead: &newsletter.Story{URL: n.Sender.SiteURL, Title: n.Title}}
	if _, err := l.Render(n, content); err != nil {
		return fmt.Errorf("the letters of %s cannot be made: %w", n.Name, err)
	}
	if _, err := l.Numbered(n, 1); err != nil {
		return fmt.Errorf("a subject of %s cannot be told from an earlier one: %w", n.Name, err)
	}
	for _, kind := range newsletter.LetterKinds() {
		if _, err := l.SingleLetter(kind, []newsletter.Newsletter{n}); err != nil {
			return fmt.Errorf("the letter %q of %s cannot be made: %w", kind, n.Name, err)
		}
	}
	return nil
}

// reader reads Markdown for the desk.
type reader struct{}

func (reader) Summary(given string) string         { return render.Summary(given) }
func (reader) Chapo(title, markdown string) string { return render.Chapo(title, markdown) }
func (reader) LeftOut(text string) []string        { return render.LeftOut(text) }
func (reader) LeftOutOfBody(text string) []string  { return render.LeftOutOfBody(text) }
func (reader) Sayable(text string) error           { return render.Sayable(text) }
func (reader) Advertisable(text string) error      { return render.Advertisable(text) }
func (reader) Words(markdown string) int           { return render.Words(markdown) }
func (reader) Links(markdown string) []string      { return render.Links(markdown) }

// gathering collects for the desk and says in the log what came in.
type gathering struct {
	*collect.Collector
	log *slog.Logger
}

func (a *App) gathering() gathering { return gathering{a.Collector, a.options.Log} }

func (g gathering) Collect(ctx context.Context) (refused []string, err error) {
	report, err := g.Collector.Collect(ctx)
	if err != nil {
		return nil, err
	}
	if report.Added+report.Updated+report.Refused > 0 {
		g.log.InfoContext(ctx, "collected", "added", report.Added, "updated", report.Updated, "unchanged", report.Unchanged, "refused", report.Refused)
	}
	return report.Refusals.OfRows(), nil
}

func (g gathering) Waiting(ctx context.Context, now time.Time, name string, sisters ...string) (digest.Waiting, error) {
	w, err := g.Collector.Waiting(ctx, now, name, sisters...)
	return digest.Waiting{Rows: w.Rows, Candidates: w.Candidates, Refused: w.Refused.OfRows()}, err
}
