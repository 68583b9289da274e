package subscription_test

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// count asks the file itself.
func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+h.path+"?mode=ro")
	h.must(err)
	defer func() { _ = db.Close() }()
	var n int
	h.must(db.QueryRowContext(h.t.Context(), query, args...).Scan(&n))
	return n
}

func TestWhoNeverConfirmedIsForgottenWholly(t *testing.T) {
	h := inHouse(t)
	h.reader("noe@lecteurs.example")
	tables := []string{"subscribers", "subscriptions", "consents", "deliveries", "attempts"}
	before := map[string]int{}
	for _, table := range tables {
		before[table] = h.count("SELECT count(*) FROM " + table)
	}
	h.ask(lea, "hebdo", "quotidien")
	h.post()
	h.later(25 * time.Hour)
	h.ask(lea, "quotidien") // that somebody asks again does not keep what was asked before
	h.later(5 * day)
	h.must(h.PurgePending(t.Context()))
	if got := h.standings(lea); len(got) != 2 {
		t.Errorf("before a week is over stands %v", got)
	}
	h.later(day)
	h.must(h.PurgePending(t.Context()))
	for _, table := range tables {
		if got := h.count("SELECT count(*) FROM " + table); got != before[table] {
			t.Errorf("%s has %d rows, had %d before", table, got, before[table])
		}
	}
	if _, err := h.store.SubscriptionsOf(t.Context(), h.address(lea)); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("known still: %v", err)
	}
}

// Whoever knows an address cannot pile up what is kept with it: a form whose letter may not leave is not recorded.
func TestFormsWithoutALetterLeaveNoRecord(t *testing.T) {
	h := inHouse(t)
	h.reader("noe@lecteurs.example")
	for _, who := range []string{lea, "noe@lecteurs.example"} {
		const ofTheirs = ` WHERE c.act = 'requested' AND p.id IN (SELECT p.id FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id WHERE b.address = ?)`
		requests := func() int {
			return h.count(`SELECT count(*) FROM consents c JOIN subscriptions p ON p.id = c.subscription_id`+ofTheirs, who)
		}
		before := requests()
		expect := func(when string, want int) {
			t.Helper()
			networks := h.count(`SELECT count(c.network) FROM consents c JOIN subscriptions p ON p.id = c.subscription_id`+ofTheirs, who)
			if got := requests() - before; got != want || networks != before+want {
				t.Errorf("%s, %s: %d requests and %d networks are kept, want %d more than %d", who, when, got, networks, want, before)
			}
		}
		h.ask(who, "hebdo")
		expect("at first", 1)
		for range 5 {
			h.later(time.Hour)
			h.ask(who, "hebdo")
		}
		expect("over the limit of a day", 1)
		h.ask(who, "quotidien")
		expect("one that becomes pending", 2)
		h.later(25 * time.Hour)
		h.ask(who, "hebdo")
		expect("a day later", 3)
	}
}

// What is forgotten lies in no file either: of who never confirmed, and of who was erased and did not confirm anew.
func TestThePurgeTakesTheFilesToo(t *testing.T) {
	h := inHouse(t)
	files := &folder{}
	h.Files = files
	h.reader("noe@lecteurs.example")
	if _, err := h.Erase(t.Context(), "noe@lecteurs.example"); err != nil {
		t.Fatal(err)
	}
	files.forgotten = nil
	h.ask(lea)
	h.ask("noe@lecteurs.example")
	want := map[int64]bool{}
	for _, d := range h.post() {
		want[d.ID] = true
	}
	h.later(7 * day)
	h.must(h.PurgePending(t.Context()))
	h.must(h.Clean(t.Context()))
	for _, id := range files.forgotten {
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("the files of the letters %v are left", want)
	}
	if n := h.count(`SELECT (SELECT count(network) FROM consents) + (SELECT count(*) FROM subscribers WHERE address IS NOT NULL)`); n != 0 {
		t.Errorf("%d addresses and networks are left", n)
	}
}

// Whoever renews waits anew, once, and thirty days in all at most.
func TestARenewalIsNoWayToBeKept(t *testing.T) {
	for pending, want := range map[time.Duration]time.Duration{7 * day: 5*day + 7*day, 28 * day: 30 * day, 40 * day: 40 * day} {
		h := inHouse(t)
		h.Rules.Pending = pending
		h.ask(lea)
		first := h.now()
		h.post()
		link := h.link(lea, "hebdo")
		for h.later(5 * day); h.people() > 0 && h.now().Sub(first) < 100*day; h.later(6 * time.Hour) {
			if seen, err := h.LookRequest(t.Context(), link); err != nil {
				t.Fatal(err)
			} else if _, err := h.Renew(t.Context(), link, seen.Form.Stamp); err != nil {
				t.Fatal(err)
			}
			h.ask(lea)
			h.must(h.PurgePending(t.Context()))
		}
		if got := h.now().Sub(first).Round(12 * time.Hour); got > want+12*time.Hour || got < want {
			t.Errorf("with %s it is kept for %s, want %s", pending, got, want)
		}
	}
}

// A number of a subscription is never used twice: an old link does not confirm somebody else.
func TestALinkOfSomebodyForgottenIsNobodys(t *testing.T) {
	h := inHouse(t)
	h.Rules.Link = 100 * day
	h.ask(lea)
	link := h.link(lea, "hebdo")
	h.later(8 * day)
	h.must(h.PurgePending(t.Context()))
	gone := h.count(`SELECT seq FROM sqlite_sequence WHERE name = 'subscribers'`)
	h.ask("noe@lecteurs.example")
	if got := int(h.subscription("noe@lecteurs.example", "hebdo").Subscriber.ID); got <= gone {
		t.Errorf("the next one is subscriber %d, as somebody was before", got)
	}
	if e, err := h.Add(t.Context(), hebdo(), "zoe@lecteurs.example", "liste du salon"); err != nil || e.Outcome != subscription.Added {
		t.Errorf("a third by hand: %+v, %v", e, err)
	}
	if got := int(h.subscription("zoe@lecteurs.example", "hebdo").Subscriber.ID); got <= gone+1 {
		t.Errorf("the third is subscriber %d", got)
	}
	if got := h.press(link); got.State != subscription.RequestGone {
		t.Errorf("pressed: %+v", got)
	}
	if got := h.standings("noe@lecteurs.example")["hebdo"]; got != newsletter.Pending {
		t.Errorf("the next one stands as %s", got)
	}
}

func TestWhoLeftAndAsksAnew(t *testing.T) {
	h := inHouse(t)
	h.reader(lea)
	h.leaves(lea, "hebdo")
	left := h.subscription(lea, "hebdo").Since
	h.later(day)
	h.ask(lea)
	e, err := h.Add(t.Context(), hebdo(), lea, "liste du salon")
	h.must(err)
	if e.Outcome != subscription.Left || h.standings(lea)["hebdo"] != newsletter.Pending {
		t.Errorf("an import makes of the request: %s, %v", e.Outcome, h.standings(lea))
	}
	h.later(7 * day)
	h.must(h.PurgePending(t.Context()))
	s := h.subscription(lea, "hebdo")
	if s.State != newsletter.Unsubscribed || !s.Since.Equal(left) {
		t.Errorf("put back as %s since %s, want unsubscribed since %s", s.State, s.Since, left)
	}
	record, err := h.store.Consents(t.Context(), s.ID)
	h.must(err)
	if len(record) != 4 {
		t.Errorf("the history is %+v", record)
	}
	if got := h.letters(lea)[0]; got != "confirm hebdo: cancelled over" {
		t.Errorf("the letter is %q", got)
	}
	if e, err := h.Add(t.Context(), hebdo(), lea, "liste du salon"); err != nil || e.Outcome != subscription.Left {
		t.Errorf("an import afterwards: %+v, %v", e, err)
	}
}

func TestRemind(t *testing.T) {
	h := inHouse(t)
	remind := func() (left []string) {
		h.must(h.Remind(t.Context()))
		for _, d := range h.post() {
			left = append(left, fmt.Sprintf("%s to %s", d.Letter, d.Address))
		}
		return left
	}
	h.ask(lea, "hebdo", "quotidien")
	h.ask("silent@lecteurs.example")
	h.ask("confirmed@lecteurs.example")
	h.post()
	h.must(h.HoldLetters(t.Context()))
	h.ask("held@lecteurs.example")
	h.suppress("silent@lecteurs.example", newsletter.SuppressedComplaint)
	h.press(h.link("confirmed@lecteurs.example", "hebdo"))
	h.post()
	h.later(day)
	if left := remind(); left != nil {
		t.Errorf("too early: %q", left)
	}
	h.later(day)
	if _, err := h.LetGoOn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := remind(); len(left) != 1 || left[0] != "remind to "+lea {
		t.Errorf("reminded: %q", left)
	}
	for range 4 {
		h.later(day)
		if left := remind(); left != nil {
			t.Errorf("reminded again: %q", left)
		}
	}
	h.wantLetters(lea, "remind hebdo quotidien: sent", "confirm hebdo quotidien: sent")
	h.later(-4 * day)
	link := h.link(lea, "quotidien")
	h.press(link)
	if got := h.standings(lea); got["hebdo"] != newsletter.Active || got["quotidien"] != newsletter.Active {
		t.Errorf("confirmed by the reminder: %v", got)
	}
}

func TestAnAddressThatCannotBeReadKeepsNobodyFromTheirReminder(t *testing.T) {
	h := inHouse(t)
	h.ask("noe@lecteurs.example")
	h.ask(lea)
	h.post()
	db, err := sql.Open("sqlite3", "file:"+h.path)
	h.must(err)
	_, err = db.ExecContext(t.Context(), `UPDATE subscribers SET address = 'noe' WHERE address = 'noe@lecteurs.example'`)
	h.must(err)
	h.must(db.Close())
	h.later(2 * day)
	if err := h.Remind(t.Context()); !errors.Is(err, newsletter.ErrInvalid) {
		t.Errorf("nobody is told of it: %v", err)
	}
	h.wantLetters(lea, "remind hebdo: queued", "confirm hebdo: sent")
}

func TestTheReminderIsOneOfTheThreeLetters(t *testing.T) {
	h := inHouse(t)
	h.Rules.Reminder = 30 * time.Hour
	sent := map[newsletter.LetterKind]int{}
	post := func() {
		for _, d := range h.post() {
			sent[d.Letter]++
		}
	}
	h.ask(lea)
	post()
	h.later(31 * time.Hour)
	h.must(h.Remind(t.Context()))
	post()
	for range 5 {
		h.later(25 * time.Hour)
		h.ask(lea)
		h.must(h.Remind(t.Context()))
		post()
	}
	if sent[newsletter.LetterConfirm] != 2 || sent[newsletter.LetterRemind] != 1 {
		t.Errorf("sent: %v", sent)
	}
}

func TestSweepForgetsWhatIsOver(t *testing.T) {
	h := inHouse(t)
	h.ask(lea)
	h.must(h.Sweep(t.Context()))
	if stamps, limits, minutes := h.count(`SELECT count(*) FROM stamps`), h.count(`SELECT count(*) FROM limits`), h.count(`SELECT count(*) FROM signups`); stamps != 1 || limits != 4 || minutes != 1 {
		t.Errorf("after a moment: %d forms, %d limits, %d minutes", stamps, limits, minutes)
	}
	h.later(3 * 365 * day)
	h.must(h.Sweep(t.Context()))
	if n := h.count(`SELECT (SELECT count(*) FROM stamps) + (SELECT count(*) FROM limits) + (SELECT count(*) FROM signups)`); n != 0 {
		t.Errorf("after years %d rows are left", n)
	}
}

// Three years go by between any two steps, forwards and back.
func TestTheClockMovesByYears(t *testing.T) {
	h := inHouse(t)
	for _, leap := range []time.Duration{3 * 365 * day, -6 * 365 * day, 3 * 365 * day} {
		who := fmt.Sprintf("lea%d@lecteurs.example", int(leap/day)+h.people())
		stale := h.form(who)
		h.ask(who)
		link := h.link(who, "hebdo")
		h.later(leap)
		if got := h.signUp(stale); got.Verdict != subscription.FormAgain {
			t.Errorf("a form of another time: %+v", got)
		}
		if _, err := h.LookRequest(t.Context(), link); err != nil {
			t.Error(err)
		}
		h.must(h.WatchSignups(t.Context()))
		h.must(h.Remind(t.Context()))
		h.must(h.PurgePending(t.Context()))
		h.must(h.Sweep(t.Context()))
		fresh := "fresh-" + who
		h.ask(fresh)
		if got := h.press(h.link(fresh, "hebdo")); got.State != subscription.RequestConfirmed {
			t.Errorf("after %s: %+v", leap, got)
		}
	}
}
