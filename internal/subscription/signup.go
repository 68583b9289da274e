package subscription

import (
	"context"
	"errors"
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
	Newsletters []string // names; where there is only one newsletter, none means it
	Sure        bool     // the address is meant as typed, whatever is suggested
	Wording     string   // the text of consent that was shown
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
	ReasonSuggestion   = "suggestion"    // the domain is nearly a well-known one
	ReasonLimited      = "limited"       // see TooMany
)

// A Form is what a page or a program needs to send one back.
type Form struct {
	Stamp string
	Bits  int // of work, see admission.Solved
}

var errNotBuilt = errors.New("not built yet")

// NewForm stamps a form. In an attack its work is harder.
func (r *Register) NewForm(ctx context.Context) (Form, error) { return Form{}, errNotBuilt }

// SignUp takes a form.
func (r *Register) SignUp(ctx context.Context, s SignUp) (Answer, error) {
	return Answer{}, errNotBuilt
}

// A Request is where a sign-up stands, seen from the link in its confirmation letter.
type Request struct {
	State       RequestState
	Newsletters []string // names, of what was asked for
	Form        Form     // of the page's own button: only a page that was looked at confirms
	Preferences string   // token of the reader's own page, once confirmed by this answer
}

// RequestState is how far a request is.
type RequestState string

const (
	RequestWaiting   RequestState = "waiting"   // for the button
	RequestConfirmed RequestState = "confirmed" // now, or before
	RequestExpired   RequestState = "expired"   // the link is too old, or a later one was sent; a fresh letter can be asked for
	RequestGone      RequestState = "gone"      // nobody knows of it any more: sign up anew
)

// LookRequest tells what a confirmation link is about and changes nothing. A link that is not ours is
// [newsletter.ErrNotFound].
func (r *Register) LookRequest(ctx context.Context, link string) (Request, error) {
	return Request{}, errNotBuilt
}

// Confirm makes everything active that the request asked for. page is the stamp of the page's button: without a good one
// nothing changes and the state is still waiting. Done twice, it changes nothing more.
func (r *Register) Confirm(ctx context.Context, link, page string) (Request, error) {
	return Request{}, errNotBuilt
}

// Renew sends the confirmation letter of an expired request once more, as far as the limits of its address let it.
func (r *Register) Renew(ctx context.Context, link, page string) (Request, error) {
	return Request{}, errNotBuilt
}
