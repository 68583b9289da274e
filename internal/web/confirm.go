package web

import (
	"net/http"
	"slices"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// What the forms of the confirmation page say.
const (
	pageField = "page" // stamp of the page: only who looked at it has it
	actRenew  = "renew"
)

type confirmPage struct {
	shell
	Request             subscription.Request
	Names               string // of the newsletters, as a phrase
	Problem             string // id of what was wrong with the POST; empty: nothing
	PageField, ActField string
	Renew, Latest       string // values of the act
	Home, Preferences   string // addresses
	Archive             string // address; empty: no edition has appeared
}

// askConfirm shows the page with the button and changes nothing: mail scanners fetch every link of a letter.
func (s *site) askConfirm(w http.ResponseWriter, r *http.Request) error {
	private(w)
	request, err := s.Subscriptions.LookRequest(r.Context(), r.PathValue("token"))
	if err != nil {
		return err
	}
	return s.showRequest(w, r, "confirm", request, "")
}

// confirm takes the button of the page. Some scanners press buttons, too; but they do not look at the page first, so
// that they lack its stamp.
func (s *site) confirm(w http.ResponseWriter, r *http.Request) error {
	private(w)
	form, err := fields(r)
	if err != nil {
		return err
	}
	link, page := r.PathValue("token"), form.Get(pageField)
	if form.Get(pressedField) == actRenew {
		request, err := s.Subscriptions.Renew(r.Context(), link, page)
		if err == nil && (request.State == subscription.RequestRenewed || request.State == subscription.RequestLimited) {
			return s.showRequest(w, r, "renewed", request, "")
		}
		return s.pressed(w, r, request, err)
	}
	request, err := s.Subscriptions.Confirm(r.Context(), link, page)
	return s.pressed(w, r, request, err)
}

// pressed shows the page after its button, with the button once more where it had no effect.
func (s *site) pressed(w http.ResponseWriter, r *http.Request, request subscription.Request, err error) error {
	problem := "confirm_again"
	if s.waits(w, r, err) {
		problem = busyProblem
		request, err = s.Subscriptions.LookRequest(unhurried(r).Context(), r.PathValue("token"))
	}
	if err != nil {
		return err
	}
	return s.showRequest(w, r, "confirm", request, problem)
}

// showRequest shows how far a request is, in the language of the first newsletter that it is for. Whose address receives
// nothing has proved by the link that it is theirs: they are told.
func (s *site) showRequest(w http.ResponseWriter, r *http.Request, template string, request subscription.Request, problem string) error {
	first := ""
	if len(request.Newsletters) > 0 {
		first = request.Newsletters[0]
	}
	about := s.named(r, first)
	if request.Form.Stamp == "" {
		problem = "" // there is no button to press once more
	}
	page := confirmPage{
		shell: s.shell(about), Request: request, Problem: problem,
		PageField: pageField, ActField: pressedField, Renew: actRenew, Latest: actLatest,
		Home: "/",
	}
	there, err := s.appeared(unhurried(r).Context(), about) // what was pressed is done, and its person is told
	if err != nil {
		return err
	}
	if there {
		page.Archive = archivePath
	}
	if request.Preferences != "" {
		page.Preferences = preferencesPath + request.Preferences
	}
	if request.Silenced && request.State != subscription.RequestLeft && request.State != subscription.RequestGone {
		template = "silenced"
	}
	if page.Names, err = s.names(about, request.Newsletters); err != nil {
		return err
	}
	return s.show(w, statusOfProblem(problem), template, page.Lang, page)
}

// names puts the titles of newsletters into one phrase, such as “A”, “B” and “C”. Where none is published any more, it
// is the publication that speaks.
func (s *site) names(about newsletter.Newsletter, asked []string) (string, error) {
	texts := s.pages[about.Language].strings
	asked = slices.DeleteFunc(slices.Clone(asked), func(name string) bool { return s.publications[name].Name == "" })
	if len(asked) == 0 {
		asked = []string{about.Name}
	}
	phrase := ""
	for i, name := range asked {
		quoted, err := texts.Text("quoted", s.publication(name))
		if err != nil {
			return "", err
		}
		switch i {
		case 0:
			phrase = quoted
			continue
		case len(asked) - 1:
			phrase, err = texts.Text("and", map[string]string{"Before": phrase, "Last": quoted})
		default:
			phrase, err = texts.Text("comma", map[string]string{"Before": phrase, "Next": quoted})
		}
		if err != nil {
			return "", err
		}
	}
	return phrase, nil
}
