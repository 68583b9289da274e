package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

type preferencesPage struct {
	shell
	Action   string // address of the forms
	Choices  []ownChoice
	Silenced bool   // nothing is sent to the address
	Receives bool   // some newsletter, paused or not
	Appeared bool   // there is a latest edition to send
	Asked    bool   // whether they want to go on
	Consent  string // text beside the newsletters; empty where none is left to choose
	Wording  string // its version
	Calendar calendar
	Until    string   // which of the ends of a pause is chosen
	Day      string   // as typed
	Paused   bool     // of some newsletter
	Done     []string // what the act before changed
	Problem  string   // id of what was wrong with the POST; empty: nothing

	before  subscription.Preferences
	wording newsletter.Wording
}

// An ownChoice is one newsletter on the page.
type ownChoice struct {
	Name, Title, State string
	Lang               string // of the title; empty: the page's own
	Chosen             bool
}

// lookPreferences shows what a reader receives and changes nothing.
func (s *site) lookPreferences(w http.ResponseWriter, r *http.Request) error {
	private(w)
	page, err := s.readPreferences(r, s.Subscriptions.LookPreferences)
	if err != nil {
		return s.over(w, err, page.Letter, "prefs_over")
	}
	return s.show(w, http.StatusOK, "preferences", page.Lang, page)
}

// prefer does what a button of the page says. The page is read before, so that the answer can say what changed.
func (s *site) prefer(w http.ResponseWriter, r *http.Request) error {
	private(w)
	was, err := s.readPreferences(r, s.Subscriptions.LookPreferences)
	page := was
	if err == nil {
		page, err = s.act(r, was)
		if s.waits(w, r, err) {
			page.Problem, err = busyProblem, nil
		}
	}
	if errors.Is(err, newsletter.ErrState) && stops(bodyFields(r)) {
		page, err = s.readPreferences(r, s.Subscriptions.Stopped)
	}
	if err != nil {
		return s.over(w, err, page.Letter, "prefs_over")
	}
	if page.before.Undo != "" {
		return s.leftAll(w, was, page)
	}
	return s.show(w, statusOfProblem(page.Problem), "preferences", page.Lang, page)
}

// stops reports that a button was to end all.
func stops(fields url.Values) bool {
	return fields.Get(pressedField) == actStop || fields.Get(pressedField) == actSave && !fields.Has(newsletterField)
}

// readPreferences makes the page of what look finds behind its link.
func (s *site) readPreferences(r *http.Request, look func(ctx context.Context, link string) (subscription.Preferences, error)) (preferencesPage, error) {
	p, err := look(r.Context(), r.PathValue("token"))
	if err != nil {
		return preferencesPage{shell: s.shell(s.named(r, p.Newsletter))}, err
	}
	return s.preferences(r.Context(), p)
}

func (s *site) act(r *http.Request, page preferencesPage) (preferencesPage, error) {
	link, fields := r.PathValue("token"), bodyFields(r)
	switch fields.Get(pressedField) {
	case actSave:
		return s.save(r, page, fields)
	case actKeep:
		return s.wish(r, page, subscription.Wish{Newsletters: page.received(), KeepPauses: true}, "done_keep")
	case actStop:
		return s.wish(r, page, subscription.Wish{}, "done_stop")
	case actLatest:
		latest, err := s.Subscriptions.SendLatest(r.Context(), link)
		return s.did(page, err, "latest_"+string(latest))
	case actManage:
		owed, err := s.Subscriptions.AskManage(r.Context(), link)
		return s.did(page, err, "data_"+string(owed))
	}
	page.Problem = "again"
	return page, nil
}

// did says that something is done which leaves the preferences as they are.
func (s *site) did(page preferencesPage, err error, id string) (preferencesPage, error) {
	if err != nil {
		return page, err
	}
	text, err := s.text(page.Lang, id, page)
	page.Done = []string{text}
	return page, err
}

// preferences makes the page, in the language of the newsletter whose letter led to it.
func (s *site) preferences(ctx context.Context, p subscription.Preferences) (preferencesPage, error) {
	letter := s.publication(p.Newsletter)
	page := preferencesPage{
		shell: s.shell(letter), Action: preferencesPath + p.Link, Calendar: s.calendar(letter), Until: untilNone,
		Asked: p.Asked, Silenced: p.Silenced, before: p,
	}
	if page.Paused = slices.ContainsFunc(p.Choices, paused); page.Paused {
		page.Until = untilKept
	}
	var err error
	if page.Appeared, err = s.appeared(ctx, letter); err != nil {
		return page, err
	}
	more := false // newsletters that are not received
	for _, c := range p.Choices {
		shown, err := s.ownChoice(page, c)
		if err != nil {
			return page, err
		}
		page.Choices = append(page.Choices, shown)
		page.Receives = page.Receives || received(c)
		more = more || !received(c)
	}
	if !more {
		return page, nil
	}
	if page.Consent, err = s.text(page.Lang, "prefs_consent", map[string]string{"Whose": whose(letter)}); err != nil {
		return page, err
	}
	page.wording, err = s.shownConsent(page)
	page.Wording = page.wording.Version
	return page, err
}

// shownConsent is all that a reader reads before they agree to more, in the order of the page.
func (s *site) shownConsent(page preferencesPage) (newsletter.Wording, error) {
	button, err := s.text(page.Lang, "prefs_save", nil)
	var lines []string
	for _, c := range page.Choices {
		lines = append(lines, c.Title)
	}
	return newsletter.NewWording(page.Lang, strings.Join(append(lines, page.Consent, button), "\n")), err
}

// received reports whether a newsletter is received, now or after a pause. One that waits for its confirmation is not:
// it may have been asked for by somebody else, and a box that is ticked already is no consent (RGPD recital 32).
func received(c subscription.Choice) bool {
	return c.State == newsletter.Active || c.State == newsletter.Paused
}

func paused(c subscription.Choice) bool { return c.State == newsletter.Paused }

func (s *site) ownChoice(page preferencesPage, c subscription.Choice) (ownChoice, error) {
	id := "state_" + string(c.State)
	switch {
	case c.State == "":
		id = "state_none"
	case page.Silenced && received(c):
		id = "state_silenced"
	}
	state, err := s.text(page.Lang, id, map[string]string{"Until": page.Calendar.say(c.Until)})
	shown := ownChoice{Name: c.Newsletter, Title: s.title(c.Newsletter), State: state, Chosen: received(c)}
	if n, ok := s.publications[c.Newsletter]; ok && n.Language != page.Lang {
		shown.Lang = n.Language
	}
	return shown, err
}

// title is how readers know a newsletter; one that is no longer published has only its name left.
func (s *site) title(name string) string {
	if n, ok := s.publications[name]; ok {
		return n.Title
	}
	return name
}

// received are the names of the newsletters that are received.
func (p preferencesPage) received() []string {
	var names []string
	for _, c := range p.before.Choices {
		if received(c) {
			names = append(names, c.Newsletter)
		}
	}
	return names
}

// save reads the form of preferences, and grants it unless something in it is wrong.
func (s *site) save(r *http.Request, page preferencesPage, fields url.Values) (preferencesPage, error) {
	chosen := fields[newsletterField]
	unknown, fresh := len(chosen), false
	for i, c := range page.Choices {
		is := slices.Contains(chosen, c.Name)
		fresh = fresh || is && !c.Chosen
		if is {
			unknown--
		}
		page.Choices[i].Chosen = is
	}
	wish := subscription.Wish{Newsletters: chosen}
	ok := page.readPause(fields, &wish)
	page.Until, page.Day = fields.Get(untilField), fields.Get(dayField)
	switch {
	case unknown > 0:
		page.Problem = "again"
	case fresh && fields.Get(wordingField) != page.Wording: // what was agreed to is another text than this page's
		page.Problem = "wording_problem"
	case !ok:
		page.Problem = "day_problem"
	}
	if page.Problem != "" {
		return page, nil
	}
	if fresh {
		wish.Wording = page.wording
	}
	granted, err := s.wish(r, page, wish, "done_save")
	if errors.Is(err, newsletter.ErrInvalid) {
		page.Problem = "day_problem"
		return page, nil
	}
	return granted, err
}

// readPause reads until when the form wants a pause, and reports whether it may. A day that is typed without its button
// being chosen counts, except where another button says that a pause is to end. Who receives nothing is not asked, and
// who wants nothing any longer keeps no pause.
func (p preferencesPage) readPause(fields url.Values, wish *subscription.Wish) (ok bool) {
	choice, day := fields.Get(untilField), fields.Get(dayField)
	switch {
	case !p.Receives:
		return true
	case choice == untilNone && (p.Paused || day == ""):
		return true
	case choice == untilKept && day == "":
		wish.KeepPauses = len(wish.Newsletters) > 0
		return true
	case choice == untilNone, choice == untilKept:
		choice = untilDay
	}
	wish.Until, ok = p.Calendar.until(choice, day)
	return ok
}

// wish has a wish granted. Where that changes nothing that can be seen, the answer says the sentence called id.
func (s *site) wish(r *http.Request, page preferencesPage, w subscription.Wish, id string) (preferencesPage, error) {
	p, err := s.Subscriptions.Prefer(r.Context(), r.PathValue("token"), w)
	if err != nil {
		return page, err
	}
	after, err := s.preferences(unhurried(r).Context(), p) // it is granted, and its person is told
	if err != nil {
		return page, err
	}
	said, err := s.text(after.Lang, id, after)
	if err != nil {
		return page, err
	}
	changes, err := s.changes(page, after)
	after.Done = append([]string{said}, changes...)
	return after, err
}

// changes says how two pages of one reader differ.
func (s *site) changes(before, after preferencesPage) ([]string, error) {
	var all []string
	say := func(id string, data map[string]string) error {
		text, err := s.text(after.Lang, id, data)
		if err == nil && !slices.Contains(all, text) { // a pause is for all that are received, and said once
			all = append(all, text)
		}
		return err
	}
	for i, c := range after.before.Choices {
		var err error
		was := before.before.Choices[i]
		if id := came(was, c); id != "" && (!after.Silenced || !received(c)) {
			err = say(id, map[string]string{"Title": s.title(c.Newsletter)})
		}
		switch {
		case err != nil:
		case paused(c) && !c.Until.Equal(was.Until):
			err = say("change_pause", map[string]string{"Until": after.Calendar.say(c.Until)})
		case paused(was) && c.State == newsletter.Active:
			err = say("change_resume", nil)
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// came is the id of the sentence for a newsletter that is received from here on, or no longer.
func came(was, is subscription.Choice) string {
	switch {
	case received(is) && !received(was):
		return "change_in"
	case received(was) && !received(is):
		return "change_out"
	}
	return ""
}

// Stops reports that there is something to be stopped, be it only what the page does not show.
func (p preferencesPage) Stops() bool { return p.Receives || p.before.Unshown }
