package subscription_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// memory is a store that keeps its promises in a map.
type memory struct {
	subscription.Store // what these tests do not come to; tests of it have a real one

	subscriptions map[int64]*newsletter.Subscription
	consents      map[int64][]newsletter.Consent
	suppressed    map[string]bool // by address.Key
	batches       []int           // sizes of the enrolments so far
	fail          error           // what Enrol answers instead, from batch failAfter on
	failAfter     int
}

func newMemory() *memory {
	return &memory{
		subscriptions: map[int64]*newsletter.Subscription{},
		consents:      map[int64][]newsletter.Consent{},
		suppressed:    map[string]bool{},
	}
}

func (m *memory) find(name string, who address.Address) *newsletter.Subscription {
	for _, s := range m.subscriptions {
		parsed, err := address.Parse(s.Subscriber.Address)
		if err == nil && parsed.Key() == who.Key() && (name == "" || s.Newsletter == name) {
			return s
		}
	}
	return nil
}

func (m *memory) Enrol(_ context.Context, name string, people []subscription.Person, consent newsletter.Consent) ([]subscription.Enrolment, error) {
	if m.fail != nil && len(m.batches) >= m.failAfter {
		return nil, m.fail
	}
	m.batches = append(m.batches, len(people))
	known := map[string]*newsletter.Subscription{}
	for _, s := range m.subscriptions {
		if who, err := address.Parse(s.Subscriber.Address); err == nil && s.Newsletter == name {
			known[who.Key()] = s
		}
	}
	var all []subscription.Enrolment
	for _, p := range people {
		outcome := subscription.Added
		s := known[p.Address.Key()]
		switch {
		case m.suppressed[p.Address.Key()]:
			outcome = subscription.Suppressed
		case p.Silence != "":
			m.suppressed[p.Address.Key()] = true
			outcome = subscription.Silenced
		case s != nil && s.State == newsletter.Unsubscribed:
			outcome = subscription.Left
		case s != nil && s.State != newsletter.Pending:
			outcome = subscription.AlreadyActive
		case s != nil:
			s.State = newsletter.Active
		default:
			s = m.add(name, p.Address.String(), newsletter.Active)
			s.Subscriber.Language = p.Language
			known[p.Address.Key()] = s
		}
		if outcome == subscription.Added {
			given := consent
			given.Source = p.SourceOf(consent)
			m.consents[s.ID] = append(m.consents[s.ID], given)
		}
		all = append(all, subscription.Enrolment{Address: p.Address.String(), Outcome: outcome})
	}
	return all, nil
}

// Foresee enrols in a copy.
func (m *memory) Foresee(ctx context.Context, name string, people []subscription.Person, consent newsletter.Consent) ([]subscription.Enrolment, error) {
	other := newMemory()
	for id, s := range m.subscriptions {
		same := *s
		other.subscriptions[id] = &same
	}
	maps.Copy(other.suppressed, m.suppressed)
	return other.Enrol(ctx, name, people, consent)
}

func (m *memory) add(name, who string, state newsletter.SubscriptionState) *newsletter.Subscription {
	id := int64(len(m.subscriptions) + 1)
	s := &newsletter.Subscription{ID: id, Newsletter: name, State: state, Subscriber: newsletter.Subscriber{ID: id, Address: who}}
	m.subscriptions[id] = s
	return s
}

func (m *memory) Subscriptions(_ context.Context, f subscription.Filter) ([]newsletter.Subscription, error) {
	var some []newsletter.Subscription
	for _, id := range slices.Sorted(maps.Keys(m.subscriptions)) {
		s := *m.subscriptions[id]
		if id > f.After && (f.State == "" || s.State == f.State) && len(some) < f.Limit {
			some = append(some, s)
		}
	}
	return some, nil
}

func (m *memory) CountSubscriptions(context.Context, string) (map[newsletter.SubscriptionState]int, error) {
	counts := map[newsletter.SubscriptionState]int{}
	for _, s := range m.subscriptions {
		counts[s.State]++
	}
	return counts, nil
}

func (m *memory) SubscriptionsOf(_ context.Context, a address.Address) ([]newsletter.Subscription, error) {
	if s := m.find("", a); s != nil {
		return []newsletter.Subscription{*s}, nil
	}
	return nil, newsletter.ErrNotFound
}

func (m *memory) Subscription(_ context.Context, id int64) (newsletter.Subscription, error) {
	if s := m.subscriptions[id]; s != nil {
		return *s, nil
	}
	return newsletter.Subscription{}, fmt.Errorf("subscription %d: %w", id, newsletter.ErrNotFound)
}

func (m *memory) Consents(_ context.Context, id int64) ([]newsletter.Consent, error) {
	return m.consents[id], nil
}

func (m *memory) Leave(_ context.Context, id int64, consent newsletter.Consent) (bool, error) {
	s := m.subscriptions[id]
	if s == nil {
		return false, newsletter.ErrNotFound
	}
	if s.State == newsletter.Unsubscribed {
		return false, nil
	}
	s.State = newsletter.Unsubscribed
	m.consents[id] = append(m.consents[id], consent)
	return true, nil
}
