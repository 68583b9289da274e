package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

type attemptView struct {
	At    time.Time                `json:"at"`
	State newsletter.DeliveryState `json:"state"`
	Stage newsletter.Stage         `json:"stage"`
	Reply string                   `json:"reply"`           // the server's own words
	Relay string                   `json:"relay,omitempty"` // which of several
}

type troubleView struct {
	Address  string                   `json:"address"`
	State    newsletter.DeliveryState `json:"state"`
	Copy     int                      `json:"copy"`
	Next     time.Time                `json:"next,omitzero"` // when it is tried again
	Attempts []attemptView            `json:"attempts"`
}

func viewTrouble(t outbox.Told, zone *time.Location) troubleView {
	v := troubleView{Address: t.Address, State: t.State, Copy: t.Copy, Attempts: viewAttempts(t.Attempts, zone)}
	if !t.Next.IsZero() {
		v.Next = t.Next.In(zone)
	}
	return v
}

func viewAttempts(attempts []newsletter.Attempt, zone *time.Location) []attemptView {
	views := make([]attemptView, len(attempts))
	for i, a := range attempts {
		views[i] = attemptView{At: a.Ended.In(zone), State: a.State, Stage: a.Stage, Reply: a.Reply.String(), Relay: a.Relay}
	}
	return views
}

// edition tells of an edition the figures, the stories, who asked for it once more and what servers said.
func (p *page) edition(v editionView) {
	p.gap()
	p.facts("approved", stamp(v.Approved, v.zone), "slot", v.Slot, "readers", v.sum(), "newcomers", v.newcomers(), "further copies", v.further())
	p.providers(v)
	p.gap()
	p.word(v.Word)
	p.sponsor(v.Sponsor)
	p.beyond(v.Beyond)
	p.warnings(v.LeftOut)
	rows := make([][]string, len(v.Stories))
	for i, story := range v.Stories {
		title := clip(story.Title, titleWidth)
		if story.Updated {
			title += " (updated)"
		}
		rows[i] = []string{fmt.Sprint(i + 1), story.Section, title}
	}
	p.list([]string{"", "SECTION", "STORY"}, rows)
	p.resends(v)
	p.refusals(v)
}

// A kind of letters is what they came to, and why.
type kind struct {
	state  newsletter.DeliveryState
	reason newsletter.CancelReason
}

func (k kind) String() string {
	if k.reason == "" {
		return string(k.state)
	}
	return fmt.Sprintf("%s (%s)", k.state, k.reason)
}

// kinds adds up letters by what they came to, in the order in which people are shown it.
func kinds(counts []countView, of func(countView) bool) (order []kind, sum map[kind]int) {
	sum = map[kind]int{}
	for _, c := range counts {
		if k := (kind{c.State, c.Reason}); of(c) {
			if sum[k] == 0 {
				order = append(order, k)
			}
			sum[k] += c.Letters
		}
	}
	slices.SortFunc(order, func(a, b kind) int {
		states := newsletter.DeliveryStates()
		return cmp.Or(cmp.Compare(slices.Index(states, a.state), slices.Index(states, b.state)), cmp.Compare(a.reason, b.reason))
	})
	return order, sum
}

// sum shows that each reader has a letter, or a reason for none: "3 = 2 sent + 1 left before".
func (v editionView) sum() string {
	var parts []string
	order, sum := kinds(v.Counts, func(c countView) bool { return !c.Newcomer && !c.Further })
	for _, k := range order {
		parts = append(parts, fmt.Sprintf("%d %s", sum[k], k))
	}
	if v.Unmade > 0 {
		parts = append(parts, fmt.Sprintf("%d to be made", v.Unmade))
	}
	if v.Left > 0 {
		parts = append(parts, fmt.Sprintf("%d left before", v.Left))
	}
	if len(parts) == 0 {
		return fmt.Sprint(v.Readers)
	}
	return fmt.Sprintf("%d = %s", v.Readers, strings.Join(parts, " + "))
}

// further tells how copies stand that went to who had one already.
func (v editionView) further() string {
	order, sum := kinds(v.Counts, func(c countView) bool { return c.Further })
	n := 0
	var parts []string
	for _, k := range order {
		n += sum[k]
		parts = append(parts, fmt.Sprintf("%d %s", sum[k], k))
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d (%s)", n, strings.Join(parts, ", "))
}

// providers tells the letters of each provider, where there are several.
func (p *page) providers(v editionView) {
	groups := map[string]int{}
	for _, c := range v.Counts {
		groups[c.Group] += c.Letters
	}
	if len(groups) < 2 {
		return
	}
	order, _ := kinds(v.Counts, func(countView) bool { return true })
	heading := []string{"PROVIDER", "LETTERS"}
	for _, k := range order {
		heading = append(heading, strings.ToUpper(k.String()))
	}
	var rows [][]string
	for _, group := range slices.SortedFunc(maps.Keys(groups), func(a, b string) int { // all others come last
		return cmp.Or(cmp.Compare(fmt.Sprint(a == ""), fmt.Sprint(b == "")), cmp.Compare(a, b))
	}) {
		_, sum := kinds(v.Counts, func(c countView) bool { return c.Group == group })
		row := []string{cmp.Or(group, "all others"), fmt.Sprint(groups[group])}
		for _, k := range order {
			row = append(row, number(int64(sum[k])))
		}
		rows = append(rows, row)
	}
	p.gap()
	p.list(heading, rows, heading[1:]...)
}

const (
	answersMost  = 1000 // different answers that are told of at all
	answersShown = 10   // to a person
)

// refusals tells what servers said most.
func (p *page) refusals(v editionView) {
	var rows [][]string
	for _, r := range v.Refusals[:min(answersShown, len(v.Refusals))] {
		rows = append(rows, []string{fmt.Sprint(r.Letters), string(r.State), r.Reply})
	}
	if rows == nil {
		return
	}
	p.gap()
	p.list([]string{"LETTERS", "STATE", "SERVERS SAID"}, rows, "LETTERS")
	if rest := len(v.Refusals) - len(rows); rest > 0 {
		p.say("%s besides; --json has them.", count(rest, "answer", "answers"))
	}
}

// newcomers tells how the letters of those who came later stand.
func (v editionView) newcomers() string {
	numbers, n := map[newsletter.DeliveryState]int{}, 0
	for state, some := range v.New {
		numbers[newsletter.DeliveryState(state)] = some
		n += some
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d (%s)", n, tallied(newsletter.DeliveryStates(), numbers))
}

// resends tells who had an edition sent once more, how, and to how many.
func (p *page) resends(v editionView) {
	if len(v.Resends) == 0 {
		return
	}
	rows, whole := make([][]string, len(v.Resends)), true
	for i, r := range v.Resends {
		whom, so := string(r.What), fmt.Sprint(r.People)
		if r.What == outbox.ResendTo {
			whom = "one reader"
		}
		if !r.Since.IsZero() {
			whom += " since " + stamp(r.Since, v.zone)
		}
		if !r.Whole {
			so, whole = so+" so far", false
		}
		rows[i] = []string{stamp(r.At, v.zone), whom, so, clip(r.By, userWidth), string(r.Way), r.Flags}
	}
	p.gap()
	p.list([]string{"SENT ONCE MORE", "TO WHOM", "PEOPLE", "ASKED BY", "FROM A", "WITH"}, rows, "PEOPLE")
	if !whole {
		p.say("An order is under way, or was cut off: given again, it reaches the others, and nobody twice.")
	}
}

// standing says in a sentence how an edition stands, and what to type next; send is what to type where nobody sends.
func (p *page) standing(v editionView, sending bool, send string) {
	switch {
	case v.State == string(newsletter.EditionCancelled):
		p.say("It was cancelled: %s had left%s, and no other will. %s", letters(v.number(newsletter.Sent)), v.perhaps(), v.given())
	case v.Paused && v.Held != "":
		p.say("It holds itself, with %s to leave: %s. Once mended: facteur edition resume %s", letters(v.open()), v.Held, v.Edition)
	case v.Paused:
		p.say("It is held, with %s to leave. To let it go on: facteur edition resume %s", letters(v.open()), v.Edition)
	case v.open() > 0 && !sending:
		p.say("%s to leave, and nobody is sending. To send: %s", letters(v.open()), send)
	case v.open() > 0 && !v.Opens.IsZero():
		p.say("Its first letters have left; %s to go from %s.", letters(v.open()), stamp(v.Opens, v.zone))
	case v.open() > 0:
		p.say("It is being sent: %d of %s left so far.", v.number(newsletter.Sent), letters(v.number(newsletter.Sent)+v.open()))
	case v.lost()+v.number(newsletter.Unknown) > 0:
		p.say("Sent, but for %s. %s", v.missing(), v.again())
	default:
		p.say("It has left: %s sent, nothing waits.", letters(v.number(newsletter.Sent)))
	}
}

// perhaps says how many more letters may have left; empty: none.
func (v editionView) perhaps() string {
	if n := v.number(newsletter.Unknown); n > 0 {
		return fmt.Sprintf(" and %d more may have", n)
	}
	return ""
}

// missing says how many letters did not arrive, or may not have.
func (v editionView) missing() string {
	var parts []string
	if n := v.lost(); n > 0 {
		parts = append(parts, letters(n)+" that failed")
	}
	if n := v.number(newsletter.Unknown); n > 0 {
		parts = append(parts, letters(n)+" of unknown outcome")
	}
	return strings.Join(parts, " and ")
}

// again says what to type to send the missing ones once more, as far as there is anybody to send them to.
func (v editionView) again() string {
	flags, n := "", 0
	for _, what := range []outbox.ResendWhat{outbox.ResendFailed, outbox.ResendUnknown} {
		if some := v.Again[what]; some > 0 {
			n += some
			flags += " --" + string(what)
		}
	}
	passed := max(0, v.lost()+v.number(newsletter.Unknown)-n)
	switch {
	case n == 0:
		return "None may go again: their readers left, paused, are suppressed, or have the edition."
	case passed > 0:
		return fmt.Sprintf("Once mended, for %d of them: facteur resend %s%s", n, v.Edition, flags)
	default:
		return fmt.Sprintf("Once mended: facteur resend %s%s", v.Edition, flags)
	}
}

// trouble lists letters that did not arrive: those in some states, or all of them.
func (p *page) trouble(v editionView, states []newsletter.DeliveryState) {
	if states == nil {
		states = []newsletter.DeliveryState{newsletter.Failed, newsletter.Expired, newsletter.Unknown, newsletter.Deferred, newsletter.Bounced}
	}
	var rows [][]string
	for _, t := range v.Trouble {
		words, at := "", ""
		if n := len(t.Attempts); n > 0 {
			last := t.Attempts[n-1]
			words, at = last.Reply, stamp(last.At, v.zone)
			if last.Relay != "" {
				words = last.Relay + ": " + words
			}
		}
		rows = append(rows, []string{t.Address, string(t.State), at, stamp(t.Next, v.zone), words})
	}
	if rows == nil {
		return
	}
	p.gap()
	p.list([]string{"ADDRESS", "STATE", "TRIED", "AGAIN", "THE SERVER SAID"}, rows)
	rest := -len(rows)
	for _, state := range states {
		rest += v.number(state)
	}
	if rest > 0 {
		p.say("\n%d more; --limit 0 lists all of them.", rest)
	}
}
