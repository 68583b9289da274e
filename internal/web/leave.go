package web

import (
	"net/http"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// What a POST must hold to count: the mail program's words (RFC 8058 §3.1), or the button of our own page.
const (
	oneClickField = "List-Unsubscribe"
	oneClickValue = "One-Click"
	buttonField   = "leave"
	buttonValue   = "button"
)

type leavePage struct {
	shell
	Standing     subscription.Standing
	Problem      string // id of what was wrong with the POST; empty: nothing
	Field, Value string
}

// leaveBusy is the id of what is said of a leave that could not be recorded.
const leaveBusy = "leave_busy"

// askLeave shows the page with the button and changes nothing: mail scanners fetch every link of a letter (RFC 8058
// §1).
func (s *site) askLeave(w http.ResponseWriter, r *http.Request) error {
	private(w)
	return s.ask(w, r, "")
}

// ask shows that page; after a POST that did nothing, with what was wrong.
func (s *site) ask(w http.ResponseWriter, r *http.Request, problem string) error {
	standing, err := s.Subscriptions.Look(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	page := leavePage{
		shell: s.shell(s.publication(standing.Newsletter)), Standing: standing, Problem: problem, Field: buttonField, Value: buttonValue,
	}
	return s.show(w, statusOfProblem(problem), "leave", page.Lang, page)
}

// leave ends the subscription at once: no redirect, no cookie, no question about where the request comes from
// (RFC 8058 §3.1 and §3.2). The token in the address is the proof.
func (s *site) leave(w http.ResponseWriter, r *http.Request) error {
	private(w)
	origin := leaveOrigin(r)
	if origin == "" {
		return s.ask(w, r, "leave_again")
	}
	standing, err := s.Subscriptions.Leave(r.Context(), r.PathValue("token"), origin)
	switch {
	case err == nil:
		return s.left(w, standing)
	case s.waits(w, r, err):
		return s.ask(w, unhurried(r), leaveBusy)
	}
	return err
}

// leaveOrigin reads by which way a POST asks to leave, and "" if it does not.
func leaveOrigin(r *http.Request) string {
	fields := bodyFields(r)
	switch {
	case fields.Get(oneClickField) == oneClickValue:
		return newsletter.OriginOneClick
	case fields.Get(buttonField) == buttonValue:
		return newsletter.OriginLetter
	}
	return ""
}
