package digest

import (
	"context"
	"errors"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

// A Result is what publishing by hand brought.
type Result struct {
	Slot    newsletter.Slot
	Choice  Choice
	Edition newsletter.Edition // zero when nothing was published
	Reason  string             // why nothing was published; empty otherwise

	Warnings []preflight.Finding // about what was published
	Refused  []string            // rows of the inbox that were collected with it and are no articles, and why
}

// Published reports that there is an edition.
func (r Result) Published() bool { return r.Reason == "" }

// tries is how often publishing starts again because another process was faster.
const tries = 5

// Publish collects what waits and publishes an extra slot, named by the minute and a counter. When nothing is new it
// says so and records nothing. [Blocked] keeps it from being published, and records nothing either.
func (d *Desk) Publish(ctx context.Context, n newsletter.Newsletter) (Result, error) {
	refused, err := d.Collector.Collect(ctx)
	if err != nil {
		return Result{}, err
	}
	var lost error
	for range tries {
		now := d.Now()
		minute := newsletter.SlotAt(now.In(zone(n)))
		used, err := d.Store.ExtraSlots(ctx, n.Name, minute)
		if err != nil {
			return Result{}, during("reading the extra slots", n, err)
		}
		r, err := d.publish(ctx, n, issue{slot: minute.WithExtra(used + 1), date: now.Truncate(time.Minute), now: now})
		if !errors.Is(err, newsletter.ErrExists) {
			r.Refused = refused
			return r, err
		}
		lost = err
	}
	return Result{}, lost
}

// An issue is an edition about to be made: for which slot, which date it bears, and the instant at which it is judged
// and approved.
type issue struct {
	slot   newsletter.Slot
	date   time.Time
	now    time.Time
	notice *newsletter.Notice
}

// publish chooses, drafts and freezes an edition, or says why there is none. ErrExists means that another process
// decided the slot or took the number meanwhile.
func (d *Desk) publish(ctx context.Context, n newsletter.Newsletter, i issue) (Result, error) {
	number, err := d.Store.NextNumber(ctx, n.Name)
	if err != nil {
		return Result{}, during("reading the next number", n, err)
	}
	sisters, err := d.sisters(ctx, n)
	if err != nil {
		return Result{}, err
	}
	candidates, err := d.candidates(ctx, n)
	if err != nil {
		return Result{}, err
	}
	choice, err := d.choose(ctx, n, i.now, candidates)
	if err != nil {
		return Result{}, err
	}
	r := Result{Slot: i.slot, Choice: choice}
	if choice.Empty() {
		r.Reason = emptyReason(choice)
		return r, nil
	}
	content, err := d.content(ctx, n, choice, number, i.date)
	if err != nil {
		return Result{}, err
	}
	rendering, findings, err := d.compose(ctx, n, content, nil)
	if err != nil {
		return Result{}, err
	}
	if blocking := preflight.Blocking(findings); len(blocking) > 0 {
		return Result{}, Blocked(blocking)
	}
	r.Warnings = preflight.Warnings(findings)
	content.Beyond = rendering.Beyond
	if content.Beyond > 0 && i.notice == nil {
		i.notice = cutNotice(d.Operator, n, content)
	}
	if missing := ofRule(r.Warnings, preflight.PictureMissing); len(missing) > 0 {
		i.notice = joined(i.notice, pictureNotice(d.Operator, n, content, missing))
	}
	r.Edition, err = d.Store.Publish(ctx, Publication{
		Newsletter: n.Name, Slot: i.slot, Number: number, Sisters: sisters, Content: content, Verdicts: choice.Verdicts,
		Letterhead: n.Letterhead(d.WebURL), Variants: rendering.variants(content.Subject), KeyID: d.KeyID(), Approved: i.now, Notice: i.notice,
	})
	if err != nil {
		return Result{}, during("publishing slot "+string(i.slot), n, err)
	}
	return r, nil
}

// sisters reads the next number of each, so that none brings what is chosen between the choice and its publishing.
func (d *Desk) sisters(ctx context.Context, n newsletter.Newsletter) (map[string]int, error) {
	next := make(map[string]int, len(n.Sisters))
	for _, name := range n.Sisters {
		number, err := d.Store.NextNumber(ctx, name)
		if err != nil {
			return nil, during("reading the next number of "+name+", a sister", n, err)
		}
		next[name] = number
	}
	return next, nil
}

// Keys of variants.
const (
	fullVariant = "full" // for readers who take every section
	pageVariant = "page" // for the archive, where the letter was cut
)

func (r Rendering) variants(subject string) []newsletter.Variant {
	r.Letter.Key, r.Page.Key = fullVariant, pageVariant
	all := []newsletter.Variant{r.Letter}
	if r.Beyond > 0 {
		all = append(all, r.Page)
	}
	for i := range all {
		all[i].Kind, all[i].Subject = newsletter.KindEdition, subject
	}
	return all
}

// compose renders an edition's letter and looks at it; see Known.
func (d *Desk) compose(ctx context.Context, n newsletter.Newsletter, c newsletter.Content, met map[string]preflight.Failure) (Rendering, []preflight.Finding, error) {
	r, err := d.Renderer.Render(n, c)
	if err != nil {
		return r, nil, during("rendering the edition", n, err)
	}
	c.Beyond = r.Beyond
	known, err := d.Known(ctx, n.Name, c, met)
	if err != nil {
		return r, nil, during("asking what is known", n, err)
	}
	findings, err := d.Inspector.Inspect(n, r.variants(c.Subject)[0], known)
	if err != nil {
		return r, nil, during("looking at the edition", n, err)
	}
	return r, findings, nil
}
