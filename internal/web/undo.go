package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// ownPageField holds the token of the reader's own page from form to form.
const ownPageField = "own"

// letterField names the newsletter that a page speaks of. It chooses words and language and gives no power.
const letterField = "letter"

// reasonField holds one of [subscription.GoodbyeReasons].
const reasonField = "reason"

// A leftPage is the answer to a leave, and to what may follow it.
type leftPage struct {
	shell
	Title      string // id of a string; empty: Head
	Head, Text string // ids of strings; no text: none
	Silenced   bool   // nothing is sent to the address
	Alert      bool   // nothing was done
	Names      string // of several newsletters that are received again, as a phrase
	Until      string // end of a pause, as people say it
	Offers     *afterLeave
	AskLink    string // address where a link to the preferences is asked for; empty: nothing leads there
}

// afterLeave is what the answer to a leave, and nothing but that answer, lets its reader do.
type afterLeave struct {
	Action   string // address of the forms
	Letter   string // name of the newsletter
	Calendar calendar
	Day      string   // as typed
	Problem  string   // id of what is wrong with the day; empty: nothing
	Reasons  []reason // empty: one was given
	Reason   string   // as chosen
	Unchosen bool     // a reason was sent without one being chosen

	Page        string // token of the reader's page, where they came from there
	Preferences string // its address
}

// A reason is one of those for leaving.
type reason struct{ Code, Text string }

// afterLeave is made for the newsletter that was left, by the token of the leave. page is that of the reader's own page, and
// empty where they did not come from there.
func (s *site) afterLeave(letter newsletter.Newsletter, undo, page string) (*afterLeave, error) {
	o := &afterLeave{Action: undoPath + undo, Letter: letter.Name, Calendar: s.calendar(letter), Page: page}
	if page != "" {
		o.Preferences = preferencesPath + url.PathEscape(page)
	}
	for _, code := range subscription.GoodbyeReasons() {
		text, err := s.text(letter.Language, "goodbye_"+code, nil)
		if err != nil {
			return nil, err
		}
		o.Reasons = append(o.Reasons, reason{Code: code, Text: text})
	}
	return o, nil
}

// left says what a leave came to. Where it changed something, its reader may take it back.
func (s *site) left(w http.ResponseWriter, standing subscription.Standing) error {
	letter := s.publication(standing.Newsletter)
	page := leftPage{shell: s.shell(letter), Title: "left_title", Head: "left_head", Text: "left_text"}
	if standing.Proof {
		page.Head, page.Text = "left_proof_head", "left_proof_text"
	}
	if standing.Undo != "" {
		var err error
		if page.Offers, err = s.afterLeave(letter, standing.Undo, ""); err != nil {
			return err
		}
	}
	return s.show(w, http.StatusOK, "left", page.Lang, page)
}

// leftAll says that a reader's own page has ended all that they received, and offers what the answer to a leave offers.
// was is the page before.
func (s *site) leftAll(w http.ResponseWriter, was, page preferencesPage) error {
	answer := leftPage{shell: page.shell, Title: "left_title", Head: "left_head", Text: "left_text"}
	switch ended := was.received(); len(ended) {
	case 1:
		answer.Letter = s.publication(ended[0])
	default:
		answer.Head = "left_all_head"
	}
	var err error
	if answer.Offers, err = s.afterLeave(page.Letter, page.before.Undo, page.before.Link); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "left", answer.Lang, answer)
}

// lookUndo answers who follows the address of a form: it has no page of its own, and nothing is done.
func (s *site) lookUndo(w http.ResponseWriter, r *http.Request) error {
	private(w)
	page := leftPage{shell: s.shell(s.forBrowser(r)), Head: "undo_look_head", Text: "undo_look_text"}
	return s.show(w, http.StatusOK, "left", page.Lang, page)
}

// undo does what the forms of the answer to a leave ask for.
func (s *site) undo(w http.ResponseWriter, r *http.Request) error {
	private(w)
	fields := bodyFields(r)
	letter, link := s.named(r, fields.Get(letterField)), r.PathValue("token")
	var err error
	switch fields.Get(pressedField) {
	case actUndo:
		var back subscription.Return
		back, err = s.Subscriptions.Undo(r.Context(), link)
		err = s.undone(w, "undone", back, err, letter)
	case actPause:
		err = s.pauseInstead(w, r, letter, fields)
	case actReason:
		err = s.sayWhy(w, r, letter, fields)
	default:
		return s.offerAgain(w, r, letter, fields, "undo_again", func(*afterLeave) {})
	}
	if s.waits(w, r, err) {
		return s.offerAgain(w, unhurried(r), letter, fields, undoBusy, func(o *afterLeave) { o.Day, o.Reason = fields.Get(dayField), fields.Get(reasonField) })
	}
	return err
}

// undoBusy is the name of the strings for an act that could not be recorded.
const undoBusy = "undo_busy"

// undone says what taking back a leave came to, or turning it into a pause: name is that of the strings. A single
// newsletter may be paused again, as it was before; of several, each is what it was.
func (s *site) undone(w http.ResponseWriter, name string, back subscription.Return, err error, letter newsletter.Newsletter) error {
	if err != nil {
		return s.over(w, err, letter, "undo_over")
	}
	several := len(back.Newsletters) > 1
	if !several {
		letter = s.publication(strings.Join(back.Newsletters, ""))
	}
	page := leftPage{shell: s.shell(letter), Head: name + "_head", Text: name + "_text", Until: s.calendar(letter).say(back.Until), AskLink: linkPath}
	switch {
	case several:
		page.Head, page.Text = name+"_all_head", name+"_all_text"
		if page.Names, err = s.names(letter, back.Newsletters); err != nil {
			return err
		}
	case name == "undone" && back.State == newsletter.Paused:
		page.Head, page.Text = "undone_all_head", "undone_paused"
	}
	if back.Silenced { // no link could come
		if page.Silenced, page.Text, page.AskLink = true, "", ""; name == "undone" {
			page.Head = "undone_all_head"
		}
	}
	return s.show(w, http.StatusOK, "left", page.Lang, page)
}

func (s *site) pauseInstead(w http.ResponseWriter, r *http.Request, letter newsletter.Newsletter, fields url.Values) error {
	link, day := r.PathValue("token"), fields.Get(dayField)
	until, ok := s.calendar(letter).until(fields.Get(untilField), day)
	var back subscription.Return
	err := newsletter.ErrInvalid
	if ok {
		back, err = s.Subscriptions.PauseInstead(r.Context(), link, until)
	}
	if errors.Is(err, newsletter.ErrInvalid) {
		return s.offerAgain(w, r, letter, fields, "undo_day", func(o *afterLeave) { o.Day, o.Problem = day, "day_problem" })
	}
	return s.undone(w, "paused", back, err, letter)
}

// sayWhy keeps a reason, and leaves the other offers open: they are as good as before.
func (s *site) sayWhy(w http.ResponseWriter, r *http.Request, letter newsletter.Newsletter, fields url.Values) error {
	link, why := r.PathValue("token"), fields.Get(reasonField)
	err := newsletter.ErrInvalid
	if why != "" {
		err = s.Subscriptions.SayWhy(r.Context(), link, why)
	}
	if errors.Is(err, newsletter.ErrInvalid) {
		return s.offerAgain(w, r, letter, fields, "undo_why", func(o *afterLeave) { o.Unchosen = true })
	}
	if err != nil {
		return s.over(w, err, letter, "undo_over")
	}
	page := leftPage{shell: s.shell(letter), Head: "thanks_head", Text: "thanks_text"}
	if page.Offers, err = s.afterLeave(letter, link, fields.Get(ownPageField)); err != nil {
		return err
	}
	page.Offers.Reasons = nil
	return s.show(w, http.StatusOK, "left", page.Lang, page)
}

// offerAgain shows the offers once more after a POST that did nothing, and says what was wrong; where there is nothing to
// offer any more, it says that.
func (s *site) offerAgain(w http.ResponseWriter, r *http.Request, letter newsletter.Newsletter, fields url.Values, name string, change func(*afterLeave)) error {
	link := r.PathValue("token")
	err := s.Subscriptions.LookUndo(r.Context(), link)
	if err != nil {
		return s.over(w, err, letter, "undo_over")
	}
	page := leftPage{shell: s.shell(letter), Head: name + "_head", Text: name + "_text", Alert: true}
	if page.Offers, err = s.afterLeave(letter, link, fields.Get(ownPageField)); err != nil {
		return err
	}
	change(page.Offers)
	return s.show(w, statusOfProblem(name), "left", page.Lang, page)
}
