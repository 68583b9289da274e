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
}

// BackCatalogues are those of some newsletters that an article is of, but for newsletters that it was brought in already, or in a sister.
func (d *Desk) BackCatalogues(ctx context.Context, a newsletter.Article, of ...newsletter.Newsletter) (all []BackCatalogue, err error) {
	for _, n := range of {
		j := newJudge(n, d.Now(), Beginning{})
		if !older(a.Dated(), j.at, j.catalogue) { // which nearly all are that anybody looks at
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
				one.Asked = c.Asked
			}
			all = append(all, one)
		}
	}
	return all, nil
}
