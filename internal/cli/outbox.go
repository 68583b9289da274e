package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
)

func (s *shell) outbox() *cobra.Command {
	return group("outbox", "What is still to be sent, and send it", "", s.outboxStatus(), s.outboxDrain())
}

type outboxView struct {
	WayOut  string         `json:"way_out"`
	Sending bool           `json:"sending"`
	Copy    bool           `json:"copy"`    // of another folder: nothing leaves from here until facteur claim
	Letters map[string]int `json:"letters"` // by state: what is open, and what did not arrive
	Held    int            `json:"held"`    // confirmation letters held back, in none of the states
	Next    time.Time      `json:"next_due,omitzero"`
	Trouble []lossView     `json:"did_not_arrive"` // the latest edition first
	Waits   []waitView     `json:"waits"`
	Paces   []paceView     `json:"paces"`
	Alone   []aloneView    `json:"left_alone,omitempty"`
	Relays  []restView     `json:"relays_left_alone,omitempty"`

	zone *time.Location
}

type lossView struct {
	Edition string                   `json:"edition,omitempty"` // none: single letters, notices and proofs
	State   newsletter.DeliveryState `json:"state"`
	Letters int                      `json:"letters"`
	Ended   bool                     `json:"ended,omitempty"` // its edition was cancelled
}

type waitView struct {
	Letters int       `json:"letters"`
	Edition string    `json:"edition,omitempty"` // none: single letters, notices and proofs
	Why     app.Why   `json:"why"`
	Group   string    `json:"provider,omitempty"`
	Until   time.Time `json:"until,omitzero"`
	Words   string    `json:"words,omitempty"`
}

type paceView struct {
	Group  string    `json:"provider,omitempty"` // none: over all
	Most   limitView `json:"at_most"`
	AtOnce int       `json:"at_once,omitempty"`
	Due    int       `json:"due"`
	Left   limitView `json:"left"` // hour and day only where they are limited
}

type limitView struct {
	Second int `json:"second,omitempty"`
	Minute int `json:"minute,omitempty"`
	Hour   int `json:"hour,omitempty"`
	Day    int `json:"day,omitempty"`
}

type aloneView struct {
	Group string    `json:"provider,omitempty"` // none: the way out as a whole
	Until time.Time `json:"until"`
	Words string    `json:"words"`
}

// A restView is why a relay takes no letters.
type restView struct {
	Relay string    `json:"relay,omitempty"` // none: there is one
	Since time.Time `json:"since"`
	Until time.Time `json:"until"` // left alone until then; after that a letter shows whether it is back
	Why   string    `json:"why"`
}

func (s *shell) outboxStatus() *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "Count the letters that are to be sent, and say what they wait for",
		Long: `Count the letters that are to be sent, and say when they leave and what they wait for; which relays take none,
which providers are left alone, and the pace in force. What arrived is not counted, so that it may be asked every few
seconds: facteur edition show tells that.`,
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
	v, err := s.viewOutbox(ctx, a)
	if err != nil {
		return err
	}
	return s.show(v, func(p *page) {
		p.outlook(v)
		p.relays(v, s.Now())
		p.waits(v)
		p.notArrived(v.Trouble)
		p.paces(v)
	})
}

func (s *shell) viewOutbox(ctx context.Context, a *app.App) (v outboxView, err error) {
	v.zone = a.Newsletters[0].Zone
	o, err := a.Outlook(ctx)
	if err != nil {
		return v, err
	}
	v.Letters, v.Trouble, v.Waits = named(o.Letters), viewLosses(o), viewWaits(o, v.zone)
	for _, c := range o.Alone {
		v.Alone = append(v.Alone, aloneView{c.Group, c.Until.In(v.zone), c.Words})
	}
	paces, err := a.Paces(ctx, o)
	if err != nil {
		return v, err
	}
	for _, p := range paces {
		v.Paces = append(v.Paces, paceView{p.Group, limitView(p.Pace), p.AtOnce, p.Due, limitView(p.Left)})
	}
	if v.Held, err = a.Store.CountHeld(ctx); err != nil {
		return v, err
	}
	if v.WayOut, err = wayOut(a.Config); err != nil {
		return v, err
	}
	if v.Sending, err = app.SenderRuns(a.Config); err != nil {
		return v, err
	}
	if v.Sending { // else nobody has tried them of late
		for _, r := range o.Rests {
			v.Relays = append(v.Relays, restView{r.Relay, r.Since.In(v.zone), r.Until.In(v.zone), r.Why})
		}
	}
	if err := a.Store.IsCopy(ctx); app.IsCopy(err) {
		v.Copy = true
	} else if err != nil {
		return v, err
	}
	v.Next, err = nextDue(ctx, a, time.Time{})
	return v, err
}

func viewLosses(o app.Outlook) []lossView {
	views := make([]lossView, len(o.Trouble))
	for i, t := range o.Trouble {
		views[i] = lossView{State: t.State, Letters: t.Letters, Ended: t.Ended}
		if t.Edition.Number > 0 {
			views[i].Edition = t.Edition.String()
		}
	}
	return views
}

func viewWaits(o app.Outlook, zone *time.Location) []waitView {
	views := make([]waitView, len(o.Waits))
	for i, w := range o.Waits {
		views[i] = waitView{Letters: w.Letters, Why: w.Why, Group: w.Group, Words: w.Words}
		if w.Edition.Number > 0 {
			views[i].Edition = w.Edition.String()
		}
		if !w.Until.IsZero() {
			views[i].Until = w.Until.In(zone)
		}
	}
	return views
}

// open is how many letters are to be sent.
func (v outboxView) open() (n int) {
	for _, state := range newsletter.DeliveryStates() {
		if state.Open() {
			n += v.Letters[string(state)]
		}
	}
	return n
}

// outlook answers in words.
func (p *page) outlook(v outboxView) {
	switch open := v.open(); {
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
}

// relays tells which of them take no letters, and why.
func (p *page) relays(v outboxView, now time.Time) {
	if v.Relays == nil {
		return
	}
	rows := make([][]string, len(v.Relays))
	for i, r := range v.Relays {
		again := "with the next letter"
		if r.Until.After(now) {
			again = stamp(r.Until, v.zone)
		}
		rows[i] = []string{cmp.Or(r.Relay, "the relay"), stamp(r.Since, v.zone), again, r.Why}
	}
	p.gap()
	p.list([]string{"RELAY", "TAKES NONE SINCE", "NEXT TRY", "BECAUSE"}, rows)
}

// waits tells what leaves when.
func (p *page) waits(v outboxView) {
	var rows [][]string
	if n := v.Letters[string(newsletter.Attempting)]; n > 0 {
		if v.Sending {
			rows = append(rows, []string{"on the wire", fmt.Sprint(n), "now", ""})
		} else {
			rows = append(rows, []string{"on the wire", fmt.Sprint(n), "with the next sender", "whoever sent them died; some may have arrived"})
		}
	}
	for _, w := range v.Waits {
		of := cmp.Or(w.Edition, "single letters")
		rows = append(rows, []string{of, fmt.Sprint(w.Letters), cmp.Or(stamp(w.Until, v.zone), v.someTime(w)), w.because()})
	}
	if rows != nil {
		p.gap()
		p.list([]string{"WHAT", "LETTERS", "LEAVES", "BECAUSE"}, rows, "LETTERS")
	}
}

// someTime says when letters leave that wait for no instant.
func (v outboxView) someTime(w waitView) string {
	switch w.Why {
	case app.WhyDue:
		if w.Edition != "" && slices.ContainsFunc(v.Paces, func(p paceView) bool { return p.Due > 0 && p.Most != limitView{} }) {
			return "at the pace below"
		}
		return "now"
	case app.WhyFirst:
		return "later"
	}
	return "when resumed"
}

// because says what letters wait for.
func (w waitView) because() string {
	switch w.Why {
	case app.WhyFirst:
		return "its first letters go ahead"
	case app.WhyPutOff:
		return "put off, or lost on the way; tried again by itself"
	case app.WhyDelay:
		return "waits for signup.delay: its form came without the work"
	case app.WhyAlone:
		return cmp.Or(w.Group, "the relay") + " is left alone: " + w.Words
	case app.WhyHeld:
		return cmp.Or(w.Words, "the operator holds it")
	}
	return ""
}

// troublesShown is how many rows of what did not arrive a person is shown: the latest.
const troublesShown = 10

// notArrived tells how many letters did not arrive, and what to do.
func (p *page) notArrived(all []lossView) {
	if len(all) == 0 {
		return
	}
	var rows [][]string
	for _, t := range all[:min(len(all), troublesShown)] {
		rows = append(rows, []string{cmp.Or(t.Edition, "single letters"), fmt.Sprint(t.Letters), string(t.State), t.meaning()})
	}
	p.gap()
	p.list([]string{"DID NOT ARRIVE", "LETTERS", "STATE", "WHICH MEANS"}, rows, "LETTERS")
	if len(all) > troublesShown {
		p.say("Older editions have more: facteur edition list")
	}
}

// meaning says what a state is to an operator.
func (v lossView) meaning() string {
	means := map[newsletter.DeliveryState]string{
		newsletter.Unknown: "nobody knows whether they arrived", newsletter.Failed: "refused for good", newsletter.Expired: "put off for too long", newsletter.Bounced: "sent, and came back",
	}[v.State]
	switch {
	case v.Ended:
		return means + "; the edition was ended"
	case v.Edition == "" || v.State == newsletter.Bounced:
		return means
	case v.State == newsletter.Unknown:
		return fmt.Sprintf("%s; again: facteur resend %s --unknown", means, v.Edition)
	}
	return fmt.Sprintf("%s; once mended: facteur resend %s --failed", means, v.Edition)
}

// paces tells the limits of providers that have letters to come, and which are left alone.
func (p *page) paces(v outboxView) {
	var rows [][]string
	for _, pace := range v.Paces {
		alone := slices.IndexFunc(v.Alone, func(a aloneView) bool { return a.Group == pace.Group })
		if alone < 0 && (pace.Due == 0 || pace.limits() == "") {
			continue
		}
		until, words := "", ""
		if alone >= 0 {
			until, words = stamp(v.Alone[alone].Until, v.zone), v.Alone[alone].Words
		}
		rows = append(rows, []string{cmp.Or(pace.Group, "all letters"), fmt.Sprint(pace.Due), fmt.Sprint(pace.Left.Minute), pace.limits(), until, words})
	}
	if rows != nil {
		p.gap()
		p.list([]string{"PROVIDER", "DUE", "LAST MINUTE", "AT MOST", "LEFT ALONE UNTIL", "ITS SERVER SAID"}, rows, "DUE", "LAST MINUTE")
	}
}

// limits writes a pace, with what is used up of the longer ones: "20 a minute, 1000 an hour (734 left)".
func (v paceView) limits() string {
	var parts []string
	for _, limit := range []struct {
		most, used int
		words      string
	}{{v.Most.Second, 0, "a second"}, {v.Most.Minute, 0, "a minute"}, {v.Most.Hour, v.Left.Hour, "an hour"}, {v.Most.Day, v.Left.Day, "a day"}, {v.AtOnce, 0, "at once"}} {
		if limit.most == 0 {
			continue
		}
		part := fmt.Sprintf("%d %s", limit.most, limit.words)
		if limit.used > 0 {
			part += fmt.Sprintf(" (%d gone)", limit.used)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func named(counts map[newsletter.DeliveryState]int) map[string]int {
	byName := make(map[string]int, len(counts))
	for state, n := range counts {
		byName[string(state)] = n
	}
	return byName
}

// nextDue is when the next letter is due after an instant; zero when none is.
func nextDue(ctx context.Context, a *app.App, after time.Time) (time.Time, error) {
	next, waits, err := a.Store.NextDue(ctx, after)
	if err != nil || !waits {
		return time.Time{}, err
	}
	return next.In(a.Newsletters[0].Zone), nil
}
