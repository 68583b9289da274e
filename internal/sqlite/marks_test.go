package sqlite

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// The short statement that marks nearly all letters says what the full question would, whatever the store holds: it marks no letter
// that the question refuses, and of the copies that it is for, all that the question marks.
func TestMark_IsTheFullQuestionInShort(t *testing.T) {
	s, undone := openHere(t, Options{}), errors.New("undone")
	seen := map[string]int{}
	for seed := range uint64(200) {
		w := world{Rand: rand.New(rand.NewPCG(seed, 1)), now: time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)}
		err := s.update(t.Context(), func(x tx) error {
			w.tx = x
			w.fill()
			letters := w.letters()
			short, _ := w.marked(letters, func(p newsletter.Parcel, now time.Time) (bool, error) {
				n, err := changed(x.exec(attempting+plainly, p.Delivery, ms(p.Date), ms(now), p.Envelope.To))
				return n > 0, err
			})
			full, asked := w.marked(letters, x.ask)
			both, marked := w.marked(letters, x.mark)
			for i, l := range letters {
				if short[i] && !full[i] || l.plain && full[i] && !short[i] {
					t.Errorf("seed %d: marked in short: %v, by the full question: %v\n%s", seed, short[i], full[i], l.told)
				}
				if both[i] != full[i] || marked[i] != asked[i] {
					t.Errorf("seed %d: it becomes %q, where the full question makes it %q\n%s", seed, marked[i], asked[i], l.told)
				}
				seen[fmt.Sprintf("%v in short %v", l.kind, short[i])]++
				seen[asked[i].state]++
			}
			return errors.Join(w.err, undone)
		})
		if !errors.Is(err, undone) || w.err != nil {
			t.Fatal(seed, err)
		}
	}
	for _, want := range []string{
		"edition in short true", "edition in short false", "letter in short false", "attempting", "queued", "deferred",
		"cancelled left", "cancelled paused", "cancelled suppressed", "cancelled operator", "cancelled over", "cancelled erased",
	} {
		if seen[want] < 20 {
			t.Errorf("%q came %d times: %v", want, seen[want], seen)
		}
	}
}

// A world is rows at random: all that speaks for and against letters, and a letter's own columns, each apart from the others.
type world struct {
	*rand.Rand
	tx  tx
	now time.Time
	err error // the first
}

const (
	worldNewsletters = 2
	worldEditions    = 3
	worldReaders     = 10
	worldLetters     = 60
)

func (w *world) exec(query string, args ...any) {
	if _, err := w.tx.exec(query, args...); err != nil && w.err == nil {
		w.err = fmt.Errorf("%s: %w", query, err)
	}
}

// oneIn is true for one of n.
func (w *world) oneIn(n int) bool { return w.IntN(n) == 0 }

func (w *world) id(most int) int { return 1 + w.IntN(most) }

func pick[T any](w *world, of ...T) T { return of[w.IntN(len(of))] }

func (w *world) fill() {
	for n := range worldNewsletters {
		w.exec(`INSERT INTO newsletters (id, name) VALUES (?, ?)`, n+1, fmt.Sprintf("n%d", n+1))
	}
	for e := range worldEditions {
		w.exec(`INSERT INTO slots (id, newsletter_id, slot, state, judged, decided_at) VALUES (?1, 1, ?1, 'published', 0, 0)`, e+1)
		w.exec(`INSERT INTO editions (id, newsletter_id, number, slot_id, state, paused, revision, approved_at, audience, planned, key_id, letterhead, content)
			VALUES (?1, 1, ?1, ?1, ?2, ?3, 1, 0, 0, 0, 1, '', '')`, e+1, pick(w, "queueing", "sending", "sending", "done", "cancelled"), w.oneIn(4))
	}
	w.exec(`INSERT INTO variants (id, key, kind, subject, html, text) VALUES (1, '', 'letter', '', '', '')`)
	for r := range worldReaders {
		w.reader(r + 1)
	}
	for range worldLetters {
		w.letter()
	}
}

func (w *world) reader(r int) {
	own, next := fmt.Sprintf("r%d@lecteurs.example", r), fmt.Sprintf("r%d@ailleurs.example", r)
	w.exec(`INSERT INTO subscribers (id, address, hash, language, created_at, acted_at) VALUES (?, ?, ?, 'fr', 0, 0)`, r, w.unless(8, own), []byte(own))
	for n := range worldNewsletters {
		if !w.oneIn(8) {
			w.exec(`INSERT INTO subscriptions (newsletter_id, subscriber_id, state, since_at, request) VALUES (?, ?, ?, 0, ?)`,
				n+1, r, pick(w, "active", "active", "active", "active", "pending", "paused", "unsubscribed"), w.unless(3, r))
		}
	}
	if w.oneIn(3) {
		w.exec(`INSERT INTO moves (subscriber_id, hash, address, at) VALUES (?, ?, ?, 0)`, r, []byte(next), next)
	}
	for _, address := range []string{own, next} {
		if w.oneIn(5) {
			w.exec(`INSERT INTO suppressions (hash, address, kind, reason, at) VALUES (?, ?, ?, '', ?)`, []byte(address), address,
				pick(w, newsletter.SuppressedHardBounce, newsletter.SuppressedComplaint, newsletter.SuppressedRequest, newsletter.SuppressedOperator),
				ms(w.now.AddDate(0, 0, -w.IntN(60))))
		}
	}
}

// unless is the value, but for one of n.
func (w *world) unless(n int, value any) any {
	if w.oneIn(n) {
		return nil
	}
	return value
}

// letter makes one, which in most cases has what its kind has.
func (w *world) letter() {
	kind := pick(w, newsletter.KindEdition, newsletter.KindEdition, newsletter.KindEdition, newsletter.KindLetter, newsletter.KindProof, newsletter.KindNotice)
	run, letter, move, request, address := 0, newsletter.LetterKind(""), any(nil), any(nil), any(nil)
	switch kind {
	case newsletter.KindEdition:
		run = pick(w, 0, 1, 2, 3, 1, 2, 3)
	case newsletter.KindLetter:
		run, letter, request = pick(w, 0, 0, -1, -2), pick(w, newsletter.LetterKinds()...), w.unless(2, w.id(worldReaders))
	}
	if w.oneIn(8) {
		move, address = w.unless(3, w.id(worldReaders)), w.unless(3, fmt.Sprintf("r%d@ailleurs.example", w.id(worldReaders)))
	}
	state := pick(w, newsletter.Queued, newsletter.Queued, newsletter.Deferred, pick(w, newsletter.DeliveryStates()...))
	due := any(nil)
	if state == newsletter.Queued || state == newsletter.Deferred {
		due = ms(w.now)
	}
	w.exec(`INSERT INTO deliveries (kind, run, letter, move_id, request, edition_id, variant_id, newsletter_id, subscriber_id, address, copy, state, next_at)
		VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, (SELECT count(*) FROM deliveries), ?, ?)`,
		kind, run, letter, move, request, w.id(worldEditions), w.unless(20, w.id(worldNewsletters)), w.unless(20, w.id(worldReaders)), address, state, due)
}

// A worldLetter is one as it is asked for.
type worldLetter struct {
	newsletter.Parcel
	kind  newsletter.DeliveryKind
	plain bool   // a copy like nearly all, that the short statement is for
	told  string // with what speaks for and against it
}

// letters lists them, some as they would go to an address that is not theirs.
func (w *world) letters() (letters []worldLetter) {
	err := w.tx.conn.each(`SELECT d.id, d.kind, d.kind = 'edition' AND d.run > 0 AND d.address IS NULL AND d.move_id IS NULL, coalesce(d.address, b.address, ''), coalesce(b.address, ''),
			json_object('kind', d.kind, 'letter', d.letter, 'run', d.run, 'edition', d.edition_id, 'state', d.state, 'newsletter', d.newsletter_id, 'address', d.address, 'move', m.address,
				'paused', e.paused, 'standing', p.state, 'asked', p.request = d.request, 'own', b.address, 'suppressed', (SELECT kind FROM suppressions WHERE hash = b.hash))
		FROM deliveries d LEFT JOIN editions e ON e.id = d.run LEFT JOIN subscribers b ON b.id = d.subscriber_id LEFT JOIN moves m ON m.id = d.move_id
		LEFT JOIN subscriptions p ON p.subscriber_id = b.id AND p.newsletter_id = d.newsletter_id ORDER BY d.id`, nil, func(row []driver.Value) error {
		l := worldLetter{kind: newsletter.DeliveryKind(row[1].(string)), plain: truth(row[2]), told: row[5].(string)}
		l.Delivery, l.Date, l.Envelope.To = row[0].(int64), w.now, row[3].(string)
		if w.oneIn(8) {
			l.Envelope.To = pick(w, "avant@lecteurs.example", row[4].(string))
		}
		l.told += " to " + l.Envelope.To
		letters = append(letters, l)
		return nil
	})
	w.err = errors.Join(w.err, err)
	return letters
}

// A fate is what a letter is after a mark was asked for.
type fate struct{ state, times string }

// marked asks for the mark of each, says which got it and what all are then, and undoes it.
func (w *world) marked(letters []worldLetter, mark func(newsletter.Parcel, time.Time) (bool, error)) (which []bool, fates []fate) {
	w.exec(`SAVEPOINT marks`)
	for _, l := range letters {
		is, err := mark(l.Parcel, w.now)
		w.err = errors.Join(w.err, err)
		which = append(which, is)
	}
	err := w.tx.conn.each(`SELECT trim(state || ' ' || reason), json_array(next_at, first_at, round_at) FROM deliveries ORDER BY id`, nil, func(row []driver.Value) error {
		fates = append(fates, fate{row[0].(string), row[1].(string)})
		return nil
	})
	w.err = errors.Join(w.err, err)
	w.exec(`ROLLBACK TO marks`)
	w.exec(`RELEASE marks`)
	return which, fates
}
