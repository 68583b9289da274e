package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// policy is what pages may load and do: our own style sheet and pictures, forms to ourselves, nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'"

// guarded sets the headers that hold for every answer; a handler may narrow them.
func (s *site) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		if s.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000") // a year, RFC 6797 §6.1
		}
		next.ServeHTTP(w, r)
	})
}

// private marks an answer that is one reader's own, or that must not last.
func private(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
}

// logged writes one line for each request, and one more for a handler that panicked. It names the route and not the
// path, which may hold a token, and no client: the address of a person's machine is theirs.
func (s *site) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := &recorder{ResponseWriter: w}
		defer func() {
			if cause := recover(); cause != nil {
				s.panicked(seen, r, cause)
			}
			s.Log.Debug("answered", "method", r.Method, "route", r.Pattern, "status", cmp.Or(seen.status, http.StatusOK), "bytes", seen.bytes,
				"took", time.Since(began).Round(time.Microsecond))
		}()
		next.ServeHTTP(seen, r)
	})
}

// panicked tells the operator where a handler panicked, and the reader that the fault is ours. An answer that has begun
// is cut off, so that no half of one passes for a whole.
func (s *site) panicked(w *recorder, r *http.Request, cause any) {
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	s.Log.Error("a page panicked", "method", r.Method, "route", r.Pattern, "panic", cause, "stack", string(debug.Stack()))
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	private(w)
	page := problemPage{shell: s.shell(s.forBrowser(r)), Head: "fault_head", Text: "fault_text"}
	if err := s.show(w, http.StatusInternalServerError, "problem", page.Lang, page); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// A recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int // 0 until an answer begins
	bytes  int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.status = cmp.Or(r.status, http.StatusOK)
	n, err := r.ResponseWriter.Write(p)
	r.bytes += n
	return n, err
}

// Unwrap lets [http.ResponseController] reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// A listenerLog is what net/http's own log becomes. It lets through what an operator can mend, such as too many open
// files; the other lines are about single connections, and name the client.
type listenerLog struct{ log *slog.Logger }

func (l listenerLog) Write(line []byte) (int, error) {
	if what, found := strings.CutPrefix(string(line), "http: Accept error: "); found {
		l.log.Warn("no connection is taken", "error", strings.TrimSpace(what))
	}
	return len(line), nil
}
