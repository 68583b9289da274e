package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// The addresses for programs: the script of the snippet, and others.
const (
	apiFormPath   = "/api/v1/form"
	apiSignUpPath = "/api/v1/subscriptions"
)

// An apiForm is what a program needs to send a form back.
type apiForm struct {
	Stamp   string `json:"stamp"`
	Bits    int    `json:"bits"`    // of work
	Wording string `json:"wording"` // version of the consent
	Consent string `json:"consent"` // all that its person has to be shown
}

// An apiAnswer says what a form came to.
type apiAnswer struct {
	Verdict    string   `json:"verdict"`
	Reason     string   `json:"reason,omitempty"`
	Field      string   `json:"field,omitempty"` // which one of the request is wrong
	Message    string   `json:"message"`         // for people
	Suggestion string   `json:"suggestion,omitempty"`
	Instead    string   `json:"instead,omitempty"` // words of the button that takes the suggestion
	Keep       string   `json:"keep,omitempty"`    // words of the one that takes what was typed
	Form       *apiForm `json:"form,omitempty"`    // fresh, where the one sent is worth nothing any more
}

// verdictRefused is what the answer to a request says that is no form at all.
const verdictRefused = "refused"

// api answers programs at a path: errors as JSON, and pages of the allowed origins may read the answers.
func (s *site) api(mux *http.ServeMux, path string, get, post handler) {
	shared := func(next handler) handler {
		if next == nil {
			return nil
		}
		return func(w http.ResponseWriter, r *http.Request) error {
			s.share(w, r)
			return next(w, r)
		}
	}
	s.serve(mux, path, shared(get), shared(post), s.failProgram)
	allowed := http.MethodGet
	if post != nil {
		allowed = http.MethodPost
	}
	mux.HandleFunc("OPTIONS "+path, func(w http.ResponseWriter, r *http.Request) {
		if s.share(w, r) {
			w.Header().Set("Access-Control-Allow-Methods", allowed)
			w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
			w.Header().Set("Access-Control-Max-Age", "7200") // seconds, the most that Chromium keeps
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// share lets a page of an allowed origin read the answer (WHATWG Fetch §3.3), without credentials: there are none. It
// tells whether the origin is one.
func (s *site) share(w http.ResponseWriter, r *http.Request) bool {
	private(w)
	w.Header().Set("Vary", "Origin") // an error is shared once more
	origin := r.Header.Get("Origin")
	if !slices.Contains(s.Origins, origin) {
		return false
	}
	w.Header().Set("Access-Control-Allow-Origin", origin)
	return true
}

// apiDoor tells the site's own form from another program: browsers say which page a request comes from, and let no
// page say it is another.
func (s *site) apiDoor(r *http.Request) string {
	if slices.Contains(s.Origins, r.Header.Get("Origin")) {
		return newsletter.OriginForm
	}
	return newsletter.OriginAPI
}

func (s *site) giveForm(w http.ResponseWriter, r *http.Request) error {
	form, err := s.freshForm(r, s.tongue(r, filling{}))
	if err != nil {
		return err
	}
	return answerJSON(w, http.StatusOK, form)
}

func (s *site) freshForm(r *http.Request, lang string) (*apiForm, error) {
	form, err := s.Subscriptions.NewForm(r.Context())
	if err != nil {
		return nil, err
	}
	wording := s.offers[lang].Wording
	return &apiForm{Stamp: form.Stamp, Bits: form.Bits, Wording: wording.Version, Consent: wording.Text}, nil
}

func (s *site) takeProgram(w http.ResponseWriter, r *http.Request) error {
	f, err := readJSON(r)
	if err != nil {
		return err
	}
	a, err := s.signUp(r, s.apiDoor(r), f)
	if err != nil {
		return err
	}
	return s.tellProgram(w, r, f, a)
}

func (s *site) tellProgram(w http.ResponseWriter, r *http.Request, f filling, a subscription.Answer) error {
	lang := s.tongue(r, f)
	told := apiAnswer{Verdict: string(a.Verdict), Reason: a.Reason, Suggestion: a.Suggestion}
	var err error
	if told.Message, err = s.why(lang, a); err != nil {
		return err
	}
	switch a.Verdict {
	case subscription.Received:
		about := told.Message
		told.Message, err = s.text(lang, "signup_received", nil)
		told.Message = strings.TrimSpace(told.Message + " " + about)
	case subscription.FormAgain, subscription.TooMany:
		told.Form, err = s.freshForm(r, lang)
	case subscription.Doubtful:
		err = s.tellDoubt(lang, a, &told)
	}
	if err != nil {
		return err
	}
	status, err := begin(w, a.Verdict)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Language", lang)
	return answerJSON(w, status, told)
}

// tellDoubt adds the words of the two buttons, which are those of our own page.
func (s *site) tellDoubt(lang string, a subscription.Answer, told *apiAnswer) (err error) {
	if told.Keep, err = s.text(lang, "doubt_sure", a); err == nil && a.Suggestion != "" {
		told.Instead, err = s.text(lang, "doubt_instead", a)
	}
	return err
}

// A misread is what keeps a body from being a form.
type misread struct{ Reason, Field string }

func (m *misread) Error() string { return strings.TrimSpace(m.Reason + " " + m.Field) }

func (m *misread) Unwrap() error {
	if m.Reason == misreadKind {
		return errKind
	}
	return newsletter.ErrInvalid
}

// What a program gets wrong, each told in words by the string api_REASON.
const (
	misreadKind     = "content-type"
	misreadEmpty    = "empty-body"
	misreadEncoding = "not-utf8"
	misreadSyntax   = "not-json"
	misreadObject   = "not-object"
	misreadTrailing = "trailing"
	misreadUnknown  = "field-unknown"
	misreadTwice    = "field-twice"
	misreadType     = "field-type"
)

// mostOfName is how much of a field's name is repeated, in bytes.
const mostOfName = 40

// readJSON reads one object of known fields, each at most once: what a program misspells is said, and nothing is read in
// two ways (RFC 8259 §4).
func readJSON(r *http.Request) (filling, error) {
	if mediaType(r.Header.Get("Content-Type")) != "application/json" {
		return filling{}, fmt.Errorf("read a form: %w", &misread{Reason: misreadKind})
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return filling{}, fmt.Errorf("read a form: %w", err)
	}
	f, err := decodeFilling(body)
	if err != nil {
		return filling{}, fmt.Errorf("read a form: %w", err)
	}
	return f, nil
}

// decodeFilling reads a body; every error is a [*misread].
func decodeFilling(body []byte) (filling, error) {
	var f filling
	places := map[string]any{
		"email": &f.Email, "newsletters": &f.Newsletters, "stamp": &f.Stamp, "solution": &f.Solution, "website": &f.Website,
		"wording": &f.Wording, "sure": &f.Sure,
	}
	switch {
	case !utf8.Valid(body): // RFC 8259 §8.1
		return filling{}, &misread{Reason: misreadEncoding}
	case len(bytes.TrimSpace(body)) == 0:
		return filling{}, &misread{Reason: misreadEmpty}
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil {
		return filling{}, &misread{Reason: misreadSyntax}
	} else if t != json.Delim('{') {
		return filling{}, &misread{Reason: misreadObject}
	}
	for d.More() {
		if err := decodeField(d, places); err != nil {
			return filling{}, err
		}
	}
	if _, err := d.Token(); err != nil {
		return filling{}, &misread{Reason: misreadSyntax}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return filling{}, &misread{Reason: misreadTrailing}
	}
	return f, nil
}

// decodeField reads one field into its place. A place that was filled is nil.
func decodeField(d *json.Decoder, places map[string]any) error {
	name, err := d.Token()
	key, isText := name.(string)
	if err != nil || !isText {
		return &misread{Reason: misreadSyntax}
	}
	place, known := places[key]
	wrong := &misread{Field: strings.ToValidUTF8(key[:min(len(key), mostOfName)], "")}
	switch {
	case !known:
		wrong.Reason = misreadUnknown
		return wrong
	case place == nil:
		wrong.Reason = misreadTwice
		return wrong
	}
	places[key] = nil
	err = d.Decode(place)
	if _, mistyped := errors.AsType[*json.UnmarshalTypeError](err); mistyped {
		wrong.Reason = misreadType
		return wrong
	}
	if err != nil {
		return &misread{Reason: misreadSyntax}
	}
	return nil
}

func answerJSON(w http.ResponseWriter, status int, content any) error {
	text, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client has gone: there is nobody to tell
	return nil
}

// failProgram is fail for programs. Its sentences stand alone, and may be shown on a page of somebody else's: they have no
// heading to lean on and know of no page to go back to.
func (s *site) failProgram(w http.ResponseWriter, r *http.Request, err error) {
	p := s.failing(w, r, err)
	s.share(w, r)
	lang := s.tongue(r, filling{})
	told := apiAnswer{Verdict: verdictRefused, Reason: strings.ReplaceAll(p.name, "_", "-")}
	if wrong, ok := errors.AsType[*misread](err); ok {
		told.Reason, told.Field = wrong.Reason, wrong.Field
	}
	told.Message, err = s.text(lang, "api_"+told.Reason, told)
	if err == nil {
		w.Header().Set("Content-Language", lang)
		err = answerJSON(w, p.status, told)
	}
	if err != nil {
		http.Error(w, http.StatusText(p.status), p.status)
	}
}
