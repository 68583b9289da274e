package subscription_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

func hebdo() newsletter.Newsletter {
	return newsletter.Newsletter{Name: "hebdo", Title: "La lettre", Language: "fr"}
}

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// zeros is a source of keys for tests: keys need not be secret here.
type zeros byte

func (z zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(z)
	}
	return len(p), nil
}

func keys(t *testing.T, seed byte) *token.Keyring {
	t.Helper()
	ring, err := token.NewKeyring(zeros(seed))
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func open(t *testing.T) (*memory, *subscription.Register) {
	t.Helper()
	store := newMemory()
	return store, &subscription.Register{Store: store, Keys: keys(t, 1), Now: noon}
}

func TestAdd(t *testing.T) {
	for name, prepare := range map[string]struct {
		state      newsletter.SubscriptionState
		suppressed bool
		want       subscription.Outcome
	}{
		"a stranger":             {want: subscription.Added},
		"who asked":              {state: newsletter.Pending, want: subscription.Added},
		"a reader":               {state: newsletter.Active, want: subscription.AlreadyActive},
		"who paused":             {state: newsletter.Paused, want: subscription.AlreadyActive},
		"who left":               {state: newsletter.Unsubscribed, want: subscription.Left},
		"a suppressed stranger":  {suppressed: true, want: subscription.Suppressed},
		"a suppressed applicant": {state: newsletter.Pending, suppressed: true, want: subscription.Suppressed},
	} {
		t.Run(name, func(t *testing.T) {
			store, register := open(t)
			if prepare.state != "" {
				store.add("hebdo", "claire@lecteur.example", prepare.state)
			}
			store.suppressed["claire@lecteur.example"] = prepare.suppressed
			got, err := register.Add(t.Context(), hebdo(), " Claire@Lecteur.example", " salon du livre ")
			if err != nil {
				t.Fatal(err)
			}
			if want := (subscription.Enrolment{Address: "Claire@lecteur.example", Outcome: prepare.want}); got != want {
				t.Errorf("Add = %+v, want %+v", got, want)
			}
			wantConsents := []newsletter.Consent(nil)
			if prepare.want == subscription.Added {
				wantConsents = []newsletter.Consent{{Act: newsletter.ConsentConfirmed, At: noon(), Origin: "command", Source: "salon du livre"}}
			}
			if diff := cmp.Diff(wantConsents, store.consents[1]); diff != "" {
				t.Errorf("consents (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAddRefuses(t *testing.T) {
	for name, in := range map[string]struct{ address, source, says string }{
		"no address":      {"", "salon", "there is no address"},
		"a header in it":  {"a@b.example\r\nBcc: c@d.example", "salon", "line break"},
		"no source":       {"a@b.example", " \t", "source of the consent is missing"},
		"a source of two": {"a@b.example", "salon\nautre", "one line"},
		"a long source":   {"a@b.example", strings.Repeat("é", 501), "longer than 500"},
	} {
		t.Run(name, func(t *testing.T) {
			store, register := open(t)
			_, err := register.Add(t.Context(), hebdo(), in.address, in.source)
			if !errors.Is(err, newsletter.ErrInvalid) || !strings.Contains(err.Error(), in.says) {
				t.Errorf("Add = %v, want ErrInvalid saying %q", err, in.says)
			}
			if strings.Contains(err.Error(), "@b.example") {
				t.Errorf("the error repeats the address: %v", err)
			}
			if len(store.subscriptions) != 0 {
				t.Error("somebody was added all the same")
			}
		})
	}
}

func TestAllGoesThroughEveryStep(t *testing.T) {
	store, register := open(t)
	for range 5 {
		store.add("hebdo", "x@lecteur.example", newsletter.Active)
	}
	store.add("hebdo", "y@lecteur.example", newsletter.Unsubscribed)
	for _, limit := range []int{0, 1, 2, 3, 5, 6} {
		var got []int64
		for s, err := range register.All(t.Context(), subscription.Filter{State: newsletter.Active, Limit: limit}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, s.ID)
		}
		if diff := cmp.Diff([]int64{1, 2, 3, 4, 5}, got); diff != "" {
			t.Errorf("in steps of %d (-want +got):\n%s", limit, diff)
		}
	}
}

func TestShow(t *testing.T) {
	_, register := open(t)
	if _, err := register.Add(t.Context(), hebdo(), "Claire@lecteur.example", "salon"); err != nil {
		t.Fatal(err)
	}
	got, err := register.Show(t.Context(), "claire@LECTEUR.example")
	if err != nil || len(got) != 1 || len(got[0].Consents) != 1 || got[0].Subscription.State != newsletter.Active {
		t.Errorf("Show = %+v, %v; want one active subscription with its consent", got, err)
	}
	if _, err := register.Show(t.Context(), "paul@lecteur.example"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("Show(unknown) = %v, want ErrNotFound", err)
	}
	if _, err := register.Show(t.Context(), "paul"); !errors.Is(err, newsletter.ErrInvalid) {
		t.Errorf("Show(no address) = %v, want ErrInvalid", err)
	}
}
