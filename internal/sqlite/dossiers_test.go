package sqlite_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
	"facteur/internal/storetest"
	"facteur/internal/subscription"
)

// theirs says, for each table that holds rows of people, which rows are a person's: of subscriber 1.
var theirs = map[string]string{
	"subscribers":    `id = 1`,
	"subscriptions":  `subscriber_id = 1`,
	"consents":       `subscription_id IN (SELECT id FROM subscriptions WHERE subscriber_id = 1)`,
	"wordings":       `version IN (SELECT wording FROM consents WHERE subscription_id IN (SELECT id FROM subscriptions WHERE subscriber_id = 1))`,
	"suppressions":   `hash = (SELECT hash FROM subscribers WHERE id = 1)`,
	"moves":          `subscriber_id = 1`,
	"left_addresses": `hash = (SELECT hash FROM subscribers WHERE id = 1)`,
	"deliveries":     `subscriber_id = 1`,
	"attempts":       `delivery_id IN (SELECT id FROM deliveries WHERE subscriber_id = 1)`,
	"resends":        `delivery_id IN (SELECT id FROM deliveries WHERE subscriber_id = 1)`,
}

// notTold are the columns of those tables that an export leaves out, each for a reason; a table without rows of people
// is named alone.
var notTold = map[string]string{
	"subscribers.hash": "made from the address", "suppressions.hash": "made from the address", "moves.hash": "made from the address",
	"left_addresses.hash":         "made from the address",
	"subscriptions.newsletter_id": "told by name", "subscriptions.subscriber_id": "told by its place", "subscriptions.activated": "the order of the house's own acts", "subscriptions.ended": "the order of the house's own acts",
	"subscriptions.was": "told by the consents: what a leave can be taken back to", "subscriptions.renewed": "a mark of the purge", "deliveries.request": "told by the consents: which request", "subscriptions.request": "told by the consents: when it was asked for",
	"consents.id": "told by its place", "consents.subscription_id": "told by its place",
	"moves.id": "told by its place", "moves.subscriber_id": "told by its place",
	"deliveries.run": "how letters are queued", "deliveries.group_id": "told by the address", "deliveries.move_id": "told as the move", "deliveries.edition_id": "told by number",
	"deliveries.variant_id": "told by its subject", "deliveries.newsletter_id": "told by name", "deliveries.subscriber_id": "told by its place",
	"attempts.id": "told by its place", "attempts.delivery_id": "told by its place", "attempts.relay": "a name of the house's own",
	"resends.id": "told by its place", "resends.edition_id": "told by number", "resends.what": "one reader's, or it would not be told",
	"resends.people": "one", "resends.whole": "one is", "resends.delivery_id": "told by its place", "resends.since_at": "of orders for many",
	"resends.asked_by": "a name of the operator's people", "resends.way": "how they work", "resends.flags": "how they work",
	"deliveries.newcomer": "told by the dates: how the house counts",

	"store": "facts about the file", "newsletters": "nobody's", "inbox": "articles", "articles": "articles", "slots": "editions", "verdicts": "editions",
	"editions": "editions", "edition_articles": "editions", "edition_pictures": "editions", "words": "what editors say to readers", "sponsors": "what readers are told for pay", "pictures": "articles", "article_keys": "articles", "article_pasts": "articles", "articles_apart": "articles", "partings": "articles", "carried_stories": "articles", "merges": "articles", "merged_articles": "articles", "stances": "articles", "spent_stances": "articles", "carried_texts": "articles", "article_identities": "articles", "former_addresses": "articles", "offers": "articles", "links": "articles", "sources": "articles", "source_faults": "articles", "variants": "texts that are the same for everybody", "goodbyes": "said by nobody in particular",
	"limits": "keyed hashes, which nobody can be told from", "stamps": "of forms, not of people", "scrubs": "nobody's", "scrub_letters": "numbers of letters that are told or forgotten", "signups": "numbers", "groups": "providers", "relays": "the house's own", "group_domains": "providers", "goose_db_version": "the schema's own",
}

// A person with something in every column, the rest of the schema held against what the export says of them: a column
// that somebody adds must be told, or be named above with the reason why not.
func TestExport_TellsEveryColumn(t *testing.T) {
	s := open(t)
	full(t, s)
	register := subscription.Register{Store: s, Now: time.Now}
	out, err := register.Export(t.Context(), "canari@lecteurs.example")
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(out, &value); err != nil {
		t.Fatal(err)
	}
	told := leaves(value)
	db := raw(t, s.Path())
	for _, table := range strs(t, db, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`) {
		where, ofPeople := theirs[table]
		if !ofPeople {
			if notTold[table] == "" {
				t.Errorf("table %s is new: does it hold rows of people?", table)
			}
			continue
		}
		for _, column := range strs(t, db, fmt.Sprintf(`SELECT name FROM pragma_table_info('%s')`, table)) {
			if notTold[table+"."+column] != "" {
				continue
			}
			values := strs(t, db, fmt.Sprintf(`SELECT CAST(%q AS TEXT) FROM %s WHERE %s AND %[1]q IS NOT NULL AND %[1]q <> ''`, column, table, where))
			if len(values) == 0 {
				t.Errorf("%s.%s: the canary has nothing there", table, column)
			}
			for _, v := range values {
				if !slices.Contains(told, v) && !slices.Contains(told, asInstant(v)) {
					t.Errorf("%s.%s: %q is not told in\n%s", table, column, v, out)
				}
			}
		}
	}
}

// Nothing in the rows that an erasure leaves names a person in words: neither servers' nor the operator's.
func TestErase_LeavesNoWords(t *testing.T) {
	s := open(t)
	full(t, s)
	db := raw(t, s.Path())
	words := []string{
		`SELECT text FROM attempts WHERE text <> ''`, `SELECT address FROM deliveries WHERE address <> ''`, `SELECT source FROM consents WHERE source <> ''`,
		`SELECT network FROM consents WHERE network IS NOT NULL`, `SELECT address FROM moves`, `SELECT address FROM subscribers WHERE address IS NOT NULL`,
		`SELECT reason FROM suppressions WHERE reason <> 'erased'`,
	}
	for _, query := range words {
		if len(strs(t, db, query)) == 0 {
			t.Errorf("%s finds nothing before", query)
		}
	}
	who, err := address.Parse("canari@lecteurs.example")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Erase(t.Context(), subscription.Erasure{Address: who, Withdrawal: newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: time.UnixMilli(2000), Origin: "command"}}); err != nil {
		t.Fatal(err)
	}
	for _, query := range words {
		if left := strs(t, db, query); len(left) > 0 {
			t.Errorf("%s: %q is left", query, left)
		}
	}
}

// full fills every table that holds rows of people with what can be told apart.
func full(t *testing.T, s *sqlite.Store) {
	t.Helper()
	if err := s.EnsureNewsletters(t.Context(), []string{"hebdo"}); err != nil {
		t.Fatal(err)
	}
	a, err := address.Parse("canari@lecteurs.example")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Enrol(t.Context(), "hebdo", []subscription.Person{{Address: a, Language: "x-canari"}}, newsletter.Consent{
		Act: newsletter.ConsentConfirmed, At: time.UnixMilli(1001), Origin: "canari-origin", Source: "canari-source",
		Wording: newsletter.Wording{Version: "canari-version", Text: "canari-wording"}, Network: "canari-network",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Suppress(t.Context(), a, newsletter.SuppressedComplaint, "canari-reason", time.UnixMilli(1010)); err != nil {
		t.Fatal(err)
	}
	db := raw(t, s.Path())
	for _, query := range []string{
		`UPDATE subscribers SET created_at = 1020, acted_at = 1021, asked_at = 1022`,
		`UPDATE subscriptions SET state = 'paused', epoch = 1030, since_at = 1031, until_at = 1032, confirmed_at = 1033, reminded_at = 1034`,
		`INSERT INTO moves (subscriber_id, hash, address, at) VALUES (1, x'00', 'canari@nouveau.example', 1040)`,
		`INSERT INTO left_addresses (hash, at) SELECT hash, 1045 FROM subscribers WHERE id = 1`,
		`INSERT INTO slots (newsletter_id, slot, state, judged, decided_at) VALUES (1, '2026-11-24T07:00', 'published', 1, 1)`,
		`INSERT INTO editions (newsletter_id, number, slot_id, state, revision, approved_at, audience, planned, key_id, letterhead, content)
			VALUES (1, 1050, 1, 'done', 1, 1, 1, 1, 1, '{}', '{}')`,
		`INSERT INTO variants (edition_id, key, kind, subject, html, text) VALUES (1, 'full', 'edition', 'canari-subject', '', '')`,
		`INSERT INTO deliveries (id, kind, run, letter, edition_id, variant_id, newsletter_id, subscriber_id, address, copy, state, reason, tries, unknowns, first_at, round_at, next_at)
			VALUES (1060, 'letter', 1, 'canari-letter', 1, 1, 1, 1, 'canari@ailleurs.example', 1061, 'deferred', 'canari-why', 1062, 1063, 1064, 1065, 1066)`,
		`INSERT INTO attempts (delivery_id, started_at, ended_at, stage, state, code, enhanced, text)
			VALUES (1060, 1070, 1071, 'canari-stage', 'canari-state', 1072, 'canari-code', 'canari-words')`,
		`INSERT INTO resends (edition_id, what, asked_by, way, flags, asked_at, people, whole, delivery_id) VALUES (1, 'to', 'nora', 'terminal', '--to', 1080, 1, 1, 1060)`,
	} {
		run(t, db, query)
	}
}

func strs(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// asInstant is a number of milliseconds as the export writes it.
func asInstant(text string) string {
	var ms int64
	if _, err := fmt.Sscan(text, &ms); err != nil {
		return ""
	}
	return time.UnixMilli(ms).UTC().Format(time.RFC3339Nano)
}

// leaves lists every value of a JSON document as text.
func leaves(value any) (all []string) {
	switch v := value.(type) {
	case map[string]any:
		for _, one := range v {
			all = append(all, leaves(one)...)
		}
	case []any:
		for _, one := range v {
			all = append(all, leaves(one)...)
		}
	case float64:
		all = []string{fmt.Sprintf("%.0f", v)}
	default:
		all = []string{fmt.Sprint(v)}
	}
	return all
}

// Erasing takes the canary away again: no column that a text of theirs stood in holds one, and only what tells of
// nobody stays.
func TestErase_LeavesNoTextOfTheirs(t *testing.T) {
	s := open(t)
	full(t, s)
	a, err := address.Parse("canari@lecteurs.example")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Erase(t.Context(), subscription.Erasure{Address: a, Withdrawal: newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: time.UnixMilli(2000), Origin: newsletter.OriginCommand}})
	if err != nil {
		t.Fatal(err)
	}
	stays := []string{
		"consents.origin", "consents.wording", "wordings.version", "wordings.text", // the proof
		"subscribers.language", "deliveries.letter", "attempts.stage", "attempts.state", "attempts.enhanced", // of nobody
	}
	db := raw(t, s.Path())
	for table, where := range theirs {
		for _, column := range strs(t, db, fmt.Sprintf(`SELECT name FROM pragma_table_info('%s')`, table)) {
			for _, v := range strs(t, db, fmt.Sprintf(`SELECT CAST(%q AS TEXT) FROM %s WHERE (%s) AND CAST(%[1]q AS TEXT) LIKE '%%canari%%'`, column, table, where)) {
				if !slices.Contains(stays, table+"."+column) {
					t.Errorf("%s.%s still says %q", table, column, v)
				}
			}
		}
	}
	if left := strs(t, db, `SELECT address FROM deliveries WHERE address LIKE '%@%' UNION ALL SELECT address FROM moves`); len(left) != 0 {
		t.Errorf("addresses are left: %s", strings.Join(left, ", "))
	}
}

// A reader of an older state holds the log back: what was erased is in it until that reader is done.
func TestScrub_WaitsForReaders(t *testing.T) {
	s := open(t)
	full(t, s)
	db := raw(t, s.Path())
	old, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := old.QueryRowContext(t.Context(), `SELECT count(*) FROM subscribers`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	a, err := address.Parse("canari@lecteurs.example")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Erase(t.Context(), subscription.Erasure{Address: a, Withdrawal: newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: time.UnixMilli(2000)}}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Scrub(t.Context(), time.Time{}) }()
	var found int
	if err := old.QueryRowContext(t.Context(), `SELECT count(*) FROM subscribers WHERE address IS NOT NULL`).Scan(&found); err != nil || found != 1 {
		t.Errorf("the old state has %d, %v", found, err)
	}
	select {
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	default:
	}
	if err := old.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if traces := storetest.Traces(t, filepath.Dir(s.Path()), "canari@lecteurs.example"); len(traces) > 0 {
		t.Errorf("traces: %q", traces)
	}
}

// Pages that were split, filled and emptied keep nothing either: whoever is erased among many is gone from all of them.
func TestErase_AmongMany(t *testing.T) {
	s := open(t)
	full(t, s)
	const many, erased = 1500, 30
	name := func(n int) string {
		return fmt.Sprintf("lecteur-%s-%04d@lecteurs.example", strings.Repeat("x", n*7919%40), n)
	}
	people := make([]subscription.Person, many)
	for i := range people {
		a, err := address.Parse(name(i * 1009 % many))
		if err != nil {
			t.Fatal(err)
		}
		people[i] = subscription.Person{Address: a, Language: "fr"}
	}
	if _, err := s.Enrol(t.Context(), "hebdo", people, newsletter.Consent{Act: newsletter.ConsentConfirmed, At: time.UnixMilli(1001), Source: "salon"}); err != nil {
		t.Fatal(err)
	}
	run(t, raw(t, s.Path()), `INSERT INTO deliveries (kind, run, variant_id, newsletter_id, subscriber_id, address, state, next_at)
		SELECT 'letter', 0, 1, 1, id, address, 'queued', id % 97 FROM subscribers ORDER BY id * 7919 % 1501`)
	var gone []string
	for i := range erased {
		gone = append(gone, name(i*many/erased))
		a, err := address.Parse(gone[i])
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Erase(t.Context(), subscription.Erasure{Address: a, Withdrawal: newsletter.Consent{Act: newsletter.ConsentWithdrawn, At: time.UnixMilli(2000)}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Scrub(t.Context(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	for _, who := range gone {
		if traces := plainTraces(t, s.Path(), who); traces > 0 {
			t.Errorf("%s stands in the file %d times", who, traces)
		}
	}
	if plainTraces(t, s.Path(), name(1)) == 0 {
		t.Error("somebody else is not in the file: this test looks in the wrong place")
	}
}

func plainTraces(t *testing.T, path, text string) (n int) {
	t.Helper()
	for _, file := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		n += strings.Count(strings.ToLower(string(content)), text)
	}
	return n
}
