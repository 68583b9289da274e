package cli

import (
	"cmp"
	"fmt"
	"time"

	"facteur/internal/config"
	"facteur/internal/newsletter"
)

type verdictView struct {
	In        bool                `json:"in"`
	Rule      newsletter.Rule     `json:"rule"`
	Back      bool                `json:"back_catalogue,omitempty"` // why it is too old
	Position  int                 `json:"position,omitempty"`
	Lead      newsletter.LeadRule `json:"lead,omitempty"`       // by which rule it leads; empty: it does not
	CarriedBy string              `json:"carried_by,omitempty"` // of one that is the same story as another, the edition that brought that
	Original  int64               `json:"duplicate_of,omitempty"`
	Stance    newsletter.Stance   `json:"stance,omitempty"`  // of an editor, where it counts; not recorded with a decision
	Article   int64               `json:"article,omitempty"` // none for a row that waits in the inbox
	URL       string              `json:"url"`
	Title     string              `json:"title"`
	Section   string              `json:"section"`
	Published time.Time           `json:"published,omitzero"`
	Fresh     int                 `json:"fresh,omitempty"`  // under updated, and where a recall says so, how many of 100 words are new since
	Changed   time.Time           `json:"changed,omitzero"` // under updated, when that was
	Arrived   time.Time           `json:"arrived"`
}

func viewVerdicts(n newsletter.Newsletter, verdicts []newsletter.Verdict) []verdictView {
	views := make([]verdictView, len(verdicts))
	brought := make(map[int64]string)
	for i, v := range verdicts {
		section, listed := n.Place(v.Candidate)
		if !listed { // it was, when this was recorded
			section.Name = v.Section
		}
		views[i] = verdictView{
			In: v.Rule.In(), Rule: v.Rule, Back: v.Back, Position: v.Position, Lead: v.Lead, Fresh: v.Fresh, Original: v.Original, Article: v.Article, URL: v.URL, Title: v.Title,
			Section: section.Name, Published: v.Published.In(n.Zone), Arrived: v.Arrived.In(n.Zone),
		}
		if v.Rule != newsletter.RuleCarried {
			views[i].Stance = v.Stance
		}
		if by := v.Brought(n.Name); by.Number > 0 {
			views[i].CarriedBy = by.String()
			brought[v.Article] = by.String()
		}
		if v.Fresh > 0 && !v.Known() {
			views[i].Changed = v.Changed.In(n.Zone)
		}
	}
	for i, v := range views {
		if v.Original != 0 {
			views[i].CarriedBy = brought[v.Original]
		}
	}
	return views
}

// waitsByHand reports an article that an editor wants in, and that waits for its date. Of a decision that was recorded it is not known.
func (v verdictView) waitsByHand() bool { return v.Rule == newsletter.RuleFuture && v.Stance.In() }

// dated is the instant that ages it.
func (v verdictView) dated() time.Time {
	switch {
	case !v.Changed.IsZero():
		return v.Changed
	case !v.Published.IsZero():
		return v.Published
	}
	return v.Arrived
}

func countIn(views []verdictView) int {
	n := 0
	for _, v := range views {
		if v.In {
			n++
		}
	}
	return n
}

// totals counts in and out: "In: 7 (1 pinned). Out: 2 waiting, 1 hidden".
func totals(views []verdictView) string {
	special, out := map[newsletter.Rule]int{}, map[newsletter.Rule]int{}
	for _, v := range views {
		switch {
		case !v.In:
			out[v.Rule]++
		case v.Rule != newsletter.RuleNew:
			special[v.Rule]++
		}
	}
	in := fmt.Sprint(countIn(views))
	if said := tallied(newsletter.Rules(), special); said != "" {
		in += " (" + said + ")"
	}
	return fmt.Sprintf("In: %s. Out: %s", in, cmp.Or(tallied(newsletter.Rules(), out), "none"))
}

// outShown is how many of those that are out are listed unasked: a back catalogue is long.
const outShown = 20

// verdicts lists what is in, in reading order, and behind it what is out.
func (p *page) verdicts(views []verdictView, n newsletter.Newsletter, all bool) {
	var rows [][]string
	out, back := 0, false
	waits := make(map[int64]bool)
	for _, v := range views {
		waits[v.Article] = v.Rule == newsletter.RuleFuture
	}
	for _, v := range views {
		place := "out"
		if v.In {
			place = fmt.Sprintf("in %2d", v.Position)
		} else if out++; out > outShown && !all {
			continue
		}
		back = back || v.Back
		rows = append(rows, []string{place, v.ruling(v.Original != 0 && waits[v.Original]), v.Section, stamp(v.dated(), n.Zone), cmp.Or(number(v.Article), "inbox"), clip(v.Title, titleWidth)})
	}
	if len(rows) == 0 {
		return
	}
	p.gap()
	p.list([]string{"", "RULE", "SECTION", "DATED", "ID", "TITLE"}, rows, "ID")
	if hidden := len(views) - len(rows); hidden > 0 {
		p.say("\n%d more are out; --all lists them.", hidden)
	}
	if back {
		p.say("\nBack catalogue: older than first_horizon (%s) when it came before the first edition, or when its source was first asked.\nIt stays home however long horizon is; to bring one: %s",
			config.Duration(n.FirstHorizon), n.Command("article pin ID"))
	}
}

// ruling is the rule with what it refers to. waits: what stands for the article is dated later.
func (v verdictView) ruling(waits bool) string {
	rule := string(v.Rule)
	switch {
	case v.Original != 0 && v.CarriedBy != "":
		rule += fmt.Sprintf(" %d (%s)", v.Original, v.CarriedBy)
	case waits:
		rule += fmt.Sprintf(" %d (%s)", v.Original, newsletter.RuleFuture)
	case v.Original != 0:
		rule += fmt.Sprintf(" %d", v.Original)
	case v.CarriedBy != "":
		rule += " " + v.CarriedBy
	case v.waitsByHand() && v.Stance == newsletter.StanceLead:
		rule += " (lead)"
	case v.waitsByHand():
		rule += " (pinned)"
	case v.Back:
		rule += " (back catalogue)"
	}
	if v.Fresh > 0 {
		rule += fmt.Sprintf(" (%d%% new)", v.Fresh)
	}
	if v.Lead != "" && v.Lead != newsletter.LeadOrder { // that order can be seen
		rule += fmt.Sprintf(" (lead: %s)", v.Lead)
	}
	return rule
}
