package app_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/collect"
	"facteur/internal/smtptest"
)

// A badSource is a source that brought the article Un, and what became of it then.
type badSource struct {
	what string
	kind string
	turn func(p *place) // makes it bad

	says, do string   // what the operator is told of it, and advised to do; empty: it can be read all the same
	brings   []string // while it is bad: title, path, and date where it has one
	refuses  string   // something in it, for this reason

	query string // that is asked from the beginning, so that it never was good
}

func badSources() []badSource {
	one := entry("Deux", "/deux", "")
	return []badSource{
		{what: "a feed that is no XML", kind: "feed", turn: answers("<html><p>Maintenance"), says: "it is a page in HTML and no feed", do: "give the address of the feed itself"},
		{what: "a feed that is something else", kind: "feed", turn: answers(`{"error": 1}`), says: "it is neither RSS, nor Atom, nor a JSON feed", do: "give the address of the feed itself"},
		{what: "a feed that is empty", kind: "feed", turn: answers(""), says: "it is empty", do: "it is tried again by itself"},
		{what: "a feed that breaks off", kind: "feed", turn: answers(rssOf(one)[:100]), says: "it breaks off or is damaged", do: "https://validator.w3.org/feed/"},
		{what: "a feed of 500 MB", kind: "feed", turn: endless(0), says: "is larger than 10 MiB, or never ends", do: "put fewer articles into it"},
		{what: "a feed that never ends", kind: "feed", turn: endless(time.Second), says: "it did not arrive within 15s", do: "where it does not, correct url"},
		{what: "a feed that redirects for ever", kind: "feed", turn: redirects("/feed"), says: "it redirects more than 5 times", do: "give its final address"},
		{what: "a feed that redirects to a file", kind: "feed", turn: redirects("file:///etc/passwd"), says: "it redirects to a file address", do: "give its final address"},
		{what: "a feed that vanished", kind: "feed", turn: status(http.StatusNotFound), says: "its server answers 404 Not Found", do: "look for its new address"},
		{what: "a feed that programs may not read", kind: "feed", turn: status(http.StatusForbidden), says: "its server answers 403 Forbidden", do: "have its site let programs read it"},
		{what: "a feed whose server is ill", kind: "feed", turn: status(http.StatusBadGateway), says: "its server answers 502 Bad Gateway", do: "nothing, it is tried again"},
		{what: "a feed whose server is off", kind: "feed", turn: (*place).switchOff, says: "nobody answers there (connection refused)", do: "correct url in its settings"},

		{what: "a feed that lies about its encoding", kind: "feed", turn: answers(`<?xml version="1.0" encoding="utf-8"?>` + rssOf(entry("\xc9t\xe9", "/deux", ""))), brings: []string{"Été /deux"}},
		{what: "a feed without dates", kind: "feed", turn: answers(rssOf(one)), brings: []string{"Deux /deux"}},
		{what: "a feed with future dates", kind: "feed", turn: answers(rssOf(entry("Noël", "/noel", "Mon, 25 Dec 2000 07:00:00 GMT"), entry("Loin", "/loin", "Sat, 26 Nov 2099 07:00:00 GMT"))), brings: []string{"Loin /loin", "Noël /noel 2000-12-25T07:00:00Z"}},
		{what: "a feed with dates without a zone", kind: "feed", turn: answers(rssOf(entry("Deux", "/deux", "Sat, 01 Jan 2000 08:30:00"))), brings: []string{"Deux /deux 2000-01-01T07:30:00Z"}},
		{what: "a feed with relative links", kind: "feed", turn: answers(rssOf(entry("Deux", "deux?a=1", ""))), brings: []string{"Deux /deux?a=1"}},
		{what: "a feed with HTML in titles", kind: "feed", turn: answers(rssOf(entry("&lt;b&gt;Deux&lt;/b&gt; &amp;amp; l&amp;#8217;IA&lt;script&gt;x&lt;/script&gt;", "/deux", ""))), brings: []string{"Deux & l’IA /deux"}},
		{what: "a feed with an id twice", kind: "feed", turn: answers(rssOf(one, entry("Trois", "/trois", ""), entry("Encore", "/deux", ""))), brings: []string{"Deux /deux", "Trois /trois"}},
		{what: "a feed whose entries went away", kind: "feed", turn: answers(rssOf())},
		{what: "a feed with an entry that is no article", kind: "feed", turn: answers(rssOf("<item><title>Seul</title></item>", one)), brings: []string{"Deux /deux"}, refuses: "it has no address of a page"},

		{what: "a database that is locked", kind: "sqlite", turn: begins("EXCLUSIVE"), says: "is locked by the program that it belongs to", do: "nothing, it is tried again"},
		{what: "a database that is corrupt", kind: "sqlite", turn: (*place).damage, says: "is damaged", do: `sqlite3 -readonly /`},
		{what: "a database that was copied by half", kind: "sqlite", turn: (*place).halve, says: "is damaged", do: "bring back a good copy"},
		{what: "a database that is something else", kind: "sqlite", turn: writes("", strings.Repeat("no database\n", 100)), says: "is not an SQLite file", do: "name the database of the site"},
		{what: "a database that is gone", kind: "sqlite", turn: (*place).remove, says: "is not there", do: "correct path"},
		{what: "a database with a table less", kind: "sqlite", turn: does("DROP VIEW articles"), says: "no such table: articles", do: "correct query"},
		{what: "a query with a column missing", kind: "sqlite", turn: does("DROP VIEW articles", "CREATE VIEW articles AS SELECT id, slug AS url, titre FROM posts"), says: `the column "titre", which is none of an article's`, do: "name it with AS"},
		{what: "a query that writes", kind: "sqlite", turn: func(*place) {}, says: "the query does more than read", do: "write one SELECT", query: "DELETE FROM posts"},
		{what: "a query that writes behind a reading", kind: "sqlite", turn: func(*place) {}, says: `near ";": syntax error`, do: "correct query", query: "SELECT 'https://x.example/' AS url, 't' AS title, 1 AS id; DELETE FROM posts"},
		{what: "a database that is being written", kind: "sqlite", turn: begins("IMMEDIATE", "INSERT INTO posts VALUES (9, 'pas-fini', 'Pas fini')")},
		{what: "a database with a row that is no article", kind: "sqlite", turn: does("INSERT INTO posts VALUES (8, 'sans', NULL), (9, 'deux', 'Deux')"), brings: []string{"Deux /deux"}, refuses: "title is missing"},
		{what: "a database whose rows were deleted", kind: "sqlite", turn: does("DELETE FROM posts")},

		{what: "a folder that is gone", kind: "folder", turn: (*place).remove, says: "is not there", do: "make it, or correct path"},
		{what: "a folder that is a file", kind: "folder", turn: writes("", ""), says: "is a file and no folder", do: "name the folder that it is in"},
		{what: "a folder that is not mounted", kind: "folder", turn: func(p *place) { p.remove(); p.must(os.Mkdir(p.path, 0o700)) }},
		{what: "a Markdown file renamed", kind: "folder", turn: func(p *place) { p.must(os.Rename(p.path+"/0.md", p.path+"/autre.md")) }},
		{what: "a Markdown file deleted", kind: "folder", turn: func(p *place) { p.must(os.Remove(p.path + "/0.md")) }},
		{what: "a Markdown file emptied", kind: "folder", turn: writes("/0.md", ""), refuses: "is empty"},
		{what: "a Markdown file half written", kind: "folder", turn: writes("/0.md", "---\ntitle: Un autre\nurl: https://"), refuses: "front matter is never closed"},
	}
}

// Whatever becomes of a source: what it brought stays, and so does how far it was read; the others go on; the operator is told of one that stays
// broken in words that name it and say what to do, once, also over a restart; and well again, it goes on where it was, which the operator is told.
func TestBadSources(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, folder: t.TempDir(), relay: smtptest.Start(t, smtptest.Script{}), patience: 10 * time.Millisecond}
		w.env = []string{"FACTEUR_SMTP_URL=smtp://127.0.0.1:2525?tls=none", "FACTEUR_OPERATOR_ADDRESS=op@pandia.example", "FACTEUR_COLLECT_CHECK_LINKS=false"}
		all := badSources()
		var places []*place
		for i, b := range append(all, badSource{kind: "feed"}) {
			p := newPlace(w, fmt.Sprintf("s%02d", i), b)
			defer p.close()
			p.good("Un")
			places = append(places, p)
			w.more += p.settings()
		}
		defer w.serveSites(places)()
		w.open()
		w.start()
		time.Sleep(30 * time.Minute)
		marks := make([]string, len(all))
		for i, b := range all {
			state := places[i].state()
			if good := b.query == ""; good != (state.Failures == 0 && state.Articles == 1) {
				t.Fatalf("%s: before it is bad, %+v", b.what, state)
			}
			marks[i] = state.Mark
		}

		for i, b := range all {
			b.turn(places[i])
		}
		well := places[len(all)]
		well.good("Un", "Deux")
		time.Sleep(15 * time.Hour)
		w.restart(time.Hour)
		time.Sleep(15 * time.Hour)
		if got := well.articles(); !cmp.Equal(got, []string{"Deux /deux", "Un /un"}) {
			t.Errorf("the source that is well brought %q", got)
		}
		for i, b := range all {
			b.check(t, places[i], marks[i])
		}

		for _, p := range places {
			p.good("Un", "Rétabli")
		}
		time.Sleep(7 * time.Hour) // the longest that one is left alone, and the next time of its schedule
		for i, b := range all {
			p := places[i]
			if state := p.state(); b.query == "" && (state.Failures != 0 || state.Trouble != collect.Trouble{} || !slices.Contains(p.articles(), "Rétabli /retabli")) {
				t.Errorf("%s: well again, %q, %+v", b.what, p.articles(), state)
			}
			told, want := p.told(), 0
			switch {
			case b.query != "":
				want = 1
			case b.says != "":
				want = 2
			}
			if len(told) != want || want == 2 && !strings.Contains(told[1], ") is read again, for the first time on ") {
				t.Errorf("%s: well again, the operator was told %d times: %q", b.what, len(told), told)
			}
		}
		w.end()
	})
}

// check looks at a source that has been bad for a day and a half.
func (b badSource) check(t *testing.T, p *place, mark string) {
	t.Helper()
	want := slices.Clone(b.brings)
	if b.query == "" {
		want = append(want, "Un /un")
	} else if n := p.posts(); n != 1 {
		t.Errorf("%s: the database of the site has %d posts", b.what, n)
	}
	slices.Sort(want)
	if got := p.articles(); !slices.Equal(got, want) {
		t.Errorf("%s: its articles are %q, want %q", b.what, got, want)
	}
	state := p.state()
	faults, err := p.w.Store.SourceFaults(t.Context(), p.name)
	if err != nil || (len(faults) == 1) != (b.refuses != "") || len(faults) == 1 && !strings.Contains(faults[0].Reason, b.refuses) {
		t.Errorf("%s: refused is %+v, want one for %q; %v", b.what, faults, b.refuses, err)
	}
	told := p.told()
	if b.says == "" {
		if state.Failures != 0 || len(told) != 0 || time.Since(state.Succeeded) > 2*time.Hour {
			t.Errorf("%s: it can be read, and is %+v; the operator was told %q", b.what, state, told)
		}
		return
	}
	if state.Mark != mark || state.Failures < 5 || !strings.Contains(state.Trouble.What, b.says) || !strings.Contains(state.Trouble.Do, b.do) {
		t.Errorf("%s: %+v; want the mark %q, %q and %q", b.what, state, mark, b.says, b.do)
	}
	if len(told) != 1 || !strings.Contains(told[0], state.Trouble.What+".\nTo do: "+state.Trouble.Do+".\n") {
		t.Errorf("%s: the operator was told %d times: %q", b.what, len(told), told)
	}
	if validators := p.validators(); b.kind == "feed" && slices.ContainsFunc(validators, func(v string) bool { return v != `"1"` }) {
		t.Errorf("%s: its server was asked for changes since %q, and not since the last good state", b.what, validators)
	}
}
