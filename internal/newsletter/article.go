package newsletter

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// An Article is something collected that may appear once in an edition of each newsletter.
type Article struct {
	ID       int64
	URL      string // canonical address, see [CanonicalURL]; unique
	Title    string
	Section  string // name of a [Section], such as "guides"; empty means the newsletter's first
	Filed    bool   // an editor gave it that section, which stays whatever its source says
	Sourced  string // the section that its source names, where it is filed
	Summary  string // as given by the editor; empty means that the chapô of Body serves
	Body     string // Markdown; may be empty when only a link was collected
	Author   string
	Tags     []string
	Language string // BCP 47, such as "fr"; empty means the newsletter's language

	Picture    string // the address it is fetched from, see [PictureURL]; empty: it has none
	PictureAlt string // what the picture says to who does not see it; empty: it only decorates

	Canonical string    // another address that its source gives it for its own, see [OriginalURL]; empty: none
	Published time.Time // as its source dates it; zero when the source gave no date
	Arrived   time.Time // when it was first stored
	Hidden    bool      // an editor keeps it out of every edition
}

// Dated returns the instant that orders an article among others and ages it: its publication if the source gave one,
// else its arrival.
func (a Article) Dated() time.Time {
	if a.Published.IsZero() {
		return a.Arrived
	}
	return a.Published
}

// SaysTheSame reports that a source that offers the one for the other changes nothing.
func (a Article) SaysTheSame(offered Article) bool {
	section := a.Section
	if a.Filed {
		section = a.Sourced
	}
	return a.URL == offered.URL && a.Title == offered.Title && section == offered.Section && a.Summary == offered.Summary && a.Body == offered.Body &&
		a.Author == offered.Author && slices.Equal(a.Tags, offered.Tags) && a.Language == offered.Language && a.Picture == offered.Picture &&
		a.PictureAlt == offered.PictureAlt && a.Canonical == offered.Canonical && a.Published.UnixMilli() == offered.Published.UnixMilli()
}

const (
	maxTitle = 500     // runes; a title is one line in a letter
	maxBody  = 4 << 20 // bytes of Markdown
	maxURL   = 2000    // bytes; longer ones are cut by mail programs
)

// Validate reports what keeps an article from being stored, all of it, each in words an editor can act on.
// It expects the address to be canonical already.
func (a Article) Validate() error {
	var errs []error
	if strings.TrimSpace(a.Title) == "" {
		errs = append(errs, errors.New("title is missing: give the article a title"))
	}
	if n := utf8.RuneCountInString(a.Title); n > maxTitle {
		errs = append(errs, fmt.Errorf("title has %d characters: shorten it to %d", n, maxTitle))
	}
	if len(a.Body) > maxBody {
		errs = append(errs, fmt.Errorf("body has %d bytes: shorten it to %d", len(a.Body), maxBody))
	}
	for _, f := range []struct{ name, text string }{
		{"title", a.Title}, {"section", a.Section}, {"summary", a.Summary}, {"body", a.Body},
		{"author", a.Author}, {"tags", strings.Join(a.Tags, "")}, {"language", a.Language}, {"picture_alt", a.PictureAlt},
	} {
		if err := validText(f.text); err != nil {
			errs = append(errs, fmt.Errorf("%s %w", f.name, err))
		}
	}
	return errors.Join(errs...)
}

func validText(s string) error {
	if !utf8.ValidString(s) {
		return errors.New("is not UTF-8: save it as UTF-8")
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return fmt.Errorf("holds the control character %U: remove it", r)
		}
	}
	return nil
}

// CanonicalURL brings an article's address into the one form by which it is recognised: scheme and host in lower
// case, an international host as A-labels, no default port, percent-encoding as by [NormalEscapes], no dot segments, no
// fragment, no utm_* parameter (RFC 3986 §6.2). Path and other parameters stay as they are but for that: some sites give
// their spelling and order a meaning.
func CanonicalURL(raw string) (string, error) {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return "", errors.New("url is missing: give the article's address")
	}
	if len(raw) > maxURL {
		return "", fmt.Errorf("url has %d bytes: shorten it to %d", len(raw), maxURL)
	}
	u, err := url.Parse(raw)
	if err != nil || !utf8.ValidString(raw) {
		return "", fmt.Errorf("url %q cannot be read: give a full address such as https://example.org/page", raw)
	}
	host, ok := canonicalHost(u)
	if !ok || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return "", fmt.Errorf("url %q is not a web address: give one such as https://example.org/page", raw)
	}
	u.Host = host
	u.Fragment, u.RawFragment = "", ""
	u.RawQuery, u.ForceQuery = withoutTracking(NormalEscapes(u.RawQuery)), false
	u.RawPath = NormalEscapes(cmp.Or(u.RawPath, u.EscapedPath())) // which is the path as it was written, where that matters
	if u.Path, err = url.PathUnescape(u.RawPath); err != nil {
		return "", fmt.Errorf("url %q cannot be read: give a full address such as https://example.org/page", raw)
	}
	u = u.ResolveReference(u) // takes dot segments out (RFC 3986 §5.2.4)
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), nil
}

// OriginalURL brings the address that an article names for its original (rel=canonical, a permanent guid) into the form of
// [CanonicalURL]; a relative one is read from own, the article's address. It is empty where none is named, or own.
func OriginalURL(raw, own string) (string, error) {
	if raw = strings.TrimSpace(raw); raw == "" {
		return "", nil
	}
	base, err := url.Parse(own)
	if err != nil {
		base = &url.URL{}
	}
	address := raw
	if full, err := base.Parse(raw); err == nil {
		address = full.String()
	}
	original, err := CanonicalURL(address)
	if err != nil {
		return "", fmt.Errorf("canonical %q is not a web address: give the address of the original, or leave it out", raw)
	}
	if original == own {
		return "", nil
	}
	return original, nil
}

func canonicalHost(u *url.URL) (string, bool) {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	} else if strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) {
		return "", false
	}
	if host == "" {
		return "", false
	}
	if strings.Contains(host, ":") { // an IPv6 address
		host = "[" + host + "]"
	}
	if port == "" || (u.Scheme == "http" && port == "80") || (u.Scheme == "https" && port == "443") {
		return host, true
	}
	return host + ":" + port, true
}

func withoutTracking(query string) string {
	if query == "" {
		return ""
	}
	pairs := slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return pair == "" || strings.HasPrefix(strings.ToLower(name), "utm_")
	})
	return strings.Join(pairs, "&")
}
