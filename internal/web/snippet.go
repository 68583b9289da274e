package web

import (
	"bytes"
	"fmt"
	"net/http"
)

type snippetPage struct {
	Lang           string
	Action, Script string // addresses, with the host
	Privacy        string
	Offer          offer
}

// snippet is the form that a site pastes under its articles, with the text of this installation's own consent. It is
// text to be copied: nothing of it runs here.
func (s *site) snippet(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-cache") // RFC 9111 §5.2.2.4: its text changes with the settings
	w.Header().Set("Vary", "Accept-Language")
	lang := s.tongue(r, filling{})
	page := snippetPage{
		Lang: lang, Action: s.address + signUpPath, Script: s.address + scriptPath,
		Privacy: s.publication("").Sender.PrivacyURL, Offer: s.offers[lang],
	}
	var text bytes.Buffer
	if err := s.pages[lang].templates["snippet"].ExecuteTemplate(&text, "snippet", page); err != nil {
		return fmt.Errorf("make the snippet: %w", err)
	}
	w.Header().Set("Content-Language", lang)
	return plain(w, http.StatusOK, text.String())
}
