package digest

import (
	"context"
	"time"

	"facteur/internal/newsletter"
)

// A BackCatalogue is one that an article is of.
type BackCatalogue struct {
	Newsletter newsletter.Newsletter
	Asked      time.Time // when the source that brought it was first asked; zero: it came before the first edition
	Undated    bool      // it came without a date, and has none since
}

// BackCatalogues are those of some newsletters that an article is of, but for newsletters that it was brought in already, or in a sister.
func (d *Desk) BackCatalogues(ctx context.Context, a newsletter.Article, of ...newsletter.Newsletter) (all []BackCatalogue, err error) {
	for _, n := range of {
		j := newJudge(n, d.Now(), Beginning{})
		if !a.Published.IsZero() && !older(a.Published, j.at, j.catalogue) { // which nearly all are that anybody looks at
			continue
		}
		if j.begun, err = d.begun(ctx, n); err != nil {
			return nil, err
		}
		candidates, err := d.candidates(ctx, n)
		if err != nil {
			return nil, err
		}
		for _, c := range candidates {
			_, listed := j.place(c)
			if c.Article != a.ID || !listed || c.CarriedBy > 0 || c.Known() || !j.backCatalogue(c) {
				continue
			}
			one := BackCatalogue{Newsletter: n}
			if j.ofSource(c) {
				one.Asked, one.Undated = c.Asked, c.Published.IsZero()
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// HaveBegun are those of some newsletters that had an edition, and so leave at home what is of the past of a source that is added.
func (d *Desk) HaveBegun(ctx context.Context, of ...newsletter.Newsletter) (begun []newsletter.Newsletter, err error) {
	for _, n := range of {
		b, err := d.begun(ctx, n)
		if err != nil {
			return nil, err
		}
		if !b.Edition.IsZero() {
			begun = append(begun, n)
		}
	}
	return begun, nil
}
