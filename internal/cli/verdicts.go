package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"facteur/internal/config"
	"facteur/internal/newsletter"
)

type verdictView struct {
	In        bool                `json:"in"`
	Rule      newsletter.Rule     `json:"rule"`
	Back      bool                `json:"back_catalogue,omitempty"` // why it is too old
	Position  int                 `json:"position,omitempty"`
	Lead      newsletter.LeadRule `json:"lead,omitempty"`            // by which rule it leads; empty: it does not
	CarriedBy string              `json:"carried_by,omitempty"`      // of one that is the same story as another, the edition that brought that
	Slot      string              `json:"carried_in_slot,omitempty"` // of that edition, where it is still to come
	Original  int64               `json:"duplicate_of,omitempty"`
	RowOf     string              `json:"duplicate_of_row,omitempty"` // its address, where that is a row that waits in the inbox
	Sign      string              `json:"sign,omitempty"`             // by what it was found to be one story with that, where that is known of these two
	Left      *partedView         `json:"left_by_itself,omitempty"`   // the story that it was of, where it is offered
	Quota     int                 `json:"quota,omitempty"`            // under waiting, of its section
	Horizon   config.Duration     `json:"horizon,omitempty"`          // under too-old; of the back catalogue first_horizon
	Minimum   int                 `json:"minimum,omitempty"`          // under below-minimum
	MinimumOf string              `json:"minimum_of,omitempty"`       // section or edition
	Had       int                 `json:"had,omitempty"`              // under below-minimum, how many articles there were
	Stance    newsletter.Stance   `json:"stance,omitempty"`           // of an editor, where it counts
	Article   int64               `json:"article,omitempty"`          // none for a row that waits in the inbox
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
	brought, rows := make(map[int64]string), make(map[int64]string)
	for i, v := range verdicts {
		if v.Waits() {
			rows[v.Article] = v.URL
		}
		views[i] = verdictView{
			In: v.Rule.In(), Rule: v.Rule, Back: v.Back, Position: v.Position, Lead: v.Lead, Fresh: v.Fresh, Original: max(0, v.Original), Article: max(0, v.Article), URL: v.URL, Title: v.Title,
			Section: placeOf(n, v), Published: v.Published.In(n.Zone), Arrived: v.Arrived.In(n.Zone),
			Sign: v.By, Quota: v.Quota, Horizon: config.Duration(v.Horizon), Minimum: v.Takes, Had: v.Had,
		}
		if v.Takes > 0 {
			views[i].MinimumOf = ofSection
			if v.Whole {
				views[i].MinimumOf = ofEdition
			}
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
	for i, v := range verdicts {
		if v.Original != 0 {
			views[i].CarriedBy, views[i].RowOf = brought[v.Original], rows[v.Original]
		}
	}
	return views
}

// Of what an article is below the minimum.
const (
	ofSection = "section"
	ofEdition = "edition"
)

// placeOf is the section in which an article was judged; of verdicts with which that was not recorded, the one in which it would be.
func placeOf(n newsletter.Newsletter, v newsletter.Verdict) string {
	if v.Place != "" { // finding it means to fold names, which a hundred thousand verdicts make felt
		return v.Place
	}
	if section, listed := n.Place(v.Candidate); listed {
		return section.Name
	}
	return v.Section
}

// waitsByHand reports an article that an editor wants in, and that waits for its date.
func (v verdictView) waitsByHand() bool { return v.Rule == newsletter.RuleFuture && v.Stance.In() }

// isUndated reports an article of a back catalogue that came without a date.
func (v verdictView) isUndated() bool { return v.Back && v.Published.IsZero() }

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

// inInbox stands for the id of a row that waits in the inbox.
const inInbox = "inbox"

// outShown is how many of those that are out are listed unasked: a back catalogue is long.
const outShown = 20

// verdicts lists what is in, in reading order, and behind it what is out.
func (p *page) verdicts(views []verdictView, n newsletter.Newsletter, all bool) {
	var rows [][]string
	out, back, undated := 0, false, false
	waits := make(map[int64]bool)
	for _, v := range views {
		if v.Rule == newsletter.RuleFuture {
			waits[v.Article] = true
		}
	}
	for _, v := range views {
		place := "out"
		if v.In {
			place = fmt.Sprintf("in %2d", v.Position)
		} else if out++; out > outShown && !all {
			continue
		}
		back, undated = back || v.Back, undated || v.isUndated()
		rows = append(rows, []string{place, v.ruling(v.Original != 0 && waits[v.Original]), v.Section, stamp(v.dated(), n.Zone), cmp.Or(number(v.Article), inInbox), v.Title})
	}
	if len(rows) == 0 {
		return
	}
	p.gap()
	p.titled([]string{"", "RULE", "SECTION", "DATED", "ID", "TITLE"}, rows, "ID")
	if hidden := len(views) - len(rows); hidden > 0 {
		p.gap()
		p.tell("%d more are out; --all lists them.", hidden)
	}
	p.measures(views)
	p.parted(views, n.Zone)
	if back {
		p.gap()
		p.tell("Back catalogue: older than first_horizon (%s) when it came before the first edition, or when its source was first asked.", config.Duration(n.FirstHorizon))
		if undated {
			p.tell("So is what came without a date with the first collection of a source that was added later: nobody knows whether it is news.")
		}
		p.tell("It stays home however long horizon is; to bring one: %s", n.Command("article pin ID"))
	}
}

// A measured is all that articles have in common that were measured alike.
type measured struct {
	rule                newsletter.Rule
	section             string // empty: it does not matter
	quota, minimum, had int
	horizon             config.Duration
}

// measured is by what the article was measured, zero for nothing. What a back catalogue is is said elsewhere.
func (v verdictView) measured() measured {
	switch {
	case v.Quota > 0, v.MinimumOf == ofSection:
		return measured{rule: v.Rule, section: v.Section, quota: v.Quota, minimum: v.Minimum, had: v.Had}
	case v.MinimumOf == ofEdition:
		return measured{rule: v.Rule, minimum: v.Minimum, had: v.Had}
	case v.Horizon > 0 && !v.Back:
		return measured{rule: v.Rule, horizon: v.Horizon}
	}
	return measured{}
}

func (m measured) String() string {
	switch {
	case m.quota > 0:
		return fmt.Sprintf("quota of %s: %d", m.section, m.quota)
	case m.horizon > 0:
		return fmt.Sprintf("horizon: %s", m.horizon)
	case m.section != "":
		return fmt.Sprintf("%s for %s, minimum of the section: %d", articles(m.had), m.section, m.minimum)
	}
	return fmt.Sprintf("%s for the edition, minimum: %d", articles(m.had), m.minimum)
}

// measures say by what articles were measured that found no place, once for all that were measured alike.
func (p *page) measures(views []verdictView) {
	var said []measured
	var rows [][]string
	for _, v := range views {
		if m := v.measured(); m != (measured{}) && !slices.Contains(said, m) {
			said = append(said, m)
			rows = append(rows, []string{string(m.rule), m.String()})
		}
	}
	if rows != nil {
		p.gap()
		p.list(nil, rows)
	}
}

// ruling is the rule with what it refers to. waits: what stands for the article is dated later.
func (v verdictView) ruling(waits bool) string {
	rule := string(v.Rule)
	switch {
	case v.Original != 0, v.RowOf != "":
		rule += v.sameAs(waits)
	case v.CarriedBy != "":
		rule += " " + v.CarriedBy
		if v.Slot != "" {
			rule += fmt.Sprintf(" (%s)", v.Slot)
		}
	case v.isUndated():
		rule += " (back catalogue, undated)"
	case v.Back:
		rule += " (back catalogue)"
	}
	rule += v.Left.String() + v.wanted()
	if v.Fresh > 0 {
		rule += fmt.Sprintf(" (%d%% new)", v.Fresh)
	}
	if v.Lead != "" && v.Lead != newsletter.LeadOrder { // that order can be seen
		rule += fmt.Sprintf(" (lead: %s)", v.Lead)
	}
	return rule
}

// sameAs names the article that stands for this one, and what is to be said of the two.
func (v verdictView) sameAs(waits bool) string {
	var more []string
	if v.Sign != "" {
		more = append(more, v.Sign)
	}
	switch {
	case v.CarriedBy != "":
		more = append(more, v.CarriedBy)
	case waits:
		more = append(more, string(newsletter.RuleFuture))
	}
	original := cmp.Or(number(v.Original), inInbox)
	if more == nil {
		return " " + original
	}
	return fmt.Sprintf(" %s (%s)", original, strings.Join(more, ", "))
}

// wanted says that an editor wants the article in, where neither the rule says so nor that it leads, and it may come to that.
func (v verdictView) wanted() string {
	switch {
	case v.Rule == newsletter.RulePinned || v.Lead == newsletter.LeadByHand || !v.Rule.Offered() && v.Rule != newsletter.RuleFuture:
		return ""
	case v.Stance == newsletter.StanceLead:
		return " (lead)"
	case v.Stance == newsletter.StancePinned:
		return " (pinned)"
	}
	return ""
}
