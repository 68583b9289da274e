package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"facteur/internal/newsletter"
)

// A handler answers a request, or says why it cannot before it has written anything.
type handler func(w http.ResponseWriter, r *http.Request) error

const (
	answerTime = 10 * time.Second // how long a handler may wait for the store
	maxBody    = 8 << 10          // bytes; the largest body that counts is a form of an address and some names
)

func (s *site) routes() http.Handler {
	mux := http.NewServeMux()
	s.route(mux, "/{$}", s.askSignUp, s.takeSignUp)
	s.route(mux, signUpPath, s.askSignUp, s.takeSignUp)
	s.route(mux, snippetPath, s.snippet, nil)
	s.route(mux, linkPath, s.askLink, s.takeLink)
	s.route(mux, confirmPath+"{token}", s.askConfirm, s.confirm)
	s.api(mux, apiFormPath, s.giveForm, nil)
	s.api(mux, apiSignUpPath, nil, s.takeProgram)
	s.route(mux, leavePath+"{token}", s.askLeave, s.leave)
	s.route(mux, undoPath+"{token}", s.lookUndo, s.undo)
	s.route(mux, preferencesPath+"{token}", s.lookPreferences, s.prefer)
	s.route(mux, managePath+"{token}", s.lookManage, s.manage)
	s.route(mux, movePath+"{token}", s.lookMove, s.move)
	s.route(mux, "/healthz", s.healthy, nil)
	s.route(mux, "/readyz", s.ready, nil)
	s.route(mux, "/robots.txt", s.robots, nil)
	s.route(mux, "/static/{name}", s.static, nil)
	if s.Archive != nil {
		s.folder(mux, archivePath+"/", s.overview)
		s.route(mux, archivePath+"/"+feedFile, s.feed, nil)
		s.route(mux, archivePath+"/{newsletter}", s.editions, nil)
		s.route(mux, archivePath+"/{newsletter}/"+feedFile, s.feed, nil)
		s.route(mux, archivePath+"/{newsletter}/{number}", s.edition, nil)
		s.route(mux, archivePath+"/{newsletter}/{number}/{view}", s.edition, nil)
		s.route(mux, sitemapPath, s.sitemap, nil)
	}
	if s.Pictures != nil {
		s.route(mux, newsletter.PicturePath+"{name}", s.picture, nil)
	}
	if s.Mailbox != nil {
		s.folder(mux, mailboxPath, s.local(s.letters))
		s.route(mux, mailboxPath+"{name}", s.local(s.letter), nil)
		s.route(mux, mailboxPath+"{name}/{view}", s.local(s.letter), nil)
	}
	if s.Example != nil {
		s.folder(mux, ExamplePath, s.local(s.front))
		s.route(mux, ExampleLegalPath, s.local(s.notice("legal")), nil)
		s.route(mux, ExamplePrivacyPath, s.local(s.notice("privacy")), nil)
		s.route(mux, ExamplePath, s.local(s.article), nil)
	}
	mux.HandleFunc("/", s.nowhere)
	return s.clean(mux)
}

// clean knows a page by one address only. [http.ServeMux] would redirect others to it, which a mail program may not
// follow (RFC 8058 §3.1).
func (s *site) clean(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := r.URL.EscapedPath()
		if tidy := path.Clean("/" + asked); asked != tidy && (asked != tidy+"/" || tidy == "/") {
			s.nowhere(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// route answers GET and HEAD by get and POST by post; any other method is refused. A body is received whole first, so
// that a slow client uses up none of the store's time.
func (s *site) route(mux *http.ServeMux, pattern string, get, post handler) {
	s.serve(mux, pattern, get, post, s.fail)
}

// serve is route where errors are answered by fail.
func (s *site) serve(mux *http.ServeMux, pattern string, get, post handler, fail func(http.ResponseWriter, *http.Request, error)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		answer, err := choose(w, r, get, post)
		if err == nil && r.Method == http.MethodPost {
			err = receive(w, r)
		}
		if err == nil {
			ctx, cancel := context.WithTimeout(r.Context(), answerTime)
			defer cancel()
			err = answer(w, r.WithContext(ctx))
		}
		if err != nil {
			fail(w, r, err)
		}
	})
}

// folder answers GET and HEAD at a path with its final slash and without, where [http.ServeMux] would redirect.
func (s *site) folder(mux *http.ServeMux, at string, get handler) {
	s.route(mux, at+"{$}", get, nil)
	s.route(mux, strings.TrimSuffix(at, "/"), get, nil)
}

func choose(w http.ResponseWriter, r *http.Request, get, post handler) (handler, error) {
	switch {
	case get != nil && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		return get, nil
	case r.Method == http.MethodPost && post != nil:
		return post, nil
	}
	var allow []string
	if get != nil {
		allow = append(allow, "GET", "HEAD")
	}
	if post != nil {
		allow = append(allow, "POST")
	}
	w.Header().Set("Allow", strings.Join(allow, ", "))
	return nil, errMethod
}

// receive reads the body of a request to its end, or says why it has none.
func receive(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case err == nil:
		r.Body = io.NopCloser(bytes.NewReader(body))
		return nil
	case tooLarge:
		return fmt.Errorf("read a body: %w", err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("read a body: %w: %w", errSlow, err)
	}
	return fmt.Errorf("read a body: %w: %w", newsletter.ErrInvalid, err)
}

// nowhere answers where no page is. What begins as the link of a letter does was one, and was cut.
func (s *site) nowhere(w http.ResponseWriter, r *http.Request) {
	err := errNowhere
	if slices.ContainsFunc(linkPaths(), func(begins string) bool { return strings.HasPrefix(path.Clean(r.URL.Path)+"/", begins) }) {
		err = newsletter.ErrNotFound
	}
	s.fail(w, r, err)
}
