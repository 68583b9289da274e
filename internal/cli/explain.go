package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

type explainView struct {
	subscriberView
	Letters []letterView `json:"letters"` // the latest first
}

type letterView struct {
	Kind     newsletter.DeliveryKind  `json:"kind"`
	Letter   newsletter.LetterKind    `json:"letter,omitempty"` // which single letter
	Edition  string                   `json:"edition,omitempty"`
	Copy     int                      `json:"copy"`
	Subject  string                   `json:"subject"`
	State    newsletter.DeliveryState `json:"state"`
	Reason   newsletter.CancelReason  `json:"reason,omitempty"` // why it was cancelled
	Held     bool                     `json:"held,omitempty"`   // back; signup status tells why
	Delayed  bool                     `json:"delayed,omitempty"`
	Next     time.Time                `json:"next,omitzero"` // when it is due
	Attempts []attemptView            `json:"attempts"`
}

func (s *shell) explain() *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "explain ADDRESS", Short: "Tell everything that happened to an address",
		Long: `Tell everything that happened to an address: the answer in two lines, then every letter and attempt with the
server's own words, the latest first, and the record of consent.`,
		Example: "  facteur explain lea@example.org\n  facteur explain lea@example.org --json | jq '.letters[0].attempts'",
		Args:    takes("ADDRESS"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withAddress(cmd.Context(), mustExist, args[0], func(a *app.App, who address.Address) error {
				return s.explained(cmd.Context(), a, who, limit)
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 50, "tell of at most this `number` of letters; 0 is all")
	return cmd
}

func (s *shell) explained(ctx context.Context, a *app.App, who address.Address, limit int) error {
	person, err := viewSubscriber(ctx, a, who)
	if err != nil {
		return err
	}
	told, err := a.Store.Letters(ctx, who, most(limit))
	if err != nil {
		return err
	}
	v := explainView{subscriberView: person, Letters: make([]letterView, len(told))}
	for i, t := range told {
		v.Letters[i] = viewLetter(t, zoneOf(a, t.Newsletter))
		v.Letters[i].Delayed = t.Delayed(s.Now())
	}
	if person.Suppression == nil && len(person.Subscriptions) == 0 && len(told) == 0 {
		return s.unknown(ctx, a, who)
	}
	sending, err := app.SenderRuns(a.Config)
	if err != nil {
		return err
	}
	return s.show(v, func(p *page) {
		p.say("%s", standingOf(v.subscriberView))
		p.say("%s", lastWord(v, sending))
		p.suppression(v.subscriberView)
		p.letters(v.Letters)
		for _, sub := range v.Subscriptions {
			p.gap()
			p.say("Consent to %s", sub.Newsletter)
			p.consents(sub)
		}
	})
}

// unknown says that nothing is known of an address, or no more than that its reader left it.
func (s *shell) unknown(ctx context.Context, a *app.App, who address.Address) error {
	left, err := a.Store.LeftAddress(ctx, who)
	switch {
	case errors.Is(err, newsletter.ErrNotFound):
		return unknownAddress(who)
	case err != nil:
		return err
	}
	return &answer{
		code: NotFound, what: fmt.Sprintf("%s is no subscriber: its reader changed it for another address on %s", who.Display(), stamp(left, a.Newsletters[0].Zone)),
		do: "nothing: an import does not bring it back, and a sign-up with it begins anew",
	}
}

func viewLetter(t outbox.Told, zone *time.Location) letterView {
	v := letterView{
		Kind: t.Kind, Letter: t.Letter, Copy: t.Copy, Subject: t.Subject, State: t.State, Reason: t.Reason, Held: t.Held, Attempts: viewAttempts(t.Attempts, zone),
	}
	if t.Number > 0 {
		v.Edition = newsletter.EditionRef{Newsletter: t.Newsletter, Number: t.Number}.String()
	}
	if !t.Next.IsZero() {
		v.Next = t.Next.In(zone)
	}
	return v
}

// name is what a letter is called in a sentence.
func (v letterView) name() string {
	name := cmp.Or(string(v.Letter), string(v.Kind))
	if v.Edition != "" {
		name = v.Edition
	}
	if v.Kind == newsletter.KindProof {
		name = "a proof of " + name
	}
	if v.Copy > 1 {
		name += fmt.Sprintf(" (copy %d)", v.Copy)
	}
	return name
}

// again is the command that sends a letter of an edition once more.
func (v letterView) again(to string) string {
	if v.Kind == newsletter.KindProof {
		return fmt.Sprintf("facteur edition proof %s --to %s", v.Edition, to)
	}
	return fmt.Sprintf("facteur resend %s --to %s", v.Edition, to)
}

// when is the instant of the latest attempt, as text.
func (v letterView) when() string {
	if n := len(v.Attempts); n > 0 {
		return stamp(v.Attempts[n-1].At, v.Attempts[n-1].At.Location())
	}
	return ""
}

// lastWord says what became of the latest letter, and what to do.
func lastWord(v explainView, sending bool) string {
	switch {
	case len(v.Letters) > 0:
	case v.Suppression != nil && v.Suppression.Reason == newsletter.ReasonErased:
		return "Its person was erased: what was owed before is not known any more; nothing is to be done."
	default:
		return "No letter was ever owed to this address; nothing is to be done."
	}
	l := v.Letters[0]
	if l.Held {
		return fmt.Sprintf("The last letter, %s, is held back: facteur signup status tells why.", l.name())
	}
	if why := v.goesNot(l); why != "" && (l.State == newsletter.Queued || l.State == newsletter.Deferred) {
		l.Reason = why
		return fmt.Sprintf("The last letter, %s, waits, and will not leave any more: %s.", l.name(), l.whyNot())
	}
	switch l.State {
	case newsletter.Sent:
		return fmt.Sprintf("The last letter, %s, was taken over by the server on %s. If it cannot be found, look among spam.", l.name(), l.when())
	case newsletter.Queued:
		if l.Delayed {
			return fmt.Sprintf("The last letter, %s, leaves on %s. It waits for signup.delay: its form came without the work.", l.name(), stamp(l.Next, l.Next.Location()))
		}
		return fmt.Sprintf("The last letter, %s, waits to be sent: facteur outbox status tells whether anybody sends.", l.name())
	case newsletter.Attempting:
		if !sending {
			return fmt.Sprintf("The last letter, %s, was on the wire when the sender died. The next one settles it: facteur serve, or facteur outbox drain.", l.name())
		}
		return fmt.Sprintf("The last letter, %s, is on the wire at this moment.", l.name())
	case newsletter.Deferred:
		if l.lost() {
			return fmt.Sprintf("Nobody knows whether the last letter, %s, arrived; it is tried again from %s.", l.name(), stamp(l.Next, l.Next.Location()))
		}
		return fmt.Sprintf("The last letter, %s, was put off by the server; it is tried again from %s.", l.name(), stamp(l.Next, l.Next.Location()))
	case newsletter.Failed, newsletter.Expired:
		if v.Suppression == nil && l.Edition != "" {
			return fmt.Sprintf("The last letter, %s, failed. Once mended: %s", l.name(), l.again(v.Address))
		}
		return fmt.Sprintf("The last letter, %s, failed; the server's words stand below.", l.name())
	case newsletter.Unknown:
		if l.Edition == "" {
			return fmt.Sprintf("Nobody knows whether the last letter, %s, arrived; the server's words stand below.", l.name())
		}
		return fmt.Sprintf("Nobody knows whether the last letter, %s, arrived. To send it again: %s", l.name(), l.again(v.Address))
	case newsletter.Cancelled:
		return fmt.Sprintf("The last letter, %s, was not sent: %s.", l.name(), l.whyNot())
	}
	return fmt.Sprintf("The last letter, %s, is %s.", l.name(), l.State)
}

// lost reports that nobody knows what came of the latest attempt.
func (v letterView) lost() bool {
	n := len(v.Attempts)
	return n > 0 && v.Attempts[n-1].State == newsletter.Unknown
}

// goesNot says what keeps a letter of an edition from its reader; empty: nothing does.
func (v explainView) goesNot(l letterView) newsletter.CancelReason {
	if l.Kind != newsletter.KindEdition {
		return ""
	}
	if v.Suppression != nil {
		return newsletter.CancelSuppressed
	}
	of, _, _ := strings.Cut(l.Edition, "/")
	for _, s := range v.Subscriptions {
		switch {
		case s.Newsletter != of:
		case s.State == newsletter.Unsubscribed:
			return newsletter.CancelLeft
		case s.State == newsletter.Paused:
			return newsletter.CancelPaused
		}
	}
	return ""
}

// whyNot says why a letter was cancelled.
func (v letterView) whyNot() string {
	switch v.Reason {
	case newsletter.CancelLeft:
		return "the reader had left"
	case newsletter.CancelPaused:
		return "the reader had paused"
	case newsletter.CancelSuppressed:
		return "the address is suppressed"
	case newsletter.CancelOperator:
		if v.Kind == newsletter.KindLetter {
			return "the operator threw it away"
		}
		return "the edition was ended"
	case newsletter.CancelLimited:
		return "the address was sent enough letters of this kind"
	case newsletter.CancelOver:
		return "what it asks was answered, or had expired"
	case newsletter.CancelTaken:
		return "the address belongs to another reader"
	case newsletter.CancelErased:
		return "the reader was erased"
	}
	return "it was ended"
}

// letters tells every letter and under it every attempt, the latest first.
func (p *page) letters(all []letterView) {
	if len(all) == 0 {
		return
	}
	var rows [][]string
	for _, l := range all {
		state := string(l.State)
		switch {
		case l.Held:
			state += ": held back"
		case l.Delayed:
			state += ": waits for signup.delay"
		case l.Reason != "":
			state += ": " + l.whyNot()
		}
		rows = append(rows, []string{l.name(), state, clip(l.Subject, titleWidth)})
		for i := len(l.Attempts) - 1; i >= 0; i-- {
			a := l.Attempts[i]
			words := a.Reply
			if a.State != newsletter.Sent {
				words = fmt.Sprintf("%s (at %s)", words, a.Stage)
			}
			if a.Relay != "" {
				words = a.Relay + ": " + words
			}
			rows = append(rows, []string{"  " + stamp(a.At, a.At.Location()), string(a.State), words})
		}
	}
	p.gap()
	p.list([]string{"LETTER", "STATE", "SUBJECT, OR THE SERVER'S WORDS"}, rows)
}
