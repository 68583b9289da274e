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

// person is somebody of a list.
func (b *bench) person(text string, silence newsletter.SuppressionKind) subscription.Person {
	return subscription.Person{Address: b.address(text), Language: "fr", Silence: silence, Elsewhere: subscription.Unsubscribed, Proof: "opted in 2020"}
}

func (b *bench) wantOutcomes(got []subscription.Enrolment, err error, want ...subscription.Outcome) {
	b.t.Helper()
	b.must(err)
	for i := range want {
		if len(got) != len(want) || got[i].Outcome != want[i] {
			b.t.Fatalf("outcomes are %v, want %v", got, want)
		}
	}
}

func enrolSilences(t *testing.T, b *bench) {
	own := b.consent(newsletter.ConsentConfirmed)
	own.Origin = newsletter.OriginPage
	_, err := b.Enrol(b.ctx, "hebdo", []subscription.Person{b.person("own@lecteurs.example", ""), b.person("spam@lecteurs.example", "")}, own)
	b.must(err)
	b.readers(1)
	got, err := b.Enrol(b.ctx, "hebdo", []subscription.Person{
		b.person("own@lecteurs.example", newsletter.SuppressedRequest),
		b.person("spam@lecteurs.example", newsletter.SuppressedComplaint),
		b.person("r000@lecteurs.example", newsletter.SuppressedHardBounce),
		b.person("neuf@lecteurs.example", newsletter.SuppressedRequest),
		b.person("NEUF@lecteurs.example", newsletter.SuppressedHardBounce),
		b.person("neuf@lecteurs.example", ""),
	}, b.consent(newsletter.ConsentConfirmed))
	b.wantOutcomes(got, err, subscription.Kept, subscription.Silenced, subscription.Silenced, subscription.Silenced, subscription.Suppressed, subscription.Suppressed)
	for who, kind := range map[string]newsletter.SuppressionKind{
		"spam@lecteurs.example": newsletter.SuppressedComplaint, "r000@lecteurs.example": newsletter.SuppressedHardBounce, "neuf@lecteurs.example": newsletter.SuppressedRequest,
	} {
		if s, err := b.Suppression(b.ctx, b.address(who)); err != nil || s.Kind != kind {
			t.Errorf("%s is suppressed as %q, %v; want %s", who, s.Kind, err, kind)
		}
	}
	subs, err := b.SubscriptionsOf(b.ctx, b.address("own@lecteurs.example"))
	b.must(err)
	record, err := b.Consents(b.ctx, subs[0].ID)
	b.must(err)
	if len(record) != 1 || record[0].Source != "salon du livre; opted in 2020" {
		t.Errorf("the record of consent is %+v", record)
	}
}

func foreseeing(t *testing.T, b *bench) {
	b.leave(b.readers(2)[0])
	people := []subscription.Person{
		b.person("r000@lecteurs.example", ""), b.person("r001@lecteurs.example", ""), b.person("neuf@lecteurs.example", ""),
		b.person("Neuf@lecteurs.example", ""), b.person("non@lecteurs.example", newsletter.SuppressedRequest),
	}
	want := []subscription.Outcome{subscription.Left, subscription.AlreadyActive, subscription.Added, subscription.AlreadyActive, subscription.Silenced}
	for range 2 {
		got, err := b.Foresee(b.ctx, "hebdo", people, b.consent(newsletter.ConsentConfirmed))
		b.wantOutcomes(got, err, want...)
	}
	got, err := b.Enrol(b.ctx, "hebdo", people, b.consent(newsletter.ConsentConfirmed))
	b.wantOutcomes(got, err, want...)
	if _, err := b.Foresee(b.ctx, "nulle", people, newsletter.Consent{}); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a newsletter that is not there gives %v", err)
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
