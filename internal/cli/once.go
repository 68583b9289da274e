package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// once has every flag of a command, and of those below it, be given once: else the last would count, and nobody would know. A list is given as often as it has
// parts, and a switch that is on already may be put on again.
func once(cmd *cobra.Command) {
	cmd.PersistentFlags().VisitAll(giveOnce)
	cmd.Flags().VisitAll(giveOnce)
	for _, below := range cmd.Commands() {
		once(below)
	}
}

func giveOnce(f *pflag.Flag) {
	_, isList := f.Value.(pflag.SliceValue)
	_, isOnce := f.Value.(single)
	if !isList && !isOnce {
		f.Value = single{f.Value, f}
	}
}

// A single is the value of a flag that is given once.
type single struct {
	pflag.Value
	flag *pflag.Flag
}

// Set sets it at the first time; see [pflag.Value].
func (s single) Set(value string) error {
	switch before := s.String(); {
	case !s.flag.Changed:
		return s.Value.Set(value)
	case s.flag.NoOptDefVal != "" && value == before:
		return nil
	default:
		return twice(fmt.Sprintf("--%s is given twice, as %q and as %q: it takes one", s.flag.Name, before, value))
	}
}

// A twice says that a flag was given twice.
type twice string

func (t twice) Error() string { return string(t) }
