package cli

import (
	"fmt"
	"time"

	"facteur/internal/digest"
)

// A comingView is what a slot would bring that is decided before the time that was asked for.
type comingView struct {
	Newsletter string `json:"newsletter"`
	Slot       string `json:"slot"`
	Edition    string `json:"edition,omitempty"`
	Articles   int    `json:"articles,omitempty"`
	Subject    string `json:"subject,omitempty"`
	Reason     string `json:"reason,omitempty"` // why none would leave
}

func viewComing(coming []digest.Coming) (views []comingView) {
	for _, c := range coming {
		v := comingView{Newsletter: c.Newsletter.Name, Slot: string(c.Slot), Articles: c.Articles, Subject: c.Subject, Reason: c.Reason}
		if c.Number > 0 {
			v.Edition = c.Ref().String()
		}
		views = append(views, v)
	}
	return views
}

// cameIn names in verdicts the slots of editions that are still to come.
func cameIn(verdicts []verdictView, coming []comingView) {
	slots := make(map[string]string)
	for _, c := range coming {
		slots[c.Edition] = c.Slot
	}
	for i, v := range verdicts {
		if v.CarriedBy != "" {
			verdicts[i].Slot = slots[v.CarriedBy]
		}
	}
}

// remarkAhead says what of the slots before a time is counted.
func remarkAhead(coming []comingView, more bool) string {
	switch {
	case more:
		return fmt.Sprintf("What the first %d slots before that would bring counts as brought; what later ones bring before that is not foreseen.", len(coming))
	case len(coming) == 1:
		return "What the slot before that would bring counts as brought."
	case len(coming) > 1:
		return fmt.Sprintf("What the %d slots before that would bring counts as brought.", len(coming))
	}
	return ""
}

// remark says by what a time was judged that is past, or to come.
func remark(at, computed time.Time, coming []comingView, more bool) string {
	if computed.Sub(at) >= time.Minute {
		return "That time is past, and judged by what is known now: articles that came since, editions, decisions by hand and settings count as if they had been so then."
	}
	return remarkAhead(coming, more)
}

// coming lists the slots that are decided before.
func (p *page) coming(views []comingView, all bool) {
	if len(views) == 0 {
		return
	}
	shown := views
	if !all {
		shown = views[:min(len(views), outShown)]
	}
	rows := make([][]string, len(shown))
	for i, v := range shown {
		if v.Edition != "" {
			rows[i] = []string{v.Slot, v.Edition, fmt.Sprintf("%s: %s", articles(v.Articles), v.Subject)}
		} else {
			rows[i] = []string{v.Slot, v.Newsletter, "no edition: " + v.Reason}
		}
	}
	p.gap()
	p.tell("The slots before, as they would be decided:")
	p.reasoned([]string{"SLOT", "EDITION", "BRINGS"}, rows)
	if hidden := len(views) - len(shown); hidden > 0 {
		p.gap()
		p.tell("%s more; --all lists them.", count(hidden, "slot", "slots"))
	}
}
