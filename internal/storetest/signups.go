package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// letters makes texts of single letters as they are asked for, and limits that are an address's own.
func (b *bench) lettersTo(who string) subscription.Letters {
	b.t.Helper()
	return subscription.Letters{
		Text: func(kind newsletter.LetterKind, about []string) (int64, bool) {
			id, ok := b.texts[fmt.Sprint(kind, about)]
			return id, ok
		},
		Limit: func(kind newsletter.LetterKind) admission.Limit { return letterLimit(kind, who) },
	}
}

func letterLimit(kind newsletter.LetterKind, who string) admission.Limit {
	return admission.Limit{Key: []byte(string(kind) + " to " + who), Times: 3, Per: 30 * 24 * time.Hour, Gap: 24 * time.Hour}
}

// confirmLimit is that of the letters that are held back.
func confirmLimit(who address.Address) admission.Limit {
	return letterLimit(newsletter.LetterConfirm, who.String())
}

// writing does a step again as long as it asks for a text.
func (b *bench) writing(step func() error) {
	b.t.Helper()
	for {
		err := step()
		missing, ok := errors.AsType[*subscription.Unwritten](err)
		if !ok {
			b.must(err)
			return
		}
		key := fmt.Sprint(missing.Kind, missing.About)
		id, err := b.FreezeLetter(b.ctx, newsletter.Variant{Key: key, Kind: newsletter.KindLetter, Subject: key, HTML: "<p>…</p>", Text: "…"})
		b.must(err)
		if b.texts == nil {
			b.texts = map[string]int64{}
		}
		b.texts[key] = id
	}
}

// asking is a form of its own, of now.
func (b *bench) asking(who string, newsletters ...string) subscription.Asking {
	b.forms++
	return subscription.Asking{
		Spending:    subscription.Spending{Nonce: fmt.Appendf(nil, "form %d", b.forms), Until: b.now.Add(24 * time.Hour)},
		Person:      subscription.Person{Address: b.address(who), Language: "fr"},
		Newsletters: newsletters,
		Consent: newsletter.Consent{
			Act: newsletter.ConsentRequested, At: b.now, Origin: newsletter.OriginPage, Network: "203.0.113.0/24", Wording: newsletter.NewWording("fr", "Oui."),
		},
		Due: b.now, Worked: true, Letters: b.lettersTo(who),
	}
}

func (b *bench) signUp(a subscription.Asking) subscription.Admission {
	b.t.Helper()
	var got subscription.Admission
	b.writing(func() (err error) {
		got, err = b.SignUp(b.ctx, a)
		return err
	})
	return got
}

func (b *bench) standing(who, name string) newsletter.Subscription {
	b.t.Helper()
	all, err := b.SubscriptionsOf(b.ctx, b.address(who))
	b.must(err)
	i := slices.IndexFunc(all, func(s newsletter.Subscription) bool { return s.Newsletter == name })
	if i < 0 {
		b.t.Fatalf("%s does not stand in %s", who, name)
	}
	return all[i]
}

// confirm presses the button of the latest letter.
func (b *bench) confirm(who, name string) (done bool) {
	b.t.Helper()
	s := b.standing(who, name)
	b.writing(func() (err error) {
		_, done, err = b.ConfirmRequest(b.ctx, subscription.Confirmation{
			Subscription: s.ID, Epoch: s.Epoch, Letter: b.now, Letters: b.lettersTo(who),
			Consent: newsletter.Consent{Act: newsletter.ConsentConfirmed, At: b.now, Origin: newsletter.OriginLetter},
		})
		return err
	})
	return done
}

// wantLetters compares what an address was ever owed, the latest first.
func (b *bench) wantLetters(who string, want ...string) {
	b.t.Helper()
	told, err := b.Letters(b.ctx, b.address(who), 100)
	b.must(err)
	var got []string
	for _, d := range told {
		got = append(got, fmt.Sprintf("%s %s %s", d.Subject, d.State, d.Reason))
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("letters of %s: %q, want %q", who, got, want)
	}
}

func signingUp(t *testing.T, b *bench) {
	if got := b.signUp(b.asking("lea@lecteurs.example", "hebdo", "quotidien")); got != subscription.Admitted {
		t.Errorf("admission: %s", got)
	}
	b.wantLetters("lea@lecteurs.example", "confirm[hebdo quotidien] queued ")
	for _, name := range []string{"hebdo", "quotidien"} {
		s := b.standing("lea@lecteurs.example", name)
		record, err := b.Consents(b.ctx, s.ID)
		b.must(err)
		if s.State != newsletter.Pending || len(record) != 1 || record[0].Wording.Text != "Oui." || record[0].Network != "203.0.113.0/24" {
			t.Errorf("%s is %s on %+v", name, s.State, record)
		}
	}
	request, err := b.Request(b.ctx, b.standing("lea@lecteurs.example", "quotidien").ID, b.now)
	if err != nil || !slices.Equal(request.Newsletters, []string{"hebdo", "quotidien"}) || request.Suppression.Kind != "" {
		t.Errorf("the request is %+v, %v", request, err)
	}
	if _, err := b.Request(b.ctx, 999, b.now); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the request of nobody: %v", err)
	}
	hold, err := b.Holding(b.ctx, b.now)
	if err != nil || hold.State != subscription.HoldNothing || hold.Traffic.Recent != 1 {
		t.Errorf("the traffic is %+v, %v", hold, err)
	}
}

func refusing(t *testing.T, b *bench) {
	limit := admission.Limit{Key: []byte("everybody"), Times: 1, Per: time.Hour}
	first := b.asking("lea@lecteurs.example", "hebdo")
	first.Limits = []admission.Limit{limit}
	second := b.asking("noe@lecteurs.example", "hebdo")
	second.Limits = []admission.Limit{{Key: []byte("client"), Times: 9, Per: time.Hour}, limit}
	again := b.asking("zoe@lecteurs.example", "hebdo")
	again.Spending = first.Spending
	for i, step := range []struct {
		asking subscription.Asking
		want   subscription.Admission
	}{{first, subscription.Admitted}, {second, subscription.Beyond}, {again, subscription.Spent}, {second, subscription.Beyond}} {
		if got := b.signUp(step.asking); got != step.want {
			t.Errorf("form %d: %s, want %s", i+1, got, step.want)
		}
	}
	if all, err := b.Subscriptions(b.ctx, subscription.Filter{}); err != nil || len(all) != 1 {
		t.Errorf("%d subscriptions, %v", len(all), err)
	}
	b.later(time.Hour)
	second.Consent.At = b.now
	if got := b.signUp(second); got != subscription.Admitted {
		t.Errorf("an hour later: %s", got)
	}
}

func unwritten(t *testing.T, b *bench) {
	a := b.asking("lea@lecteurs.example", "hebdo")
	_, err := b.SignUp(b.ctx, a)
	if missing, ok := errors.AsType[*subscription.Unwritten](err); !ok || missing.Kind != newsletter.LetterConfirm || !slices.Equal(missing.About, []string{"hebdo"}) {
		t.Errorf("missing is %v", err)
	}
	if all, err := b.Subscriptions(b.ctx, subscription.Filter{}); err != nil || len(all) != 0 {
		t.Errorf("%d subscriptions, %v", len(all), err)
	}
	if got := b.signUp(a); got != subscription.Admitted {
		t.Errorf("the same form with its text: %s", got)
	}
}

func confirming(t *testing.T, b *bench) {
	const who = "lea@lecteurs.example"
	b.must(b.Suppress(b.ctx, b.address(who), newsletter.SuppressedRequest, "", b.now))
	b.signUp(b.asking(who, "hebdo", "quotidien"))
	old := b.standing(who, "hebdo")
	if !b.confirm(who, "hebdo") {
		t.Error("the button does nothing")
	}
	for _, name := range []string{"hebdo", "quotidien"} {
		if s := b.standing(who, name); s.State != newsletter.Active || s.Epoch <= old.Epoch || !s.Confirmed.Equal(b.now) {
			t.Errorf("%s is %+v", name, s)
		}
	}
	if _, err := b.Suppression(b.ctx, b.address(who)); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("silent still: %v", err)
	}
	if b.confirm(who, "hebdo") {
		t.Error("the button works twice")
	}
	_, done, err := b.ConfirmRequest(b.ctx, subscription.Confirmation{Subscription: old.ID, Epoch: old.Epoch, Letters: b.lettersTo(who)})
	if err != nil || done {
		t.Errorf("an old link: %v, %v", done, err)
	}
	b.wantLetters(who, "welcome[hebdo quotidien] queued ", "confirm[hebdo quotidien] queued ")
	if _, done, err := b.ConfirmRequest(b.ctx, subscription.Confirmation{Subscription: 999, Epoch: 1}); err != nil || done {
		t.Errorf("a request of nobody: %v, %v", done, err)
	}
}

func confirmingWhatTheLetterNames(t *testing.T, b *bench) {
	const who = "lea@lecteurs.example"
	b.signUp(b.asking(who, "hebdo"))
	b.later(time.Minute)
	b.signUp(b.asking(who, "hebdo", "quotidien")) // its letter is withheld: one a day
	b.wantLetters(who, "confirm[hebdo quotidien] cancelled limited", "confirm[hebdo] queued ")
	request, err := b.Request(b.ctx, b.standing(who, "hebdo").ID, b.now)
	if err != nil || !slices.Equal(request.Newsletters, []string{"hebdo"}) {
		t.Errorf("the request is %+v, %v", request, err)
	}
	if !b.confirm(who, "hebdo") || b.standing(who, "quotidien").State != newsletter.Pending {
		t.Errorf("confirmed with it: %+v", b.standing(who, "quotidien"))
	}
}

func waitingAfterLeave(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	b.leave(s)
	b.signUp(b.asking(s.Subscriber.Address, "hebdo"))
	got, err := b.Enrol(b.ctx, "hebdo", []subscription.Person{{Address: b.address(s.Subscriber.Address)}}, b.consent(newsletter.ConsentConfirmed))
	b.must(err)
	if got[0].Outcome != subscription.Left || b.standing(s.Subscriber.Address, "hebdo").State != newsletter.Pending {
		t.Errorf("outcome %s", got[0].Outcome)
	}
	if !b.confirm(s.Subscriber.Address, "hebdo") {
		t.Error("the person's own button does nothing")
	}
}

func reminding(t *testing.T, b *bench) {
	const who = "lea@lecteurs.example"
	b.signUp(b.asking(who, "hebdo", "quotidien"))
	unreminded := func() int {
		some, err := b.Unreminded(b.ctx, b.now.Add(-48*time.Hour), 0, 10)
		b.must(err)
		return len(some)
	}
	b.later(48 * time.Hour)
	if n := unreminded(); n != 0 {
		t.Errorf("%d are to be reminded of a letter that did not leave", n)
	}
	b.send(b.due()...)
	if n := unreminded(); n != 1 {
		t.Errorf("%d are to be reminded, want one request", n)
	}
	s := b.standing(who, "hebdo")
	b.writing(func() error {
		return b.Remind(b.ctx, subscription.Renewal{Subscription: s.ID, Now: b.now, Letters: b.lettersTo(who)})
	})
	if n := unreminded(); n != 0 {
		t.Errorf("%d are to be reminded again", n)
	}
	b.wantLetters(who, "remind[hebdo quotidien] queued ", "confirm[hebdo quotidien] sent ")
	b.confirm(who, "hebdo")
	if err := b.Remind(b.ctx, subscription.Renewal{Subscription: s.ID, Now: b.now, Letters: b.lettersTo(who)}); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("who confirmed is reminded: %v", err)
	}
	n := subscription.Renewal{Spending: subscription.Spending{Nonce: []byte("page"), Until: b.now}, Subscription: s.ID, Now: b.now, Letters: b.lettersTo(who)}
	if _, err := b.RenewRequest(b.ctx, n); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("who confirmed gets a letter once more: %v", err)
	}
}

func forgetting(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	b.leave(s)
	b.later(time.Hour)
	b.signUp(b.asking(s.Subscriber.Address, "hebdo", "quotidien"))
	b.signUp(b.asking("lea@lecteurs.example", "hebdo"))
	b.signUp(b.asking("noe@lecteurs.example", "hebdo"))
	theirs, wire := b.due()[1], b.due()[2]
	b.mark(wire)
	if more, err := b.PurgePending(b.ctx, b.now.Add(-time.Minute), 10); err != nil || more {
		t.Errorf("too early: %v, %v", more, err)
	}
	if files, err := b.FilesDue(b.ctx); err != nil || len(files) != 0 {
		t.Errorf("too early, files are due of %v, %v", files, err)
	}
	for more := true; more; {
		var err error
		more, err = b.PurgePending(b.ctx, b.now, 1)
		b.must(err)
	}
	if files, err := b.FilesDue(b.ctx); err != nil || !slices.Equal(files, []int64{theirs.ID}) {
		t.Errorf("files are due of %v, %v; want %d", files, err, theirs.ID)
	}
	if _, err := b.SubscriptionsOf(b.ctx, b.address("lea@lecteurs.example")); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a stranger is known still: %v", err)
	}
	if got := b.standing("noe@lecteurs.example", "hebdo"); got.State != newsletter.Pending {
		t.Errorf("whose letter is on the wire: %+v", got)
	}
	all, err := b.SubscriptionsOf(b.ctx, b.address(s.Subscriber.Address))
	b.must(err)
	if len(all) != 1 || all[0].State != newsletter.Unsubscribed || !all[0].Since.Before(b.now) {
		t.Errorf("who left stands as %+v", all)
	}
	record, err := b.Consents(b.ctx, s.ID)
	if err != nil || len(record) != 3 {
		t.Errorf("their history is %+v, %v", record, err)
	}
}

func holding(t *testing.T, b *bench) {
	b.signUp(b.asking("before@lecteurs.example", "hebdo"))
	changed, err := b.SetHolding(b.ctx, subscription.HoldNothing, subscription.HoldAttack, b.now, "hebdo", &newsletter.Notice{To: "op@pandia.example", Subject: "s", Text: "t"})
	if err != nil || !changed {
		t.Errorf("holding: %v, %v", changed, err)
	}
	if changed, err := b.SetHolding(b.ctx, subscription.HoldNothing, subscription.HoldAttack, b.now, "hebdo", &newsletter.Notice{To: "op@pandia.example"}); err != nil || changed {
		t.Errorf("holding twice: %v, %v", changed, err)
	}
	lazy, flooded := b.asking("lazy@lecteurs.example", "hebdo"), b.asking("lea@lecteurs.example", "hebdo")
	lazy.Worked, flooded.Hold.All = false, true
	keeps := func(want bool) {
		t.Helper()
		if h, err := b.Holding(b.ctx, b.now); err != nil || h.Keeps != want {
			t.Errorf("keeps letters of those who did the work: %v, want %v; %v", h.Keeps, want, err)
		}
	}
	b.signUp(lazy)
	keeps(false)
	b.signUp(flooded)
	keeps(true)
	if due := b.due(); len(due) != 2 || due[0].Address != "before@lecteurs.example" || due[1].Kind != newsletter.KindNotice {
		t.Errorf("due: %+v", due)
	}
	counts, err := b.SignUpCounts(b.ctx, b.now)
	if err != nil || counts.Held != 2 || counts.Doubted != 1 || counts.Pending != 3 {
		t.Errorf("counts: %+v, %v", counts, err)
	}
	if n, err := b.CountHeld(b.ctx); err != nil || n != 2 {
		t.Errorf("%d letters are held back, %v", n, err)
	}
	_, err = b.SetHolding(b.ctx, subscription.HoldAttack, subscription.HoldNothing, b.now, "", nil)
	b.must(err)
	if n, err := b.Release(b.ctx, false, b.now, 10); err != nil || n != 1 {
		t.Errorf("after it %d letters go by themselves, %v", n, err)
	}
	keeps(false)
	if n, err := b.Release(b.ctx, true, b.now, 10); err != nil || n != 1 {
		t.Errorf("the operator lets %d go, %v", n, err)
	}
	if due := b.due(); len(due) != 4 {
		t.Errorf("due: %+v", due)
	}
	_, err = b.SetHolding(b.ctx, subscription.HoldNothing, subscription.HoldOperator, b.now, "", nil)
	b.must(err)
	if n, err := b.Release(b.ctx, false, b.now, 10); err != nil || n != 0 {
		t.Errorf("against the operator's word %d letters go by themselves, %v", n, err)
	}
	if n, err := b.Discard(b.ctx, confirmLimit, 10); err != nil || n != 3 {
		t.Errorf("%d letters are thrown away, %v", n, err)
	}
	b.wantLetters("lea@lecteurs.example", "confirm[hebdo] cancelled operator")
	for i, want := range []string{"queued ", "cancelled limited"} { // asked for again on the same day, twice
		_, err = b.SetHolding(b.ctx, subscription.HoldOperator, subscription.HoldNothing, b.now, "", nil)
		b.must(err)
		b.signUp(b.asking("lea@lecteurs.example", "hebdo"))
		told, err := b.Letters(b.ctx, b.address("lea@lecteurs.example"), 1)
		b.must(err)
		if got := fmt.Sprintf("%s %s", told[0].State, told[0].Reason); got != want {
			t.Errorf("letter %d after the others were thrown away is %s, want %s", i+1, got, want)
		}
	}
}

func linking(t *testing.T, b *bench) {
	s := b.readers(1)[0]
	for _, who := range []string{s.Subscriber.Address, "nobody@lecteurs.example"} {
		b.writing(func() error {
			got, err := b.AskLink(b.ctx, b.asking(who, "hebdo", "quotidien"))
			if err == nil && got != subscription.Admitted {
				t.Errorf("admission of %s: %s", who, got)
			}
			return err
		})
	}
	if due := b.due(); len(due) != 1 || due[0].Letter != newsletter.LetterLink || due[0].Subscription != s.ID {
		t.Errorf("due: %+v", due)
	}
	all := func() (n int) {
		t.Helper()
		counts, err := b.OutboxCounts(b.ctx)
		b.must(err)
		for _, some := range counts {
			n += some
		}
		return n
	}
	before := all()
	for more := true; more; {
		var err error
		more, err = b.SweepSignUps(b.ctx, b.now, 1)
		b.must(err)
	}
	if before != 2 || all() != 1 {
		t.Errorf("%d letters are kept of %d; want the one that is owed to somebody", all(), before)
	}
}

func markingLetters(t *testing.T, b *bench) {
	people := []string{"goes@lecteurs.example", "confirmed@lecteurs.example", "complained@lecteurs.example", "silent@lecteurs.example"}
	for _, who := range people {
		b.signUp(b.asking(who, "hebdo"))
	}
	due := b.due()
	b.confirm(people[1], "hebdo")
	b.must(b.Suppress(b.ctx, b.address(people[2]), newsletter.SuppressedComplaint, "", b.now))
	b.must(b.Suppress(b.ctx, b.address(people[3]), newsletter.SuppressedRequest, "", b.now))
	if refused := b.mark(due...); !slices.Equal(refused, []int64{due[1].ID, due[2].ID}) {
		t.Errorf("refused: %v of %+v", refused, due)
	}
	b.wantLetters(people[2], "confirm[hebdo] cancelled suppressed")
	b.wantLetters(people[1], "welcome[hebdo] queued ", "confirm[hebdo] cancelled over")
	b.leave(b.standing(people[1], "hebdo"))
	b.mark(b.due()...)
	b.wantLetters(people[1], "welcome[hebdo] cancelled left", "confirm[hebdo] cancelled over")
}

func sweeping(t *testing.T, b *bench) {
	a := b.asking("lea@lecteurs.example", "hebdo")
	b.signUp(a)
	sweep := func() {
		for more := true; more; {
			var err error
			more, err = b.SweepSignUps(b.ctx, b.now, 1)
			b.must(err)
		}
	}
	sweep()
	if got := b.signUp(a); got != subscription.Spent {
		t.Errorf("a form that is fresh still: %s", got)
	}
	b.later(24 * time.Hour)
	sweep()
	if got := b.signUp(a); got != subscription.Admitted { // its age is not the store's to judge
		t.Errorf("a form that was swept: %s", got)
	}
}
