package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"facteur/internal/newsletter"
)

// What goes wrong in HTTP itself.
var (
	errMethod    = errors.New("method not allowed")
	errSlow      = errors.New("body did not arrive in time")
	errForbidden = errors.New("not from this machine")
	errNowhere   = fmt.Errorf("no such page: %w", newsletter.ErrNotFound) // whose address is no link of a letter
	errNoEdition = fmt.Errorf("not in the archive: %w", newsletter.ErrNotFound)
	errKind      = errors.New("body is of another kind")
)

// A problem is how an error is answered: the status, and the strings that tell a reader.
type problem struct {
	status int
	name   string // of the strings NAME_head and NAME_text, and api_NAME for programs
}

// problemOf is the one table from errors to statuses.
func problemOf(err error) problem {
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case errors.Is(err, errNoEdition):
		return problem{http.StatusNotFound, "no_edition"}
	case errors.Is(err, errNowhere):
		return problem{http.StatusNotFound, "nowhere"}
	case errors.Is(err, newsletter.ErrNotFound):
		return problem{http.StatusNotFound, "not_found"}
	case errors.Is(err, errMethod):
		return problem{http.StatusMethodNotAllowed, "method"}
	case errors.Is(err, errForbidden):
		return problem{http.StatusForbidden, "forbidden"}
	case errors.Is(err, errKind):
		return problem{http.StatusUnsupportedMediaType, "invalid"}
	case errors.Is(err, errSlow):
		return problem{http.StatusRequestTimeout, "slow"}
	case tooLarge:
		return problem{http.StatusRequestEntityTooLarge, "too_large"}
	case errors.Is(err, newsletter.ErrInvalid):
		return problem{http.StatusBadRequest, "invalid"}
	case errors.Is(err, newsletter.ErrState), errors.Is(err, newsletter.ErrExists):
		return problem{http.StatusConflict, "invalid"}
	case errors.Is(err, newsletter.ErrBusy), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return problem{http.StatusServiceUnavailable, "busy"}
	}
	return problem{http.StatusInternalServerError, "fault"}
}

type problemPage struct {
	shell
	Head, Text string // ids of strings
	Archive    string // address of the archive, where it leads on
}

// fail answers an error with a page that gives away nothing about anybody, and tells the operator what is his to mend.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := s.failing(w, r, err)
	private(w)
	page := problemPage{shell: s.shell(s.forBrowser(r)), Head: p.name + "_head", Text: p.name + "_text"}
	if errors.Is(err, errNoEdition) {
		page.Archive = archivePath
	}
	if err := s.show(w, p.status, "problem", page.Lang, page); err != nil {
		http.Error(w, http.StatusText(p.status), p.status)
	}
}

// failing tells the operator of an error, if it is theirs, and finds its answer.
func (s *site) failing(w http.ResponseWriter, r *http.Request, err error) problem {
	p := problemOf(err)
	if p.status >= http.StatusInternalServerError && !errors.Is(r.Context().Err(), context.Canceled) {
		s.Log.Error("a page failed", "method", r.Method, "route", r.Pattern, "status", p.status, "error", err)
	}
	if p.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "60")
	}
	return p
}

// waits reports that an act could not be recorded in time, and tells the operator. Its page is shown once more with all that
// was chosen (WCAG 2.2, 3.3.7): looking needs no turn of the store's.
func (s *site) waits(w http.ResponseWriter, r *http.Request, err error) bool {
	if err == nil || problemOf(err).status != http.StatusServiceUnavailable {
		return false
	}
	s.failing(w, r, err)
	return true
}

// unhurried is a request whose time is not over yet.
func unhurried(r *http.Request) *http.Request {
	return r.WithContext(context.WithoutCancel(r.Context()))
}

// busyProblem is the id of what is said then.
const busyProblem = "why_busy"

// statusOfProblem is how a page is answered that says what was wrong with a POST, by the id of what it says.
func statusOfProblem(id string) int {
	switch id {
	case "":
		return http.StatusOK
	case busyProblem, leaveBusy, undoBusy:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}
