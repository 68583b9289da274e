package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"facteur/internal/newsletter"
)

// EnsureNewsletters gives every newsletter of the settings its row.
func (s *Store) EnsureNewsletters(ctx context.Context, names []string) error {
	return s.update(ctx, func(t tx) error {
		for _, name := range names {
			if _, err := t.exec(`INSERT INTO newsletters (name) VALUES (?) ON CONFLICT DO NOTHING`, name); err != nil {
				return fmt.Errorf("newsletter %s: %w", name, err)
			}
		}
		return nil
	})
}

func (t tx) newsletterID(name string) (int64, error) {
	var id int64
	err := t.row(`SELECT id FROM newsletters WHERE name=?`, name).Scan(&id)
	return id, found(err, "newsletter "+name)
}

// Begun remembers the slot from which this installation counts; see digest.Store.
func (s *Store) Begun(ctx context.Context, name string, at, most newsletter.Slot) (newsletter.Slot, error) {
	var begun newsletter.Slot
	err := s.read.QueryRowContext(ctx, `SELECT coalesce(begun, '') FROM newsletters WHERE name=?`, name).Scan(&begun)
	if err != nil || begun != "" && begun <= most {
		return begun, found(err, "newsletter "+name)
	}
	err = s.update(ctx, func(t tx) error {
		return t.row(`UPDATE newsletters SET begun = iif(begun <= ?2, begun, ?1) WHERE name = ?3 RETURNING begun`, at, most, name).Scan(&begun)
	})
	return begun, err
}

const slotSelect = `SELECT n.name, s.slot, s.state, s.reason, s.decided_at, coalesce(e.number, 0), coalesce(e.unsent, 0) FROM slots s
	JOIN newsletters n ON n.id = s.newsletter_id LEFT JOIN editions e ON e.slot_id = s.id `

func scanSlot(row interface{ Scan(...any) error }) (newsletter.SlotRecord, error) {
	var r newsletter.SlotRecord
	var decided sql.NullInt64
	err := row.Scan(&r.Newsletter, &r.Slot, &r.State, &r.Reason, &decided, &r.Edition, &r.Unsent)
	r.Decided = instant(decided)
	return r, err
}

// SlotRecord returns what became of a slot; newsletter.ErrNotFound when nothing did yet.
func (s *Store) SlotRecord(ctx context.Context, name string, slot newsletter.Slot) (newsletter.SlotRecord, error) {
	r, err := scanSlot(s.read.QueryRowContext(ctx, slotSelect+`WHERE n.name=? AND s.slot=?`, name, slot))
	return r, found(err, "slot "+string(slot))
}

// LastSlot returns the latest scheduled slot up to another one that was published or skipped.
func (s *Store) LastSlot(ctx context.Context, name string, upTo newsletter.Slot) (newsletter.SlotRecord, error) {
	r, err := scanSlot(s.read.QueryRowContext(ctx, slotSelect+`WHERE n.name=? AND s.slot <= ? AND s.state <> 'failed' AND instr(s.slot, '+') = 0
		ORDER BY s.slot DESC LIMIT 1`, name, upTo))
	return r, found(err, "a decided slot of "+name)
}

// FirstSlot returns the earliest slot of which anything is recorded.
func (s *Store) FirstSlot(ctx context.Context, name string) (newsletter.Slot, error) {
	r, err := scanSlot(s.read.QueryRowContext(ctx, slotSelect+`WHERE n.name=? ORDER BY s.slot LIMIT 1`, name))
	return r.Slot, found(err, "a slot of "+name)
}

// Slots lists a newsletter's decided slots, the latest decision first.
func (s *Store) Slots(ctx context.Context, name string, limit int) ([]newsletter.SlotRecord, error) {
	rows, err := s.read.QueryContext(ctx, slotSelect+`WHERE n.name=? ORDER BY s.id DESC LIMIT ?`, name, limit)
	if err != nil {
		return nil, fmt.Errorf("list slots: %w", err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.SlotRecord, error) { return scanSlot(rows) })
}

// ExtraSlots returns the highest counter used for slots made by hand in a minute, 0 if there is none.
func (s *Store) ExtraSlots(ctx context.Context, name string, minute newsletter.Slot) (int, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT s.slot FROM slots s JOIN newsletters n ON n.id = s.newsletter_id
		WHERE n.name=? AND s.slot GLOB ? || '+*'`, name, string(minute))
	if err != nil {
		return 0, fmt.Errorf("extra slots: %w", err)
	}
	slots, err := collectRows(rows, func(rows *sql.Rows) (s newsletter.Slot, err error) { return s, rows.Scan(&s) })
	highest := 0
	for _, slot := range slots {
		highest = max(highest, slot.Extra())
	}
	return highest, err
}

// Skip records a slot that yields no edition, or one whose deciding failed, with the verdicts and the notice to the
// operator, in one transaction. A slot that is published or skipped already is newsletter.ErrExists; a failed one is
// decided anew. A failure has no verdicts.
func (s *Store) Skip(ctx context.Context, r newsletter.SlotRecord, verdicts []newsletter.Verdict, notice *newsletter.Notice) error {
	return s.update(ctx, func(t tx) error {
		newsletterID, err := t.newsletterID(r.Newsletter)
		if err != nil {
			return err
		}
		return t.decideSlot(newsletterID, r, verdicts, notice)
	})
}

// decideSlot writes a slot's record with its verdicts and its notice. A record that is final already is ErrExists.
func (t tx) decideSlot(newsletterID int64, r newsletter.SlotRecord, verdicts []newsletter.Verdict, notice *newsletter.Notice) error {
	judged := len(verdicts) > 0 && r.State != newsletter.SlotFailed
	slotID, err := t.putSlot(newsletterID, r, judged)
	if err != nil {
		return err
	}
	if judged {
		if err := t.recordVerdicts(newsletterID, slotID, verdicts); err != nil {
			return err
		}
	}
	if notice == nil {
		return nil
	}
	return t.notify(newsletterID, sql.NullInt64{}, "notice", *notice, r.Decided)
}

// putSlot gives a slot's record its place behind all that was decided before. That of a failed slot that is decided
// anew is no exception: verdicts count from their place on, and those of a slot decided meanwhile must not change.
func (t tx) putSlot(newsletterID int64, r newsletter.SlotRecord, judged bool) (int64, error) {
	if _, err := t.exec(`DELETE FROM slots WHERE newsletter_id=? AND slot=? AND state='failed'`, newsletterID, r.Slot); err != nil {
		return 0, err
	}
	var id int64
	err := t.row(`INSERT INTO slots (newsletter_id, slot, state, reason, decided_at, judged) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING RETURNING id`, newsletterID, r.Slot, r.State, r.Reason, ms(r.Decided), judged).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("slot %s is decided: %w", r.Slot, newsletter.ErrExists)
	}
	return id, err
}

// recordVerdicts writes the verdicts that differ from those in force and all that put an article into the edition, and ends those of articles that
// are candidates no longer.
func (t tx) recordVerdicts(newsletterID, slotID int64, verdicts []newsletter.Verdict) error {
	inForce, err := t.verdictsInForce(newsletterID, slotID)
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		now := rulingOf(v)
		before, known := inForce[v.Article]
		delete(inForce, v.Article)
		if known && before == now && !v.Rule.In() {
			continue
		}
		if err := t.rule(newsletterID, v.Article, slotID, now); err != nil {
			return err
		}
	}
	for article, before := range inForce {
		if before.rule == "" {
			continue
		}
		if err := t.rule(newsletterID, article, slotID, ruling{}); err != nil {
			return err
		}
	}
	return nil
}

type ruling struct {
	rule     newsletter.Rule
	edition  int
	sister   string
	position int
	original int64
	lead     newsletter.LeadRule
	fresh    int
	back     bool
	place    string
	stance   newsletter.Stance
	newsletter.Measure
}

// rulingOf is a verdict as it is recorded: with the edition of the sister, too, by which one that found no place was to be recalled.
func rulingOf(v newsletter.Verdict) ruling {
	brought := v.Brought("")
	if brought.Number == 0 && v.Known() {
		brought = v.Sister
	}
	return ruling{v.Rule, brought.Number, brought.Newsletter, v.Position, v.Original, v.Lead, v.Fresh, v.Back, v.Place, v.Stance, v.Measure}
}

// on is the verdict on a candidate that was recorded so.
func (r ruling) on(c newsletter.Candidate) newsletter.Verdict {
	v := newsletter.Verdict{Candidate: c, Rule: r.rule, Back: r.back, Original: r.original, Position: r.position, Lead: r.lead, Place: r.place, Measure: r.Measure}
	v.Fresh, v.Stance = r.fresh, r.stance
	if r.sister == "" {
		v.Edition, v.CarriedBy = r.edition, r.edition
	} else {
		v.Sister = newsletter.EditionRef{Newsletter: r.sister, Number: r.edition}
	}
	return v
}

// columns are the places of a ruling for the columns rulingColumns.
func (r *ruling) columns() []any {
	return []any{&r.rule, &r.edition, &r.sister, &r.position, &r.original, &r.lead, &r.fresh, &r.back, &r.place, &r.stance, &r.Quota, (*span)(&r.Horizon), &r.Takes, &r.Had, &r.Whole, &r.By}
}

// A span is a length of time that a column has in milliseconds.
type span time.Duration

// Scan reads the column; see sql.Scanner.
func (s *span) Scan(column any) error {
	n, is := column.(int64)
	if !is {
		return fmt.Errorf("a length of time is %T and no number of milliseconds", column)
	}
	*s = span(time.Duration(n) * time.Millisecond)
	return nil
}

const rulingColumns = `rule, edition, sister, position, original, lead, fresh, catalogue, place, stance, quota, horizon, takes, had, whole, found_by`

func (t tx) rule(newsletterID, article, slotID int64, r ruling) error {
	_, err := t.exec(`INSERT OR REPLACE INTO verdicts (newsletter_id, article_id, slot_id, `+rulingColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		newsletterID, article, slotID, r.rule, r.edition, r.sister, r.position, r.original, r.lead, r.fresh, r.back, r.place, r.stance, r.Quota, r.Horizon.Milliseconds(), r.Takes, r.Had, r.Whole, r.By)
	return err
}

// SQLite takes the other columns of a max() from the row that holds the maximum.
const verdictsUpTo = `SELECT article_id, max(slot_id) AS slot_id, ` + rulingColumns + ` FROM verdicts
	WHERE newsletter_id=? AND slot_id<=? GROUP BY article_id`

func (t tx) verdictsInForce(newsletterID, slotID int64) (map[int64]ruling, error) {
	rows, err := t.query(verdictsUpTo, newsletterID, slotID)
	if err != nil {
		return nil, err
	}
	type line struct {
		article int64
		ruling
	}
	var l line // one for all rows, which may be many
	var slot int64
	into := append([]any{&l.article, &slot}, l.columns()...)
	lines, err := collectRows(rows, func(rows *sql.Rows) (line, error) {
		err := rows.Scan(into...)
		return l, err
	})
	inForce := make(map[int64]ruling, len(lines))
	for _, l := range lines {
		inForce[l.article] = l.ruling
	}
	return inForce, err
}

// Verdicts returns the verdicts as they were recorded when the slot was decided, with the articles as they were then: none for one that was decided without
// looking at the articles, newsletter.ErrNotFound for one that was not decided.
func (s *Store) Verdicts(ctx context.Context, name string, slot newsletter.Slot) ([]newsletter.Verdict, error) {
	var newsletterID, slotID int64
	var judged bool
	err := s.read.QueryRowContext(ctx, `SELECT n.id, s.id, s.judged FROM slots s JOIN newsletters n ON n.id = s.newsletter_id
		WHERE n.name=? AND s.slot=?`, name, slot).Scan(&newsletterID, &slotID, &judged)
	if err != nil || !judged {
		return nil, found(err, "slot "+string(slot))
	}
	rows, err := s.read.QueryContext(ctx, `SELECT a.id, a.url, coalesce(p.title, a.title), coalesce(p.section, a.section), a.language,
			iif(p.slot_id IS NULL, a.published_at, p.published_at), a.arrived_at, a.hidden_at IS NOT NULL,
			coalesce(p.updated_at, a.updated_at), `+rulingColumns+`
		FROM (`+verdictsUpTo+`) v JOIN articles a ON a.id = v.article_id
		LEFT JOIN article_pasts p ON p.article_id = a.id
			AND p.slot_id = (SELECT min(slot_id) FROM article_pasts WHERE article_id = a.id AND slot_id >= ?2)
		WHERE v.rule <> '' ORDER BY a.id`, newsletterID, slotID)
	if err != nil {
		return nil, fmt.Errorf("verdicts of %s: %w", slot, err)
	}
	var c newsletter.Candidate // one for all rows, which may be many
	var r ruling
	var published, arrived, updated sql.NullInt64
	into := append([]any{&c.Article, &c.URL, &c.Title, &c.Section, &c.Language, &published, &arrived, &c.Hidden, &updated}, r.columns()...)
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Verdict, error) {
		err := rows.Scan(into...)
		c.Published, c.Arrived, c.Changed = instant(published), instant(arrived), instant(updated)
		return r.on(c), err
	})
}

// The latest edition of a family with each article, but for those of which nothing left; one that recalled it comes after all others, the first of those before the rest. SQLite
// takes the other columns of a max() from its row.
const broughtLast = `SELECT ea.article_id, max(iif(EXISTS (SELECT 1 FROM verdicts v
		WHERE v.newsletter_id = n.id AND v.article_id = ea.carrier AND v.slot_id = e.slot_id AND v.rule = 'recalled'), -e.id, e.id)), n.name, e.number
	FROM ` + carriages + ` ea JOIN editions e ON e.id = ea.edition_id JOIN newsletters n ON n.id = e.newsletter_id
	WHERE n.name IN (SELECT value FROM json_each(?2)) AND e.unsent = 0 GROUP BY ea.article_id`

// Candidates lists every article with its standing in a newsletter, without its text.
func (s *Store) Candidates(ctx context.Context, name string, sisters ...string) ([]newsletter.Candidate, error) {
	return candidates(ctx, s.read, name, sisters)
}

// A querier reads the database, or what a transaction has made of it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func candidates(ctx context.Context, q querier, name string, sisters []string) ([]newsletter.Candidate, error) {
	stances, err := stancesOf(ctx, q, name)
	if err != nil {
		return nil, fmt.Errorf("what was decided by hand in %s: %w", name, err)
	}
	var family []string
	if len(sisters) > 0 {
		family = append([]string{name}, sisters...)
	}
	rows, err := q.QueryContext(ctx, `SELECT a.id, a.url, a.title, a.section, a.language, a.published_at, a.arrived_at, a.updated_at, a.came_at, a.sourced IS NOT NULL,
			a.hidden_at IS NOT NULL, coalesce(a.leader, 0), a.sign, coalesce(c.number, 0), coalesce(f.name, ''), coalesce(f.number, 0), coalesce(p.state, ''), o.asked_at
		FROM articles a LEFT JOIN (SELECT ea.article_id, max(e.number) AS number FROM `+carriages+` ea JOIN editions e ON e.id = ea.edition_id
			JOIN newsletters n ON n.id = e.newsletter_id WHERE n.name = ?1 AND e.unsent = 0 GROUP BY ea.article_id) c ON c.article_id = a.id
		LEFT JOIN (`+broughtLast+`) f ON f.article_id = a.id AND f.name <> ?1
		LEFT JOIN pictures p ON a.picture <> '' AND p.source = a.picture
		LEFT JOIN sources o ON o.name = a.brought_by AND a.arrived_at BETWEEN o.asked_at AND coalesce(o.gathered_at, a.arrived_at)
		ORDER BY a.id`, name, list(family))
	if err != nil {
		return nil, fmt.Errorf("candidates of %s: %w", name, err)
	}
	return collectRows(rows, func(rows *sql.Rows) (newsletter.Candidate, error) {
		var c newsletter.Candidate
		var published, arrived, updated, came, asked sql.NullInt64
		var picture newsletter.PictureState
		err := rows.Scan(&c.Article, &c.URL, &c.Title, &c.Section, &c.Language, &published, &arrived, &updated, &came, &c.Filed, &c.Hidden, &c.Leader, &c.Sign, &c.CarriedBy,
			&c.Sister.Newsletter, &c.Sister.Number, &picture, &asked)
		c.Pictured, c.Coming = picture == newsletter.PictureKept, picture == newsletter.PictureWaiting
		c.Published, c.Arrived, c.Changed, c.Came, c.Asked = instant(published), instant(arrived), instant(updated), instant(came), instant(asked)
		c.Stance, c.Stood = stances[c.Article].stance, stances[c.Article].id
		return c, err
	})
}
