package collect

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"facteur/internal/newsletter"
	"facteur/internal/typography"
)

// Limits of the short fields; newsletter has those of the long ones.
const (
	maxAuthor  = 200  // characters
	maxSummary = 4000 // characters
	maxTags    = 50
	maxTag     = 100 // characters
	maxAlt     = 500 // characters
)

// Accept turns a row of the inbox into an article, or says everything that keeps it from being one.
func (c *Collector) Accept(r Row) (newsletter.Article, error) {
	if r.Bytes > MaxRow {
		return newsletter.Article{}, fmt.Errorf("the row holds %d bytes of text: shorten it, above all its body", r.Bytes)
	}
	published, errPublished := newsletter.ParsePublished(r.Published, c.Zone)
	tags, errTags := newsletter.ParseTags(r.Tags)
	a, err := c.Check(newsletter.Article{
		URL: r.URL, Title: r.Title, Section: r.Section, Summary: r.Summary, Body: r.Body,
		Author: r.Author, Tags: tags, Language: r.Language, Published: published, Picture: r.Picture, PictureAlt: r.PictureAlt,
		Canonical: r.Canonical,
	})
	if err := errors.Join(err, errTags, errPublished); err != nil {
		return newsletter.Article{}, err
	}
	return a, nil
}

// Check brings an article into the form in which it is stored: canonical address, section by its name, language by its
// code, one-line fields on one line, text in Unicode's composed form. It returns everything that is wrong at once.
func (c *Collector) Check(a newsletter.Article) (newsletter.Article, error) {
	var errs [7]error
	a.URL, errs[0] = canonical(a.URL)
	a.Title = newsletter.OneLine(a.Title)
	a.Author = newsletter.OneLine(a.Author)
	a.PictureAlt = newsletter.OneLine(a.PictureAlt)
	a.Summary = text(a.Summary)
	a.Body = text(a.Body)
	a.Tags = newsletter.TidyTags(a.Tags)
	a.Section, errs[1] = c.section(newsletter.OneLine(a.Section))
	a.Language, errs[2] = newsletter.ParseLanguage(a.Language)
	a.Picture, errs[3] = picture(a.Picture)
	errs[4] = short(a)
	errs[5] = a.Validate()
	a.Canonical, errs[6] = original(a.Canonical, a.URL)
	if err := errors.Join(errs[:]...); err != nil {
		return newsletter.Article{}, err
	}
	a.Title, a.Author, a.PictureAlt = typography.Clean(a.Title), typography.Clean(a.Author), typography.Clean(a.PictureAlt)
	if typography.IsBlank(a.Title) {
		return newsletter.Article{}, errors.New("title has nothing that can be seen: give the article a title")
	}
	return a, nil
}

func canonical(raw string) (string, error) {
	if !utf8.ValidString(raw) {
		return "", errors.New("url is not UTF-8: save it as UTF-8")
	}
	return newsletter.CanonicalURL(raw)
}

func original(raw, own string) (string, error) {
	if !utf8.ValidString(raw) {
		return "", errors.New("canonical is not UTF-8: save it as UTF-8")
	}
	return newsletter.OriginalURL(raw, own)
}

func picture(raw string) (string, error) {
	if !utf8.ValidString(raw) {
		return "", errors.New("picture is not UTF-8: save it as UTF-8")
	}
	return newsletter.PictureURL(raw)
}

// section finds a section of any newsletter as an author may have spelled it. No section stays none: each newsletter
// reads it as its first.
func (c *Collector) section(written string) (string, error) {
	if written == "" {
		return "", nil
	}
	var known []string
	wrong := "is not known"
	for _, n := range c.Newsletters {
		if s, ok := n.Section(written); ok && newsletter.SectionKey(written) != "" {
			return s.Name, nil
		}
		for _, name := range n.SectionNames() {
			if !slices.Contains(known, name) {
				known = append(known, name)
			}
		}
		if recall, recalls := n.Recall(); recalls && recall.Is(written) {
			wrong = "recalls what other newsletters brought, and takes no articles of its own"
		}
	}
	return "", fmt.Errorf("section %q %s: use one of %s, or none", newsletter.Printable(written), wrong, strings.Join(known, ", "))
}

func short(a newsletter.Article) error {
	var errs []error
	if n := utf8.RuneCountInString(a.Author); n > maxAuthor {
		errs = append(errs, fmt.Errorf("author has %d characters: shorten it to %d", n, maxAuthor))
	}
	if n := utf8.RuneCountInString(a.Summary); n > maxSummary {
		errs = append(errs, fmt.Errorf("summary has %d characters: shorten it to %d, or leave it out", n, maxSummary))
	}
	if n := utf8.RuneCountInString(a.PictureAlt); n > maxAlt {
		errs = append(errs, fmt.Errorf("picture_alt has %d characters: shorten it to %d", n, maxAlt))
	}
	if n := len(a.Tags); n > maxTags {
		errs = append(errs, fmt.Errorf("tags has %d entries: keep at most %d", n, maxTags))
	}
	for _, tag := range a.Tags {
		if n := utf8.RuneCountInString(tag); n > maxTag {
			errs = append(errs, fmt.Errorf("a tag has %d characters: shorten it to %d", n, maxTag))
			break
		}
	}
	return errors.Join(errs...)
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// text gives a longer field Unix line ends and no blank lines around it. An indented first line keeps its indent, which
// means code in Markdown.
func text(s string) string {
	s = lineEnds.Replace(s)
	s = strings.TrimRight(s, " \t\n")
	for {
		line, rest, found := strings.Cut(s, "\n")
		if !found || strings.TrimSpace(line) != "" {
			return norm.NFC.String(s)
		}
		s = rest
	}
}
