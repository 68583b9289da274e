package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
	"facteur/internal/render"
	"facteur/internal/token"
)

// Inspect looks at an edition's letter, composed for two readers, before it is frozen; see digest.Inspector.
func (l letters) Inspect(n newsletter.Newsletter, v newsletter.Variant, known preflight.Letter) ([]preflight.Finding, error) {
	c := known.Content
	return look(letter.Frame{Newsletter: n, Number: c.Number, WebURL: l.terms.WebURL, Articles: len(c.Stories())}, v, known)
}

// look completes a letter by its frozen texts and by what two readers would get.
func look(f letter.Frame, v newsletter.Variant, l preflight.Letter) ([]preflight.Finding, error) {
	made, err := letter.New(f, v)
	if err != nil {
		return nil, err
	}
	l.Newsletter, l.WebURL, l.Subject, l.HTML, l.Text, l.Needs = f.Newsletter, f.WebURL, v.Subject, v.HTML, v.Text, made.Needs()
	if s := l.Content.Sponsor; s != nil {
		ad := preflight.Advertisement(render.Advertised(*s, f.Newsletter.Language))
		l.Sponsor = &ad
	}
	for i := range l.Copies {
		message, err := made.Copy(specimen(i, made.Needs()))
		if err != nil {
			return nil, err
		}
		l.Copies[i] = message.Append(nil)
	}
	return preflight.Look(l), nil
}

// specimen is a reader who shares nothing with the other one (RFC 2606 §2).
func specimen(i int, needs []token.Purpose) letter.Reader {
	r := letter.Reader{
		Address: []string{"a@lecteurs.example", "another.reader@elsewhere.example"}[i], MessageID: []string{"1@lecteurs.example", "2@elsewhere.example"}[i],
		Date: time.Unix(0, 0).AddDate(10*i+1, 0, 0), Consent: time.Unix(0, 0).AddDate(10*i, i, i), Tokens: map[token.Purpose]string{},
	}
	for _, p := range needs {
		r.Tokens[p] = p.String() + strings.Repeat([]string{"A", "-"}[i], token.Len-1)
	}
	return r
}

// Preflight looks at an edition as it was frozen, and whether the pages that it leads to are still there.
func (a *App) Preflight(ctx context.Context, e newsletter.Edition) ([]preflight.Finding, error) {
	v, err := a.Store.EditionText(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	met, err := a.Desk.Review(ctx, e.Content)
	if err != nil {
		return nil, err
	}
	known, err := a.Desk.Known(ctx, e.Newsletter, e.Content, met)
	if err != nil {
		return nil, fmt.Errorf("preflight of %s: %w", e.Ref(), err)
	}
	n := e.Letterhead.Newsletter(e.Newsletter)
	n.Several = len(a.Newsletters) > 1
	findings, err := look(letter.Frame{
		Newsletter: n, Number: e.Number, WebURL: e.Letterhead.WebURL, Articles: len(e.Content.Stories()),
	}, v, known)
	if err != nil {
		return nil, fmt.Errorf("preflight of %s: %w", e.Ref(), err)
	}
	return findings, nil
}
