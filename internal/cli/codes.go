package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// A Code is the exit code of the process. Those from 64 up are of sysexits(3).
type Code int

// The codes, all there are.
const (
	Done        Code = 0
	Unexpected  Code = 1
	Misused     Code = 2
	Partly      Code = 3
	NotFound    Code = 4
	NotPossible Code = 5
	BadData     Code = 65  // EX_DATAERR
	BadFile     Code = 74  // EX_IOERR
	TryAgain    Code = 75  // EX_TEMPFAIL
	IsCopy      Code = 77  // EX_NOPERM
	BadSettings Code = 78  // EX_CONFIG
	Interrupted Code = 130 // 128 + SIGINT, as shells have it
)

// Codes lists every code with its meaning, in the order in which people are shown them.
func Codes() []struct {
	Code    Code
	Meaning string
} {
	return []struct {
		Code    Code
		Meaning string
	}{
		{Done, "done, or nothing was to be done"},
		{Unexpected, "an error that has no code of its own"},
		{Misused, "the command line cannot be understood, or a number was to be typed without a terminal and without --yes"},
		{Partly, "partly done: some letters did not get through, some lines or people were not taken"},
		{NotFound, "there is no such edition, article, address, newsletter or key, or no database yet"},
		{NotPossible, "not possible as things stand, or not confirmed; nothing was changed"},
		{BadData, "an article, a list, an address or a record of the DNS cannot be used as it is, or a letter may not leave as it is"},
		{BadFile, "a file or a folder cannot be read or written"},
		{TryAgain, "not now: the relay or the DNS is not reached, or another program holds the database or sends; try again later"},
		{IsCopy, "this data folder is a copy, which sends nothing until facteur claim"},
		{BadSettings, "the settings are wrong, or forbid letters to leave"},
		{Interrupted, "stopped by a signal before the end; what was done is kept"},
	}
}

func exitCodes() *cobra.Command {
	var b strings.Builder
	b.WriteString("The exit codes of every command:\n\n")
	for _, c := range Codes() {
		fmt.Fprintf(&b, "  %3d  %s\n", c.Code, c.Meaning)
	}
	return &cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: strings.TrimRight(b.String(), "\n")}
}
