package render_test

import (
	"testing"
	"testing/fstest"

	"facteur/internal/render"
)

func TestHoldStrings(t *testing.T) {
	builtin := fstest.MapFS{
		"strings/mail.fr.toml": {Data: []byte("why = \"{{.Letter}} depuis {{.Since}}\"\nlead = \"À la une\"\n[more]\none = \"un\"\nother = \"{{.Count}}\"\n")},
		"strings/mail.en.toml": {Data: []byte("why = \"{{.Letter}}{{with .Site}} of {{.}}{{end}}\"\n")},
		"strings/web.fr.toml":  {Data: []byte("why = \"{{.Other}}\"\n")},
	}
	for _, tt := range []struct{ file, text, want string }{
		{"mail.fr", "why = \"{{.Since}} {{.Site}}\"\nnew = \"{{.Any}}\"\n", ""},
		{"mail.en", "why = \"{{if .Since}}{{.Letter}}{{else}}{{.Site}}{{end}}\"\n", ""},
		{"mail.fr", "# a line\n\nwhy = \"{{.Lettre}}\"\n", `strings strings/mail.fr.toml:3: "why" has no {{.Lettre}}; it has {{.Letter}}, {{.Since}}, {{.Site}}`},
		{"mail.fr", "why = \"{{if .Since}}{{print .Sinse}}{{end}}\"\n", `strings strings/mail.fr.toml:1: "why" has no {{.Sinse}}; it has {{.Letter}}, {{.Since}}, {{.Site}}`},
		{"mail.fr", "lead = \"À la {{.Une}}\"\n", `strings strings/mail.fr.toml:1: "lead" has no {{.Une}}; it has no place`},
		{"mail.fr", "why = \"{{.Letter}}\"\n[more]\none = \"{{.Conut}}\"\nother = \"x\"\n", `strings strings/mail.fr.toml:2: "more" has no {{.Conut}}; it has {{.Count}}`},
		{"web.fr", "why = \"{{.Letter}}\"\n", `strings strings/web.fr.toml:1: "why" has no {{.Letter}}; it has {{.Other}}`},
		{"mail.fr", "why = {{", ""}, // its own error says more
	} {
		own := fstest.MapFS{}
		for name, file := range builtin {
			own[name] = file
		}
		own["strings/"+tt.file+".toml"] = &fstest.MapFile{Data: []byte(tt.text)}
		got := ""
		if err := render.HoldStrings(own, builtin); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s %q:\n got %q\nwant %q", tt.file, tt.text, got, tt.want)
		}
	}
	if err := render.HoldStrings(builtin, builtin); err != nil {
		t.Error(err)
	}
}
