package subscription_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/sqlite"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

// An office is a register over a real store, with a clock that is moved by hand.
type office struct {
	*subscription.Register
	t     *testing.T
	store *sqlite.Store
	now   time.Time
	files folder
}

// folder remembers whose letters were to be removed.
type folder struct{ forgotten []int64 }

func (f *folder) Forget(deliveries []int64) error {
	f.forgotten = append(f.forgotten, deliveries...)
	return nil
}

// plainTexts writes letters of few words.
type plainTexts struct{}

func (plainTexts) SingleLetter(kind newsletter.LetterKind, about []newsletter.Newsletter) (newsletter.Variant, error) {
	names := make([]string, len(about))
	for i, n := range about {
		names[i] = n.Name
	}
	return newsletter.Variant{Key: string(kind) + " " + strings.Join(names, " "), Subject: "Encore ?", HTML: "<p>…</p>", Text: "…"}, nil
}

func newOffice(t *testing.T) *office {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "facteur.db"), sqlite.Options{Create: true, Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	o := &office{t: t, store: store, now: noon()}
	o.Register = &subscription.Register{
		Store: store, Keys: keys(t, 1), Now: func() time.Time { return o.now }, Newsletters: []newsletter.Newsletter{hebdo()}, Texts: plainTexts{}, Files: &o.files,
	}
	if err := store.EnsureNewsletters(t.Context(), []string{"hebdo"}); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) add(name string) newsletter.Subscription {
	o.t.Helper()
	if _, err := o.Add(o.t.Context(), hebdo(), name+"@lecteur.example", "salon"); err != nil {
		o.t.Fatal(err)
	}
	history, err := o.Show(o.t.Context(), name+"@lecteur.example")
	if err != nil {
		o.t.Fatal(err)
	}
	return history[0].Subscription
}

func (o *office) manage(s newsletter.Subscription) string {
	return o.Keys.Sign(token.Token{Purpose: token.Manage, Subscription: s.ID, Epoch: s.Epoch, Time: o.now})
}

func (o *office) retain() subscription.Retention {
	o.t.Helper()
	n, err := o.Retain(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

// deliver sends everything that is due.
func (o *office) deliver() (letters []newsletter.Delivery) {
	o.t.Helper()
	due, err := o.store.DueAhead(o.t.Context(), o.now, 1000)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, d := range due {
		if _, err := o.store.Step(o.t.Context(), nil, []newsletter.Parcel{{Delivery: d.ID, Date: o.now, Envelope: newsletter.Envelope{To: d.Address}}}, o.now); err != nil {
			o.t.Fatal(err)
		}
	}
	return due
}

func (o *office) people() (known int) {
	o.t.Helper()
	for s, err := range o.All(o.t.Context(), subscription.Filter{}) {
		if err != nil {
			o.t.Fatal(err)
		}
		if s.Subscriber.Address != "" {
			known++
		}
	}
	return known
}

func TestManagingLinks(t *testing.T) {
	o := newOffice(t)
	s := o.add("claire")
	good := o.manage(s)
	for name, bad := range map[string]struct {
		link string
		want error
	}{
		"nothing":         {"", newsletter.ErrNotFound},
		"cut":             {good[:len(good)-1], newsletter.ErrNotFound},
		"another purpose": {link(o.Keys, token.Preferences, s.ID, s.Epoch), newsletter.ErrNotFound},
		"another key's":   {link(keys(t, 2), token.Manage, s.ID, s.Epoch), newsletter.ErrNotFound},
		"an older epoch":  {link(o.Keys, token.Manage, s.ID, s.Epoch-1), newsletter.ErrState},
		"nobody's":        {link(o.Keys, token.Manage, 99, 1), newsletter.ErrState},
		"too old": {o.Keys.Sign(token.Token{Purpose: token.Manage, Subscription: s.ID, Epoch: s.Epoch, Time: noon().Add(-30 * time.Minute)}),
			newsletter.ErrState},
	} {
		if _, err := o.ExportBy(t.Context(), bad.link); !errors.Is(err, bad.want) {
			t.Errorf("ExportBy(%s) = %v, want %v", name, err, bad.want)
		}
		if err := o.EraseBy(t.Context(), bad.link); !errors.Is(err, bad.want) {
			t.Errorf("EraseBy(%s) = %v, want %v", name, err, bad.want)
		}
	}
	out, err := o.ExportBy(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	var told struct {
		Format     string `json:"format"`
		Subscriber struct {
			Address string `json:"address"`
		} `json:"subscriber"`
	}
	if err := json.Unmarshal(out, &told); err != nil || told.Format != "facteur-export-1" || told.Subscriber.Address != "claire@lecteur.example" {
		t.Errorf("the export is %s, %v", out, err)
	}
	for range 2 { // the button is pressed twice
		if err := o.EraseBy(t.Context(), good); err != nil {
			t.Fatalf("EraseBy: %v", err)
		}
	}
	if o.people() != 0 {
		t.Error("the person is still known")
	}
	if _, err := o.ExportBy(t.Context(), good); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("exporting with the link of an erased person: %v", err)
	}
}

func TestEraseAndExportRefuse(t *testing.T) {
	o := newOffice(t)
	for text, want := range map[string]error{"claire": newsletter.ErrInvalid, "claire@lecteur.example": newsletter.ErrNotFound} {
		if _, err := o.Erase(t.Context(), text); !errors.Is(err, want) {
			t.Errorf("Erase(%s) = %v, want %v", text, err, want)
		}
		if _, err := o.Export(t.Context(), text); !errors.Is(err, want) {
			t.Errorf("Export(%s) = %v, want %v", text, err, want)
		}
		if _, err := o.Unsubscribe(t.Context(), text, ""); !errors.Is(err, want) {
			t.Errorf("Unsubscribe(%s) = %v, want %v", text, err, want)
		}
	}
	for _, reason := range []string{"a\nb", strings.Repeat("é", 501), "\xff"} {
		if _, _, err := o.Suppress(t.Context(), "claire@lecteur.example", newsletter.SuppressedOperator, reason); !errors.Is(err, newsletter.ErrInvalid) {
			t.Errorf("Suppress(%.10q) = %v, want ErrInvalid", reason, err)
		}
	}
}

// Letters of the erased person are removed where they lie in files.
func TestEraseForgetsFiles(t *testing.T) {
	o := newOffice(t)
	s := o.add("claire")
	o.now = o.now.AddDate(3, 0, 1)
	idle := subscription.Idle{Since: o.now.AddDate(-3, 0, 0), Asked: o.now}
	variant, err := o.store.FreezeLetter(t.Context(), newsletter.Variant{Key: "keep"})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := o.store.AskIdle(t.Context(), []subscription.Question{{Subscriber: s.Subscriber.ID, Newsletter: "hebdo", Variant: variant}}, idle, o.now); err != nil || n != 1 {
		t.Fatalf("%d asked, %v", n, err)
	}
	if done, err := o.Erase(t.Context(), "Claire@lecteur.example"); err != nil || !done {
		t.Fatalf("Erase = %v, %v", done, err)
	}
	if !slices.Equal(o.files.forgotten, []int64{1}) {
		t.Errorf("files of %v were removed, want those of delivery 1", o.files.forgotten)
	}
}

func TestUnsubscribe(t *testing.T) {
	o := newOffice(t)
	o.add("claire")
	if _, err := o.Unsubscribe(t.Context(), "claire@lecteur.example", "quotidien"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("unsubscribing from what was never asked for: %v", err)
	}
	for _, want := range []newsletter.SubscriptionState{newsletter.Active, newsletter.Unsubscribed} {
		ended, err := o.Unsubscribe(t.Context(), "Claire@lecteur.example", "")
		if err != nil || len(ended) != 1 || ended[0].State != want {
			t.Errorf("Unsubscribe = %+v, %v; want one that was %s", ended, err, want)
		}
	}
	history, err := o.Show(t.Context(), "claire@lecteur.example")
	if err != nil {
		t.Fatal(err)
	}
	if c := history[0].Consents; len(c) != 2 || c[1].Act != newsletter.ConsentWithdrawn || c[1].Origin != newsletter.OriginCommand {
		t.Errorf("the record of consent is %+v", c)
	}
}

// Years go by. Without the setting and the operator's word nothing is done; with them a few are asked in a day and, if
// they do not answer, erased a month later.
func TestRetainOverYears(t *testing.T) {
	o := newOffice(t)
	var subs []newsletter.Subscription
	for i := range 120 {
		subs = append(subs, o.add("r"+strconv.Itoa(i)))
	}
	leaver := subs[119]
	if _, err := o.Unsubscribe(t.Context(), leaver.Subscriber.Address, ""); err != nil {
		t.Fatal(err)
	}
	o.now = o.now.Add(3 * 365 * 24 * time.Hour)
	for name, prepare := range map[string]func(){
		"report":                     func() {},
		"act, not allowed":           func() { o.Rules.Act = true },
		"allowed under report":       func() { o.Rules.Act = false; o.allow(120) },
		"allowed and revoked":        func() { o.Rules.Act = true; o.allow(120); o.revoke() },
		"a longer time, and allowed": func() { o.Rules.Inactive = 10 * 365 * 24 * time.Hour; o.Rules.Act = true; o.allow(1) },
	} {
		prepare()
		if n := o.retain(); n.Asked != 0 || n.Erased != 0 || o.Rules.Inactive == 0 && n.Affected() != 120 {
			t.Errorf("%s: %+v", name, n)
		}
		o.Rules = subscription.Rules{}
		o.revoke()
	}

	o.Rules.Act = true
	o.allow(120)
	if n := o.retain(); n.Asked != 1 || n.Erased != 1 || n.People != 120 || n.ToAsk != 119 || n.ToErase != 1 { // 1 % of 120, rounded up
		t.Fatalf("the first day: %+v", n)
	}
	if n := o.retain(); n.Asked != 0 || n.Erased != 0 {
		t.Errorf("a second run of the day: %+v", n)
	}
	asked := o.deliver()
	if len(asked) != 1 || asked[0].Letter != newsletter.LetterKeep || asked[0].Subscriber != subs[0].Subscriber.ID {
		t.Fatalf("letters: %+v; want those who were silent for longest asked", asked)
	}
	for _, d := range asked {
		o.settle(d)
	}
	o.answers(subs[0])
	for range 29 {
		o.now = o.now.Add(24 * time.Hour)
		if n := o.retain(); n.Erased != 0 || n.Asked > 2 {
			t.Fatalf("within the month: %+v", n)
		}
		for _, d := range o.deliver() {
			o.settle(d)
		}
	}
	o.now = o.now.Add(2 * 24 * time.Hour)
	if n := o.retain(); n.Erased != 2 || n.Asked != 0 { // those of the second day: the one of the first answered
		t.Errorf("a month later: %+v", n)
	}
	for range 200 {
		o.now = o.now.Add(24 * time.Hour)
		if n := o.retain(); n.Erased+n.Asked > 2 {
			t.Fatalf("in a day: %+v", n)
		}
		for _, d := range o.deliver() {
			o.settle(d)
		}
	}
	if o.people() != 1 {
		t.Errorf("%d people are left, want the one who answered", o.people())
	}
	if e, err := o.Add(t.Context(), hebdo(), subs[1].Subscriber.Address, "un vieux fichier"); err != nil || e.Outcome != subscription.Suppressed {
		t.Errorf("an import of who was erased: %s, %v", e.Outcome, err)
	}
}

func (o *office) allow(people int) {
	o.t.Helper()
	if err := o.AllowRetention(o.t.Context(), people); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) revoke() {
	o.t.Helper()
	if err := o.RevokeRetention(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) settle(d newsletter.Delivery) {
	o.t.Helper()
	sent := newsletter.Attempt{Started: o.now, Ended: o.now, Stage: newsletter.StageDone, State: newsletter.Sent, Reply: newsletter.Reply{Code: 250}}
	if _, err := o.store.Step(o.t.Context(), []outbox.Settlement{{Delivery: d.ID, State: newsletter.Sent, Attempt: sent}}, nil, o.now); err != nil {
		o.t.Fatal(err)
	}
}

// answers lets a reader act: leave, and be a reader no more is an act as well as any other.
func (o *office) answers(s newsletter.Subscription) {
	o.t.Helper()
	if _, err := o.Leave(o.t.Context(), link(o.Keys, token.Leave, s.ID, s.Epoch), newsletter.OriginLetter); err != nil {
		o.t.Fatal(err)
	}
}

func TestSweepNetworks(t *testing.T) {
	o := newOffice(t)
	a, err := address.Parse("claire@lecteur.example")
	if err != nil {
		t.Fatal(err)
	}
	consent := newsletter.Consent{Act: newsletter.ConsentConfirmed, At: o.now, Origin: newsletter.OriginPage, Network: "203.0.113.0/24"}
	if _, err := o.store.Enrol(t.Context(), "hebdo", []subscription.Person{{Address: a}}, consent); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		life, later time.Duration
		want        int
	}{{0, 1000 * 24 * time.Hour, 0}, {2000 * 24 * time.Hour, 0, 0}, {90 * 24 * time.Hour, 0, 1}, {90 * 24 * time.Hour, 0, 0}} {
		o.now, o.Rules.Networks = o.now.Add(step.later), step.life
		if n, err := o.SweepNetworks(t.Context()); err != nil || n != step.want {
			t.Errorf("kept for %s: %d deleted, %v; want %d", step.life, n, err, step.want)
		}
	}
}
