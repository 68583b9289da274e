package outbox_test

import (
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

// A storm of sign-ups while the rows of a large edition are made and its letters leave: each is recorded, its confirmation
// goes ahead of thousands of copies, and the copies are made once, for those who were readers before.
func TestRun_ASignUpStorm(t *testing.T) {
	const readers, bursts, burst = 10_000, 20, 25
	inHouse(t, smtptest.Script{}, func(h *house) {
		h.readersAt(readers, "lecteurs.example")
		text := h.confirmation()
		e := h.publish()
		s := h.sender()
		s.Pace, s.Log = newsletter.Pace{Minute: 4000}, slog.New(slog.DiscardHandler)
		stop := h.start(s)
		asked := map[string]time.Time{} // by address
		for i := range bursts {
			var all sync.WaitGroup
			for j := range burst {
				who := fmt.Sprintf("nouvelle-%d-%d@lecteurs.example", i, j)
				asked[who] = time.Now()
				all.Go(func() { h.signUp(who, text) })
			}
			all.Wait()
			after(time.Duration(i%3) * 1777 * time.Millisecond)
		}
		if n := len(h.relay.Letters()); n > readers/2 {
			t.Fatalf("the edition is through with %d letters before the storm is over", n)
		}
		after(3 * time.Minute)
		h.must(stop())

		copies := map[string]int{}
		for _, l := range h.relay.Letters() {
			copies[l.To[0]]++
			if at, newcomer := asked[l.To[0]]; newcomer && l.At.Sub(at) > 2*time.Second {
				t.Errorf("a confirmation took %s", l.At.Sub(at))
			}
		}
		for who := range asked {
			subs, err := h.SubscriptionsOf(h.t.Context(), h.parsed(who))
			if err != nil || len(subs) != 1 || subs[0].State != newsletter.Pending || copies[who] != 1 {
				t.Errorf("%s: %+v, %v; %d letters", who, subs, err, copies[who])
			}
		}
		for i := range readers {
			if who := fmt.Sprintf("r%03d@lecteurs.example", i); copies[who] != 1 {
				t.Errorf("%s has %d copies", who, copies[who])
			}
		}
		e, err := h.EditionByID(h.t.Context(), e.ID)
		h.must(err)
		counted, err := h.EditionCounts(h.t.Context(), e.ID)
		h.must(err)
		counts := outbox.ByState(counted, false)
		if e.Planned != readers || e.State != newsletter.EditionDone || len(counts) != 1 || counts[newsletter.Sent] != readers {
			t.Errorf("the edition is %s, planned for %d: %v", e.State, e.Planned, counts)
		}
	})
}

// confirmation keeps the text of the letter that asks for a confirmation.
func (h *house) confirmation() (variant int64) {
	h.t.Helper()
	link := "https://lettre.pandia.example/c/" + token.Placeholder(token.Confirm)
	variant, err := h.FreezeLetter(h.t.Context(), newsletter.Variant{Key: "confirm", Kind: newsletter.KindLetter, Subject: "Confirmez", HTML: "<p>" + link + "</p>", Text: link})
	h.must(err)
	return variant
}

// signUp is a form that somebody sent off.
func (h *house) signUp(who string, text int64) {
	now := time.Now()
	_, err := h.SignUp(h.t.Context(), subscription.Asking{
		Spending: subscription.Spending{Nonce: []byte(who), Until: now.Add(time.Hour)}, Person: subscription.Person{Address: h.parsed(who), Language: "fr"},
		Newsletters: []string{"hebdo"}, Due: now, Worked: true,
		Consent: newsletter.Consent{Act: newsletter.ConsentRequested, At: now, Origin: newsletter.OriginPage, Wording: newsletter.NewWording("fr", "Oui.")},
		Letters: subscription.Letters{
			Text: func(newsletter.LetterKind, []string) (int64, bool) { return text, true },
			Limit: func(kind newsletter.LetterKind) admission.Limit {
				return admission.Limit{Key: []byte(string(kind) + " to " + who), Times: 3, Per: 30 * 24 * time.Hour, Gap: 24 * time.Hour}
			},
		},
	})
	if err != nil {
		h.t.Errorf("sign up: %v", err)
	}
}
