package outbox_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/smtptest"
	"facteur/internal/transport"
)

// A fault is what a server does wrong while it is due a letter for each of lea, max and noe, in this order and over one
// connection. Where point names one of them it is max who meets it, and the others get their letters whatever happens.
type fault struct {
	does   string // for docs/reliability.md
	point  string // see [smtptest.Answer]
	answer smtptest.Answer
	also   map[string]smtptest.Answer
	offers []string // EHLO keywords
	secure bool     // the relay is to be spoken to under TLS, with a login
	host   string   // the name that its certificate must bear; empty is the one it bears
	doubt  bool     // nobody vouches for its certificate
	big    bool     // max's letter is more than any buffer holds
	holds  bool     // [newsletter.UnknownHold]
	all    bool     // lea and noe meet it as well
	grants bool     // DATA, though nobody was taken (RFC 2920 §3.1)

	state newsletter.DeliveryState // of max's letter when nothing is due any more
	stage newsletter.Stage         // of his first try; empty is none
	said  string                   // what is written down of it: a whole reply with its code, else a part; of the run's error where there is no try
	tries int                      // 0 is one, if there is a stage
	reads string                   // see readings
	made  int                      // connections: 1 means that the first goes on; 0 does not say
	got   int                      // letters of max's that the server has

	together func(*fault) // how it comes out where commands are sent together; nil: in the same way
}

const lost = "the connection was lost" // in whichever of the words of the system

// faultRun is what there is to compare after a run.
type faultRun struct {
	err     error
	began   time.Time
	settled []outbox.Settlement // of max's letter
	log     string
}

// run sends three letters, and compares what came of max's.
func (f fault) run(t *testing.T, offers []string) {
	if offers != nil && f.together != nil {
		f.together(&f)
	}
	script := smtptest.Script{Extensions: slices.Concat(f.offers, offers), Generous: f.grants, Answers: map[string]smtptest.Answer{}}
	for point, answer := range f.also {
		script.Answers[point] = answer
	}
	if f.point != "" {
		script.Answers[f.point] = f.answer
	}
	if f.secure {
		script.Users = map[string]string{"pandia": "s3cret"}
	}
	newHouse(t, script, func(h *house) {
		h.readers("lea", "max", "noe")
		h.publish()
		sender := f.sender(h)
		got := f.drain(h, sender)
		f.compareLetter(h, got)
		f.compareOthers(h, got)
		if f.stage == "" && !f.doubt && f.host == "" && f.point != "" && !f.slows() {
			f.comesBack(h, sender)
		}
	})
}

// sender goes to the house's relay by a real socket.
func (f fault) sender(h *house) *outbox.Sender {
	host, port := h.relay.Listen(h.t)
	relay := transport.Relay{Host: smtptest.Host, Security: transport.NoTLS, Pipelining: true, Timeouts: f.waits(), RootCAs: h.relay.RootCAs()}
	relay.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(host, strconv.Itoa(port)))
	}
	if f.secure {
		relay.Security, relay.User, relay.Password = transport.STARTTLS, "pandia", "s3cret"
	}
	if f.doubt {
		relay.RootCAs = nil
	}
	if f.host != "" {
		relay.Host = f.host
	}
	way, err := transport.NewSMTP(relay)
	h.must(err)
	s := h.sender()
	s.Transport, s.Composer, s.Connections, s.UntilIdle = way, envelopes{h.post, f.big}, 1, true
	if f.holds {
		s.Policy.Unknown = newsletter.UnknownHold
	}
	return s
}

// waits shortens the wait that the fault uses up, and leaves the others long enough for a busy machine.
func (f fault) waits() transport.Timeouts {
	const short = time.Second
	if !f.answer.Hang {
		return transport.Timeouts{}
	}
	switch point, _, _ := strings.Cut(f.point, " "); point {
	case "MAIL", "RCPT", "RSET":
		return transport.Timeouts{Command: short}
	case "DATA":
		return transport.Timeouts{Data: short}
	case "DOT":
		return transport.Timeouts{Dot: short}
	case "QUIT":
		return transport.Timeouts{Quit: short}
	default:
		return transport.Timeouts{Connect: short}
	}
}

// envelopes gives each letter a return path of its own, and max a long one if need be.
type envelopes struct {
	outbox.Composer
	big bool
}

func (e envelopes) Compose(ctx context.Context, d newsletter.Delivery, date time.Time) (newsletter.Parcel, error) {
	p, err := e.Composer.Compose(ctx, d, date)
	name, _, _ := strings.Cut(d.Address, "@")
	p.Envelope.From = "retour+" + name + "@pandia.example"
	if e.big && name == "max" {
		p.Content = letter.Octets(append(p.Content.Append(nil), strings.Repeat("Rien de neuf sous le soleil.\r\n", 1<<19)...))
	}
	return p, err
}

// A bookkeeper keeps a copy of what is settled for an address, as the store is given it.
type bookkeeper struct {
	outbox.Store
	to      string
	mu      sync.Mutex
	settled []outbox.Settlement
}

func (b *bookkeeper) Step(ctx context.Context, done []outbox.Settlement, begin []newsletter.Parcel, now time.Time) ([]int64, error) {
	b.mu.Lock()
	for _, s := range done {
		if s.To == b.to {
			b.settled = append(b.settled, s)
		}
	}
	b.mu.Unlock()
	return b.Store.Step(ctx, done, begin, now)
}

func (f fault) drain(h *house, s *outbox.Sender) faultRun {
	books := &bookkeeper{Store: h.Store, to: mail("max")}
	var log strings.Builder
	s.Store, s.Log = books, slog.New(slog.NewTextHandler(&log, nil))
	began := time.Now()
	_, err := s.Run(h.t.Context())
	return faultRun{err, began, books.settled, log.String()}
}

func (f fault) compareLetter(h *house, got faultRun) {
	t := h.t
	t.Helper()
	told := h.told("max")
	if told.State != f.state {
		t.Errorf("the letter is %s after %v, want %s", told.State, told.Attempts, f.state)
	}
	tries := f.tries
	if f.stage != "" {
		tries = max(1, tries)
	}
	if len(told.Attempts) != tries || len(got.settled) != tries {
		t.Fatalf("%d tries in the ledger and %d settled, want %d: %v", len(told.Attempts), len(got.settled), tries, told.Attempts)
	}
	if tries == 0 {
		f.compareError(t, got.err)
		return
	}
	first := got.settled[0].Attempt
	if first.Stage != f.stage || !f.isSaid(first.Reply) {
		t.Errorf("written down: %s %q, want %s %q", first.Stage, first.Reply, f.stage, f.said)
	}
	if reads := readings(first.Stage, first.Reply); reads != f.reads {
		t.Errorf("read as %q, want %q", reads, f.reads)
	}
	f.compareNext(h, got.settled[tries-1], told.Next)
}

// isSaid compares a reply with what is to be said. Unlike those in memory, sockets do not fail in the same words each time.
func (f fault) isSaid(r newsletter.Reply) bool {
	start, cut := strings.CutSuffix(f.said, "…")
	switch {
	case f.said == lost:
		return r.Code == 0 && isLoss(r.Text)
	case r.Code == 0:
		return strings.Contains(r.Text, f.said) && r.Text != ""
	case cut:
		return strings.HasPrefix(r.String(), start)
	default:
		return r.String() == f.said
	}
}

func isLoss(text string) bool {
	for _, words := range []string{"EOF", "reset by peer", "broken pipe"} {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

func (f fault) compareError(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, outbox.ErrNoWayOut) || !strings.Contains(err.Error(), f.said) && (f.said != lost || !isLoss(err.Error())) {
		t.Errorf("the run ends with %v, want %q", err, f.said)
	}
	said := newsletter.NewReply(0, err.Error())
	if answer, ok := errors.AsType[*textproto.Error](err); ok {
		said = newsletter.NewReply(answer.Code, answer.Msg)
	}
	if reads := readings(newsletter.StageConnect, said); reads != f.reads {
		t.Errorf("read as %q, want %q", reads, f.reads)
	}
}

// compareNext compares when the letter is due again, and whether its address is suppressed.
func (f fault) compareNext(h *house, last outbox.Settlement, next time.Time) {
	t := h.t
	t.Helper()
	wait := next.Sub(last.Attempt.Ended.Truncate(time.Millisecond)) // as the ledger keeps it
	if again := wait >= 10*time.Minute && (f.slows() || wait < 15*time.Minute+time.Millisecond); again != (f.state == newsletter.Deferred) || !again && !next.IsZero() {
		t.Errorf("a letter that is %s is due again at %s, %s after its try", f.state, next, wait)
	}
	_, err := h.Suppression(t.Context(), h.address("max"))
	if suppressed := err == nil; suppressed != strings.Contains(f.reads, readsGone) {
		t.Errorf("the address is suppressed: %t (%v)", suppressed, err)
	}
}

// compareOthers compares what came of the other letters and of the connections, and that nothing foreign stands in the log.
func (f fault) compareOthers(h *house, got faultRun) {
	t := h.t
	t.Helper()
	want := newsletter.Sent
	if f.all || f.stage == "" {
		want = f.state
	}
	h.state("lea", want)
	if d := h.told("noe"); d.State != want && (!f.slows() || d.State != newsletter.Queued) {
		t.Errorf("noe: %s after %v, want %s", d.State, d.Attempts, want)
	}
	if n := len(h.letters("max")); n != f.got {
		t.Errorf("the server has %d letters, want %d", n, f.got)
	}
	made, _ := h.relay.Connections()
	if f.state == unknown && f.tries == 2 && made == f.made+1 {
		made-- // noe's letter may come before max's second try, or behind it, and then on another connection
	}
	if f.made != 0 && made != f.made && (!f.slows() || made != 1) {
		t.Errorf("%d connections, want %d", made, f.made)
	}
	if n := h.relay.Flooded(); n > 16<<20 {
		t.Errorf("the server could say %d bytes", n)
	}
	if strings.Contains(strings.Join(h.relay.Commands(), "\n"), "NOOP") {
		t.Error("NOOP was sent")
	}
	for line := range strings.Lines(got.log) {
		if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), unicode.IsControl) || strings.Contains(strings.ToLower(line), "max@") {
			t.Errorf("in the log: %q", line)
		}
	}
	if len(got.log) > 20000 {
		t.Errorf("the log has %d bytes", len(got.log))
	}
}

// slows reports that the server asked for fewer letters: those after it may wait.
func (f fault) slows() bool {
	return strings.Contains(f.reads, readsPace) || strings.Contains(f.reads, readsPause)
}

// comesBack lets a server that took no letter behave, and wants each letter sent as if nothing had been.
func (f fault) comesBack(h *house, s *outbox.Sender) {
	h.relay.Answer(f.point, smtptest.Answer{})
	for point := range f.also {
		h.relay.Answer(point, smtptest.Answer{})
	}
	way, err := transport.NewSMTP(transport.Relay{Host: smtptest.Host, Dial: h.relay.Dial, RootCAs: h.relay.RootCAs(), Pipelining: true, User: "pandia", Password: "s3cret"})
	h.must(err)
	s.Transport = way
	if got := f.drain(h, s); got.err != nil {
		h.t.Error(got.err)
	}
	for _, name := range []string{"lea", "max", "noe"} {
		if h.state(name, newsletter.Sent); len(h.told(name).Attempts) != 1 {
			h.t.Errorf("%s's letter was blamed: %v", name, h.told(name).Attempts)
		}
	}
}

const (
	readsGone   = "no such mailbox"
	readsSender = "about the sender"
	readsPace   = "slower"
	readsPause  = "a pause of 2 h"
)

// readings are what the outbox makes of a refusal besides an outcome.
func readings(stage newsletter.Stage, r newsletter.Reply) string {
	var all []string
	if stage != newsletter.StageMail && r.NoSuchMailbox() {
		all = append(all, readsGone)
	}
	if r.AboutSender(stage) {
		all = append(all, readsSender)
	}
	switch pause, throttled := r.Throttle(); {
	case pause == 2*time.Hour:
		all = append(all, readsPause)
	case throttled:
		all = append(all, readsPace)
	}
	return strings.Join(all, ", ")
}

// A server that misbehaves, over real sockets, with the real store behind the sender.
func TestFaults(t *testing.T) {
	for _, group := range faultGroups() {
		for _, f := range group.faults {
			t.Run(group.name+"/"+f.does, func(t *testing.T) {
				t.Parallel()
				manners(t, f.run)
			})
		}
	}
}
