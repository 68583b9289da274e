package subscription_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

func (h *house) hold() subscription.SignUpStatus {
	h.t.Helper()
	status, err := h.Status(h.t.Context())
	h.must(err)
	return status
}

func (h *house) held() (held, doubted int) {
	h.t.Helper()
	status := h.hold()
	return status.Held, status.Doubted
}

// watch is what the schedule does each minute.
func (h *house) watch() {
	h.t.Helper()
	h.must(h.WatchSignups(h.t.Context()))
}

func kinds(sent []newsletter.Delivery) map[string]int {
	n := map[string]int{}
	for _, d := range sent {
		if d.Kind == newsletter.KindNotice {
			n["notice"]++
		} else {
			n[string(d.Letter)]++
		}
	}
	return n
}

// A flood of ten thousand forms from two hundred networks, in twenty minutes and without work, after a usual week. Each
// form is as hard as the flood makes it.
func TestAFlood(t *testing.T) {
	h := inHouse(t)
	for i := range 7 {
		h.reader(fmt.Sprintf("reader%d@lecteurs.example", i))
		h.later(-99 * day)
	}
	quiet, err := h.NewForm(t.Context())
	h.must(err)
	if quiet.Bits != 4 {
		t.Fatalf("in quiet times a form costs %d bits", quiet.Bits)
	}
	verdicts := map[subscription.Verdict]int{}
	var bits []int
	flooded := map[string]int{}
	for minute := range 20 {
		f := h.flood(minute, 500, verdicts)
		bits = append(bits, f.Bits)
		h.watch()
		for kind, n := range kinds(h.post()) {
			flooded[kind] += n
		}
	}
	if sum := verdicts[subscription.Received] + verdicts[subscription.TooMany]; sum != 10_000 || verdicts[subscription.Received] < 1000 || verdicts[subscription.TooMany] == 0 {
		t.Errorf("the flood is answered with %v", verdicts)
	}
	for i := 1; i < len(bits); i++ {
		if i < 6 && bits[i] < bits[i-1] {
			t.Errorf("the work falls as the flood rises: %v", bits)
		}
	}
	if bits[0] != 4 || bits[10] < 9 {
		t.Errorf("the work rises as %v", bits)
	}
	if flooded["notice"] != 1 || flooded["confirm"] != 0 {
		t.Errorf("while it lasts leave %v; want one notice", flooded)
	}
	if held, doubted := h.held(); held != doubted || held != verdicts[subscription.Received] {
		t.Errorf("%d letters are held, %d of them without work; %d forms were received", held, doubted, verdicts[subscription.Received])
	}

	h.ask(lea) // whose page did the work, on a network of her own
	h.wantLetters(lea, "confirm hebdo: queued")
	if sent := h.post(); len(sent) != 1 || sent[0].Address != lea {
		t.Errorf("in the attack leave %d letters, want hers alone", len(sent))
	}
	h.later(15 * time.Minute)
	h.watch()
	if got := h.hold(); got.State != subscription.HoldNothing || !got.Since.IsZero() {
		t.Errorf("afterwards: %+v", got)
	}
	if sent := h.post(); len(sent) != 0 {
		t.Errorf("after the attack leave %d letters by themselves", len(sent))
	}
	if got := h.press(h.link(lea, "hebdo")); got.State != subscription.RequestConfirmed {
		t.Errorf("she confirms: %+v", got)
	}
	again, err := h.NewForm(t.Context())
	h.must(err)
	if again.Bits != 4 {
		t.Errorf("after the attack a form costs %d bits", again.Bits)
	}
	if n, err := h.DiscardHeld(t.Context()); err != nil || n != verdicts[subscription.Received] {
		t.Errorf("the operator throws away %d letters, %v", n, err)
	}
}

// flood sends n forms within a minute, of addresses and machines that were never seen, and tells what a form costs then.
func (h *house) flood(minute, n int, verdicts map[subscription.Verdict]int) subscription.Form {
	h.t.Helper()
	forms := make([]subscription.Form, n)
	for i := range forms {
		var err error
		forms[i], err = h.NewForm(h.t.Context())
		h.must(err)
	}
	h.later(time.Minute)
	var mu sync.Mutex
	var all sync.WaitGroup
	for worker := range 100 {
		all.Go(func() {
			for i := worker; i < n; i += 100 {
				s := subscription.SignUp{Visit: subscription.Visit{
					Door: newsletter.OriginAPI, Stamp: forms[i].Stamp, Client: fmt.Sprint(minute, i), Network: fmt.Sprint("network ", (minute*n+i)%200),
				}, Address: fmt.Sprintf("victim-%d-%d@cibles.example", minute, i), Newsletters: []string{"hebdo"}}
				answer, err := h.SignUp(h.t.Context(), s)
				if err != nil {
					h.t.Error(err)
				}
				mu.Lock()
				verdicts[answer.Verdict]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return forms[0]
}

// workingFlood sends n forms with their work, each from a network of its own.
func (h *house) workingFlood(n int) {
	for i := range n {
		h.ask(fmt.Sprintf("r%d@lecteurs.example", i))
	}
}

// A few forms without their work are enough for an attack, and cost nothing: what they bring is held, and nobody's letter else.
func TestAFloodWithoutWorkHoldsItsOwnLettersAlone(t *testing.T) {
	h := inHouse(t)
	h.flood(1, 60, map[subscription.Verdict]int{})
	for range 5 {
		if got := h.hold(); !got.Attack || got.Holds || !got.Doubts {
			t.Errorf("told %+v", got.Hold)
		}
		before, _ := h.held()
		h.ask(fmt.Sprintf("honest%d@lecteurs.example", before))
		lazy := h.form(fmt.Sprintf("lazy%d@lecteurs.example", before))
		lazy.Solution = ""
		h.signUp(lazy)
		if held, doubted := h.held(); held != before+1 || doubted != held {
			t.Errorf("%d letters were held, then %d, %d of them doubted", before, held, doubted)
		}
		if sent := kinds(h.post()); sent["confirm"] != 1 {
			t.Errorf("%v leave, want the one whose form came with its work", sent)
		}
		h.later(2 * time.Minute)
		h.flood(2+before, 30, map[subscription.Verdict]int{})
		h.watch()
	}
}

// While a flood without work goes on, as many do the work as on a good day: fewer than an attack, and more than half of one.
func TestAFloodWithoutWorkMakesNoAttackOfThoseWhoDoIt(t *testing.T) {
	h := inHouse(t)
	h.flood(1, 60, map[subscription.Verdict]int{})
	h.watch()
	h.workingFlood(40)
	if got := h.hold(); got.State != subscription.HoldAttack || got.Holds || !got.Doubts {
		t.Errorf("told %+v, holds %v", got.Hold, got.Holds)
	}
	if sent := kinds(h.post()); sent["confirm"] != 40 {
		t.Errorf("%v leave, want the 40 whose forms came with their work", sent)
	}
}

func TestAFloodWithWorkIsHeldUntilItIsDownToHalf(t *testing.T) {
	h := inHouse(t)
	h.workingFlood(60)
	h.watch()
	h.post()
	h.later(6 * time.Minute)
	for i := range 40 {
		h.ask(fmt.Sprintf("s%d@lecteurs.example", i))
	}
	h.later(5 * time.Minute)
	h.watch()
	if got := h.hold(); got.Worked.Recent != 40 || !got.Holds {
		t.Errorf("told %+v, holds %v", got.Hold, got.Holds)
	}
	h.ask(lea)
	if sent := kinds(h.post()); sent["confirm"] != 0 {
		t.Errorf("%v leave from a flood that goes on", sent)
	}
	h.later(6 * time.Minute)
	h.watch()
	if sent := kinds(h.post()); h.hold().Holds || sent["confirm"] < 41 {
		t.Errorf("%v leave after it", sent)
	}
}

func TestTenThousandFromOneNetwork(t *testing.T) {
	h := inHouse(t)
	verdicts := map[subscription.Verdict]int{}
	form, err := h.NewForm(t.Context())
	h.must(err)
	h.later(time.Minute)
	for i := range 10_000 {
		s := subscription.SignUp{Visit: subscription.Visit{Stamp: form.Stamp, Client: fmt.Sprint(i), Network: "203.0.113.0/24"},
			Address: fmt.Sprintf("v%d@cibles.example", i), Newsletters: []string{"hebdo"}}
		if i < 60 { // forms beyond that are copies of a used one
			form, err = h.NewForm(t.Context())
			h.must(err)
			s.Stamp = form.Stamp
			h.later(2 * time.Second)
		}
		verdicts[h.signUp(s).Verdict]++
	}
	if got := verdicts[subscription.Received]; got < 50 || got > 52 { // two minutes pass meanwhile
		t.Errorf("answers: %v", verdicts)
	}
	h.ask(lea)
	if got := h.standings(lea)["hebdo"]; got != newsletter.Pending {
		t.Errorf("a person of another network stands as %q", got)
	}
}

func TestAFloodWithWorkLeavesByItselfWhenItIsOver(t *testing.T) {
	h := inHouse(t)
	h.workingFlood(60)
	h.watch()
	if got := h.hold(); got.State != subscription.HoldAttack || got.Traffic.Recent != 60 {
		t.Fatalf("hold: %+v", got)
	}
	h.ask(lea)
	h.later(11 * time.Minute)
	h.watch()
	sent := kinds(h.post())
	if held, _ := h.held(); held != 0 || sent["confirm"] != 61 || sent["notice"] != 1 {
		t.Errorf("sent: %v, held: %d", sent, held)
	}
	for i := range 20 { // an attack is not what is usual afterwards
		h.ask(fmt.Sprintf("s%d@lecteurs.example", i))
	}
	if got := h.hold(); got.Traffic.Before != 0 {
		t.Errorf("the attack counts as usual: %+v", got)
	}
}

// Ten times the usual five within one moment: what comes after them waits, and the operator is told the same.
func TestASuddenFloodIsHeldAsItComes(t *testing.T) {
	h := inHouse(t)
	var forms []subscription.SignUp
	for i := range 56 {
		forms = append(forms, h.form(fmt.Sprintf("r%d@lecteurs.example", i)))
	}
	h.ask("before@lecteurs.example") // and the traffic has been looked at
	for _, s := range forms {
		if got := h.signUp(s); got.Verdict != subscription.Received {
			t.Fatalf("answer: %+v", got)
		}
	}
	sent := kinds(h.post())["confirm"]
	held, _ := h.held()
	if sent != 51 || held != 6 || !h.hold().Holds {
		t.Errorf("%d letters left and %d are held; told %+v", sent, held, h.hold())
	}
	if form, err := h.NewForm(t.Context()); err != nil || form.Bits <= 4 {
		t.Errorf("a form costs %d bits, %v", form.Bits, err)
	}
}

func TestFormsThatAreRefusedMakeNoAttack(t *testing.T) {
	h := inHouse(t)
	used := h.form("before@lecteurs.example")
	for range 100 {
		h.signUp(used)
	}
	if h.signUp(h.form(lea)); h.hold().Attack {
		t.Error("one form, sent a hundred times, is an attack")
	}
	if held, _ := h.held(); held != 0 {
		t.Errorf("%d letters are held", held)
	}
}

func TestHoldingByRule(t *testing.T) {
	for rule, want := range map[subscription.Holding]struct{ quiet, attack, after int }{ // letters held
		subscription.HoldAuto:   {0, 1, 0},
		subscription.HoldAlways: {1, 2, 2},
		subscription.HoldNever:  {0, 0, 0},
	} {
		t.Run(string(rule), func(t *testing.T) {
			h := inHouse(t)
			h.Rules.Hold = rule
			h.ask("quiet@lecteurs.example")
			h.watch()
			held, _ := h.held()
			if held != want.quiet {
				t.Errorf("in quiet times %d letters are held, want %d", held, want.quiet)
			}
			h.later(2 * time.Minute)
			if rule != subscription.HoldAlways {
				h.workingFlood(60)
				h.watch()
				if _, err := h.DiscardHeld(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			h.ask("attacked@lecteurs.example")
			if held, _ := h.held(); held != want.attack {
				t.Errorf("in an attack %d letters are held, want %d", held, want.attack)
			}
			h.later(time.Hour)
			h.watch()
			if held, _ := h.held(); held != want.after {
				t.Errorf("afterwards %d letters are held, want %d", held, want.after)
			}
			if n, err := h.ReleaseHeld(t.Context()); err != nil || n != want.after {
				t.Errorf("the operator lets %d go, %v", n, err)
			}
			sent := kinds(h.post())
			if sent["confirm"] < 2 {
				t.Errorf("sent: %v", sent)
			}
		})
	}
}

// What the operator is told is what becomes of the letter that is asked for next, before the schedule has looked and after.
func TestStatusJudgesAsTheFormIsJudged(t *testing.T) {
	const quiet, flooded, over = "quiet", "flooded", "over"
	type told struct {
		state         subscription.HoldState
		attack, holds bool
	}
	const auto, attack = subscription.HoldNothing, subscription.HoldAttack
	for rule, want := range map[subscription.Holding]map[string]told{
		subscription.HoldAuto:   {quiet: {auto, false, false}, flooded: {auto, true, true}, "watched": {attack, true, true}, over: {attack, false, false}, "again": {auto, false, false}},
		subscription.HoldAlways: {quiet: {auto, false, true}, flooded: {auto, true, true}, "watched": {attack, true, true}, over: {attack, false, true}, "again": {auto, false, true}},
		subscription.HoldNever:  {quiet: {auto, false, false}, flooded: {auto, true, false}, "watched": {auto, true, false}, over: {auto, false, false}, "again": {auto, false, false}},
	} {
		t.Run(string(rule), func(t *testing.T) {
			h := inHouse(t)
			h.Rules.Hold = rule
			check := func(moment string) {
				t.Helper()
				got := h.hold()
				if got := (told{got.State, got.Attack, got.Holds}); got != want[moment] {
					t.Errorf("%s: told %+v, want %+v", moment, got, want[moment])
				}
				before, _ := h.held()
				h.ask(moment + "@lecteurs.example")
				if after, _ := h.held(); (after > before) != got.Holds {
					t.Errorf("%s: %d letters are held and then %d, where the operator is told %+v", moment, before, after, got)
				}
			}
			check(quiet)
			h.workingFlood(60)
			check(flooded)
			h.watch()
			check("watched")
			h.later(time.Hour)
			check(over)
			h.watch()
			check("again")
		})
	}
}

func TestTheOperatorHolds(t *testing.T) {
	h := inHouse(t)
	h.must(h.HoldLetters(t.Context()))
	h.ask(lea)
	h.later(time.Hour)
	h.watch()
	if sent := h.post(); len(sent) != 0 || h.hold().State != subscription.HoldOperator {
		t.Errorf("sent: %+v, hold: %+v", sent, h.hold())
	}
	if due, err := h.store.DueAhead(t.Context(), h.now().Add(1000*day), 1); err != nil || len(due) != 0 {
		t.Errorf("what is held is due: %+v, %v", due, err)
	}
	if _, waits, err := h.store.NextDue(t.Context(), time.Time{}); err != nil || waits {
		t.Errorf("what is held becomes due: %v", err)
	}
	if counts, err := h.store.OutboxCounts(t.Context()); err != nil || len(counts) != 0 {
		t.Errorf("the outbox owes %v, %v", counts, err)
	}
	if changed, err := h.LetGoOn(t.Context()); err != nil || !changed {
		t.Errorf("resume: %v, %v", changed, err)
	}
	if changed, err := h.LetGoOn(t.Context()); err != nil || changed {
		t.Errorf("resume again: %v, %v", changed, err)
	}
	h.watch()
	if sent := h.post(); len(sent) != 1 || sent[0].Address != lea {
		t.Errorf("sent: %+v", sent)
	}
}

func TestTheNoticeTellsTheOperatorWhatToDo(t *testing.T) {
	for name, attack := range map[string]struct {
		flood func(*house)
		says  []string
	}{
		"without work": {
			func(h *house) { h.flood(1, 70, map[subscription.Verdict]int{}) },
			[]string{"70 people", "0 of them with the form's work", "Those whose form came without its work are held back", "The others leave as ever"},
		},
		"with work": {
			func(h *house) { h.workingFlood(70) }, []string{"70 people", "70 of them with the form's work", "All are held back"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := inHouse(t)
			attack.flood(h)
			h.watch()
			told := 0
			for _, d := range h.post() {
				if d.Kind != newsletter.KindNotice {
					continue
				}
				told++
				v, err := h.store.Variant(t.Context(), d.Variant)
				h.must(err)
				for _, want := range append(attack.says, "facteur signup status", "facteur signup release", "facteur signup discard") {
					if d.Address != "op@pandia.example" || !strings.Contains(v.Text, want) {
						t.Errorf("to %s, without %q:\n%s", d.Address, want, v.Text)
					}
				}
				for line := range strings.Lines(v.Text) { // mail programs fold a paragraph, and none that is folded already
					if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "facteur ") && !strings.HasSuffix(line, ".") {
						t.Errorf("a paragraph is broken after %q", line)
					}
				}
			}
			if told != 1 {
				t.Errorf("%d notices", told)
			}
		})
	}
}

func TestWithoutAnOperatorNobodyIsTold(t *testing.T) {
	h := inHouse(t)
	h.Rules.Operator = ""
	h.flood(1, 70, map[subscription.Verdict]int{})
	h.watch()
	if sent := kinds(h.post()); len(sent) != 0 || h.hold().State != subscription.HoldAttack {
		t.Errorf("without an operator: %v", sent)
	}
}

func TestStatusCountsWhatAnOperatorWantsToKnow(t *testing.T) {
	h := inHouse(t)
	for i := range 4 {
		h.ask(fmt.Sprintf("r%d@lecteurs.example", i))
	}
	h.post()
	h.press(h.link("r0@lecteurs.example", "hebdo"))
	h.suppress("r1@lecteurs.example", newsletter.SuppressedComplaint)
	h.suppress("r0@lecteurs.example", newsletter.SuppressedComplaint)
	h.suppress("imported@lecteurs.example", newsletter.SuppressedComplaint) // no letter asked them for anything
	h.later(2 * day)
	h.ask("late@lecteurs.example")
	got := h.hold()
	if got.Pending != 4 || got.Asked != 4 || got.Unconfirmed != 3 || got.Complaints != 1 || got.Held != 0 ||
		got.Letters[newsletter.Sent] != 4 || got.Letters[newsletter.Queued] != 1 {
		t.Errorf("counts: %+v", got)
	}
	if h.later(6 * day); h.hold().Complaints != 0 {
		t.Errorf("a week later: %+v", h.hold())
	}
}

func TestAComplaintBeforeAnyLetterLeftIsAboutNone(t *testing.T) {
	h := inHouse(t)
	h.ask("lea@lecteurs.example")
	h.suppress("lea@lecteurs.example", newsletter.SuppressedComplaint)
	h.later(time.Minute)
	h.post()
	if got := h.hold(); got.Complaints != 0 {
		t.Errorf("counts: %+v", got)
	}
}
