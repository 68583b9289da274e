package cli

import "github.com/spf13/cobra"

// strict makes the two commands that cobra brings, help and completion, refuse what they do not know, as all others do.
// It takes the streams as they are set then.
func strict(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Use, cmd.Run, cmd.RunE = "help [COMMAND]", nil, helpAbout
		case "completion":
			cmd.Args, cmd.RunE = cobra.ArbitraryArgs, onlyBelow
			for _, below := range cmd.Commands() {
				below.Args = takes()
			}
		}
	}
}

func helpAbout(cmd *cobra.Command, args []string) error {
	about, rest, err := cmd.Root().Find(args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return unknown(about, rest[0])
	}
	about.InitDefaultHelpFlag() // so that it is shown
	return about.Help()
}
