package digest

import (
	"cmp"
	"context"
	"strings"
	"time"

	"facteur/internal/newsletter"
)

// A Turn is a slot that is to come, of a newsletter or one of its sisters.
type Turn struct {
	Newsletter newsletter.Newsletter
	Slot       newsletter.Slot
	Due        time.Time
}

// A Coming is what a slot that is to come would bring, as far as that is known now.
type Coming struct {
	Turn
	Number   int    // of its edition; 0: none would leave
	Subject  string // of that
	Articles int    // in it
	Reason   string // why none would leave; empty otherwise
}

// Ref names the edition, where one would leave.
func (c Coming) Ref() newsletter.EditionRef {
	return newsletter.EditionRef{Newsletter: c.Newsletter.Name, Number: c.Number}
}

// mostAhead is how many slots are decided ahead at most.
const mostAhead = 100

// ahead decides the slots between now and an instant at which a newsletter is judged, those of its sisters among them, and has it know what they bring.
// more: there are others, which are not decided.
func (d *Desk) ahead(ctx context.Context, own *prospect, now, at time.Time) (coming []Coming, more bool, err error) {
	if d.Turns == nil || !at.After(now) {
		return nil, false, nil
	}
	turns, more := d.Turns(own.newsletter, now, at, mostAhead)
	family := map[string]*prospect{own.newsletter.Name: own}
	for _, t := range turns {
		if family[t.Newsletter.Name] != nil {
			continue
		}
		if family[t.Newsletter.Name], err = d.prospect(ctx, t.Newsletter, now, now); err != nil {
			return nil, false, err
		}
	}
	for _, t := range turns {
		c, err := d.decideAhead(ctx, family, t, coming)
		if err != nil {
			return nil, false, err
		}
		coming = append(coming, c)
	}
	return coming, more, nil
}

// decideAhead decides a slot that is to come behind others, and has the family know what it brings.
func (d *Desk) decideAhead(ctx context.Context, family map[string]*prospect, t Turn, before []Coming) (Coming, error) {
	p, c := family[t.Newsletter.Name], Coming{Turn: t}
	choice := p.peek(t.Due)
	if choice.Empty() {
		c.Reason = cmp.Or(strings.Join(tooFew(choice.Verdicts), "; "), "nothing is new then")
		return c, nil
	}
	var err error
	if c.Subject, err = d.subject(ctx, p.newsletter, choice.Lead.Title, choice.Lead.Language, p.number, subjects(before)...); err != nil {
		return c, err
	}
	c.Number, c.Articles = p.number, len(choice.stories())
	p.number++
	for _, one := range family {
		one.learn(choice, c.Ref())
	}
	return c, nil
}

// subjects are those of editions that are to come.
func subjects(coming []Coming) (all []string) {
	for _, c := range coming {
		if c.Subject != "" {
			all = append(all, c.Subject)
		}
	}
	return all
}

// A prospect is a newsletter as it stands before a slot that is to come, if nothing happens until then but the slots before that. All articles are here
// already, so that none is measured by when a slot or an edition that is to come would be the first.
type prospect struct {
	newsletter newsletter.Newsletter
	waiting    Waiting
	candidates []newsletter.Candidate
	begun      Beginning
	first      int    // the number that its next edition takes now
	number     int    // and then
	aside      []bool // candidates that no slot to come brings
}

// prospect reads how a newsletter stands now; rows that wait in the inbox count as collected. What of it comes back is known from an instant on.
func (d *Desk) prospect(ctx context.Context, n newsletter.Newsletter, now, from time.Time) (*prospect, error) {
	p := &prospect{newsletter: n}
	var err error
	if p.waiting, err = d.Collector.Waiting(ctx, now, n.Name, n.Sisters...); err != nil {
		return nil, err
	}
	candidates := p.waiting.Candidates
	if candidates == nil {
		if candidates, err = d.candidates(ctx, n); err != nil {
			return nil, err
		}
	}
	p.candidates = foreseen(candidates, p.waiting.Rows)
	if err := d.findUpdates(ctx, n, p.candidates, from); err != nil {
		return nil, err
	}
	if p.begun, err = d.begun(ctx, n); err != nil {
		return nil, err
	}
	if p.first, err = d.Store.NextNumber(ctx, n.Name); err != nil {
		return nil, during("reading the next number", n, err)
	}
	p.number, p.aside = p.first, make([]bool, len(p.candidates))
	return p, nil
}

// choose judges the newsletter as of an instant, and leaves of what was decided by hand what counts.
func (p *prospect) choose(at time.Time) Choice {
	for i := range p.candidates {
		if c := &p.candidates[i]; c.Fresh > 0 && older(c.Changed, at, p.newsletter.Horizon) {
			c.Fresh = 0
		}
	}
	return judged(p.newsletter, p.candidates, at, p.begun)
}

// peek is choose at a slot that is to come, and leaves all as it is. Candidates that stay out from then on, whatever comes, and are no story with others it
// lays aside: nearly all, where there are many.
func (p *prospect) peek(at time.Time) Choice {
	j, led := newJudge(p.newsletter, at, p.begun), make(map[int64]bool)
	for _, c := range p.candidates {
		led[c.Leader] = true
	}
	other := *p
	other.candidates = nil
	for i, c := range p.candidates {
		if p.aside[i] {
			continue
		}
		if rule := j.verdict(c).Rule; rule != "" && rule != newsletter.RuleFuture && c.Leader == 0 && !led[c.Article] {
			p.aside[i] = true
			continue
		}
		other.candidates = append(other.candidates, c)
	}
	return other.choose(at)
}

// learn has the newsletter know what an edition brings, as the store has it once that is published: what is recalled stays that of the sister who brought it,
// and what wanted an article in that the newsletter's own edition brings, or one of its story, is over. Of what was brought no text is new.
func (p *prospect) learn(choice Choice, by newsletter.EditionRef) {
	recalled := make(map[int64]bool) // what is brought, by article
	for _, v := range choice.Verdicts {
		if v.Rule.In() {
			recalled[v.Article] = v.Rule == newsletter.RuleRecalled
		}
	}
	own, over := by.Newsletter == p.newsletter.Name, make(map[int64]bool)
	for i := range p.candidates {
		c := &p.candidates[i]
		recall, brought := recalled[c.Article]
		if !brought {
			continue
		}
		switch {
		case own:
			c.CarriedBy, c.Fresh = by.Number, 0
			over[storyOf(*c)] = true
		case !recall:
			c.Sister, c.Fresh = by, 0
		}
	}
	for i := range p.candidates {
		if c := &p.candidates[i]; c.Stance.In() && over[storyOf(*c)] {
			c.Stance, c.Stood = "", 0
		}
	}
}
