package digest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

// Notices answer an operator in two lines, what happened and what to do, before anything else.

func notice(to, subject string, lines ...string) *newsletter.Notice {
	if to == "" {
		return nil
	}
	return &newsletter.Notice{To: to, Subject: subject, Text: strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"}
}

func skippedNotice(to string, n newsletter.Newsletter, slot newsletter.Slot, reason string, c *Choice, past []newsletter.Candidate) *newsletter.Notice {
	return notice(to, fmt.Sprintf("%s: no edition in slot %s", n.Name, slot),
		fmt.Sprintf("No edition of %s left in its slot %s: %s.", n.Name, slot, reason),
		cure(n, c, past),
		"", explained(n, slot, c),
	)
}

// cure says what becomes of what a slot did not bring, and by what it leaves before the next slot, where it can. No choice: nobody looked at articles.
func cure(n newsletter.Newsletter, c *Choice, past []newsletter.Candidate) string {
	again, publish := offeredAgain(n, "in the next slot", past), n.Command("digest publish")
	if c == nil {
		return again + " To publish now: " + publish
	}
	said := "Nothing needs to be done: what arrives until then is offered in the next slot."
	short := shortfalls(c.Verdicts)
	if short != nil {
		said = again + " To publish now: " + lowering(n, short) + ", then: " + publish + "."
	}
	if c.Count(newsletter.RuleTooOld) > 0 && (short == nil || short[0].Whole) {
		said += " An article that is too old comes once it is pinned: " + n.Command("article pin ID")
	}
	return said
}

// lowering says which minimum keeps articles back that would else leave, and what besides a lower one lets them.
func lowering(n newsletter.Newsletter, short []newsletter.Verdict) string {
	whole := fmt.Sprintf("lower newsletters.%s.minimum", n.Name)
	if short[0].Whole {
		return fmt.Sprintf("%s to %d", whole, short[0].Had)
	}
	var sections []string
	had := 0
	for _, v := range short {
		sections = append(sections, v.Place)
		had += v.Had
	}
	of := "the minimum of " + strings.Join(sections, " and ")
	if had < n.Minimum {
		return fmt.Sprintf("%s to %d, and %s", whole, had, of)
	}
	which := "one of its articles"
	if len(sections) > 1 {
		which = "an article of each"
	}
	return fmt.Sprintf("lower %s, or pin %s (%s)", of, which, n.Command("article pin ID"))
}

func lateNotice(to string, n newsletter.Newsletter, s ScheduledSlot, late time.Duration) *newsletter.Notice {
	return notice(to, fmt.Sprintf("%s: slot %s is published late", n.Name, s.Slot),
		fmt.Sprintf("The edition of %s due in slot %s was published %s late.", n.Name, s.Slot, span(late)),
		fmt.Sprintf("Nothing needs to be done. A slot that is missed is made up for within %s; late = \"skip\" would leave it out.", span(n.LateWindow)),
		"", explainWith(n, s.Slot),
	)
}

func cutNotice(to string, n newsletter.Newsletter, c newsletter.Content) *newsletter.Notice {
	return notice(to, fmt.Sprintf("%s: edition n° %d was too long for a letter", n.Name, c.Number),
		fmt.Sprintf("The letter of %s/%d has %d of %s; the rest stands on its page, and the letter says so.",
			n.Name, c.Number, len(c.Stories())-c.Beyond, articles(len(c.Stories()))),
		"Nothing needs to be done. Mail programs cut off letters that are longer; lower quotas or shorter summaries bring it back below.",
	)
}

func pictureNotice(to string, n newsletter.Newsletter, c newsletter.Content, missing []preflight.Finding) *newsletter.Notice {
	lines := []string{
		fmt.Sprintf("The letter of %s/%d is published, and one picture is not in it.", n.Name, c.Number),
		"Nothing needs to be done: the letter is whole without it, and does not change any more. For the next one:",
	}
	for _, f := range missing {
		lines = append(lines, "", f.What, "  where: "+f.Place.String(), "  cure: "+f.Cure)
	}
	return notice(to, fmt.Sprintf("%s: edition n° %d leaves without its picture", n.Name, c.Number), lines...)
}

// joined makes one notice of two, since an edition sends one; any may be nil.
func joined(first, second *newsletter.Notice) *newsletter.Notice {
	if first == nil || second == nil {
		return cmp.Or(first, second)
	}
	both := *first
	both.Text += "\n" + second.Text
	return &both
}

// ofRule are the findings of one rule.
func ofRule(all []preflight.Finding, rule string) []preflight.Finding {
	return slices.DeleteFunc(slices.Clone(all), func(f preflight.Finding) bool { return f.Rule != rule })
}

func failedNotice(to string, n newsletter.Newsletter, s ScheduledSlot, cause error) *newsletter.Notice {
	until := newsletter.Clock(s.Due.Add(allowed(n)), zone(n))
	if blocked, ok := errors.AsType[Blocked](cause); ok {
		return notice(to, fmt.Sprintf("%s: slot %s is held back", n.Name, s.Slot),
			fmt.Sprintf("The edition of %s due in slot %s did not leave: %s.", n.Name, s.Slot, blocked.count()),
			fmt.Sprintf("Mend it: the slot is tried again each minute until %s, then it is skipped; after that, %s. What is left to mend: %s",
				until, n.Command("digest publish"), n.Command("preflight")),
			"", blocked.list(),
		)
	}
	return notice(to, fmt.Sprintf("%s: slot %s failed", n.Name, s.Slot),
		fmt.Sprintf("Slot %s of %s could not be decided: %v.", s.Slot, n.Name, cause),
		fmt.Sprintf("Mend the cause: the slot is tried again until %s, then it is skipped. A notice says so.",
			until),
	)
}

func missedNotice(to string, n newsletter.Newsletter, earlier []ScheduledSlot, latest ScheduledSlot, lost bool, past []newsletter.Candidate) *newsletter.Notice {
	missed := fmt.Sprintf("Slot %s of %s was missed", earlier[0].Slot, n.Name)
	if len(earlier) > 1 {
		missed = fmt.Sprintf("%d slots of %s were missed, from %s to %s", len(earlier), n.Name, earlier[0].Slot, earlier[len(earlier)-1].Slot)
	}
	where := fmt.Sprintf("in slot %s, the one that counts", latest.Slot)
	if lost {
		where = "in the next slot; another notice tells of " + string(latest.Slot)
	}
	return notice(to, fmt.Sprintf("%s: slots were missed while the program was off", n.Name),
		missed+": the program was off.",
		offeredAgain(n, where, past),
	)
}

// offeredAgain says what becomes of what a slot did not bring: it comes again, but for what is past the horizon by then.
func offeredAgain(n newsletter.Newsletter, where string, past []newsletter.Candidate) string {
	if len(past) == 0 {
		return fmt.Sprintf("Nothing was lost: what is new is offered again %s.", where)
	}
	const most = 3
	var named []string
	for _, c := range past[:min(len(past), most)] {
		named = append(named, fmt.Sprintf("%d “%s”", c.Article, c.Title))
	}
	if more := len(past) - most; more > 0 {
		named = append(named, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("What is new is offered again %s. Too old by then, so that it does not come unless you pin it (%s): %s.",
		where, n.Command("article pin ID"), strings.Join(named, ", "))
}

func explainWith(n newsletter.Newsletter, slot newsletter.Slot) string {
	return "Why each article is in or out: " + n.Command("digest why --at "+string(slot))
}

// explained says how articles were judged, and how many got each rule; nothing where none was looked at.
func explained(n newsletter.Newsletter, slot newsletter.Slot, c *Choice) string {
	if c == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(explainWith(n, slot) + "\n")
	for _, rule := range newsletter.Rules() {
		if count := c.Count(rule); count > 0 {
			fmt.Fprintf(&b, "  %-14s %d\n", rule, count)
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// emptyReason says why a choice carries nothing.
func emptyReason(c Choice) string {
	if few := tooFew(c.Verdicts); few != nil {
		return "too little is new: " + strings.Join(few, "; ")
	}
	if len(c.Verdicts) == 0 {
		return "nothing is new: there is no article in its sections"
	}
	var parts []string
	for _, rule := range newsletter.Rules() {
		if count := c.Count(rule); count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count, rule))
		}
	}
	return "nothing is new: " + articles(len(c.Verdicts)) + " judged, " + strings.Join(parts, ", ")
}

// tooFew says what there was too little of: for the edition, and for each section.
func tooFew(verdicts []newsletter.Verdict) (said []string) {
	for _, v := range shortfalls(verdicts) {
		if v.Whole {
			said = append(said, fmt.Sprintf("%s, and an edition needs at least %d", articles(v.Had), v.Takes))
		} else {
			said = append(said, fmt.Sprintf("%s in %s, which needs at least %d", articles(v.Had), v.Place, v.Takes))
		}
	}
	return said
}

// shortfalls are one verdict for each minimum that was not reached, that of the edition first.
func shortfalls(verdicts []newsletter.Verdict) (short []newsletter.Verdict) {
	for _, v := range verdicts {
		same := func(of newsletter.Verdict) bool { return of.Whole == v.Whole && (v.Whole || of.Place == v.Place) }
		switch {
		case v.Rule != newsletter.RuleBelowMinimum || slices.ContainsFunc(short, same):
		case v.Whole:
			short = slices.Insert(short, 0, v)
		default:
			short = append(short, v)
		}
	}
	return short
}

// tooLate says why a slot is not decided any more.
func tooLate(n newsletter.Newsletter, late time.Duration, before newsletter.SlotRecord) string {
	if before.State == newsletter.SlotFailed {
		return "it failed until it was too late: " + before.Reason
	}
	if n.Late == newsletter.LateSend {
		return fmt.Sprintf("missed: the program was off, and %s late is more than the %s that are made up for", span(late), span(n.LateWindow))
	}
	return fmt.Sprintf("missed: the program was off, and a slot that is %s late is left out", span(late))
}

func articles(n int) string {
	if n == 1 {
		return "1 article"
	}
	return fmt.Sprintf("%d articles", n)
}

// span writes a duration as people read it, to the minute.
func span(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	days, hours, minutes := minutes/(24*60), minutes/60%24, minutes%60
	var parts []string
	for _, p := range []struct {
		count int
		unit  string
	}{{days, "d"}, {hours, "h"}, {minutes, "min"}} {
		if p.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.count, p.unit))
		}
	}
	if parts == nil {
		return "0 min"
	}
	return strings.Join(parts, " ")
}
