package outbox_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/address"
	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/sqlite"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
	"facteur/internal/token"
	"facteur/internal/transport"
)

// A house is all that a sender needs, in virtual time: the real store, the real wire, and a relay that replies as told.
type house struct {
	*sqlite.Store
	t      *testing.T
	relay  *smtptest.Server
	offers []string // of each relay
	post   *outbox.Post
	slot   int
}

// manners are the ways in which a relay may want commands: one after the other, or several together (RFC 2920).
func manners(t *testing.T, run func(t *testing.T, offers []string)) {
	t.Helper()
	t.Run("apart", func(t *testing.T) { run(t, nil) })
	t.Run("together", func(t *testing.T) { run(t, []string{"PIPELINING"}) })
}

// inHouse runs a test in a house whose clock is virtual.
func inHouse(t *testing.T, script smtptest.Script, test func(*house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { newHouse(t, script, test) })
}

// newHouse runs a test in a house whose clock is the one around it.
func newHouse(t *testing.T, script smtptest.Script, test func(*house)) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "facteur.db"), sqlite.Options{Create: true, Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	h := &house{Store: store, t: t, offers: script.Extensions, relay: smtptest.Start(t, script), post: newPost(t)}
	h.post.Texts = store
	h.must(store.EnsureNewsletters(t.Context(), []string{"hebdo"}))
	test(h)
}

func newPost(t testing.TB) *outbox.Post {
	t.Helper()
	keys, err := token.NewKeyring(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &outbox.Post{House: hebdo(), Keys: keys, WebURL: "https://lettre.pandia.example"}
}

func hebdo() newsletter.Newsletter {
	return newsletter.Newsletter{
		Name: "hebdo", Title: "La lettre", Language: "fr", Zone: time.UTC, ListID: "hebdo.pandia.example",
		Sender: newsletter.Sender{Site: "PandIA", Name: "PandIA", Address: "lettre@pandia.example"},
	}
}

// readersOwn is a part of an edition that has all that is a reader's own.
func readersOwn() string {
	const pages = "https://lettre.pandia.example"
	return pages + "/u/" + token.Placeholder(token.Leave) + "\n" + pages + "/p/" + token.Placeholder(token.Preferences) +
		"\nlu depuis le " + token.DayPlaceholder(len("24/11/2026")) + "\n"
}

func letterhead() newsletter.Letterhead { return hebdo().Letterhead("https://lettre.pandia.example") }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// sender builds one of two connections whose policy tries for a day.
func (h *house) sender() *outbox.Sender {
	h.t.Helper()
	way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Dial: h.relay.Dial})
	h.must(err)
	return &outbox.Sender{
		Store: h.Store, Transport: way, Composer: h.post, Connections: 2, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(h.t.Output(), nil)),
		Policy: outbox.Policy{
			Retry:   newsletter.RetryPolicy{First: 10 * time.Minute, Longest: 4 * time.Hour, GiveUp: 24 * time.Hour},
			Unknown: newsletter.UnknownResend,
		},
	}
}

// drain sends until nothing is due.
func (h *house) drain() outbox.Tally {
	h.t.Helper()
	s := h.sender()
	s.UntilIdle = true
	tally, err := s.Run(h.t.Context())
	h.must(err)
	return tally
}

// start lets a sender run; stop ends it politely and returns what Run returned.
func (h *house) start(s *outbox.Sender) (stop func() error) {
	ctx, cancel := context.WithCancel(h.t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := s.Run(ctx)
		ended <- err
	}()
	return func() error {
		cancel()
		return <-ended
	}
}

// mail is the address of a reader, who may be named by it.
func mail(name string) string {
	if strings.Contains(name, "@") {
		return name
	}
	return name + "@lecteurs.example"
}

func (h *house) address(name string) address.Address { return h.parsed(mail(name)) }

func (h *house) parsed(text string) address.Address {
	h.t.Helper()
	a, err := address.Parse(text)
	h.must(err)
	return a
}

func (h *house) readers(names ...string) {
	h.t.Helper()
	for _, name := range names {
		_, err := h.Enrol(h.t.Context(), "hebdo", []subscription.Person{{Address: h.address(name), Language: "fr"}},
			newsletter.Consent{Act: newsletter.ConsentConfirmed, At: time.Now(), Origin: "command", Source: "test"})
		h.must(err)
	}
}

// publish freezes the next edition.
func (h *house) publish() newsletter.Edition {
	h.t.Helper()
	h.slot++
	e, err := h.Publish(h.t.Context(), digest.Publication{
		Letterhead: letterhead(),
		Newsletter: "hebdo", Slot: newsletter.Slot("2000-01-01T07:00").WithExtra(h.slot), Number: h.slot, KeyID: uint16(h.post.Keys.Newest()),
		Content: newsletter.Content{Number: h.slot, Subject: "Le sujet"}, Approved: time.Now(),
		Variants: []newsletter.Variant{{
			Key: "full", Kind: newsletter.KindEdition, Subject: "Le sujet", Text: "Bonjour.\n" + readersOwn(),
			HTML: "<p>Bonjour.</p><p>" + readersOwn() + "</p>",
		}},
	})
	h.must(err)
	return e
}

// letters returns what the relay has for a reader.
func (h *house) letters(name string) []smtptest.Letter {
	var got []smtptest.Letter
	for _, l := range h.relay.Letters() {
		if l.To[0] == mail(name) {
			got = append(got, l)
		}
	}
	return got
}

// told is a reader's latest delivery with its tries.
func (h *house) told(name string) outbox.Told {
	h.t.Helper()
	letters, err := h.Letters(h.t.Context(), h.address(name), 1)
	h.must(err)
	if len(letters) == 0 {
		h.t.Fatalf("%s was never owed anything", name)
	}
	return letters[0]
}

// state fails the test unless a reader's latest delivery is in a state.
func (h *house) state(name string, want newsletter.DeliveryState) {
	h.t.Helper()
	if d := h.told(name); d.State != want {
		h.t.Errorf("%s: %s after %v, want %s", name, d.State, d.Attempts, want)
	}
}

// field returns a header field of a letter.
func field(l smtptest.Letter, name string) string {
	head, _, _ := strings.Cut(string(l.Content), "\r\n\r\n")
	for line := range strings.Lines(strings.ReplaceAll(head, "\r\n ", " ")) {
		if value, found := strings.CutPrefix(line, name+": "); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// A witness stands between a sender and the store.
type witness struct {
	outbox.Store
	// call is told of each call before and after; its error becomes the call's, which before it is then not made.
	call func(name string, after bool) error
}

func (w witness) around(name string, do func() error) error {
	if err := w.call(name, false); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return w.call(name, true)
}

func (w witness) Remnants(ctx context.Context, limit int) (d []newsletter.Delivery, err error) {
	err = w.around("Remnants", func() error { d, err = w.Store.Remnants(ctx, limit); return err })
	return d, err
}

func (w witness) QueueNext(ctx context.Context, limit int, now time.Time) (more bool, err error) {
	err = w.around("QueueNext", func() error { more, err = w.Store.QueueNext(ctx, limit, now); return err })
	return more, err
}

func (w witness) DueAhead(ctx context.Context, now time.Time, limit int) (d []newsletter.Delivery, err error) {
	err = w.around("Due", func() error { d, err = w.Store.DueAhead(ctx, now, limit); return err })
	return d, err
}

func (w witness) DueCopies(ctx context.Context, now time.Time, limit int, room outbox.Room) (d []newsletter.Delivery, err error) {
	err = w.around("Due", func() error { d, err = w.Store.DueCopies(ctx, now, limit, room); return err })
	return d, err
}

func (w witness) NextDue(ctx context.Context, after time.Time) (at time.Time, comes bool, err error) {
	err = w.around("NextDue", func() error { at, comes, err = w.Store.NextDue(ctx, after); return err })
	return at, comes, err
}

func (w witness) Step(ctx context.Context, done []outbox.Settlement, begin []newsletter.Parcel, now time.Time) (refused []int64, err error) {
	err = w.around("Step", func() error { refused, err = w.Store.Step(ctx, done, begin, now); return err })
	return refused, err
}

func (w witness) SetGroups(ctx context.Context, groups newsletter.Groups) error {
	return w.around("SetGroups", func() error { return w.Store.SetGroups(ctx, groups) })
}

func (w witness) Open(ctx context.Context, edition int64, at time.Time) error {
	return w.around("Open", func() error { return w.Store.Open(ctx, edition, at) })
}

func (w witness) Finish(ctx context.Context) (n int, err error) {
	err = w.around("Finish", func() error { n, err = w.Store.Finish(ctx); return err })
	return n, err
}

func names(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("r%02d", i)
	}
	return all
}
