package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

func (s *shell) subscriber() *cobra.Command {
	return group("subscriber", "Add readers, list them, look one up, end what they asked to end", "",
		s.subscriberAdd(), s.subscriberImport(), s.subscriberList(), s.subscriberShow(),
		s.subscriberUnsubscribe(), s.subscriberExport(), s.subscriberErase())
}

type enrolmentView struct {
	Address string               `json:"address"`
	Outcome subscription.Outcome `json:"outcome"`
}

func (s *shell) subscriberAdd() *cobra.Command {
	var name, source string
	cmd := &cobra.Command{
		Use: "add ADDRESS… --source TEXT", Short: "Add active readers by hand",
		Long: `Add active readers by hand. --source says where their consent came from; it is kept as its proof.

Nobody is brought back: who left once, or whose address is suppressed, is told of and left alone. If one of the
addresses is none, nobody is added.`,
		Example: "  facteur subscriber add lea@example.org --source 'asked at the stand, 24 November'",
		Args:    takes("ADDRESS…"), DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := wantSource(cmd, source); err != nil {
				return err
			}
			for _, text := range args {
				if _, err := address.Parse(text); err != nil {
					return fmt.Errorf("%q: %w", text, err)
				}
			}
			return s.with(cmd.Context(), mayCreate, func(a *app.App) error {
				n, err := a.Newsletter(name)
				if err != nil {
					return err
				}
				return s.add(cmd.Context(), a, n, args, source)
			})
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "where the consent came from, in `words`")
	return naming(cmd, &name)
}

// wantSource refuses to make anybody a reader of whom nobody says where they asked for it.
func wantSource(cmd *cobra.Command, source string) error {
	if strings.TrimSpace(source) != "" {
		return nil
	}
	return &answer{code: Misused, what: cmd.CommandPath() + " needs --source: where the consent of these people came from", do: "add it in your words, such as --source 'sign-up list of the old site'; nobody was added"}
}

func (s *shell) add(ctx context.Context, a *app.App, n newsletter.Newsletter, addresses []string, source string) error {
	views := make([]enrolmentView, len(addresses))
	numbers := map[subscription.Outcome]int{}
	for i, text := range addresses {
		e, err := a.Register.Add(ctx, n, text, source)
		if err != nil {
			return err
		}
		views[i] = enrolmentView{e.Address, e.Outcome}
		numbers[e.Outcome]++
	}
	err := s.show(views, func(p *page) {
		rows := make([][]string, len(views))
		for i, v := range views {
			rows[i] = []string{v.Address, outcomeWords(v.Outcome, n.Name)}
		}
		p.list(nil, rows)
	})
	if left := numbers[subscription.Left] + numbers[subscription.Suppressed]; err == nil && left > 0 {
		return &answer{code: Partly, what: count(left, "address was", "addresses were") + " not added", do: "facteur explain ADDRESS tells what is known; only the person can come back, by the sign-up form"}
	}
	return err
}

func outcomeWords(o subscription.Outcome, name string) string {
	switch o {
	case subscription.Added:
		return "reads " + name + " from now on"
	case subscription.AlreadyActive:
		return "reads " + name + " already"
	case subscription.Left:
		return "not added: left " + name + " once"
	case subscription.Suppressed:
		return "not added: the address is suppressed, or its person was erased"
	}
	return string(o)
}

type subscriptionView struct {
	Address    string                       `json:"address"`
	Newsletter string                       `json:"newsletter"`
	Gone       bool                         `json:"newsletter_gone,omitempty"` // it is not in the settings any more: no letter of it comes
	State      newsletter.SubscriptionState `json:"state"`
	Since      time.Time                    `json:"since"`
	Until      time.Time                    `json:"until,omitzero"` // end of a pause
	Language   string                       `json:"language"`
	Consents   []consentView                `json:"consents,omitempty"`
}

type consentView struct {
	Act     newsletter.ConsentAct `json:"act"`
	At      time.Time             `json:"at"`
	Origin  string                `json:"origin"`
	Source  string                `json:"source,omitempty"`
	Wording string                `json:"wording,omitempty"`
	Version string                `json:"version,omitempty"` // of the wording
	Network string                `json:"network,omitempty"`
}

func viewSubscription(sub newsletter.Subscription, zone *time.Location) subscriptionView {
	v := subscriptionView{
		Address: sub.Subscriber.Address, Newsletter: sub.Newsletter, State: sub.State, Since: sub.Since.In(zone), Language: sub.Subscriber.Language,
	}
	if !sub.Until.IsZero() {
		v.Until = sub.Until.In(zone)
	}
	return v
}

func subscriptionStates() []newsletter.SubscriptionState {
	return []newsletter.SubscriptionState{newsletter.Active, newsletter.Pending, newsletter.Paused, newsletter.Unsubscribed}
}

func (s *shell) subscriberList() *cobra.Command {
	var name, state string
	var limit int
	cmd := &cobra.Command{
		Use: "list", Short: "Count and list subscriptions, the oldest first",
		Example: "  facteur subscriber list --state active --limit 0\n  facteur subscriber list --json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f := subscription.Filter{State: newsletter.SubscriptionState(state)}
			if state != "" && !slices.Contains(subscriptionStates(), f.State) {
				return misuse(cmd, fmt.Sprintf("%q is no state of a subscription; the states are active, pending, paused and unsubscribed", state))
			}
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				gone, err := a.Gone(cmd.Context())
				if err != nil {
					return err
				}
				if name != "" && !slices.ContainsFunc(gone, func(r newsletter.Remembered) bool { return r.Name == name }) {
					if _, err := a.Newsletter(name); err != nil {
						return err
					}
				}
				f.Newsletter = name
				return s.listSubscribers(cmd.Context(), a, f, limit, gone)
			})
		},
	}
	cmd.Flags().StringVar(&state, "state", "", "only those in this `state`: active, pending, paused or unsubscribed")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most this `number`; 0 is all")
	return naming(cmd, &name)
}

func (s *shell) listSubscribers(ctx context.Context, a *app.App, f subscription.Filter, limit int, gone []newsletter.Remembered) error {
	views := []subscriptionView{}
	var rows [][]string
	for sub, err := range a.Register.All(ctx, f) {
		if err != nil {
			return err
		}
		v := viewSubscription(sub, zoneOf(a, sub.Newsletter))
		views = append(views, v)
		who := v.Address
		if who == "" {
			who = erasedMark
		}
		rows = append(rows, []string{who, v.Newsletter, string(v.State), stamp(v.Since, v.Since.Location())})
		if len(rows) == limit {
			break
		}
	}
	names := make([]string, 0, len(a.Newsletters)+len(gone))
	for _, n := range a.Newsletters {
		names = append(names, n.Name)
	}
	for _, n := range gone {
		names = append(names, n.Name)
	}
	totals, err := subscriptionTotals(ctx, a, names)
	if err != nil {
		return err
	}
	return s.show(views, func(p *page) {
		if totals == nil {
			p.say("There is no subscriber yet: %s adds one.", orFirst(a, f.Newsletter).Command("subscriber add ADDRESS --source TEXT"))
			return
		}
		p.say("%s.", strings.Join(totals, "; "))
		for _, n := range gone {
			if n.Active > 0 {
				p.say("%s is not in the settings any more: who reads it gets no letter of it.", n.Name)
			}
		}
		if rows != nil {
			p.gap()
			p.list([]string{"ADDRESS", "NEWSLETTER", "STATE", "SINCE"}, rows)
		}
		p.cut(len(rows), limit)
	})
}

// subscriptionTotals counts the subscriptions to newsletters by state, in words; those to which there is none are left out.
func subscriptionTotals(ctx context.Context, a *app.App, names []string) (totals []string, err error) {
	for _, name := range names {
		counts, err := a.Register.Store.CountSubscriptions(ctx, name)
		if err != nil {
			return nil, err
		}
		if numbers := tallied(subscriptionStates(), counts); numbers != "" {
			totals = append(totals, name+": "+numbers)
		}
	}
	return totals, nil
}

type subscriberView struct {
	Address       string             `json:"address"`
	Suppression   *suppressionView   `json:"suppression,omitempty"`
	Subscriptions []subscriptionView `json:"subscriptions"`
}

type suppressionView struct {
	Kind   newsletter.SuppressionKind `json:"kind"`
	Reason string                     `json:"reason,omitempty"`
	At     time.Time                  `json:"at"`
}

func (s *shell) subscriberShow() *cobra.Command {
	return &cobra.Command{
		Use: "show ADDRESS", Short: "Show what an address is subscribed to, and the proof of it",
		Example: "  facteur subscriber show lea@example.org",
		Args:    takes("ADDRESS"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.withAddress(cmd.Context(), mustExist, args[0], func(a *app.App, who address.Address) error {
				v, err := viewSubscriber(cmd.Context(), a, who)
				if err != nil {
					return err
				}
				if v.Suppression == nil && len(v.Subscriptions) == 0 {
					return unknownAddress(who)
				}
				return s.show(v, func(p *page) { p.subscriber(v) })
			})
		},
	}
}

func unknownAddress(who address.Address) error {
	return &answer{code: NotFound, what: who.Display() + " is not known here", do: "check the spelling; facteur subscriber add adds a reader"}
}

// viewSubscriber gathers what is known of an address; of one that is not known, nothing.
func viewSubscriber(ctx context.Context, a *app.App, who address.Address) (subscriberView, error) {
	v := subscriberView{Address: who.String(), Subscriptions: []subscriptionView{}}
	zone := a.Newsletters[0].Zone
	sup, err := a.Store.Suppression(ctx, who)
	switch {
	case err == nil:
		v.Suppression = &suppressionView{sup.Kind, sup.Reason, sup.At.In(zone)}
	case !errors.Is(err, newsletter.ErrNotFound):
		return v, err
	}
	histories, err := a.Register.Show(ctx, who.String())
	if err != nil && !errors.Is(err, newsletter.ErrNotFound) {
		return v, err
	}
	for _, h := range histories {
		zone := zoneOf(a, h.Subscription.Newsletter)
		sub := viewSubscription(h.Subscription, zone)
		_, listed := a.Config.Newsletters[sub.Newsletter]
		sub.Gone = !listed
		for _, c := range h.Consents {
			sub.Consents = append(sub.Consents, consentView{c.Act, c.At.In(zone), c.Origin, c.Source, c.Wording.Text, c.Wording.Version, c.Network})
		}
		v.Address = sub.Address // as it was typed
		v.Subscriptions = append(v.Subscriptions, sub)
	}
	return v, nil
}

func (p *page) subscriber(v subscriberView) {
	p.say("%s", standingOf(v))
	p.suppression(v)
	for _, sub := range v.Subscriptions {
		p.gap()
		p.say("%s: %s since %s", sub.Newsletter, sub.State, stamp(sub.Since, sub.Since.Location()))
		p.consents(sub)
	}
}

// standingOf says in a sentence what an address receives.
func standingOf(v subscriberView) string {
	if v.Suppression != nil {
		return fmt.Sprintf("%s receives nothing: suppressed (%s) since %s.", v.Address, v.Suppression.Kind, stamp(v.Suppression.At, v.Suppression.At.Location()))
	}
	var parts []string
	for _, sub := range v.Subscriptions {
		since := stamp(sub.Since, sub.Since.Location())
		switch sub.State {
		case newsletter.Active:
			parts = append(parts, fmt.Sprintf("reads %s since %s", sub.Newsletter, since))
		case newsletter.Pending:
			parts = append(parts, fmt.Sprintf("asked for %s on %s and has not confirmed", sub.Newsletter, since))
		case newsletter.Paused:
			parts = append(parts, fmt.Sprintf("paused %s until %s", sub.Newsletter, stamp(sub.Until, sub.Since.Location())))
		case newsletter.Unsubscribed:
			parts = append(parts, fmt.Sprintf("left %s on %s", sub.Newsletter, since))
		}
		if sub.Gone && sub.State != newsletter.Unsubscribed {
			parts[len(parts)-1] += " (not in the settings any more: no letter of it comes)"
		}
	}
	if parts == nil {
		return v.Address + " is no subscriber."
	}
	return v.Address + " " + strings.Join(parts, ", ") + "."
}

func (p *page) suppression(v subscriberView) {
	if v.Suppression != nil && v.Suppression.Reason != "" {
		p.say("The reason: %s", v.Suppression.Reason)
	}
}

// consents lists the record, the latest first.
func (p *page) consents(sub subscriptionView) {
	var rows [][]string
	for _, c := range slices.Backward(sub.Consents) {
		rows = append(rows, []string{"  " + stamp(c.At, c.At.Location()), string(c.Act), "by " + c.Origin, c.Source})
		if c.Wording != "" {
			rows = append(rows, []string{"", "", "shown", clip(c.Wording, titleWidth)})
		}
	}
	if rows != nil {
		p.list(nil, rows)
	}
}
