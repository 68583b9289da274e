package digest

import (
	"context"
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

// Unfit is an article that no edition can bring, so that it is in vain to want it in. Its verdict says why, and has no rule where the newsletter
// has no section for it.
type Unfit struct{ newsletter.Verdict }

func (u Unfit) Error() string {
	if u.Rule == "" {
		return fmt.Sprintf("article %d belongs to no section of the newsletter", u.Article)
	}
	return fmt.Sprintf("article %d is out by the rule %s", u.Article, u.Rule)
}

// Take keeps what an editor decided of articles by hand, and returns the verdicts that they would get now. [Unfit] keeps all of them from it.
func (d *Desk) Take(ctx context.Context, n newsletter.Newsletter, s newsletter.Stance, articles []int64) ([]newsletter.Verdict, error) {
	if s.In() {
		before, err := d.verdictsOn(ctx, n, articles)
		if err != nil {
			return nil, err
		}
		for _, v := range before {
			if v.Rule == "" || v.Rule == newsletter.RuleHidden || v.Rule == newsletter.RuleCarried {
				return nil, Unfit{v}
			}
		}
	}
	for _, a := range articles {
		if err := d.Store.TakeStance(ctx, n.Name, a, s, d.Now()); err != nil {
			return nil, during("keeping what an editor decided", n, err)
		}
	}
	return d.verdictsOn(ctx, n, articles)
}

// Drop takes back what an editor decided of articles, and returns the verdicts that they would get now.
func (d *Desk) Drop(ctx context.Context, n newsletter.Newsletter, s newsletter.Stance, articles []int64) ([]newsletter.Verdict, error) {
	for _, a := range articles {
		if err := d.Store.DropStance(ctx, n.Name, a, s); err != nil {
			return nil, err
		}
	}
	return d.verdictsOn(ctx, n, articles)
}

// verdictsOn are the verdicts that articles would get now. One that belongs to no section of the newsletter has no rule.
func (d *Desk) verdictsOn(ctx context.Context, n newsletter.Newsletter, articles []int64) ([]newsletter.Verdict, error) {
	p, err := d.foresee(ctx, n, time.Time{})
	if err != nil {
		return nil, err
	}
	found := make(map[int64]newsletter.Verdict)
	for _, v := range p.Verdicts {
		found[v.Article] = v
	}
	all := make([]newsletter.Verdict, len(articles))
	for i, id := range articles {
		all[i] = found[id]
		all[i].Article = id
	}
	return all, nil
}
