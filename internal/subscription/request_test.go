package subscription_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

const lea = "lea@lecteurs.example"

func TestConfirm(t *testing.T) {
	h := inHouse(t)
	h.ask(lea, "hebdo", "quotidien")
	h.post()
	link := h.link(lea, "hebdo")
	h.later(time.Hour)
	for range 3 { // scanners
		seen, err := h.LookRequest(t.Context(), link)
		h.must(err)
		if seen.State != subscription.RequestWaiting || !cmp.Equal(seen.Newsletters, []string{"hebdo", "quotidien"}) || seen.Form.Stamp == "" {
			t.Fatalf("the page shows %+v", seen)
		}
	}
	if got := h.standings(lea); got["hebdo"] != newsletter.Pending || got["quotidien"] != newsletter.Pending {
		t.Fatalf("looking changed %v", got)
	}
	got := h.press(link)
	if got.State != subscription.RequestConfirmed || !cmp.Equal(got.Newsletters, []string{"hebdo", "quotidien"}) {
		t.Fatalf("pressed: %+v", got)
	}
	s := h.subscription(lea, "hebdo")
	page, err := h.Keys.Verify(got.Preferences, token.Preferences)
	if err != nil || page.Subscription != s.ID || page.Epoch != s.Epoch {
		t.Errorf("the reader's page is of %+v, %v; the subscription is %+v", page, err, s)
	}
	again := h.press(link)
	if again.State != subscription.RequestConfirmed || again.Preferences != "" || !cmp.Equal(again.Newsletters, []string{"hebdo", "quotidien"}) {
		t.Errorf("pressed again: %+v", again)
	}
	h.wantLetters(lea, "welcome hebdo quotidien: queued", "confirm hebdo quotidien: sent")
	for _, name := range []string{"hebdo", "quotidien"} {
		s := h.subscription(lea, name)
		record, err := h.store.Consents(t.Context(), s.ID)
		h.must(err)
		if s.State != newsletter.Active || len(record) != 2 || record[1].Act != newsletter.ConsentConfirmed || record[1].Origin != newsletter.OriginLetter ||
			record[1].Wording != record[0].Wording || record[1].Wording.Text == "" || !record[1].At.Equal(s.Confirmed) {
			t.Errorf("%s is %s on the proof of %+v", name, s.State, record)
		}
	}
	if sent := h.post(); len(sent) != 1 || sent[0].Letter != newsletter.LetterWelcome {
		t.Errorf("sent: %+v", sent)
	}
}

// Only the button of the link's own page confirms, and not faster than a person.
func TestConfirmNeedsItsPage(t *testing.T) {
	h := inHouse(t)
	h.ask(lea)
	h.ask("noe@lecteurs.example")
	link, other := h.link(lea, "hebdo"), h.link("noe@lecteurs.example", "hebdo")
	look := func(link string) string {
		seen, err := h.LookRequest(t.Context(), link)
		h.must(err)
		return seen.Form.Stamp
	}
	fast := look(link)
	form, err := h.NewForm(t.Context())
	h.must(err)
	for name, step := range map[string]struct {
		page  string
		after time.Duration
	}{
		"no page":           {"", time.Hour},
		"a sign-up form":    {form.Stamp, time.Hour},
		"another link":      {look(other), time.Hour},
		"an old page":       {fast, day},
		"faster than eyes":  {fast, time.Second},
		"the letter itself": {link, time.Hour},
	} {
		h.later(step.after)
		got, err := h.Confirm(t.Context(), link, step.page)
		h.must(err)
		if got.State != subscription.RequestWaiting || got.Form.Stamp == "" {
			t.Errorf("%s: %+v, want the button again", name, got)
		}
		h.later(-step.after)
	}
	if got := h.standings(lea)["hebdo"]; got != newsletter.Pending {
		t.Errorf("stands as %s", got)
	}
	for _, wrong := range []string{"", "x", h.Keys.Sign(token.Token{Purpose: token.Leave, Subscription: 1, Epoch: 1, Time: h.now()}),
		keys(t, 9).Sign(token.Token{Purpose: token.Confirm, Subscription: 1, Epoch: 1, Time: h.now()})} {
		if _, err := h.Confirm(t.Context(), wrong, fast); !errors.Is(err, newsletter.ErrNotFound) {
			t.Errorf("the link %.8q confirms: %v", wrong, err)
		}
	}
}

func TestTwoConfirmAtOnce(t *testing.T) {
	h := inHouse(t)
	h.ask(lea)
	link := h.link(lea, "hebdo")
	h.later(time.Minute)
	seen, err := h.LookRequest(t.Context(), link)
	h.must(err)
	var confirmed, led atomic.Int32 // led to the reader's own page
	var both sync.WaitGroup
	for range 8 {
		both.Go(func() {
			got, err := h.Confirm(t.Context(), link, seen.Form.Stamp)
			if err != nil {
				t.Error(err)
			}
			if got.State == subscription.RequestConfirmed {
				confirmed.Add(1)
			}
			if got.Preferences != "" {
				led.Add(1)
			}
		})
	}
	both.Wait()
	if confirmed.Load() != 8 || led.Load() != 8 { // a browser shows the answer to the last press
		t.Errorf("%d of 8 are told that it is confirmed, %d are led on", confirmed.Load(), led.Load())
	}
	h.wantLetters(lea, "welcome hebdo: queued", "confirm hebdo: queued")
}

// A person's own double opt-in ends the silence that they or a full stop of their mailbox asked for; what was said
// against us or by the operator stays.
func TestConfirmLiftsWhatLifts(t *testing.T) {
	for name, test := range map[string]struct {
		kind   newsletter.SuppressionKind
		age    time.Duration
		reader bool
		lifts  bool
	}{
		"a request":             {newsletter.SuppressedRequest, 0, false, true},
		"a bounce":              {newsletter.SuppressedHardBounce, 29 * day, false, false},
		"an old bounce":         {newsletter.SuppressedHardBounce, 31 * day, false, true},
		"an old bounce, active": {newsletter.SuppressedHardBounce, 31 * day, true, true},
		"a complaint":           {newsletter.SuppressedComplaint, 1000 * day, false, false},
		"the operator":          {newsletter.SuppressedOperator, 1000 * day, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := inHouse(t)
			if test.reader {
				h.reader(lea)
			}
			h.suppress(lea, test.kind)
			h.later(test.age)
			h.ask(lea)
			if sent := h.post(); (len(sent) == 1) != test.lifts {
				t.Fatalf("sent: %+v", sent)
			}
			got := h.press(h.link(lea, "hebdo"))
			if got.State != subscription.RequestConfirmed {
				t.Errorf("pressed: %+v", got)
			}
			if h.suppressed(lea) == test.lifts {
				t.Errorf("suppressed: %v", h.suppressed(lea))
			}
			sent := h.post()
			if test.lifts != (len(sent) == 1 && sent[0].Letter == newsletter.LetterWelcome) {
				t.Errorf("sent: %+v", sent)
			}
		})
	}
}

func TestALinkThatIsTooOldOffersAFreshOne(t *testing.T) {
	h := inHouse(t)
	h.ask(lea)
	h.post()
	link := h.link(lea, "hebdo")
	h.later(3 * day)
	got := h.press(link)
	if got.State != subscription.RequestExpired || got.Form.Stamp == "" {
		t.Fatalf("pressed: %+v", got)
	}
	for name, page := range map[string]string{"no page": "", "another": h.form(lea).Stamp} {
		if got, err := h.Renew(t.Context(), link, page); err != nil || got.State != subscription.RequestExpired {
			t.Errorf("%s renews: %+v, %v", name, got, err)
		}
	}
	for range 2 { // pressed twice
		if got, err := h.Renew(t.Context(), link, got.Form.Stamp); err != nil || got.State != subscription.RequestRenewed {
			t.Errorf("renewed: %+v, %v", got, err)
		}
	}
	seen, err := h.LookRequest(t.Context(), link)
	h.must(err)
	if got, err := h.Renew(t.Context(), link, seen.Form.Stamp); err != nil || got.State != subscription.RequestLimited {
		t.Errorf("asked for once more on the same day: %+v, %v", got, err)
	}
	h.wantLetters(lea, "confirm hebdo: queued", "confirm hebdo: sent")
	h.later(6 * day) // the purge counts from the renewal
	h.must(h.PurgePending(t.Context()))
	h.later(-6 * day)
	if got := h.press(h.link(lea, "hebdo")); got.State != subscription.RequestConfirmed {
		t.Errorf("the fresh link: %+v", got)
	}
	if got := h.press(link); got.State != subscription.RequestConfirmed {
		t.Errorf("the old link after that: %+v", got)
	}
}

// Whoever types an address again and again takes nothing from its person, who has the link.
func TestWhatOthersTypedDoesNotLimitARenewal(t *testing.T) {
	h := inHouse(t)
	typed := func(times int) (letters int) {
		for range times {
			h.ask(lea)
			letters += len(h.post())
			h.later(25 * time.Hour)
		}
		return letters
	}
	if n := typed(4); n != 3 {
		t.Fatalf("sent: %d letters, want three in all", n)
	}
	link := h.link(lea, "hebdo")
	h.later(3 * day)
	seen, err := h.LookRequest(t.Context(), link)
	h.must(err)
	if got, err := h.Renew(t.Context(), link, seen.Form.Stamp); err != nil || got.State != subscription.RequestRenewed {
		t.Errorf("renewed: %+v, %v", got, err)
	}
	if sent := h.post(); len(sent) != 1 {
		t.Errorf("sent: %d letters after the renewal", len(sent))
	}
	if n := typed(20); n != 0 { // as long as the request may wait
		t.Errorf("sent: %d letters more for whoever typed the address", n)
	}
}

func TestALinkFromBeforeTheClockWasSetBackIsRenewed(t *testing.T) {
	h := inHouse(t)
	h.ask(lea)
	h.post()
	link := h.link(lea, "hebdo")
	h.later(-3 * time.Hour)
	got := h.press(link)
	if got.State != subscription.RequestExpired {
		t.Fatalf("pressed: %+v", got)
	}
	if got, err := h.Renew(t.Context(), link, got.Form.Stamp); err != nil || got.State != subscription.RequestRenewed {
		t.Errorf("renewed: %+v, %v", got, err)
	}
}

// A browser that sent the button twice shows the second answer.
func TestTheSecondPressIsToldAsMuch(t *testing.T) {
	h := inHouse(t)
	h.ask(lea)
	h.post()
	link := h.link(lea, "hebdo")
	h.later(time.Minute)
	seen, err := h.LookRequest(t.Context(), link)
	h.must(err)
	for n := range 2 {
		got, err := h.Confirm(t.Context(), link, seen.Form.Stamp)
		if err != nil || got.State != subscription.RequestConfirmed || got.Preferences == "" {
			t.Errorf("press %d: %+v, %v", n+1, got, err)
		}
	}
	h.later(time.Hour / 4)
	if got, err := h.Confirm(t.Context(), link, seen.Form.Stamp); err != nil || got.Preferences != "" {
		t.Errorf("much later: %+v, %v", got, err)
	}
}

func TestALinkThatWasOvertaken(t *testing.T) {
	h := inHouse(t)
	h.ask(lea)
	first := h.link(lea, "hebdo")
	h.press(first)
	h.leaves(lea, "hebdo")
	if got := h.press(first); got.State != subscription.RequestLeft {
		t.Errorf("after leaving: %+v", got)
	}
	if got := h.standings(lea)["hebdo"]; got != newsletter.Unsubscribed {
		t.Errorf("an old link brings back who left: %s", got)
	}
	h.ask(lea)
	if got := h.press(first); got.State != subscription.RequestExpired {
		t.Errorf("after asking anew: %+v", got)
	}
	if got := h.standings(lea)["hebdo"]; got != newsletter.Pending {
		t.Errorf("an old link confirms a later request: %s", got)
	}
	if got := h.press(h.link(lea, "hebdo")); got.State != subscription.RequestConfirmed {
		t.Errorf("the right link: %+v", got)
	}
}

// What was asked for in two forms is confirmed by two buttons.
func TestTwoRequestsAreTwo(t *testing.T) {
	h := inHouse(t)
	h.ask(lea, "hebdo")
	h.ask(lea, "quotidien")
	h.press(h.link(lea, "hebdo"))
	if got := h.standings(lea); got["hebdo"] != newsletter.Active || got["quotidien"] != newsletter.Pending {
		t.Errorf("stands as %v", got)
	}
}

// A letter confirms what it names, whatever a stranger asks for with the same address before or after it leaves.
func TestAStrangersRequestRidesOnNoLetter(t *testing.T) {
	stranger := func(h *house) {
		s := h.form(lea)
		s.Newsletters, s.Wording = []string{"hebdo", "quotidien"}, newsletter.NewWording("en", "Something else.")
		h.signUp(s)
	}
	for name, test := range map[string]struct {
		ask  func(*house) (link string)
		last string // the latest letter
	}{
		"withheld, after it left":    {func(h *house) string { h.ask(lea); h.post(); link := h.link(lea, "hebdo"); stranger(h); return link }, "confirm hebdo quotidien: cancelled limited"},
		"withheld, before it leaves": {func(h *house) string { h.ask(lea); stranger(h); h.post(); return h.link(lea, "hebdo") }, "confirm hebdo quotidien: cancelled limited"},
		"with a letter of its own": {func(h *house) string {
			h.ask(lea)
			h.post()
			link := h.link(lea, "hebdo")
			h.later(25 * time.Hour)
			stranger(h)
			h.post()
			return link
		}, "confirm hebdo quotidien: sent"},
	} {
		t.Run(name, func(t *testing.T) {
			h := inHouse(t)
			link := test.ask(h)
			if got := h.letters(lea)[0]; got != test.last {
				t.Errorf("the stranger's letter is %q, want %q", got, test.last)
			}
			seen, err := h.LookRequest(t.Context(), link)
			h.must(err)
			got := h.press(link)
			for _, told := range []subscription.Request{seen, got} {
				if !cmp.Equal(told.Newsletters, []string{"hebdo"}) {
					t.Errorf("told: %+v", told)
				}
			}
			if got := h.standings(lea); got["hebdo"] != newsletter.Active || got["quotidien"] != newsletter.Pending {
				t.Errorf("stands as %v", got)
			}
			record, err := h.store.Consents(t.Context(), h.subscription(lea, "hebdo").ID)
			h.must(err)
			if last := record[len(record)-1]; last.Act != newsletter.ConsentConfirmed || last.Wording != record[0].Wording {
				t.Errorf("the proof is %+v", record)
			}
			h.must(h.Remind(t.Context()))
			h.later(3 * day)
			h.must(h.Remind(t.Context()))
			if got := h.letters(lea); test.last != "confirm hebdo quotidien: sent" && slices.ContainsFunc(got, func(l string) bool { return strings.HasPrefix(l, "remind") }) {
				t.Errorf("reminded of what no letter named: %q", got)
			}
		})
	}
}

// A letter that waited until a later one named the same and more does not leave: its link would confirm what it does
// not name.
func TestALetterThatWasOvertakenDoesNotLeave(t *testing.T) {
	h := inHouse(t)
	h.must(h.HoldLetters(t.Context()))
	h.ask(lea, "hebdo")
	h.later(25 * time.Hour)
	h.ask(lea, "hebdo", "quotidien")
	if _, err := h.ReleaseHeld(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.post()
	h.wantLetters(lea, "confirm hebdo quotidien: sent", "confirm hebdo: cancelled over")
	h.press(h.link(lea, "hebdo"))
	if got := h.standings(lea); got["hebdo"] != newsletter.Active || got["quotidien"] != newsletter.Active {
		t.Errorf("the later one confirms %v", got)
	}
}

func TestALetterThatCanDoNothingAnyMoreDoesNotLeave(t *testing.T) {
	for name, test := range map[string]struct {
		before func(*house)
		want   string
	}{
		"confirmed by the letter before": {func(h *house) { h.press(h.link(lea, "hebdo")) }, "confirm hebdo: cancelled over"},
		"complained meanwhile":           {func(h *house) { h.suppress(lea, newsletter.SuppressedComplaint) }, "confirm hebdo: cancelled suppressed"},
		"asked for silence meanwhile":    {func(h *house) { h.suppress(lea, newsletter.SuppressedRequest) }, "confirm hebdo: sent"},
		"left by the operator's hand":    {func(h *house) { h.leaves(lea, "hebdo") }, "confirm hebdo: cancelled over"},
	} {
		t.Run(name, func(t *testing.T) {
			h := inHouse(t)
			h.ask(lea)
			test.before(h)
			h.post()
			all := h.letters(lea)
			if got := all[len(all)-1]; got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// Who confirmed, was erased, or had their letter thrown away begins anew: the next letter leaves on the same day. Who only
// asks again still waits.
func TestComingBackOnTheSameDay(t *testing.T) {
	for name, c := range map[string]struct {
		before func(h *house)
		want   string
	}{
		"asked only":               {func(h *house) {}, "confirm hebdo quotidien: cancelled limited"},
		"another newsletter":       {func(h *house) { h.press(h.link(lea, "hebdo")) }, "confirm quotidien: sent"},
		"left":                     {func(h *house) { h.press(h.link(lea, "hebdo")); h.leaves(lea, "hebdo") }, "confirm hebdo quotidien: sent"},
		"erased":                   {func(h *house) { h.press(h.link(lea, "hebdo")); h.erases(lea) }, "confirm hebdo quotidien: sent"},
		"erased without the press": {func(h *house) { h.erases(lea) }, "confirm hebdo quotidien: sent"},
	} {
		t.Run(name, func(t *testing.T) {
			h := inHouse(t)
			h.ask(lea)
			h.post()
			h.later(time.Minute)
			c.before(h)
			h.post()
			h.ask(lea, "hebdo", "quotidien")
			h.post()
			if got := h.letters(lea)[0]; got != c.want {
				t.Errorf("the letter is %q, want %q", got, c.want)
			}
		})
	}
}

func TestAskingAgainAfterADiscard(t *testing.T) {
	h := inHouse(t)
	h.must(h.HoldLetters(t.Context()))
	h.ask(lea)
	if n, err := h.DiscardHeld(t.Context()); err != nil || n != 1 {
		t.Errorf("%d thrown away, %v", n, err)
	}
	if _, err := h.LetGoOn(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		h.ask(lea)
		h.post()
	}
	h.wantLetters(lea, "confirm hebdo: cancelled limited", "confirm hebdo: sent", "confirm hebdo: cancelled operator")
}

// Where a new address was written to for a change, it is somebody else's until they confirm: an erasure of who asked for
// the change forgets nothing of what protects it.
func TestErasingForgetsNoLimitOfOthers(t *testing.T) {
	h := inHouse(t)
	const victim = "noe@lecteurs.example"
	h.reader(lea, "hebdo")
	h.ask(victim)
	h.post()
	s := h.subscription(lea, "hebdo")
	link := h.Keys.Sign(token.Token{Purpose: token.Manage, Subscription: s.ID, Epoch: s.Epoch, Time: h.now()})
	if a, err := h.MoveBy(t.Context(), link, victim, true); err != nil || a.Verdict != subscription.Received {
		t.Fatalf("the change: %+v, %v", a, err)
	}
	h.erases(lea)
	h.ask(victim)
	if got := h.letters(victim)[0]; got != "confirm hebdo: cancelled limited" {
		t.Errorf("the victim's letter is %q", got)
	}
}

// A silence that the press does not end is told to who presses, and one that it ends is not.
func TestConfirmingTellsOfASilence(t *testing.T) {
	for kind, silenced := range map[newsletter.SuppressionKind]bool{newsletter.SuppressedComplaint: true, newsletter.SuppressedOperator: true, newsletter.SuppressedRequest: false} {
		h := inHouse(t)
		h.ask(lea)
		link := h.link(lea, "hebdo")
		h.suppress(lea, kind)
		if seen, err := h.LookRequest(t.Context(), link); err != nil || seen.Silenced != silenced {
			t.Errorf("%s: looked at: %+v, %v", kind, seen, err)
		}
		if got := h.press(link); got.State != subscription.RequestConfirmed || got.Silenced != silenced {
			t.Errorf("%s: pressed: %+v", kind, got)
		}
		if seen, err := h.LookRequest(t.Context(), link); err != nil || seen.Silenced != silenced {
			t.Errorf("%s: looked at afterwards: %+v, %v", kind, seen, err)
		}
	}
}
