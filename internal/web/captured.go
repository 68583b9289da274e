package web

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/text/encoding/htmlindex"
)

// A captured letter is what a reader's mail program would make of the bytes that were sent.
type captured struct {
	From, To, Subject string
	Date              time.Time // zero if the letter has none that can be read
	Text, HTML        string
}

// maxDepth is how deep parts may lie in parts; a letter of ours has two levels.
const maxDepth = 5

// readHead reads the fields that a list of letters shows (RFC 5322 §3.6).
func readHead(r io.Reader) (captured, *mail.Message, error) {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return captured{}, nil, fmt.Errorf("read a letter: %w", err)
	}
	c := captured{
		From:    people(message.Header.Get("From")),
		To:      people(message.Header.Get("To")),
		Subject: decoded(message.Header.Get("Subject")),
	}
	if date, err := message.Header.Date(); err == nil {
		c.Date = date
	}
	return c, message, nil
}

// readLetter reads a whole letter. What cannot be decoded is left out: the source shows it.
func readLetter(raw []byte) (captured, error) {
	c, message, err := readHead(bytes.NewReader(raw))
	if err != nil {
		return captured{}, err
	}
	c.read(header(message.Header), message.Body, maxDepth)
	return c, nil
}

// header is what a message and a part have in common.
type header map[string][]string

func (h header) get(field string) string {
	if values := h[field]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// read takes the first text and the first HTML out of a body (RFC 2046 §5.1.4).
func (c *captured) read(h header, body io.Reader, depth int) {
	kind, parameters, err := mime.ParseMediaType(h.get("Content-Type"))
	if err != nil {
		kind = "text/plain" // RFC 2045 §5.2
	}
	if strings.HasPrefix(kind, "multipart/") && depth > 0 {
		parts := multipart.NewReader(body, parameters["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err != nil {
				return
			}
			c.read(header(part.Header), part, depth-1)
		}
	}
	switch {
	case kind == "text/plain" && c.Text == "":
		c.Text = text(h.get("Content-Transfer-Encoding"), parameters["charset"], body)
	case kind == "text/html" && c.HTML == "":
		c.HTML = text(h.get("Content-Transfer-Encoding"), parameters["charset"], body)
	}
}

// text decodes a part as far as it can be.
func text(encoding, charset string, body io.Reader) string {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	if inUTF8, err := fromCharset(charset, body); err == nil {
		body = inUTF8
	}
	content, _ := io.ReadAll(body) // what came before the error is all there is
	return strings.ToValidUTF8(string(content), "\ufffd")
}

// fromCharset reads a character set by its name (RFC 2046 §4.1.2); none is UTF-8, which holds US-ASCII.
func fromCharset(charset string, r io.Reader) (io.Reader, error) {
	if charset == "" {
		return r, nil
	}
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return encoding.NewDecoder().Reader(r), nil
}

// people reads the addresses of a field as a mail program shows them: without brackets where there is no name.
func people(field string) string {
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: fromCharset}}
	all, err := parser.ParseList(field)
	if err != nil {
		return decoded(field)
	}
	var shown []string
	for _, a := range all {
		if a.Name == "" {
			shown = append(shown, a.Address)
		} else {
			shown = append(shown, a.Name+" <"+a.Address+">")
		}
	}
	return strings.ToValidUTF8(strings.Join(shown, ", "), "\ufffd")
}

// decoded reads the encoded words of a field (RFC 2047).
func decoded(field string) string {
	decoder := mime.WordDecoder{CharsetReader: fromCharset}
	text, err := decoder.DecodeHeader(field)
	if err != nil {
		text = field
	}
	return strings.ToValidUTF8(text, "\ufffd")
}
