package web

import (
	"net/http"
	"strings"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// The addresses of the forms by which a letter is asked for.
const (
	signUpPath  = "/inscription"
	snippetPath = signUpPath + "/extrait"
	linkPath    = "/lien"
	scriptPath  = "/static/" + scriptName
)

// formPolicy also lets a page run our scripts: one fetches a form from us, the other works for it in a thread of its own.
const formPolicy = policy + "; script-src 'self'; worker-src 'self'; connect-src 'self'"

// kinds of forms, as prefixes of their strings.
const (
	kindSignUp = "signup"
	kindLink   = "link"
)

type formPage struct {
	shell
	Kind       string // prefix of its strings
	Action     string // where it is sent
	Script     string
	Stamp      string
	Email      string
	Offer      offer // of a sign-up
	Verdict    subscription.Verdict
	Why        string // sentence
	Chooses    bool   // it is the newsletters that are wrong, and not the address
	Suggestion string
	Mailbox    string // address of the mailbox, empty where there is none
	Home, Link string // addresses
}

// A receipt is the page that says that a form was received. It is the same for everybody, whatever is known of them, but
// for how they typed: so it is made ahead.
type receipt struct {
	shell
	Kind    string // of the form
	Why     string // sentence about what was typed
	Mailbox string // as on the form
}

// A receiptOf says which one.
type receiptOf struct{ kind, lang, reason string }

// makeReceipts makes the receipts of all forms in all languages.
func (s *site) makeReceipts() (err error) {
	s.receipts = map[receiptOf][]byte{}
	for _, lang := range s.tongues {
		for _, reason := range []string{"", subscription.ReasonInvisible} {
			page := receipt{shell: s.shell(s.publication("")), Mailbox: s.mailboxLink()}
			page.Lang = lang
			if page.Why, err = s.why(lang, subscription.Answer{Reason: reason}); err != nil {
				return err
			}
			for _, page.Kind = range []string{kindSignUp, kindLink} {
				if s.receipts[receiptOf{page.Kind, lang, reason}], err = s.render("received", lang, page); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// askSignUp shows the form. Its stamp belongs to this visit, so that the page may not be kept.
func (s *site) askSignUp(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	return s.showForm(w, r, kindSignUp, filling{}, subscription.Answer{})
}

func (s *site) takeSignUp(w http.ResponseWriter, r *http.Request) error {
	f, err := filled(r)
	if err != nil {
		return err
	}
	answer, err := s.signUp(r, newsletter.OriginPage, f)
	if answer, err = s.orBusy(w, r, answer, err); err != nil {
		return err
	}
	return s.showForm(w, r, kindSignUp, f, answer)
}

// askLink shows the form by which a reader asks for the link to their own page.
func (s *site) askLink(w http.ResponseWriter, r *http.Request) error {
	private(w)
	return s.showForm(w, r, kindLink, filling{}, subscription.Answer{})
}

func (s *site) takeLink(w http.ResponseWriter, r *http.Request) error {
	f, err := filled(r)
	if err != nil {
		return err
	}
	answer, err := s.Subscriptions.AskLink(r.Context(), s.visit(r, newsletter.OriginPage, f), f.Email)
	if answer, err = s.orBusy(w, r, answer, err); err != nil {
		return err
	}
	return s.showForm(w, r, kindLink, f, answer)
}

// formBusy is the verdict on a form that was right and could not be recorded.
const formBusy subscription.Verdict = "busy"

// orBusy answers a form that the store had no time for by the form itself: nothing of it is used up, and its person has
// only to press once more. Any other error is returned as it is.
func (s *site) orBusy(w http.ResponseWriter, r *http.Request, a subscription.Answer, err error) (subscription.Answer, error) {
	if !s.waits(w, r, err) {
		return a, err
	}
	return subscription.Answer{Verdict: formBusy, Reason: "busy"}, nil
}

// showForm shows a form, or its receipt. All that was typed is kept (WCAG 2.2, 3.3.1 and 3.3.7).
func (s *site) showForm(w http.ResponseWriter, r *http.Request, kind string, f filling, a subscription.Answer) error {
	status := http.StatusOK
	var err error
	if a.Verdict != "" {
		if status, err = begin(w, a.Verdict); err != nil {
			return err
		}
	}
	lang := s.tongue(r, f)
	if a.Verdict == subscription.Received {
		answer(w, status, lang, s.receipts[receiptOf{kind, lang, a.Reason}])
		return nil
	}
	page := formPage{
		shell: s.shell(s.publication("")), Kind: kind, Action: signUpPath, Script: scriptPath, Home: "/", Link: linkPath,
		Email: strings.ToValidUTF8(f.Email, "\ufffd"), Stamp: f.Stamp,
		Mailbox: s.mailboxLink(), Verdict: a.Verdict, Suggestion: a.Suggestion, Chooses: a.Reason == subscription.ReasonNewsletters,
	}
	page.Lang = lang
	if kind == kindLink {
		page.Action = page.Link
	} else {
		page.Offer = s.offers[lang].chosen(f.Newsletters)
	}
	if page.Why, err = s.why(lang, a); err != nil {
		return err
	}
	return s.showPhase(w, r, status, page)
}

// showPhase chooses the template. What was typed wrong, is doubtful or could not be recorded goes back with the stamp it
// came with, which is not used up and old enough by now; every other form gets a fresh one.
func (s *site) showPhase(w http.ResponseWriter, r *http.Request, status int, page formPage) error {
	switch page.Verdict {
	case subscription.Mistaken, subscription.Doubtful, formBusy:
	default:
		form, err := s.Subscriptions.NewForm(r.Context())
		if err != nil {
			return err
		}
		page.Stamp = form.Stamp
	}
	w.Header().Set("Content-Security-Policy", formPolicy)
	if page.Verdict == subscription.Doubtful {
		return s.show(w, status, "doubt", page.Lang, page)
	}
	return s.show(w, status, "form", page.Lang, page)
}
