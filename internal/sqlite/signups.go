package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// errUsed and errBeyond undo what a form has changed so far.
var (
	errUsed   = errors.New("the form was used")
	errBeyond = errors.New("over a limit")
)

// admit runs a step that a form pays for. What it changed is undone where it does not admit the form.
func (s *Store) admit(ctx context.Context, work func(tx) (subscription.Admission, error)) (admitted subscription.Admission, err error) {
	err = s.update(ctx, func(t tx) (err error) {
		admitted, err = work(t)
		return err
	})
	switch {
	case errors.Is(err, errUsed):
		return subscription.Spent, nil
	case errors.Is(err, errBeyond):
		return subscription.Beyond, nil
	case err != nil:
		return "", err
	}
	return admitted, nil
}

// A form is one that was sent, with what can be made ready before its turn: whoever writes is waited for.
type form struct {
	subscription.Asking
	hash  []byte // of the address
	query string // asks first why it is refused; empty: it is not
	args  []any
}

// form asks whether a form was used or is over a limit already, and for what follows in the same query. What a flood brings after the
// first is refused by it without a write, and undoes nothing of those who share its commit. It is asked where everything is at
// hand: another connection would read what it looks at anew after each commit.
func (s *Store) form(a subscription.Asking, follows string, args ...any) form {
	over := strings.Repeat(` OR EXISTS (SELECT 1 FROM limits WHERE key = ? AND at > ? AND at <= ?)`, len(a.Limits))
	f := form{
		Asking: a,
		query:  `SELECT CASE WHEN EXISTS (SELECT 1 FROM stamps WHERE until = ? AND nonce = ?) THEN ? WHEN 0` + over + ` THEN ? ELSE '' END` + follows,
		args:   []any{a.Until.UnixMilli(), a.Nonce, string(subscription.Spent)},
	}
	for _, l := range a.Limits {
		full := a.Consent.At.Add(l.Per).UnixMilli()
		f.args = append(f.args, l.Key, full-l.Cost().Milliseconds(), full)
	}
	f.args = append(append(f.args, string(subscription.Beyond)), args...)
	return f
}

// refused asks why a form is refused.
func (t tx) refused(f form) (why subscription.Admission, err error) {
	if err := t.row(f.query, f.args...).Scan(&why); err != nil {
		return "", fmt.Errorf("look at a form and its limits: %w", err)
	}
	return why, nil
}

// SignUp takes a form; see subscription.SignUps.
func (s *Store) SignUp(ctx context.Context, a subscription.Asking) (subscription.Admission, error) {
	f := s.signUpForm(a)
	return s.admit(ctx, func(t tx) (subscription.Admission, error) { return t.signUp(f) })
}

// signUpForm asks also who sent it, and what is known of them.
func (s *Store) signUpForm(a subscription.Asking) form {
	hash := s.hashOf(a.Person.Address)
	f := s.form(a, `, s.holding, coalesce(b.id, 0), coalesce(u.kind, ''), coalesce(u.at, 0), n.name, n.id, coalesce(p.id, 0), coalesce(p.state, '')
		FROM store s CROSS JOIN newsletters n LEFT JOIN suppressions u ON u.hash = ? LEFT JOIN subscribers b ON b.hash = ? AND b.address IS NOT NULL
		LEFT JOIN subscriptions p ON p.newsletter_id = n.id AND p.subscriber_id = b.id`, hash, hash)
	f.hash = hash
	return f
}

func (t tx) signUp(f form) (subscription.Admission, error) {
	asker, why, err := t.asker(f)
	if err != nil || why != "" {
		return why, err
	}
	now := f.Consent.At
	if err := t.pay(f.Asking); err != nil {
		return "", err
	}
	if err := t.countSignUp(now, f.Worked); err != nil {
		return "", err
	}
	if err := t.enter(&asker, f); err != nil {
		return "", err
	}
	r := pendingRequest{asker: asker, at: ms(now)}
	for _, name := range f.Newsletters {
		if asker.has[name].receives() && !asker.lifts {
			r.active = append(r.active, name)
		} else {
			r.pending = append(r.pending, name)
		}
	}
	letter, about := r.letter(newsletter.LetterConfirm, f.Due, f.Worked, f.Hold)
	if err := t.chargeAndWord(&letter, about, now, f.Letters); err != nil {
		return "", err
	}
	for _, name := range f.Newsletters {
		if err := t.request(asker, name, f.Consent, letter.reason == ""); err != nil {
			return "", err
		}
	}
	letter.newsletterID = asker.has[about[0]].newsletterID
	_, err = t.queueLetter(letter)
	return subscription.Admitted, err
}

// pay spends a form and charges its limits.
func (t tx) pay(a subscription.Asking) error {
	if err := t.spend(a.Spending); err != nil {
		return err
	}
	for _, l := range a.Limits {
		ok, err := t.charge(l, a.Consent.At)
		if err != nil {
			return err
		}
		if !ok {
			return errBeyond
		}
	}
	return nil
}

func (t tx) spend(f subscription.Spending) error {
	n, err := changed(t.exec(`INSERT INTO stamps (until, nonce) VALUES (?, ?) ON CONFLICT DO NOTHING`, ms(f.Until), f.Nonce))
	if err == nil && n == 0 {
		return errUsed
	}
	return err
}

// minute is the unit in which sign-ups are counted.
func minute(at time.Time) int64 { return at.Unix() / 60 }

func (t tx) countSignUp(now time.Time, worked bool) error {
	_, err := t.exec(`INSERT INTO signups (minute, asked, worked) VALUES (?, 1, ?) ON CONFLICT (minute) DO UPDATE SET asked = asked + 1, worked = worked + excluded.worked`,
		minute(now), worked)
	return err
}

// An asker is somebody at a form, and what is known of their address.
type asker struct {
	subscriber int64
	holding    subscription.HoldState
	silence    newsletter.Suppression // of the address; no kind: none
	lifts      bool                   // a confirmation would end it
	has        map[string]had         // by the name of each newsletter there is
}

// A had is what somebody has of a newsletter already.
type had struct {
	newsletterID int64
	id           int64                        // of their subscription; 0: none yet
	state        newsletter.SubscriptionState // of it
}

func (h had) receives() bool { return h.state == newsletter.Active || h.state == newsletter.Paused }

// asker finds who sent a form and what is known of them, and why it is refused; empty: it is not.
func (t tx) asker(f form) (found asker, why subscription.Admission, err error) {
	found.has = map[string]had{}
	err = t.conn.each(f.query, f.args, func(row []driver.Value) error {
		why, found.holding = subscription.Admission(row[0].(string)), subscription.HoldState(row[1].(string))
		found.subscriber = row[2].(int64)
		found.silence = newsletter.Suppression{Kind: newsletter.SuppressionKind(row[3].(string)), At: time.UnixMilli(row[4].(int64))}
		found.has[row[5].(string)] = had{newsletterID: row[6].(int64), id: row[7].(int64), state: newsletter.SubscriptionState(row[8].(string))}
		return nil
	})
	if err != nil {
		return found, "", fmt.Errorf("look at a form and who sent it: %w", err)
	}
	found.lifts = found.silence.Lifts(f.Consent.At)
	return found, why, nil
}

// enter makes the subscriber. One who is known is written as they are, so that nobody can tell from outside which of the two it
// was. (What a statement returns besides its change SQLite keeps in a table that it makes and drops for it: to look before is
// several times cheaper.)
func (t tx) enter(a *asker, f form) error {
	r, err := t.exec(`INSERT INTO subscribers (address, hash, language, created_at, acted_at) VALUES (?, ?, ?, ?4, ?4)
		ON CONFLICT (hash) WHERE address IS NOT NULL DO UPDATE SET language = language`,
		f.Person.Address.String(), f.hash, f.Person.Language, ms(f.Consent.At))
	if err == nil && a.subscriber == 0 {
		a.subscriber, err = r.LastInsertId()
	}
	return err
}

// A pendingRequest is what a letter asks to be confirmed, or tells of as received already.
type pendingRequest struct {
	asker
	at      sql.NullInt64 // which request: subscriptions.request
	first   int64         // a newsletter of it, which the letter's link is about
	pending []string      // names
	active  []string
}

// request makes or keeps a subscription pending. One that is active stays so; a person whose address fell silent confirms
// it anew. What was asked for before becomes part of this request only where its letter leaves, and names it: else a
// letter that left before would confirm what it does not name. The record is of what became pending, or whose letter
// leaves: else everybody who knows an address could add to what is kept with it, without end.
func (t tx) request(a asker, name string, c newsletter.Consent, leaves bool) error {
	has, ok := a.has[name]
	if !ok {
		return fmt.Errorf("newsletter %s: %w", name, newsletter.ErrNotFound)
	}
	r, err := t.exec(`INSERT INTO subscriptions (newsletter_id, subscriber_id, state, since_at, request) VALUES (?1, ?2, 'pending', ?3, ?3)
		ON CONFLICT (newsletter_id, subscriber_id) DO UPDATE SET
			since_at = iif(state = 'unsubscribed', excluded.since_at, since_at),
			request = iif(state = 'unsubscribed' OR ?5 AND (state = 'pending' OR ?4), excluded.request, request),
			reminded_at = iif(state = 'pending', reminded_at, NULL), renewed = iif(state = 'pending', renewed, 0),
			state = iif(state = 'unsubscribed', 'pending', state)`, has.newsletterID, a.subscriber, ms(c.At), a.lifts, leaves)
	if err != nil {
		return err
	}
	if has.id == 0 {
		if has.id, err = r.LastInsertId(); err != nil {
			return err
		}
	}
	begins := has.state == "" || has.state == newsletter.Unsubscribed
	return t.recordConsentIf(begins || leaves, has.id, c)
}

// oweRequest owes a letter that asks for a confirmation once more, and tells why it does not leave; empty: it does.
func (t tx) oweRequest(r pendingRequest, kind newsletter.LetterKind, n subscription.Renewal) (newsletter.CancelReason, error) {
	letter, about := r.letter(kind, n.Now, true, n.Hold)
	return t.oweLimited(letter, about, n.Now, n.Letters)
}

// letter is the one that asks for a confirmation, or where there is nothing to confirm, the one that says so.
func (r pendingRequest) letter(kind newsletter.LetterKind, due time.Time, worked bool, hold subscription.HoldRule) (letter singleLetter, about []string) {
	about = r.pending
	if len(about) == 0 {
		kind, about = newsletter.LetterAlready, r.active
	}
	letter = singleLetter{kind: kind, newsletterID: r.first, subscriber: r.subscriber, request: r.at, at: due}
	if kind.Confirms() && hold.Holds(r.holding, worked) {
		letter.run = runHeld
		if !worked {
			letter.run = runDoubted
		}
	}
	if r.silence.Kind != "" && (!kind.Confirms() || !r.lifts) {
		letter.reason = newsletter.CancelSuppressed
	}
	return letter, about
}

// oweLimited owes a letter as far as the limit of its address lets it, and tells why it does not leave.
func (t tx) oweLimited(letter singleLetter, about []string, now time.Time, letters subscription.Letters) (newsletter.CancelReason, error) {
	if err := t.chargeAndWord(&letter, about, now, letters); err != nil {
		return "", err
	}
	_, err := t.queueLetter(letter)
	return letter.reason, err
}

// chargeAndWord finds the text of a letter and charges the limit of its address. Beyond it it does not leave.
func (t tx) chargeAndWord(letter *singleLetter, about []string, now time.Time, letters subscription.Letters) error {
	var ok bool
	if letter.variant, ok = letters.Text(letter.kind, about); !ok {
		return &subscription.Unwritten{Kind: letter.kind, About: about}
	}
	ok, err := t.charge(letters.Limit(letter.kind), now)
	if err != nil {
		return err
	}
	if !ok && letter.reason == "" {
		letter.reason = newsletter.CancelLimited
	}
	return nil
}

// AskLink takes a form that asks for the link to a reader's page; see subscription.SignUps. Who never confirmed anything
// has no page.
func (s *Store) AskLink(ctx context.Context, a subscription.Asking) (subscription.Admission, error) {
	f := s.linkForm(a)
	return s.admit(ctx, func(t tx) (subscription.Admission, error) { return t.askLink(f) })
}

func (s *Store) linkForm(a subscription.Asking) form {
	f := s.form(a, ``)
	f.hash = s.hashOf(a.Person.Address)
	return f
}

func (t tx) askLink(f form) (subscription.Admission, error) {
	if why, err := t.refused(f); err != nil || why != "" {
		return why, err
	}
	if err := t.pay(f.Asking); err != nil {
		return "", err
	}
	letter := singleLetter{kind: newsletter.LetterLink, at: f.Due}
	about := f.Newsletters[0]
	var suppressed bool
	err := t.row(`SELECT b.id, n.id, n.name, u.hash IS NOT NULL FROM subscribers b JOIN subscriptions p ON p.subscriber_id = b.id
		JOIN newsletters n ON n.id = p.newsletter_id LEFT JOIN suppressions u ON u.hash = b.hash
		WHERE b.hash = ? AND b.address IS NOT NULL AND p.confirmed_at IS NOT NULL
		ORDER BY p.state = 'active' DESC, p.state = 'paused' DESC, p.id LIMIT 1`, f.hash).Scan(&letter.subscriber, &letter.newsletterID, &about, &suppressed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		letter.reason = newsletter.CancelErased
	case err != nil:
		return "", err
	case suppressed:
		letter.reason = newsletter.CancelSuppressed
	}
	_, err = t.oweLimited(letter, []string{about}, f.Consent.At, f.Letters)
	return subscription.Admitted, err
}
