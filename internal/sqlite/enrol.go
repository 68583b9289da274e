package sqlite

import (
	"context"
	"database/sql"
	"math/bits"
	"strings"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// enrolMost is how many people one statement is about: beyond some sixty, more save no time.
const enrolMost = 64

// Enrol makes people active readers; see subscription.Store.
func (s *Store) Enrol(ctx context.Context, name string, people []subscription.Person, consent newsletter.Consent) ([]subscription.Enrolment, error) {
	var enrolled []subscription.Enrolment
	err := s.update(ctx, func(t tx) error {
		enrolled = make([]subscription.Enrolment, 0, len(people))
		newsletterID, err := t.newsletterID(name)
		if err != nil {
			return err
		}
		for rest := people; len(rest) > 0; {
			n := min(len(rest), enrolMost)
			e := enrolment{newsletterID: newsletterID, consent: consent}
			if e.ask, err = look(t.query, t.hash, newsletterID, rest[:n]); err != nil {
				return err
			}
			if err := e.write(t); err != nil {
				return err
			}
			enrolled = append(enrolled, e.ask.answers()...)
			rest = rest[n:]
		}
		return nil
	})
	return enrolled, err
}

// Foresee answers as Enrol would; see subscription.Store.
func (s *Store) Foresee(ctx context.Context, name string, people []subscription.Person, _ newsletter.Consent) ([]subscription.Enrolment, error) {
	query := func(query string, args ...any) (*sql.Rows, error) { return s.read.QueryContext(ctx, query, args...) }
	var newsletterID int64
	if err := s.read.QueryRowContext(ctx, `SELECT id FROM newsletters WHERE name = ?`, name).Scan(&newsletterID); err != nil {
		return nil, found(err, "newsletter "+name)
	}
	foreseen := make([]subscription.Enrolment, 0, len(people))
	for rest := people; len(rest) > 0; {
		n := min(len(rest), enrolMost)
		asked, err := look(query, s.hashOf, newsletterID, rest[:n])
		if err != nil {
			return nil, err
		}
		foreseen = append(foreseen, asked.answers()...)
		rest = rest[n:]
	}
	return foreseen, nil
}

// An asked is a person and what the file knows of them.
type asked struct {
	person subscription.Person
	*known
	outcome subscription.Outcome
}

// A known is what the file knows of an address. It is one for all who share the address.
type known struct {
	hash         []byte
	subscriber   int64 // 0: none
	erased       bool
	moved        bool  // its reader changed it for another, and nobody has come back with it since
	subscription int64 // 0: none
	state        newsletter.SubscriptionState
	suppressed   bool
	withdrew     bool // who is pending now and left once
	own          bool // reads some newsletter by an act of their own at our pages
}

type asking []*asked

func (a asking) answers() []subscription.Enrolment {
	all := make([]subscription.Enrolment, len(a))
	for i, p := range a {
		all[i] = subscription.Enrolment{Address: p.person.Address.String(), Outcome: p.outcome}
	}
	return all
}

// erasedOnce holds for an address whose person was erased, unless they came back by an act of their own since: what anybody
// asks for with it is none.
const erasedOnce = `EXISTS (SELECT 1 FROM subscribers e WHERE e.hash = a.column1 AND e.address IS NULL)
		AND NOT EXISTS (SELECT 1 FROM subscriptions q WHERE q.subscriber_id = b.id AND q.confirmed_at IS NOT NULL)`

// movedAway holds for an address that its reader changed for another; what anybody asks for with it ends that no more than an
// erasure.
const movedAway = `EXISTS (SELECT 1 FROM left_addresses l WHERE l.hash = a.column1)`

// look finds what is known of people and decides on each, in their order.
func look(query func(string, ...any) (*sql.Rows, error), hash func(address.Address) []byte, newsletterID int64, people []subscription.Person) (asking, error) {
	byHash := make(map[string]*known, len(people))
	all := make(asking, len(people))
	args := []any{newsletterID}
	for i, p := range people {
		h := hash(p.Address)
		if byHash[string(h)] == nil {
			byHash[string(h)] = &known{hash: h}
			args = append(args, h)
		}
		all[i] = &asked{person: p, known: byHash[string(h)]}
	}
	rows, err := query(`SELECT a.column1, coalesce(b.id, 0), `+erasedOnce+`, `+movedAway+`, coalesce(p.id, 0), coalesce(p.state, ''), x.hash IS NOT NULL,
		p.state IS 'pending' AND EXISTS (SELECT 1 FROM consents c WHERE c.subscription_id = p.id AND c.act = 'withdrawn'),
		b.id IS NOT NULL AND EXISTS (SELECT 1 FROM subscriptions o JOIN consents c ON c.subscription_id = o.id
			WHERE o.subscriber_id = b.id AND o.state IN ('active', 'paused') AND c.act = 'confirmed' AND c.origin NOT IN ('import', 'command'))
		FROM (VALUES `+tuples("(?)", len(args)-1)+`) a LEFT JOIN subscribers b ON b.hash = a.column1 AND b.address IS NOT NULL
		LEFT JOIN subscriptions p ON p.subscriber_id = b.id AND p.newsletter_id = ? LEFT JOIN suppressions x ON x.hash = a.column1`,
		append(args[1:], newsletterID)...)
	if err != nil {
		return nil, err
	}
	_, err = collectRows(rows, func(rows *sql.Rows) (none struct{}, err error) {
		var h sql.RawBytes
		var k known
		if err := rows.Scan(&h, &k.subscriber, &k.erased, &k.moved, &k.subscription, &k.state, &k.suppressed, &k.withdrew, &k.own); err != nil {
			return none, err
		}
		k.hash = byHash[string(h)].hash
		*byHash[string(h)] = k
		return none, nil
	})
	for _, p := range all {
		p.outcome = p.decide()
	}
	return all, err
}

// decide says what becomes of a person, and lets those who share the address know it.
func (a *asked) decide() subscription.Outcome {
	switch {
	case a.suppressed, a.erased:
		return subscription.Suppressed
	case a.person.Silence != "" && a.own && a.person.Silence != newsletter.SuppressedComplaint:
		return subscription.Kept
	case a.person.Silence != "":
		a.suppressed = true
		return subscription.Silenced
	case a.state == newsletter.Unsubscribed, a.withdrew, a.moved:
		return subscription.Left
	case a.state == newsletter.Active, a.state == newsletter.Paused:
		return subscription.AlreadyActive
	}
	a.state = newsletter.Active
	return subscription.Added
}

// An enrolment is some people of a transaction.
type enrolment struct {
	newsletterID int64
	consent      newsletter.Consent
	ask          asking
}

// write makes durable what was decided. Ids are counted on from the last one, as SQLite does by itself.
func (e *enrolment) write(t tx) error {
	var added []*asked
	for _, p := range e.ask {
		switch p.outcome {
		case subscription.Added:
			added = append(added, p)
		case subscription.Silenced:
			if _, err := t.exec(`INSERT INTO suppressions (hash, address, kind, reason, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
				p.hash, p.person.Address.String(), p.person.Silence, e.reason(p.person), ms(e.consent.At)); err != nil {
				return err
			}
		}
	}
	if len(added) == 0 {
		return nil
	}
	if err := e.makeSubscribers(t, added); err != nil {
		return err
	}
	if err := e.makeSubscriptions(t, added); err != nil {
		return err
	}
	return e.recordConsents(t, added)
}

func (e *enrolment) reason(p subscription.Person) string {
	reason := "import: " + string(p.Elsewhere)
	if e.consent.Source != "" {
		reason += " (" + e.consent.Source + ")"
	}
	return reason
}

func (e *enrolment) makeSubscribers(t tx, added []*asked) error {
	var last int64
	if err := t.row(`SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'subscribers'`).Scan(&last); err != nil {
		return err
	}
	var rows [][]any
	at := ms(e.consent.At)
	for _, p := range added {
		if p.subscriber == 0 {
			last++
			p.subscriber = last
			rows = append(rows, []any{last, p.person.Address.String(), p.hash, p.person.Language, at, at})
		}
	}
	return t.insert(`INSERT INTO subscribers (id, address, hash, language, created_at, acted_at) VALUES `, rows)
}

// makeSubscriptions also gives them their places in the order of activations, see activate.
func (e *enrolment) makeSubscriptions(t tx, added []*asked) error {
	var rows [][]any
	var last int64
	if err := t.row(`SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'subscriptions'`).Scan(&last); err != nil { // links name them: none is used twice
		return err
	}
	at := ms(e.consent.At)
	for _, p := range added {
		if p.subscription != 0 {
			if err := t.activate(p.subscription, e.consent.At); err != nil {
				return err
			}
			continue
		}
		last++
		p.subscription = last
		rows = append(rows, []any{last, e.newsletterID, p.subscriber, "active", at, at, 2, 0})
	}
	var sequence int64
	if err := t.row(`UPDATE store SET sequence = sequence + ? RETURNING sequence`, len(rows)).Scan(&sequence); err != nil {
		return err
	}
	for i, row := range rows {
		row[len(row)-1] = sequence - int64(len(rows)-1-i)
	}
	return t.insert(`INSERT INTO subscriptions (id, newsletter_id, subscriber_id, state, since_at, confirmed_at, epoch, activated) VALUES `, rows)
}

func (e *enrolment) recordConsents(t tx, added []*asked) error {
	if e.consent.Wording.Version != "" || e.consent.Network != "" { // a person's own form, never a list
		for _, p := range added {
			if err := t.recordConsent(p.subscription, e.consent); err != nil {
				return err
			}
		}
		return nil
	}
	rows := make([][]any, len(added))
	for i, p := range added {
		rows[i] = []any{p.subscription, e.consent.Act, ms(e.consent.At), e.consent.Origin, p.person.SourceOf(e.consent)}
	}
	return t.insert(`INSERT INTO consents (subscription_id, act, at, origin, source) VALUES `, rows)
}

// insert writes rows with as few statements as there are powers of two in their number, so that few texts are prepared.
func (t tx) insert(query string, rows [][]any) error {
	for len(rows) > 0 {
		n := 1 << (bits.Len(uint(len(rows))) - 1)
		args := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if _, err := t.exec(query+tuples("("+strings.Repeat("?, ", len(rows[0])-1)+"?)", n), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// tuples repeats one tuple of a VALUES clause.
func tuples(tuple string, n int) string { return strings.Repeat(tuple+", ", n-1) + tuple }
