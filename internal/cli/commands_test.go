package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

const document = "../../docs/commands.md"

// TestCommandsDocument keeps docs/commands.md what the commands say of themselves.
func TestCommandsDocument(t *testing.T) {
	root := (&shell{}).root()
	root.InitDefaultCompletionCmd()
	var b bytes.Buffer
	fmt.Fprintln(&b, "<!-- Written by `go test ./internal/cli -run TestCommandsDocument -update` from the commands' own help. -->")
	fmt.Fprint(&b, "# Commands\n\n"+root.Long+"\n\n")
	fmt.Fprint(&b, "These flags go with every command:\n\n```\n"+usages(root.PersistentFlags())+"```\n\n")
	fmt.Fprint(&b, "What was asked for goes to standard output, everything else to standard error. An error takes two lines: what happened, and what to do.\n\n"+
		"Commands that an answer names are written without these flags. Whoever gave --config or --data is told at a terminal what to add to them; with FACTEUR_CONFIG and FACTEUR_DATA in the environment nothing is to be added.\n\n")
	for _, cmd := range root.Commands() {
		if cmd.Name() != "help" {
			describe(&b, cmd)
		}
	}
	if *update {
		if err := os.WriteFile(document, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), b.String()); diff != "" {
		t.Errorf("docs/commands.md is stale; go test ./internal/cli -run TestCommandsDocument -update writes it anew (-have +want):\n%s", diff)
	}
}

// describe writes a command and those below it, whatever its depth, so that each can be linked to.
func describe(b *bytes.Buffer, cmd *cobra.Command) {
	level := "##"
	if cmd.Parent().HasParent() {
		level = "###"
	}
	text := cmd.Long
	if text == "" {
		text = strings.TrimSuffix(cmd.Short, ".") + "."
	}
	fmt.Fprintf(b, "%s %s\n\n", level, cmd.CommandPath())
	switch {
	case cmd.IsAdditionalHelpTopicCommand() || strings.HasPrefix(cmd.CommandPath(), "facteur completion"):
		fmt.Fprintf(b, "```\n%s\n```\n\n", strings.TrimSpace(text))
	default:
		fmt.Fprintf(b, "%s\n\n", text)
	}
	if !cmd.HasSubCommands() && cmd.Runnable() {
		fmt.Fprintf(b, "```\n%s\n%s```\n\n", cmd.UseLine(), usages(cmd.NonInheritedFlags()))
	}
	if cmd.HasExample() {
		fmt.Fprintf(b, "```sh\n%s\n```\n\n", strings.TrimPrefix(strings.ReplaceAll(cmd.Example, "\n  ", "\n"), "  "))
	}
	for _, below := range cmd.Commands() {
		describe(b, below)
	}
}

func usages(flags *pflag.FlagSet) string { return flags.FlagUsages() }

// TestEveryCommandHelps keeps the manners of help: a short text, an example, no unknown word for an argument.
func TestEveryCommandHelps(t *testing.T) {
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: the short text is empty or ends in a full stop: %q", cmd.CommandPath(), cmd.Short)
		}
		if cmd.Runnable() && !cmd.HasSubCommands() && cmd.Example == "" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
		for line := range strings.Lines(cmd.Example + "\n" + cmd.Long) {
			if len([]rune(line)) > 121 {
				t.Errorf("%s: a line of help is %d characters long: %s", cmd.CommandPath(), len([]rune(line)), line)
			}
		}
		for _, below := range cmd.Commands() {
			visit(below)
		}
	}
	visit((&shell{}).root())
}
