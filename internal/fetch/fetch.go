package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"time"
)

const (
	patience      = 15 * time.Second // for one answer, from the name of its server to its last byte
	mostRedirects = 5
	mostAddress   = 2000 // bytes; nobody writes a longer one into settings
)

// Options say how servers are asked.
type Options struct {
	Allowed []netip.Prefix // networks that are spoken to although they are not public
	Agent   string         // what the program calls itself (RFC 9110 §10.1.5)

	// Dial replaces the network, for tests. Nothing is guarded then.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// A Client asks servers. Its methods may be called from any goroutine.
type Client struct {
	client *http.Client
	agent  string
}

// New makes a client.
func New(o Options) *Client {
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: patience, Control: guard(o.Allowed)}).DialContext
	}
	return &Client{agent: o.Agent, client: &http.Client{
		Timeout:       patience,
		CheckRedirect: redirect,
		Transport: &http.Transport{
			Proxy:                  nil, // it would speak to anybody for us
			DialContext:            o.Dial,
			TLSHandshakeTimeout:    patience, // a connection outlives the request that asked for it
			DisableKeepAlives:      true,
			DisableCompression:     true,
			MaxResponseHeaderBytes: 64 << 10,
			ForceAttemptHTTP2:      true,
		},
	}}
}

func redirect(next *http.Request, via []*http.Request) error {
	switch {
	case len(via) > mostRedirects:
		return advised{fmt.Sprintf("it redirects more than %d times", mostRedirects), "give its final address"}
	case next.URL.Scheme != "http" && next.URL.Scheme != "https":
		return advised{fmt.Sprintf("it redirects to a %s address", next.URL.Scheme), "give its final address"}
	}
	next.Header.Del("Referer")
	return nil
}

// moved is where a file is for good: how far redirects led that ask for their address to be used from then on (RFC 9110 §15.4.2, §15.4.9).
func moved(last *http.Request) string {
	var redirected []*http.Request // the last first
	for r := last; r.Response != nil; r = r.Response.Request {
		redirected = append(redirected, r)
	}
	to := ""
	for _, r := range slices.Backward(redirected) {
		if by := r.Response.StatusCode; by != http.StatusMovedPermanently && by != http.StatusPermanentRedirect {
			break
		}
		to = r.URL.String()
	}
	if len(to) > mostAddress {
		return ""
	}
	return to
}

// Get fetches a file. Of one that has more bytes than most, one more than these is given. An error is for people, unless it is
// that of ctx.
func (c *Client) Get(ctx context.Context, address, accept string, most int64) ([]byte, error) {
	answer, err := c.ask(ctx, http.MethodGet, address, accept)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }() // only read from
	if answer.StatusCode != http.StatusOK {
		return nil, refused(answer)
	}
	file, err := content(answer, most)
	if err != nil {
		return nil, errors.Join(ctx.Err(), plain(err))
	}
	return file, nil
}

// A Known file is one that was fetched before, as its server told it from others (RFC 9110 §8.8). The zero value is none.
type Known struct{ ETag, Modified string }

// A File is what a server answers.
type File struct {
	Same    bool // it is the one that is known; all else is empty but Moved
	Body    []byte
	Type    string // Content-Type
	Address string // after redirects
	Moved   string // after those redirects that begin with it and are permanent; empty: there are none
	Known   Known
}

// GetChanged is Get for a file that may be known already (RFC 9110 §13.1).
func (c *Client) GetChanged(ctx context.Context, address, accept string, known Known, most int64) (File, error) {
	answer, err := c.askUnless(ctx, http.MethodGet, address, accept, known)
	if err != nil {
		return File{}, err
	}
	defer func() { _ = answer.Body.Close() }() // only read from
	switch {
	case answer.StatusCode == http.StatusNotModified && known != Known{}:
		return File{Same: true, Moved: moved(answer.Request)}, nil
	case answer.StatusCode != http.StatusOK:
		return File{}, refused(answer)
	}
	body, err := content(answer, most)
	if err != nil {
		return File{}, errors.Join(ctx.Err(), plain(err))
	}
	h := answer.Header
	return File{Body: body, Type: h.Get("Content-Type"), Address: answer.Request.URL.String(), Moved: moved(answer.Request), Known: Known{h.Get("ETag"), h.Get("Last-Modified")}}, nil
}

// Look finds out whether a page is there, and reads nothing of it. Servers that know no HEAD are asked for the page itself. An
// error is for people, unless it is that of ctx.
func (c *Client) Look(ctx context.Context, address string) error {
	var err error
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		var answer *http.Response
		if answer, err = c.ask(ctx, method, address, "text/html, */*;q=0.8"); err != nil {
			return err
		}
		_ = answer.Body.Close() // nothing of it is read
		if there(answer.StatusCode) {
			return nil
		}
		err = refused(answer)
	}
	return err
}

// there reports an answer by which a reader may find the page: one that holds it, and one that keeps it from programs or asks
// who one is, as many sites do.
func there(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusTooManyRequests, http.StatusUnavailableForLegalReasons:
		return true
	}
	return status < http.StatusBadRequest
}

func (c *Client) ask(ctx context.Context, method, address, accept string) (*http.Response, error) {
	return c.askUnless(ctx, method, address, accept, Known{})
}

func (c *Client) askUnless(ctx context.Context, method, address, accept string, known Known) (*http.Response, error) {
	ask, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, err
	}
	ask.Header.Set("Accept", accept)
	ask.Header.Set("User-Agent", c.agent)
	if known.ETag != "" {
		ask.Header.Set("If-None-Match", known.ETag)
	}
	if known.Modified != "" {
		ask.Header.Set("If-Modified-Since", known.Modified)
	}
	answer, err := c.client.Do(ask)
	if err != nil {
		return nil, errors.Join(ctx.Err(), plain(err))
	}
	return answer, nil
}

func refused(answer *http.Response) error {
	r := refusal{status: answer.StatusCode}
	after := answer.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(after); err == nil && seconds > 0 {
		r.after = time.Duration(min(seconds, 7*24*3600)) * time.Second
	} else if at, err := http.ParseTime(after); err == nil {
		if said, err := http.ParseTime(answer.Header.Get("Date")); err == nil { // its clock may not be ours
			r.after = max(0, at.Sub(said))
		}
	}
	return r
}

// A refusal is an answer that is no file.
type refusal struct {
	status int
	after  time.Duration
}

func (r refusal) Error() string {
	return fmt.Sprintf("its server answers %d %s", r.status, http.StatusText(r.status))
}

// RetryAfter is how long the server asks to be left alone (RFC 9110 §10.2.3); 0: it names no time.
func (r refusal) RetryAfter() time.Duration { return r.after }

// Status is what the server answered (RFC 9110 §15).
func (r refusal) Status() int { return r.status }

// An advised error is one of which it is known what to do about it.
type advised struct{ what, do string }

func (a advised) Error() string { return a.what + ": " + a.do }

// Apart is the two halves of the error.
func (a advised) Apart() (what, do string) { return a.what, a.do }
