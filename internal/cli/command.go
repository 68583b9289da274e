package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// group makes a command that only has others below it. By itself it shows its help.
func group(name, short, long string, below ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: name, Short: short, Long: long, DisableFlagsInUseLine: true,
		Args: cobra.ArbitraryArgs, RunE: onlyBelow,
	}
	cmd.SuggestionsMinimumDistance = 2
	cmd.AddCommand(below...)
	return cmd
}

// onlyBelow is what a command does that only has others below it.
func onlyBelow(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	return unknown(cmd, args[0])
}

// unknown is a command that cmd does not have below it.
func unknown(cmd *cobra.Command, name string) error {
	return misuse(cmd, fmt.Sprintf("unknown command %q for %q", name, cmd.CommandPath()), cmd.SuggestionsFor(name)...)
}

// misuse is a command line that cannot be understood.
func misuse(cmd *cobra.Command, what string, meant ...string) error {
	do := cmd.CommandPath() + " --help shows how it is used"
	if len(meant) > 0 {
		do = "did you mean " + strings.Join(meant, " or ") + "? " + do
	}
	return &answer{code: Misused, what: what, do: do}
}

// takes checks the arguments of a command against its use line: one for each name, and any number of the last one
// where it ends in an ellipsis.
func takes(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		many := len(names) > 0 && strings.HasSuffix(names[len(names)-1], "…")
		switch {
		case len(args) < len(names):
			return misuse(cmd, fmt.Sprintf("%s needs %s", cmd.CommandPath(), strings.Join(names, " and ")))
		case len(args) > len(names) && !many && len(names) == 0:
			return misuse(cmd, fmt.Sprintf("%s takes no argument, and got %q", cmd.CommandPath(), args[0]))
		case len(args) > len(names) && !many:
			return misuse(cmd, fmt.Sprintf("%s takes only %s, and got %q as well", cmd.CommandPath(), strings.Join(names, " and "), args[len(names)]))
		}
		return nil
	}
}
