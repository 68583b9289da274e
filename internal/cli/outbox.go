package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

func (s *shell) outbox() *cobra.Command {
	return group("outbox", "What is still to be sent, and send it", "", s.outboxStatus(), s.outboxDrain())
}

type outboxView struct {
	WayOut  string         `json:"way_out"`
	Sending bool           `json:"sending"`
	Copy    bool           `json:"copy"`    // of another folder: nothing leaves from here until facteur claim
	Letters map[string]int `json:"letters"` // by state
	Held    int            `json:"held"`    // confirmation letters held back, in none of the states
	Next    time.Time      `json:"next_due,omitzero"`
}

func (s *shell) outboxStatus() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Count the letters by state",
		Example: "  facteur outbox status\n  facteur outbox status --json | jq .letters.queued",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				return s.status(cmd.Context(), a)
			})
		},
	}
}

func (s *shell) status(ctx context.Context, a *app.App) error {
	counts, err := a.Store.OutboxCounts(ctx)
	if err != nil {
		return err
	}
	v := outboxView{Letters: named(counts)}
	if v.Held, err = a.Store.CountHeld(ctx); err != nil {
		return err
	}
	if v.WayOut, err = wayOut(a.Config); err != nil {
		return err
	}
	if v.Sending, err = app.SenderRuns(a.Config); err != nil {
		return err
	}
	if err := a.Store.IsCopy(ctx); app.IsCopy(err) {
		v.Copy = true
	} else if err != nil {
		return err
	}
	zone := a.Newsletters[0].Zone
	if v.Next, err = nextDue(ctx, a, time.Time{}); err != nil {
		return err
	}
	return s.show(v, func(p *page) {
		open := openLetters(counts)
		switch {
		case v.Copy:
			p.say("This folder is a copy: %s to be sent, and none leaves from here. To make it the one that sends: facteur claim", letters(open))
		case open == 0:
			p.say("Nothing is to be sent.")
		case v.Sending:
			p.say("%s to be sent, and a sender is at it.", letters(open))
		default:
			p.say("%s to be sent, and nobody is sending. To send: facteur outbox drain", letters(open))
		}
		if v.Held > 0 {
			p.say("%s held back: facteur signup status tells why.", count(v.Held, "confirmation letter is", "confirmation letters are"))
		}
		p.say("Letters go %s.", v.WayOut)
		p.gap()
		var rows [][]string
		for _, state := range newsletter.DeliveryStates() {
			if n := counts[state]; n > 0 {
				rows = append(rows, []string{string(state), fmt.Sprint(n), meaning(state, stamp(v.Next, zone))})
			}
		}
		if rows != nil {
			p.list([]string{"STATE", "LETTERS", "WHICH MEANS"}, rows, "LETTERS")
		}
	})
}

// meaning says what a state is to an operator.
func meaning(state newsletter.DeliveryState, next string) string {
	switch state {
	case newsletter.Queued:
		return "not tried yet"
	case newsletter.Attempting:
		return "on the wire"
	case newsletter.Deferred:
		if next == "" {
			return "put off by the server; tried again by itself"
		}
		return "put off by the server; tried again by itself, next " + next
	case newsletter.Unknown:
		return "nobody knows whether it arrived; resend --unknown sends it again"
	case newsletter.Sent:
		return "taken over by the server"
	case newsletter.Failed:
		return "refused for good; resend --failed tries again"
	case newsletter.Expired:
		return "put off for too long; resend --failed tries again"
	case newsletter.Cancelled:
		return "not sent, and will not be; facteur explain ADDRESS tells why"
	case newsletter.Bounced:
		return "sent, and came back"
	}
	return ""
}

func named(counts map[newsletter.DeliveryState]int) map[string]int {
	byName := make(map[string]int, len(counts))
	for state, n := range counts {
		byName[string(state)] = n
	}
	return byName
}

func openLetters(counts map[newsletter.DeliveryState]int) int {
	n := 0
	for state, c := range counts {
		if state.Open() {
			n += c
		}
	}
	return n
}

// nextDue is when the next letter is due after an instant; zero when none is.
func nextDue(ctx context.Context, a *app.App, after time.Time) (time.Time, error) {
	next, waits, err := a.Store.NextDue(ctx, after)
	if err != nil || !waits {
		return time.Time{}, err
	}
	return next.In(a.Newsletters[0].Zone), nil
}

type drainView struct {
	WayOut   string         `json:"way_out"`
	Followed bool           `json:"followed"` // another program sent; its progress was watched
	Sent     int            `json:"sent"`
	Deferred int            `json:"deferred"`
	Failed   int            `json:"failed"`
	Expired  int            `json:"expired"`
	Unknown  int            `json:"unknown"`
	Letters  map[string]int `json:"letters"` // the whole outbox afterwards, by state
	Next     time.Time      `json:"next_due,omitzero"`
}

func (s *shell) outboxDrain() *cobra.Command {
	return &cobra.Command{
		Use: "drain", Short: "Send until nothing is due",
		Long: `Send until nothing is due, and exit. Beside a running serve it sends nothing itself and follows that one's progress.

A letter that the server puts off is tried again later: by a running serve, or the next drain. The exit code is
0 when all that was due got through, 3 when some letters did not, 75 when the relay could not be reached at all.`,
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
	drained, err := a.Drain(ctx, func(t outbox.Tally) {
		line.tell("%d sent, %d put off, %d failed", t.Sent, t.Deferred+t.Unknown, t.Failed+t.Expired)
	})
	line.end()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return drainError(err, drained.Tally)
	}
	v := drainView{
		WayOut: out, Followed: drained.Followed, Sent: drained.Sent, Deferred: drained.Deferred, Failed: drained.Failed,
		Expired: drained.Expired, Unknown: drained.Unknown, Letters: named(drained.Left),
	}
	if v.Next, err = nextDue(ctx, a, s.Now()); err != nil {
		return err
	}
	if err := s.show(v, func(p *page) { p.drained(v, drained.Left) }); err != nil {
		return err
	}
	return partly(v, drained.Left)
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

func (p *page) drained(v drainView, left map[newsletter.DeliveryState]int) {
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
	if n := left[newsletter.Deferred]; n > 0 {
		p.say("%s put off, to be tried again from %s.", letters(n), stamp(v.Next, v.Next.Location()))
	}
	if n := left[newsletter.Unknown]; n > 0 {
		p.say("%s of unknown fate: facteur edition show EDITION tells of each", letters(n))
	}
	if n := left[newsletter.Queued]; n > 0 {
		p.say("%s held back with the edition: facteur edition list", letters(n))
	}
}

// partly is the error of letters that this run could not bring through.
func partly(v drainView, left map[newsletter.DeliveryState]int) error {
	n := v.Failed + v.Expired
	if v.Deferred > 0 || v.Unknown > 0 {
		n += left[newsletter.Deferred] + min(v.Unknown, left[newsletter.Unknown])
	}
	if n == 0 {
		return nil
	}
	return &answer{code: Partly, what: letters(n) + " did not get through", do: "facteur edition show EDITION gives the server's own words"}
}
