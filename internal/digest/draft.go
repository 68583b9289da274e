package digest

import (
	"context"
	"fmt"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

// Blocked are the findings that keep an edition from being published.
type Blocked []preflight.Finding

func (b Blocked) Error() string {
	if len(b) == 0 {
		return "nothing blocks it"
	}
	more := ""
	if n := b.number(); n > 1 {
		more = fmt.Sprintf(" (and %d more)", n-1)
	}
	return fmt.Sprintf("preflight blocks its letter: %s, in %s%s", b[0].What, b[0].Place, more)
}

func (b Blocked) number() (n int) {
	for _, f := range b {
		n += 1 + f.More
	}
	return n
}

func (b Blocked) count() string {
	if n := b.number(); n > 1 {
		return fmt.Sprintf("%d things in it would harm its readers", n)
	}
	return "one thing in it would harm its readers"
}

// list tells each with its place and its cure.
func (b Blocked) list() string {
	var all strings.Builder
	for _, f := range b {
		fmt.Fprintf(&all, "%s\n  where: %s\n  cure: %s\n", f.What, f.Place, f.Cure)
		if f.More > 0 {
			fmt.Fprintf(&all, "  and %d more of the kind\n", f.More)
		}
		all.WriteByte('\n')
	}
	return all.String()
}

// A Draft is the edition that would be published now, and what is to be said about it.
type Draft struct {
	Preview
	Content  newsletter.Content // zero when nothing would leave
	Letter   Rendering
	Findings []preflight.Finding
}

// Draft makes the edition that would be published now and looks at it, and at the pages that it leads to. It collects nothing, and
// records only which of those of its stories are there; rows that wait in the inbox are told as if they had arrived. A letter that cannot be made at
// all is a finding as well.
func (d *Desk) Draft(ctx context.Context, n newsletter.Newsletter) (Draft, error) {
	now := d.Now()
	p, err := d.foresee(ctx, n, now)
	draft := Draft{Preview: p}
	if err != nil || p.Empty() {
		return draft, err
	}
	offered, err := d.offered(ctx, p.stories(), p.Waiting)
	if err != nil {
		return draft, err
	}
	if draft.Content, err = d.foretold(ctx, n, p, now, offered); err != nil {
		return draft, err
	}
	met, err := d.Review(ctx, draft.Content)
	if err != nil {
		return draft, err
	}
	draft.Letter, draft.Findings, err = d.compose(ctx, n, draft.Content, met)
	draft.Beyond, draft.Content.Beyond, draft.LeftOut = draft.Letter.Beyond, draft.Letter.Beyond, draft.Content.LeftOut()
	if err != nil && ctx.Err() == nil {
		what, cure, _ := strings.Cut(err.Error(), "\n")
		if cure == "" {
			cure = "mend what it names: an article, a setting or a template"
		}
		draft.Findings = []preflight.Finding{{
			Severity: preflight.Blocks, Rule: "letter-cannot-be-made", Place: preflight.Place{Part: preflight.InLetter}, What: what, Cure: cure,
		}}
		err = nil
	}
	return draft, err
}

// offered are the rows that wait in the inbox and were chosen, by their address. A row may be news of an article that is stored.
func (d *Desk) offered(ctx context.Context, chosen []newsletter.Candidate, waiting int) (map[string]newsletter.Article, error) {
	if waiting == 0 {
		return nil, nil
	}
	urls := make([]string, len(chosen))
	for i, c := range chosen {
		urls[i] = c.URL
	}
	rows, err := d.Collector.Offered(ctx, urls)
	if err != nil {
		return nil, err
	}
	offered := make(map[string]newsletter.Article, len(rows))
	for _, a := range rows {
		offered[a.URL] = a // the latest of several rows counts, as it does when they are collected
	}
	return offered, nil
}
