package storetest

import (
	"errors"
	"testing"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

func enrolRespects(t *testing.T, b *bench) {
	subs := b.readers(2)
	b.leave(subs[0])
	b.must(b.Suppress(b.ctx, b.address("stop@lecteurs.example"), newsletter.SuppressedOperator, "asked by telephone", b.now))
	var people []subscription.Person
	for _, text := range []string{"R000@lecteurs.example", "r001@LECTEURS.example", "stop@lecteurs.example", "neuf@lecteurs.example", "neuf@lecteurs.example"} {
		people = append(people, subscription.Person{Address: b.address(text), Language: "fr"})
	}
	got, err := b.Enrol(b.ctx, "hebdo", people, b.consent(newsletter.ConsentConfirmed))
	b.must(err)
	want := []subscription.Outcome{subscription.Left, subscription.AlreadyActive, subscription.Suppressed, subscription.Added, subscription.AlreadyActive}
	for i := range want {
		if got[i].Outcome != want[i] {
			t.Errorf("%s is %s, want %s", got[i].Address, got[i].Outcome, want[i])
		}
	}
	counts, err := b.CountSubscriptions(b.ctx, "hebdo")
	b.must(err)
	if counts[newsletter.Active] != 2 || counts[newsletter.Unsubscribed] != 1 {
		t.Errorf("counts are %v", counts)
	}
	if counts, err := b.CountSubscriptions(b.ctx, "quotidien"); err != nil || len(counts) != 0 {
		t.Errorf("the other newsletter has readers: %v, %v", counts, err)
	}
}

func leaving(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	for i, want := range []bool{true, false} {
		changed, err := b.Leave(b.ctx, s.ID, b.consent(newsletter.ConsentWithdrawn))
		b.must(err)
		if changed != want {
			t.Errorf("leaving for the %d. time changes something: %v, want %v", i+1, changed, want)
		}
	}
	now, err := b.Subscription(b.ctx, s.ID)
	b.must(err)
	if now.State != newsletter.Unsubscribed || now.Epoch <= s.Epoch {
		t.Errorf("after leaving: %+v", now)
	}
	record, err := b.Consents(b.ctx, s.ID)
	b.must(err)
	if len(record) != 2 || record[0].Act != newsletter.ConsentConfirmed || record[1].Act != newsletter.ConsentWithdrawn || record[0].Source != "salon du livre" {
		t.Errorf("the record of consent is %+v", record)
	}
	if _, err := b.Leave(b.ctx, 999, b.consent(newsletter.ConsentWithdrawn)); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("leaving what is not there gives %v", err)
	}
}
