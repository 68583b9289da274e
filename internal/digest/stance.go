package digest

import (
	"context"
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

// Unfit is an article that no edition can bring, so that it is in vain to want it in. Its verdict says why, and has no rule where the newsletter
// has no section for it.
type Unfit struct {
	newsletter.Verdict
	By    newsletter.EditionRef // of one that is the same story as another, the edition that brought that; zero: not known
	Comes bool                  // the other may still come, and would be wanted in in its place
}

func (u Unfit) Error() string {
	if u.Rule == "" {
		return fmt.Sprintf("article %d belongs to no section of the newsletter", u.Article)
	}
	return fmt.Sprintf("article %d is out by the rule %s", u.Article, u.Rule)
}

// Take keeps what an editor decided of articles by hand, and returns the verdicts that they would get now. [Unfit] keeps all of them from it.
func (d *Desk) Take(ctx context.Context, n newsletter.Newsletter, s newsletter.Stance, articles []int64) ([]newsletter.Verdict, error) {
	if s.In() {
		if err := d.fit(ctx, n, articles); err != nil {
			return nil, err
		}
	}
	if err := d.Store.TakeStance(ctx, n.Name, articles, s, d.Now()); err != nil {
		return nil, during("keeping what an editor decided", n, err)
	}
	return d.verdictsOn(ctx, n, articles)
}

// Drop takes back what an editor decided of articles, of all or of none, and returns the verdicts that they would get now.
func (d *Desk) Drop(ctx context.Context, n newsletter.Newsletter, s newsletter.Stance, articles []int64) ([]newsletter.Verdict, error) {
	if err := d.Store.DropStance(ctx, n.Name, articles, s); err != nil {
		return nil, err
	}
	return d.verdictsOn(ctx, n, articles)
}

// ofStories has of a story that count which was decided last, whichever of its articles it was decided of: one that is excluded keeps all of them
// out, and beside one that is wanted in no other is.
func ofStories(candidates []newsletter.Candidate) []newsletter.Candidate {
	last := make(map[int64]newsletter.Candidate)
	for _, c := range candidates {
		if c.Stance != "" && (last[storyOf(c)].Stance == "" || c.Stood > last[storyOf(c)].Stood) {
			last[storyOf(c)] = c
		}
	}
	for i := range candidates {
		c := &candidates[i]
		switch l := last[storyOf(*c)]; {
		case l.Stance == newsletter.StanceExcluded:
			c.Stance, c.Stood = l.Stance, l.Stood
		case c.Article != l.Article:
			c.Stance, c.Stood = "", 0
		}
	}
	return candidates
}

// fit looks for an article that no edition can bring.
func (d *Desk) fit(ctx context.Context, n newsletter.Newsletter, articles []int64) error {
	verdicts, err := d.verdictsNow(ctx, n)
	if err != nil {
		return err
	}
	for _, id := range articles {
		v := verdicts[id]
		v.Article = id
		switch v.Rule {
		case "", newsletter.RuleHidden, newsletter.RuleCarried:
			return Unfit{Verdict: v}
		case newsletter.RuleDuplicate:
			if o, judged := verdicts[v.Original]; !judged || carried(o.Candidate) {
				return Unfit{Verdict: v, By: carriedBy(n, o.Candidate), Comes: judged && o.Rule != newsletter.RuleCarried}
			}
		}
	}
	return nil
}

// carriedBy is the edition of the family that brought a candidate, the newsletter's own before that of a sister; zero where none did.
func carriedBy(n newsletter.Newsletter, c newsletter.Candidate) newsletter.EditionRef {
	if c.CarriedBy > 0 {
		return newsletter.EditionRef{Newsletter: n.Name, Number: c.CarriedBy}
	}
	return c.Sister
}

// verdictsOn are the verdicts that articles would get now, without those that belong to no section of the newsletter.
func (d *Desk) verdictsOn(ctx context.Context, n newsletter.Newsletter, articles []int64) (on []newsletter.Verdict, err error) {
	verdicts, err := d.verdictsNow(ctx, n)
	for _, id := range articles {
		if v, judged := verdicts[id]; judged {
			on = append(on, v)
		}
	}
	return on, err
}

func (d *Desk) verdictsNow(ctx context.Context, n newsletter.Newsletter) (map[int64]newsletter.Verdict, error) {
	p, err := d.foresee(ctx, n, time.Time{})
	found := make(map[int64]newsletter.Verdict, len(p.Verdicts))
	for _, v := range p.Verdicts {
		found[v.Article] = v
	}
	return found, err
}
