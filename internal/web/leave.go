package web

import (
	"net/http"
	"strings"

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
	Again        bool // a POST arrived that does not count
	Field, Value string
}

type leftPage struct {
	shell
	Standing subscription.Standing
}

// askLeave shows the page with the button and changes nothing: mail scanners fetch every link of a letter (RFC 8058
// §1).
func (s *site) askLeave(w http.ResponseWriter, r *http.Request) error {
	private(w)
	return s.ask(w, r, http.StatusOK)
}

func (s *site) ask(w http.ResponseWriter, r *http.Request, status int) error {
	standing, err := s.Subscriptions.Look(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	page := leavePage{
		shell: s.shell(s.publication(standing.Newsletter)), Standing: standing,
		Again: status != http.StatusOK, Field: buttonField, Value: buttonValue,
	}
	return s.show(w, status, "leave", page.Lang, page)
}

// leave ends the subscription at once: no redirect, no cookie, no question about where the request comes from
// (RFC 8058 §3.1 and §3.2). The token in the address is the proof.
func (s *site) leave(w http.ResponseWriter, r *http.Request) error {
	private(w)
	origin := leaveOrigin(r)
	if origin == "" {
		return s.ask(w, r, http.StatusBadRequest)
	}
	standing, err := s.Subscriptions.Leave(r.Context(), r.PathValue("token"), origin)
	if err != nil {
		return err
	}
	page := leftPage{shell: s.shell(s.publication(standing.Newsletter)), Standing: standing}
	return s.show(w, http.StatusOK, "left", page.Lang, page)
}

// leaveOrigin reads by which way a POST asks to leave, and "" if it does not. Fields in the query do not count: a
// link may hold them.
func leaveOrigin(r *http.Request) string {
	if r.Header.Get("Content-Type") == "" { // RFC 9110 §8.3 lets a recipient look at the content instead
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	// An error concerns what a form may lack: fields that were read count all the same.
	_, _ = r.ParseForm(), r.ParseMultipartForm(maxBody)
	// Some programs end the body with a line end, which then belongs to the last value.
	switch {
	case strings.TrimSpace(r.PostForm.Get(oneClickField)) == oneClickValue:
		return newsletter.OriginOneClick
	case strings.TrimSpace(r.PostForm.Get(buttonField)) == buttonValue:
		return newsletter.OriginLetter
	}
	return ""
}
