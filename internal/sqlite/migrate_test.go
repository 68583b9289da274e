package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"facteur/internal/newsletter"
	"facteur/internal/storetest"
)

// before is a file as an earlier schema had it, with what queries put there.
func before(t *testing.T, version int64, queries string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "facteur.db")
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	p, err := (&Store{write: db}).provider()
	if err == nil {
		_, err = p.UpTo(t.Context(), version)
	}
	if err == nil {
		_, err = db.ExecContext(t.Context(), queries)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Merges and what wanted articles in are known of files of the schema before, as far as these knew it themselves.
func TestMigrate_KnowsEarlierMerges(t *testing.T) {
	article := func(id, leader, sign, part string) string {
		return `INSERT INTO articles (id, url, title, section, summary, body, author, tags, language, arrived_at, updated_at, picture, picture_alt, leader, sign, part)
			VALUES (` + strings.Join([]string{id, `'https://pandia.example/` + id + `'`, `''`, `''`, `''`, `''`, `''`, `'[]'`, `''`, `0`, `0`, `''`, `''`, leader, sign, part}, ", ") + `);`
	}
	path := before(t, 7, `INSERT INTO newsletters (id, name) VALUES (1, 'hebdo');`+
		article("1", "NULL", "'hand'", "1")+article("2", "1", "'canonical'", "1")+article("3", "1", "'text'", "4")+article("4", "1", "'hand'", "4")+article("5", "1", "'hand'", "5")+
		article("6", "NULL", "''", "NULL")+article("7", "6", "'canonical'", "NULL")+article("8", "NULL", "'hand'", "NULL")+article("9", "8", "'hand'", "6")+`
		INSERT INTO slots (id, newsletter_id, slot, state, judged, decided_at) VALUES (1, 1, '2026-11-24T07:00', 'published', 3, 0);
		INSERT INTO editions (id, newsletter_id, number, slot_id, state, revision, approved_at, audience, planned, key_id, letterhead, content)
			VALUES (1, 1, 1, 1, 'sending', 1, 7, 0, 0, 1, '{}', '{}');
		INSERT INTO verdicts (newsletter_id, article_id, slot_id, rule, position, lead) VALUES (1, 6, 1, 'new', 1, 'hand'), (1, 8, 1, 'pinned', 2, ''), (1, 1, 1, 'new', 3, '');
		INSERT INTO stances (id, newsletter_id, article_id, stance, at, pin, pinned_at) VALUES (3, 1, 5, 'lead', 9, 2, 8);`)
	s, err := Open(t.Context(), path, Options{Create: true, Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for _, split := range []struct {
		article int64
		want    map[int64]string // of stories, by the one that leads
	}{
		{5, map[int64]string{1: "1 hand, 2 canonical, 3 text, 4 hand", 5: "5 "}},
		{3, map[int64]string{1: "1 , 2 canonical", 4: "4 , 3 text"}},
		{7, map[int64]string{6: "6 ", 7: "7 "}},
		{9, map[int64]string{8: "8 ", 9: "9 "}},
	} {
		if err := s.SplitArticle(t.Context(), split.article, nil); err != nil {
			t.Fatal(err)
		}
		for lead, want := range split.want {
			members, err := s.Story(t.Context(), lead)
			var got []string
			for _, m := range members {
				got = append(got, fmt.Sprintf("%d %s", m.ID, m.Sign))
			}
			if err != nil || strings.Join(got, ", ") != want {
				t.Errorf("article %d split, %d leads %q, %v; want %q", split.article, lead, got, err, want)
			}
		}
	}
	_, err = s.Cancel(t.Context(), newsletter.EditionRef{Newsletter: "hebdo", Number: 1}, func(int) {})
	if err == nil {
		err = s.DropStance(t.Context(), "hebdo", []int64{5}, newsletter.StanceLead)
	}
	stands, readErr := s.Stands(t.Context(), 0)
	var got []string
	for _, one := range stands {
		got = append(got, fmt.Sprintf("%d %s %d", one.Article, one.Stance, one.Since.UnixMilli()))
	}
	if want := "6 pinned 7, 8 pinned 7, 5 pinned 8"; errors.Join(err, readErr) != nil || strings.Join(got, ", ") != want {
		t.Errorf("the stances are %q, %v; want %q", got, errors.Join(err, readErr), want)
	}
}
