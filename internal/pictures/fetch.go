package pictures

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"facteur/internal/newsletter"
)

const (
	patience      = 15 * time.Second // for one picture, from the name of its server to its last byte
	mostRedirects = 5
)

// Options say how pictures are fetched.
type Options struct {
	Allowed []netip.Prefix // networks that are spoken to although they are not public
	Agent   string         // what the program calls itself (RFC 9110 §10.1.5)

	// Dial replaces the network, for tests. Nothing is guarded then.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// A Gallery fetches pictures and keeps them in a folder.
type Gallery struct {
	Folder
	client *http.Client
	agent  string
}

// New makes a gallery.
func New(folder Folder, o Options) *Gallery {
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: patience, Control: guard(o.Allowed)}).DialContext
	}
	return &Gallery{Folder: folder, agent: o.Agent, client: &http.Client{
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
		return fmt.Errorf("it redirects more than %d times: give its final address", mostRedirects)
	case next.URL.Scheme != "http" && next.URL.Scheme != "https":
		return fmt.Errorf("it redirects to a %s address: give its final address", next.URL.Scheme)
	}
	next.Header.Del("Referer")
	return nil
}

// Fetch fetches a picture, makes it fit for letters and keeps it. Its error is for people, unless it is that of ctx.
func (g *Gallery) Fetch(ctx context.Context, source string) (newsletter.Picture, error) {
	if name, here := newsletter.PictureKeptHere(source); here {
		return g.look(name)
	}
	file, err := g.download(ctx, source)
	if err != nil {
		return newsletter.Picture{}, errors.Join(ctx.Err(), err)
	}
	return g.Keep(file)
}

// Keep makes the bytes of a file fit for letters and keeps them.
func (g *Gallery) Keep(file []byte) (newsletter.Picture, error) {
	if len(file) > mostBytes {
		return newsletter.Picture{}, tooLarge()
	}
	m, err := fit(file)
	if err != nil {
		return newsletter.Picture{}, err
	}
	return g.keep(m)
}

// look finds a picture that is kept.
func (g *Gallery) look(name string) (newsletter.Picture, error) {
	content, err := g.Read(name)
	if errors.Is(err, newsletter.ErrNotFound) {
		return newsletter.Picture{}, errors.New("its file is not kept any more: add the article once more")
	}
	if err != nil {
		return newsletter.Picture{}, err
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(content))
	return newsletter.Picture{Name: name, Width: config.Width, Height: config.Height}, err
}

func tooLarge() error {
	return fmt.Errorf("it is larger than %d MiB: give a smaller one", mostBytes>>20)
}

func (g *Gallery) download(ctx context.Context, source string) ([]byte, error) {
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, source, nil)
	if err != nil {
		return nil, err
	}
	ask.Header.Set("Accept", "image/jpeg, image/png, image/webp, image/gif;q=0.9")
	ask.Header.Set("User-Agent", g.agent)
	answer, err := g.client.Do(ask)
	if err != nil {
		return nil, plain(err)
	}
	defer func() { _ = answer.Body.Close() }() // only read from
	switch {
	case answer.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("its server answers %d %s", answer.StatusCode, http.StatusText(answer.StatusCode))
	case answer.ContentLength > mostBytes:
		return nil, tooLarge()
	}
	file, err := io.ReadAll(io.LimitReader(answer.Body, mostBytes+1)) // Keep refuses what has one more
	if err != nil {
		return nil, plain(err)
	}
	return file, nil
}

// plain says what kept a picture from arriving. The address, with which net/http begins, is known.
func plain(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	if refused, ok := errors.AsType[notPublic](err); ok {
		return refused
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return fmt.Errorf("it did not arrive within %s", patience)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends before its time: the connection was cut")
	}
	return err
}
