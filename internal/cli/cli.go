package cli

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// IO is all that a run of the program is given.
type IO struct {
	Program string   // as it was called, such as "bin/facteur"; empty: by a name that the shell finds
	Args    []string // without it
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Environ []string // as os.Environ gives it
	User    string   // of the system, who runs it; empty: not known

	// Which of the streams are a person's terminal: only there are questions asked, lines redrawn and colours used.
	InTerminal, OutTerminal, ErrTerminal bool

	Columns int // of the terminal that Stdout is; 0: it is none, or nobody knows

	Version string // of the program, such as "v0.1.0"; empty: as built
	Now     func() time.Time
}

// Run runs one command until it is done or ctx ends it, and returns the exit code of the process.
func Run(ctx context.Context, given IO) int {
	if given.ErrTerminal {
		given.Stderr = &screen{w: given.Stderr}
	}
	s := &shell{IO: given}
	root := s.root()
	names := &listener{shell: s, commands: root.Commands()}
	if given.OutTerminal {
		s.Stdout = io.MultiWriter(given.Stdout, names)
		defer names.remind(given.Stderr)
	}
	root.SetArgs(append([]string{}, given.Args...)) // nil would mean the process's own
	root.SetIn(given.Stdin)
	root.SetOut(given.Stdout)
	root.SetErr(given.Stderr)
	strict(root)
	once(root)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return int(Done)
	}
	told := tell(err)
	told.write(io.MultiWriter(given.Stderr, names))
	return int(told.code)
}

// A shell is one run of the program: what it was given, and what the flags for every command say.
type shell struct {
	IO
	config  string
	data    string
	json    bool
	verbose bool
}

func (s *shell) root() *cobra.Command {
	root := group("facteur", "Write and deliver a news site's newsletter", `Facteur writes and delivers the newsletter of a news site.

It collects articles, publishes an edition when the schedule says so, and sends it to every reader once.
A first look needs no set-up at all: facteur demo`)
	root.Example = `  facteur demo                        # the whole story on sample articles
  facteur serve                       # pages, schedule and sender in one process
  facteur digest preview              # what would leave now, and why
  facteur explain lea@example.org     # everything that happened to this address`
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetUsageTemplate(usage)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if again, ok := errors.AsType[twice](err); ok {
			return misuse(cmd, again.Error())
		}
		what, _, _ := strings.Cut(err.Error(), ": strconv.") // which function found it is nobody's concern
		return misuse(cmd, what)
	})
	flags := root.PersistentFlags()
	flags.StringVar(&s.config, "config", "", "settings `file` (default facteur.toml, if it is there)")
	flags.StringVar(&s.data, "data", "", "data `folder` (default data)")
	flags.BoolVar(&s.json, "json", false, "answer with one JSON value")
	flags.BoolVarP(&s.verbose, "verbose", "v", false, "log everything to standard error, not only warnings")
	root.AddCommand(
		s.serve(), s.demo(), s.article(), s.source(), s.digest(), s.preflight(), s.edition(), s.resend(), s.outbox(), s.subscriber(),
		s.signup(), s.suppression(), s.retention(), s.explain(),
		s.settingsCommand(), s.template(), s.dkim(), s.backup(), s.claim(), s.migrate(), s.version(), exitCodes(), answersInJSON(),
	)
	return root
}

// usage is cobra's own template, but that a group of commands is not shown as one that can be run, and that the exit
// codes are never far.
const usage = `Usage:{{if and .Runnable (not .HasAvailableSubCommands)}}
  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}
  {{.CommandPath}} COMMAND{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

Flags of every command:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasHelpSubCommands}}

Topics:{{range .Commands}}{{if .IsAdditionalHelpTopicCommand}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableSubCommands}}

{{.CommandPath}} COMMAND --help tells more about a command.{{else}}
{{end}}
{{.Root.Name}} help exit-codes tells what the exit codes mean, {{.Root.Name}} help json what --json answers.
`
