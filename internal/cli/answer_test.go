package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

type hinted struct{}

func (hinted) Error() string { return "it has no hour 25: write 0-23" }
func (hinted) Hint() string  { return "write 0-23" }
func (hinted) Unwrap() error { return newsletter.ErrInvalid }

func TestTell(t *testing.T) {
	wrap := func(err error) error { return fmt.Errorf("operation: %w", err) }
	for _, test := range []struct {
		name string
		err  error
		code Code
		what string
		do   string // its beginning
	}{
		{"an answer is told as it is", wrap(&answer{code: Partly, what: "w", do: "d"}), Partly, "w", "d"},
		{"interrupted", wrap(context.Canceled), Interrupted, "operation: stopped before the end", "what was done"},
		{"interrupted while busy", errors.Join(newsletter.ErrBusy, context.Canceled), Interrupted, "busy\nstopped before the end", "what was done"},
		{"an address", wrap(address.Space), BadData, "there is white space inside the address", "remove it"},
		{"a hint", fmt.Errorf("key: %w", hinted{}), BadSettings, "key: it has no hour 25", "write 0-23"},
		{"not found", wrap(newsletter.ErrNotFound), NotFound, "operation: not found", "facteur "},
		{"exists", wrap(newsletter.ErrExists), NotPossible, "operation: exists already", "another program"},
		{"state", wrap(newsletter.ErrState), NotPossible, "operation", "facteur "},
		{"busy", wrap(newsletter.ErrBusy), TryAgain, "operation: busy", "wait"},
		{"ambiguous", wrap(newsletter.ErrAmbiguous), Misused, "operation", "name one"},
		{"invalid says only why", fmt.Errorf("operation: %w: too long", newsletter.ErrInvalid), BadData, "operation: too long", "correct"},
		{"bad files", app.BadArticles{{What: "a"}, {What: "b"}}, BadData, "a\nb", "correct"},
		{"a full disk", wrap(syscall.ENOSPC), BadFile, "operation: no space left on device", "make room"},
		{"no right", wrap(&fs.PathError{Op: "open", Path: "x", Err: syscall.EACCES}), BadFile, "operation: open x: permission denied", "give this user"},
		{"a folder in the place of a file", wrap(&fs.PathError{Op: "read", Path: "x", Err: syscall.EISDIR}), BadFile, "operation: read x: is a directory", "check the path"},
		{"any other trouble with a file", wrap(&fs.PathError{Op: "read", Path: "x", Err: syscall.EIO}), BadFile, "operation: read x: input/output error", "check the file"},
		{"a port that is taken", wrap(syscall.EADDRINUSE), TryAgain, "operation: address already in use", "another program listens"},
		{"no way out", fmt.Errorf("%w: dial", outbox.ErrNoWayOut), TryAgain, "no way out: dial", "nothing is lost"},
		{"an outbox that is no folder", fmt.Errorf("%w: %w", outbox.ErrNoWayOut, syscall.ENOTDIR), BadFile, "no way out: not a directory", "check the path"},
		{"anything else", errors.New("odd"), Unexpected, "odd", "--verbose"},
	} {
		t.Run(test.name, func(t *testing.T) {
			told := tell(test.err)
			if what := strings.ReplaceAll(test.what, `\n`, "\n"); told.code != test.code || told.what != what || !strings.HasPrefix(told.do, test.do) {
				t.Errorf("told %d %q / %q, want %d %q / %q…", told.code, told.what, told.do, test.code, what, test.do)
			}
		})
	}
}

func TestEveryProblemOfTheSettingsTakesTwoLines(t *testing.T) {
	var b bytes.Buffer
	tell(&config.Error{Problems: []config.Problem{{What: "one", Do: "mend one"}, {What: "two", Do: "mend two"}}}).write(&b)
	const want = "facteur: one\n  mend one\nfacteur: two\n  mend two\n"
	if b.String() != strings.ReplaceAll(want, `\n`, "\n") {
		t.Errorf("told:\n%s", b.String())
	}
}

func TestCodesAreDocumentedOnce(t *testing.T) {
	seen := map[Code]bool{}
	for _, c := range Codes() {
		if seen[c.Code] || c.Meaning == "" {
			t.Errorf("code %d stands twice or says nothing", c.Code)
		}
		seen[c.Code] = true
	}
	for _, line := range answers() {
		if !seen[line.code] {
			t.Errorf("code %d is given and not documented", line.code)
		}
		if line.do == "" {
			t.Errorf("code %d says nothing to do", line.code)
		}
	}
}
