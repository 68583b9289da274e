package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/address"
	"facteur/internal/admission"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// watchedConn writes down the statements that pass.
type watchedConn struct {
	conn
	statements []string
}

func (w *watchedConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	w.statements = append(w.statements, query)
	return w.conn.ExecContext(ctx, query, args...)
}

func (w *watchedConn) each(query string, args []any, row func([]driver.Value) error) error {
	w.statements = append(w.statements, query)
	return w.conn.each(query, args, row)
}

func (w *watchedConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	w.statements = append(w.statements, query)
	return w.conn.QueryContext(ctx, query, args...)
}

func (w *watchedConn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	w.statements = append(w.statements, query)
	return w.conn.QueryRowContext(ctx, query, args...)
}

// wide is a limit that does not bind.
func wide(key []byte) admission.Limit {
	return admission.Limit{Key: key, Times: 1_000_000, Per: time.Hour}
}

// hashed is as random as the keys of limits and nonces are, and here as long.
func hashed(what string, bytes int) []byte {
	sum := sha256.Sum256([]byte(what))
	return sum[:bytes:bytes]
}

func limitOf(who address.Address, kind newsletter.LetterKind) admission.Limit {
	return wide(append(hashed(who.Key(), 10), kind...))
}

// formOf is a form of somebody's for one newsletter. n tells it from all others.
func formOf(n uint64, who address.Address, now time.Time, variant int64) subscription.Asking {
	key := func(of string) []byte { return hashed(fmt.Sprint(of, n), 10) }
	return subscription.Asking{
		Spending:    subscription.Spending{Nonce: hashed(fmt.Sprint("stamp", n), 16), Until: now.Add(24 * time.Hour)},
		Limits:      []admission.Limit{wide(key("network")), wide(append(key("network")[:5:5], key("client")...)), wide([]byte("everybody"))},
		Person:      subscription.Person{Address: who, Language: "fr"},
		Newsletters: []string{"hebdo"},
		Consent: newsletter.Consent{
			Act: newsletter.ConsentRequested, At: now, Origin: newsletter.OriginPage, Network: "203.0.113.0/24", Wording: newsletter.NewWording("fr", "Oui."),
		},
		Due: now, Worked: true,
		Letters: subscription.Letters{
			Text:  func(newsletter.LetterKind, []string) (int64, bool) { return variant, true },
			Limit: func(kind newsletter.LetterKind) admission.Limit { return limitOf(who, kind) },
		},
	}
}

func signUps(t testing.TB) (s *Store, variant int64) {
	t.Helper()
	s = openHere(t, Options{})
	if err := s.EnsureNewsletters(t.Context(), []string{"hebdo"}); err != nil {
		t.Fatal(err)
	}
	variant, err := s.FreezeLetter(t.Context(), newsletter.Variant{Key: "confirm", Kind: newsletter.KindLetter})
	if err != nil {
		t.Fatal(err)
	}
	return s, variant
}

func parsed(t testing.TB, text string) address.Address {
	t.Helper()
	a, err := address.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Nobody can tell from the time that a form takes what is known of an address: all of them take the same statements.
func TestEveryAddressTakesTheSameStatements(t *testing.T) {
	s, variant := signUps(t)
	now := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	consent := func(act newsletter.ConsentAct) newsletter.Consent {
		return newsletter.Consent{Act: act, At: now, Origin: "command", Source: "salon"}
	}
	number := uint64(0)
	step := func(who string, form func(*Store, subscription.Asking) form, do func(tx, form) (subscription.Admission, error)) []string {
		number++
		var statements []string
		err := s.update(t.Context(), func(t1 tx) error {
			w := &watchedConn{conn: t1.conn}
			admitted, err := do(tx{w, t1.hash}, form(s, formOf(number, parsed(t, who), now, variant)))
			if statements = w.statements; err == nil && admitted != subscription.Admitted {
				err = fmt.Errorf("%s is refused: %q", who, admitted)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return statements
	}
	enrol := func(who string) int64 {
		if _, err := s.Enrol(t.Context(), "hebdo", []subscription.Person{{Address: parsed(t, who), Language: "fr"}}, consent(newsletter.ConsentConfirmed)); err != nil {
			t.Fatal(err)
		}
		subs, err := s.SubscriptionsOf(t.Context(), parsed(t, who))
		if err != nil {
			t.Fatal(err)
		}
		return subs[0].ID
	}
	suppress := func(who string, kind newsletter.SuppressionKind) {
		if err := s.Suppress(t.Context(), parsed(t, who), kind, "", now.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	run := func(query string, args ...any) {
		if err := s.update(t.Context(), func(t tx) error { _, err := t.exec(query, args...); return err }); err != nil {
			t.Fatal(err)
		}
	}
	for name, prepare := range map[string]func(who string){
		"pending": func(who string) { step(who, (*Store).signUpForm, tx.signUp) },
		"active":  func(who string) { enrol(who) },
		"paused":  func(who string) { run(`UPDATE subscriptions SET state = 'paused' WHERE id = ?`, enrol(who)) },
		"left": func(who string) {
			if _, err := s.Leave(t.Context(), enrol(who), consent(newsletter.ConsentWithdrawn)); err != nil {
				t.Fatal(err)
			}
		},
		"complained":         func(who string) { suppress(who, newsletter.SuppressedComplaint) },
		"asked for silence":  func(who string) { suppress(who, newsletter.SuppressedRequest) },
		"bounced":            func(who string) { suppress(who, newsletter.SuppressedHardBounce) },
		"active, complained": func(who string) { enrol(who); suppress(who, newsletter.SuppressedComplaint) },
		"erased": func(who string) {
			if _, err := s.Leave(t.Context(), enrol(who), consent(newsletter.ConsentWithdrawn)); err != nil {
				t.Fatal(err)
			}
			suppress(who, newsletter.SuppressedRequest)
			run(`UPDATE subscribers SET address = NULL WHERE hash = ?`, s.hashOf(parsed(t, who)))
			run(`UPDATE suppressions SET address = NULL WHERE hash = ?`, s.hashOf(parsed(t, who)))
		},
		"over its limit": func(who string) {
			for _, kind := range []newsletter.LetterKind{newsletter.LetterConfirm, newsletter.LetterLink} {
				run(`INSERT INTO limits (key, at) VALUES (?, ?)`, limitOf(parsed(t, who), kind).Key, now.Add(time.Hour).UnixMilli())
			}
		},
	} {
		who := fmt.Sprintf("r%d@lecteurs.example", number)
		prepare(who)
		for kind, door := range map[string]struct {
			form func(*Store, subscription.Asking) form
			do   func(tx, form) (subscription.Admission, error)
		}{"sign up": {(*Store).signUpForm, tx.signUp}, "ask for the link": {(*Store).linkForm, tx.askLink}} {
			want := step(fmt.Sprintf("new%d@lecteurs.example", number), door.form, door.do)
			if diff := cmp.Diff(want, step(who, door.form, door.do)); diff != "" || len(want) < 7 {
				t.Errorf("%s, who is %s (-a stranger +they):\n%s", kind, name, diff)
			}
		}
	}
}

// What a flood brings after its limit is full, and a form that was used, is refused without a write.
func TestWhatIsRefusedAlreadyTakesNoWrite(t *testing.T) {
	s, variant := signUps(t)
	now := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	narrow := func(n uint64) subscription.Asking {
		a := formOf(n, parsed(t, fmt.Sprintf("r%d@lecteurs.example", n)), now, variant)
		a.Limits[1] = admission.Limit{Key: []byte("one machine"), Times: 1, Per: time.Hour}
		return a
	}
	reader, err := s.read.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	version := func() (n int64) { // changes with every commit that wrote something
		t.Helper()
		if err := reader.QueryRowContext(t.Context(), `PRAGMA data_version`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	ask := func(a subscription.Asking, want subscription.Admission) {
		t.Helper()
		before := version()
		got, err := s.SignUp(t.Context(), a)
		if wrote := version() != before; err != nil || got != want || wrote != (want == subscription.Admitted) {
			t.Errorf("%q, %v, written: %v; want %q", got, err, wrote, want)
		}
	}
	ask(narrow(1), subscription.Admitted)
	ask(narrow(1), subscription.Spent)
	ask(narrow(2), subscription.Beyond)
	now = now.Add(time.Hour)
	ask(narrow(2), subscription.Admitted)
}

func TestChargeIsALimit(t *testing.T) {
	s, _ := signUps(t)
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	limit := admission.Limit{Key: []byte("k"), Times: 3, Per: time.Hour}
	for i, step := range []struct {
		later time.Duration
		want  bool
	}{
		{0, true}, {0, true}, {0, true}, {0, false}, {20*time.Minute - time.Millisecond, false}, {time.Millisecond, true}, {0, false},
		{40 * time.Minute, true}, {0, true}, {0, false}, {time.Hour, true}, {0, true}, {0, true}, {0, false},
		{-10 * 365 * 24 * time.Hour, true}, {0, true}, {0, true}, {0, false}, // the clock was set back
		{20 * 365 * 24 * time.Hour, true},
	} {
		at = at.Add(step.later)
		var got bool
		err := s.update(t.Context(), func(t tx) (err error) { got, err = t.charge(limit, at); return err })
		if err != nil || got != step.want {
			t.Errorf("step %d: %v, %v; want %v", i+1, got, err, step.want)
		}
	}
}

func TestChargeKeepsTheGap(t *testing.T) {
	s, _ := signUps(t)
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	limit := admission.Limit{Key: []byte("k"), Times: 3, Per: 30 * 24 * time.Hour, Gap: 24 * time.Hour}
	const day = 24 * time.Hour
	for i, step := range []struct {
		later time.Duration
		want  bool
	}{
		{0, true}, {0, false}, {day - time.Millisecond, false}, {time.Millisecond, true}, {day, true}, {day, false}, // three, and no more
		{7 * day, true}, {0, false}, {day, false}, {9 * day, true}, {time.Hour, false},
		{-10 * 365 * day, true}, {time.Hour, false}, {day, true}, // the clock was set back
	} {
		at = at.Add(step.later)
		var got bool
		err := s.update(t.Context(), func(t tx) (err error) { got, err = t.charge(limit, at); return err })
		if err != nil || got != step.want {
			t.Errorf("step %d: %v, %v; want %v", i+1, got, err, step.want)
		}
	}
	err := s.update(t.Context(), func(t tx) error { return t.refund(limit) })
	if err != nil {
		t.Fatal(err)
	}
	if err := s.update(t.Context(), func(t tx) (err error) {
		if ok, err := t.charge(limit, at); err != nil || !ok {
			return fmt.Errorf("what was taken back still counts: %v, %w", ok, err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
