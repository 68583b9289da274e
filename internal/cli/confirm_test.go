package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
)

func TestConfirm(t *testing.T) {
	for _, test := range []struct {
		name     string
		yes      bool
		terminal bool
		typed    string
		code     Code
	}{
		{"yes asks nobody", true, false, "", Done},
		{"no terminal", false, false, "3\n", Misused},
		{"the number", false, true, " 3 \n", Done},
		{"the number and the end of input", false, true, "3", Done},
		{"another number", false, true, "33\n", NotPossible},
		{"a yes is not the number", false, true, "y\n", NotPossible},
		{"nothing", false, true, "", NotPossible},
	} {
		t.Run(test.name, func(t *testing.T) {
			var asked bytes.Buffer
			s := &shell{IO: IO{Stdin: strings.NewReader(test.typed), Stderr: &asked, InTerminal: test.terminal}}
			err := s.confirm(t.Context(), test.yes, "Three readers", 3)
			code := Done
			if err != nil {
				code = tell(err).code
			}
			if code != test.code {
				t.Errorf("code %d (%v), want %d", code, err, test.code)
			}
			if strings.Contains(asked.String(), "Type 3") != (test.terminal && !test.yes) {
				t.Errorf("asked %q", asked.String())
			}
		})
	}
}

func TestConfirmEndsWithItsContext(t *testing.T) {
	silent, hand := io.Pipe()
	defer func() { _ = hand.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := &shell{IO: IO{Stdin: silent, Stderr: io.Discard, InTerminal: true}}
	if err := s.confirm(ctx, false, "Readers", 3); err == nil || tell(err).code != Interrupted {
		t.Errorf("confirm ended with %v", err)
	}
}
