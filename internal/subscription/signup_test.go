package subscription_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/sqlite"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

// A house is a register over a real store, and a clock that a test sets.
type house struct {
	*subscription.Register
	t     *testing.T
	store *sqlite.Store
	path  string
	clock atomic.Int64
}

// inHouse opens a house with two newsletters whose rules are those of the default settings.
func inHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, path: filepath.Join(t.TempDir(), "facteur.db")}
	h.clock.Store(noon().UnixMilli())
	h.open()
	h.must(h.store.EnsureNewsletters(t.Context(), []string{"hebdo", "quotidien"}))
	h.Register = &subscription.Register{
		Store: h.store, Keys: keys(t, 1), Now: h.now, Random: rand.Reader, Texts: texts{},
		Newsletters: []newsletter.Newsletter{hebdo(), {Name: "quotidien", Title: "Le quotidien", Language: "fr"}},
		Rules: subscription.Rules{
			Hold: subscription.HoldAuto, Link: 3 * day, Pending: 7 * day, Reminder: 2 * day, Delay: 10 * time.Minute, Bits: 4,
			ClientHourly: 5, NetworkHourly: 50, Hourly: 1000, AttackFactor: 10, Operator: "op@pandia.example",
		},
	}
	t.Cleanup(func() { h.must(h.store.Close()) })
	return h
}

const day = 24 * time.Hour

func (h *house) open() {
	h.t.Helper()
	var err error
	h.store, err = sqlite.Open(context.WithoutCancel(h.t.Context()), h.path, sqlite.Options{Create: true, Hash: storetest.Hash})
	h.must(err)
}

// reopen is a restart of the program.
func (h *house) reopen() {
	h.t.Helper()
	h.must(h.store.Close())
	h.open()
	h.Register = &subscription.Register{
		Store: h.store, Keys: h.Keys, Now: h.now, Random: h.Random, Texts: h.Texts, Newsletters: h.Newsletters, Rules: h.Rules,
	}
}

func (h *house) now() time.Time { return time.UnixMilli(h.clock.Load()).UTC() }

func (h *house) later(d time.Duration) { h.clock.Add(d.Milliseconds()) }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// texts writes letters that say what they are.
type texts struct{}

func (texts) SingleLetter(kind newsletter.LetterKind, about []newsletter.Newsletter) (newsletter.Variant, error) {
	key := string(kind)
	for _, n := range about {
		key += " " + n.Name
	}
	return newsletter.Variant{Key: key, Kind: newsletter.KindLetter, Subject: key, HTML: "<p>…</p>", Text: "…"}, nil
}

// solve does the work of a form.
func solve(f subscription.Form) string {
	for n := 0; ; n++ {
		if text := fmt.Sprint(n); admission.Solved(f.Stamp, text, f.Bits) {
			return text
		}
	}
}

// form is one that was fetched three seconds ago from a machine of its own, with its work done.
func (h *house) form(who string) subscription.SignUp {
	h.t.Helper()
	f, err := h.NewForm(h.t.Context())
	h.must(err)
	h.later(3 * time.Second)
	return subscription.SignUp{
		Visit: subscription.Visit{
			Door: newsletter.OriginPage, Stamp: f.Stamp, Solution: solve(f), Client: "client of " + who, Network: "network of " + who,
		},
		Address: who, Newsletters: []string{"hebdo"}, Wording: newsletter.NewWording("en", "Oui, je veux recevoir la lettre."),
	}
}

func (h *house) signUp(s subscription.SignUp) subscription.Answer {
	h.t.Helper()
	answer, err := h.SignUp(h.t.Context(), s)
	h.must(err)
	return answer
}

// ask signs somebody up and fails the test where that does not work.
func (h *house) ask(who string, newsletters ...string) {
	h.t.Helper()
	s := h.form(who)
	if len(newsletters) > 0 {
		s.Newsletters = newsletters
	}
	if answer := h.signUp(s); answer.Verdict != subscription.Received {
		h.t.Fatalf("%s signs up: %+v", who, answer)
	}
}

// post sends everything that is due and returns it.
func (h *house) post() []newsletter.Delivery {
	h.t.Helper()
	due, err := h.store.DueAhead(h.t.Context(), h.now(), 10_000)
	h.must(err)
	var sent []newsletter.Delivery
	for _, d := range due {
		refused, err := h.store.Step(h.t.Context(), nil, []newsletter.Parcel{{Delivery: d.ID, Date: h.now(), Envelope: newsletter.Envelope{To: d.Address}}}, h.now())
		h.must(err)
		if len(refused) > 0 {
			continue
		}
		_, err = h.store.Step(h.t.Context(), []outbox.Settlement{{Delivery: d.ID, State: newsletter.Sent, Attempt: newsletter.Attempt{
			Started: h.now(), Ended: h.now(), Stage: newsletter.StageDone, State: newsletter.Sent, Reply: newsletter.NewReply(250, "2.0.0 ok"),
		}}}, nil, h.now())
		h.must(err)
		sent = append(sent, d)
	}
	return sent
}

// letters tells everything that was ever owed to an address, the latest first: which letter, its state and its reason.
func (h *house) letters(who string) []string {
	h.t.Helper()
	told, err := h.store.Letters(h.t.Context(), h.address(who), 100)
	h.must(err)
	var all []string
	for _, d := range told {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s: %s %s", d.Subject, d.State, d.Reason)))
	}
	return all
}

func (h *house) wantLetters(who string, want ...string) {
	h.t.Helper()
	if diff := cmp.Diff(want, h.letters(who)); diff != "" {
		h.t.Errorf("letters of %s (-want +got):\n%s", who, diff)
	}
}

func (h *house) address(text string) address.Address {
	h.t.Helper()
	a, err := address.Parse(text)
	h.must(err)
	return a
}

// standings tells how an address stands in each newsletter.
func (h *house) standings(who string) map[string]newsletter.SubscriptionState {
	h.t.Helper()
	states := map[string]newsletter.SubscriptionState{}
	all, err := h.store.Subscriptions(h.t.Context(), subscription.Filter{})
	h.must(err)
	for _, s := range all {
		if parsed, err := address.Parse(s.Subscriber.Address); err == nil && parsed.Key() == h.address(who).Key() {
			states[s.Newsletter] = s.State
		}
	}
	return states
}

func (h *house) subscription(who, name string) newsletter.Subscription {
	h.t.Helper()
	all, err := h.store.SubscriptionsOf(h.t.Context(), h.address(who))
	h.must(err)
	for _, s := range all {
		if s.Newsletter == name {
			return s
		}
	}
	h.t.Fatalf("%s does not stand in %s", who, name)
	return newsletter.Subscription{}
}

// link is the one in a confirmation letter made now.
func (h *house) link(who, name string) string {
	h.t.Helper()
	s := h.subscription(who, name)
	return h.Keys.Sign(token.Token{Purpose: token.Confirm, Subscription: s.ID, Epoch: s.Epoch, Time: h.now()})
}

// press looks at the page of a link and presses its button.
func (h *house) press(link string) subscription.Request {
	h.t.Helper()
	h.later(3 * time.Second)
	seen, err := h.LookRequest(h.t.Context(), link)
	h.must(err)
	got, err := h.Confirm(h.t.Context(), link, seen.Form.Stamp)
	h.must(err)
	return got
}

// reader makes somebody an active reader of newsletters, who signed up weeks ago.
func (h *house) reader(who string, newsletters ...string) {
	h.t.Helper()
	if len(newsletters) == 0 {
		newsletters = []string{"hebdo"}
	}
	h.ask(who, newsletters...)
	if got := h.press(h.link(who, newsletters[0])); got.State != subscription.RequestConfirmed {
		h.t.Fatalf("%s cannot confirm: %+v", who, got)
	}
	h.post()
	h.later(100 * day)
}

func (h *house) leaves(who, name string) {
	h.t.Helper()
	_, err := h.store.Leave(h.t.Context(), h.subscription(who, name).ID, newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: h.now(), Origin: newsletter.OriginLetter})
	h.must(err)
}

func (h *house) erases(who string) {
	h.t.Helper()
	_, err := h.Erase(h.t.Context(), who)
	h.must(err)
}

func (h *house) suppress(who string, kind newsletter.SuppressionKind) {
	h.t.Helper()
	h.must(h.store.Suppress(h.t.Context(), h.address(who), kind, "parce que", h.now()))
}

func (h *house) suppressed(who string) bool {
	h.t.Helper()
	_, err := h.store.Suppression(h.t.Context(), h.address(who))
	return err == nil
}

func (h *house) people() int {
	h.t.Helper()
	all, err := h.store.Subscriptions(h.t.Context(), subscription.Filter{Limit: 100_000})
	h.must(err)
	return len(all)
}

type noMail struct{}

func (noMail) TakesMail(_ context.Context, domain string) bool {
	return domain != "sans-courrier.example"
}

// Every guard is a row: what comes back, and that nobody is written down where it is not let through.
func TestSignUpGuards(t *testing.T) {
	again := func(reason string) subscription.Answer {
		return subscription.Answer{Verdict: subscription.FormAgain, Reason: reason}
	}
	mistaken := func(reason string) subscription.Answer {
		return subscription.Answer{Verdict: subscription.Mistaken, Reason: reason}
	}
	received := subscription.Answer{Verdict: subscription.Received}
	for name, test := range map[string]struct {
		change func(h *house, s *subscription.SignUp)
		want   subscription.Answer
		people int
	}{
		"a person":           {func(*house, *subscription.SignUp) {}, received, 1},
		"the trap is filled": {func(_ *house, s *subscription.SignUp) { s.Trap = "https://spam.example" }, received, 0},
		"no stamp":           {func(_ *house, s *subscription.SignUp) { s.Stamp = "" }, again(subscription.ReasonStampMissing), 0},
		"a stamp of another": {func(h *house, s *subscription.SignUp) { s.Stamp = keys(h.t, 9).Stamp(token.Stamp{Time: h.now()}) }, again(subscription.ReasonStampMissing), 0},
		"a page's stamp": {func(h *house, s *subscription.SignUp) {
			h.ask("noe@lecteurs.example")
			seen, err := h.LookRequest(h.t.Context(), h.link("noe@lecteurs.example", "hebdo"))
			h.must(err)
			s.Stamp, s.Solution = seen.Form.Stamp, "0"
			h.later(3 * time.Second)
		}, again(subscription.ReasonStampMissing), 1},
		"a forged stamp":    {func(_ *house, s *subscription.SignUp) { s.Stamp = "A" + s.Stamp[1:len(s.Stamp)-1] + "A" }, again(subscription.ReasonStampMissing), 0},
		"too fast":          {func(h *house, _ *subscription.SignUp) { h.later(-2 * time.Second) }, again(subscription.ReasonStampYoung), 0},
		"too late":          {func(h *house, _ *subscription.SignUp) { h.later(day) }, again(subscription.ReasonStampOld), 0},
		"a clock set back":  {func(h *house, _ *subscription.SignUp) { h.later(-1000 * day) }, again(subscription.ReasonStampYoung), 0},
		"work of yesterday": {func(h *house, _ *subscription.SignUp) { h.later(23 * time.Hour) }, received, 1},
		"no address":        {func(_ *house, s *subscription.SignUp) { s.Address = " " }, mistaken("empty"), 0},
		"no at sign":        {func(_ *house, s *subscription.SignUp) { s.Address = "lea.example" }, mistaken("no-at"), 0},
		"two addresses":     {func(_ *house, s *subscription.SignUp) { s.Address = "a@x.example,b@x.example" }, mistaken("list"), 0},
		"a header":          {func(_ *house, s *subscription.SignUp) { s.Address = "a@x.example\r\nBcc: b@x.example" }, mistaken("control"), 0},
		"a function":        {func(_ *house, s *subscription.SignUp) { s.Address = "abuse@lecteurs.example" }, mistaken(subscription.ReasonRole), 0},
		"an accent":         {func(_ *house, s *subscription.SignUp) { s.Address = "léa@lecteurs.example" }, mistaken(subscription.ReasonSMTPUTF8), 0},
		"an accent carried": {func(h *house, s *subscription.SignUp) {
			s.Address, h.Rules.SMTPUTF8 = "léa@lecteurs.example", func() bool { return true }
		}, received, 1},
		"an accented domain":  {func(_ *house, s *subscription.SignUp) { s.Address = "lea@été.example" }, received, 1},
		"a domain of nobody":  {func(h *house, s *subscription.SignUp) { s.Address, h.Domains = "lea@sans-courrier.example", noMail{} }, mistaken(subscription.ReasonDomain), 0},
		"a domain that takes": {func(h *house, _ *subscription.SignUp) { h.Domains = noMail{} }, received, 1},
		"a throw-away address": {func(h *house, s *subscription.SignUp) {
			s.Address, h.Rules.Disposable = "lea@jetable.example", func(domain string) bool { return domain == "jetable.example" }
		}, mistaken(subscription.ReasonDisposable), 0},
		"an alias":           {func(_ *house, s *subscription.SignUp) { s.Address = "lea+lettre@lecteurs.example" }, received, 1},
		"nearly well known":  {func(h *house, _ *subscription.SignUp) { h.Suggest = suggest }, subscription.Answer{Verdict: subscription.Doubtful, Reason: subscription.ReasonSuggestion, Suggestion: "lea@gmail.com"}, 0},
		"meant as typed":     {func(h *house, s *subscription.SignUp) { h.Suggest, s.Sure = suggest, true }, received, 1},
		"another newsletter": {func(_ *house, s *subscription.SignUp) { s.Newsletters = []string{"hebdo", "mensuel"} }, mistaken(subscription.ReasonNewsletters), 0},
		"none of several":    {func(_ *house, s *subscription.SignUp) { s.Newsletters = nil }, mistaken(subscription.ReasonNewsletters), 0},
		"the only one": {func(h *house, s *subscription.SignUp) {
			h.Newsletters, s.Newsletters = h.Newsletters[:1], nil
		}, received, 1},
		"both": {func(_ *house, s *subscription.SignUp) { s.Newsletters = []string{"quotidien", "hebdo", "hebdo"} }, received, 2},
	} {
		t.Run(name, func(t *testing.T) {
			h := inHouse(t)
			s := h.form("lea@lecteurs.example")
			test.change(h, &s)
			if got := h.signUp(s); got != test.want {
				t.Errorf("answer %+v, want %+v", got, test.want)
			}
			if got := h.people(); got != test.people {
				t.Errorf("%d subscriptions, want %d", got, test.people)
			}
		})
	}
}

// A form that was given out when forms cost no work is received, but not as one that came with its work.
func TestAFreeFormIsWorthNoWorkOnceFormsCostSome(t *testing.T) {
	h := inHouse(t)
	h.Rules.Bits = 0
	free, worthless := h.form("noe@lecteurs.example"), h.form(lea)
	if h.signUp(free); len(h.post()) != 1 {
		t.Error("where no work is asked for, the letter waits")
	}
	h.Rules.Bits = 4
	if h.signUp(worthless); len(h.post()) != 0 {
		t.Error("a form without work gets its letter at once")
	}
}

func suggest(address.Address) (string, bool) { return "lea@gmail.com", true }

func TestAFormWorksOnce(t *testing.T) {
	h := inHouse(t)
	first, second := h.form("lea@lecteurs.example"), h.form("lea@lecteurs.example")
	mistyped := first
	mistyped.Address = "lea"
	for i, step := range []struct {
		form subscription.SignUp
		want subscription.Answer
	}{
		{mistyped, subscription.Answer{Verdict: subscription.Mistaken, Reason: "no-at"}}, // costs nothing
		{first, subscription.Answer{Verdict: subscription.Received}},
		{first, subscription.Answer{Verdict: subscription.FormAgain, Reason: subscription.ReasonStampUsed}},
		{second, subscription.Answer{Verdict: subscription.Received}},
	} {
		if got := h.signUp(step.form); got != step.want {
			t.Errorf("form %d: %+v, want %+v", i+1, got, step.want)
		}
	}
	h.reopen()
	if got := h.signUp(first); got.Reason != subscription.ReasonStampUsed {
		t.Errorf("after a restart: %+v", got)
	}
}

func TestOneFormSentTwiceAtOnceCountsOnce(t *testing.T) {
	h := inHouse(t)
	s := h.form("lea@lecteurs.example")
	var received atomic.Int32
	var both sync.WaitGroup
	for range 8 {
		both.Go(func() {
			if answer, err := h.SignUp(t.Context(), s); err != nil {
				t.Error(err)
			} else if answer.Verdict == subscription.Received {
				received.Add(1)
			}
		})
	}
	both.Wait()
	if received.Load() != 1 {
		t.Errorf("%d of them were received", received.Load())
	}
	h.wantLetters("lea@lecteurs.example", "confirm hebdo: queued")
}

// Whoever asks gets the same answer; what leaves depends on what is known.
func TestTheSameAnswerForEveryAddress(t *testing.T) {
	const who = "lea@lecteurs.example"
	for name, test := range map[string]struct {
		before func(*house)
		want   string // the letter that is owed
		state  newsletter.SubscriptionState
	}{
		"new":                      {func(*house) {}, "confirm hebdo: queued", newsletter.Pending},
		"pending":                  {func(h *house) { h.ask(who); h.later(2 * day) }, "confirm hebdo: queued", newsletter.Pending},
		"asked a moment ago":       {func(h *house) { h.ask(who) }, "confirm hebdo: cancelled limited", newsletter.Pending},
		"active":                   {func(h *house) { h.reader(who) }, "already hebdo: queued", newsletter.Active},
		"left":                     {func(h *house) { h.reader(who); h.leaves(who, "hebdo") }, "confirm hebdo: queued", newsletter.Pending},
		"complained":               {func(h *house) { h.suppress(who, newsletter.SuppressedComplaint) }, "confirm hebdo: cancelled suppressed", newsletter.Pending},
		"silenced":                 {func(h *house) { h.suppress(who, newsletter.SuppressedOperator) }, "confirm hebdo: cancelled suppressed", newsletter.Pending},
		"asked for silence":        {func(h *house) { h.suppress(who, newsletter.SuppressedRequest) }, "confirm hebdo: queued", newsletter.Pending},
		"bounced":                  {func(h *house) { h.suppress(who, newsletter.SuppressedHardBounce) }, "confirm hebdo: cancelled suppressed", newsletter.Pending},
		"bounced long ago":         {func(h *house) { h.suppress(who, newsletter.SuppressedHardBounce); h.later(30 * day) }, "confirm hebdo: queued", newsletter.Pending},
		"active, complained":       {func(h *house) { h.reader(who); h.suppress(who, newsletter.SuppressedComplaint) }, "already hebdo: cancelled suppressed", newsletter.Active},
		"active, bounced long ago": {func(h *house) { h.reader(who); h.suppress(who, newsletter.SuppressedHardBounce); h.later(30 * day) }, "confirm hebdo: queued", newsletter.Active},
	} {
		t.Run(name, func(t *testing.T) {
			h := inHouse(t)
			test.before(h)
			if got := h.signUp(h.form(who)); got != (subscription.Answer{Verdict: subscription.Received}) {
				t.Errorf("answer %+v", got)
			}
			if got := h.letters(who)[0]; got != test.want {
				t.Errorf("owed is %q, want %q", got, test.want)
			}
			if got := h.standings(who)["hebdo"]; got != test.state {
				t.Errorf("stands as %s, want %s", got, test.state)
			}
		})
	}
}

func TestARequestIsRecordedAsItWasMade(t *testing.T) {
	h := inHouse(t)
	s := h.form("Lea@lecteurs.example")
	s.Network = "203.0.113.0/24"
	h.signUp(s)
	got, err := h.store.Consents(t.Context(), h.subscription("lea@lecteurs.example", "hebdo").ID)
	h.must(err)
	want := []newsletter.Consent{{
		Act: newsletter.ConsentRequested, At: h.now(), Origin: newsletter.OriginPage,
		Wording: newsletter.NewWording("en", "Oui, je veux recevoir la lettre."), Network: "203.0.113.0/24",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWithoutWorkTheLetterLeavesLater(t *testing.T) {
	h := inHouse(t)
	s := h.form("lea@lecteurs.example")
	s.Solution = ""
	h.signUp(s)
	if sent := h.post(); len(sent) != 0 {
		t.Errorf("it leaves at once: %+v", sent)
	}
	h.later(10 * time.Minute)
	if sent := h.post(); len(sent) != 1 || sent[0].Letter != newsletter.LetterConfirm {
		t.Errorf("after the delay leaves %+v", sent)
	}
}

func TestOneLetterForMixedChoices(t *testing.T) {
	h := inHouse(t)
	h.reader("lea@lecteurs.example", "hebdo")
	h.ask("lea@lecteurs.example", "hebdo", "quotidien")
	if got := h.letters("lea@lecteurs.example")[0]; got != "confirm quotidien: queued" {
		t.Errorf("owed is %q", got)
	}
	if sent := h.post(); len(sent) != 1 || sent[0].Subscription != h.subscription("lea@lecteurs.example", "quotidien").ID {
		t.Errorf("sent is %+v; its link should be about what is to be confirmed", sent)
	}
}

// Limits of forms: who asks too often from one machine or one network waits, and a restart does not help.
func TestFormsAreLimited(t *testing.T) {
	h := inHouse(t)
	from := func(n int, client, network string) subscription.Verdict {
		s := h.form(fmt.Sprintf("r%d@lecteurs.example", n))
		h.later(-3 * time.Second)
		s.Client, s.Network = client, network
		h.later(2 * time.Second)
		return h.signUp(s).Verdict
	}
	h.Rules.ClientHourly, h.Rules.NetworkHourly = 2, 3
	for i, step := range []struct {
		client, network string
		want            subscription.Verdict
	}{
		{"203.0.113.7", "203.0.113.0/24", subscription.Received},
		{"203.0.113.7", "203.0.113.0/24", subscription.Received},
		{"203.0.113.7", "203.0.113.0/24", subscription.TooMany},
		{"203.0.113.8", "203.0.113.0/24", subscription.Received},
		{"203.0.113.9", "203.0.113.0/24", subscription.TooMany},
		{"198.51.100.9", "198.51.100.0/24", subscription.Received},
	} {
		if got := from(i, step.client, step.network); got != step.want {
			t.Errorf("form %d: %s, want %s", i+1, got, step.want)
		}
		h.reopen()
	}
	if got := h.people(); got != 4 {
		t.Errorf("%d people, want 4", got)
	}
	h.later(time.Hour)
	if got := from(9, "203.0.113.7", "203.0.113.0/24"); got != subscription.Received {
		t.Errorf("an hour later: %s", got)
	}
	h.later(-5 * 365 * day) // the clock was wrong by years
	if got := from(10, "203.0.113.7", "203.0.113.0/24"); got != subscription.Received {
		t.Errorf("after the clock was set back: %s", got)
	}
}

// One mailbox gets one confirmation letter a day and three in all, under whatever spelling, and past any restart.
func TestLettersToOneMailboxAreLimited(t *testing.T) {
	h := inHouse(t)
	spellings := []string{"jean.dupont@gmail.com", "jeandupont+x@gmail.com", "j.e.a.n.dupont@googlemail.com", "JeanDupont@gmail.com"}
	sent := 0
	for i := range 40 {
		h.ask(spellings[i%len(spellings)])
		h.reopen()
		for _, d := range h.post() {
			if d.Letter == newsletter.LetterConfirm {
				sent++
			}
		}
		h.later(6 * time.Hour)
	}
	if sent != 3 {
		t.Errorf("%d letters left in ten days, want 3", sent)
	}
}

func TestAlreadyIsSaidOnceADay(t *testing.T) {
	h := inHouse(t)
	h.reader("lea@lecteurs.example")
	h.ask("lea@lecteurs.example")
	h.ask("lea@lecteurs.example")
	if got := h.letters("lea@lecteurs.example")[:2]; !cmp.Equal(got, []string{"already hebdo: cancelled limited", "already hebdo: queued"}) {
		t.Errorf("letters: %q", got)
	}
}

func TestAskLink(t *testing.T) {
	for name, test := range map[string]struct {
		before func(*house)
		sent   int
	}{
		"a reader": {func(h *house) { h.reader("lea@lecteurs.example", "quotidien") }, 1},
		"who left": {func(h *house) {
			h.reader("lea@lecteurs.example", "quotidien")
			h.leaves("lea@lecteurs.example", "quotidien")
		}, 1},
		"a stranger":          {func(*house) {}, 0},
		"who never confirmed": {func(h *house) { h.ask("lea@lecteurs.example"); h.post() }, 0},
		"a silent reader": {func(h *house) {
			h.reader("lea@lecteurs.example")
			h.suppress("lea@lecteurs.example", newsletter.SuppressedComplaint)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := inHouse(t)
			test.before(h)
			for range 2 { // the second is over the limit of the address
				answer, err := h.AskLink(t.Context(), h.form("lea@lecteurs.example").Visit, "lea@lecteurs.example")
				if err != nil || answer != (subscription.Answer{Verdict: subscription.Received}) {
					t.Errorf("answer %+v, %v", answer, err)
				}
			}
			sent := h.post()
			if len(sent) != test.sent {
				t.Fatalf("sent: %+v, want %d", sent, test.sent)
			}
			for _, d := range sent {
				if d.Letter != newsletter.LetterLink || d.Subscription != h.subscription("lea@lecteurs.example", "quotidien").ID {
					t.Errorf("sent is %+v", d)
				}
			}
		})
	}
}

func TestWhatIsTakenOutOfAnAddressIsTold(t *testing.T) {
	h := inHouse(t)
	want := subscription.Answer{Verdict: subscription.Received, Reason: subscription.ReasonInvisible}
	s := h.form("lea@lecteurs.example")
	s.Address = " l\u200bea@lecteurs.example\ufeff"
	if got := h.signUp(s); got != want {
		t.Errorf("signed up: %+v", got)
	}
	if got := h.standings("lea@lecteurs.example")["hebdo"]; got != newsletter.Pending {
		t.Errorf("she stands as %q", got)
	}
	got, err := h.AskLink(t.Context(), h.form("lea@lecteurs.example").Visit, "lea@\u2060lecteurs.example")
	if err != nil || got != want {
		t.Errorf("asked for a link: %+v, %v", got, err)
	}
	if got := h.signUp(h.form(" zoe@lecteurs.example ")); got.Reason != "" {
		t.Errorf("spaces around an address are told of: %+v", got)
	}
}

func TestANewsletterNamedTwiceIsAskedForOnce(t *testing.T) {
	h := inHouse(t)
	h.ask("lea@lecteurs.example", "hebdo", "quotidien", "hebdo")
	h.wantLetters("lea@lecteurs.example", "confirm hebdo quotidien: queued")
	for _, name := range []string{"hebdo", "quotidien"} {
		record, err := h.store.Consents(t.Context(), h.subscription("lea@lecteurs.example", name).ID)
		h.must(err)
		if len(record) != 1 {
			t.Errorf("the record of %s is %+v, want one request", name, record)
		}
	}
}
