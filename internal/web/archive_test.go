package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"facteur/internal/digest"
	"facteur/internal/newsletter"
	"facteur/internal/sqlite"
	"facteur/internal/storetest"
	"facteur/internal/token"
	"facteur/internal/web"
)

// past is a store in which editions have appeared, an hour after one another.
type past struct {
	*sqlite.Store
	t       *testing.T
	now     time.Time
	stories []newsletter.Story
}

func newPast(t *testing.T) *past {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "facteur.db"), sqlite.Options{Create: true, Hash: storetest.Hash})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := store.EnsureNewsletters(t.Context(), []string{"hebdo", "weekly", "ancienne"}); err != nil {
		t.Fatal(err)
	}
	p := &past{Store: store, t: t, now: time.Date(2026, 11, 24, 22, 30, 0, 0, time.UTC)}
	for i, title := range []string{"À la une", "Deuxième : la suite", "Troisième", "Quatrième", "Cinquième"} {
		url := fmt.Sprintf("https://pandia.example/%d", i)
		puts, err := store.PutArticles(t.Context(), []newsletter.Article{{URL: url, Title: title, Language: "fr"}}, p.now)
		if err != nil {
			t.Fatal(err)
		}
		p.stories = append(p.stories, newsletter.Story{Article: puts[0].Article, URL: url, Title: title, Summary: "Le chapô de : " + title})
	}
	return p
}

// frozenHTML and frozenText are of no use to anybody but a browser: nothing in them may be touched but the link.
func frozenHTML(name string, number int) string {
	return "<!DOCTYPE html>\r\n<html><HEAD><title>é</title></HEAD><body style=\"color:#000\">" + name + fmt.Sprint(number) +
		"<a href='https://ailleurs.example/?a=1&b'>\u00a0x\x01</a> <a href=\"https://lettre.pandia.example/u/" + token.Placeholder(token.Leave) + "\">Partir</a></body></html>\n"
}

func frozenText(name string, number int) string {
	return "Texte de " + name + fmt.Sprint(number) + "\nhttps://ailleurs.example/?a=1&b\nPartir :\nhttps://lettre.pandia.example/u/" + token.Placeholder(token.Leave) + "\n"
}

// appear publishes an edition as change makes it.
func (p *past) appear(name string, number int, change func(*digest.Publication)) {
	p.t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		p.t.Fatal(err)
	}
	p.now = p.now.Add(time.Hour)
	lead := p.stories[0]
	one := digest.Publication{
		Newsletter: name, Slot: newsletter.SlotAt(p.now), Number: number, KeyID: 1, Approved: p.now,
		Content: newsletter.Content{
			Number: number, Date: p.now, Subject: fmt.Sprintf("Sujet %d", number), Lead: &lead, Chapters: []newsletter.Chapter{{Stories: p.stories[1:]}},
		},
		Letterhead: newsletter.Newsletter{Title: "La lettre de PandIA", Language: "fr", Zone: paris, Sender: sender()}.Letterhead("https://lettre.pandia.example"),
		Variants:   []newsletter.Variant{{Key: "full", Kind: newsletter.KindEdition, Subject: "S", HTML: frozenHTML(name, number), Text: frozenText(name, number)}},
	}
	if change != nil {
		change(&one)
	}
	if _, err := p.Publish(p.t.Context(), one); err != nil {
		p.t.Fatal(err)
	}
}

// appeared is an archive with so many editions of each newsletter, of which nobody asks for more than whether there are any.
type appeared struct{ editions int }

func (a appeared) ArchivePage(_ context.Context, _ string, _, most int) ([]newsletter.Edition, error) {
	return make([]newsletter.Edition, min(a.editions, most)), nil
}

func (appeared) ArchiveHeads(context.Context, int) ([]newsletter.Edition, error) { return nil, nil }

func (appeared) ArchiveEdition(context.Context, newsletter.EditionRef) (newsletter.Archived, error) {
	return newsletter.Archived{}, newsletter.ErrNotFound
}

func (appeared) ArchiveText(context.Context, newsletter.EditionRef) (newsletter.Variant, error) {
	return newsletter.Variant{}, newsletter.ErrNotFound
}

func (appeared) ArchiveIndex(context.Context, int) ([]newsletter.IndexLine, error) { return nil, nil }

// archive is a site with an archive and, unless more are asked for, one newsletter.
func archive(t *testing.T, p *past, change func(*web.Options)) http.Handler {
	t.Helper()
	o := options(t, newPeople())
	o.Newsletters = o.Newsletters[:1]
	o.Archive = p
	if change != nil {
		change(&o)
	}
	return site(t, o)
}

func english(d *digest.Publication) {
	d.Letterhead.Title, d.Letterhead.Language = "The PandIA Letter", "en"
}

// metas are the descriptions in the head of a page, by name or property.
func metas(root *html.Node) map[string]string {
	found := map[string]string{}
	for _, m := range all(root, "meta") {
		if name := attr(m, "name") + attr(m, "property"); attr(m, "content") != "" {
			found[name] = attr(m, "content")
		}
	}
	return found
}

// rel finds the address of a link element by what it is.
func rel(root *html.Node, kind string) string {
	for _, link := range all(root, "link") {
		if attr(link, "rel") == kind {
			return attr(link, "href")
		}
	}
	return ""
}

// hrefs are the links of a page that begin so.
func hrefs(root *html.Node, prefix string) []string {
	var found []string
	for _, link := range all(root, "a") {
		if strings.HasPrefix(attr(link, "href"), prefix) {
			found = append(found, attr(link, "href"))
		}
	}
	return found
}

func body(t *testing.T, answer *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestArchiveListsEditions(t *testing.T) {
	p := newPast(t)
	p.appear("hebdo", 1, nil)
	p.appear("hebdo", 2, func(d *digest.Publication) { d.Content.Subject = "<b>À la une ?" })
	h := archive(t, p, nil)
	for _, path := range []string{"/archives", "/archives/", "/archives/hebdo"} {
		answer := get(h, path)
		root := page(t, answer)
		var got []string
		for _, list := range all(root, "ul")[:1] {
			for _, item := range all(list, "li") {
				link, when := all(item, "a")[0], all(item, "time")[0]
				got = append(got, strings.Join([]string{attr(link, "href"), text(link), text(when), attr(when, "datetime"), text(all(item, "p")[1])}, "|"))
			}
		}
		const rest = "|À la une\u00a0· Deuxième\u00a0: la suite\u00a0· Troisième"
		want := []string{
			"/archives/hebdo/2|<b>À la une\u00a0?|mercredi 25\u00a0novembre\u00a02026|2026-11-25T01:30:00+01:00" + rest,
			"/archives/hebdo/1|Sujet 1|mercredi 25\u00a0novembre\u00a02026|2026-11-25T00:30:00+01:00" + rest,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		if canonical := rel(root, "canonical"); canonical != "https://lettre.pandia.example/archives/hebdo" || rel(root, "alternate") != "/archives/hebdo/feed.xml" {
			t.Errorf("%s is known as %q, its feed is %q", path, canonical, rel(root, "alternate"))
		}
		if answer.Header.Get("X-Robots-Tag") != "" || len(hrefs(root, "/inscription")) != 1 {
			t.Errorf("%s may not be found, or has no way to sign up", path)
		}
	}
}

func TestArchiveIsEmptyAtFirst(t *testing.T) {
	h := archive(t, newPast(t), nil)
	for _, path := range []string{"/archives", "/archives/hebdo"} {
		if said := text(page(t, get(h, path))); !strings.Contains(said, "Aucun numéro n’a encore paru") {
			t.Errorf("%s says %q", path, said)
		}
	}
	if got := get(h, "/archives/ancienne").StatusCode; got != http.StatusNotFound {
		t.Errorf("a newsletter that is not published and never was: status %d", got)
	}
}

// Whoever turns the pages meets every edition once, and a page stays what it is when editions appear.
func TestArchiveTurnsItsPages(t *testing.T) {
	p := newPast(t)
	for n := range 120 {
		p.appear("hebdo", n+1, nil)
	}
	h := archive(t, p, nil)
	var addresses []string
	var pages [][]string
	for next := "/archives/hebdo"; next != ""; {
		root := page(t, get(h, next))
		addresses, pages = append(addresses, next), append(pages, hrefs(root, "/archives/hebdo/")[1:]) // the first is the feed
		if next != "/archives/hebdo" && rel(root, "canonical") != "https://lettre.pandia.example"+next {
			t.Errorf("%s is known as %s", next, rel(root, "canonical"))
		}
		if newer := rel(root, "prev"); (newer == "") != (next == "/archives/hebdo") {
			t.Errorf("%s leads back to %q", next, newer)
		}
		next = rel(root, "next")
	}
	var want []string
	for n := 120; n > 0; n-- {
		want = append(want, fmt.Sprintf("/archives/hebdo/%d", n))
	}
	if diff := cmp.Diff([][]string{want[:50], want[50:100], want[100:]}, pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
	p.appear("hebdo", 121, nil)
	for i, address := range addresses[1:] {
		if diff := cmp.Diff(pages[i+1], hrefs(page(t, get(h, address)), "/archives/hebdo/")[1:]); diff != "" {
			t.Errorf("%s changed (-before +after):\n%s", address, diff)
		}
	}
	for _, wrong := range []string{"?avant=1", "?avant=0", "?avant=-1", "?avant=007", "?avant=x", "?avant=99999999999999999999"} {
		answer := get(h, "/archives/hebdo"+wrong)
		if page(t, answer); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", wrong, answer.StatusCode)
		}
	}
}

func TestArchiveOfSeveralNewsletters(t *testing.T) {
	p := newPast(t)
	for n := range 7 {
		p.appear("hebdo", n+1, nil)
	}
	p.appear("weekly", 1, english)
	p.appear("ancienne", 1, func(d *digest.Publication) { d.Letterhead.Title = "Celle d’avant" })
	h := archive(t, p, func(o *web.Options) { o.Newsletters = options(t, newPeople()).Newsletters })
	root := page(t, get(h, "/archives"))
	var got []string
	for _, section := range all(root, "section") {
		got = append(got, text(all(section, "h2")[0])+fmt.Sprint(hrefs(section, "/")))
	}
	want := []string{
		"Celle d’avant[/archives/ancienne /archives/ancienne/1 /archives/ancienne]",
		"La lettre de PandIA[/archives/hebdo /archives/hebdo/7 /archives/hebdo/6 /archives/hebdo/5 /archives/hebdo/4 /archives/hebdo/3 /archives/hebdo]",
		"The PandIA Letter[/archives/weekly /archives/weekly/1 /archives/weekly]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("newsletters (-want +got):\n%s", diff)
	}
	if foreign := all(all(root, "section")[2], "h3")[0]; attr(foreign, "lang") != "en" {
		t.Errorf("an English title is in %q", attr(foreign, "lang"))
	}
	for path, want := range map[string]string{"/archives/weekly": "en", "/archives/weekly/1": "en", "/archives/ancienne": "fr", "/archives/ancienne/1": "fr", "/archives": "fr"} {
		if answer := get(h, path); answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Language") != want {
			t.Errorf("%s: status %d in %q, want 200 in %q", path, answer.StatusCode, answer.Header.Get("Content-Language"), want)
		}
	}
}

func TestEditionStandsInItsFrame(t *testing.T) {
	p := newPast(t)
	for _, n := range []int{1, 2, 4} {
		p.appear("hebdo", n, nil)
	}
	h := archive(t, p, nil)
	answer := get(h, "/archives/hebdo/2")
	root := page(t, answer)
	if title := text(all(root, "title")[0]); title != "Sujet 2 · La lettre de PandIA, n°\u00a02" || text(all(root, "h1")[0]) != "Sujet 2" {
		t.Errorf("the page is titled %q", title)
	}
	const here = "https://lettre.pandia.example/archives/hebdo/2"
	wantMetas := map[string]string{
		"viewport": "width=device-width, initial-scale=1", "color-scheme": "light dark", "description": "Le chapô de\u00a0: À la une",
		"og:type": "article", "og:title": "Sujet 2", "og:description": "Le chapô de\u00a0: À la une", "og:url": here, "og:locale": "fr_FR",
		"og:site_name": "PandIA", "article:published_time": "2026-11-25T00:30:00Z", "twitter:card": "summary",
	}
	if diff := cmp.Diff(wantMetas, metas(root)); diff != "" {
		t.Errorf("head (-want +got):\n%s", diff)
	}
	for kind, want := range map[string]string{"canonical": here, "prev": "/archives/hebdo/1", "next": "/archives/hebdo/4", "alternate": "/archives/hebdo/feed.xml"} {
		if got := rel(root, kind); got != want {
			t.Errorf("rel=%s is %q, want %q", kind, got, want)
		}
	}
	for _, link := range []string{"/archives/hebdo", "/archives/hebdo/1", "/archives/hebdo/4", "/archives/hebdo/2/texte", "/archives/hebdo/2/lettre"} {
		if found := hrefs(root, link); len(found) == 0 {
			t.Errorf("nothing leads to %s", link)
		} else if status := get(h, link).StatusCode; status != http.StatusOK {
			t.Errorf("%s: status %d", link, status)
		}
	}
	frames := all(root, "iframe")
	if len(frames) != 1 || attr(frames[0], "title") == "" || strings.Contains(attr(frames[0], "sandbox"), "scripts") || strings.Contains(attr(frames[0], "sandbox"), "same-origin") {
		t.Fatalf("%d frames, or one without a name or that lets too much through", len(frames))
	}
	if csp := answer.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-src 'self'") || answer.Header.Get("X-Robots-Tag") != "" {
		t.Errorf("policy %q, X-Robots-Tag %q", csp, answer.Header.Get("X-Robots-Tag"))
	}
	for path, want := range map[string][2]string{"/archives/hebdo/1": {"", "/archives/hebdo/2"}, "/archives/hebdo/4": {"/archives/hebdo/2", ""}} {
		if root := page(t, get(h, path)); rel(root, "prev") != want[0] || rel(root, "next") != want[1] {
			t.Errorf("beside %s stand %q and %q, want %q", path, rel(root, "prev"), rel(root, "next"), want)
		}
	}
}

// A lead story with a picture gives its page a card.
func TestAnEditionsCardShowsItsLeadPicture(t *testing.T) {
	p := newPast(t)
	p.appear("hebdo", 1, func(one *digest.Publication) {
		one.Content.Lead.Picture = &newsletter.Picture{Name: strings.Repeat("0", 32) + ".jpg", Width: 1200, Height: 675, Alt: "Un «\u00a0robot\u00a0» & lui"}
	})
	got := metas(page(t, get(archive(t, p, nil), "/archives/hebdo/1")))
	for name, want := range map[string]string{
		"og:image": "https://lettre.pandia.example/i/" + strings.Repeat("0", 32) + ".jpg", "og:image:width": "1200", "og:image:height": "675",
		"og:image:alt": "Un «\u00a0robot\u00a0» & lui", "twitter:card": "summary_large_image",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

// What was sent is shown byte for byte, but for the link that is a reader's own; and the frame adds nothing but where
// links open.
func TestTheArchiveShowsTheFrozenBytes(t *testing.T) {
	p := newPast(t)
	p.appear("hebdo", 1, nil)
	p.appear("hebdo", 2, nil)
	h := archive(t, p, nil)
	own := strings.NewReplacer("https://lettre.pandia.example/u/"+token.Placeholder(token.Leave), "https://lettre.pandia.example/lien")
	want := own.Replace(frozenHTML("hebdo", 1))
	for path, want := range map[string]string{
		"/archives/hebdo/1/lettre": want,
		"/archives/hebdo/1/cadre":  strings.Replace(want, "<HEAD>", `<HEAD><base target="_top">`, 1),
	} {
		answer := get(h, path)
		if diff := cmp.Diff(want, body(t, answer)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		header := answer.Header
		const policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; " +
			"sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; img-src 'self'"
		for field, want := range map[string]string{
			"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8", "Cache-Control": "public, max-age=3600",
			"Set-Cookie": "", "X-Content-Type-Options": "nosniff", "Link": `<https://lettre.pandia.example/archives/hebdo/1>; rel="canonical"`,
		} {
			if got := header.Get(field); got != want {
				t.Errorf("%s: %s = %q, want %q", path, field, got, want)
			}
		}
		again := httptest.NewRequest(http.MethodGet, path, nil)
		again.Header.Set("If-None-Match", header.Get("ETag"))
		if kept := ask(h, again); kept.StatusCode != http.StatusNotModified || body(t, kept) != "" {
			t.Errorf("%s: asked again with its ETag %q: status %d", path, header.Get("ETag"), kept.StatusCode)
		}
	}
	if get(h, "/archives/hebdo/1/lettre").Header.Get("ETag") == get(h, "/archives/hebdo/2/lettre").Header.Get("ETag") {
		t.Error("two letters have one ETag")
	}
	plain := page(t, get(h, "/archives/hebdo/1/texte"))
	if got := text(all(plain, "pre")[0]); got != own.Replace(frozenText("hebdo", 1)) {
		t.Errorf("the text is %q", got)
	}
	if links := hrefs(all(plain, "pre")[0], "https:"); !cmp.Equal(links, []string{"https://ailleurs.example/?a=1&b", "https://lettre.pandia.example/lien"}) {
		t.Errorf("the links of the text are %q", links)
	}
}

func TestWhatTheArchiveDoesNotHold(t *testing.T) {
	p := newPast(t)
	p.appear("hebdo", 1, nil)
	p.appear("hebdo", 7, nil)
	h := archive(t, p, nil)
	paths := []string{"/archives/mensuel", "/archives/Hebdo", "/archives/mensuel/1", "/archives/mensuel/feed.xml", "/archives/hebdo/1/autre", "/archives/hebdo/1/lettre/x",
		"/archives/hebdo/", "/archives/hebdo/1/", "/archives//hebdo", "/archives/hebdo//1", "/archives/../archives", "/archives/./hebdo", "/archives/hebdo/../hebdo/1",
		"/archives/..%2fhebdo/1", "/archives/hebdo%2f1", "/archives/%00", "/archives/hebdo/%31/%00", "/archives/hebdo'--/1", "/archives/feed.xml/1"}
	for _, n := range []string{"0", "-1", "+1", "007", "2", "8", "1.0", "1e0", "%20 1", "x", "99999999999999999999", "9223372036854775808", "٧", "feed.xml%2f"} {
		for _, view := range []string{"", "/lettre", "/cadre", "/texte"} {
			paths = append(paths, "/archives/hebdo/"+strings.ReplaceAll(n, " ", "%20")+view)
		}
	}
	for _, path := range paths {
		for _, method := range []string{"GET", "HEAD"} {
			answer := ask(h, httptest.NewRequest(method, path, nil))
			if page(t, answer); answer.StatusCode != http.StatusNotFound || answer.Header.Get("Location") != "" || answer.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s: status %d, headers %v; want 404", method, path, answer.StatusCode, answer.Header)
			}
		}
	}
	if root := page(t, get(h, "/archives/hebdo/3")); len(hrefs(root, "/archives")) != 1 || !strings.Contains(text(root), "Ce numéro n’existe pas") {
		t.Errorf("the page of no edition leads nowhere: %q", text(root))
	}
}

func TestTheArchiveOnlyAnswers(t *testing.T) {
	p := newPast(t)
	p.appear("hebdo", 1, nil)
	h := archive(t, p, nil)
	for _, path := range []string{"/archives", "/archives/hebdo", "/archives/hebdo/1", "/archives/hebdo/1/lettre", "/archives/hebdo/1/texte", "/archives/feed.xml", "/archives/hebdo/feed.xml", "/sitemap.xml"} {
		full, head := get(h, path), ask(h, httptest.NewRequest(http.MethodHead, path, nil))
		if full.StatusCode != http.StatusOK || head.StatusCode != http.StatusOK || len(full.Cookies()) > 0 {
			t.Errorf("%s: GET %d, HEAD %d, cookies %v", path, full.StatusCode, head.StatusCode, full.Cookies())
		}
		if diff := cmp.Diff(full.Header, head.Header); diff != "" {
			t.Errorf("%s: header fields (-GET +HEAD):\n%s", path, diff)
		}
		if strings.Contains(body(t, full), "-token-of-the-reader-") {
			t.Errorf("%s has a reader's place in it", path)
		}
		if post := ask(h, httptest.NewRequest(http.MethodPost, path, strings.NewReader("x=1"))); post.StatusCode != http.StatusMethodNotAllowed || post.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s: status %d", path, post.StatusCode)
		}
	}
}

func TestNoArchiveUnlessMounted(t *testing.T) {
	h := site(t, options(t, newPeople()))
	for _, path := range []string{"/archives", "/archives/hebdo/1", "/archives/feed.xml", "/sitemap.xml"} {
		if got := get(h, path).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, got)
		}
	}
	if robots := body(t, get(h, "/robots.txt")); strings.Contains(robots, "Sitemap") {
		t.Errorf("robots.txt names a sitemap that is not there: %q", robots)
	}
}

func TestArchivePath(t *testing.T) {
	for want, ref := range map[string]newsletter.EditionRef{"/archives": {}, "/archives/hebdo": {Newsletter: "hebdo"}, "/archives/hebdo/42": {Newsletter: "hebdo", Number: 42}} {
		if got := web.ArchivePath(ref); got != want {
			t.Errorf("%+v is at %s, want %s", ref, got, want)
		}
	}
}
