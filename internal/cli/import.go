package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

type importView struct {
	Format   string           `json:"format"`
	DryRun   bool             `json:"dry_run"`
	Rows     int              `json:"rows"`
	Added    int              `json:"added"`
	Already  int              `json:"already"`
	Left     int              `json:"left"`
	Barred   int              `json:"suppressed"`
	Repeated int              `json:"repeated"`
	Passed   map[string]int   `json:"passed_over"` // by what the other program says of them
	Silenced int              `json:"newly_suppressed"`
	Refused  int              `json:"refused"`
	Encoding string           `json:"encoding"`
	Columns  []string         `json:"address_columns,omitempty"` // where there are several; the first was read
	Unread   []string         `json:"unread_columns,omitempty"`
	Refusals []importMistakes `json:"refusals"` // the first thousand
}

type importMistakes struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// An importing is what the command was asked for.
type importing struct {
	file, source, format, refused string
	dry                           bool
}

func (s *shell) subscriberImport() *cobra.Command {
	var name string
	var asked importing
	cmd := &cobra.Command{
		Use: "import FILE|-", Short: "Add the people of a CSV file as active readers",
		Long: `Add the people of a CSV file as active readers. Its first line names the columns, and by them the exports of
listmonk, Mailchimp, Substack, Ghost and Brevo are recognised. Any other list needs a column email (or e-mail,
courriel, adresse); language (or langue) may follow. In any list, a yes or a date in a column whose name speaks of
a blacklist or of people who unsubscribed (désinscrit, désabonné, opt-out) is an objection, and so is a word such as
unsubscribed or désinscrit in a column status (or statut, état); a word that is not known refuses its line. Columns
that were not read are named. What is left of an export when columns were taken out is refused: it may not say any
more who left. Comma, semicolon or tab separate; - reads standard input.

--source says where the consent came from; it is kept as its proof, with the dates that the file holds. Only rows of
Mailchimp do without it, and only those with a sign-up and a later confirmation, each with the address it came from.

Nobody is brought back: who left once, or whose address is suppressed, is counted and left alone. Who is no
reader in the other program is not made one here. Their objection is carried on: who unsubscribed there is
suppressed here (request), and so is an address that bounced (hard-bounce), unless the person signed up at your
own pages.

A line that cannot be taken is told with its number, and the rest goes on; --refused writes them all into a file.
Importing the same file again does no harm, and does what was left. --dry-run tells the same and changes nothing.`,
		Example: "  facteur subscriber import readers.csv --source 'sign-up list of the old site, double opt-in' --dry-run\n  facteur subscriber import subscribed.csv --source 'newsletter form of the old site' --refused refused.csv",
		Args:    takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			asked.file = args[0]
			if asked.format != "" && !slices.Contains(subscription.Formats(), subscription.Format(asked.format)) {
				return misuse(cmd, fmt.Sprintf("--format %s is not known: it is one of %s", asked.format, formats()))
			}
			return s.with(cmd.Context(), mayCreate, func(a *app.App) error {
				n, err := a.Newsletter(name)
				if err != nil {
					return err
				}
				err = s.importFrom(cmd.Context(), a, n, asked)
				if errors.Is(err, subscription.ErrNoSource) {
					return wantSource(cmd, "")
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&asked.source, "source", "", "where the consent came from, in `words`")
	cmd.Flags().StringVar(&asked.format, "format", "", "read it as the export of `program`: "+formats())
	cmd.Flags().StringVar(&asked.refused, "refused", "", "write the refused lines into this CSV `file`")
	cmd.Flags().BoolVar(&asked.dry, "dry-run", false, "tell what would be done, and change nothing")
	return naming(cmd, &name)
}

func formats() string {
	var names []string
	for _, f := range subscription.Formats() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// input opens a file of a kind, such as "CSV", or standard input for "-". It counts what is read.
func (s *shell) input(name, kind string) (*counted, func(), error) {
	if name == "-" {
		return &counted{Reader: s.Stdin}, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, &answer{code: BadFile, what: err.Error(), do: "give the path of the " + kind + " file, or - for standard input", cause: err}
	}
	in := &counted{Reader: f}
	about, err := f.Stat()
	switch {
	case err == nil && about.IsDir():
		return nil, nil, errors.Join(&answer{code: BadFile, what: name + " is a folder", do: "give the path of the " + kind + " file in it"}, f.Close())
	case err == nil && about.Mode().IsRegular():
		in.size = about.Size()
	}
	return in, func() { _ = f.Close() }, nil // only read from
}

// A counted reader knows how far it is.
type counted struct {
	io.Reader
	read, size int64 // bytes; size 0: not known
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	return n, err
}

// sameFile reports that two paths lead to one file.
func sameFile(one, other string) bool {
	a, err := os.Stat(one)
	if err != nil {
		return false
	}
	b, err := os.Stat(other)
	return err == nil && os.SameFile(a, b)
}

// refusedFile writes refused rows into a CSV file; without a name, nowhere.
func refusedFile(name string) (write func(subscription.Refusal) error, end func() error, err error) {
	if name == "" {
		return nil, func() error { return nil }, nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // it holds addresses
	if err != nil {
		return nil, nil, &answer{code: BadFile, what: err.Error(), do: "check the path after --refused; nobody was added", cause: err}
	}
	w := csv.NewWriter(f)
	write = func(r subscription.Refusal) error { return w.Write([]string{strconv.Itoa(r.Line), r.Reason, r.Text}) }
	end = func() error {
		w.Flush()
		return errors.Join(w.Error(), f.Close())
	}
	return write, end, w.Write([]string{"line", "reason", "row"})
}

func (s *shell) importFrom(ctx context.Context, a *app.App, n newsletter.Newsletter, asked importing) error {
	file, closing, err := s.input(asked.file, "CSV")
	if err != nil {
		return err
	}
	defer closing()
	if sameFile(asked.file, asked.refused) {
		return &answer{code: Misused, what: "--refused names the list itself, and would overwrite it", do: "choose another file; nobody was added"}
	}
	refused, end, err := refusedFile(asked.refused)
	if err != nil {
		return err
	}
	line := s.progress()
	report, err := a.Register.Import(ctx, n, subscription.List{
		File: file, Format: subscription.Format(asked.format), Source: asked.source, DryRun: asked.dry, Refused: refused,
		Progress: func(r subscription.Report) {
			line.bar(headway{done: file.read, whole: file.size, n: r.Rows, what: "lines"})
		},
	})
	line.end()
	err = errors.Join(err, end())
	if err != nil && report.Rows == 0 {
		return err
	}
	v := viewImport(report)
	v.DryRun = asked.dry
	if shown := s.show(v, func(p *page) { p.imported(v, n.Name, report.Foreign, asked.refused) }); shown != nil {
		return shown
	}
	if err != nil {
		told := *tell(err)
		told.do, told.cause = "what is counted here is done; importing the same file again does the rest", err
		return &told
	}
	if v.Refused > 0 {
		return &answer{code: Partly, what: count(v.Refused, "line was", "lines were") + " refused", do: "correct what can be corrected and import the file again: who is a reader already stays one"}
	}
	return nil
}

func viewImport(r subscription.Report) importView {
	v := importView{
		Format: string(r.Format), Passed: map[string]int{}, Silenced: r.Silenced,
		Rows: r.Rows, Added: r.Outcomes[subscription.Added], Already: r.Outcomes[subscription.AlreadyActive],
		Left: r.Outcomes[subscription.Left], Barred: r.Outcomes[subscription.Suppressed], Repeated: r.Repeated, Refused: r.Refused,
		Encoding: r.Encoding, Columns: r.Columns, Unread: r.Unread, Refusals: make([]importMistakes, len(r.Refusals)),
	}
	for i, refusal := range r.Refusals {
		v.Refusals[i] = importMistakes{refusal.Line, refusal.Reason}
	}
	for reason, n := range r.Passed {
		v.Passed[string(reason)] = n
	}
	return v
}

// unreadShown are how many columns that were not read are named; --json has all.
const unreadShown = 20

// refusalsShown are how many refused lines are told of unasked; --json has a thousand.
const refusalsShown = 20

func (p *page) imported(v importView, name string, foreign int, file string) {
	done, added := "added", "added: readers from now on"
	if v.DryRun {
		done, added = "would be added", "would be added; nothing was changed"
	}
	p.say("%s of %s read as %s: %d %s to %s.", count(v.Rows, "line", "lines"), v.Encoding, v.Format, v.Added, done, name)
	if v.Rows == 0 {
		p.say("The file names its columns and holds nobody.")
	}
	p.gap()
	p.importedLines(v, added)
	p.importedBeside(v, foreign)
	p.refused(v, file)
}

// importedLines counts the lines by what became of them.
func (p *page) importedLines(v importView, added string) {
	var rows [][]string
	for _, line := range []struct {
		n     int
		words string
	}{
		{v.Added, added},
		{v.Already, "readers already: nothing changed"},
		{v.Left, "left once: not brought back"},
		{v.Barred, "suppressed: receive nothing"},
		{v.Repeated, "repeat a line above"},
		{v.Refused, "refused: not taken"},
	} {
		rows = append(rows, []string{fmt.Sprint(line.n), line.words})
	}
	for _, reason := range slices.Sorted(maps.Keys(v.Passed)) {
		rows = append(rows, []string{fmt.Sprint(v.Passed[reason]), reason + " there: not made readers"})
	}
	p.list([]string{"LINES", ""}, rows, "LINES")
}

// importedBeside tells what is not seen in the numbers of the lines.
func (p *page) importedBeside(v importView, foreign int) {
	if v.Silenced > 0 {
		is := []string{"address is newly", "addresses are newly"}
		if v.DryRun {
			is = []string{"address would be", "addresses would be"}
		}
		p.say("\n%s suppressed for what the other program says of them.", count(v.Silenced, is[0], is[1]))
	}
	if v.Format == string(subscription.FormatListmonk) && v.Added > 0 {
		p.say("\nlistmonk's file does not say who left a list or never confirmed: export the confirmed people of one list only.")
	}
	if len(v.Columns) > 1 {
		p.say("\nThe addresses are those of the column %s, and not of %s. If that is wrong, take the column out of the file.",
			v.Columns[0], strings.Join(v.Columns[1:], ", "))
	}
	if shown := v.Unread[:min(len(v.Unread), unreadShown)]; len(shown) > 0 {
		more := ""
		if rest := len(v.Unread) - len(shown); rest > 0 {
			more = fmt.Sprintf(" and %d more", rest)
		}
		p.say("\nNot read: the columns %s%s. If one says who left, call it unsubscribed or status.", strings.Join(shown, ", "), more)
	}
	if foreign > 0 {
		p.say("\n%s not UTF-8 and read as windows-1252: check names with accents.", count(foreign, "line was", "lines were"))
	}
}

// refused tells of the first lines that were not taken, and where the others are.
func (p *page) refused(v importView, file string) {
	if v.Refused == 0 {
		return
	}
	p.gap()
	for _, r := range v.Refusals[:min(len(v.Refusals), refusalsShown)] {
		p.say("line %d: %s", r.Line, r.Reason)
	}
	switch rest := v.Refused - min(len(v.Refusals), refusalsShown); {
	case file != "":
		p.say("All of them are in %s.", file)
	case rest > 0:
		p.say("… and %d more (--refused FILE writes them all)", rest)
	}
}
