package sqlite_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"facteur/internal/address"
	"facteur/internal/digest"
	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/sqlite"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
	"facteur/internal/transport"
)

// An office is a store, the real sender over it, and a relay, in virtual time.
type office struct {
	*sqlite.Store
	t       *testing.T
	relay   *smtptest.Server
	log     strings.Builder // read it when no sender runs
	readers int
}

// connections of an office's sender; one more is kept for what goes ahead.
const connections = 2

// newOffice opens a store in a folder, with an edition for n readers that is to be sent. It must be called in a bubble.
func newOffice(t *testing.T, folder string, n int) *office {
	t.Helper()
	// Patience below nothing: SQLite waits for a lock in real time, and virtual time stands still meanwhile.
	s, err := sqlite.Open(t.Context(), filepath.Join(folder, "facteur.db"), sqlite.Options{Create: true, Hash: storetest.Hash, BusyTimeout: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	o := &office{Store: s, t: t, relay: smtptest.Start(t, smtptest.Script{}), readers: n}
	o.must(s.EnsureNewsletters(t.Context(), []string{"hebdo"}))
	var people []subscription.Person
	for i := range n {
		a, err := address.Parse(reader(i))
		o.must(err)
		people = append(people, subscription.Person{Address: a, Language: "fr"})
	}
	_, err = s.Enrol(t.Context(), "hebdo", people, newsletter.Consent{Act: newsletter.ConsentConfirmed, At: time.Now(), Origin: "command", Source: "test"})
	o.must(err)
	_, err = s.Publish(t.Context(), digest.Publication{
		Newsletter: "hebdo", Slot: "2000-01-01T07:00", Number: 1, Content: newsletter.Content{Number: 1, Subject: "Le sujet"}, Approved: time.Now(),
		Variants: []newsletter.Variant{{Key: "full", Kind: newsletter.KindEdition, Subject: "Le sujet", Text: "…", HTML: "…"}},
	})
	o.must(err)
	return o
}

func reader(i int) string { return fmt.Sprintf("r%04d@lecteurs.example", i) }

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// Compose makes a letter of what tells it from others.
func (o *office) Compose(_ context.Context, d newsletter.Delivery, date time.Time) (newsletter.Parcel, error) {
	return newsletter.Parcel{
		Delivery: d.ID, Date: date, Envelope: newsletter.Envelope{From: "lettre@pandia.example", To: d.Address},
		Content: letter.Octets(fmt.Appendf(nil, "Message-ID: <%d@pandia.example>\r\nDate: %s\r\n\r\nBonjour.\r\n", d.ID, date.Format(time.RFC1123Z))),
	}, nil
}

// start lets a sender run that takes its time, until ctx is done. What its Run returns comes on the channel.
func (o *office) start(ctx context.Context) (ended <-chan error) {
	o.t.Helper()
	way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Dial: o.relay.Dial})
	o.must(err)
	s := &outbox.Sender{
		Store: o.Store, Transport: way, Composer: o, Connections: connections, Now: time.Now, Log: slog.New(slog.NewTextHandler(&o.log, nil)),
		Pace: newsletter.Pace{Second: 20},
		Policy: outbox.Policy{
			Retry:   newsletter.RetryPolicy{First: 10 * time.Minute, Longest: 4 * time.Hour, GiveUp: 24 * time.Hour},
			Unknown: newsletter.UnknownResend,
		},
	}
	done := make(chan error, 1)
	go func() {
		_, err := s.Run(ctx)
		done <- err
	}()
	return done
}

// pass lets time pass.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// judge fails the test unless everybody has their letter, who has it twice has the same one, and so few that each
// may have been on the wire once.
func (o *office) judge(twiceMost int) {
	o.t.Helper()
	got := map[string][]string{}
	for _, l := range o.relay.Letters() {
		got[l.To[0]] = append(got[l.To[0]], string(l.Content))
	}
	twice := 0
	for i := range o.readers {
		letters := got[reader(i)]
		if len(letters) == 2 && letters[0] == letters[1] {
			twice++
		} else if len(letters) != 1 {
			o.t.Errorf("%s has %d letters: %q", reader(i), len(letters), letters)
		}
	}
	if twice > twiceMost {
		o.t.Errorf("%d letters came twice, of %d that were on the wire", twice, twiceMost)
	}
	counts, err := o.OutboxCounts(o.t.Context())
	o.must(err)
	if counts[newsletter.Sent] != o.readers {
		o.t.Errorf("the ledger says %v, want all of %d sent", counts, o.readers)
	}
}

// fill makes a file that takes all the room there is, until free is called.
func fill(t *testing.T, folder string) (free func()) {
	t.Helper()
	path := filepath.Join(folder, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 4096)
	for {
		if _, err := f.Write(block); err != nil {
			break
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}
