package source

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"facteur/internal/newsletter"
)

const (
	maxFile = 5 << 20 // bytes of a file: the largest body, and room for its front matter

	// maxFrontMatter, in bytes, is more than the longest summary needs, and little enough for a YAML parser whose time
	// grows with the square of what it reads.
	maxFrontMatter = 16 << 10
)

// ParseMarkdown reads one article from the bytes of the file called name. A date without an offset is read in zone, nil
// being UTC. The article's section is as written: only who knows the newsletters can find it.
func ParseMarkdown(name string, data []byte, zone *time.Location) (newsletter.Article, error) {
	fields, body, err := parseFront(name, data)
	if err != nil {
		return newsletter.Article{}, err
	}
	return fields.whole(name, body, zone)
}

// parseFront reads the keys of a file, and what follows them.
func parseFront(name string, data []byte) (fields, string, error) {
	text, err := decode(data)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", name, err)
	}
	front, body, err := split(text)
	if err != nil {
		return nil, "", at(name, err)
	}
	fields, err := front.parse()
	if err != nil {
		return nil, "", at(name, err)
	}
	return fields, body, nil
}

// whole is the article of a file.
func (f fields) whole(name, body string, zone *time.Location) (newsletter.Article, error) {
	article, errs := f.article(zone)
	article.Body = strings.Trim(body, "\n")
	if errs == nil {
		if err := article.Validate(); err != nil {
			return newsletter.Article{}, at(name, err)
		}
		return article, nil
	}
	for i := range errs {
		errs[i] = at(name, errs[i])
	}
	return newsletter.Article{}, errors.Join(errs...)
}

// decode takes the bytes of a text file as its author's program may have saved them.
func decode(data []byte) (string, error) {
	if len(data) > maxFile {
		return "", fmt.Errorf("is larger than %d bytes: shorten it", maxFile)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return "", errors.New("is empty: write front matter and text into it, or leave it out")
	}
	if !utf8.Valid(data) {
		return "", errors.New("is not UTF-8: save it as UTF-8")
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)), nil
}

// A lineError is an error on one line of a file, counted from 1.
type lineError struct {
	line int
	err  error
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }

func (e *lineError) Unwrap() error { return e.err }

func onLine(line int, format string, args ...any) error {
	return &lineError{line: line, err: fmt.Errorf(format, args...)}
}

// lineOf is the line of a lineError, and 0 for an error without one.
func lineOf(err error) int {
	if on := (*lineError)(nil); errors.As(err, &on) {
		return on.line
	}
	return 0
}

// at names a file before an error, in the form that editors jump to: "file:line: …".
func at(name string, err error) error {
	if on := (*lineError)(nil); errors.As(err, &on) {
		return fmt.Errorf("%s:%d: %w", name, on.line, on.err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// article reads the known keys, and reports each that is wrong on its line.
func (f fields) article(zone *time.Location) (newsletter.Article, []error) {
	if errs := f.wrongKinds(); errs != nil {
		return newsletter.Article{}, errs
	}
	var errs []error
	check := func(key string, err error) {
		if err != nil {
			errs = append(errs, onLine(f.line(key), "%w", err))
		}
	}
	a := newsletter.Article{
		Title: f["title"].text, Section: f["section"].text, Summary: f["summary"].text, Author: f["author"].text,
		Tags: f["tags"].list, PictureAlt: f["picture_alt"].text,
	}
	if strings.TrimSpace(a.Title) == "" {
		check("title", errors.New("title is missing: give the article a title"))
	}
	var err error
	a.URL, err = newsletter.CanonicalURL(f["url"].text)
	check("url", err)
	a.Canonical, err = newsletter.OriginalURL(f["canonical"].text, a.URL)
	check("canonical", err)
	a.Picture, err = picture(f["picture"].text)
	check("picture", err)
	a.Language, err = newsletter.ParseLanguage(f["language"].text)
	check("language", err)
	a.Published, err = newsletter.ParsePublished(f["published"].text, zone)
	check("published", err)
	if a.Tags == nil {
		a.Tags, err = newsletter.ParseTags(f["tags"].text)
		check("tags", err)
	}
	return a, errs
}

// picture is an address, or the path of a file beside the article, as it was written.
func picture(text string) (string, error) {
	if text = strings.TrimSpace(text); isBeside(text) {
		return text, nil
	}
	return newsletter.PictureURL(text)
}

// isBeside tells a path below the article's own folder from an address.
func isBeside(text string) bool { return filepath.IsLocal(text) && !strings.Contains(text, ":") }

// wrongKinds reports the values that are not of the kind their key takes, in the order of their lines.
func (f fields) wrongKinds() []error {
	var errs []error
	for key, v := range f {
		switch {
		case v.kind == kindText, v.kind == kindNothing, key == keyDraft:
		case key == "tags" && v.kind == kindList:
		case key == "published" && v.kind == kindDate:
		case key == "tags":
			errs = append(errs, onLine(v.line, "tags is %s: write a list of texts such as [ia, \"2026\"], or words between commas", v.kind))
		case key == "published":
			errs = append(errs, onLine(v.line, "published is %s: write a date like 2026-10-27 or 2026-10-27 07:30", v.kind))
		default:
			errs = append(errs, onLine(v.line, "%s is %s: write a text, between quotes if need be", key, v.kind))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return lineOf(a) - lineOf(b) })
	return errs
}
