package subscription

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/token"
)

// A Visit is what every form sends besides what it is for, through whichever door.
type Visit struct {
	Door     string // by which way: newsletter.OriginPage, OriginForm or OriginAPI
	Stamp    string // the form's, as [Register.NewForm] gave it
	Solution string // of the stamp's work; empty where no program of the page's could do it
	Trap     string // what stands in the field that no person fills
	Client   string // whose machine, such as "203.0.113.7"
	Network  string // its neighbourhood, such as "203.0.113.0/24" or "2001:db8:1::/48"
}

// A SignUp asks for newsletters.
type SignUp struct {
	Visit
	Address     string
	Newsletters []string           // names; where there is only one newsletter, none means it
	Sure        bool               // the address is meant as typed, whatever is suggested
	Wording     newsletter.Wording // the text of consent that was shown, as whoever showed it names it
}

// An Answer says what a form came to. It is the same for an address that is new, pending, active or suppressed.
type Answer struct {
	Verdict    Verdict
	Reason     string // why, as a stable code: an address.Reason or one of the Reason constants
	Suggestion string // an address that may be meant
}

// A Verdict is what to do with a form.
type Verdict string

const (
	Received  Verdict = "received" // what could be done is done: "if this address …, a letter is on its way"
	FormAgain Verdict = "again"    // show the form with a new stamp and all that was typed
	Mistaken  Verdict = "mistaken" // what was typed cannot be: say why, keep it
	Doubtful  Verdict = "doubtful" // what was typed can be, but something else may be meant
	TooMany   Verdict = "too-many" // too many forms from there, or from everywhere: later
)

// Why a form is to be shown again or refused, besides the reasons of package address.
const (
	ReasonStampMissing = "stamp-missing" // no stamp, or not ours
	ReasonStampYoung   = "stamp-young"   // sent back faster than a person types
	ReasonStampOld     = "stamp-old"     // the page stood open for too long
	ReasonStampUsed    = "stamp-used"    // a form works once
	ReasonNewsletters  = "newsletters"   // none was chosen, or one that is not ours
	ReasonDomain       = "domain"        // the domain takes no mail
	ReasonRole         = "role"          // the address belongs to a function, not to a person
	ReasonSMTPUTF8     = "smtputf8"      // the relay cannot carry such an address
	ReasonDisposable   = "disposable"    // the domain gives out addresses to be thrown away
	ReasonSuggestion   = "suggestion"    // the domain is nearly a well-known one
	ReasonLimited      = "limited"       // see TooMany
	ReasonInvisible    = "invisible"     // received, without the characters that nobody sees
	ReasonOwn          = "own"           // of a new address: it is theirs already
	ReasonMoves        = "moves"         // they asked for too many changes of address today
)

// A Form is what a page or a program needs to send one back.
type Form struct {
	Stamp string
	Bits  int // of work, see admission.Solved
}

// NewForm stamps a form. In an attack its work is harder.
func (r *Register) NewForm(ctx context.Context) (Form, error) {
	hold, err := r.holding(ctx)
	if err != nil {
		return Form{}, fmt.Errorf("make a form: %w", err)
	}
	stamp := token.Stamp{Time: r.Now(), Bits: uint8(hold.Traffic.Bits(r.Rules.Bits, r.factor()))}
	if _, err := io.ReadFull(r.Random, stamp.Nonce[:]); err != nil {
		return Form{}, fmt.Errorf("make a form: %w", err)
	}
	return Form{Stamp: r.Keys.Stamp(stamp), Bits: int(stamp.Bits)}, nil
}

// SignUp takes a form. What is known of the address changes neither the answer nor what is done for it.
func (r *Register) SignUp(ctx context.Context, s SignUp) (Answer, error) {
	about, ok := r.chosen(s.Newsletters)
	taken, answer := r.take(ctx, s.Visit, s.Address)
	switch {
	case answer != nil:
		return *answer, nil
	case !ok:
		return Answer{Verdict: Mistaken, Reason: ReasonNewsletters}, nil
	}
	if r.Suggest != nil && !s.Sure {
		if suggestion, ok := r.Suggest(taken.Person.Address); ok {
			return Answer{Verdict: Doubtful, Reason: ReasonSuggestion, Suggestion: suggestion}, nil
		}
	}
	taken.Person.Language = about[0].Language
	taken.Newsletters = names(about)
	taken.Consent = newsletter.Consent{
		Act: newsletter.ConsentRequested, At: taken.Consent.At, Origin: s.Door, Network: s.Network, Wording: s.Wording,
	}
	hold, back, err := r.joining(ctx, taken.Worked)
	if err != nil {
		return Answer{}, fmt.Errorf("sign up: %w", err)
	}
	taken.Hold = r.holdRule(hold)
	given, err := r.spend(ctx, "sign up", *taken, r.Store.SignUp)
	given = noticed(s.Address, given)
	if err != nil || given.Verdict != Received {
		back()
	}
	return given, err
}

// AskLink takes a form by which somebody asks for the link to their own page. Known and unknown addresses get the same
// answer.
func (r *Register) AskLink(ctx context.Context, v Visit, text string) (Answer, error) {
	taken, answer := r.take(ctx, v, text)
	if answer != nil {
		return *answer, nil
	}
	taken.Newsletters = names(r.Newsletters[:1])
	given, err := r.spend(ctx, "ask for a link", *taken, r.Store.AskLink)
	return noticed(text, given), err
}

// noticed tells who typed an address that it is taken without what cannot be seen in it.
func noticed(text string, a Answer) Answer {
	if _, removed := address.Clean(text); removed && a.Verdict == Received {
		a.Reason = ReasonInvisible
	}
	return a
}

// take judges all of a form that can be judged without the store: what a program filled is thanked and forgotten, and
// what is wrong is said.
func (r *Register) take(ctx context.Context, v Visit, text string) (*Asking, *Answer) {
	if v.Trap != "" {
		return nil, &Answer{Verdict: Received}
	}
	now := r.Now()
	stamp, reason := r.checkStamp(v.Stamp, now)
	if reason != "" {
		return nil, &Answer{Verdict: FormAgain, Reason: reason}
	}
	who, reason := r.checkAddress(ctx, text)
	if reason != "" {
		return nil, &Answer{Verdict: Mistaken, Reason: reason}
	}
	free := stamp.Bits == 0 && r.Rules.Bits > 0 // given out when forms cost nothing: now none is without its work
	worked := !free && admission.Worked(v.Stamp, v.Solution, int(stamp.Bits), stamp.Time, now)
	a := &Asking{
		Spending: spending(stamp),
		Limits:   r.visitLimits(v, worked),
		Person:   Person{Address: who},
		Consent:  newsletter.Consent{At: now},
		Worked:   worked,
		Due:      now,
		Letters:  r.lettersTo(who),
	}
	if !a.Worked {
		a.Due = now.Add(r.Rules.Delay)
	}
	return a, nil
}

func (r *Register) checkStamp(text string, now time.Time) (token.Stamp, string) {
	stamp, err := r.Keys.ReadStamp(text, token.ForForm)
	if err != nil {
		return stamp, ReasonStampMissing
	}
	switch admission.AgeOf(stamp.Time, now) {
	case admission.TooYoung:
		return stamp, ReasonStampYoung
	case admission.TooOld:
		return stamp, ReasonStampOld
	default:
		return stamp, ""
	}
}

func spending(s token.Stamp) Spending {
	return Spending{Nonce: s.Nonce[:], Until: s.Time.Add(admission.Oldest)}
}

// checkAddress reads an address that a letter is to go to. Nobody's server is asked whether the mailbox exists: that is
// how addresses are harvested.
func (r *Register) checkAddress(ctx context.Context, text string) (who address.Address, reason string) {
	who, err := address.Parse(text)
	if why, ok := errors.AsType[address.Reason](err); ok {
		return who, string(why)
	}
	switch {
	case who.IsRole():
		return who, ReasonRole
	case !r.Rules.carries(who):
		return who, ReasonSMTPUTF8
	case r.Rules.Disposable != nil && r.Rules.Disposable(who.Domain()):
		return who, ReasonDisposable
	case r.Domains != nil && !r.Domains.TakesMail(ctx, who.Domain()):
		return who, ReasonDomain
	}
	return who, ""
}

// chosen finds the newsletters that are meant, in the order of the register.
func (r *Register) chosen(wanted []string) (about []newsletter.Newsletter, ok bool) {
	if len(wanted) == 0 && len(r.Newsletters) == 1 {
		return r.Newsletters, true
	}
	about = r.about(wanted)
	for _, name := range wanted {
		if !slices.ContainsFunc(about, func(n newsletter.Newsletter) bool { return n.Name == name }) {
			return nil, false
		}
	}
	return about, len(about) > 0
}

// spend gives a form to the store.
func (r *Register) spend(ctx context.Context, what string, a Asking, step func(context.Context, Asking) (Admission, error)) (Answer, error) {
	var admitted Admission
	err := r.writing(ctx, func() (err error) {
		admitted, err = step(ctx, a)
		return err
	})
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", what, err)
	}
	switch admitted {
	case Spent:
		return Answer{Verdict: FormAgain, Reason: ReasonStampUsed}, nil
	case Beyond:
		return Answer{Verdict: TooMany, Reason: ReasonLimited}, nil
	default:
		return Answer{Verdict: Received}, nil
	}
}

func names(all []newsletter.Newsletter) []string {
	some := make([]string, len(all))
	for i, n := range all {
		some[i] = n.Name
	}
	return some
}
