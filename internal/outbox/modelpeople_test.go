package outbox_test

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

// at is the address of a reader now.
func (m *model) at(name string) string { return cmp.Or(m.moved[name], mail(name)) }

func (m *model) address(name string) address.Address { return m.parsed(m.at(name)) }

// whose an address is, or was.
func (m *model) whose(to string) string {
	name, _, _ := strings.Cut(to, "@")
	return strings.TrimSuffix(name, newPlace)
}

// newPlace ends the name in the address to which a reader moves.
const newPlace = "-neuf"

func (m *model) join(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range n {
		name := fmt.Sprintf("r%02d", len(m.readers))
		m.readers = append(m.readers, name)
		m.house.readers(name)
	}
}

// imports enrols a list: people who are new, one of them twice, and people of any standing.
func (m *model) imports() {
	m.mu.Lock()
	defer m.mu.Unlock()
	var people []subscription.Person
	add := func(name string) {
		people = append(people, subscription.Person{Address: m.address(name), Language: "fr"})
	}
	for range 1 + m.chance.IntN(3) {
		add(m.readers[m.chance.IntN(len(m.readers))])
	}
	known := len(m.readers)
	for range 1 + m.chance.IntN(4) {
		name := fmt.Sprintf("r%02d", len(m.readers))
		m.readers = append(m.readers, name)
		add(name)
	}
	add(m.readers[known])
	enrolled, err := m.Enrol(m.t.Context(), "hebdo", people, newsletter.Consent{Act: newsletter.ConsentConfirmed, At: time.Now(), Origin: "import", Source: "list"})
	m.must(err)
	added := 0
	for _, e := range enrolled {
		if e.Outcome == subscription.Added {
			added++
		}
	}
	if added != len(m.readers)-known {
		m.t.Errorf("%d were added, want %d: %v", added, len(m.readers)-known, enrolled)
	}
}

func (m *model) leave() {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := m.anyReader()
	if m.erased[name] {
		return
	}
	subs, err := m.SubscriptionsOf(m.t.Context(), m.address(name))
	m.must(err)
	_, err = m.Leave(m.t.Context(), subs[0].ID, newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: time.Now()})
	m.must(err)
	m.left[name] = true
}

// anyReader is often the one whose letter went wrong last: what they do then falls between its listing, its mark and its end.
func (m *model) anyReader() string {
	if m.troubled != "" && m.chance.IntN(2) == 0 {
		return m.troubled
	}
	return m.readers[m.chance.IntN(len(m.readers))]
}

// erase has a reader erased, who may have left before.
func (m *model) erase() {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := m.anyReader()
	if m.erased[name] {
		return
	}
	erased, err := m.Erase(m.t.Context(), subscription.Erasure{
		Address: m.address(name), Withdrawal: newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: time.Now(), Origin: newsletter.OriginCommand},
	})
	m.must(err)
	if !erased.Done {
		m.t.Errorf("%s was not erased: %+v", name, erased)
	}
	m.left[name], m.erased[name] = true, true
}

// move has a reader ask for another address, once, and confirm it at once.
func (m *model) move() {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := m.anyReader()
	if m.left[name] || m.moved[name] != "" {
		return
	}
	subs, err := m.SubscriptionsOf(m.t.Context(), m.address(name))
	m.must(err)
	link := "https://lettre.example/a/" + token.Placeholder(token.Move)
	variant, err := m.FreezeLetter(m.t.Context(), newsletter.Variant{Key: "move hebdo", Kind: newsletter.KindLetter, Subject: "Votre adresse", Text: link + "\n", HTML: "<p>" + link + "</p>"})
	m.must(err)
	to := mail(name + newPlace)
	often := func(of string) admission.Limit {
		return admission.Limit{Key: []byte(of + to), Times: 3600, Per: time.Hour}
	}
	opened, err := m.OpenMove(m.t.Context(), subscription.Handle{Subscription: subs[0].ID, Epoch: subs[0].Epoch},
		subscription.NewAddress{Address: m.parsed(to), Variant: variant, Asking: often("asking "), Mailbox: often("writing "), At: time.Now()})
	m.must(err)
	told, err := m.Letters(m.t.Context(), m.parsed(to), 1)
	m.must(err)
	if !opened || len(told) != 1 {
		m.t.Fatalf("%s cannot move: %v, %+v", name, opened, told)
	}
	_, err = m.Move(m.t.Context(), told[0].Move, newsletter.Consent{Act: newsletter.ConsentConfirmed, At: time.Now(), Origin: newsletter.OriginMove})
	m.must(err)
	m.moved[name] = to
}
