package web

import (
	"fmt"
	"net/http"
	"strings"
)

// healthy answers as long as the process does.
func (s *site) healthy(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	return plain(w, http.StatusOK, "ok\n")
}

// ready runs every check and answers 503 if one fails. Why it fails is for the log: this page may be public.
func (s *site) ready(w http.ResponseWriter, r *http.Request) error {
	status := http.StatusOK
	var report strings.Builder
	for _, check := range s.Checks {
		state, err := check.Run(r.Context())
		if err != nil {
			s.Log.Error("not ready", "check", check.Name, "error", err)
			state, status = "failing", http.StatusServiceUnavailable
		}
		fmt.Fprintf(&report, "%s: %s\n", check.Name, state)
	}
	w.Header().Set("Cache-Control", "no-store")
	return plain(w, status, report.String())
}
