package digest

import (
	"context"
	"fmt"
	"maps"
	"slices"
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

// Taken is what became of a decision by hand.
type Taken struct {
	Verdicts []newsletter.Verdict // that the articles would get now
	Led      int64                // the article that was to lead and is not any more, since something else was decided; 0: there is none
}

// Take keeps what an editor decided of articles by hand. [Unfit] keeps all of them from it.
func (d *Desk) Take(ctx context.Context, n newsletter.Newsletter, s newsletter.Stance, articles []int64) (taken Taken, err error) {
	before, err := d.verdictsBefore(ctx, n, s)
	if err != nil {
		return taken, err
	}
	if s.In() {
		if err := d.fit(ctx, n, before, articles); err != nil {
			return taken, err
		}
	}
	if err := d.Store.TakeStance(ctx, n.Name, articles, s, d.Now()); err != nil {
		return taken, during("keeping what an editor decided", n, err)
	}
	after, err := d.verdictsNow(ctx, n)
	if err != nil {
		return taken, err
	}
	if led := toLead(before); led != toLead(after) {
		taken.Led = led
	}
	taken.Verdicts = pick(after, articles)
	return taken, nil
}

// verdictsBefore tell whether articles can be wanted in, and which is to lead. None are needed, and the many articles not judged, where an article is
// kept out and none is to lead.
func (d *Desk) verdictsBefore(ctx context.Context, n newsletter.Newsletter, s newsletter.Stance) (map[int64]newsletter.Verdict, error) {
	stands, err := d.Store.Stands(ctx, 0)
	if err != nil {
		return nil, during("reading what was decided by hand", n, err)
	}
	leads := func(one newsletter.Stand) bool {
		return one.Newsletter == n.Name && one.Stance == newsletter.StanceLead
	}
	if !s.In() && !slices.ContainsFunc(stands, leads) {
		return nil, nil
	}
	return d.verdictsNow(ctx, n)
}

// toLead is the article that an editor wants to lead, 0 for none.
func toLead(verdicts map[int64]newsletter.Verdict) int64 {
	for id, v := range verdicts {
		if v.Stance == newsletter.StanceLead {
			return id
		}
	}
	return 0
}

// Drop takes back what an editor decided of articles, of all or of none, and returns the verdicts that they would get now.
func (d *Desk) Drop(ctx context.Context, n newsletter.Newsletter, s newsletter.Stance, articles []int64) ([]newsletter.Verdict, error) {
	if err := d.Store.DropStance(ctx, n.Name, articles, s); err != nil {
		return nil, err
	}
	return d.VerdictsOn(ctx, n, articles)
}

// ofStories has of a story that count which was decided last, whichever of its articles it was decided of: one that is excluded keeps all of them
// out, and beside one that is wanted in no other is. Where that one cannot go, the one is wanted in that goes in its place.
func ofStories(candidates []newsletter.Candidate, j *judge) {
	last := make(map[int64]newsletter.Candidate)
	for _, c := range candidates {
		if c.Stance != "" && (last[storyOf(c)].Stance == "" || c.Stood > last[storyOf(c)].Stood) {
			last[storyOf(c)] = c
		}
	}
	without := make(map[int64]bool)
	for story, l := range last {
		if l.Stance.In() && !j.able(l) {
			without[story] = true
		}
	}
	for story, id := range inPlace(candidates, without, j) {
		l := last[story]
		l.Article = id
		last[story] = l
	}
	for i := range candidates {
		c := &candidates[i]
		switch l := last[storyOf(*c)]; {
		case l.Stance == newsletter.StanceExcluded, l.Stance != "" && c.Article == l.Article:
			c.Stance, c.Stood = l.Stance, l.Stood
		default:
			c.Stance, c.Stood = "", 0
		}
	}
}

// inPlace are the articles that stand for stories whatever was decided of them by hand; of those of which none can there is none.
func inPlace(candidates []newsletter.Candidate, stories map[int64]bool, j *judge) map[int64]int64 {
	if len(stories) == 0 {
		return nil
	}
	members := make(map[int64][]newsletter.Candidate)
	for _, c := range candidates {
		if stories[storyOf(c)] {
			c.Stance, c.Stood = "", 0
			members[storyOf(c)] = append(members[storyOf(c)], c)
		}
	}
	found := make(map[int64]int64)
	for id, all := range members {
		if s := newStory(all, j); s != nil {
			found[id] = s.stands()
		}
	}
	return found
}

// Stands lists what editors decided by hand, by newsletter and in that order. What wants an article in that cannot go counts for the one that goes in
// its place, in these newsletters; 0: for none.
func (d *Desk) Stands(ctx context.Context, newsletters ...newsletter.Newsletter) ([]newsletter.Stand, error) {
	stands, err := d.Store.Stands(ctx, 0)
	if err != nil {
		return nil, err
	}
	for _, n := range newsletters {
		wanted := make(map[int64]int64) // for which article it counts what wants one in
		for _, one := range stands {
			if one.Newsletter == n.Name && one.Stance.In() {
				wanted[one.For] = one.For
			}
		}
		if err := d.replace(ctx, n, wanted); err != nil {
			return nil, err
		}
		for i, one := range stands {
			if one.Newsletter == n.Name && one.Stance.In() {
				stands[i].For = wanted[one.For]
			}
		}
	}
	return stands, nil
}

// replace puts in place of articles that cannot go those that do.
func (d *Desk) replace(ctx context.Context, n newsletter.Newsletter, wanted map[int64]int64) error {
	articles, err := d.Store.Articles(ctx, slices.Sorted(maps.Keys(wanted)))
	if err != nil {
		return during("reading the articles that are wanted", n, err)
	}
	if !slices.ContainsFunc(articles, func(a newsletter.Article) bool {
		_, listed := n.Place(newsletter.Candidate{Section: a.Section})
		return a.Hidden || !listed
	}) {
		return nil // and the many others need not be read
	}
	candidates, err := d.candidates(ctx, n)
	if err != nil {
		return err
	}
	begun, err := d.begun(ctx, n)
	if err != nil {
		return err
	}
	j, without, stories := newJudge(n, d.Now(), begun), make(map[int64]int64), make(map[int64]bool)
	for _, c := range candidates {
		if _, is := wanted[c.Article]; is && !j.able(c) {
			without[c.Article], stories[storyOf(c)] = storyOf(c), true
		}
	}
	in := inPlace(candidates, stories, j)
	for article, story := range without {
		wanted[article] = in[story]
	}
	return nil
}

// fit looks for an article that no edition can bring.
func (d *Desk) fit(ctx context.Context, n newsletter.Newsletter, verdicts map[int64]newsletter.Verdict, articles []int64) (err error) {
	for _, id := range articles {
		v, judged := verdicts[id]
		if !judged {
			if v, err = d.unlisted(ctx, n, id); err != nil {
				return err
			}
		}
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

// unlisted is the verdict on an article of no section of the newsletter: where a sister brought it, no section would have it come.
func (d *Desk) unlisted(ctx context.Context, n newsletter.Newsletter, id int64) (newsletter.Verdict, error) {
	v := newsletter.Verdict{Candidate: newsletter.Candidate{Article: id}}
	candidates, err := d.candidates(ctx, n)
	if i := slices.IndexFunc(candidates, func(c newsletter.Candidate) bool { return c.Article == id }); i >= 0 && carried(candidates[i]) {
		v.Candidate, v.Rule = candidates[i], newsletter.RuleCarried
	}
	return v, err
}

// carriedBy is the edition of the family that brought a candidate, the newsletter's own before that of a sister; zero where none did.
func carriedBy(n newsletter.Newsletter, c newsletter.Candidate) newsletter.EditionRef {
	if c.CarriedBy > 0 {
		return newsletter.EditionRef{Newsletter: n.Name, Number: c.CarriedBy}
	}
	return c.Sister
}

// VerdictsOn are the verdicts that articles would get now, without those that belong to no section of the newsletter.
func (d *Desk) VerdictsOn(ctx context.Context, n newsletter.Newsletter, articles []int64) ([]newsletter.Verdict, error) {
	verdicts, err := d.verdictsNow(ctx, n)
	return pick(verdicts, articles), err
}

// pick are the verdicts on articles, in their order.
func pick(verdicts map[int64]newsletter.Verdict, articles []int64) (on []newsletter.Verdict) {
	for _, id := range articles {
		if v, judged := verdicts[id]; judged {
			on = append(on, v)
		}
	}
	return on
}

func (d *Desk) verdictsNow(ctx context.Context, n newsletter.Newsletter) (map[int64]newsletter.Verdict, error) {
	p, err := d.foresee(ctx, n, time.Time{})
	found := make(map[int64]newsletter.Verdict, len(p.Verdicts))
	for _, v := range p.Verdicts {
		found[v.Article] = v
	}
	return found, err
}
