package subscription

import (
	"context"
	"time"

	"facteur/internal/newsletter"
)

// Undo takes back a leave just made. The link is the one that the answer to it gave out (Standing.Undo). One that is too
// old, or was overtaken by another act, is [newsletter.ErrState]; one that is not ours [newsletter.ErrNotFound].
func (r *Register) Undo(ctx context.Context, link string) (Standing, error) {
	return Standing{}, errNotBuilt
}

// PauseInstead turns a leave just made into a pause until a date. Errors as of Undo; a date that is past or more than a
// year away is [newsletter.ErrInvalid].
func (r *Register) PauseInstead(ctx context.Context, link string, until time.Time) (Standing, error) {
	return Standing{}, errNotBuilt
}

// SayWhy keeps a reason for leaving, one of [GoodbyeReasons], for nobody in particular. Errors as of Undo.
func (r *Register) SayWhy(ctx context.Context, link, reason string) error { return errNotBuilt }

// GoodbyeReasons are the reasons that people can give, in the order in which they are shown them.
func GoodbyeReasons() []string {
	return []string{"too-often", "not-relevant", "never-asked", "unreadable", "other"}
}

// Preferences are a reader's standing in every newsletter, as their own page shows it.
type Preferences struct {
	Link    string // token of the page from here on: an act makes the one before it worthless
	Choices []Choice
}

// A Choice is one newsletter on that page.
type Choice struct {
	Newsletter string
	State      newsletter.SubscriptionState // empty: never asked for
	Until      time.Time                    // end of a pause
}

// A Wish is what a reader wants from here on.
type Wish struct {
	Newsletters []string  // to receive; the others are left
	Until       time.Time // pause all of them until then; zero: no pause
	Wording     string    // the text of consent beside the newsletters
}

// LookPreferences tells what the reader of a link receives and changes nothing. A link that is too old is
// [newsletter.ErrState], one that is not ours [newsletter.ErrNotFound].
func (r *Register) LookPreferences(ctx context.Context, link string) (Preferences, error) {
	return Preferences{}, errNotBuilt
}

// Prefer grants a wish. Errors as of LookPreferences.
func (r *Register) Prefer(ctx context.Context, link string, w Wish) (Preferences, error) {
	return Preferences{}, errNotBuilt
}

// SendLatest owes the reader of a preferences link the latest edition that they have not had, of the link's newsletter.
// sent is false where there is none. Errors as of LookPreferences.
func (r *Register) SendLatest(ctx context.Context, link string) (sent bool, err error) {
	return false, errNotBuilt
}

// AskManage sends the reader of a preferences link the letter that leads to export, erasure and change of address.
func (r *Register) AskManage(ctx context.Context, link string) error { return errNotBuilt }

// AskLink takes a form by which somebody asks for the link to their own page. Known and unknown addresses get the same
// answer.
func (r *Register) AskLink(ctx context.Context, v Visit, text string) (Answer, error) {
	return Answer{}, errNotBuilt
}

// LookManage tells whether a managing link still works, and whose it is. One that is too old is [newsletter.ErrState],
// one that is not ours [newsletter.ErrNotFound].
func (r *Register) LookManage(ctx context.Context, link string) (newsletter.Subscriber, error) {
	return newsletter.Subscriber{}, errNotBuilt
}

// MoveBy sends a letter to a new address of the reader of a managing link. Errors as of LookManage.
func (r *Register) MoveBy(ctx context.Context, link, text string, sure bool) (Answer, error) {
	return Answer{}, errNotBuilt
}

// LookMove tells whether a link from a new address still works. Errors as of LookManage.
func (r *Register) LookMove(ctx context.Context, link string) (to string, err error) {
	return "", errNotBuilt
}

// Move makes the new address the reader's. Errors as of LookManage.
func (r *Register) Move(ctx context.Context, link string) (Preferences, error) {
	return Preferences{}, errNotBuilt
}
