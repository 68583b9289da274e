package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

func (s *shell) source() *cobra.Command {
	return group("source", "Where articles come from by themselves", `Where articles come from by themselves: folders of Markdown files, feeds, and SQLite files of other
programs. They stand in the settings, as [sources.NAME]; docs/sources.md tells how to set one up.

serve collects each at its own times. One that cannot be read keeps no other from coming, takes nothing back,
and is told of by a notice once it stays broken.`,
		s.sourceList(), s.sourceFetch())
}

// brokenView is why a source cannot be read.
type brokenView struct {
	What     string    `json:"what"`
	Do       string    `json:"do"`
	First    time.Time `json:"first_failed"` // of the tries in a row
	Tries    int       `json:"tries"`
	Notified bool      `json:"notified"` // the operator was told
}

// mendedView is when a source was read again that could not be.
type mendedView struct {
	First time.Time `json:"first_failed"`
	At    time.Time `json:"at"`
}

type sourceView struct {
	Name      string      `json:"name"`
	Kind      string      `json:"kind"`
	Place     string      `json:"place"`
	Tried     time.Time   `json:"tried,omitzero"`
	Succeeded time.Time   `json:"succeeded,omitzero"`
	Next      time.Time   `json:"next,omitzero"`
	Articles  int         `json:"articles"`          // that it was the first to bring
	Refused   int         `json:"refused"`           // that are kept
	More      bool        `json:"more_refused"`      // than are kept
	Moved     string      `json:"moved,omitempty"`   // the address at which its server says that it is for good
	Trouble   *brokenView `json:"trouble,omitempty"` // since the latest try
	Mended    *mendedView `json:"mended,omitempty"`  // of the latest trouble, where that is over
}

func viewSource(of collect.Source, st collect.SourceState, zone *time.Location) sourceView {
	v := sourceView{Name: of.Name, Kind: of.Kind, Place: of.Place, Tried: st.Tried.In(zone), Succeeded: st.Succeeded.In(zone), Articles: st.Articles, Refused: st.Refused, More: st.Dropped, Moved: st.Moved}
	switch {
	case st.Failures > 0:
		v.Trouble = &brokenView{st.Trouble.What, st.Trouble.Do, st.Failing.In(zone), st.Failures, st.Told}
	case !st.Mended.IsZero():
		v.Mended = &mendedView{st.Broke.In(zone), st.Mended.In(zone)}
	}
	return v
}

// refused counts what is no article in a source.
func (v sourceView) refused() string {
	if v.More {
		return fmt.Sprintf("%d+", v.Refused)
	}
	return strconv.Itoa(v.Refused)
}

func (s *shell) sourceList() *cobra.Command {
	var refused bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the sources, and how each is",
		Long: `List the sources: when each went well last, when it is tried next,
and how many articles it was the first to bring. Of one that cannot be read two lines tell why and what to do;
for a day after that it says that it is read again. REFUSED is what stands in it and
is no article, as 500+ where more is than is kept. Of a feed that redirects for good
it tells the address that belongs into the settings.`,
		Example: "  facteur source list\n  facteur source list --refused       # what stands in them and is no article, and why",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.with(cmd.Context(), mustExist, func(a *app.App) error {
				if refused {
					return s.listFaults(cmd.Context(), a)
				}
				return s.listSources(cmd.Context(), a)
			})
		},
	}
	cmd.Flags().BoolVar(&refused, "refused", false, "list what the sources hold and is no article instead")
	return cmd
}

const noSources = "There is no source yet: docs/sources.md tells how to set one up. The table inbox and facteur article add need none."

func (s *shell) listSources(ctx context.Context, a *app.App) error {
	all, err := a.SourceHealth(ctx)
	if err != nil {
		return err
	}
	zone := a.Newsletters[0].Zone
	views := make([]sourceView, len(all))
	for i, h := range all {
		views[i] = viewSource(h.Source, h.State, zone)
		views[i].Next = h.Next.In(zone)
	}
	return s.show(views, func(p *page) { p.sources(views, s.Now(), zone) })
}

func (p *page) sources(views []sourceView, now time.Time, zone *time.Location) {
	if len(views) == 0 {
		p.tell(noSources)
		return
	}
	rows := make([][]string, len(views))
	for i, v := range views {
		rows[i] = []string{v.Name, v.Kind, stamp(v.Succeeded, zone), stamp(v.Next, zone), strconv.Itoa(v.Articles), v.refused(), v.Place}
	}
	p.reasoned([]string{"SOURCE", "KIND", "WENT WELL", "NEXT", "ARTICLES", "REFUSED", "PLACE"}, rows, "ARTICLES", "REFUSED")
	for _, v := range views {
		p.broken(v, zone)
		p.mended(v, now, zone)
		p.moved(v)
	}
}

// broken tells why a source cannot be read, in two lines.
func (p *page) broken(v sourceView, zone *time.Location) {
	if t := v.Trouble; t != nil {
		when := "1 try failed, on " + stamp(t.First, zone)
		if t.Tries > 1 {
			when = fmt.Sprintf("%d tries in a row failed, the first on %s, the latest on %s", t.Tries, stamp(t.First, zone), stamp(v.Tried, zone))
		}
		p.gap()
		p.tell("%s, %s: %s", v.Name, when, t.What)
		p.tellIn(2, "%s", t.Do)
	}
}

// toldMended is for how long it is told that a source is read again, to whoever looks once a day.
const toldMended = 24 * time.Hour

func (p *page) mended(v sourceView, now time.Time, zone *time.Location) {
	if m := v.Mended; m != nil && now.Sub(m.At) < toldMended {
		p.gap()
		p.tell("%s is read again since %s; the first try that had failed was on %s.", v.Name, stamp(m.At, zone), stamp(m.First, zone))
	}
}

// moved tells where a feed is for good. It goes on to be read as long as its old address leads there.
func (p *page) moved(v sourceView) {
	if v.Moved != "" {
		p.gap()
		p.tell("%s has moved for good, its server says, and is read where it is as long as its old address leads there.", v.Name)
		p.tellIn(2, "put its new one into [sources.%s]: url = %q", v.Name, v.Moved)
	}
}

type faultView struct {
	Source string    `json:"source"`
	Name   string    `json:"name"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

func (s *shell) listFaults(ctx context.Context, a *app.App) error {
	zone := a.Newsletters[0].Zone
	views, rows, more := []faultView{}, [][]string(nil), []string(nil)
	for _, one := range a.Sources {
		state, err := a.Store.SourceState(ctx, one.Name)
		if err != nil {
			return err
		}
		if state.Dropped {
			more = append(more, one.Name)
		}
		faults, err := a.Store.SourceFaults(ctx, one.Name)
		if err != nil {
			return err
		}
		for _, f := range faults {
			views = append(views, faultView{one.Name, f.Name, f.Reason, f.At.In(zone)})
			rows = append(rows, []string{one.Name, stamp(f.At, zone), clip(f.Name, titleWidth), f.Reason})
		}
	}
	return s.show(views, func(p *page) {
		switch {
		case len(a.Sources) == 0:
			p.tell(noSources)
			return
		case len(rows) == 0:
			p.say("Nothing in the sources was refused.")
			return
		}
		p.tell("%s no article. Correct it where it stands: it is read again by itself.", count(len(rows), "name is", "names are"))
		if more != nil {
			p.tell("Of %s these are the latest; there are more.", strings.Join(more, ", "))
		}
		p.gap()
		p.reasoned([]string{"SOURCE", "SINCE", "NAME", "REASON"}, rows)
	})
}

// homeView is what came with the first collection of a source, without a date, and stays home as back catalogue.
type homeView struct {
	Undated     int      `json:"undated"`
	Newsletters []string `json:"newsletters"` // that leave it there: those that had an edition
}

type gainView struct {
	Source    string      `json:"source"`
	Added     int         `json:"added"`
	Updated   int         `json:"updated"`
	Unchanged int         `json:"unchanged"`
	LeftOut   int         `json:"left_out"` // by its filters, or drafts
	Refused   int         `json:"refused"`
	Gone      int         `json:"gone"`
	Waiting   int         `json:"waiting"` // being written at this moment
	Anew      bool        `json:"anew"`    // from its beginning, because nothing was there of what was read last
	Mended    bool        `json:"mended"`  // it could not be read before
	Moved     string      `json:"moved,omitempty"`
	Home      *homeView   `json:"left_home,omitempty"`
	Faults    []faultView `json:"faults,omitempty"`
	Remarks   []faultView `json:"remarks,omitempty"` // about what was added or updated
	Trouble   *brokenView `json:"trouble,omitempty"`
}

func (s *shell) sourceFetch() *cobra.Command {
	return &cobra.Command{
		Use: "fetch [NAME]", Short: "Collect the sources now, or one of them",
		Long: `Collect the sources now, or one of them, whether they are due or not, and say what came.

What was read before is not read again, unless it has changed or its settings have.`,
		Example: "  facteur source fetch\n  facteur source fetch site",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return takes("NAME")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd.Context(), mayCreate, func(a *app.App) error {
				wanted := a.Sources
				if len(args) == 1 {
					one, err := a.FindSource(args[0])
					if errors.Is(err, newsletter.ErrNotFound) {
						return &answer{code: NotFound, what: fmt.Sprintf("there is no source %q", args[0]), do: "facteur source list names those there are", cause: err}
					}
					wanted = []collect.Source{one}
				}
				return s.fetchSources(cmd.Context(), a, wanted)
			})
		},
	}
}

func (s *shell) fetchSources(ctx context.Context, a *app.App, wanted []collect.Source) error {
	zone := a.Newsletters[0].Zone
	views := []gainView{}
	var troubles []*answer
	line := s.progress()
	defer line.end()
	for _, one := range wanted {
		counted := one
		counted.Reader = counting{one.Reader, func(n int) { line.bar(headway{done: int64(n), n: n, what: "read of " + one.Name}) }}
		gain, state, err := a.Gatherer.Fetch(ctx, counted)
		if err != nil {
			return err
		}
		v := gainView{
			Source: one.Name, Added: gain.Added, Updated: gain.Updated, Unchanged: gain.Unchanged, LeftOut: gain.LeftOut, Refused: gain.Refused,
			Gone: gain.Gone, Waiting: gain.Waiting, Anew: gain.Anew, Mended: gain.Mended, Moved: state.Moved, Trouble: viewSource(one, state, zone).Trouble,
		}
		home, err := a.LeaveHome(ctx, gain)
		if err != nil {
			return err
		}
		if home != nil {
			v.Home = &homeView{gain.Undated, home}
		}
		for _, f := range gain.Faults {
			v.Faults = append(v.Faults, faultView{Source: one.Name, Name: f.Name, Reason: f.Reason, At: state.Tried.In(zone)})
		}
		for _, r := range gain.Remarks {
			v.Remarks = append(v.Remarks, faultView{Source: one.Name, Name: r.Name, Reason: r.Reason, At: state.Tried.In(zone)})
		}
		if v.Trouble != nil {
			troubles = append(troubles, &answer{code: Partly, what: fmt.Sprintf("source %s: %s", one.Name, v.Trouble.What), do: v.Trouble.Do})
		}
		views = append(views, v)
	}
	line.end()
	if err := s.show(views, func(p *page) { p.gains(views) }); err != nil || len(troubles) == 0 {
		return err
	}
	last := troubles[len(troubles)-1]
	last.before = troubles[:len(troubles)-1]
	return last
}

// A counting reader tells how much it has handed over.
type counting struct {
	collect.Reader
	tell func(n int)
}

func (c counting) Read(ctx context.Context, mark string, again []string, take func(collect.Haul) error) error {
	n := 0
	return c.Reader.Read(ctx, mark, again, func(haul collect.Haul) error {
		err := take(haul)
		n += len(haul.Offers)
		c.tell(n)
		return err
	})
}

// faultsShown is how many faults of a source a person is shown; facteur source list --refused shows all.
const faultsShown = 5

func (p *page) gains(views []gainView) {
	if len(views) == 0 {
		p.tell(noSources)
	}
	for _, v := range views {
		p.tell("%s: %s.", v.Source, v.told())
		if v.Mended {
			p.tellIn(2, "It is read again.")
		}
		if v.Moved != "" {
			p.tellIn(2, "It has moved for good, its server says: put its new address into [sources.%s]: url = %q", v.Source, v.Moved)
		}
		if v.Anew {
			p.tellIn(2, "None of what was read last is there any more, as if it had been emptied and filled anew, so all of it was read again.")
		}
		if v.Home != nil {
			p.tellIn(2, "%s no date, and may be of the past: what comes so with the first collection of a source stays home in %s, as back catalogue.",
				count(v.Home.Undated, "article has", "articles have"), strings.Join(v.Home.Newsletters, ", "))
			p.tellIn(2, "Have the source give each a date (published, in files and queries), or bring one: facteur article pin ID")
		}
		for _, f := range v.Faults[:min(len(v.Faults), faultsShown)] {
			p.tellIn(2, "%s: %s", clip(f.Name, titleWidth), f.Reason)
		}
		if more := v.Refused - faultsShown; more > 0 {
			p.tellIn(2, "and %d more: facteur source list --refused", more)
		}
		for _, r := range v.Remarks { // all of them: they are told once
			p.tellIn(2, "%s: %s", clip(r.Name, titleWidth), r.Reason)
		}
	}
}

// told is what a collection brought, in words.
func (v gainView) told() string {
	type kind string
	numbers := map[kind]int{
		"added": v.Added, "updated": v.Updated, "unchanged": v.Unchanged, "left out": v.LeftOut, "refused": v.Refused,
		"gone (what they brought stays)": v.Gone, "being written (read next time)": v.Waiting,
	}
	order := []kind{"added", "updated", "unchanged", "left out", "refused", "gone (what they brought stays)", "being written (read next time)"}
	said := tallied(order, numbers)
	switch {
	case said == "" && v.Trouble != nil:
		return "it could not be read"
	case said == "":
		return "nothing new"
	case v.Trouble != nil:
		return said + ", and then it could not be read"
	}
	return said
}
