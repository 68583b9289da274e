package digest

import (
	"context"
	"strings"
	"unicode"
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
func Subject(title, lang string) string { return clip(typography.Set(title, lang), maxSubject) }

// subject is the subject line of an edition under its number, by the title of its lead: where an earlier edition of the newsletter had that, the number
// stands behind, so that mail programs do not fold the two into one and readers see that this one is new; and once more where an earlier title
// ended so.
func (d *Desk) subject(ctx context.Context, n newsletter.Newsletter, title, lang string, number int) (string, error) {
	title = typography.Set(title, language(n, lang))
	subject, marks := clip(title, maxSubject), ""
	for {
		earlier, err := d.Store.EditionWithSubject(ctx, n.Name, subject, number)
		if err != nil {
			return "", during("comparing the subject", n, err)
		}
		if earlier == 0 {
			return subject, nil
		}
		mark, err := d.Renderer.Numbered(n, number)
		if err != nil {
			return "", during("telling the subject from an earlier one", n, err)
		}
		marks += " " + mark
		subject = clip(title, max(1, maxSubject-utf8.RuneCountInString(marks))) + marks
	}
}

// preheader announces what the subject does not: the titles after the lead's, as many as it takes; then the lead's
// summary, and the newsletter's own title where nothing else is left to say.
func preheader(n newsletter.Newsletter, stories []newsletter.Story) string {
	lead := stories[0]
	said := ""
	say := func(text, lang string) {
		text = typography.Set(strings.Join(strings.FieldsFunc(text, breaks), " "), lang)
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
	return clip(said, maxPreheader)
}

// language is that of an article, which is the newsletter's where it names none.
func language(n newsletter.Newsletter, of string) string {
	if of == "" {
		return n.Language
	}
	return of
}

// clip shortens a text to limit characters, at the end of a word, and marks the cut. No-break spaces are not a place to
// cut, and what only leads on to a next word does not end a line.
func clip(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	head := []rune(text)[:limit] // one longer than fits beside the mark: a space there ends a whole word
	cut := len(head) - 1
	for i := cut; i > 0; i-- {
		if breaks(head[i]) {
			cut = i
			break
		}
	}
	for cut > 1 && (joins(head[cut]) || head[cut-1] == zeroWidthJoiner) {
		cut--
	}
	kept := strings.TrimRightFunc(string(head[:cut]), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:.…–—-(«“‘·", r)
	})
	return kept + "…"
}

const zeroWidthJoiner = '\u200d'

// breaks reports a character at which a line may be broken.
func breaks(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// joins reports a character that belongs to the one before it: an accent of its own, a selector or a joiner.
func joins(r rune) bool { return unicode.In(r, unicode.M, unicode.Cf, unicode.Sk) }
