package digest

import (
	"cmp"
	"context"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"facteur/internal/newsletter"
	"facteur/internal/typography"
)

const (
	maxSubject   = 60  // characters: what the lists of mail programs show of a subject
	minPreheader = 40  // characters: below it mail programs fill up with what follows in the letter
	maxPreheader = 110 // characters: what is shown beside a short subject
)

// Subject is the subject line of an edition whose lead story has this title in this language.
func Subject(title, lang string) string {
	return typography.Cut(typography.Set(title, lang), maxSubject, lang)
}

// subject is the subject line of an edition under its number, by the title of its lead. Where an earlier edition of its family had that, or one that is
// still to come and leaves before, the number tells the two apart, so that mail programs do not fold them into one and readers see that this one is new.
func (d *Desk) subject(ctx context.Context, n newsletter.Newsletter, title, lang string, number int, coming ...string) (string, error) {
	lang = language(n, lang)
	title = typography.Set(title, lang)
	plain := typography.Cut(title, maxSubject, lang)
	if had, err := d.had(ctx, n, plain, number, coming); err != nil || !had {
		return plain, err
	}
	mark, err := d.Renderer.Numbered(n, number)
	if err != nil {
		return "", during("telling the subject from an earlier one", n, err)
	}
	for _, subject := range marked(cmp.Or(without(title, mark), n.Title), mark, lang, number) {
		if had, err := d.had(ctx, n, subject, number, coming); err != nil || !had {
			return subject, err
		}
	}
	return plain, nil // more than a hundred earlier titles held this number
}

// had reports that an edition before number had the subject, or any of a sister, whose readers may be the same, or one that is to come.
func (d *Desk) had(ctx context.Context, n newsletter.Newsletter, subject string, number int, coming []string) (bool, error) {
	same := func(other string) bool { return newsletter.SubjectKey(other) == newsletter.SubjectKey(subject) }
	if slices.ContainsFunc(coming, same) {
		return true, nil
	}
	for _, name := range append([]string{n.Name}, n.Sisters...) {
		below := math.MaxInt32
		if name == n.Name {
			below = number
		}
		earlier, err := d.Store.EditionWithSubject(ctx, name, subject, below)
		if err != nil {
			return false, during("comparing the subject", n, err)
		}
		if earlier > 0 {
			return true, nil
		}
	}
	return false, nil
}

// without is a title without the mark that its own edition would bear, so that no subject bears it twice.
func without(title, mark string) string {
	return strings.TrimSpace(strings.NewReplacer(" "+mark, "", mark, "").Replace(title))
}

// marked are the subjects that a title makes with the mark of an edition, the best first: the mark behind it, but not behind the number of
// another, which is the title's own; ahead of it; and so with ever less of the title, for a title may hold any mark.
func marked(title, mark, lang string, number int) (all []string) {
	numbered := regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(mark), strconv.Itoa(number), `\d+`) + `$`)
	for room := min(maxSubject-1-utf8.RuneCountInString(mark), utf8.RuneCountInString(title)); room > 0; room-- {
		short := typography.Cut(title, room, lang)
		if !numbered.MatchString(short) {
			all = append(all, short+" "+mark)
		}
		all = append(all, mark+" "+short)
	}
	return all
}

// preheader announces what the subject does not: the titles after the lead's, as many as it takes; then the lead's
// summary, and the newsletter's own title where nothing else is left to say.
func preheader(n newsletter.Newsletter, stories []newsletter.Story) string {
	lead := stories[0]
	said := ""
	say := func(text, lang string) {
		text = typography.Set(oneLine(text), lang)
		switch {
		case text == "" || utf8.RuneCountInString(said) >= minPreheader:
		case said == "":
			said = text
		default:
			said += " · " + text
		}
	}
	for _, s := range stories[1:] {
		if s.Title != lead.Title {
			say(s.Title, language(n, s.Language))
		}
	}
	if lead.Summary != lead.Title {
		say(lead.Summary, language(n, lead.Language))
	}
	say(n.Title, n.Language)
	return typography.Cut(said, maxPreheader, n.Language)
}

// language is that of an article, which is the newsletter's where it names none.
func language(n newsletter.Newsletter, of string) string {
	if of == "" {
		return n.Language
	}
	return of
}

// oneLine has one space wherever a line may be broken.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }), " ")
}
