package cli

import (
	"fmt"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

type attemptView struct {
	At    time.Time                `json:"at"`
	State newsletter.DeliveryState `json:"state"`
	Stage newsletter.Stage         `json:"stage"`
	Reply string                   `json:"reply"` // the server's own words
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
		views[i] = attemptView{At: a.Ended.In(zone), State: a.State, Stage: a.Stage, Reply: a.Reply.String()}
	}
	return views
}

// edition tells how an edition stands: the answer, then the figures, the stories and what did not arrive.
func (p *page) edition(v editionView, sending bool) {
	p.say("%s: %s", v.Edition, v.Subject)
	p.standing(v, sending)
	p.gap()
	var numbers []string
	for _, state := range newsletter.DeliveryStates() {
		if n := v.Letters[string(state)]; n > 0 {
			numbers = append(numbers, string(state), fmt.Sprint(n))
		}
	}
	if v.Unmade > 0 {
		numbers = append(numbers, "to be made", fmt.Sprint(v.Unmade))
	}
	if v.Left > 0 {
		numbers = append(numbers, "left before", fmt.Sprint(v.Left))
	}
	numbers = append(numbers, "newcomers", v.newcomers())
	p.facts(append([]string{"approved", stamp(v.Approved, v.zone), "slot", v.Slot, "readers", fmt.Sprint(v.Readers)}, numbers...)...)
	p.gap()
	p.word(v.Word)
	p.beyond(v.Beyond)
	p.warnings(v.Warnings)
	rows := make([][]string, len(v.Stories))
	for i, story := range v.Stories {
		rows[i] = []string{fmt.Sprint(i + 1), story.Section, clip(story.Title, titleWidth)}
	}
	p.list([]string{"", "SECTION", "STORY"}, rows)
	p.resends(v)
	p.trouble(v)
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

// standing says in a sentence how an edition stands, and what to type next.
func (p *page) standing(v editionView, sending bool) {
	switch {
	case v.State == string(newsletter.EditionCancelled):
		p.say("It was cancelled: %s had left, and no other will.", letters(v.number(newsletter.Sent)))
	case v.Paused:
		p.say("It is held, with %s to leave. To let it go on: facteur edition resume %s", letters(v.open()), v.Edition)
	case v.open() > 0 && !sending:
		p.say("%s to leave, and nobody is sending. To send: facteur outbox drain", letters(v.open()))
	case v.open() > 0:
		p.say("It is being sent: %d of %s left so far.", v.number(newsletter.Sent), letters(v.number(newsletter.Sent)+v.open()))
	case v.lost() > 0 && v.number(newsletter.Unknown) > 0:
		p.say("Sent, but for %s that failed and %s of unknown outcome. Once mended: facteur resend %s --failed --unknown",
			letters(v.lost()), letters(v.number(newsletter.Unknown)), v.Edition)
	case v.lost() > 0:
		p.say("Sent, but for %s that failed. Once mended: facteur resend %s --failed", letters(v.lost()), v.Edition)
	case v.number(newsletter.Unknown) > 0:
		p.say("Sent, but of %s nobody knows whether they arrived. To send the same again: facteur resend %s --unknown", letters(v.number(newsletter.Unknown)), v.Edition)
	default:
		p.say("It has left: %s sent, nothing waits.", letters(v.number(newsletter.Sent)))
	}
}

func (p *page) trouble(v editionView) {
	if len(v.Trouble) == 0 {
		return
	}
	var rows [][]string
	for _, t := range v.Trouble {
		words, at := "", ""
		if n := len(t.Attempts); n > 0 {
			last := t.Attempts[n-1]
			words, at = last.Reply, stamp(last.At, v.zone)
		}
		rows = append(rows, []string{t.Address, string(t.State), at, stamp(t.Next, v.zone), words})
	}
	p.gap()
	p.list([]string{"ADDRESS", "STATE", "TRIED", "AGAIN", "THE SERVER SAID"}, rows)
	if rest := v.lost() + v.number(newsletter.Unknown) + v.number(newsletter.Deferred) + v.number(newsletter.Bounced) - len(rows); rest > 0 {
		p.say("\n%d more; --limit tells of them.", rest)
	}
}
