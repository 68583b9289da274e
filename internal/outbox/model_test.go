package outbox_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/sqlite"
	"facteur/internal/transport"
)

// A model is what the world knows of an outbox besides its ledger: who reads, who left, and what the relay did. It holds the
// ledger to that at each commit, and at the end.
type model struct {
	*house
	chance *rand.Rand
	ledger *sql.DB // read beside the store

	mu       sync.Mutex // a commit and what is noted of it are one
	readers  []string
	left     map[string]bool
	erased   map[string]bool    // who are among those who left
	moved    map[string]string  // the address of a reader who changed it
	owed     map[int64][]string // who was active when an edition was approved
	asked    map[int64][]string // newcomers whom an edition was sent to all the same, on the operator's word
	editions []newsletter.Edition
	troubled string         // whose letter went wrong last
	ended    map[int64]bool // cancelled by the operator
	spare    *post          // a second relay, in half of the worlds; nil: there is none
	log      []string
	groups   newsletter.Groups // of the senders, as is canary
	canary   outbox.Canary

	sender *sending
}

// A sending is one life of a sender.
type sending struct {
	dead   bool // what it does reaches nobody any more
	cancel context.CancelFunc
	done   chan error
}

const modelSeeds = 40

// Whatever happens in whatever order, at each commit every reader that was planned stands in one place of the ledger, and who
// came after the approval in none, however they came; nobody is marked after they left or were erased, nor at an address that is theirs no longer; and once all is sent, each of the
// planned has one letter at the relay, or the ledger says why none, or why two.
func TestModel(t *testing.T) {
	first := rand.Uint64()
	for seed := range uint64(modelSeeds) {
		t.Run(fmt.Sprintf("seed %d", first+seed), func(t *testing.T) {
			chance, script := rand.New(rand.NewPCG(first+seed, 0)), smtptest.Script{}
			if chance.IntN(2) == 0 {
				script.Extensions = []string{"PIPELINING"}
			}
			inHouse(t, script, func(h *house) {
				m := &model{house: h, chance: chance, left: map[string]bool{}, erased: map[string]bool{}, moved: map[string]string{}, owed: map[int64][]string{}, asked: map[int64][]string{}, ended: map[int64]bool{}}
				if m.chance.IntN(2) == 0 {
					m.spare = &post{Server: smtptest.Start(h.t, script)}
				}
				if seed%2 == 1 {
					m.groups = newsletter.Groups{{Name: "lecteurs", Domains: []string{"lecteurs.example"}, AtOnce: 2}}
					m.canary = outbox.Canary{Letters: 2, Wait: 5 * time.Minute, From: 1}
				}
				var err error
				m.ledger, err = sql.Open("sqlite3", "file:"+h.Path()+"?_query_only=1")
				h.must(err)
				defer func() { _ = m.ledger.Close() }()
				m.join(6)
				for range 60 {
					m.step()
					m.balanced()
					m.nobodyElse()
					after(time.Duration(m.chance.IntN(120)) * time.Second)
				}
				m.settle()
				m.verdict()
				if t.Failed() {
					t.Log(m.log)
				}
			})
		})
	}
}

// step does one thing at random.
func (m *model) step() {
	steps := []struct {
		name string
		do   func()
	}{
		{"join", func() { m.join(1 + m.chance.IntN(3)) }}, {"import", m.imports}, {"publish", m.approve}, {"start", m.begin}, {"start", m.begin}, {"kill", m.kill}, {"stop", m.end},
		{"leave", m.leave}, {"erase", m.erase}, {"move", m.move}, {"pause", func() { m.pause(true) }}, {"resume", func() { m.pause(false) }}, {"resume", func() { m.pause(false) }}, {"cancel", m.cancelOne},
		{"resend", m.again}, {"faults", m.faults}, {"faults", m.faults}, {"mend", m.mend}, {"wait", func() {}}, {"spare", m.turn},
	}
	s := steps[m.chance.IntN(len(steps))]
	m.log = append(m.log, s.name)
	s.do()
}

func (m *model) approve() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.editions) >= 4 {
		return
	}
	e := m.publish()
	m.editions = append(m.editions, e)
	for _, name := range m.readers {
		if !m.left[name] {
			m.owed[e.ID] = append(m.owed[e.ID], name)
		}
	}
}

func (m *model) anyEdition() (newsletter.Edition, bool) {
	if len(m.editions) == 0 {
		return newsletter.Edition{}, false
	}
	return m.editions[m.chance.IntN(len(m.editions))], true
}

func (m *model) pause(paused bool) {
	if e, any := m.anyEdition(); any {
		m.refusable(m.Pause(m.t.Context(), e.Ref(), paused))
	}
}

func (m *model) cancelOne() {
	if e, any := m.anyEdition(); any && m.chance.IntN(3) == 0 {
		_, err := m.Cancel(m.t.Context(), e.Ref(), func(int) {})
		m.refusable(err)
		m.ended[e.ID] = m.ended[e.ID] || err == nil
	}
}

func (m *model) again() {
	if e, any := m.anyEdition(); any {
		what := outbox.ResendGroups()[m.chance.IntN(len(outbox.ResendGroups()))]
		_, err := m.Resend(m.t.Context(), e.Ref(), outbox.Round{Groups: []outbox.ResendWhat{what}}, outbox.Order{At: time.Now()}, func(int) {})
		m.refusable(err)
		if what == outbox.ResendNewcomers && err == nil {
			m.asked[e.ID] = slices.Clone(m.readers)
		}
	}
}

// refusable fails the test for an error that is no refusal of an order.
func (m *model) refusable(err error) {
	m.t.Helper()
	if !errors.Is(err, newsletter.ErrState) && !errors.Is(err, newsletter.ErrBusy) {
		m.must(err)
	}
}

// faults makes the relay go wrong for some readers, once or for a while.
func (m *model) faults() {
	name := m.anyReader()
	point := []string{"RCPT", "DATA", "DOT"}[m.chance.IntN(3)] + " " + m.at(name)
	relays := m.relays()
	relays[m.chance.IntN(len(relays))].Answer(point, []smtptest.Answer{
		{Reply: "450 4.2.0 later", Times: 1}, {Reply: "550 5.2.2 full", Times: 1}, {Drop: true, Times: 1}, {Drop: true, Times: 3}, {Hang: true, Times: 1}, {Reply: "421 4.3.0 bye", Close: true, Times: 2},
		{Slow: 10 * time.Second},
	}[m.chance.IntN(7)])
	m.troubled = name
}

func (m *model) mend() {
	for _, relay := range m.relays() {
		for _, name := range m.readers {
			for _, point := range []string{"RCPT", "DATA", "DOT"} {
				relay.Answer(point+" "+mail(name), smtptest.Answer{})
				relay.Answer(point+" "+m.at(name), smtptest.Answer{})
			}
		}
	}
}

// turn takes the second relay away in the middle of whatever it does, or brings it back.
func (m *model) turn() {
	switch {
	case m.spare == nil:
	case m.spare.away.Load():
		m.spare.away.Store(false)
	default:
		m.spare.cut()
	}
}

func (m *model) relays() []*smtptest.Server {
	if m.spare == nil {
		return []*smtptest.Server{m.relay}
	}
	return []*smtptest.Server{m.relay, m.spare.Server}
}

// begin starts a sender that makes few rows at a time, unless one runs.
func (m *model) begin() {
	if m.sender != nil {
		return
	}
	life := &sending{done: make(chan error, 1)}
	s := m.house.sender()
	way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Dial: m.relay.Dial})
	m.must(err)
	s.Transport, s.Store, s.Groups, s.Canary = way, &modelStore{Store: m.Store, model: m, life: life}, m.groups, m.canary
	if m.spare != nil {
		spare, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Dial: m.spare.dial})
		m.must(err)
		s.Relays = []outbox.Relay{{Name: "north", Transport: way, Connections: 2, Share: 1}, {Name: "south", Transport: spare, Connections: 2, Share: m.chance.IntN(3)}}
	}
	ctx, cancel := context.WithCancel(m.t.Context())
	life.cancel = cancel
	go func() {
		_, err := s.Run(ctx)
		life.done <- err
	}()
	m.sender = life
}

// end stops the sender politely.
func (m *model) end() {
	if m.sender == nil {
		return
	}
	m.sender.cancel()
	m.must(<-m.sender.done)
	m.sender = nil
}

// kill ends the sender at this instant: nothing of it is written any more, and the wire is cut.
func (m *model) kill() {
	if m.sender == nil {
		return
	}
	m.mu.Lock()
	m.sender.dead = true
	m.mu.Unlock()
	for _, relay := range m.relays() {
		relay.Disconnect()
	}
	m.sender.cancel()
	if err := <-m.sender.done; !errors.Is(err, errDead) { // what a dead sender is told
		m.must(err)
	}
	m.sender = nil
}

// A modelStore stands between a sender and the store: it makes few rows at a time, ends with its sender, and sees each mark.
type modelStore struct {
	*sqlite.Store
	model *model
	life  *sending
}

func (s *modelStore) QueueNext(ctx context.Context, _ int, now time.Time) (more bool, err error) {
	err = s.commit(func() error { more, err = s.Store.QueueNext(ctx, 2, now); return err })
	return more, err
}

func (s *modelStore) Step(ctx context.Context, done []outbox.Settlement, begin []newsletter.Parcel, now time.Time) (refused []int64, err error) {
	err = s.commit(func() error {
		if refused, err = s.Store.Step(ctx, done, begin, now); err != nil {
			return err
		}
		for _, p := range begin {
			marked := true
			for _, id := range refused {
				marked = marked && id != p.Delivery
			}
			name := s.model.whose(p.Envelope.To)
			if marked && s.model.left[name] {
				s.model.t.Errorf("%s is written to after they left", name)
			}
			if marked && p.Envelope.To != s.model.at(name) {
				s.model.t.Errorf("%s is written to at %s, and has moved to %s", name, p.Envelope.To, s.model.at(name))
			}
		}
		return nil
	})
	return refused, err
}

func (s *modelStore) Finish(ctx context.Context) (n int, err error) {
	err = s.commit(func() error { n, err = s.Store.Finish(ctx); return err })
	return n, err
}

func (s *modelStore) commit(do func() error) error {
	s.model.mu.Lock()
	defer s.model.mu.Unlock()
	if s.life.dead {
		return errDead
	}
	if err := do(); err != nil {
		return err
	}
	s.model.balanced()
	return nil
}

// balanced fails the test unless each planned reader of each edition stands in one place.
func (m *model) balanced() {
	m.t.Helper()
	rows, err := m.ledger.QueryContext(m.t.Context(), `SELECT e.id, e.planned, e.left_before,
		(SELECT count(*) FROM subscriptions p WHERE e.state = 'queueing' AND p.newsletter_id = e.newsletter_id AND p.state = 'active'
			AND p.activated <= e.audience AND p.subscriber_id > e.cursor
			AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.edition_id = e.id AND d.subscriber_id = p.subscriber_id AND d.kind = 'edition')),
		coalesce(c.state, ''), count(c.id)
		FROM editions e LEFT JOIN deliveries c ON c.edition_id = e.id AND c.kind = 'edition' AND c.copy = 1 AND c.newcomer = 0 GROUP BY e.id, c.state`)
	m.must(err)
	defer func() { _ = rows.Close() }()
	type account struct {
		planned, left, unmade int
		made                  map[newsletter.DeliveryState]int
	}
	accounts := map[int64]account{}
	for rows.Next() {
		var edition int64
		var state newsletter.DeliveryState
		var a account
		var n int
		m.must(rows.Scan(&edition, &a.planned, &a.left, &a.unmade, &state, &n))
		if a.made = accounts[edition].made; a.made == nil {
			a.made = map[newsletter.DeliveryState]int{}
		}
		a.made[state] = n
		accounts[edition] = a
	}
	m.must(rows.Err())
	for edition, a := range accounts {
		sum := a.unmade + a.left
		for _, state := range newsletter.DeliveryStates() {
			sum += a.made[state]
		}
		if a.planned != sum {
			m.t.Errorf("edition %d: planned %d, but %d left before, %d are to be made, and there are %v", edition, a.planned, a.left, a.unmade, a.made)
		}
	}
}

// nobodyElse fails the test when an edition owes a copy to somebody who was not a reader at its approval, unless the operator
// asked for that.
func (m *model) nobodyElse() {
	m.t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	rows, err := m.ledger.QueryContext(m.t.Context(), `SELECT d.edition_id, b.address, d.newcomer FROM deliveries d JOIN subscribers b ON b.id = d.subscriber_id
		WHERE d.kind = 'edition' AND b.address IS NOT NULL`)
	m.must(err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var edition int64
		var to string
		var newcomer bool
		m.must(rows.Scan(&edition, &to, &newcomer))
		name := m.whose(to)
		if owed := slices.Contains(m.owed[edition], name); owed == newcomer || newcomer && !slices.Contains(m.asked[edition], name) {
			m.t.Errorf("edition %d owes %s a copy: a reader at its approval %t, taken for a newcomer %t, asked for %t",
				edition, name, owed, newcomer, slices.Contains(m.asked[edition], name))
		}
	}
	m.must(rows.Err())
}

// settle lets everything come to its end: a relay that is well, and no edition held.
func (m *model) settle() {
	m.mend()
	m.begin()
	for range 3 {
		for _, e := range m.editions {
			m.refusable(m.Pause(m.t.Context(), e.Ref(), false))
		}
		after(26 * time.Hour)
	}
	m.end()
	m.balanced()
	m.nobodyElse()
}

// verdict holds what the relay has against the ledger.
func (m *model) verdict() {
	copies := map[string]map[string]int{} // by reader and Message-ID
	for _, relay := range m.relays() {
		for _, l := range relay.Letters() {
			name := m.whose(l.To[0])
			if copies[name] == nil {
				copies[name] = map[string]int{}
			}
			copies[name][field(l, "Message-ID")]++
		}
	}
	for _, e := range m.editions {
		for _, name := range m.owed[e.ID] {
			m.judge(e, name, copies[name])
		}
	}
	m.strangers(copies)
	if n, err := m.OutboxCounts(m.t.Context()); err != nil || n[newsletter.Attempting]+n[newsletter.Queued]+n[newsletter.Deferred] > 0 {
		m.t.Errorf("in the end the outbox has %v, %v", n, err)
	}
}

// judge holds one reader's copies of an edition against what the ledger says of them. Of who was erased it says nothing.
func (m *model) judge(e newsletter.Edition, name string, copies map[string]int) {
	if m.erased[name] {
		return
	}
	told, err := m.Letters(m.t.Context(), m.address(name), 100)
	m.must(err)
	for _, d := range told {
		if d.Edition != e.ID {
			continue
		}
		at := copies[m.messageID(d.Delivery)]
		lost := 0 // tries that may have arrived though nobody knows
		for _, a := range d.Attempts {
			if a.State == newsletter.Unknown || a.Stage == newsletter.StageDot && a.State != newsletter.Sent {
				lost++
			}
		}
		switch {
		case at > 1+lost:
			m.t.Errorf("edition %d: %s has %d copies and the ledger explains %d: %s, %v", e.Number, name, at, 1+lost, d.State, d.Attempts)
		case d.State == newsletter.Sent && at == 0:
			m.t.Errorf("edition %d: %s was sent and has none", e.Number, name)
		case d.State != newsletter.Sent && at > lost:
			m.t.Errorf("edition %d: %s has %d copies and is %s: %v", e.Number, name, at, d.State, d.Attempts)
		}
		return
	}
	if !m.left[name] && !m.ended[e.ID] {
		m.t.Errorf("edition %d: %s was forgotten", e.Number, name)
	}
}

// strangers fails the test for a letter at the relay that the ledger does not owe its reader.
func (m *model) strangers(copies map[string]map[string]int) {
	for name, ids := range copies {
		if m.erased[name] {
			continue
		}
		told, err := m.Letters(m.t.Context(), m.address(name), 100)
		m.must(err)
		for _, d := range told {
			delete(ids, m.messageID(d.Delivery))
		}
		if len(ids) > 0 {
			m.t.Errorf("%s has letters that nobody owed them: %v", name, ids)
		}
	}
}

// messageID is the one that a delivery's letter has on every try.
func (m *model) messageID(d newsletter.Delivery) string {
	parcel, err := m.post.Compose(m.t.Context(), d, time.Now())
	m.must(err)
	return field(smtptest.Letter{Content: parcel.Content.Append(nil)}, "Message-ID")
}
