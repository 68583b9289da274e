package subscription_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

// A room is a reader's own: the story over a real store, and a clock that is set by hand.
type room struct {
	*subscription.Register
	t     *testing.T
	store *sqlite.Store
	path  string
	now   time.Time
}

// ownTexts writes letters that say which they are.
type ownTexts struct{}

func (ownTexts) SingleLetter(kind newsletter.LetterKind, about []newsletter.Newsletter) (newsletter.Variant, error) {
	return newsletter.Variant{Key: string(kind) + " " + about[0].Name, Kind: newsletter.KindLetter, Subject: string(kind), Text: "…"}, nil
}

// someDomains take no mail at one of them.
type someDomains struct{}

func (someDomains) TakesMail(_ context.Context, domain string) bool { return domain != "muet.example" }

func inRoom(t *testing.T) *room {
	t.Helper()
	r := &room{t: t, now: noon(), path: filepath.Join(t.TempDir(), "facteur.db")}
	store, err := sqlite.Open(t.Context(), r.path, sqlite.Options{Create: true, Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	r.store = store
	r.Register = &subscription.Register{
		Store: store, Keys: keys(t, 1), Now: func() time.Time { return r.now }, Random: rand.Reader,
		Newsletters: []newsletter.Newsletter{hebdo(), {Name: "quotidien", Title: "Le quotidien", Language: "fr"}},
		Texts:       ownTexts{}, Domains: someDomains{},
		Suggest: func(a address.Address) (string, bool) { return "lea@gmail.com", a.Domain() == "gmial.com" },
	}
	r.must(store.EnsureNewsletters(t.Context(), []string{"hebdo", "quotidien"}))
	return r
}

func (r *room) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// reader adds a reader of hebdo.
func (r *room) reader(who string) newsletter.Subscription {
	r.t.Helper()
	_, err := r.Add(r.t.Context(), hebdo(), who, "salon")
	r.must(err)
	all, err := r.Show(r.t.Context(), who)
	r.must(err)
	return all[0].Subscription
}

func (r *room) sub(s newsletter.Subscription) newsletter.Subscription {
	r.t.Helper()
	s, err := r.store.Subscription(r.t.Context(), s.ID)
	r.must(err)
	return s
}

// sign is a link to a subscription as it stands, from a letter that leaves now.
func (r *room) sign(p token.Purpose, s newsletter.Subscription) string {
	r.t.Helper()
	return r.Keys.Sign(token.Token{Purpose: p, Subscription: s.ID, Epoch: r.sub(s).Epoch, Time: r.now})
}

// left has a reader leave, and returns the link that takes it back.
func (r *room) left(s newsletter.Subscription) string {
	r.t.Helper()
	standing, err := r.Leave(r.t.Context(), r.sign(token.Leave, s), newsletter.OriginLetter)
	r.must(err)
	if standing.Undo == "" {
		r.t.Fatalf("the answer to the leave offers no undo: %+v", standing)
	}
	return standing.Undo
}

// letter is the latest single letter to an address.
func (r *room) letter(to string) newsletter.Delivery {
	r.t.Helper()
	who, err := address.Parse(to)
	r.must(err)
	told, err := r.store.Letters(r.t.Context(), who, 1)
	r.must(err)
	if len(told) == 0 {
		return newsletter.Delivery{}
	}
	return told[0].Delivery
}

func (r *room) count(query string) (n int) {
	r.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+r.path)
	r.must(err)
	r.must(db.QueryRowContext(r.t.Context(), query).Scan(&n))
	r.must(db.Close())
	return n
}

// acts are all that a reader can do by a link, each with the purpose of its link.
func (r *room) acts() map[string]struct {
	purpose token.Purpose
	do      func(link string) error
} {
	ctx, soon := r.t.Context(), r.now.AddDate(0, 1, 0)
	type act = struct {
		purpose token.Purpose
		do      func(link string) error
	}
	return map[string]act{
		"Undo":            {token.Undo, func(l string) error { _, err := r.Undo(ctx, l); return err }},
		"Stopped":         {token.Preferences, func(l string) error { _, err := r.Stopped(ctx, l); return err }},
		"LookUndo":        {token.Undo, func(l string) error { return r.LookUndo(ctx, l) }},
		"PauseInstead":    {token.Undo, func(l string) error { _, err := r.PauseInstead(ctx, l, soon); return err }},
		"SayWhy":          {token.Undo, func(l string) error { return r.SayWhy(ctx, l, "other") }},
		"LookPreferences": {token.Preferences, func(l string) error { _, err := r.LookPreferences(ctx, l); return err }},
		"Prefer":          {token.Preferences, func(l string) error { _, err := r.Prefer(ctx, l, subscription.Wish{}); return err }},
		"SendLatest":      {token.Preferences, func(l string) error { _, err := r.SendLatest(ctx, l); return err }},
		"AskManage":       {token.Preferences, func(l string) error { _, err := r.AskManage(ctx, l); return err }},
		"LookManage":      {token.Manage, func(l string) error { _, err := r.LookManage(ctx, l); return err }},
		"MoveBy":          {token.Manage, func(l string) error { _, err := r.MoveBy(ctx, l, "neuve@ailleurs.example", false); return err }},
		"LookMove":        {token.Move, func(l string) error { _, err := r.LookMove(ctx, l); return err }},
		"Move": {token.Move, func(l string) error {
			seen, err := r.LookMove(ctx, l)
			if err == nil {
				_, err = r.Move(ctx, l, seen.Form.Stamp)
			}
			return err
		}},
	}
}

func TestLinksThatDoNothing(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	undo := r.left(s)
	s = r.sub(s)
	at := func(p token.Purpose, id int64, epoch uint32, when time.Time) string {
		return r.Keys.Sign(token.Token{Purpose: p, Subscription: id, Epoch: epoch, Time: when})
	}
	for name, act := range r.acts() {
		good := at(act.purpose, s.ID, s.Epoch, r.now)
		other := token.Leave
		for what, test := range map[string]struct {
			link string
			want error
		}{
			"nothing":         {"", newsletter.ErrNotFound},
			"cut":             {good[:len(good)-1], newsletter.ErrNotFound},
			"swapped":         {good[1:] + good[:1], newsletter.ErrNotFound},
			"forged":          {keys(t, 2).Sign(token.Token{Purpose: act.purpose, Subscription: s.ID, Epoch: s.Epoch, Time: r.now}), newsletter.ErrNotFound},
			"another purpose": {at(other, s.ID, s.Epoch, r.now), newsletter.ErrNotFound},
			"a proof's":       {at(act.purpose, 0, 0, r.now), newsletter.ErrNotFound},
			"nobody's":        {at(act.purpose, 999, 1, r.now), newsletter.ErrState},
			"of an old epoch": {at(act.purpose, s.ID, s.Epoch-1, r.now), newsletter.ErrState},
			"of a new epoch":  {at(act.purpose, s.ID, s.Epoch+1, r.now), newsletter.ErrState},
			"too old":         {at(act.purpose, s.ID, s.Epoch, r.now.Add(-30*time.Minute)), newsletter.ErrState},
			"years old":       {at(act.purpose, s.ID, s.Epoch, r.now.AddDate(-7, 0, 0)), newsletter.ErrState},
			"years ahead":     {at(act.purpose, s.ID, s.Epoch, r.now.AddDate(7, 0, 0)), newsletter.ErrState},
		} {
			if act.purpose == token.Preferences && strings.Contains(what, "old") && what != "of an old epoch" || act.purpose == token.Preferences && what == "years ahead" {
				continue // it lives as long as its epoch
			}
			if err := act.do(test.link); !errors.Is(err, test.want) || err == nil || strings.Contains(err.Error(), "claire") {
				t.Errorf("%s, a link that is %s: %v, want %v", name, what, err, test.want)
			}
		}
	}
	if now := r.sub(s); now != s {
		t.Errorf("something changed: %+v, it was %+v", now, s)
	}
	if _, err := r.Undo(t.Context(), undo); err != nil {
		t.Errorf("the link is good, and undo gives %v", err)
	}
}

func TestUndoIsOfferedByTheLeaveAlone(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	old := r.sign(token.Leave, s)
	undo := r.left(s)
	if again, err := r.Leave(t.Context(), old, newsletter.OriginLetter); err != nil || again.Undo != "" || !again.Gone() {
		t.Errorf("leaving again gives %+v, %v", again, err)
	}
	r.now = r.now.Add(29 * time.Minute)
	got, err := r.Undo(t.Context(), undo)
	if want := (subscription.Return{Newsletters: []string{"hebdo"}, State: newsletter.Active}); err != nil || !cmp.Equal(got, want) {
		t.Errorf("Undo = %+v, %v; want %+v", got, err, want)
	}
	if again, err := r.Undo(t.Context(), undo); err != nil || !cmp.Equal(again, got) {
		t.Errorf("pressed twice, it says %+v, %v; want the same again, %+v", again, err, got)
	}
	if _, err := r.PauseInstead(t.Context(), undo, r.now.AddDate(0, 1, 0)); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("another button after it: %v", err)
	}
	r.now = r.now.Add(time.Minute)
	for name, act := range r.acts() {
		if act.purpose == token.Undo && !errors.Is(act.do(undo), newsletter.ErrState) {
			t.Errorf("%s by a link that was used", name)
		}
	}
	all, err := r.Show(t.Context(), "claire@lecteur.example")
	r.must(err)
	var acts []string
	for _, c := range all[0].Consents {
		acts = append(acts, string(c.Act)+" "+c.Origin)
	}
	if diff := cmp.Diff([]string{"confirmed command", "withdrawn letter", "confirmed undo"}, acts); diff != "" {
		t.Errorf("the record (-want +got):\n%s", diff)
	}
	if second, err := r.Leave(t.Context(), old, newsletter.OriginLetter); err != nil || second.Undo == "" { // years later, by the same old letter
		t.Errorf("leaving after an undo gives %+v, %v", second, err)
	}
}

func TestAPauseInstead(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	undo := r.left(s)
	for name, until := range map[string]time.Time{
		"none": {}, "now": r.now, "yesterday": r.now.AddDate(0, 0, -1), "more than a year": r.now.AddDate(1, 0, 1), "years": r.now.AddDate(80, 0, 0),
	} {
		if _, err := r.PauseInstead(t.Context(), undo, until); !errors.Is(err, newsletter.ErrInvalid) {
			t.Errorf("until %s: %v, want ErrInvalid", name, err)
		}
	}
	until := r.now.AddDate(1, 0, 0)
	got, err := r.PauseInstead(t.Context(), undo, until)
	if want := (subscription.Return{Newsletters: []string{"hebdo"}, State: newsletter.Paused, Until: until}); err != nil || !cmp.Equal(got, want) {
		t.Errorf("PauseInstead = %+v, %v; want %+v", got, err, want)
	}
	back, err := r.Undo(t.Context(), r.left(s)) // left from the pause: back to the pause
	if err != nil || back.State != newsletter.Paused || !back.Until.Equal(until) {
		t.Errorf("Undo = %+v, %v", back, err)
	}
	for _, step := range []struct{ years, want int }{{0, 0}, {3, 1}, {0, 0}} {
		r.now = r.now.AddDate(step.years, 0, 0)
		if n, err := r.ResumePaused(t.Context()); err != nil || n != step.want {
			t.Errorf("%d pauses ended after %d years, %v; want %d", n, step.years, err, step.want)
		}
	}
	if now := r.sub(s); now.State != newsletter.Active {
		t.Errorf("after its date the pause goes on: %+v", now)
	}
}

func TestGoodbyesNameNobody(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	undo := r.left(s)
	if err := r.SayWhy(t.Context(), undo, "claire@lecteur.example"); !errors.Is(err, newsletter.ErrInvalid) {
		t.Errorf("a reason that is none of ours: %v", err)
	}
	for _, reason := range subscription.GoodbyeReasons() {
		r.must(r.SayWhy(t.Context(), undo, reason))
	}
	if _, err := r.Undo(t.Context(), undo); err != nil {
		t.Errorf("undo after a reason: %v", err)
	}
	r.must(r.SayWhy(t.Context(), r.left(s), "other"))
	if n := r.count(`SELECT count(*) FROM goodbyes`); n != 2 {
		t.Errorf("%d reasons are kept, want one for each leave", n)
	}
	if n := r.count(`SELECT count(*) FROM goodbyes WHERE at % 86400000 <> 0`); n != 0 {
		t.Errorf("%d reasons tell the minute of the leave", n)
	}
}

// Whatever many people press at once, one of them did it, and where that tells nothing that is not theirs, all are told so.
func TestManyPressAtOnce(t *testing.T) {
	for name, prepare := range map[string]func(*room, newsletter.Subscription) (link string, act string){
		"undo": func(r *room, s newsletter.Subscription) (string, string) { return r.left(s), "Undo" },
		"leave": func(r *room, s newsletter.Subscription) (string, string) {
			return r.sign(token.Preferences, s), "Prefer"
		},
		"move": func(r *room, s newsletter.Subscription) (string, string) {
			_, err := r.MoveBy(r.t.Context(), r.sign(token.Manage, s), "neuve@ailleurs.example", false)
			r.must(err)
			id := r.letter("neuve@ailleurs.example").Move
			return r.Keys.Sign(token.Token{Purpose: token.Move, Subscription: id, Time: r.now.Add(-time.Minute)}), "Move"
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := inRoom(t)
			s := r.reader("claire@lecteur.example")
			link, act := prepare(r, s)
			before, err := r.store.Consents(t.Context(), s.ID)
			r.must(err)
			do := r.acts()[act].do
			var wg sync.WaitGroup
			errs := make([]error, 8)
			for i := range errs {
				wg.Go(func() { errs[i] = do(link) })
			}
			wg.Wait()
			done := 0
			for _, err := range errs {
				if err == nil {
					done++
				} else if !errors.Is(err, newsletter.ErrState) {
					t.Errorf("one of them got %v", err)
				}
			}
			after, err := r.store.Consents(t.Context(), s.ID)
			r.must(err)
			want := 1
			if act == "Undo" {
				want = len(errs)
			}
			if done != want || len(after) != len(before)+1 {
				t.Errorf("%d are told that it is done, want %d, and %d consents became %d", done, want, len(before), len(after))
			}
		})
	}
}

func TestPreferences(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	until := r.now.AddDate(0, 1, 0)
	p, err := r.LookPreferences(t.Context(), r.sign(token.Preferences, s))
	r.must(err)
	want := []subscription.Choice{{Newsletter: "hebdo", State: newsletter.Active}, {Newsletter: "quotidien"}}
	if diff := cmp.Diff(want, p.Choices); diff != "" || p.Newsletter != "hebdo" {
		t.Errorf("at first, of %s (-want +got):\n%s", p.Newsletter, diff)
	}
	for _, test := range []struct {
		wish subscription.Wish
		want []subscription.Choice
	}{
		{subscription.Wish{Newsletters: []string{"hebdo", "quotidien"}, Wording: newsletter.NewWording("en", "Je veux.")},
			[]subscription.Choice{{Newsletter: "hebdo", State: newsletter.Active}, {Newsletter: "quotidien", State: newsletter.Active}}},
		{subscription.Wish{Newsletters: []string{"hebdo", "quotidien"}, Until: until},
			[]subscription.Choice{{Newsletter: "hebdo", State: newsletter.Paused, Until: until}, {Newsletter: "quotidien", State: newsletter.Paused, Until: until}}},
		{subscription.Wish{},
			[]subscription.Choice{{Newsletter: "hebdo", State: newsletter.Unsubscribed}, {Newsletter: "quotidien", State: newsletter.Unsubscribed}}},
		{subscription.Wish{Newsletters: []string{"quotidien"}, Until: until},
			[]subscription.Choice{{Newsletter: "hebdo", State: newsletter.Unsubscribed}, {Newsletter: "quotidien", State: newsletter.Paused, Until: until}}},
	} {
		r.now = r.now.Add(time.Minute)
		for range 2 { // the link of the answer works, and the same wish changes nothing
			if p, err = r.Prefer(t.Context(), p.Link, test.wish); err != nil {
				t.Fatalf("%+v: %v", test.wish, err)
			}
			if diff := cmp.Diff(test.want, p.Choices); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", test.wish, diff)
			}
		}
		if now := r.sub(s); !now.Subscriber.Acted.Equal(r.now) {
			t.Errorf("%+v: the latest act is of %s", test.wish, now.Subscriber.Acted)
		}
	}
	r.now = until // the date counts, whether or not somebody looked
	if p, err = r.LookPreferences(t.Context(), p.Link); err != nil || p.Choices[1].State != newsletter.Active || !p.Choices[1].Until.IsZero() {
		t.Errorf("after the pause: %+v, %v", p, err)
	}
	all, err := r.Show(t.Context(), "claire@lecteur.example")
	r.must(err)
	first := all[1].Consents[0]
	if len(all[1].Consents) != 3 || first.Wording != newsletter.NewWording("en", "Je veux.") || first.Origin != newsletter.OriginPreferences || first.Act != newsletter.ConsentConfirmed {
		t.Errorf("the record of what was chosen is %+v", all[1].Consents)
	}
	for _, bad := range []subscription.Wish{{Newsletters: []string{"inconnue"}}, {Newsletters: []string{"hebdo"}, Until: r.now}, {Until: r.now.AddDate(2, 0, 0)}} {
		if _, err := r.Prefer(t.Context(), p.Link, bad); !errors.Is(err, newsletter.ErrInvalid) {
			t.Errorf("%+v: %v, want ErrInvalid", bad, err)
		}
	}
}

// Who ends everything may take it back by the answer to that act, for half an hour, and say why, as who leaves by a
// letter; no other wish gives out such a link.
func TestTheEndOfAllCanBeTakenBack(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	both := []string{"hebdo", "quotidien"}
	p, err := r.Prefer(t.Context(), r.sign(token.Preferences, s), subscription.Wish{Newsletters: both})
	r.must(err)
	r.now = r.now.Add(time.Hour)
	stop := func() string {
		t.Helper()
		if p.Undo != "" {
			t.Error("a wish for something can be taken back")
		}
		p, err = r.Prefer(t.Context(), p.Link, subscription.Wish{})
		r.must(err)
		return p.Undo
	}
	undo := stop()
	r.now = r.now.Add(time.Minute)
	if again, err := r.Prefer(t.Context(), p.Link, subscription.Wish{}); err != nil || again.Undo != "" {
		t.Errorf("who receives nothing ends nothing, and is given %q, %v", again.Undo, err)
	}
	r.must(r.SayWhy(t.Context(), undo, "other"))
	r.must(r.SayWhy(t.Context(), undo, "too-often"))
	if n := r.count(`SELECT count(*) FROM goodbyes WHERE reason = 'other'`); n != 2 {
		t.Errorf("%d reasons are kept, want one for each newsletter", n)
	}
	r.now = r.now.Add(28 * time.Minute)
	back, err := r.Undo(t.Context(), undo)
	if want := (subscription.Return{Newsletters: both, State: newsletter.Active}); err != nil || !cmp.Equal(back, want) {
		t.Errorf("Undo = %+v, %v; want %+v", back, err, want)
	}
	if again, err := r.Undo(t.Context(), undo); err != nil || !cmp.Equal(again, back) {
		t.Errorf("taken back twice: %+v, %v; want %+v", again, err, back)
	}
	p, err = r.LookPreferences(t.Context(), r.sign(token.Preferences, r.sub(s)))
	r.must(err)
	undo, until := stop(), r.now.AddDate(0, 1, 0)
	if back, err := r.PauseInstead(t.Context(), undo, until); err != nil || !cmp.Equal(back, subscription.Return{Newsletters: both, State: newsletter.Paused, Until: until}) {
		t.Errorf("PauseInstead = %+v, %v", back, err)
	}
	p, err = r.LookPreferences(t.Context(), r.sign(token.Preferences, r.sub(s)))
	r.must(err)
	undo = stop()
	r.now = r.now.Add(subscription.LinkLife)
	if _, err := r.Undo(t.Context(), undo); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("after half an hour: %v", err)
	}
}

// Whoever says that they want to stay, or saves their page as it is, has acted, and that is all.
func TestAWishForWhatIs(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	until := r.now.AddDate(0, 1, 0)
	p, err := r.Prefer(t.Context(), r.sign(token.Preferences, s), subscription.Wish{Newsletters: []string{"quotidien"}, Until: until})
	r.must(err)
	p, err = r.Prefer(t.Context(), p.Link, subscription.Wish{Newsletters: []string{"hebdo", "quotidien"}, KeepPauses: true})
	r.must(err)
	mixed := []subscription.Choice{{Newsletter: "hebdo", State: newsletter.Active}, {Newsletter: "quotidien", State: newsletter.Paused, Until: until}}
	if diff := cmp.Diff(mixed, p.Choices); diff != "" {
		t.Errorf("one chosen beside a pause (-want +got):\n%s", diff)
	}
	before, err := r.Show(t.Context(), "claire@lecteur.example")
	r.must(err)
	r.count(`UPDATE subscribers SET asked_at = acted_at + 1 RETURNING 1`)
	if asked, err := r.LookPreferences(t.Context(), p.Link); err != nil || !asked.Asked || p.Asked {
		t.Errorf("who was asked just now is asked: %v, and was before: %v; %v", asked.Asked, p.Asked, err)
	}
	r.now = r.now.Add(time.Hour)
	p, err = r.Prefer(t.Context(), p.Link, subscription.Wish{Newsletters: []string{"hebdo", "quotidien"}, KeepPauses: true})
	if diff := cmp.Diff(mixed, p.Choices); diff != "" || err != nil || p.Asked {
		t.Errorf("asked still: %v, %v (-want +got):\n%s", p.Asked, err, diff)
	}
	after, err := r.Show(t.Context(), "claire@lecteur.example")
	r.must(err)
	for i := range before {
		if !after[i].Subscription.Subscriber.Acted.Equal(r.now) {
			t.Errorf("the latest act is of %s", after[i].Subscription.Subscriber.Acted)
		}
		before[i].Subscription.Subscriber.Acted = after[i].Subscription.Subscriber.Acted
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("more changed than the latest act (-before +after):\n%s", diff)
	}
	if n := r.count(`SELECT count(*) FROM subscribers WHERE asked_at IS NOT NULL`); n != 0 {
		t.Error("they count as asked and silent")
	}
}

func TestNoWishLiftsASuppression(t *testing.T) {
	for _, kind := range []newsletter.SuppressionKind{newsletter.SuppressedComplaint, newsletter.SuppressedOperator, newsletter.SuppressedHardBounce} {
		r := inRoom(t)
		s := r.reader("claire@lecteur.example")
		who, err := address.Parse("claire@lecteur.example")
		r.must(err)
		r.must(r.store.Suppress(t.Context(), who, kind, "", r.now))
		if back, err := r.Undo(t.Context(), r.left(s)); err != nil || !back.Silenced {
			t.Errorf("%s: Undo = %+v, %v", kind, back, err)
		}
		p, err := r.Prefer(t.Context(), r.sign(token.Preferences, s), subscription.Wish{Newsletters: []string{"hebdo", "quotidien"}})
		r.must(err)
		if !p.Silenced {
			t.Errorf("%s: the reader's page does not know of it: %+v", kind, p)
		}
		if came, err := r.SendLatest(t.Context(), p.Link); err != nil || came != subscription.LatestNone {
			t.Errorf("%s: an edition is owed, %v", kind, err)
		}
		if got, err := r.store.Suppression(t.Context(), who); err != nil || got.Kind != kind {
			t.Errorf("%s: it is %+v, %v", kind, got, err)
		}
	}
}

func TestManageByASecondLetter(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	page := r.sign(token.Preferences, s)
	for i, want := range []subscription.Owed{subscription.OwedSent, subscription.OwedSent, subscription.OwedSent, subscription.OwedLimited, subscription.OwedLimited} {
		if got, err := r.AskManage(t.Context(), page); err != nil || got != want {
			t.Errorf("wish %d for the letter is answered %q, %v; want %q", i+1, got, err, want)
		}
	}
	due, err := r.store.DueAhead(t.Context(), r.now, 10)
	r.must(err)
	if len(due) != 3 || due[0].Letter != newsletter.LetterManage || due[0].Epoch != r.sub(s).Epoch {
		t.Errorf("due: %+v; want three letters a day", due)
	}
	link := r.sign(token.Manage, s)
	who, err := r.LookManage(t.Context(), link)
	if err != nil || who.Address != "claire@lecteur.example" {
		t.Errorf("LookManage = %+v, %v", who, err)
	}
	r.now = r.now.Add(subscription.LinkLife + time.Minute)
	if who, err := r.LookManage(t.Context(), link); !errors.Is(err, newsletter.ErrState) || who.Language != "fr" {
		t.Errorf("by a link that is too old: %+v, %v", who, err)
	}
}

func TestMoveByChecksTheAddress(t *testing.T) {
	r := inRoom(t)
	r.reader("paul@lecteur.example")
	link := r.sign(token.Manage, r.reader("claire@lecteur.example"))
	received := subscription.Answer{Verdict: subscription.Received}
	for _, test := range []struct {
		to   string
		sure bool
		want subscription.Answer
		open bool // a letter leaves
	}{
		{to: "", want: subscription.Answer{Verdict: subscription.Mistaken, Reason: "empty"}},
		{to: "claire", want: subscription.Answer{Verdict: subscription.Mistaken, Reason: "no-at"}},
		{to: "postmaster@ailleurs.example", want: subscription.Answer{Verdict: subscription.Mistaken, Reason: subscription.ReasonRole}},
		{to: "zoé@ailleurs.example", want: subscription.Answer{Verdict: subscription.Mistaken, Reason: subscription.ReasonSMTPUTF8}},
		{to: "claire@muet.example", want: subscription.Answer{Verdict: subscription.Mistaken, Reason: subscription.ReasonDomain}},
		{to: "Claire@Lecteur.example", want: subscription.Answer{Verdict: subscription.Mistaken, Reason: subscription.ReasonOwn}},
		{to: "lea@gmial.com", want: subscription.Answer{Verdict: subscription.Doubtful, Reason: subscription.ReasonSuggestion, Suggestion: "lea@gmail.com"}},
		{to: "lea@gmial.com", sure: true, want: received, open: true},
		{to: "paul@lecteur.example", want: received},
		{to: "neuve@ailleurs.example", want: received, open: true},
		{to: "trop@ailleurs.example", want: subscription.Answer{Verdict: subscription.TooMany, Reason: subscription.ReasonMoves}}, // three a day
	} {
		got, err := r.MoveBy(t.Context(), link, test.to, test.sure)
		if err != nil || got != test.want {
			t.Errorf("MoveBy(%q) = %+v, %v; want %+v", test.to, got, err, test.want)
		}
		due, err := r.store.DueAhead(t.Context(), r.now, 10)
		r.must(err)
		open := slices.ContainsFunc(due, func(d newsletter.Delivery) bool { return d.Address == test.to && d.Letter == newsletter.LetterMove })
		if open != test.open || len(due) > 1 {
			t.Errorf("MoveBy(%q): due are %+v", test.to, due)
		}
	}
}

func TestMove(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	leave, page := r.sign(token.Leave, s), r.sign(token.Preferences, s)
	_, err := r.MoveBy(t.Context(), r.sign(token.Manage, s), "Claire@Münster.example", false)
	r.must(err)
	letter := r.letter("claire@münster.example")
	link := r.Keys.Sign(token.Token{Purpose: token.Move, Subscription: letter.Move, Time: r.now})
	seen, err := r.LookMove(t.Context(), link)
	if err != nil || seen.To != "Claire@münster.example" || seen.Language != "fr" {
		t.Errorf("LookMove = %+v, %v", seen, err)
	}
	r.now = r.now.Add(2 * time.Second)
	p, err := r.Move(t.Context(), link, seen.Form.Stamp)
	if err != nil || p.Choices[0].State != newsletter.Active {
		t.Fatalf("Move = %+v, %v", p, err)
	}
	if _, err := r.LookMove(t.Context(), link); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("a change that is done is open: %v", err)
	}
	if _, err := r.LookPreferences(t.Context(), p.Link); err != nil {
		t.Errorf("the page that the move gives: %v", err)
	}
	if old, err := r.LookPreferences(t.Context(), page); !errors.Is(err, newsletter.ErrState) || old.Newsletter != "hebdo" || old.Choices != nil {
		t.Errorf("the page from before the move: %+v, %v", old, err)
	}
	if _, err := r.Show(t.Context(), "claire@lecteur.example"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("the address from before is known: %v", err)
	}
	if n := r.count(`SELECT count(*) FROM deliveries WHERE address IS NOT NULL`) + r.count(`SELECT count(*) FROM moves`); n != 0 {
		t.Errorf("%d rows hold an address besides the reader's own", n)
	}
	left, err := r.Leave(t.Context(), leave, newsletter.OriginOneClick)
	if err != nil || left.Undo == "" || r.sub(s).State != newsletter.Unsubscribed {
		t.Errorf("leaving by a letter to the old address: %+v, %v", left, err)
	}
}

// Only the button of the link's own page changes an address, and not faster than a person.
func TestMoveNeedsItsPage(t *testing.T) {
	r := inRoom(t)
	open := func(name string) (link, stamp string) {
		_, err := r.MoveBy(t.Context(), r.sign(token.Manage, r.reader(name+"@lecteur.example")), name+"@ailleurs.example", false)
		r.must(err)
		link = r.Keys.Sign(token.Token{Purpose: token.Move, Subscription: r.letter(name + "@ailleurs.example").Move, Time: r.now})
		seen, err := r.LookMove(t.Context(), link)
		r.must(err)
		return link, seen.Form.Stamp
	}
	link, stamp := open("claire")
	_, other := open("paul")
	form, err := r.NewForm(t.Context())
	r.must(err)
	for name, press := range map[string]struct {
		page  string
		after time.Duration
	}{
		"no page":           {"", time.Minute},
		"a sign-up form":    {form.Stamp, time.Minute},
		"another link":      {other, time.Minute},
		"the letter itself": {link, time.Minute},
		"faster than eyes":  {stamp, 2*time.Second - time.Millisecond},
	} {
		r.now = r.now.Add(press.after)
		if _, err := r.Move(t.Context(), link, press.page); !errors.Is(err, newsletter.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
		r.now = r.now.Add(-press.after)
	}
	r.now = r.now.Add(2 * time.Second)
	if _, err := r.Move(t.Context(), link, stamp); err != nil {
		t.Errorf("its own button: %v", err)
	}
}

func TestMovesAreForgotten(t *testing.T) {
	r := inRoom(t)
	for i := range 3 {
		s := r.reader(fmt.Sprintf("r%d@lecteur.example", i))
		_, err := r.MoveBy(t.Context(), r.sign(token.Manage, s), fmt.Sprintf("n%d@ailleurs.example", i), false)
		r.must(err)
	}
	for _, step := range []struct{ days, want int }{{0, 0}, {1, 3}, {4000, 0}} {
		r.now = r.now.AddDate(0, 0, step.days)
		if n, err := r.SweepMoves(t.Context()); err != nil || n != step.want {
			t.Errorf("%d forgotten after %d days, %v; want %d", n, step.days, err, step.want)
		}
	}
	if n := r.count(`SELECT count(*) FROM deliveries WHERE address LIKE '%ailleurs%' OR next_at IS NOT NULL`); n != 0 {
		t.Errorf("%d letters keep the address, or wait to be sent", n)
	}
}

// A newsletter that was taken out of the settings may come back: whoever stopped all does not receive it then.
func TestTheEndOfAllEndsWhatIsPublishedNoLonger(t *testing.T) {
	r := inRoom(t)
	s := r.reader("lea@lecteurs.example")
	p, err := r.Prefer(t.Context(), r.sign(token.Preferences, s), subscription.Wish{Newsletters: []string{"hebdo", "quotidien"}})
	r.must(err)
	r.Newsletters = r.Newsletters[:1]
	states := func() []newsletter.SubscriptionState {
		t.Helper()
		all, err := r.store.Beside(t.Context(), s.ID)
		r.must(err)
		var states []newsletter.SubscriptionState
		for _, s := range all {
			states = append(states, s.State)
		}
		return states
	}
	p, err = r.Prefer(t.Context(), p.Link, subscription.Wish{Newsletters: []string{"hebdo"}})
	r.must(err)
	if diff := cmp.Diff([]newsletter.SubscriptionState{newsletter.Active, newsletter.Active}, states()); diff != "" {
		t.Errorf("a wish touches what was not shown (-want +got):\n%s", diff)
	}
	p, err = r.Prefer(t.Context(), p.Link, subscription.Wish{})
	r.must(err)
	if diff := cmp.Diff([]newsletter.SubscriptionState{newsletter.Unsubscribed, newsletter.Unsubscribed}, states()); diff != "" {
		t.Errorf("after the end of all (-want +got):\n%s", diff)
	}
	back, err := r.Undo(t.Context(), p.Undo)
	r.must(err)
	if diff := cmp.Diff([]newsletter.SubscriptionState{newsletter.Active, newsletter.Active}, states()); diff != "" {
		t.Errorf("taken back, %+v (-want +got):\n%s", back, diff)
	}
}

// Who receives only what the settings name no longer is shown how to end it.
func TestWhatNoPageShowsIsTold(t *testing.T) {
	r := inRoom(t)
	s := r.reader("claire@lecteur.example")
	look := func() subscription.Preferences {
		p, err := r.LookPreferences(t.Context(), r.sign(token.Preferences, s))
		r.must(err)
		return p
	}
	if p := look(); p.Unshown {
		t.Errorf("while it is published: %+v", p)
	}
	r.Newsletters = slices.DeleteFunc(slices.Clone(r.Newsletters), func(n newsletter.Newsletter) bool { return n.Name == s.Newsletter })
	if p := look(); !p.Unshown {
		t.Errorf("afterwards: %+v", p)
	}
	p, err := r.Prefer(t.Context(), look().Link, subscription.Wish{})
	if r.must(err); p.Unshown {
		t.Errorf("after the end of all: %+v", p)
	}
}

// The button that ends all is easily pressed twice: the second press is answered as the first was, and what it offers ends
// at the same time. Whatever else was done, or long ago, is none of that.
func TestTheEndOfAllPressedTwice(t *testing.T) {
	stopped := func(t *testing.T) (r *room, s newsletter.Subscription, link string) {
		r = inRoom(t)
		s = r.reader("claire@lecteur.example")
		_, err := r.Prefer(t.Context(), r.sign(token.Preferences, s), subscription.Wish{Newsletters: []string{"hebdo", "quotidien"}})
		r.must(err)
		r.now = r.now.Add(time.Minute)
		link = r.sign(token.Preferences, s)
		if _, err := r.Stopped(t.Context(), link); !errors.Is(err, newsletter.ErrState) {
			t.Errorf("before the first press: %v", err)
		}
		_, err = r.Prefer(t.Context(), link, subscription.Wish{})
		r.must(err)
		return r, s, link
	}
	for name, c := range map[string]struct {
		meanwhile func(r *room, s newsletter.Subscription, link string)
		twice     bool
	}{
		"at once": {func(*room, newsletter.Subscription, string) {}, true},
		"in time": {func(r *room, _ newsletter.Subscription, _ string) {
			r.now = r.now.Add(subscription.LinkLife - time.Second)
		}, true},
		"too late": {func(r *room, _ newsletter.Subscription, _ string) { r.now = r.now.Add(subscription.LinkLife) }, false},
		"taken back": {func(r *room, s newsletter.Subscription, _ string) {
			_, err := r.Undo(t.Context(), r.sign(token.Undo, s))
			r.must(err)
		}, false},
		"another is chosen again": {func(r *room, s newsletter.Subscription, _ string) {
			_, err := r.Prefer(t.Context(), r.sign(token.Preferences, s), subscription.Wish{Newsletters: []string{"quotidien"}})
			r.must(err)
		}, false},
		"erased": {func(r *room, _ newsletter.Subscription, _ string) {
			_, err := r.Erase(t.Context(), "claire@lecteur.example")
			r.must(err)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r, s, link := stopped(t)
			at := r.now
			c.meanwhile(r, s, link)
			p, err := r.Stopped(t.Context(), link)
			if !c.twice {
				if !errors.Is(err, newsletter.ErrState) || p.Undo != "" || p.Newsletter != "hebdo" {
					t.Errorf("Stopped = %+v, %v", p, err)
				}
				return
			}
			r.must(err)
			r.now = at.Add(subscription.LinkLife)
			if _, err := r.Undo(t.Context(), p.Undo); !errors.Is(err, newsletter.ErrState) {
				t.Errorf("half an hour after the first press: %v", err)
			}
			r.now = r.now.Add(-time.Second)
			if back, err := r.Undo(t.Context(), p.Undo); err != nil || len(back.Newsletters) != 2 {
				t.Errorf("Undo = %+v, %v", back, err)
			}
		})
	}
	t.Run("left by a letter", func(t *testing.T) {
		r := inRoom(t)
		s := r.reader("claire@lecteur.example")
		link := r.sign(token.Preferences, s)
		r.left(s)
		if p, err := r.Stopped(t.Context(), link); !errors.Is(err, newsletter.ErrState) {
			t.Errorf("Stopped = %+v, %v", p, err)
		}
	})
	t.Run("with a link about what was left before", func(t *testing.T) {
		r := inRoom(t)
		s := r.reader("claire@lecteur.example")
		p, err := r.Prefer(t.Context(), r.sign(token.Preferences, s), subscription.Wish{Newsletters: []string{"quotidien"}})
		r.must(err)
		for i := range 2 {
			r.now = r.now.Add(time.Minute)
			if got, err := r.Prefer(t.Context(), p.Link, subscription.Wish{}); err != nil || got.Undo == "" {
				t.Errorf("press %d is given %q, %v", i+1, got.Undo, err)
			}
		}
	})
}
