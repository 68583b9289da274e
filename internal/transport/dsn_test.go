package transport

import (
	"strings"
	"testing"
)

func TestEnvID(t *testing.T) {
	for name, want := range map[string]string{
		"hebdo-42-17":                    " ENVID=hebdo-42-17",
		"a b+c=d~!":                      " ENVID=a+20b+2Bc+3Dd~!",
		strings.Repeat("x", 100):         " ENVID=" + strings.Repeat("x", 100),
		strings.Repeat("x", 101):         "",
		strings.Repeat("x", 97) + "=":    " ENVID=" + strings.Repeat("x", 97) + "+3D",
		strings.Repeat("x", 98) + "=":    "",
		"été":                            "",
		"a\r\nRCPT TO:<b@lecteurs.test>": "",
		"a\tb":                           "",
		"a\x7f":                          "",
		"":                               "",
	} {
		if got := envid(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
