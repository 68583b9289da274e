package web

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/typography"
)

// Archive is what the pages ask of the past. It holds the editions that are public: each from its approval on, and for
// ever, but for one that was cancelled before any letter of it can have left.
type Archive interface {
	// ArchivePage lists a newsletter's editions, the latest first: those below a number, 0 being above all.
	ArchivePage(ctx context.Context, name string, before, most int) ([]newsletter.Edition, error)
	// ArchiveHeads lists the latest editions of every newsletter: newsletters by name, each with its latest first.
	ArchiveHeads(ctx context.Context, each int) ([]newsletter.Edition, error)
	// ArchiveEdition reads one edition, or is newsletter.ErrNotFound.
	ArchiveEdition(ctx context.Context, ref newsletter.EditionRef) (newsletter.Archived, error)
	// ArchiveText reads its frozen texts, those with every section, or is newsletter.ErrNotFound.
	ArchiveText(ctx context.Context, ref newsletter.EditionRef) (newsletter.Variant, error)
	// ArchiveIndex names the latest editions of all newsletters, the latest first.
	ArchiveIndex(ctx context.Context, most int) ([]newsletter.IndexLine, error)
}

const archivePath = "/archives"

// ArchivePath is where the archive stands below the address of the pages: all of it, one newsletter's where only that
// is named, or one edition.
func ArchivePath(ref newsletter.EditionRef) string {
	path := archivePath
	if ref.Newsletter != "" {
		path += "/" + ref.Newsletter
		if ref.Number != 0 {
			path += "/" + strconv.Itoa(ref.Number)
		}
	}
	return path
}

// archived is the newsletter of an edition: as the settings have it, or as the edition remembers one that is not
// published any more.
func (s *site) archived(e newsletter.Edition) newsletter.Newsletter {
	if n, ok := s.publications[e.Newsletter]; ok {
		return n
	}
	n := e.Letterhead.Newsletter(e.Newsletter)
	if s.pages[n.Language] == nil {
		n.Language = s.Newsletters[0].Language
	}
	return n
}

// appeared reports whether there is an edition of a newsletter to read.
func (s *site) appeared(ctx context.Context, n newsletter.Newsletter) (bool, error) {
	if s.Archive == nil {
		return false, nil
	}
	latest, err := s.Archive.ArchivePage(ctx, n.Name, 0, 1)
	return len(latest) > 0, err
}

// printed is an edition's date in the zone of its newsletter, as the letter bears it.
func printed(e newsletter.Edition) time.Time {
	return e.Content.Date.In(e.Letterhead.Newsletter(e.Newsletter).Zone)
}

// A listedEdition is an edition as the lists of the archive show it.
type listedEdition struct {
	Href, Subject string
	Number        int
	Stamp, When   string   // of its date, for machines and for people
	Titles        []string // of the first stories that the subject does not name
	Lang          string   // empty: the page's own
}

func newListedEdition(e newsletter.Edition, pageLang string) listedEdition {
	date := printed(e)
	i := listedEdition{
		Href: ArchivePath(e.Ref()), Subject: subject(e), Number: e.Number,
		Stamp: date.Format(time.RFC3339), When: typography.Date(date, pageLang), Titles: titles(e, maxTitles),
	}
	if e.Letterhead.Language != pageLang {
		i.Lang = e.Letterhead.Language
	}
	return i
}

const (
	maxTitles      = 3   // of an edition in a list
	maxDescription = 200 // characters: about what search engines and previews of links show
)

// subject is an edition's subject, and its newsletter's title where it has none.
func subject(e newsletter.Edition) string {
	if said := render.Line(e.Content.Subject, e.Letterhead.Language); said != "" {
		return said
	}
	return render.Line(e.Letterhead.Title, e.Letterhead.Language)
}

// titles are those of the first stories behind the lead, which the subject names.
func titles(e newsletter.Edition, most int) []string {
	var all []string
	for _, story := range e.Content.Stories() {
		if story.Language == "" {
			story.Language = e.Letterhead.Language
		}
		if title := render.Line(story.Title, story.Language); len(all) < most && title != "" && title != subject(e) {
			all = append(all, title)
		}
	}
	return all
}

// description says in a line or two what an edition is about.
func description(e newsletter.Edition) string {
	said, lang := e.Content.Preheader, e.Letterhead.Language
	if lead := e.Content.Lead; lead != nil && lead.Summary != "" {
		said = lead.Summary
		if lead.Language != "" {
			lang = lead.Language
		}
	}
	return typography.Truncate(render.Line(said, lang), maxDescription, lang)
}

var numberOf = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)

// number reads an edition's number as addresses write it, in one way only: 7, and neither 07 nor +7.
func number(written string) (int, error) {
	if !numberOf.MatchString(written) {
		return 0, errNoEdition
	}
	return strconv.Atoi(written)
}

// inArchive says of what the archive does not hold that it is that.
func inArchive(err error) error {
	if errors.Is(err, newsletter.ErrNotFound) {
		return errNoEdition
	}
	return err
}

// listed reads the newsletter and the number that an address names.
func listed(r *http.Request) (newsletter.EditionRef, error) {
	n, err := number(r.PathValue("number"))
	return newsletter.EditionRef{Newsletter: r.PathValue("newsletter"), Number: n}, err
}
