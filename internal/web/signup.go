package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// SignUps is what the pages ask of the story before somebody is a reader.
type SignUps interface {
	NewForm(ctx context.Context) (subscription.Form, error)
	SignUp(ctx context.Context, s subscription.SignUp) (subscription.Answer, error)
	LookRequest(ctx context.Context, link string) (subscription.Request, error)
	Confirm(ctx context.Context, link, page string) (subscription.Request, error)
	Renew(ctx context.Context, link, page string) (subscription.Request, error)
	AskLink(ctx context.Context, v subscription.Visit, text string) (subscription.Answer, error)
}

// Why a form is shown again before the story has seen it.
const (
	reasonWordingMissing = "wording-missing" // a foreign form: its person has not seen what they consent to
	reasonWordingOld     = "wording-old"     // the text has changed since
)

// The fields of the forms by which a letter is asked for.
const (
	emailField      = "email"
	newsletterField = "newsletter" // a name; repeated
	stampField      = "stamp"
	solutionField   = "solution" // of the work that the stamp asks for
	trapField       = "website"  // no person fills it
	wordingField    = "wording"  // version of the text of consent that was shown
	sureField       = "sure"     // the address is meant as typed
	insteadField    = "instead"  // the address that the button of the suggestion holds
)

// A filling is what came back of a form, through whichever door.
type filling struct {
	Email       string
	Newsletters []string
	Stamp       string
	Solution    string
	Website     string // of trapField
	Wording     string // version of the text that was shown
	Sure        bool
}

// visit says where a filling comes from and what it brings along.
func (s *site) visit(r *http.Request, door string, f filling) subscription.Visit {
	client, network := s.whereabouts(r)
	return subscription.Visit{
		Door: door, Stamp: f.Stamp, Solution: f.Solution, Trap: f.Website, Client: client, Network: network,
	}
}

// signUp is the one way into the story, whatever the door. What is stored of the consent is the text itself, so that it
// can be shown later what its person saw (RGPD art. 7(1)); a text that is not ours, or no longer, has to be read first.
func (s *site) signUp(r *http.Request, door string, f filling) (subscription.Answer, error) {
	shown, known := s.wordings[f.Wording]
	if !known {
		reason := reasonWordingOld
		if f.Wording == "" {
			reason = reasonWordingMissing
		}
		return subscription.Answer{Verdict: subscription.FormAgain, Reason: reason}, nil
	}
	return s.Subscriptions.SignUp(r.Context(), subscription.SignUp{
		Visit: s.visit(r, door, f), Address: f.Email, Newsletters: f.Newsletters, Sure: f.Sure, Wording: shown.Wording,
	})
}

// tongue is the language to answer in: that of the text the person read, of what they asked for, or the best that their
// browser takes (RFC 9110 §12.5.4).
func (s *site) tongue(r *http.Request, f filling) string {
	if shown, known := s.wordings[f.Wording]; known {
		return shown.Lang
	}
	for _, name := range f.Newsletters {
		if n, known := s.publications[name]; known {
			return n.Language
		}
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wanted) == 0 {
		return s.Newsletters[0].Language
	}
	_, best, _ := s.languages.Match(wanted...)
	return s.tongues[best]
}

// why is the sentence for a reason. A story may know more reasons than the pages.
func (s *site) why(lang string, a subscription.Answer) (string, error) {
	if a.Reason == "" {
		return "", nil
	}
	text, err := s.pages[lang].strings.Text("why_"+a.Reason, a)
	if err != nil {
		return s.pages[lang].strings.Text("why_other", a)
	}
	return text, nil
}

// statusOf answers what is wrong with what was typed by 422 (RFC 9110 §15.5.21) and too many forms by 429 (RFC 6585
// §4). Everything else went as it should, the form that has to be looked at once more included.
func statusOf(v subscription.Verdict) (int, error) {
	switch v {
	case subscription.Received, subscription.FormAgain, subscription.Doubtful:
		return http.StatusOK, nil
	case subscription.Mistaken:
		return http.StatusUnprocessableEntity, nil
	case subscription.TooMany:
		return http.StatusTooManyRequests, nil
	case formBusy:
		return http.StatusServiceUnavailable, nil
	}
	return 0, fmt.Errorf("answer a form: verdict %q is not known", v)
}

// begin writes what precedes every answer to a form.
func begin(w http.ResponseWriter, v subscription.Verdict) (int, error) {
	private(w)
	if v == subscription.TooMany {
		w.Header().Set("Retry-After", limitRest)
	}
	return statusOf(v)
}

const limitRest = "3600" // seconds: limits are counted by the hour

// fields reads the body of a form, urlencoded or multipart. Fields in the query do not count: a link may hold them. Some
// programs end the body with a line end, which then belongs to the last value. Beside an error stands what was read before.
func fields(r *http.Request) (url.Values, error) {
	if r.Header.Get("Content-Type") == "" { // RFC 9110 §8.3 lets a recipient look at the content instead
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.URL.RawQuery = ""
	var err error
	switch mediaType(r.Header.Get("Content-Type")) {
	case "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case "multipart/form-data":
		err = r.ParseMultipartForm(maxBody)
	default:
		return nil, fmt.Errorf("read a form: %w", errKind)
	}
	if err != nil {
		err = fmt.Errorf("read a form: %w: %w", newsletter.ErrInvalid, err)
	}
	for _, values := range r.PostForm {
		for i, v := range values {
			values[i] = strings.TrimSpace(v)
		}
	}
	return r.PostForm, err
}

// filled reads a form of our own pages, or a foreign one with their fields.
func filled(r *http.Request) (filling, error) {
	form, err := fields(r)
	if err != nil {
		return filling{}, err
	}
	f := filling{
		Email: form.Get(emailField), Newsletters: form[newsletterField], Stamp: form.Get(stampField), Solution: form.Get(solutionField),
		Website: form.Get(trapField), Wording: form.Get(wordingField), Sure: form.Get(sureField) != "",
	}
	if meant := form.Get(insteadField); meant != "" {
		f.Email, f.Sure = meant, false
	}
	return f, nil
}

// mediaType is the type without its parameters, lower-case, and "" where it is none.
func mediaType(header string) string {
	kind, _, _ := strings.Cut(header, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}
