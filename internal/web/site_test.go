package web_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/net/html"

	"facteur/internal/newsletter"
	"facteur/internal/render"
	"facteur/internal/subscription"
	"facteur/internal/web"
	"facteur/templates"
)

const goodToken = "uGenuineTokenOfAReader"

// people stands for the story: it knows one link of each kind and writes down who leaves, and by which way.
type people struct {
	*desk
	standings map[string]subscription.Standing // by token
	left      []string                         // origins
	err       error                            // what Leave answers instead
	wishes
}

func newPeople() *people {
	return &people{desk: newDesk(), standings: map[string]subscription.Standing{
		goodToken: {Newsletter: "hebdo", State: newsletter.Active},
		"english": {Newsletter: "weekly", State: newsletter.Active},
		"proof":   {Proof: true},
		"gone":    {Newsletter: "hebdo", State: newsletter.Unsubscribed},
		"erased":  {State: newsletter.Unsubscribed},
	}}
}

func (p *people) Look(ctx context.Context, token string) (subscription.Standing, error) {
	if err := ctx.Err(); err != nil {
		return subscription.Standing{}, err
	}
	if s, ok := p.standings[token]; ok {
		return s, nil
	}
	return subscription.Standing{}, newsletter.ErrNotFound
}

func (p *people) Leave(ctx context.Context, token, origin string) (subscription.Standing, error) {
	s, err := p.Look(ctx, token)
	if err == nil {
		err = p.err
	}
	if err == nil {
		p.left = append(p.left, origin)
		if !s.Proof && !s.Gone() {
			s.State, s.Undo = newsletter.Unsubscribed, "zGood"
		}
	}
	return s, err
}

func sender() newsletter.Sender {
	return newsletter.Sender{
		Site: "PandIA", SiteURL: "https://pandia.example", Publisher: "Éditions PandIA",
		Contact: "contact@pandia.example", LegalURL: "https://pandia.example/mentions", PrivacyURL: "https://pandia.example/vie-privee",
	}
}

// options are those of a site with a French and an English newsletter, without a mailbox.
func options(t *testing.T, p *people) web.Options {
	t.Helper()
	files, err := templates.Open("")
	if err != nil {
		t.Fatal(err)
	}
	return web.Options{
		URL: "https://lettre.pandia.example",
		Newsletters: []newsletter.Newsletter{
			{Name: "hebdo", Title: "La lettre de PandIA", Language: "fr", Sender: sender()},
			{Name: "weekly", Title: "The PandIA Letter", Language: "en", Sender: sender()},
		},
		Subscriptions: p,
		Files:         files,
		Log:           slog.New(slog.DiscardHandler),
	}
}

func site(t *testing.T, o web.Options) http.Handler {
	t.Helper()
	h, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func get(h http.Handler, path string) *http.Response {
	return ask(h, httptest.NewRequest(http.MethodGet, path, nil))
}

// page parses the body of an answer, which must be a page that stands alone: one language, one heading, nothing from
// elsewhere and nothing that runs.
func page(t *testing.T, answer *http.Response) *html.Node {
	t.Helper()
	if kind := answer.Header.Get("Content-Type"); kind != "text/html; charset=utf-8" {
		t.Errorf("Content-Type = %q", kind)
	}
	root, err := html.Parse(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(all(root, "h1")); n != 1 {
		t.Errorf("%d h1 headings, want one", n)
	}
	if title := all(root, "title"); len(title) != 1 || strings.TrimSpace(text(title[0])) == "" {
		t.Error("the page has no title")
	}
	if lang := attr(all(root, "html")[0], "lang"); lang != answer.Header.Get("Content-Language") || lang == "" {
		t.Errorf("lang = %q, Content-Language = %q", lang, answer.Header.Get("Content-Language"))
	}
	for _, script := range all(root, "script") {
		if !strings.HasSuffix(attr(script, "src"), "/static/inscription.js") || text(script) != "" {
			t.Errorf("the page runs %q %q", attr(script, "src"), text(script))
		}
	}
	for _, banned := range []string{"style", "img", "object", "embed"} {
		if len(all(root, banned)) > 0 {
			t.Errorf("the page has a <%s>", banned)
		}
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
				t.Errorf("the page has the attribute %s", a.Key)
			}
			loads := a.Key == "src" || n.Data == "link" && a.Key == "href" && attr(n, "rel") != "canonical"
			if loads && !strings.HasPrefix(a.Val, "/") {
				t.Errorf("the page loads %s", a.Val)
			}
		}
	}
	return root
}

func all(root *html.Node, tag string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == tag {
			found = append(found, n)
		}
	}
	return found
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	o := options(t, newPeople())
	o.Mailbox, o.Example, o.Archive = &web.Mailbox{Dir: t.TempDir()}, shelved(), newPast(t)
	h := site(t, o)
	forms := []string{"/", "/inscription", "/lien"}
	paths := []string{"/", "/archives", "/archives/hebdo", "/archives/hebdo/1", "/archives/feed.xml", "/sitemap.xml",
		"/inscription", "/inscription/extrait", "/lien", "/api/v1/form", "/api/v1/subscriptions", "/c/" + waitingLink, "/c/wrong",
		"/static/inscription.js", "/static/travail.js", "/u/" + goodToken, "/u/wrong", "/u/", "/healthz", "/readyz", "/robots.txt", "/static/none.css",
		"/boite/", "/boite/none", "/boite/none/html", "/site", "/site/", "/site/none", "/nowhere", "//", "/%00"}
	for _, path := range paths {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "OPTIONS"} {
			header := ask(h, httptest.NewRequest(method, path, nil)).Header
			csp := header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
				if !strings.Contains(csp, want) {
					t.Errorf("%s %s: Content-Security-Policy %q lacks %q", method, path, csp, want)
				}
			}
			if slices.Contains(forms, path) {
				csp = strings.Replace(csp, "; script-src 'self'; worker-src 'self'; connect-src 'self'", "", 1)
			}
			if strings.Contains(csp, "unsafe") || strings.Contains(csp, "script") || strings.Contains(csp, "http") {
				t.Errorf("%s %s: Content-Security-Policy %q allows too much", method, path, csp)
			}
			for field, want := range map[string]string{
				"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
				"Strict-Transport-Security": "max-age=31536000", "Set-Cookie": "",
			} {
				if got := header.Get(field); got != want {
					t.Errorf("%s %s: %s = %q, want %q", method, path, field, got, want)
				}
			}
			if path != "/lien" && !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/c/") && !strings.HasPrefix(path, "/u/") || path == "/u/" {
				continue
			}
			if header.Get("Cache-Control") != "no-store" || header.Get("X-Robots-Tag") != "noindex" {
				t.Errorf("%s %s may be stored or indexed", method, path)
			}
		}
	}
}

// A mail program may not follow a redirect (RFC 8058 §3.1), and [http.ServeMux] redirects to clean paths.
func TestNoAddressRedirects(t *testing.T) {
	p := newPeople()
	o := options(t, p)
	o.Mailbox, o.Example = &web.Mailbox{Dir: t.TempDir()}, shelved()
	h := site(t, o)
	for path, status := range map[string]int{
		"/u//" + goodToken: 404, "//u/" + goodToken: 404, "/u/../u/" + goodToken: 404, "/./u/" + goodToken: 404, "/u/" + goodToken + "/": 404,
		"/u/" + goodToken + "/.": 404, "/u/x/..": 404, "": 404, "//": 404, "/..": 404, "/u": 404, "/u/": 404, "/static": 404, "/healthz/": 404,
		"/boite//": 404, "/boite/../boite/": 404, "/boite": 200, "/boite/": 200, "/site//a": 404, "/site": 200, "/site/": 200,
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT"} {
			r := httptest.NewRequest(method, "http://127.0.0.1"+path, strings.NewReader("List-Unsubscribe=One-Click"))
			r.RemoteAddr = "127.0.0.1:5"
			r.Header.Set("Content-Type", urlencoded)
			want := status
			if status == http.StatusOK && method != "GET" && method != "HEAD" {
				want = http.StatusMethodNotAllowed
			}
			answer := ask(h, r)
			if page(t, answer); answer.StatusCode != want || answer.Header.Get("Location") != "" {
				t.Errorf("%s %s: status %d, Location %q; want %d and none", method, path, answer.StatusCode, answer.Header.Get("Location"), want)
			}
		}
	}
	if len(p.left) > 0 {
		t.Errorf("somebody left: %v", p.left)
	}
}

// Only what begins as the links of letters do is told of them.
func TestWhatIsNowhereIsToldForWhatItIs(t *testing.T) {
	o := options(t, newPeople())
	o.Archive = newPast(t)
	h := site(t, o)
	for path, cut := range map[string]bool{
		"/u": true, "/u/": true, "/u/wrong": true, "/u/wrong/more": true, "/c/": true, "/c/wrong": true, "/p/wrong": true, "/z/": true, "/m/wrong": true, "/a/": true,
		"/favicon.ico": false, "/inscription/": false, "/nowhere": false, "/static/none.css": false, "/archives/hebdo/1/none": false, "/utile": false, "//": false,
	} {
		answer := get(h, path)
		if says := text(page(t, answer)); answer.StatusCode != http.StatusNotFound || strings.Contains(says, "Ouvrez-le depuis la lettre") != cut {
			t.Errorf("%s: status %d, %q", path, answer.StatusCode, says)
		}
	}
}

func TestHowLongAnswersMayBeKept(t *testing.T) {
	o := options(t, newPeople())
	o.Mailbox, o.Example = letters(t, three()), shelved()
	h := site(t, o)
	for path, want := range map[string]string{
		"/": "no-store", "/inscription": "no-store", "/lien": "no-store", "/inscription/extrait": "no-cache", "/c/" + waitingLink: "no-store",
		"/api/v1/form": "no-store", "/static/inscription.js": "public, max-age=3600", "/static/travail.js": "public, max-age=3600", "/robots.txt": "public, max-age=3600", "/healthz": "no-store", "/readyz": "no-store", "/nowhere": "no-store",
		"/u/" + goodToken: "no-store", "/u/forged": "no-store", "/boite/": "no-store", "/boite/hebdo-1-1": "no-store",
		"/boite/hebdo-1-1/html": "no-store", "/site/": "no-store", "/site/a": "no-store", "/static/none.css": "no-store",
	} {
		if got := near(h, path).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control = %q, want %q", path, got, want)
		}
	}
}

func TestNoHSTSWithoutHTTPS(t *testing.T) {
	o := options(t, newPeople())
	o.URL = "http://127.0.0.1:8025"
	if got := get(site(t, o), "/").Header.Get("Strict-Transport-Security"); got != "" {
		t.Errorf("Strict-Transport-Security = %q on http", got)
	}
}

func TestHomeNamesTheLetter(t *testing.T) {
	o := options(t, newPeople())
	o.Newsletters = o.Newsletters[:1]
	answer := get(site(t, o), "/")
	root := page(t, answer)
	if got := text(all(root, "h1")[0]); got != "Recevez «\u00a0La lettre de PandIA\u00a0»" || answer.StatusCode != http.StatusOK {
		t.Errorf("status %d, heading %q", answer.StatusCode, got)
	}
	if strings.Contains(text(root), "boîte") {
		t.Error("the page speaks of a mailbox that is not there")
	}
}

func TestAssetsAreOursAndLast(t *testing.T) {
	h := site(t, options(t, newPeople()))
	for _, link := range all(page(t, get(h, "/")), "link") {
		answer := get(h, attr(link, "href"))
		if answer.StatusCode != http.StatusOK || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: status %d, Cache-Control %q", attr(link, "href"), answer.StatusCode, answer.Header.Get("Cache-Control"))
		}
		want := map[string]string{"stylesheet": "text/css; charset=utf-8", "icon": "image/svg+xml"}[attr(link, "rel")]
		if got := answer.Header.Get("Content-Type"); got != want {
			t.Errorf("%s: Content-Type %q, want %q", attr(link, "href"), got, want)
		}
	}
}

func TestRobotsStayOffReadersPages(t *testing.T) {
	text := body(t, get(site(t, options(t, newPeople())), "/robots.txt"))
	if !strings.HasPrefix(text, "User-agent: *\n") {
		t.Errorf("robots.txt = %q", text)
	}
	for _, path := range []string{"/inscription/extrait", "/lien", "/c/", "/u/", "/api/"} {
		if !strings.Contains(text, "Disallow: "+path+"\n") {
			t.Errorf("robots.txt lets crawlers into %s: %q", path, text)
		}
	}
	for _, path := range []string{"/inscription", "/boite/"} { // which the sitemap names, and which is not there
		if strings.Contains(text, "Disallow: "+path+"\n") {
			t.Errorf("robots.txt names %s: %q", path, text)
		}
	}
	if text := body(t, get(mailbox(t, three()), "/robots.txt")); !strings.Contains(text, "Disallow: /boite/\n") {
		t.Errorf("robots.txt lets crawlers into the mailbox: %q", text)
	}
}

func TestHealth(t *testing.T) {
	o := options(t, newPeople())
	var broken error
	o.Checks = []web.Check{
		{Name: "database", Run: func(context.Context) (string, error) { return "ok", broken }},
		{Name: "sender", Run: func(context.Context) (string, error) { return "waits", nil }},
	}
	h := site(t, o)
	for _, step := range []struct {
		err    error
		status int
		says   string
	}{
		{nil, http.StatusOK, "database: ok\nsender: waits\n"},
		{errors.New("/var/lib/secret: locked"), http.StatusServiceUnavailable, "database: failing\nsender: waits\n"},
	} {
		broken = step.err
		body := new(bytes.Buffer)
		answer := get(h, "/readyz")
		if _, err := body.ReadFrom(answer.Body); err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != step.status || body.String() != step.says {
			t.Errorf("/readyz = %d %q, want %d %q", answer.StatusCode, body, step.status, step.says)
		}
		if alive := get(h, "/healthz"); alive.StatusCode != http.StatusOK {
			t.Errorf("/healthz = %d while the process lives", alive.StatusCode)
		}
	}
}

func TestTheLogHoldsNoToken(t *testing.T) {
	var log bytes.Buffer
	p := newPeople()
	o := options(t, p)
	o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h := site(t, o)
	p.err = errors.New("disk full")
	for _, method := range []string{"GET", "POST", "PUT"} {
		r := httptest.NewRequest(method, "/u/"+goodToken+"?x="+goodToken, strings.NewReader("List-Unsubscribe=One-Click"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		ask(h, r)
	}
	if strings.Contains(log.String(), goodToken) {
		t.Errorf("the log holds the token:\n%s", &log)
	}
	if got := strings.Count(log.String(), "route=/u/{token}"); got != 4 {
		t.Errorf("%d lines name the route, want 3 answers and 1 error:\n%s", got, &log)
	}
	if strings.Count(log.String(), "disk full") != 1 {
		t.Errorf("the operator is not told once of the error:\n%s", &log)
	}
}

func TestNewRefusesWhatCannotBeServed(t *testing.T) {
	for name, change := range map[string]func(*web.Options){
		"no newsletter":    func(o *web.Options) { o.Newsletters = nil },
		"unknown language": func(o *web.Options) { o.Newsletters[0].Language = "tlh" },
		"no address":       func(o *web.Options) { o.URL = "http://[" },
	} {
		o := options(t, newPeople())
		change(&o)
		if _, err := web.New(o); err == nil {
			t.Errorf("%s: New succeeds", name)
		}
	}
}

func TestLanguagesSayTheSame(t *testing.T) {
	keys := func(lang string) map[string]bool {
		files, err := templates.Open("")
		if err != nil {
			t.Fatal(err)
		}
		raw, err := fs.ReadFile(files, "strings/web."+lang+".toml")
		if err != nil {
			t.Fatal(err)
		}
		var strings map[string]any
		if err := toml.Unmarshal(raw, &strings); err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for name := range strings {
			names[name] = true
		}
		return names
	}
	if diff := cmp.Diff(keys("fr"), keys("en")); diff != "" {
		t.Errorf("strings (-fr +en):\n%s", diff)
	}
}

// Every template meets its struct and every string its places in each language.
func TestEveryPageInEveryLanguage(t *testing.T) {
	for first, lang := range []string{"fr", "en"} {
		o := options(t, newPeople())
		o.Newsletters[0], o.Newsletters[first] = o.Newsletters[first], o.Newsletters[0]
		o.URL = "http://127.0.0.1:8025"
		o.Mailbox, o.Example = letters(t, three()), shelved()
		editions := newPast(t)
		for _, n := range []int{1, 2, 3} {
			editions.appear(o.Newsletters[0].Name, n, nil)
		}
		o.Archive = editions
		h := site(t, o)
		one := web.ArchivePath(newsletter.EditionRef{Newsletter: o.Newsletters[0].Name, Number: 2})
		for path, status := range map[string]int{
			"/archives": 200, web.ArchivePath(newsletter.EditionRef{Newsletter: o.Newsletters[0].Name}): 200, one: 200, one + "/texte": 200, one + "0": 404,
			"/": 200, "/inscription": 200, "/lien": 200, "/u/proof": 200, "/u/erased": 200, "/nowhere": 404, "/boite/": 200,
			"/boite/hebdo-1-2": 200, "/boite/hebdo-1-3/texte": 200, "/boite/hebdo-1-2/source": 200,
			"/site/": 200, "/site/a": 200, "/site/none": 404, web.ExampleLegalPath: 200, web.ExamplePrivacyPath: 200,
		} {
			answer := near(h, path)
			root := page(t, answer)
			if got := attr(all(root, "html")[0], "lang"); got != lang || answer.StatusCode != status {
				t.Errorf("%s: status %d in %q, want %d in %q", path, answer.StatusCode, got, status, lang)
			}
			if said := text(root); strings.Contains(said, "<no value>") || strings.Contains(said, "{{") {
				t.Errorf("%s in %s has a gap: %q", path, lang, said)
			}
		}
	}
}

// The pages have the accent of the letters, in the light and in the dark, and so does their icon.
func TestAccentOfPages(t *testing.T) {
	o := options(t, newPeople())
	plain := links(t, site(t, o))
	o.Accents = render.Accents{Light: "#1f5a7a", Dark: "#7fb8d6", Template: "#a23d26"}
	dressed := links(t, site(t, o))
	for kind, path := range dressed {
		body := body(t, get(site(t, o), path))
		if path == plain[kind] {
			t.Errorf("%s has the address that it had in another colour", kind)
		}
		if !strings.Contains(body, "#1f5a7a") {
			t.Errorf("%s is not in the accent", path)
		}
		if kind == "stylesheet" && strings.Index(body, "#7fb8d6") < strings.LastIndex(body, "#f0a38a") {
			t.Error("the style sheet takes its own accent in the dark")
		}
	}
	o.Accents = render.Accents{Light: "#a23d26", Dark: "#f0a38a", Template: "#a23d26"}
	if got := links(t, site(t, o)); !maps.Equal(got, plain) {
		t.Errorf("with the accent that they have, the files are %v instead of %v", got, plain)
	}
}

// links are the addresses of what a page loads, by what it is to the page.
func links(t *testing.T, h http.Handler) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, link := range all(page(t, get(h, "/inscription")), "link") {
		if strings.Contains(attr(link, "href"), "/static/") {
			found[attr(link, "rel")] = attr(link, "href")
		}
	}
	if len(found) != 2 {
		t.Fatalf("the page loads %v", found)
	}
	return found
}
