package cli

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Whoever named the data on the command line, at a terminal, is told once that the commands that an answer names need it as well.
func TestRun_tellsWhatGoesWithCommands(t *testing.T) {
	data := filepath.Join(t.TempDir(), "l’été 1")
	run := func(terminal bool, environ []string, args ...string) string {
		var out, told bytes.Buffer
		Run(t.Context(), IO{
			Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &told, Environ: environ,
			OutTerminal: terminal, ErrTerminal: terminal, Now: time.Now,
		})
		return told.String()
	}
	reminder := "Add to commands named here: --data '" + data + "'\n"
	for _, c := range []struct {
		name     string
		terminal bool
		environ  []string
		args     []string
		want     bool
	}{
		{"an error names a command", true, nil, []string{"article", "list", "--data", data}, true},
		{"a command that names none", true, nil, []string{"migrate", "--data", data}, false},
		{"an answer names one", true, nil, []string{"article", "list", "--data", data}, true},
		{"no terminal", false, nil, []string{"article", "list", "--data", data}, false},
		{"for a program", true, nil, []string{"article", "list", "--data", data, "--json"}, false},
		{"by the environment", true, []string{"FACTEUR_DATA=" + data}, []string{"article", "list"}, false},
		{"nothing named", true, nil, []string{"version", "--data", data}, false},
	} {
		if said := run(c.terminal, c.environ, c.args...); strings.Count(said, reminder) != map[bool]int{true: 1}[c.want] {
			t.Errorf("%s: told %q", c.name, said)
		}
	}
}

func TestAgain(t *testing.T) {
	for _, c := range []struct{ config, data, want string }{
		{"", "", ""}, {"", "/srv/facteur", "--data /srv/facteur"}, {"my.toml", "", "--config my.toml"}, {"a.toml", "b", "--config a.toml --data b"},
		{"", "it's here", `--data 'it'\''s here'`}, {"", "$HOME", "--data '$HOME'"},
	} {
		if got := (&shell{config: c.config, data: c.data}).again(); got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.config, c.data, got, c.want)
		}
	}
}

func TestCalling(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		{"", "facteur digest why"}, {"bin/facteur", "bin/facteur digest why"}, {"/opt/my tools/facteur", "'/opt/my tools/facteur' digest why"},
	} {
		if got := (&shell{IO: IO{Program: c.program}}).calling("facteur digest why"); got != c.want {
			t.Errorf("%q: %q, want %q", c.program, got, c.want)
		}
	}
}

func TestListener(t *testing.T) {
	for text, want := range map[string]bool{
		"what would leave: facteur digest preview":         true,
		"To send it: facteur outbox drain\n":               true,
		"see facteur digest why --data data/demo\n":        false,
		"see facteur digest why --config own.toml":         false,
		"un\nLe facteur humain\ntrois":                     false,
		"facteur: nothing\n  facteur source list shows":    true,
		"facteur config-check is no command":               false,
		"facteur.toml, and what digest preview says of it": false,
	} {
		s := &shell{}
		l := &listener{shell: s, commands: s.root().Commands()}
		s.data = "data/demo"
		if _, _ = l.Write([]byte(text)); l.heard != want {
			t.Errorf("%q: %t", text, l.heard)
		}
	}
}
