package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

type drainView struct {
	WayOut   string         `json:"way_out"`
	Followed bool           `json:"followed"` // another program sent; its progress was watched
	Sent     int            `json:"sent"`
	Deferred int            `json:"deferred"`
	Failed   int            `json:"failed"`
	Expired  int            `json:"expired"`
	Unknown  int            `json:"unknown"`
	Letters  map[string]int `json:"letters"` // by state: what is open afterwards, and what did not arrive
	Waits    []waitView     `json:"waits"`   // what is left, and what it waits for
	Next     time.Time      `json:"next_due,omitzero"`

	zone *time.Location
}

func (s *shell) outboxDrain() *cobra.Command {
	return &cobra.Command{
		Use: "drain", Short: "Send until nothing is due",
		Long: `Send until nothing is due, and exit. Beside a running serve it sends nothing itself and follows that one's progress,
as long as something leaves within a quarter of an hour. It says what is left, until when it waits, and why.

A letter that the server puts off is tried again later: by a running serve, or the next drain. The exit code is
0 when all that was due got through, 3 when some letters did not, 75 when the relay could not be reached at all, 130
when a signal stopped it before the end: what is on the wire is finished first, and what is left stays in the outbox.`,
		Example: "  facteur outbox drain\n  facteur outbox drain --verbose      # with a line for every letter",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				return s.drain(cmd.Context(), a)
			})
		},
	}
}

func (s *shell) drain(ctx context.Context, a *app.App) error {
	out, err := wayOut(a.Config)
	if err != nil {
		return err
	}
	line := s.progress()
	zone := a.Newsletters[0].Zone
	drained, err := a.Drain(ctx, func(d app.Drained) { line.bar(underway(d, zone)) })
	line.end()
	if err != nil {
		return drainError(err, drained.Tally)
	}
	stopped := ctx.Err()
	v := drainView{
		WayOut: out, Followed: drained.Followed, Sent: drained.Sent, Deferred: drained.Deferred, Failed: drained.Failed,
		Expired: drained.Expired, Unknown: drained.Unknown, Letters: named(drained.Letters), Waits: viewWaits(drained.Outlook, zone), zone: zone,
	}
	if v.Next, err = nextDue(context.WithoutCancel(ctx), a, s.Now()); err != nil {
		return err
	}
	if err := s.show(v, func(p *page) { p.drained(v) }); err != nil {
		return err
	}
	if stopped != nil {
		return stopped
	}
	return partly(v)
}

// drainError says how many letters left before sending came to an end.
func drainError(err error, t outbox.Tally) error {
	if t.Sent == 0 {
		return err
	}
	told := *tell(err)
	told.what, told.cause = fmt.Sprintf("%s (%s had left before)", told.what, letters(t.Sent)), err
	return &told
}

func (p *page) drained(v drainView) {
	switch {
	case v.Followed:
		p.say("Another program is sending: %s left while it was watched, %s.", letters(v.Sent), v.WayOut)
	case v.Sent+v.Deferred+v.Failed+v.Expired+v.Unknown == 0:
		p.say("Nothing was due.")
	default:
		p.say("%s sent %s.", letters(v.Sent), v.WayOut)
	}
	if n := v.Failed + v.Expired; n > 0 {
		p.say("%s failed.", letters(n))
	}
	p.putOff(v)
	for _, w := range v.Waits {
		if w.Why != app.WhyPutOff {
			p.say("%s", w.sentence(v.zone))
		}
	}
	if n := v.Letters[string(newsletter.Unknown)]; n > 0 {
		p.say("%s of unknown fate: facteur edition show EDITION tells of each", letters(n))
	}
}

// putOff says in one sentence how many letters are tried again, of all editions together.
func (p *page) putOff(v drainView) {
	n, from := 0, time.Time{}
	for _, w := range v.Waits {
		if w.Why == app.WhyPutOff {
			n += w.Letters
			if from.IsZero() || w.Until.Before(from) {
				from = w.Until
			}
		}
	}
	if n > 0 {
		p.say("%s put off, to be tried again from %s.", letters(n), stamp(from, v.zone))
	}
}

// sentence says what letters that are left wait for.
func (w waitView) sentence(zone *time.Location) string {
	what, wait := letters(w.Letters), "wait"
	if w.Letters == 1 {
		wait = "waits"
	}
	if w.Edition != "" {
		what += " of " + w.Edition
	}
	until := ""
	if !w.Until.IsZero() {
		until = " until " + stamp(w.Until, zone)
	}
	switch w.Why {
	case app.WhyFirst:
		return fmt.Sprintf("%s %s%s: its first letters go ahead.", what, wait, until)
	case app.WhyAlone:
		return fmt.Sprintf("%s %s%s: %s is left alone. Its server said: %s", what, wait, until, cmp.Or(w.Group, "the relay"), w.Words)
	case app.WhyDelay:
		return fmt.Sprintf("%s %s%s: signup.delay, where a form came without the work.", what, wait, until)
	case app.WhyHeld:
		why := ""
		if w.Words != "" {
			why = " (" + w.Words + ")"
		}
		return fmt.Sprintf("%s held back with the edition%s: facteur edition resume %s", what, why, w.Edition)
	}
	return what + " due by now: facteur outbox drain sends them."
}

// underway is how far a sender has come, for the line on the screen.
func underway(d app.Drained, zone *time.Location) headway {
	done := d.Sent + d.Failed + d.Expired
	h := headway{done: int64(done), whole: int64(done + leaving(d.Outlook)), n: d.Sent, what: "sent", least: d.AtLeast}
	var besides []string
	for _, some := range []struct {
		n    int
		what string
	}{{d.Failed + d.Expired, "failed"}, {d.Deferred + d.Unknown, "put off"}} {
		if some.n > 0 {
			besides = append(besides, fmt.Sprintf("%d %s", some.n, some.what))
		}
	}
	h.besides = strings.Join(besides, ", ")
	h.waits = standstill(d.Outlook, zone)
	return h
}

// leaving is how many letters are on their way out: not those that are held, were put off or are delayed.
func leaving(o app.Outlook) int {
	n := o.Letters[newsletter.Attempting]
	for _, w := range o.Waits {
		if w.Why != app.WhyHeld && w.Why != app.WhyPutOff && w.Why != app.WhyDelay {
			n += w.Letters
		}
	}
	return n
}

// standstill says what the rest waits for; empty: for nothing but its turn.
func standstill(o app.Outlook, zone *time.Location) string {
	var says string
	due := 0
	for _, w := range o.Waits {
		until := w.Until.In(zone).Format("15:04")
		switch {
		case w.Why == app.WhyDue:
			due += w.Letters
		case w.Why == app.WhyFirst && w.Until.IsZero():
			says = "first letters go ahead"
		case w.Why == app.WhyFirst:
			says = "rest waits until " + until
		case w.Why == app.WhyAlone:
			says = fmt.Sprintf("%s waits until %s", cmp.Or(w.Group, "the relay"), until)
		}
	}
	if due > 0 { // the rest waits no longer than these take, or the next look will say so
		return ""
	}
	return says
}

// partly is the error of letters that this run could not bring through.
func partly(v drainView) error {
	n := v.Failed + v.Expired
	if v.Deferred > 0 || v.Unknown > 0 {
		n += v.Letters[string(newsletter.Deferred)] + min(v.Unknown, v.Letters[string(newsletter.Unknown)])
	}
	if n == 0 {
		return nil
	}
	return &answer{code: Partly, what: letters(n) + " did not get through", do: "facteur edition show EDITION gives the server's own words"}
}
