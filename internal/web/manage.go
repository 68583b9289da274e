package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// The fields of the page of a reader's data, beside those of a form.
const (
	understoodField = "understood" // the box that erasure asks to tick first
	ticked          = "yes"
)

// eraseProblem is the id of what is said where that box was not ticked.
const eraseProblem = "erase_problem"

type managePage struct {
	shell
	Action     string // address of the forms
	Address    string // the reader's
	Email      string // the new address, as typed
	Why        string // what is wrong with it; empty: nothing
	Suggestion string // an address that may be meant
	Sent       bool   // a letter went to the new address
	Problem    string // id of what was wrong with the POST; empty: nothing
	Sure       bool   // what was ticked, where it could not be recorded
	Understood bool
}

// lookManage shows the page of a reader's data and changes nothing.
func (s *site) lookManage(w http.ResponseWriter, r *http.Request) error {
	private(w)
	page, err := s.managed(r)
	if err != nil {
		return s.over(w, err, page.Letter, "manage_over")
	}
	return s.show(w, http.StatusOK, "manage", page.Lang, page)
}

func (s *site) managed(r *http.Request) (managePage, error) {
	link := r.PathValue("token")
	reader, err := s.Subscriptions.LookManage(r.Context(), link)
	letter := s.forBrowser(r)
	if reader.Language != "" {
		letter = s.inLanguage(reader.Language)
	}
	return managePage{
		shell: s.shell(letter), Action: managePath + link, Address: shownAddress(reader.Address),
	}, err
}

// manage exports, erases, or has a new address confirmed.
func (s *site) manage(w http.ResponseWriter, r *http.Request) error {
	private(w)
	page, err := s.managed(r)
	fields := bodyFields(r)
	switch {
	case err == nil:
		err = s.grant(w, r, page, fields)
	case errors.Is(err, newsletter.ErrState) && fields.Get(pressedField) == actErase && understood(fields):
		err = s.erase(w, r, page) // who is erased has no page any more: they pressed twice, or once more because something was left
	}
	return s.over(w, err, page.Letter, "manage_over")
}

// grant does what a button of the page asks for. What could not be recorded in time can be pressed once more, with all that was
// typed and ticked.
func (s *site) grant(w http.ResponseWriter, r *http.Request, page managePage, fields url.Values) error {
	err := s.press(w, r, page, fields)
	if s.waits(w, r, err) {
		page.Email, page.Sure, page.Understood = fields.Get(emailField), sure(fields), understood(fields)
		return s.manageAgain(w, page, busyProblem)
	}
	return err
}

func (s *site) press(w http.ResponseWriter, r *http.Request, page managePage, fields url.Values) error {
	switch fields.Get(pressedField) {
	case actExport:
		return s.export(w, r, page)
	case actMove:
		page.Email = fields.Get(emailField)
		return s.askMove(w, r, page, sure(fields))
	case actErase:
		if !understood(fields) {
			return s.manageAgain(w, page, eraseProblem)
		}
		return s.erase(w, r, page)
	}
	return s.manageAgain(w, page, "again")
}

func sure(fields url.Values) bool       { return fields.Get(sureField) == ticked }
func understood(fields url.Values) bool { return fields.Get(understoodField) == ticked }

// manageAgain shows the page after a POST that did nothing, and says why.
func (s *site) manageAgain(w http.ResponseWriter, page managePage, problem string) error {
	page.Problem = problem
	return s.show(w, statusOfProblem(problem), "manage", page.Lang, page)
}

// export answers everything known about a reader, as a file (RGPD art. 15 and 20).
func (s *site) export(w http.ResponseWriter, r *http.Request, page managePage) error {
	name, err := s.text(page.Lang, "export_file", nil)
	if err != nil {
		return err
	}
	content, err := s.Subscriptions.ExportBy(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json") // UTF-8 by RFC 8259 §8.1
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(content) // the client has gone: there is nobody to tell
	return nil
}

// askMove has a letter sent to a new address, or says what is wrong with it and keeps what was typed.
func (s *site) askMove(w http.ResponseWriter, r *http.Request, page managePage, sure bool) error {
	answer, err := s.Subscriptions.MoveBy(r.Context(), r.PathValue("token"), page.Email, sure)
	if err != nil {
		return err
	}
	status, err := begin(w, answer.Verdict)
	if err != nil {
		return err
	}
	page.Sent, page.Suggestion = answer.Verdict == subscription.Received, answer.Suggestion
	if page.Why, err = s.why(page.Lang, answer); err != nil {
		return err
	}
	return s.show(w, status, "manage", page.Lang, page)
}

type erasedPage struct{ shell }

// erase erases a reader who has said that they know what it means. The answer names nobody.
func (s *site) erase(w http.ResponseWriter, r *http.Request, page managePage) error {
	if err := s.Subscriptions.EraseBy(r.Context(), r.PathValue("token")); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "erased", page.Lang, erasedPage{page.shell})
}

type movePage struct {
	shell
	Action  string // address of the form
	Address string // the new one
	Problem string // id of what was wrong with the POST; empty: nothing

	PageField, Stamp string // of the button
}

// lookMove asks at a new address whether it is to be the reader's, and changes nothing.
func (s *site) lookMove(w http.ResponseWriter, r *http.Request) error {
	private(w)
	return s.askAddress(w, r, "")
}

// askAddress shows the page with the button; after a POST that does not count, with what was wrong.
func (s *site) askAddress(w http.ResponseWriter, r *http.Request, problem string) error {
	link := r.PathValue("token")
	moving, err := s.Subscriptions.LookMove(r.Context(), link)
	if err != nil {
		return s.over(w, err, s.forBrowser(r), "move_over")
	}
	page := movePage{
		shell: s.shell(s.inLanguage(moving.Language)), Action: movePath + link, Address: shownAddress(moving.To), Problem: problem,
		PageField: pageField, Stamp: moving.Form.Stamp,
	}
	return s.show(w, statusOfProblem(problem), "move", page.Lang, page)
}

type movedPage struct {
	shell
	Preferences string // address of the reader's page
}

// move makes the new address the reader's. Some scanners of mail press buttons; they do not look at the page first, so
// that they lack its stamp.
func (s *site) move(w http.ResponseWriter, r *http.Request) error {
	private(w)
	fields := bodyFields(r)
	if fields.Get(pressedField) != actMove {
		return s.askAddress(w, r, "again")
	}
	p, err := s.Subscriptions.Move(r.Context(), r.PathValue("token"), fields.Get(pageField))
	if errors.Is(err, newsletter.ErrInvalid) {
		return s.askAddress(w, r, "confirm_again")
	}
	if s.waits(w, r, err) {
		return s.askAddress(w, unhurried(r), busyProblem)
	}
	if err != nil {
		return s.over(w, err, s.forBrowser(r), "move_over")
	}
	page := movedPage{shell: s.shell(s.publication(p.Newsletter)), Preferences: preferencesPath + p.Link}
	return s.show(w, http.StatusOK, "moved", page.Lang, page)
}
