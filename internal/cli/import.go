package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"facteur/internal/app"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

type importView struct {
	Rows     int              `json:"rows"`
	Added    int              `json:"added"`
	Already  int              `json:"already"`
	Left     int              `json:"left"`
	Barred   int              `json:"suppressed"`
	Repeated int              `json:"repeated"`
	Refused  int              `json:"refused"`
	Encoding string           `json:"encoding"`
	Refusals []importMistakes `json:"refusals"` // the first thousand
}

type importMistakes struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

func (s *shell) subscriberImport() *cobra.Command {
	var name, source string
	cmd := &cobra.Command{
		Use: "import FILE|- --source TEXT", Short: "Add the people of a CSV file as active readers",
		Long: `Add the people of a CSV file as active readers. Its first line names the columns: email (or e-mail, courriel)
is required, language (or langue) may follow, others are ignored. Comma, semicolon or tab separate; - reads
standard input. --source says where the consent came from; it is kept as its proof.

Nobody is brought back: who left once, or whose address is suppressed, is counted and left alone. A line that
cannot be read is told with its number, and the rest goes on. Importing the same file again does no harm.`,
		Example: "  facteur subscriber import readers.csv --source 'sign-up list of the old site, double opt-in'",
		Args:    takes("FILE"), DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := wantSource(cmd, source); err != nil {
				return err
			}
			file, closing, err := s.input(args[0])
			if err != nil {
				return err
			}
			defer closing()
			return s.with(cmd.Context(), mayCreate, func(a *app.App) error {
				n, err := a.Newsletter(name)
				if err != nil {
					return err
				}
				return s.importFrom(cmd.Context(), a, n, file, source)
			})
		},
	}
	cmd.Flags().StringVar(&source, "source", "", "where the consent came from, in `words`")
	return naming(cmd, &name)
}

// input opens a file, or standard input for "-".
func (s *shell) input(name string) (io.Reader, func(), error) {
	if name == "-" {
		return s.Stdin, func() {}, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return f, func() { _ = f.Close() }, nil // only read from
}

func (s *shell) importFrom(ctx context.Context, a *app.App, n newsletter.Newsletter, file io.Reader, source string) error {
	line := s.progress()
	report, err := a.Register.Import(ctx, n, file, source, func(r subscription.Report) {
		line.tell("%d lines, %d added", r.Rows, r.Outcomes[subscription.Added])
	})
	line.end()
	if err != nil && report.Rows == 0 {
		return err
	}
	v := viewImport(report)
	if shown := s.show(v, func(p *page) { p.imported(v, n.Name, report.Foreign) }); shown != nil {
		return shown
	}
	if err != nil {
		told := *tell(err)
		told.do, told.cause = "what is counted here is done; importing the same file again does the rest", err
		return &told
	}
	if v.Refused > 0 {
		return &answer{code: Partly, what: count(v.Refused, "line was", "lines were") + " refused", do: "correct them and import the file again: who is a reader already stays one"}
	}
	return nil
}

func viewImport(r subscription.Report) importView {
	v := importView{
		Rows: r.Rows, Added: r.Outcomes[subscription.Added], Already: r.Outcomes[subscription.AlreadyActive],
		Left: r.Outcomes[subscription.Left], Barred: r.Outcomes[subscription.Suppressed], Repeated: r.Repeated, Refused: r.Refused,
		Encoding: r.Encoding, Refusals: make([]importMistakes, len(r.Refusals)),
	}
	for i, refusal := range r.Refusals {
		v.Refusals[i] = importMistakes(refusal)
	}
	return v
}

// refusalsShown are how many refused lines are told of unasked; --json has a thousand.
const refusalsShown = 20

func (p *page) imported(v importView, name string, foreign int) {
	p.say("%s of %s read: %d added to %s.", count(v.Rows, "line", "lines"), v.Encoding, v.Added, name)
	p.gap()
	var rows [][]string
	for _, line := range []struct {
		n     int
		words string
	}{
		{v.Added, "added: readers from now on"},
		{v.Already, "readers already: nothing changed"},
		{v.Left, "left once: not brought back"},
		{v.Barred, "suppressed: receive nothing"},
		{v.Repeated, "repeat a line above"},
		{v.Refused, "refused: cannot be read"},
	} {
		rows = append(rows, []string{fmt.Sprint(line.n), line.words})
	}
	p.list([]string{"LINES", ""}, rows, "LINES")
	if foreign > 0 {
		p.say("\n%s not UTF-8 and read as windows-1252: check names with accents.", count(foreign, "line was", "lines were"))
	}
	if v.Refused == 0 {
		return
	}
	p.gap()
	for _, r := range v.Refusals[:min(len(v.Refusals), refusalsShown)] {
		p.say("line %d: %s", r.Line, r.Reason)
	}
	if rest := v.Refused - min(len(v.Refusals), refusalsShown); rest > 0 {
		p.say("… and %d more (--json names the first thousand)", rest)
	}
}
