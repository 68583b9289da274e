package sqlite

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
	"facteur/internal/storetest"
)

// An article that an earlier version stored under another spelling of its address is the same article: it is not new, and of two that have one address
// by now none goes out again.
func TestMigrate_KnowsAddressesAsTheyAreSpelledNow(t *testing.T) {
	var rows []string
	article := func(id int64, url, canonical, leader string) {
		rows = append(rows, fmt.Sprintf(`INSERT INTO articles (id, url, title, section, summary, body, author, tags, language, arrived_at, updated_at, picture, picture_alt, canonical, leader, keyed)
			VALUES (%d, '%s', 'Article %d', '', '', '', '', '[]', '', 0, 0, '', '', '%s', %s, 1);`, id, url, id, canonical, leader))
	}
	article(1, "https://s.example/%d0%ba/", "https://s.example/?p=%2b1", "NULL")
	article(2, "https://s.example/%D0%BC/", "", "NULL")
	article(3, "https://s.example/%d0%bc/", "", "NULL") // brought, in its own spelling
	article(4, "https://autre.example/m", "", "3")
	article(5, "https://s.example/%7ea", "", "NULL")
	article(6, "https://s.example/~a", "", "NULL") // split from 5
	article(7, "https://s.example/a%2fb", "", "NULL")
	article(8, "https://s.example/a/b", "", "NULL")
	rows = append(rows, `INSERT INTO articles_apart (one, other) VALUES (5, 6);`)
	path := before(t, respelling-1, strings.Join(rows, "\n"))
	s, err := Open(t.Context(), path, Options{Create: true, Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for id, want := range map[int64]string{1: "1", 2: "2 3 4", 4: "2 3 4", 5: "5", 6: "6", 7: "7", 8: "8"} {
		members, err := s.Story(t.Context(), id)
		var got []string
		for _, m := range members {
			got = append(got, fmt.Sprint(m.ID))
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("the story of article %d is %v, %v; want %s", id, got, err, want)
		}
	}
	for raw, want := range map[string]int64{
		"https://s.example/%d0%ba/": 1, "https://s.example/к/": 1, "https://s.example/%d0%bc/": 2, "https://s.example/%7Ea": 6, "https://s.example/a%2Fb": 7, "https://s.example/a/b": 8,
	} {
		address, err := newsletter.CanonicalURL(raw)
		a := newsletter.Article{URL: address, Title: fmt.Sprintf("Article %d", want)}
		if want == 1 {
			a.Canonical = "https://s.example/?p=%2B1"
		}
		puts, putErr := s.PutArticles(t.Context(), []newsletter.Article{a}, time.UnixMilli(1))
		if errors.Join(err, putErr) != nil || puts[0].Article != want || puts[0].Outcome != collect.Unchanged {
			t.Errorf("%s is %+v, %v; want article %d, unchanged", raw, puts, errors.Join(err, putErr), want)
		}
	}
}
