package cli

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

func (s *shell) digest() *cobra.Command {
	return group("digest", "What would leave, why, and publish it", "", s.digestPreview(), s.digestWhy(), s.digestWord(), s.digestSponsor(), s.digestPublish())
}

// naming adds the flag by which a newsletter is chosen.
func naming(cmd *cobra.Command, name *string) *cobra.Command {
	cmd.Flags().StringVar(name, "newsletter", "", "the newsletter's `name`, where there are several")
	return cmd
}

type previewView struct {
	Newsletter string         `json:"newsletter"`
	At         time.Time      `json:"at"`
	Computed   time.Time      `json:"computed"`
	Remark     string         `json:"remark,omitempty"`  // on a time that is past, or before which slots are due
	Edition    string         `json:"edition,omitempty"` // that would be published
	Subject    string         `json:"subject,omitempty"`
	Reason     string         `json:"reason,omitempty"` // why nothing would leave
	Waiting    int            `json:"waiting_in_inbox"`
	Uncompared bool           `json:"inbox_not_compared,omitempty"` // too many wait, or another program writes: which of them are one story with others is known once they are collected
	Refused    []string       `json:"refused_in_inbox,omitempty"`   // rows of it that will be no articles
	Word       *wordView      `json:"word,omitempty"`
	Sponsor    *sponsorView   `json:"sponsor,omitempty"`
	Beyond     int            `json:"on_page_only,omitempty"` // articles that the letter would leave to its page
	LeftOut    []string       `json:"left_out,omitempty"`     // articles of which something would be left out
	Files      []string       `json:"files,omitempty"`        // that --out wrote
	Verdicts   []verdictView  `json:"verdicts"`
	Before     []comingView   `json:"slots_before,omitempty"`      // between now and then, those of sisters among them
	More       bool           `json:"more_slots_before,omitempty"` // than these, which are not foreseen
	Back       []backView     `json:"stand_back,omitempty"`
	Nowhere    map[string]int `json:"of_no_section,omitempty"` // articles by a section that no newsletter has, and that else might go
}

func (s *shell) digestPreview() *cobra.Command {
	var name, at, folder string
	var all bool
	cmd := &cobra.Command{
		Use: "preview", Short: "Show what would leave, now or at another time",
		Long: `Show what would leave now, or at another time, and why each candidate is in or out.

It is computed now, from the articles that are there and the rows that wait in the inbox; nothing is moved or recorded.
What the slots between now and that time would bring counts as brought, those of newsletters of the family among them.

With --out the letter itself is written as well: letter.html and letter.txt to look at, and letter.eml, which a mail
program opens. They are the bytes that a reader would get, but for the address, the links to the reader's own pages,
which open none, and what the relay adds. Files of these names are replaced.`,
		Example: "  facteur digest preview\n  facteur digest preview --at '2026-12-01 07:00'\n  facteur digest preview --out look",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				n, err := a.Newsletter(name)
				if err != nil {
					return err
				}
				when, err := parseInstant(at, n.Zone)
				if err != nil {
					return err
				}
				if err := s.misnamed(cmd.Context(), a); err != nil {
					return err
				}
				p, err := a.Desk.Preview(cmd.Context(), n, when)
				if err != nil {
					return err
				}
				v := viewPreview(n, p)
				if v.Back, err = viewBack(cmd.Context(), a, n, v.Verdicts); err != nil {
					return err
				}
				if err := sayParted(cmd.Context(), a, n, v.Verdicts); err != nil {
					return err
				}
				v.Nowhere = nowhere(a, p.Unlisted)
				if folder != "" && p.Reason == "" {
					if v.Files, err = writeLetter(cmd.Context(), a, n, p, folder); err != nil {
						return err
					}
				}
				if err := s.show(v, func(out *page) { out.preview(v, n, all) }); err != nil {
					return err
				}
				if folder != "" && v.Files == nil {
					return &answer{code: NotPossible, what: "there is no letter to write: " + p.Reason, do: n.Command("digest why") + " tells of each article why it is out; --at looks at another time"}
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&at, "at", "", "as of this `time` on the newsletter's clock, such as '2026-12-01 07:00'")
	cmd.Flags().BoolVar(&all, "all", false, "list everything that is out, not only the first")
	cmd.Flags().StringVar(&folder, "out", "", "write the letter into this `folder`: letter.html, letter.txt, letter.eml")
	return naming(cmd, &name)
}

// writeLetter writes the letter of a preview, and returns the paths of its files.
func writeLetter(ctx context.Context, a *app.App, n newsletter.Newsletter, p digest.Preview, folder string) ([]string, error) {
	letter, err := a.Specimen(ctx, n, p)
	if err != nil {
		return nil, err
	}
	failed := func(err error) error {
		return &answer{code: BadFile, what: err.Error(), do: "name a folder that this user may write with --out", cause: err}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, failed(err)
	}
	var files []string
	for _, f := range []struct {
		name    string
		content []byte
	}{{"letter.html", letter.HTML}, {"letter.txt", letter.Text}, {"letter.eml", letter.Message}} {
		path := filepath.Join(folder, f.name)
		if err := os.WriteFile(path, f.content, 0o644); err != nil {
			return nil, failed(err)
		}
		files = append(files, path)
	}
	return files, nil
}

func viewPreview(n newsletter.Newsletter, p digest.Preview) previewView {
	v := previewView{
		Newsletter: n.Name, At: p.At.In(n.Zone), Computed: p.Computed.In(n.Zone), Subject: p.Subject, Reason: p.Reason,
		Waiting: p.Waiting, Uncompared: p.Uncompared, Refused: p.Refused, Beyond: p.Beyond, LeftOut: p.LeftOut, Word: viewWord(n.Name, p.Word), Sponsor: viewSponsor(n.Name, p.Sponsor), Verdicts: viewVerdicts(n, p.Verdicts),
		Before: viewComing(p.Before), More: p.More,
	}
	v.Remark = remark(p.At, p.Computed, v.Before, v.More)
	cameIn(v.Verdicts, v.Before)
	if p.Reason == "" {
		v.Edition = newsletter.EditionRef{Newsletter: n.Name, Number: p.Number}.String()
	}
	return v
}

func (p *page) preview(v previewView, n newsletter.Newsletter, all bool) {
	in := countIn(v.Verdicts)
	if v.Reason != "" {
		p.tell("No edition of %s would leave: %s.", n.Name, v.Reason)
	} else {
		p.tell("%s would leave with %s: %s", v.Edition, articles(in), v.Subject)
	}
	p.computed(v.Verdicts, v.At, v.Remark, n.Zone)
	if v.Files != nil {
		p.say("Its letter: %s.", strings.Join(v.Files, ", "))
	}
	p.beyond(v.Beyond)
	p.warnings(v.LeftOut)
	p.word(v.Word)
	p.sponsor(v.Sponsor)
	if v.Waiting > 0 {
		p.say("%s of the inbox among them, not moved yet.", count(v.Waiting, "row", "rows"))
	}
	p.uncompared(v.Uncompared)
	p.refusedRows(v.Refused)
	p.verdicts(v.Verdicts, n, all)
	p.coming(v.Before, all)
	p.standBack(v.Back, n.Zone)
	p.nowhere(v.Nowhere)
}

// computed tells what verdicts are that were not recorded.
func (p *page) computed(verdicts []verdictView, at time.Time, remark string, zone *time.Location) {
	p.tell("%s. Computed now, for %s.", totals(verdicts), stamp(at, zone))
	if remark != "" {
		p.tell("%s", remark)
	}
}

// nowhere leaves of sections that a newsletter does not have those that no other has either.
func nowhere(a *app.App, unlisted map[string]int) map[string]int {
	maps.DeleteFunc(unlisted, func(section string, _ int) bool { return listedAnywhere(a, section) })
	return unlisted
}

// nowhere tells of articles that no edition brings since their section was taken out of the settings, or renamed.
func (p *page) nowhere(sections map[string]int) {
	if len(sections) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(sections))
	p.gap()
	p.tell("Of no section of any newsletter, so that none brings them: %s.", tallied(names, sections))
	p.tell("Put it into the settings again, or give them another: %s", givingSection("--of "+names[0]))
}

type whyView struct {
	Newsletter string         `json:"newsletter"`
	Slot       string         `json:"slot,omitempty"`
	At         time.Time      `json:"at"`
	Computed   time.Time      `json:"computed,omitzero"` // none of what was recorded
	Remark     string         `json:"remark,omitempty"`  // as in a preview, where it is computed
	Recorded   bool           `json:"recorded"`          // with the decision; otherwise computed now
	State      string         `json:"state,omitempty"`
	Reason     string         `json:"reason,omitempty"`
	Edition    string         `json:"edition,omitempty"`
	Unsent     bool           `json:"unsent,omitempty"`             // that edition was cancelled before anything of it left
	Uncompared bool           `json:"inbox_not_compared,omitempty"` // as in a preview
	Verdicts   []verdictView  `json:"verdicts"`
	Before     []comingView   `json:"slots_before,omitempty"` // as in a preview
	More       bool           `json:"more_slots_before,omitempty"`
	Back       []backView     `json:"stand_back,omitempty"`
	Nowhere    map[string]int `json:"of_no_section,omitempty"` // as in a preview
	Decided    []decidedView  `json:"decided,omitempty"`       // beside what is computed now, the slots that were decided last, the latest first
}

// A decidedView is what became of a slot.
type decidedView struct {
	Slot    string `json:"slot"`
	State   string `json:"state"`
	Reason  string `json:"reason,omitempty"`
	Edition string `json:"edition,omitempty"`
	Unsent  bool   `json:"unsent,omitempty"` // that edition was cancelled before anything of it left
}

func viewDecided(r newsletter.SlotRecord) decidedView {
	v := decidedView{Slot: string(r.Slot), State: string(r.State), Reason: r.Reason, Unsent: r.Unsent}
	if r.Edition > 0 {
		v.Edition = newsletter.EditionRef{Newsletter: r.Newsletter, Number: r.Edition}.String()
	}
	return v
}

func (s *shell) digestWhy() *cobra.Command {
	var name, at string
	var all bool
	cmd := &cobra.Command{
		Use: "why", Short: "Say why each article was in or out of a slot",
		Long: `Say why each article was in or out of a slot.

For a slot that was decided the verdicts recorded then; for any other time verdicts computed now,
from what is known now: of a time that is past, articles, editions, decisions by hand and settings that
came since count as well; of one that is to come, what the slots before would bring counts as brought.`,
		Example: "  facteur digest why --at 2026-12-01T07:00\n  facteur digest why --at 2026-11-24T10:12+1     # one published by hand",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				n, err := a.Newsletter(name)
				if err != nil {
					return err
				}
				return s.why(cmd.Context(), a, n, at, all)
			})
		},
	}
	cmd.Flags().StringVar(&at, "at", "", "the `slot`, such as 2026-12-01T07:00, or a time; now if left out")
	cmd.Flags().BoolVar(&all, "all", false, "list everything that is out, not only the first")
	return naming(cmd, &name)
}

func (s *shell) why(ctx context.Context, a *app.App, n newsletter.Newsletter, at string, all bool) error {
	slot, err := parseSlot(at, n.Zone)
	if err != nil {
		return err
	}
	e, err := a.Desk.Why(ctx, n, slot)
	if err != nil {
		return err
	}
	of := viewDecided(e.Record)
	v := whyView{
		Newsletter: n.Name, Slot: string(e.Slot), At: e.At.In(n.Zone), Computed: e.Computed.In(n.Zone), Recorded: e.Recorded, Uncompared: e.Uncompared,
		State: of.State, Reason: of.Reason, Edition: of.Edition, Unsent: of.Unsent, Verdicts: viewVerdicts(n, e.Verdicts),
		Before: viewComing(e.Before), More: e.More,
	}
	cameIn(v.Verdicts, v.Before)
	if !v.Recorded {
		v.Remark = remark(e.At, e.Computed, v.Before, v.More)
		decided, err := a.Store.Slots(ctx, n.Name, mostDecided)
		if err != nil {
			return err
		}
		for _, r := range decided {
			v.Decided = append(v.Decided, viewDecided(r))
		}
	}
	if !v.Recorded { // what was pinned then may not be any more
		if v.Back, err = viewBack(ctx, a, n, v.Verdicts); err != nil {
			return err
		}
		if err := sayParted(ctx, a, n, v.Verdicts); err != nil {
			return err
		}
	}
	v.Nowhere = nowhere(a, e.Unlisted)
	return s.show(v, func(p *page) {
		p.why(v, n, all)
		p.decided(v.Decided, n)
	})
}

// mostDecided is how many slots that were decided are named to whoever did not ask for one.
const mostDecided = 3

func (p *page) why(v whyView, n newsletter.Newsletter, all bool) {
	switch {
	case v.Unsent:
		p.tell("Slot %s was published as %s, which was cancelled before anything of it left: its articles were given back.", v.Slot, v.Edition)
	case v.Edition != "":
		p.say("Slot %s was published as %s.", v.Slot, v.Edition)
	case v.Recorded:
		p.tell("Slot %s was %s: %s.", v.Slot, v.State, v.Reason)
	case v.State != "":
		p.tell("Slot %s %s: %s.", v.Slot, v.State, v.Reason)
	case v.Slot != "":
		p.say("Slot %s was not decided.", v.Slot)
	default:
		p.say("As of now:")
	}
	switch {
	case v.Recorded && len(v.Verdicts) == 0:
		p.tell("No article was judged. Recorded with the decision, %s.", stamp(v.At, n.Zone))
	case v.Recorded:
		p.tell("%s. Recorded with the decision, %s.", totals(v.Verdicts), stamp(v.At, n.Zone))
	default:
		p.computed(v.Verdicts, v.At, v.Remark, n.Zone)
	}
	p.uncompared(v.Uncompared)
	p.verdicts(v.Verdicts, n, all)
	p.coming(v.Before, all)
	p.standBack(v.Back, n.Zone)
	p.nowhere(v.Nowhere)
}

// uncompared tells that more is one story than can be seen.
func (p *page) uncompared(is bool) {
	if is {
		p.tell("The rows of the inbox were not compared with other articles: too many wait, or another program writes just now. Which of them are one story with others is known once they are collected.")
	}
}

// decided names the latest slots that were decided, for whoever did not know how to ask for one.
func (p *page) decided(views []decidedView, n newsletter.Newsletter) {
	if len(views) == 0 {
		return
	}
	p.gap()
	p.tell("Decided last; why: %s", n.Command("digest why --at SLOT"))
	for _, v := range views {
		what := v.State
		if v.Edition != "" {
			what += " as " + v.Edition
		}
		if v.Unsent {
			what += ", and cancelled before anything of it left"
		}
		p.say("  %s  %s", v.Slot, what)
	}
}
