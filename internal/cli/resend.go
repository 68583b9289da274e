package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// A resending is what the command was asked for.
type resending struct {
	failed, unknown, newcomers bool
	since, to                  string
	yes, dry                   bool

	flags string // as they were given, but for the address
}

func (s *shell) resend() *cobra.Command {
	var o resending
	cmd := &cobra.Command{
		Use: "resend EDITION [--failed] [--unknown] [--newcomers [--since TIME]] | --to ADDRESS", Short: "Send an edition to those who did not get it",
		Long: `Send an edition to those who did not get it. Several groups may be named together:

--failed     whose letter was refused or put off for too long, once the cause is mended
--unknown    whose letter may have arrived: the connection ended before the server's answer. They get the same letter
             again, with its Message-ID and Date, so that a mail program can tell that it is no other
--newcomers  who signed up, or came back, after the edition was approved; with --since only the latest of them. Who had
             all of its articles by other editions, and none in an older text than it says, is passed over and counted

None of them ever reaches a reader who left, paused or is suppressed, nor anyone who is known to have the edition or
whose letter is under way. So the same order may be given twice, and one that was cut off is simply given again.

--to names one reader and sends even if they have it: then it is a further copy, with its own number.

All of them say to how many people letters go and want that number typed; --yes stands for it in scripts. --dry-run
only says it, and with --verbose or --json who they are. Who asked for what is kept: facteur edition show tells it.`,
		Example: "  facteur resend 42 --failed --unknown --dry-run --verbose\n  facteur resend 42 --newcomers --since 48h\n  facteur resend hebdo/42 --to lea@example.org",
		Args:    takes("EDITION"), DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.fits(cmd); err != nil {
				return err
			}
			o.flags = given(cmd.LocalNonPersistentFlags())
			if o.to != "" {
				return s.withAddress(cmd.Context(), mustExist, o.to, func(a *app.App, who address.Address) error {
					e, err := edition(cmd.Context(), a, args[0])
					if err != nil {
						return err
					}
					return s.resendTo(cmd.Context(), a, e, o, who)
				})
			}
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				e, err := edition(cmd.Context(), a, args[0])
				if err != nil {
					return err
				}
				return s.resendGroups(cmd.Context(), a, e, o)
			})
		},
	}
	cmd.Flags().BoolVar(&o.failed, "failed", false, "to all whose letter failed or expired")
	cmd.Flags().BoolVar(&o.unknown, "unknown", false, "to all whose letter may have arrived, or not")
	cmd.Flags().BoolVar(&o.newcomers, "newcomers", false, "to all who became readers after it was approved")
	cmd.Flags().StringVar(&o.since, "since", "", "of the newcomers only those since this `time`, such as '2026-12-01 07:00', or for so long, such as 48h or 7d")
	cmd.Flags().StringVar(&o.to, "to", "", "to this reader's `address`")
	cmd.Flags().BoolVarP(&o.yes, "yes", "y", false, "send without asking")
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "only say to how many letters would go")
	return cmd
}

// fits refuses what cannot be meant. An empty value is the variable of a script that was not set: it must not make the
// order one for everybody.
func (o resending) fits(cmd *cobra.Command) error {
	toOne, narrowed := cmd.Flags().Changed("to"), cmd.Flags().Changed("since")
	switch groups := o.failed || o.unknown || o.newcomers; {
	case toOne && o.to == "":
		return misuse(cmd, "--to names nobody")
	case toOne && (groups || narrowed):
		return misuse(cmd, "--to is for one reader, and goes with no other choice of people")
	case narrowed && !o.newcomers:
		return misuse(cmd, "--since narrows --newcomers, which is not given")
	case narrowed && o.since == "":
		return misuse(cmd, "--since names no time")
	case !toOne && !groups:
		return misuse(cmd, "facteur resend needs to know to whom: --failed, --unknown, --newcomers, or --to ADDRESS")
	}
	return nil
}

// given writes the flags of an order as they were typed, without the address of a reader: who is erased must not stand in
// the record.
func given(flags *pflag.FlagSet) string {
	var all []string
	flags.VisitAll(func(f *pflag.Flag) {
		switch {
		case !f.Changed || f.Value.String() == "false":
		case f.Name == "since":
			all = append(all, fmt.Sprintf("--since '%s'", f.Value))
		default:
			all = append(all, "--"+f.Name)
		}
	})
	return strings.Join(all, " ")
}

// round is what was asked for in the words of the ledger.
func (o resending) round(zone *time.Location, now time.Time) (r outbox.Round, err error) {
	asked := map[outbox.ResendWhat]bool{outbox.ResendFailed: o.failed, outbox.ResendUnknown: o.unknown, outbox.ResendNewcomers: o.newcomers}
	r.Groups = slices.DeleteFunc(outbox.ResendGroups(), func(what outbox.ResendWhat) bool { return !asked[what] })
	if o.since == "" {
		return r, nil
	}
	if long, notLong := config.ParseDuration(o.since); notLong == nil {
		r.Since = now.Add(-time.Duration(long))
	} else if r.Since, err = parseInstant(o.since, zone); err != nil {
		return r, &answer{code: Misused, what: fmt.Sprintf("--since %q is neither a time nor a length of time", o.since), do: "write it like '2026-12-01 07:00', on the clock of the newsletter's zone, or like 48h or 7d; nothing was queued"}
	}
	if r.Since.After(now) {
		return r, &answer{code: Misused, what: fmt.Sprintf("--since %q is still to come", o.since), do: "give the time from which on newcomers are to get it; nothing was queued"}
	}
	return r, nil
}

// order is who asks, how and when.
func (s *shell) order(flags string) outbox.Order {
	o := outbox.Order{By: s.asker(), Way: outbox.WayScript, Flags: flags, At: s.Now()}
	if s.InTerminal {
		o.Way = outbox.WayTerminal
	}
	return o
}

// asker is the user of the system, and behind them the one who used sudo.
func (s *shell) asker() string {
	by := s.User
	for _, entry := range s.Environ {
		if name, value, _ := strings.Cut(entry, "="); name == "SUDO_USER" && value != "" && value != s.User {
			by = value + " as " + s.User
		}
	}
	if by == "" {
		return "not known"
	}
	return clip(by, userWidth)
}

// userWidth is more than any name of a user has (32 characters, twice).
const userWidth = 72

type resentView struct {
	Edition string                    `json:"edition"`
	Letters int                       `json:"letters"`
	Groups  map[outbox.ResendWhat]int `json:"groups,omitempty"`        // how many of the letters go to which
	Passed  int                       `json:"passed_over"`             // letters that did not arrive, whose reader may not have it now or has it
	Sated   int                       `json:"had_by_others,omitempty"` // newcomers who had all of its articles by other editions
	Since   time.Time                 `json:"since,omitzero"`
	To      string                    `json:"to,omitempty"`
	Copy    int                       `json:"copy,omitempty"`
	DryRun  bool                      `json:"dry_run"`
	Held    bool                      `json:"held"`    // it is held: they leave after facteur edition resume
	Sending bool                      `json:"sending"` // a sender runs and takes it from here
	Who     []recipientView           `json:"who,omitempty"`

	asked []outbox.ResendWhat
	zone  *time.Location
}

type recipientView struct {
	Subscriber int64             `json:"subscriber"`
	Address    string            `json:"address"`
	Letter     int64             `json:"letter,omitempty"` // the one that goes again
	What       outbox.ResendWhat `json:"what"`
}

func (s *shell) resendGroups(ctx context.Context, a *app.App, e newsletter.Edition, o resending) error {
	v := resentView{Edition: e.Ref().String(), DryRun: o.dry, Held: e.Paused, zone: zoneOf(a, e.Newsletter)}
	r, err := o.round(v.zone, s.Now())
	if err != nil {
		return err
	}
	if v.asked = r.Groups; !r.Since.IsZero() {
		v.Since = r.Since.In(v.zone)
	}
	hint := fmt.Sprintf("facteur edition show %s tells how it stands", e.Ref())
	if v.Groups, err = a.Store.CountResend(ctx, e.Ref(), r); err != nil {
		return because(err, newsletter.ErrState, hint)
	}
	v.Letters = total(v.Groups)
	if v.Passed, err = passedOver(ctx, a, e, v); err != nil {
		return err
	}
	if o.newcomers {
		if v.Sated, err = a.Store.CountSated(ctx, e.Ref(), r.Since); err != nil {
			return err
		}
	}
	if o.dry && (s.verbose || s.json) {
		if v.Who, err = whom(ctx, a, e.ID, r); err != nil {
			return err
		}
	}
	if v.Letters == 0 || o.dry {
		return s.show(v, func(p *page) { p.wouldResend(v) })
	}
	if err := s.confirm(ctx, o.yes, fmt.Sprintf("%s goes to %s", v.Edition, v.people()), v.Letters); err != nil {
		return err
	}
	if v.Groups, err = s.resent(ctx, a, e, r, s.order(o.flags), v.Letters); err != nil {
		return because(err, newsletter.ErrState, hint)
	}
	v.Letters = total(v.Groups)
	return s.queuedAgain(ctx, a, e, v, fmt.Sprintf("%s is queued for %s.", v.Edition, v.people()))
}

// resent gives the order and tells how far it has come.
func (s *shell) resent(ctx context.Context, a *app.App, e newsletter.Edition, r outbox.Round, o outbox.Order, expected int) (map[outbox.ResendWhat]int, error) {
	line := s.progress()
	defer line.end()
	return a.Store.Resend(ctx, e.Ref(), r, o, func(n int) { line.bar(headway{done: int64(n), whole: int64(expected), n: n, what: "queued"}) })
}

func total(groups map[outbox.ResendWhat]int) (n int) {
	for _, some := range groups {
		n += some
	}
	return n
}

// passedOver counts the letters that did not arrive, of the groups asked for, and that go to nobody all the same.
func passedOver(ctx context.Context, a *app.App, e newsletter.Edition, v resentView) (n int, err error) {
	stands, err := viewEdition(ctx, a, e)
	if err != nil {
		return 0, err
	}
	if slices.Contains(v.asked, outbox.ResendFailed) {
		n += stands.lost() - v.Groups[outbox.ResendFailed]
	}
	if slices.Contains(v.asked, outbox.ResendUnknown) {
		n += stands.number(newsletter.Unknown) - v.Groups[outbox.ResendUnknown]
	}
	return max(0, n), nil // they were not counted at one instant
}

// whom lists everybody whom a round would reach.
func whom(ctx context.Context, a *app.App, edition int64, r outbox.Round) (all []recipientView, err error) {
	const some = 1000
	for _, what := range r.Groups {
		for after := int64(0); ; {
			next, err := a.Store.ListResend(ctx, edition, what, r.Since, after, some)
			if err != nil {
				return nil, err
			}
			for _, one := range next {
				all = append(all, recipientView{one.Subscriber, one.Address, one.Delivery, what})
				after = one.Subscriber
			}
			if len(next) < some {
				break
			}
		}
	}
	return all, nil
}

// people says whom letters go to: "3 readers whose letter failed", or "5 readers: 3 whose letter failed, 2 newcomers".
func (v resentView) people() string {
	var parts []string
	for _, what := range v.asked {
		switch n := v.Groups[what]; {
		case n == 0:
		case what == outbox.ResendUnknown:
			parts = append(parts, fmt.Sprintf("%d whose letter may have arrived", n))
		case what == outbox.ResendFailed:
			parts = append(parts, fmt.Sprintf("%d whose letter failed", n))
		default:
			parts = append(parts, count(n, "newcomer", "newcomers")+v.from())
		}
	}
	switch {
	case len(parts) != 1:
		return readers(v.Letters) + ": " + strings.Join(parts, ", ")
	case v.Groups[outbox.ResendNewcomers] > 0:
		return parts[0]
	}
	_, rest, _ := strings.Cut(parts[0], " ")
	return readers(v.Letters) + " " + rest
}

// from says since when newcomers count, where that was asked for.
func (v resentView) from() string {
	if v.Since.IsZero() {
		return ""
	}
	return " since " + stamp(v.Since, v.zone)
}

// nobody says why nobody is reached.
func (v resentView) nobody() string {
	again := ""
	if v.Passed > 0 {
		again = " that may go again"
	}
	var why []string
	for _, what := range v.asked {
		switch what {
		case outbox.ResendUnknown:
			why = append(why, "no letter of unknown outcome"+again)
		case outbox.ResendFailed:
			why = append(why, "no failed letter"+again)
		default:
			why = append(why, v.noNewcomer())
		}
	}
	return strings.Join(why, ", ")
}

func (v resentView) noNewcomer() string {
	if v.Sated > 0 {
		return "no newcomer" + v.from() + " who lacks any of its articles"
	}
	return "no newcomer" + v.from()
}

// wouldResend tells whom an order would reach, and that nothing was done.
func (p *page) wouldResend(v resentView) {
	if v.Letters == 0 {
		p.say("Nobody gets %s: %s.", v.Edition, v.nobody())
	} else {
		p.say("%s would go to %s. Nothing was queued.", v.Edition, v.people())
	}
	p.passedOver(v)
	switch {
	case v.Who != nil:
		p.gap()
		rows := make([][]string, len(v.Who))
		for i, one := range v.Who {
			rows[i] = []string{one.Address, fmt.Sprint(one.Subscriber), number(one.Letter), string(one.What)}
		}
		p.list([]string{"ADDRESS", "READER", "LETTER", "WHY"}, rows, "READER", "LETTER")
	case v.DryRun && v.Letters > 0 && v.To == "":
		p.say("Who they are: the same with --verbose")
	}
}

// number writes a number that there may be none of.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func (p *page) passedOver(v resentView) {
	if v.Passed > 0 {
		p.say("Passed over: %s, of readers who left, paused, are suppressed, or have the edition.", letters(v.Passed))
	}
	if v.Sated > 0 {
		p.say("Passed over: %s%s who had all of its articles by other editions. To send it to one of them: facteur resend %s --to ADDRESS", count(v.Sated, "newcomer", "newcomers"), v.from(), v.Edition)
	}
}

// queuedAgain tells what was queued, and when it leaves.
func (s *shell) queuedAgain(ctx context.Context, a *app.App, e newsletter.Edition, v resentView, what string) error {
	now, err := a.Store.EditionByID(ctx, e.ID)
	if err != nil {
		return err
	}
	v.Held = now.Paused
	if v.Sending, err = app.SenderRuns(a.Config); err != nil {
		return err
	}
	return s.show(v, func(p *page) {
		p.say("%s", what)
		p.passedOver(v)
		if v.Held {
			p.say("The edition is held, and what was queued waits with it. To let it go on: facteur edition resume %s", v.Edition)
			return
		}
		p.leaves(v.Sending, v.Edition)
	})
}

func (s *shell) resendTo(ctx context.Context, a *app.App, e newsletter.Edition, o resending, to address.Address) error {
	next, told, err := s.nextCopy(ctx, a, e, to)
	if err != nil {
		return err
	}
	v := resentView{Edition: e.Ref().String(), Letters: 1, To: to.String(), Copy: next.Copy, DryRun: o.dry, Held: e.Paused}
	if o.dry {
		if s.verbose || s.json {
			v.Who = []recipientView{{next.Subscriber, to.String(), next.Delivery, outbox.ResendTo}}
		}
		return s.show(v, func(p *page) { p.say("%s Nothing was queued.", told) })
	}
	if err := s.confirm(ctx, o.yes, told[:len(told)-1], 1); err != nil {
		return err
	}
	if next, err = a.Store.ResendTo(ctx, e.Ref(), to, s.order(o.flags)); err != nil {
		return because(err, newsletter.ErrState, fmt.Sprintf("nothing was queued; facteur explain %s tells more", to))
	}
	v.Copy = next.Copy
	return s.queuedAgain(ctx, a, e, v, fmt.Sprintf("Copy %d of %s is queued for %s.", v.Copy, v.Edition, to.Display()))
}

// nextCopy says which copy of an edition a reader would get and what they have of it, or why they may not get any.
func (s *shell) nextCopy(ctx context.Context, a *app.App, e newsletter.Edition, to address.Address) (outbox.NextCopy, string, error) {
	next, err := a.Store.NextCopy(ctx, e.Ref(), to)
	hint := fmt.Sprintf("nothing was queued; facteur explain %s tells more", to)
	switch {
	case errors.Is(err, newsletter.ErrNotFound):
		return next, "", &answer{code: NotFound, what: fmt.Sprintf("%s never asked for %s", to.Display(), e.Newsletter), do: hint, cause: err}
	case err != nil:
		return next, "", because(err, newsletter.ErrState, hint)
	case next.Had == "":
		return next, fmt.Sprintf("%s has no copy of %s; this is copy 1.", to.Display(), e.Ref()), nil
	case next.Had == newsletter.Sent || next.Had == newsletter.Bounced:
		return next, fmt.Sprintf("%s had copy %d of %s (%s); this is copy %d.", to.Display(), next.Copy-1, e.Ref(), next.Had, next.Copy), nil
	}
	return next, fmt.Sprintf("%s did not get copy %d of %s (%s); it is sent once more.", to.Display(), next.Copy, e.Ref(), next.Had), nil
}
