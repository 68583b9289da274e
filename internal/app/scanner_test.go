package app_test

import (
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/address"
	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
	"facteur/internal/subscription"
)

// A program that follows every link of every letter, in each way that such programs have, changes nothing: no row of the
// database is another, and no letter is on its way because of it.
func TestScannersChangeNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, "FACTEUR_RETENTION_READERS=act", "FACTEUR_SIGNUP_CHECK_DOMAINS=false")
		w.readers("nora")
		w.start()
		defer w.end()
		s := scanner{w, map[string]bool{}}
		w.signUp("lea")
		s.scan(t) // the confirmation letter
		time.Sleep(49 * time.Hour)
		s.scan(t) // the reminder
		w.confirm("lea")
		s.scan(t) // the welcome
		w.offer(1)
		sleepUntil(t, "2000-01-04T07:00:00Z")
		s.scan(t) // an edition
		w.signUp("lea")
		s.scan(t) // “you are subscribed already”
		if _, err := w.Register.AskLink(t.Context(), w.filled(), "lea@lecteurs.example"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(11 * time.Minute)
		s.scan(t) // the link to their own page
		if _, err := w.Register.AskManage(t.Context(), w.token("lea", "/p/")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		s.scan(t) // the link to their data
		if _, err := w.Register.MoveBy(t.Context(), w.token("lea", "/m/"), "lea@ailleurs.example", true); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		s.scan(t) // the question to the new address
		w.proof("op@pandia.example")
		s.scan(t)
		w.restart(3 * 366 * 24 * time.Hour)
		w.allow()
		time.Sleep(3 * 24 * time.Hour)
		s.scan(t) // “do you want to stay?”
		s.seen = map[string]bool{}
		s.scan(t) // and all of them, years later
		w.sawEveryLetter()
	})
}

// A scanner follows links. seen are those that it knows.
type scanner struct {
	*world
	seen map[string]bool
}

// scan follows what has come since the last time.
func (s scanner) scan(t *testing.T) {
	t.Helper()
	synctest.Wait()
	before, began := s.dump(), len(s.seen)
	for _, l := range s.relay.Letters() {
		for _, link := range everyLink(t, l) {
			s.follow(link)
		}
	}
	if len(s.seen) == began {
		t.Error("no letter with a link has come")
	}
	synctest.Wait()
	if diff := cmp.Diff(before, s.dump()); diff != "" {
		t.Errorf("following links changed (-before +after):\n%s", diff)
	}
}

// everyLink lists the links of both parts and of the header.
func everyLink(t *testing.T, l smtptest.Letter) []string {
	t.Helper()
	p := readPosted(t, l.Content)
	links := slices.Concat(linksOf(t, p.HTML), inText.FindAllString(p.Text, -1))
	for _, values := range p.Header {
		for _, value := range values {
			links = append(links, regexp.MustCompile(`https?://[^\s<>]+`).FindAllString(value, -1)...)
		}
	}
	slices.Sort(links)
	return slices.Compact(links)
}

// follow asks for a link in every way that writes nothing by the rules of HTTP (RFC 9110 §9.2.1), and for what the page
// behind it leads to.
func (s scanner) follow(link string) {
	s.t.Helper()
	if s.seen[link] || !strings.HasPrefix(link, s.Config.Web.URL) {
		return
	}
	s.seen[link] = true
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
		for _, purpose := range []string{"", "Purpose", "Sec-Purpose", "X-Purpose"} {
			page := s.ask(method, link, purpose)
			// Some scanners press buttons, as far as GET does.
			s.ask(method, link+"?List-Unsubscribe=One-Click&leave=button&act=stop&page=1", purpose)
			for _, next := range waysOf(s.t, link, page) {
				s.ask(http.MethodGet, next, purpose)
			}
		}
	}
}

func (s scanner) ask(method, link, purpose string) string {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, link, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if purpose != "" {
		r.Header.Set(purpose, "prefetch")
	}
	_, page := s.send(r)
	return page
}

// waysOf are the links of a page and the addresses of its forms.
func waysOf(t *testing.T, from, page string) []string {
	t.Helper()
	base, err := url.Parse(from)
	if err != nil {
		t.Fatal(err)
	}
	ways := linksOf(t, page)
	for _, action := range regexp.MustCompile(`action="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		ways = append(ways, action[1])
	}
	var ours []string
	for _, way := range ways {
		if to, err := base.Parse(way); err == nil && to.Host == base.Host {
			ours = append(ours, to.String())
		}
	}
	return ours
}

// send asks the program's pages.
func (w *world) send(r *http.Request) (status int, page string) {
	w.t.Helper()
	answer, err := w.door.visitor().Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer.StatusCode, string(content)
}

// opens asks for a page.
func (w *world) opens(link string) (status int, page string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, link, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.send(r)
}

// posts sends a form.
func (w *world) posts(link string, fields url.Values) (status int, page string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, link, strings.NewReader(fields.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(r)
}

// filled is a form that somebody took a moment over.
func (w *world) filled() subscription.Visit {
	w.t.Helper()
	form, err := w.Register.NewForm(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(5 * time.Second)
	return subscription.Visit{Door: newsletter.OriginPage, Stamp: form.Stamp}
}

// signUp asks for the letters, and waits for what comes of it: without work, the letter leaves ten minutes later.
func (w *world) signUp(name string) {
	w.t.Helper()
	answer, err := w.Register.SignUp(w.t.Context(), subscription.SignUp{Visit: w.filled(), Address: name + "@lecteurs.example"})
	if err != nil || answer.Verdict != subscription.Received {
		w.t.Fatalf("%s signs up: %+v, %v", name, answer, err)
	}
	time.Sleep(11 * time.Minute)
}

// link is the newest of a reader's links below a path.
func (w *world) link(name, path string) string {
	w.t.Helper()
	synctest.Wait()
	for _, l := range slices.Backward(w.letters(name)) {
		for _, link := range everyLink(w.t, l) {
			if strings.Contains(link, path) {
				return link
			}
		}
	}
	w.t.Fatalf("no letter to %s has a link to %s", name, path)
	return ""
}

func (w *world) token(name, path string) string {
	w.t.Helper()
	_, token, _ := strings.Cut(w.link(name, path), path)
	return token
}

// confirm presses the button behind the link.
func (w *world) confirm(name string) {
	w.t.Helper()
	link := w.link(name, "/c/")
	_, page := w.opens(link)
	stamp := regexp.MustCompile(`name="page" value="([^"]+)"`).FindStringSubmatch(page)
	if stamp == nil {
		w.t.Fatalf("no button:\n%s", page)
	}
	time.Sleep(5 * time.Second)
	if _, page = w.posts(link, url.Values{"page": stamp[1:]}); !strings.Contains(page, "C’est fait") {
		w.t.Fatalf("%s is not confirmed:\n%s", name, page)
	}
	time.Sleep(time.Minute)
}

// proof sends the latest edition as it is to an editor.
func (w *world) proof(to string) {
	w.t.Helper()
	a, err := address.Parse(to)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.Store.Proof(w.t.Context(), newsletter.EditionRef{Newsletter: w.Newsletters[0].Name, Number: 1}, a, time.Now()); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(time.Minute)
}

// allow lets retention act, as the operator does who has seen the number.
func (w *world) allow() {
	w.t.Helper()
	due, err := w.Register.Retention(w.t.Context())
	if err == nil {
		err = w.Register.AllowRetention(w.t.Context(), due.Affected())
	}
	if err != nil || due.Affected() == 0 {
		w.t.Fatalf("%+v, %v", due, err)
	}
}

// sawEveryLetter wants each kind of letter to have left.
func (w *world) sawEveryLetter() {
	w.t.Helper()
	kinds := []string{string(newsletter.KindEdition), string(newsletter.KindProof)}
	for _, k := range newsletter.LetterKinds() {
		kinds = append(kinds, string(k))
	}
	for _, kind := range kinds {
		if !slices.ContainsFunc(w.dump(), func(row string) bool {
			return strings.HasPrefix(row, "deliveries "+kind+" ") || strings.HasPrefix(row, "deliveries letter "+kind+" ")
		}) {
			w.t.Errorf("no letter %q was sent", kind)
		}
	}
}

// dump is every row of the database.
func (w *world) dump() []string {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+w.Store.Path()+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // only read from
	tables := w.rows(db, `SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
	var all []string
	for _, table := range tables {
		query := `SELECT * FROM "` + table + `"`
		if table == "deliveries" {
			query = `SELECT kind || ' ' || letter, * FROM deliveries`
		}
		for _, row := range w.rows(db, query) {
			all = append(all, table+" "+row)
		}
	}
	slices.Sort(all)
	return all
}

func (w *world) rows(db *sql.DB, query string) (all []string) {
	w.t.Helper()
	rows, err := db.QueryContext(w.t.Context(), query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // Err says what there is to say
	names, err := rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	for rows.Next() {
		values, places := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			w.t.Fatal(err)
		}
		fields := make([]string, len(values))
		for i, v := range values {
			fields[i] = fmt.Sprint(v)
		}
		all = append(all, strings.Join(fields, " "))
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return all
}
