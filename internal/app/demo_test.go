package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/app"
	"facteur/internal/config"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
)

// A demonstration is the real one: it has told its story and serves on a port of its own, until the test ends.
type demonstration struct {
	*app.App
	t   *testing.T
	url string
}

func demonstrate(t *testing.T) *demonstration {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := app.DemoSettings(config.Options{Data: filepath.Join(t.TempDir(), "demo")})
	if err != nil {
		t.Fatal(err)
	}
	if err := app.OnExampleSite(cfg, "http://"+listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	d := &demonstration{t: t, url: cfg.Web.URL}
	d.App, err = app.Open(t.Context(), cfg, app.Options{
		Create: true, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Listen: func(string, string) (net.Listener, error) { return listener, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Demo(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.serve()
	return d
}

func (d *demonstration) serve() {
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- d.Serve(ctx, app.Serving{Mailbox: true, Ready: func(string) { close(ready) }}) }()
	select {
	case <-ready:
	case err := <-ended:
		d.t.Fatalf("serve: %v", err)
	}
	d.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			d.t.Errorf("serve: %v", err)
		}
		if err := d.Close(); err != nil {
			d.t.Error(err)
		}
	})
}

// client asks nobody but this machine.
func client() *http.Client {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	return &http.Client{Transport: &http.Transport{
		Proxy: nil,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if at, err := netip.ParseAddrPort(address); err != nil || !at.Addr().IsLoopback() {
				return nil, fmt.Errorf("%s is not this machine", address)
			}
			return dialer.DialContext(ctx, network, address)
		},
	}}
}

// states counts the subscriptions by state.
func (d *demonstration) states() map[newsletter.SubscriptionState]int {
	d.t.Helper()
	count := map[newsletter.SubscriptionState]int{}
	for s, err := range d.Register.All(d.t.Context(), subscription.Filter{}) {
		if err != nil {
			d.t.Fatal(err)
		}
		count[s.State]++
	}
	return count
}

// captured reads the letters of the folder as a mail program would: their header and their parts by media type.
func (d *demonstration) captured() (letters []mail.Header, parts []map[string]string) {
	d.t.Helper()
	names, err := filepath.Glob(filepath.Join(d.OutboxFolder(), "*.eml"))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			d.t.Fatal(err)
		}
		message, err := mail.ReadMessage(file)
		if err != nil {
			d.t.Fatal(err)
		}
		letters = append(letters, message.Header)
		parts = append(parts, partsOf(d.t, message))
		if err := file.Close(); err != nil {
			d.t.Fatal(err)
		}
	}
	return letters, parts
}

// partsOf are a letter's parts by media type.
func partsOf(t *testing.T, message *mail.Message) map[string]string {
	t.Helper()
	whole, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if parameters["boundary"] == "" { // a notice to the operator
		body := message.Body
		if message.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(body)
		}
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{whole: string(content)}
	}
	parts := map[string]string{}
	for reader := multipart.NewReader(message.Body, parameters["boundary"]); ; {
		part, err := reader.NextPart() // decodes quoted-printable
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		parts[kind] = string(content)
	}
}

var inText = regexp.MustCompile(`[a-z]+://[^\s<>]+`)

// linksOf lists the links of a page or of a letter's HTML, without those to mailboxes.
func linksOf(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "mailto:") {
				links = append(links, a.Val)
			}
		}
	}
	return links
}

func TestEveryLinkOfADemonstrationLetterWorks(t *testing.T) {
	d := demonstrate(t)
	letters, parts := d.captured()
	if len(letters) != 4 {
		t.Fatalf("%d letters, want 4", len(letters))
	}
	asked := client()
	var leave string
	for i, letter := range letters {
		leave = strings.Trim(letter.Get("List-Unsubscribe"), "<>")
		fromHTML, fromText := linksOf(t, parts[i]["text/html"]), inText.FindAllString(parts[i]["text/plain"], -1)
		least := 14
		if strings.Contains(letter.Get("List-Id"), "quotidienne") {
			least = 7
		}
		if len(fromHTML) < least || len(fromText) < least || !slices.Contains(fromText, leave) || !slices.Contains(fromHTML, leave) {
			t.Fatalf("%d links in the HTML and %d in the text, want those of the stories and the legal ones, at least %d, and %s", len(fromHTML), len(fromText), least, leave)
		}
		all := slices.Concat(fromHTML, fromText)
		slices.Sort(all)
		for _, link := range slices.Compact(all) {
			if !strings.HasPrefix(link, d.url+"/") {
				t.Errorf("%s leads off this machine", link)
			}
			d.get(asked, link)
		}
	}
	if got := d.states(); !cmp.Equal(got, map[newsletter.SubscriptionState]int{newsletter.Active: 4}) {
		t.Fatalf("after the links were only looked at, subscriptions are %v", got)
	}
	answer, err := asked.PostForm(leave, url.Values{"leave": {"button"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	want := map[newsletter.SubscriptionState]int{newsletter.Active: 3, newsletter.Unsubscribed: 1}
	if got := d.states(); answer.StatusCode != http.StatusOK || !cmp.Equal(got, want) {
		t.Errorf("leaving answers %d, subscriptions are %v, want %v", answer.StatusCode, got, want)
	}
}

// The pages that letters lead to lead on: nobody ends in front of a closed door.
func TestThePagesOfTheDemonstrationLeadOn(t *testing.T) {
	d := demonstrate(t)
	asked, seen := client(), map[string]bool{}
	for queue := []string{d.url + "/", d.url + "/boite/"}; len(queue) > 0; queue = queue[1:] {
		from, err := url.Parse(queue[0])
		if err != nil {
			t.Fatal(err)
		}
		from.Fragment = ""
		if seen[from.String()] {
			continue
		}
		seen[from.String()] = true
		for _, link := range linksOf(t, d.get(asked, from.String())) {
			to, err := from.Parse(link)
			if err != nil {
				t.Fatal(err)
			}
			if "http://"+to.Host == d.url {
				queue = append(queue, to.String())
			} else if strings.HasSuffix(to.Hostname(), ".example") {
				t.Errorf("%s links to %s, which leads nowhere", from, to)
			}
		}
	}
	front := d.get(asked, d.url+"/site/")
	for title, times := range map[string]int{"Vérifier une réponse d’IA": 1, "Essai de mise en page": 0, "Dossier\u00a0: l’IA en classe": 0} {
		if n := strings.Count(front, title); n != times {
			t.Errorf("the front page of the example site has %q %d times, want %d", title, n, times)
		}
	}
	if len(seen) < 30 {
		t.Errorf("%d pages were found, want those of 12 articles, 3 letters and the rest", len(seen))
	}
	if got := d.states(); !cmp.Equal(got, map[newsletter.SubscriptionState]int{newsletter.Active: 4}) {
		t.Errorf("after the pages were only looked at, subscriptions are %v", got)
	}
}

// The next edition shows what every verdict is about, and few of each, so that a newcomer reads them all.
func TestTheDemonstrationShowsEveryVerdict(t *testing.T) {
	d := demonstrate(t)
	p, err := d.Desk.Preview(t.Context(), d.Newsletters[0], time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range newsletter.Rules() {
		most := 4
		if rule == newsletter.RuleCarried {
			most = 10
		}
		if n := p.Count(rule); n < 1 || n > most {
			t.Errorf("%d articles are %s, want 1 to %d", n, rule, most)
		}
	}
}

// What the demonstration keeps of its settings is all that another command needs to make the letters that it made.
func TestTheSettingsOfTheDemonstrationAreKept(t *testing.T) {
	d := demonstrate(t)
	again, err := config.Load(config.Options{File: app.DemoFile(d.Config)})
	if err != nil {
		t.Fatal(err)
	}
	differ := map[string][2]string{}
	values := again.Values()
	for i, v := range d.Config.Values() {
		if v.Text != values[i].Text {
			differ[v.Key] = [2]string{v.Text, values[i].Text}
		}
	}
	delete(differ, "dkim.domain") // derived, and nothing is signed
	if len(differ) > 0 {
		t.Errorf("they differ: %v", differ)
	}
}

// Who tries the form of the demonstration does not keep it from starting again; who was brought there by hand does.
func TestTheDemonstrationStartsAgainAfterItsOwnForm(t *testing.T) {
	d := demonstrate(t)
	form := &subscription.Register{
		Store: d.Register.Store, Keys: d.Register.Keys, Now: time.Now, Newsletters: d.Register.Newsletters,
		Random: d.Register.Random, Texts: d.Register.Texts, Rules: d.Register.Rules,
	}
	form.Rules.Bits = 0
	given, err := form.NewForm(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	form.Now = func() time.Time { return time.Now().Add(time.Minute) }
	_, err = form.SignUp(t.Context(), subscription.SignUp{
		Visit:   subscription.Visit{Stamp: given.Stamp, Client: "127.0.0.1", Network: "127.0.0.0/24", Door: newsletter.OriginPage},
		Address: "essai@visiteur.example", Newsletters: []string{"hebdo"}, Wording: newsletter.NewWording("fr", "Vous recevrez la lettre."),
	})
	if got := d.states(); err != nil || got[newsletter.Pending] != 1 {
		t.Fatalf("%v; subscriptions are %v, want one that waits", err, got)
	}
	report, err := d.Demo(t.Context())
	if err != nil || !report.Before {
		t.Errorf("told again: %+v, %v", report, err)
	}
	if _, err := d.Register.Add(t.Context(), d.Newsletters[0], "lea@example.org", "a list"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Demo(t.Context()); !errors.Is(err, newsletter.ErrState) {
		t.Errorf("with somebody who was brought: %v, want ErrState", err)
	}
}

// get returns the page at an address, which must be there.
func (d *demonstration) get(asked *http.Client, link string) string {
	d.t.Helper()
	answer, err := asked.Get(link)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		d.t.Errorf("GET %s: %s", link, answer.Status)
	}
	if kind := answer.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
		return ""
	}
	return string(body)
}
