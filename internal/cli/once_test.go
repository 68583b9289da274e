package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A flag that takes one value is refused where it is given twice, whichever it is; one that is only on or off may be put on twice.
func TestOnce(t *testing.T) {
	run := func(args ...string) (code int, told string) {
		var out, errs bytes.Buffer
		code = Run(t.Context(), IO{
			Args: append(args, "--data", t.TempDir()), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Now: time.Now, User: "test",
		})
		return code, out.String() + errs.String()
	}
	for _, row := range []struct {
		args, told string
	}{
		{"subscriber add lea@lecteur.example --newsletter quotidien --source salon --newsletter hebdo", `--newsletter is given twice, as "quotidien" and as "hebdo": it takes one`},
		{"subscriber add lea@lecteur.example --newsletter=hebdo --newsletter=hebdo --source salon", `--newsletter is given twice, as "hebdo" and as "hebdo"`},
		{"--config a.toml config check --config b.toml", `--config is given twice, as "a.toml" and as "b.toml"`},
		{"article list --limit 5 --limit 6", `--limit is given twice, as "5" and as "6"`},
		{"digest publish -y --yes=false", `--yes is given twice, as "true" and as "false"`},
	} {
		if code, told := run(strings.Fields(row.args)...); code != int(Misused) || !strings.Contains(told, row.told) || !strings.Contains(told, "--help shows how it is used") {
			t.Errorf("%s: exit code %d, and it says\n%s", row.args, code, told)
		}
	}
	if code, told := run("version", "--json", "-v", "--json", "--verbose"); code != int(Done) {
		t.Errorf("switches put on twice: exit code %d, and it says\n%s", code, told)
	}
}

// A flag that takes a list is given as often as that has parts.
func TestOnce_lists(t *testing.T) {
	var tags []string
	cmd := &cobra.Command{Use: "x", RunE: func(*cobra.Command, []string) error { return nil }}
	cmd.Flags().StringArrayVar(&tags, "tag", nil, "tags")
	once(cmd)
	once(cmd)
	cmd.SetArgs([]string{"--tag", "a", "--tag", "b"})
	if err := cmd.Execute(); err != nil || len(tags) != 2 {
		t.Errorf("%v, %v", tags, err)
	}
	if _, is := cmd.Flags().Lookup("tag").Value.(pflag.SliceValue); !is {
		t.Error("it is no list any more")
	}
}
