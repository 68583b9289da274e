package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"

	"facteur/internal/digest"
	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// A Specimen is a letter as it would reach a reader whom there is not, and what a mail program takes out of it. Its links to the
// reader's own pages open none.
type Specimen struct {
	Message []byte // but for what a relay adds, such as a signature
	HTML    []byte
	Text    []byte
}

// Specimen makes the letter of a preview in which something would leave. It collects nothing and records nothing.
func (a *App) Specimen(ctx context.Context, n newsletter.Newsletter, p digest.Preview) (Specimen, error) {
	content, r, err := a.Desk.Letter(ctx, n, p)
	if err != nil {
		return Specimen{}, err
	}
	made, err := letter.New(letter.Frame{Newsletter: n, Number: p.Number, WebURL: a.Config.Web.URL, Articles: len(content.Stories())}, r.Letter)
	if err != nil {
		return Specimen{}, err
	}
	reader := onTheDay(p, made.Needs())
	message, err := made.Copy(reader)
	if err != nil {
		return Specimen{}, err
	}
	return opened(message.Append(nil))
}

// onTheDay is a specimen of a reader to whom a previewed letter leaves on time, and who consented that day.
func onTheDay(p digest.Preview, needs []token.Purpose) letter.Reader {
	r := specimen(0, needs)
	r.Date, r.Consent = p.At, p.At
	return r
}

// opened takes the parts out of a letter of ours, as a mail program does (RFC 2046 §5.1.4).
func opened(message []byte) (Specimen, error) {
	s := Specimen{Message: message}
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		return s, fmt.Errorf("open the letter: %w", err)
	}
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		return s, fmt.Errorf("open the letter: %w", err)
	}
	parts := multipart.NewReader(m.Body, parameters["boundary"])
	for _, part := range []*[]byte{&s.Text, &s.HTML} {
		next, err := parts.NextPart()
		if err == nil {
			*part, err = io.ReadAll(next)
		}
		if err != nil {
			return s, fmt.Errorf("open the letter: %w", err)
		}
	}
	if _, err := parts.NextPart(); !errors.Is(err, io.EOF) {
		return s, errors.New("open the letter: it has more than two parts")
	}
	return s, nil
}
