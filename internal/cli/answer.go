package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"facteur/internal/address"
	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
)

// An answer is an error as people are told it: what happened, and what to do.
type answer struct {
	code   Code
	what   string // several lines where one thing is to be done about several
	do     string
	before []*answer // told first
	cause  error
}

func (a *answer) Error() string { return a.what }

func (a *answer) Unwrap() error { return a.cause }

// write tells the answer in two lines.
func (a *answer) write(w io.Writer) {
	for _, one := range a.before {
		one.write(w)
	}
	var b strings.Builder
	for line := range strings.Lines(a.what) {
		fmt.Fprintf(&b, "facteur: %s\n", strings.TrimRight(line, "\n"))
	}
	if a.do != "" {
		fmt.Fprintf(&b, "  %s\n", a.do)
	}
	_, _ = io.WriteString(w, b.String()) // there is nobody left to tell
}

// because gives an error that is told by itself another sentence about what to do.
func because(err error, sentinel error, do string) error {
	if !errors.Is(err, sentinel) {
		return err
	}
	told := *tell(err)
	told.do, told.cause = do, err
	return &told
}

// tell finds the answer to an error. This is the one table from errors to exit codes and hints; the first line that
// fits counts.
func tell(err error) *answer {
	if told, ok := errors.AsType[*answer](err); ok {
		return told
	}
	if settings, ok := errors.AsType[*config.Error](err); ok {
		return settingsAnswer(settings)
	}
	if why, ok := errors.AsType[address.Reason](err); ok {
		what, do, _ := strings.Cut(why.Error(), "; ")
		return &answer{code: BadData, what: what, do: do, cause: err}
	}
	if hinting, ok := errors.AsType[interface {
		error
		Hint() string
	}](err); ok {
		return &answer{code: BadSettings, what: strings.TrimSuffix(err.Error(), ": "+hinting.Hint()), do: hinting.Hint(), cause: err}
	}
	what := inWords(err)
	if file, ok := errors.AsType[app.Exposed](err); ok {
		return &answer{code: BadFile, what: what, do: "make it yours alone: chmod 600 " + newsletter.ShellWord(file.Path), cause: err}
	}
	for _, line := range answers() {
		if line.fits(err) {
			return &answer{code: line.code, what: what, do: line.do, cause: err}
		}
	}
	return &answer{code: Unexpected, what: what, do: "--verbose tells more; if it stays, report it with this line", cause: err}
}

// inWords is an error without the sentinels that only code reads, or with people's words for them: the hint below it says the same to people.
func inWords(err error) string {
	what := strings.ReplaceAll(err.Error(), newsletter.ErrInvalid.Error()+": ", "")
	what = strings.ReplaceAll(what, context.Canceled.Error(), "stopped before the end")
	for _, sentinel := range []error{newsletter.ErrState, newsletter.ErrAmbiguous} {
		what = strings.TrimSuffix(what, ": "+sentinel.Error())
	}
	return what
}

type entry struct {
	fits func(error) bool
	code Code
	do   string
}

func answers() []entry {
	is := func(sentinels ...error) func(error) bool {
		return func(err error) bool {
			for _, s := range sentinels {
				if errors.Is(err, s) {
					return true
				}
			}
			return false
		}
	}
	return []entry{
		{is(context.Canceled), Interrupted, "what was done is kept; run the command again to go on"},
		{app.IsNewer, NotPossible, "use the version of facteur that wrote it, or a later one"},
		{app.IsOlder, NotPossible, "bring it up to date: facteur migrate"},
		{app.IsCopy, IsCopy, "once the folder it was copied from never sends again: facteur claim, which tells what it knows, and asks"},
		{is(newsletter.ErrBusy), TryAgain, "wait until the other program is done, and try again"},
		{app.IsForeign, NotPossible, "choose another folder with --data: nothing was changed"},
		{func(err error) bool { return is(syscall.ENOSPC)(err) || app.IsFull(err) }, BadFile, "make room on the disk and try again: nothing was lost"},
		{is(syscall.EADDRINUSE), TryAgain, "another program listens there: stop it, or choose another port, such as FACTEUR_WEB_LISTEN=127.0.0.1:8026"},
		{is(fs.ErrPermission), BadFile, "give this user the right to it, or choose another folder with --data"},
		{is(fs.ErrNotExist, fs.ErrExist, syscall.ENOTDIR, syscall.EISDIR, syscall.EROFS), BadFile, "check the path, or choose another folder with --data"},
		{app.IsDamaged, BadFile, "restore the latest backup that is whole: docs/operations.md, Backup and restore"},
		{app.IsUnusable, BadFile, "see to it that this user may read and write facteur.db and its folder; docs/operations.md tells more"},
		{is(outbox.ErrNoWayOut), TryAgain, "nothing is lost: mend smtp.url or the relay, and run facteur outbox drain again"},
		{is(newsletter.ErrAmbiguous), Misused, "name one with --newsletter, or an edition as NAME/NUMBER"},
		{is(newsletter.ErrNotFound), NotFound, "facteur config check, edition list, article list and subscriber list show what there is"},
		{is(newsletter.ErrExists), NotPossible, "another program was faster; look at what it did: facteur edition list"},
		{is(newsletter.ErrState), NotPossible, "facteur edition show and facteur explain tell how things stand"},
		{is(newsletter.ErrInvalid), BadData, "correct it and try again: nothing was stored"},
		{isPath, BadFile, "check the file and the disk"},
	}
}

func isPath(err error) bool {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*os.LinkError](err); ok {
		return true
	}
	_, ok := errors.AsType[*os.SyscallError](err)
	return ok
}

// settingsAnswer tells every problem of the settings in two lines of its own.
func settingsAnswer(e *config.Error) *answer {
	last := len(e.Problems) - 1
	told := &answer{code: BadSettings, what: e.Problems[last].What, do: e.Problems[last].Do, cause: e}
	for _, p := range e.Problems[:last] {
		told.before = append(told.before, &answer{what: p.What, do: p.Do})
	}
	return told
}
