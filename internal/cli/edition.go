package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

func (s *shell) edition() *cobra.Command {
	return group("edition", "Look at editions; hold, end or proof one", "",
		s.editionList(), s.editionShow(), s.editionProof(), s.editionPause(), s.editionResume(), s.editionCancel())
}

type editionView struct {
	Edition  string         `json:"edition"`
	Slot     string         `json:"slot"`
	State    string         `json:"state"`
	Paused   bool           `json:"paused"`
	Held     string         `json:"held,omitempty"` // why it was paused by itself
	Unsent   bool           `json:"unsent"`         // cancelled before any letter of it can have left: it brought no article
	Opens    time.Time      `json:"opens,omitzero"` // when more than its first letters go
	Approved time.Time      `json:"approved"`
	Subject  string         `json:"subject"`
	Readers  int            `json:"readers"`     // active when it was approved
	Left     int            `json:"left_before"` // of them, who left before their letter was made
	Unmade   int            `json:"unmade"`      // of them, whose letter is still to be made
	Letters  map[string]int `json:"letters"`     // by state, of those readers; further copies come on top
	New      map[string]int `json:"newcomers"`   // letters by state of who came later
	Counts   []countView    `json:"counts"`      // by provider, state and reason
	Refusals []refusalView  `json:"refusals,omitempty"`
	Stories  []storyView    `json:"stories,omitempty"`
	Beyond   int            `json:"on_page_only,omitempty"` // of the stories, the last ones, that the letter leaves to its page
	LeftOut  []string       `json:"left_out,omitempty"`     // articles of which something was left out
	Word     *wordView      `json:"word,omitempty"`         // of the editor, at its head
	Sponsor  *sponsorView   `json:"sponsor,omitempty"`      // the advertisement in it
	Given    []givenView    `json:"given_back,omitempty"`   // where it is unsent, what its articles are by now
	Trouble  []troubleView  `json:"trouble,omitempty"`
	Resends  []resendView   `json:"resends,omitempty"` // who had it sent once more, the earliest first

	Again map[outbox.ResendWhat]int `json:"may_go_again,omitempty"` // once it has left: how many letters facteur resend would send

	zone *time.Location
}

// A countView is how many letters are alike.
type countView struct {
	Group    string                   `json:"provider,omitempty"`
	Newcomer bool                     `json:"newcomer,omitempty"`
	Further  bool                     `json:"further,omitempty"` // copies for who has one already
	State    newsletter.DeliveryState `json:"state"`
	Reason   newsletter.CancelReason  `json:"reason,omitempty"`
	Letters  int                      `json:"letters"`
}

// A refusalView is what servers said of letters that did not arrive.
type refusalView struct {
	Letters int                      `json:"letters"`
	State   newsletter.DeliveryState `json:"state"`
	Reply   string                   `json:"reply"`
}

type storyView struct {
	Article int64  `json:"article"`
	Section string `json:"section"`
	Title   string `json:"title"`
	URL     string `json:"url"`
	Updated bool   `json:"updated,omitempty"` // an earlier edition brought it
}

type resendView struct {
	At     time.Time         `json:"at"`
	By     string            `json:"by"`  // the user of the system
	Way    outbox.Way        `json:"way"` // terminal or script
	Flags  string            `json:"flags"`
	What   outbox.ResendWhat `json:"what"`
	Since  time.Time         `json:"since,omitzero"`
	People int               `json:"people"` // so far, where it is not whole
	Whole  bool              `json:"whole"`  // false: under way, or cut off
}

func viewResend(r outbox.Resend, zone *time.Location) resendView {
	return resendView{At: r.At.In(zone), By: r.By, Way: r.Way, Flags: r.Flags, What: r.What, Since: r.Since.In(zone), People: r.People, Whole: r.Whole}
}

// viewEdition counts an edition's letters.
func viewEdition(ctx context.Context, a *app.App, e newsletter.Edition) (editionView, error) {
	counts, err := a.Store.EditionCounts(ctx, e.ID)
	if err != nil {
		return editionView{}, err
	}
	zone := zoneOf(a, e.Newsletter)
	v := editionView{
		Edition: e.Ref().String(), Slot: string(e.Slot), State: string(e.State), Paused: e.Paused, Approved: e.Approved.In(zone),
		Subject: e.Content.Subject, Readers: e.Planned, Left: e.LeftBefore, Held: e.Held, Unsent: e.Unsent, zone: zone,
		Letters: named(outbox.ByState(counts, false)), New: named(outbox.ByState(counts, true)), Counts: make([]countView, 0, len(counts)),
	}
	made := 0
	for _, c := range counts {
		v.Counts = append(v.Counts, countView(c))
		if !c.Newcomer && !c.Further {
			made += c.Letters
		}
	}
	if e.State == newsletter.EditionQueueing {
		v.Unmade = max(0, e.Planned-e.LeftBefore-made)
	}
	return v, nil
}

// orFirst is the newsletter of a name; of one that is not in the settings, or not given where there are several, the first.
func orFirst(a *app.App, name string) newsletter.Newsletter {
	if n, err := a.Newsletter(name); err == nil {
		return n
	}
	return a.Newsletters[0]
}

// zoneOf is where a newsletter's clock hangs; one that is no longer in the settings follows the first.
func zoneOf(a *app.App, name string) *time.Location { return orFirst(a, name).Zone }

// number is how many letters are in a state, newcomers' included.
func (v editionView) number(state newsletter.DeliveryState) int {
	return v.Letters[string(state)] + v.New[string(state)]
}

// open is how many letters are still to leave.
func (v editionView) open() int {
	n := v.Unmade
	for _, state := range newsletter.DeliveryStates() {
		if state.Open() {
			n += v.number(state)
		}
	}
	return n
}

// lost is how many did not arrive and can be sent once more.
func (v editionView) lost() int { return v.number(newsletter.Failed) + v.number(newsletter.Expired) }

// state is the edition's state in one word for a list.
func (v editionView) state() string {
	if v.Paused && v.State != string(newsletter.EditionDone) {
		return "paused"
	}
	return v.State
}

func (s *shell) editionList() *cobra.Command {
	var name string
	var limit int
	cmd := &cobra.Command{
		Use: "list", Short: "List editions, the latest first",
		Example: "  facteur edition list\n  facteur edition list --json",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				return s.listEditions(cmd.Context(), a, name, limit)
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 20, "at most this `number`; 0 is all")
	return naming(cmd, &name)
}

func (s *shell) listEditions(ctx context.Context, a *app.App, name string, limit int) error {
	if name != "" {
		if _, err := a.Newsletter(name); err != nil {
			return err
		}
	}
	editions, err := a.Store.Editions(ctx, name, most(limit))
	if err != nil {
		return err
	}
	views := make([]editionView, len(editions))
	rows := make([][]string, len(editions))
	for i, e := range editions {
		if views[i], err = viewEdition(ctx, a, e); err != nil {
			return err
		}
		v := views[i]
		rows[i] = []string{v.Edition, stamp(v.Approved, v.zone), v.state(), fmt.Sprint(v.Readers), fmt.Sprint(v.number(newsletter.Sent)),
			fmt.Sprint(v.open()), fmt.Sprint(v.lost()), clip(v.Subject, titleWidth)}
	}
	if s.json { // a list of editions, in which slots without one have no place
		return s.show(views, nil)
	}
	without, err := slotsWithout(ctx, a, name)
	if err != nil {
		return err
	}
	return s.show(views, func(p *page) {
		if len(rows) == 0 {
			p.say("There is no edition yet: %s shows what would leave.", orFirst(a, name).Command("digest preview"))
		} else {
			p.list([]string{"EDITION", "APPROVED", "STATE", "READERS", "SENT", "OPEN", "FAILED", "SUBJECT"}, rows, "READERS", "SENT", "OPEN", "FAILED")
			p.cut(len(rows), limit)
		}
		for _, r := range without {
			p.say("\nSlot %s of %s %s: %s.", r.Slot, r.Newsletter, slotSaid(r.State), r.Reason)
		}
	})
}

// mostWithout is how many slots without an edition are told of a newsletter.
const mostWithout = 3

// slotsWithout are the slots that brought no edition since the latest one, of one newsletter or of all.
func slotsWithout(ctx context.Context, a *app.App, name string) (all []newsletter.SlotRecord, err error) {
	for _, n := range a.Newsletters {
		if name != "" && n.Name != name {
			continue
		}
		latest, err := a.Store.Slots(ctx, n.Name, mostWithout)
		if err != nil {
			return nil, err
		}
		for _, r := range latest {
			if r.State == newsletter.SlotPublished {
				break
			}
			all = append(all, r)
		}
	}
	return all, nil
}

func slotSaid(state newsletter.SlotState) string {
	if state == newsletter.SlotSkipped {
		return "was skipped"
	}
	return string(state)
}

func (s *shell) editionShow() *cobra.Command {
	var limit int
	var failed, unknown, deferred bool
	cmd := &cobra.Command{
		Use: "show EDITION", Short: "Tell how an edition stands and what did not arrive",
		Long: `Tell how an edition stands: the answer, the figures by provider and reason, what servers said most, and the letters
that did not arrive. With --failed, --unknown or --deferred it lists those letters only: the groups that facteur resend
takes, before the order is given.`,
		Example: "  facteur edition show 42\n  facteur edition show 42 --failed --limit 0\n  facteur edition show hebdo/42 --json",
		Args:    takes("EDITION"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var states []newsletter.DeliveryState
			if failed {
				states = append(states, newsletter.Failed, newsletter.Expired)
			}
			if unknown {
				states = append(states, newsletter.Unknown)
			}
			if deferred {
				states = append(states, newsletter.Deferred)
			}
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				return s.showEdition(cmd.Context(), a, args[0], states, limit)
			})
		},
	}
	cmd.Flags().BoolVar(&failed, "failed", false, "list the letters that failed or expired, and nothing else")
	cmd.Flags().BoolVar(&unknown, "unknown", false, "list those of unknown outcome")
	cmd.Flags().BoolVar(&deferred, "deferred", false, "list those that were put off")
	cmd.Flags().IntVar(&limit, "limit", 20, "tell of at most this `number` of letters that did not arrive; 0 is all")
	return cmd
}

func (s *shell) showEdition(ctx context.Context, a *app.App, text string, states []newsletter.DeliveryState, limit int) error {
	e, err := edition(ctx, a, text)
	if err != nil {
		return err
	}
	v, err := viewEdition(ctx, a, e)
	if err != nil {
		return err
	}
	if v.Given, err = viewGiven(ctx, a, e); err != nil {
		return err
	}
	for _, story := range e.Content.Stories() {
		v.Stories = append(v.Stories, storyView{story.Article, story.Section, story.Title, story.URL, story.Updated})
	}
	v.Beyond, v.LeftOut = e.Content.Beyond, e.Content.LeftOut()
	v.Word, v.Sponsor = viewWord(e.Newsletter, e.Content.Word), viewSponsor(e.Newsletter, e.Content.Sponsor)
	resends, err := a.Store.Resends(ctx, e.ID)
	if err != nil {
		return err
	}
	for _, r := range resends {
		v.Resends = append(v.Resends, viewResend(r, v.zone))
	}
	said, err := a.Store.Refusals(ctx, e.ID, answersMost)
	if err != nil {
		return err
	}
	for _, r := range said {
		v.Refusals = append(v.Refusals, refusalView{r.Letters, r.State, r.Reply.String()})
	}
	if opens, waits := a.Opens(e); waits {
		v.Opens = opens.In(v.zone)
	}
	trouble, err := a.Store.Trouble(ctx, e.ID, states, most(limit))
	if err != nil {
		return err
	}
	for _, t := range trouble {
		v.Trouble = append(v.Trouble, viewTrouble(t, v.zone))
	}
	if v.Again, err = mayGoAgain(ctx, a, e, v); err != nil {
		return err
	}
	sending, err := app.SenderRuns(a.Config)
	if err != nil {
		return err
	}
	send := "facteur outbox drain"
	if err := a.Store.IsCopy(ctx); app.IsCopy(err) {
		send = "facteur claim, as this folder is a copy"
	} else if err != nil {
		return err
	}
	return s.show(v, func(p *page) {
		p.say("%s: %s", v.Edition, v.Subject)
		p.standing(v, sending, send)
		if states == nil {
			p.edition(v)
		}
		p.trouble(v, states)
	})
}

// mayGoAgain counts what facteur resend would send of an edition that has left, where something of it did not arrive.
func mayGoAgain(ctx context.Context, a *app.App, e newsletter.Edition, v editionView) (map[outbox.ResendWhat]int, error) {
	if v.open() > 0 || v.lost()+v.number(newsletter.Unknown) == 0 || e.State == newsletter.EditionCancelled {
		return nil, nil
	}
	return a.Store.CountResend(ctx, e.Ref(), outbox.Round{Groups: []outbox.ResendWhat{outbox.ResendFailed, outbox.ResendUnknown}})
}

func (s *shell) editionProof() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use: "proof EDITION --to ADDRESS", Short: "Send the exact bytes of an edition to one address",
		Long: `Queue the exact bytes of an edition for one address, a reader's or not. Its links are nobody's: whoever
clicks to leave in a proof makes nobody leave.`,
		Example: "  facteur edition proof 42 --to redaction@example.org",
		Args:    takes("EDITION"), DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				return misuse(cmd, "facteur edition proof needs --to ADDRESS")
			}
			return s.withAddress(cmd.Context(), mustExist, to, func(a *app.App, who address.Address) error {
				e, err := edition(cmd.Context(), a, args[0])
				if err != nil {
					return err
				}
				if err := a.Store.Proof(cmd.Context(), e.Ref(), who, s.Now()); err != nil {
					return err
				}
				return s.queued(a, queuedView{Edition: e.Ref().String(), What: "proof", Letters: 1, To: who.String()},
					fmt.Sprintf("A proof of %s is queued for %s.", e.Ref(), who.Display()))
			})
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "the `address` that gets it")
	return cmd
}

// A queuedView is what a command put into the outbox.
type queuedView struct {
	Edition string `json:"edition"`
	What    string `json:"what"`
	Letters int    `json:"letters"`
	To      string `json:"to,omitempty"`
	Sending bool   `json:"sending"` // a sender runs and takes it from here
}

func (s *shell) queued(a *app.App, v queuedView, what string) error {
	var err error
	if v.Sending, err = app.SenderRuns(a.Config); err != nil {
		return err
	}
	return s.show(v, func(p *page) {
		p.say("%s", what)
		if v.Sending {
			p.say("It is being sent. What became of it: facteur explain %s", v.To)
			return
		}
		p.leaves(v.Sending, v.Edition)
	})
}
