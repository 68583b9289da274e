package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"facteur/internal/newsletter"
)

// again are the flags of this run by which it found its settings and its data, as they are to be typed with the commands that an answer names: these
// would find others without. What stands in the environment is there for them too.
func (s *shell) again() string {
	var flags []string
	for _, f := range []struct{ name, value string }{{"--config", s.config}, {"--data", s.data}} {
		if f.value != "" {
			flags = append(flags, f.name+" "+newsletter.ShellWord(f.value))
		}
	}
	return strings.Join(flags, " ")
}

// calling is a command of facteur as it runs from here, under the path by which the program was called.
func (s *shell) calling(command string) string {
	if s.Program == "" {
		return command
	}
	return newsletter.ShellWord(s.Program) + strings.TrimPrefix(command, "facteur")
}

// A listener takes notice of commands that are named to a person.
type listener struct {
	*shell
	commands []*cobra.Command
	heard    bool
}

// Write looks for a line with a command that names neither settings nor the data already. Answers are written in one piece.
func (l *listener) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		_, named, _ := strings.Cut(line, "facteur ")
		for _, c := range l.commands {
			behind, is := strings.CutPrefix(named, c.Name())
			found := strings.Contains(behind, " --config ") || l.data != "" && strings.Contains(behind, l.data)
			l.heard = l.heard || is && !strings.HasPrefix(behind, "-") && !found
		}
	}
	return len(p), nil
}

// remind says once, at the end, what goes with the commands that were named.
func (l *listener) remind(to io.Writer) {
	if flags := l.again(); l.heard && flags != "" && !l.json {
		_, _ = fmt.Fprintf(to, "Add to commands named here: %s\n", flags) // there is nobody left to tell
	}
}
