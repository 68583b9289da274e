package subscription

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// A Register tells the story over its store.
type Register struct {
	Store Store
	Keys  *token.Keyring // signs forms and verifies the links of letters
	Now   func() time.Time

	// What the reader's own pages need besides. Operators' commands do without.
	Newsletters []newsletter.Newsletter // that can be signed up for, in the order in which people are shown them
	Random      io.Reader               // what makes a form single; crypto/rand.Reader outside of tests
	Texts       Texts
	Domains     Domains // nil: every domain is taken as it is
	Rules       Rules

	// Suggest names the address that may be meant by one whose domain is nearly a well-known one; nil: nothing is suggested.
	Suggest func(address.Address) (suggestion string, ok bool)

	Files Files // nil: no letter lies in a file

	// Traces is told that somebody was forgotten by their own page, so that [Register.Clean] need not wait for its time; nil:
	// nobody is told.
	Traces func()

	frozen  frozen  // letters that the store keeps the text of
	traffic traffic // how many people sign up, as last looked at
}

// Texts writes the letters that are sent to one reader.
type Texts interface {
	// SingleLetter renders a letter about the newsletters, in the language of the first. Its key tells its text from
	// every other.
	SingleLetter(kind newsletter.LetterKind, about []newsletter.Newsletter) (newsletter.Variant, error)
}

// Domains tells whether a domain takes mail at all (RFC 5321 §5.1, RFC 7505).
type Domains interface {
	// TakesMail is false only where it is certain that it does not: what cannot be found out in a moment is true.
	TakesMail(ctx context.Context, domain string) bool
}

// Add makes one address an active reader of a newsletter. source says where the consent came from and must not be
// empty. An address that is none, or a source that is none, is [newsletter.ErrInvalid].
func (r *Register) Add(ctx context.Context, letter newsletter.Newsletter, text, source string) (Enrolment, error) {
	consent, err := r.given("command", source)
	if err != nil {
		return Enrolment{}, err
	}
	who, err := address.Parse(text)
	if err != nil {
		return Enrolment{}, invalid(err)
	}
	enrolments, err := r.Store.Enrol(ctx, letter.Name, []Person{{Address: who, Language: letter.Language}}, consent)
	if err != nil {
		return Enrolment{}, fmt.Errorf("add a reader to %s: %w", letter.Name, err)
	}
	if len(enrolments) != 1 {
		return Enrolment{}, fmt.Errorf("add a reader to %s: the store answered for %d people", letter.Name, len(enrolments))
	}
	return enrolments[0], nil
}

// given is the consent that an operator vouches for, at this instant.
func (r *Register) given(origin, source string) (newsletter.Consent, error) {
	source = strings.TrimSpace(source)
	switch {
	case source == "":
		return newsletter.Consent{}, invalid(errors.New("the source of the consent is missing: say where these people asked for the letter"))
	case utf8.RuneCountInString(source) > maxSource:
		return newsletter.Consent{}, invalid(fmt.Errorf("the source of the consent is longer than %d characters: shorten it", maxSource))
	case !utf8.ValidString(source) || strings.ContainsFunc(source, unicode.IsControl):
		return newsletter.Consent{}, invalid(errors.New("the source of the consent holds a line break or another control character: write it on one line"))
	}
	return newsletter.Consent{Act: newsletter.ConsentConfirmed, At: r.Now(), Origin: origin, Source: source}, nil
}

const maxSource = 500 // characters; it is read back in one line

func invalid(why error) error { return fmt.Errorf("%w: %w", newsletter.ErrInvalid, why) }

// All goes through every subscription that passes the filter, in the order of their ids, some at a time. The filter's
// limit is the size of a step. Changes made meanwhile may or may not be seen; nothing is seen twice.
func (r *Register) All(ctx context.Context, f Filter) iter.Seq2[newsletter.Subscription, error] {
	if f.Limit <= 0 {
		f.Limit = 1000
	}
	return func(yield func(newsletter.Subscription, error) bool) {
		for {
			some, err := r.Store.Subscriptions(ctx, f)
			if err != nil {
				yield(newsletter.Subscription{}, fmt.Errorf("list subscriptions: %w", err))
				return
			}
			for _, s := range some {
				if !yield(s, nil) {
					return
				}
			}
			if len(some) < f.Limit {
				return
			}
			f.After = some[len(some)-1].ID
		}
	}
}

// A History is one subscription and what its person did about it, oldest first.
type History struct {
	Subscription newsletter.Subscription
	Consents     []newsletter.Consent
}

// Show tells what an address is subscribed to and on what proof. An address that is not known is
// [newsletter.ErrNotFound].
func (r *Register) Show(ctx context.Context, text string) ([]History, error) {
	who, err := address.Parse(text)
	if err != nil {
		return nil, invalid(err)
	}
	subscriptions, err := r.Store.SubscriptionsOf(ctx, who)
	if err != nil {
		return nil, fmt.Errorf("look up the address: %w", err)
	}
	var all []History
	for _, s := range subscriptions {
		consents, err := r.Store.Consents(ctx, s.ID)
		if err != nil {
			return nil, fmt.Errorf("read the consents of subscription %d: %w", s.ID, err)
		}
		all = append(all, History{Subscription: s, Consents: consents})
	}
	return all, nil
}
