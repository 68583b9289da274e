package web

import (
	"context"
	"net/http"
	"time"

	"facteur/internal/newsletter"
)

// A handler answers a request, or says why it cannot before it has written anything.
type handler func(w http.ResponseWriter, r *http.Request) error

// answerTime is how long a handler may wait for the store.
const answerTime = 10 * time.Second

func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	s.route(mux, "/{$}", s.home, nil)
	s.route(mux, "/u/{token}", s.askLeave, s.leave)
	s.route(mux, "/healthz", s.healthy, nil)
	s.route(mux, "/readyz", s.ready, nil)
	s.route(mux, "/robots.txt", s.robots, nil)
	s.route(mux, "/static/{name}", s.static, nil)
	if s.Mailbox != nil {
		s.route(mux, mailboxPath+"{$}", s.local(s.letters), nil)
		s.route(mux, mailboxPath+"{name}", s.local(s.letter), nil)
		s.route(mux, mailboxPath+"{name}/{view}", s.local(s.letter), nil)
	}
	if s.Example != nil {
		s.route(mux, ExamplePath+"{$}", s.local(s.front), nil)
		s.route(mux, ExampleLegalPath, s.local(s.notice("legal")), nil)
		s.route(mux, ExamplePrivacyPath, s.local(s.notice("privacy")), nil)
		s.route(mux, ExamplePath, s.local(s.article), nil)
	}
	s.route(mux, "/", nowhere, nowhere)
	return mux
}

// route answers GET and HEAD by get and POST by post; any other method is refused.
func (s *site) route(mux *http.ServeMux, pattern string, get, post handler) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), answerTime)
		defer cancel()
		r = r.WithContext(ctx)
		if err := choose(w, r, get, post)(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

func choose(w http.ResponseWriter, r *http.Request, get, post handler) handler {
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return get
	case r.Method == http.MethodPost && post != nil:
		return post
	}
	return func(http.ResponseWriter, *http.Request) error {
		allow := "GET, HEAD"
		if post != nil {
			allow += ", POST"
		}
		w.Header().Set("Allow", allow)
		return errMethod
	}
}

func nowhere(http.ResponseWriter, *http.Request) error { return newsletter.ErrNotFound }
