package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFiles(t *testing.T) {
	const relay = "[smtp]\nurl = \"smtp://u@relais.example:587\"\n"
	for name, test := range map[string]struct {
		files   []string // as here takes them
		environ []string
		want    []string
	}{
		"no settings file": {nil, nil, []string{}},
		"an empty one":     {[]string{"facteur.toml", ""}, nil, []string{"facteur.toml"}},
		"a secret":         {[]string{"facteur.toml", relay + "password_file = \"password\"\n", "password", "x"}, nil, []string{"facteur.toml", "password"}},
		"a credential":     {[]string{"facteur.toml", relay, "run/smtp.password", "x"}, []string{"CREDENTIALS_DIRECTORY=run"}, []string{"facteur.toml", "run/smtp.password"}},
		"named elsewhere":  {[]string{"looks/README", ""}, []string{"FACTEUR_TEMPLATES_DIR=looks"}, []string{"looks"}},
	} {
		t.Run(name, func(t *testing.T) {
			here(t, test.files...)
			if diff := cmp.Diff(test.want, load(t, Options{Environ: test.environ}).Files()); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
		})
	}
}
