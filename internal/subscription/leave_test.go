package subscription_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

func link(ring *token.Keyring, purpose token.Purpose, id int64, epoch uint32) string {
	return ring.Sign(token.Token{Purpose: purpose, Subscription: id, Epoch: epoch, Time: noon()})
}

func TestLookChangesNothingAndLeaveIsDoneOnce(t *testing.T) {
	store, register := open(t)
	s := store.add("hebdo", "claire@lecteur.example", newsletter.Active)
	s.Epoch = 7
	text := link(register.Keys, token.Leave, s.ID, 2) // from an old letter

	for range 2 {
		got, err := register.Look(t.Context(), text)
		if want := (subscription.Standing{Newsletter: "hebdo", State: newsletter.Active}); err != nil || got != want {
			t.Fatalf("Look = %+v, %v; want %+v", got, err, want)
		}
	}
	for _, undo := range []bool{true, false} {
		got, err := register.Leave(t.Context(), text, newsletter.OriginOneClick)
		if (got.Undo != "") != undo {
			t.Errorf("undo is offered: %q; want it in the answer to the first leave only", got.Undo)
		}
		got.Undo = ""
		if want := (subscription.Standing{Newsletter: "hebdo", State: newsletter.Unsubscribed}); err != nil || got != want {
			t.Fatalf("Leave = %+v, %v; want %+v", got, err, want)
		}
	}
	want := []newsletter.Consent{{Act: newsletter.ConsentWithdrawn, At: noon(), Origin: "one-click"}}
	if diff := cmp.Diff(want, store.consents[s.ID]); diff != "" {
		t.Errorf("record of consent (-want +got):\n%s", diff)
	}
}

func TestLeaveFromEveryState(t *testing.T) {
	for _, state := range []newsletter.SubscriptionState{newsletter.Pending, newsletter.Active, newsletter.Paused, newsletter.Unsubscribed} {
		store, register := open(t)
		s := store.add("hebdo", "claire@lecteur.example", state)
		if _, err := register.Leave(t.Context(), link(register.Keys, token.Leave, s.ID, 0), newsletter.OriginLetter); err != nil {
			t.Errorf("Leave(%s) = %v", state, err)
		}
		if s.State != newsletter.Unsubscribed {
			t.Errorf("Leave(%s) leaves it %s", state, s.State)
		}
	}
}

func TestLinkOfAProofIsNobodys(t *testing.T) {
	store, register := open(t)
	store.add("hebdo", "claire@lecteur.example", newsletter.Active)
	got, err := register.Leave(t.Context(), link(register.Keys, token.Leave, 0, 0), newsletter.OriginLetter)
	if want := (subscription.Standing{Proof: true}); err != nil || got != want {
		t.Errorf("Leave = %+v, %v; want %+v", got, err, want)
	}
	if store.subscriptions[1].State != newsletter.Active {
		t.Error("the link of a proof unsubscribed somebody")
	}
}

func TestLinkOfWhoIsNoLongerOnRecord(t *testing.T) {
	_, register := open(t)
	text := link(register.Keys, token.Leave, 99, 0)
	look, err := register.Look(t.Context(), text)
	if err != nil || !look.Gone() {
		t.Errorf("Look = %+v, %v; want gone", look, err)
	}
	left, err := register.Leave(t.Context(), text, newsletter.OriginOneClick)
	if err != nil || !left.Gone() {
		t.Errorf("Leave = %+v, %v; want gone", left, err)
	}
}

func TestLinksThatAreNotOurs(t *testing.T) {
	store, register := open(t)
	s := store.add("hebdo", "claire@lecteur.example", newsletter.Active)
	good := link(register.Keys, token.Leave, s.ID, 0)
	for name, text := range map[string]string{
		"nothing":         "",
		"cut":             good[:len(good)-1],
		"another key's":   link(keys(t, 2), token.Leave, s.ID, 0),
		"another purpose": link(register.Keys, token.Confirm, s.ID, 0),
	} {
		if _, err := register.Look(t.Context(), text); !errors.Is(err, newsletter.ErrNotFound) {
			t.Errorf("Look(%s) = %v, want ErrNotFound", name, err)
		}
		if _, err := register.Leave(t.Context(), text, newsletter.OriginOneClick); !errors.Is(err, newsletter.ErrNotFound) {
			t.Errorf("Leave(%s) = %v, want ErrNotFound", name, err)
		}
	}
	if s.State != newsletter.Active {
		t.Error("a link that is not ours unsubscribed somebody")
	}
}
