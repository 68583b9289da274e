package letter

import (
	"errors"
	"fmt"
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
	Number     int    // of the edition; 0 for a single letter or a notice
	Articles   int    // in the edition, for the error of a letter that is too long; 0 where it is not known
	WebURL     string // base address of the public pages, such as "https://lettre.pandia.example"
}

// A Reader is what one copy has of its own.
type Reader struct {
	Address    string    // as SMTP takes it, its domain in ASCII (RFC 5890 A-labels)
	MessageID  string    // without angle brackets; unique for each copy, the same on its retries (RFC 5322 §3.6.4)
	Date       time.Time // of the first try
	LeaveToken string    // not read for a single letter or a notice
}

// A Letter is a variant that is ready to be copied. It does not change, so goroutines share it.
type Letter struct {
	frame   Frame
	variant newsletter.Variant
	subject string // as the header has it
	from    string
	replyTo string // empty: replies go to from
	size    int
}

// New checks a variant and makes a letter of it. An edition and its proof carry the fields of a list and a leave link;
// a single letter and a notice carry neither, and say that no person sent them. A variant without HTML is plain text.
func New(f Frame, v newsletter.Variant) (*Letter, error) {
	v.Text, v.HTML = printable(v.Text), printable(v.HTML)
	l := &Letter{frame: f, variant: v, subject: unstructured(v.Subject)}
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
	sample, err := l.Copy(sampleReader())
	if err != nil {
		return nil, err
	}
	l.size = len(sample)
	if l.isList() && l.size > MaxSize {
		return nil, l.tooLong()
	}
	return l, nil
}

// Sizes of a whole message in octets, as senders have measured where Gmail clips one; Google does not document it.
const (
	LargeSize = 80_000  // from here on a letter comes near to it: it is worth a warning
	MaxSize   = 102_000 // what comes after it is hidden; no letter of a list is made that is longer
)

// Size is the length in octets of a copy, to which the reader's own address and the signature may add a few hundred.
func (l *Letter) Size() int { return l.size }

// tooLong says what is wrong on its first line and what to do on its second.
func (l *Letter) tooLong() error {
	with := ""
	if l.frame.Articles > 0 {
		with = fmt.Sprintf(" with its %d articles", l.frame.Articles)
	}
	return fmt.Errorf("compose %q: the letter has %d octets%s, and mail programs hide what comes after %d, the way out among it\n"+
		"take fewer articles into each section, or give them shorter summaries", l.variant.Subject, l.size, with, MaxSize)
}

// Copy gives the bytes of one reader's message.
func (l *Letter) Copy(r Reader) ([]byte, error) {
	to, err := addrSpec(r.Address)
	if err != nil {
		return nil, fmt.Errorf("copy of %q: recipient: %w", l.variant.Subject, err)
	}
	if err := checkMessageID(r.MessageID); err != nil {
		return nil, fmt.Errorf("copy of %q: %w", l.variant.Subject, err)
	}
	if l.isList() && !isToken(r.LeaveToken) {
		return nil, fmt.Errorf("copy of %q: the leave token has %d characters that fit; it takes %d",
			l.variant.Subject, len(r.LeaveToken), token.Len)
	}
	content, err := compose(l.message(to, r))
	if err != nil {
		return nil, fmt.Errorf("copy of %q: %w", l.variant.Subject, err)
	}
	return content, nil
}

// isList reports whether the letter is one of a list that a reader can leave (RFC 2919, RFC 2369).
func (l *Letter) isList() bool {
	return l.variant.Kind == newsletter.KindEdition || l.variant.Kind == newsletter.KindProof
}

func (l *Letter) check() error {
	switch {
	case strings.TrimSpace(typography.Clean(l.variant.Subject)) == "":
		return errors.New("the subject is empty: give the letter one")
	case strings.TrimSpace(l.variant.Text) == "":
		return errors.New("the text part is empty: mail programs that show no HTML would show nothing")
	case !l.isList():
		return nil
	}
	if n := strings.Count(l.variant.Text, token.Placeholder(token.Leave)); n != 1 {
		return fmt.Errorf("the text part has %d leave links: its template needs one, with {{.Leave}}", n)
	}
	if n := strings.Count(l.variant.HTML, token.Placeholder(token.Leave)); n != 1 {
		return fmt.Errorf("the HTML part has %d leave links: its template needs one, with {{.Leave}}", n)
	}
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
		"List-Unsubscribe":      "<" + l.leaveURL(r.LeaveToken) + ">",    // RFC 2369 §3.2, RFC 8058 §3.1
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",            // RFC 8058 §3.1
		"Precedence":            "bulk",                                  // keeps old auto-repliers silent
	}
	if n.FeedbackID != "" {
		// From the sending to the sender, no reader in it: https://support.google.com/mail/answer/6254652
		fields["Feedback-ID"] = strings.Join([]string{
			n.Name + "-" + strconv.Itoa(l.frame.Number), n.Name, "edition", n.FeedbackID,
		}, ":")
	}
	return fields
}

func (l *Letter) leaveURL(token string) string {
	return strings.TrimSuffix(l.frame.WebURL, "/") + "/u/" + token
}

// zoned gives an instant the numeric zone of the newsletter (RFC 5322 §3.3).
func (l *Letter) zoned(t time.Time) time.Time {
	if l.frame.Newsletter.Zone == nil {
		return t.UTC()
	}
	return t.In(l.frame.Newsletter.Zone)
}

// sampleReader lets New compose one copy, so that what is wrong with a letter is found before its first reader.
func sampleReader() Reader {
	return Reader{
		Address:    "reader@example.org",
		MessageID:  "sample@example.org",
		Date:       time.Unix(0, 0),
		LeaveToken: token.Placeholder(token.Leave),
	}
}
