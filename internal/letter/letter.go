package letter

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/token"
	"facteur/internal/typography"
)

// A Frame is what all copies of a letter share besides the parts of their variant.
type Frame struct {
	Newsletter newsletter.Newsletter
	Single     newsletter.LetterKind // which single letter; empty for an edition, a proof and a notice
	Number     int                   // of the edition; 0 for a single letter or a notice
	Articles   int                   // in the edition, for the error of a letter that is too long; 0 where it is not known
	WebURL     string                // base address of the public pages, such as "https://lettre.pandia.example"
	Keys       []*Key                // that sign every copy, in the order of their signatures; none: it leaves unsigned
}

// A Reader is what one copy has of its own.
type Reader struct {
	Address   string                   // as SMTP takes it, its domain in ASCII (RFC 5890 A-labels)
	MessageID string                   // without angle brackets; unique for each copy, the same on its retries (RFC 5322 §3.6.4)
	Date      time.Time                // of the first try
	Tokens    map[token.Purpose]string // those that the letter needs
	Consent   time.Time                // when the reader consented; not read for a single letter or a notice
}

// A Letter is a variant that is ready to be copied. It does not change, so goroutines share it.
type Letter struct {
	frame   Frame
	variant newsletter.Variant
	needs   []token.Purpose
	subject string // as the header has it
	from    string
	replyTo string // empty: replies go to from
	owner   string // address of a mailto link, empty: none is named
	pieces  []piece
	seal    *seal // nil: copies leave unsigned
	size    int
}

// Needs lists the purposes of the tokens that every copy carries.
func (l *Letter) Needs() []token.Purpose { return l.needs }

// New checks a variant and makes a letter of it. What carries a leave link carries the fields of a list: an edition, its
// proof, and those single letters that are written to readers. Single letters and notices say that no person sent them. A
// variant without HTML is plain text.
func New(f Frame, v newsletter.Variant) (*Letter, error) {
	v.Text, v.HTML = printable(v.Text), printable(v.HTML)
	l := &Letter{frame: f, variant: v, subject: unstructured(v.Subject), needs: purposes(v.Kind, f.Single)}
	err := l.check()
	if err != nil {
		return nil, fmt.Errorf("compose %q: %w", v.Subject, err)
	}
	if l.from, err = mailbox(f.Newsletter.Sender.Name, f.Newsletter.Sender.Address); err != nil {
		return nil, fmt.Errorf("compose %q: sender: %w", v.Subject, err)
	}
	if f.Newsletter.Sender.ReplyTo != "" {
		if l.replyTo, err = mailbox("", f.Newsletter.Sender.ReplyTo); err != nil {
			return nil, fmt.Errorf("compose %q: reply-to: %w", v.Subject, err)
		}
	}
	if l.owner, err = mailto(f.Newsletter.Sender.Contact); err != nil {
		return nil, fmt.Errorf("compose %q: contact: %w", v.Subject, err)
	}
	if err := l.compile(); err != nil {
		return nil, fmt.Errorf("compose %q: %w", v.Subject, err)
	}
	l.size = copied{letter: l, values: l.values(l.sampleReader())}.Len()
	if l.isList() && l.size > MaxSize {
		return nil, &TooLong{Subject: l.variant.Subject, Size: l.size, Articles: l.frame.Articles}
	}
	return l, nil
}

// Sizes of a whole message in octets, as senders have measured where Gmail clips one; Google does not document it.
const (
	FitSize = 99_000  // what an edition is cut to, so that with its reader's address and a relay's signature it stays below 100,000
	MaxSize = 102_000 // what comes after it is hidden; no letter of a list is made that is longer
)

// Size is the length in octets of a copy without signatures, to which the reader's own address may add a few hundred.
func (l *Letter) Size() int { return l.size }

// A TooLong is a letter of a list of which mail programs would hide the end, the way out among it.
type TooLong struct {
	Subject  string
	Size     int // octets
	Articles int // 0: not known
}

// Error says what is wrong on its first line and what to do on its second.
func (e *TooLong) Error() string {
	with := ""
	if e.Articles > 0 {
		with = fmt.Sprintf(" with its %d articles", e.Articles)
	}
	return fmt.Sprintf("compose %q: the letter has %d octets%s, and mail programs hide what comes after %d, the way out among it\n"+
		"take fewer articles into each section, or give them shorter summaries", e.Subject, e.Size, with, MaxSize)
}

// Copy gives one reader's message, signed where the letter has keys: nothing may change it afterwards.
func (l *Letter) Copy(r Reader) (newsletter.Message, error) {
	if err := addrSpec(r.Address); err != nil {
		return nil, fmt.Errorf("copy of %q: recipient: %w", l.variant.Subject, err)
	}
	if err := checkMessageID(r.MessageID); err != nil {
		return nil, fmt.Errorf("copy of %q: %w", l.variant.Subject, err)
	}
	for _, p := range l.needs {
		if !isToken(r.Tokens[p]) {
			_, field := place(l.frame.Single, p)
			return nil, fmt.Errorf("copy of %q: the token of %s has %d characters that fit; it takes %d",
				l.variant.Subject, field, len(r.Tokens[p]), token.Len)
		}
	}
	if isEdition(l.variant.Kind) && r.Consent.IsZero() {
		return nil, fmt.Errorf("copy of %q: there is no day of the reader's consent, and the letter names it", l.variant.Subject)
	}
	c := copied{letter: l, values: l.values(r)}
	var err error
	if c.signatures, err = l.seal.sign(c.values, r.Date); err != nil {
		return nil, fmt.Errorf("copy of %q: %w", l.variant.Subject, err)
	}
	return c, nil
}

// isList reports whether the letter is one of a list that a reader can leave (RFC 2919, RFC 2369).
func (l *Letter) isList() bool { return slices.Contains(l.needs, token.Leave) }

func (l *Letter) check() error {
	switch {
	case strings.TrimSpace(typography.Clean(l.variant.Subject)) == "":
		return errors.New("the subject is empty: give the letter one")
	case strings.TrimSpace(l.variant.Text) == "":
		return errors.New("the text part is empty: mail programs that show no HTML would show nothing")
	case l.variant.Kind == newsletter.KindNotice:
		return nil
	case len(l.needs) == 0:
		return fmt.Errorf("there is no single letter %q", l.frame.Single)
	}
	if err := l.checkPlaces(l.variant.Text, "txt"); err != nil {
		return fmt.Errorf("the text part %w", err)
	}
	if err := l.checkPlaces(l.variant.HTML, "html"); err != nil {
		return fmt.Errorf("the HTML part %w", err)
	}
	if l.isList() {
		return l.checkList()
	}
	return nil
}

// checkPlaces asks a part, of templates of that kind, for one place for each thing of the reader's own, and for no other.
func (l *Letter) checkPlaces(part, kind string) error {
	for _, p := range l.needs {
		if n := strings.Count(part, token.Placeholder(p)); n != 1 {
			file, field := place(l.frame.Single, p)
			return fmt.Errorf("has %d places for a link of the reader's own: its template needs one, with %s, as mail/%s.%s.tmpl has by default", n, field, file, kind)
		}
	}
	if n := strings.Count(part, token.TokenMark); n != len(l.needs) {
		return fmt.Errorf("has %d links of the reader's own, and %d belong into it", n, len(l.needs))
	}
	days := 0
	if isEdition(l.variant.Kind) {
		days = 1
	}
	if n := strings.Count(part, l.dayPlaceholder()); n != days {
		return fmt.Errorf("has %d places for the day of the consent: it needs %d, with {{.Since}} in the string \"why\"", n, days)
	}
	return nil
}

func (l *Letter) checkList() error {
	if strings.ContainsFunc(l.frame.WebURL, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }) {
		return fmt.Errorf("the pages' address %q cannot stand in a header field: write it as a browser shows it when copied", l.frame.WebURL)
	}
	if id := l.frame.Newsletter.ListID; !isDotAtom(id) || len(id) > maxListID {
		return fmt.Errorf("list-id %q: write it like a domain name, at most %d characters (RFC 2919)", id, maxListID)
	}
	return nil
}

// maxListID is the length RFC 2919 §3 allows.
const maxListID = 255

// listFields are the fields by which a mail program knows a list and offers the way out of it.
func (l *Letter) listFields(r Reader) map[string]string {
	n := l.frame.Newsletter
	fields := map[string]string{
		"List-Id":               phrase(n.Title) + " <" + n.ListID + ">", // RFC 2919 §3
		"List-Unsubscribe":      l.page("/u/" + r.Tokens[token.Leave]),   // RFC 2369 §3.2, RFC 8058 §3.1
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",            // RFC 8058 §3.1
		"List-Help":             l.page("/"),                             // RFC 2369 §3.1
		"List-Subscribe":        l.page("/inscription"),                  // RFC 2369 §3.3
		"List-Post":             "NO",                                    // RFC 2369 §3.4
		"List-Archive":          l.page("/archives/" + n.Name),           // RFC 2369 §3.6
	}
	if l.owner != "" {
		fields["List-Owner"] = "<" + l.owner + ">" // RFC 2369 §3.5
	}
	if !isEdition(l.variant.Kind) {
		return fields
	}
	fields["Precedence"] = "bulk" // keeps old auto-repliers silent
	if n.FeedbackID != "" {
		// From the sending to the sender, no reader in it: https://support.google.com/mail/answer/6254652
		fields["Feedback-ID"] = strings.Join([]string{
			n.Name + "-" + strconv.Itoa(l.frame.Number), n.Name, "edition", n.FeedbackID,
		}, ":")
	}
	return fields
}

// page is an address among the public pages as a field of a list has it (RFC 2369 §2).
func (l *Letter) page(path string) string {
	return "<" + strings.TrimSuffix(l.frame.WebURL, "/") + path + ">"
}

// own puts what is the reader's own into a part.
func (l *Letter) own(part string, r Reader) string {
	for _, p := range l.needs {
		part = strings.Replace(part, token.Placeholder(p), r.Tokens[p], 1)
	}
	if isEdition(l.variant.Kind) {
		part = strings.Replace(part, l.dayPlaceholder(), l.day(r), 1)
	}
	return part
}

// day is when a reader consented.
func (l *Letter) day(r Reader) string {
	return typography.Day(l.zoned(r.Consent), l.frame.Newsletter.Language)
}

func (l *Letter) dayPlaceholder() string {
	return token.DayPlaceholder(len(typography.Day(time.Time{}, l.frame.Newsletter.Language)))
}

// zoned gives an instant the numeric zone of the newsletter (RFC 5322 §3.3).
func (l *Letter) zoned(t time.Time) time.Time {
	if l.frame.Newsletter.Zone == nil {
		return t.UTC()
	}
	return t.In(l.frame.Newsletter.Zone)
}
