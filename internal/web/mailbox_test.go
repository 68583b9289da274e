package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/web"
)

// eml is a letter as the folder holds it.
func eml(to, subject, date string) string {
	return strings.ReplaceAll(`From: "PandIA" <lettre@pandia.example>
To: <`+to+`>
Subject: `+subject+`
Date: `+date+`
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

=C3=80 la une : https://pandia.example/a?b=3D1&c
Fin <script>alert(1)</script>
--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<!DOCTYPE html><html lang=3D"fr"><head><title>x</title></head><body><a href=
=3D"http://127.0.0.1/u/t">Se d=C3=A9sinscrire</a></body></html>
--b--
`, "\n", "\r\n")
}

// letters is a mailbox of the given files.
func letters(t *testing.T, files map[string]string) *web.Mailbox {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &web.Mailbox{Dir: dir}
}

// mailbox is a site with such a mailbox.
func mailbox(t *testing.T, files map[string]string) http.Handler {
	t.Helper()
	o := options(t, newPeople())
	o.URL = "http://127.0.0.1:8025"
	o.Mailbox = letters(t, files)
	return site(t, o)
}

// near asks from the machine itself.
func near(h http.Handler, path string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr, r.Host = "127.0.0.1:50000", "127.0.0.1:8025"
	return ask(h, r)
}

func three() map[string]string {
	return map[string]string{
		"hebdo-1-1.eml": eml("claire@lecteur.example", "Ancienne", "Mon, 16 Nov 2026 07:00:00 +0100"),
		"hebdo-1-2.eml": eml("paul@lecteur.example", "=?utf-8?q?R=C3=A9cente?=", "Tue, 1 Dec 2026 07:05:00 +0100"),
		"hebdo-1-3.eml": eml("zoe@lecteur.example", "", "hier"),
		"notes.txt":     "not a letter",
	}
}

func TestMailboxListsLettersNewestFirst(t *testing.T) {
	answer := near(mailbox(t, three()), "/boite/")
	root := page(t, answer)
	var got [][]string
	for _, link := range all(root, "a")[1:] {
		date := ""
		for _, when := range all(link, "time") {
			date = attr(when, "datetime")
		}
		got = append(got, []string{attr(link, "href"), text(all(link, "strong")[0]), date})
	}
	want := [][]string{
		{"/boite/hebdo-1-2", "Récente", "2026-12-01T07:05:00+01:00"},
		{"/boite/hebdo-1-1", "Ancienne", "2026-11-16T07:00:00+01:00"},
		{"/boite/hebdo-1-3", "(sans objet)", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("letters (-want +got):\n%s", diff)
	}
	if said := text(root); !strings.Contains(said, "3 lettres") || !strings.Contains(said, "pour paul@lecteur.example") ||
		!strings.Contains(said, "mardi 1er\u00a0décembre\u00a02026, 7\u00a0h\u00a005") {
		t.Errorf("the page says %q", said)
	}
}

func TestMailboxListsNoMoreThanItCanShow(t *testing.T) {
	files := map[string]string{}
	for n := range 205 {
		files[fmt.Sprintf("hebdo-1-%d.eml", n)] = eml("claire@lecteur.example", "Bonjour", "Mon, 16 Nov 2026 07:00:00 +0100")
	}
	root := page(t, near(mailbox(t, files), "/boite/"))
	if shown := len(all(root, "li")); shown != 200 || !strings.Contains(text(root), "Les 200 lettres les plus récentes") {
		t.Errorf("%d letters are shown", shown)
	}
}

func TestMailboxWithoutLetters(t *testing.T) {
	o := options(t, newPeople())
	o.Mailbox = &web.Mailbox{Dir: filepath.Join(t.TempDir(), "not-there-yet")}
	answer := near(site(t, o), "/boite/")
	if said := text(page(t, answer)); answer.StatusCode != http.StatusOK || !strings.Contains(said, "Aucune lettre") {
		t.Errorf("status %d, page %q", answer.StatusCode, said)
	}
}

func TestMailboxShowsEveryView(t *testing.T) {
	h := mailbox(t, three())

	letter := near(h, "/boite/hebdo-1-2")
	if csp := letter.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-src 'self'") {
		t.Errorf("Content-Security-Policy %q forbids the frame", csp)
	}
	root := page(t, letter)
	frames := all(root, "iframe")
	if len(frames) != 1 || strings.Contains(attr(frames[0], "sandbox"), "allow-scripts") || strings.Contains(attr(frames[0], "sandbox"), "allow-same-origin") {
		t.Fatalf("%d frames, or one that lets too much through", len(frames))
	}
	var tabs []string
	for _, nav := range all(root, "nav") {
		for _, link := range all(nav, "a") {
			tabs = append(tabs, attr(link, "href"))
			if answer := near(h, attr(link, "href")); answer.StatusCode != http.StatusOK {
				t.Errorf("%s: status %d", attr(link, "href"), answer.StatusCode)
			}
		}
	}
	if diff := cmp.Diff([]string{"/boite/hebdo-1-2", "/boite/hebdo-1-2/texte", "/boite/hebdo-1-2/source"}, tabs); diff != "" {
		t.Errorf("tabs (-want +got):\n%s", diff)
	}

	framed := near(h, attr(frames[0], "src"))
	body, err := io.ReadAll(framed.Body)
	if err != nil {
		t.Fatal(err)
	}
	want := `<!DOCTYPE html><html lang="fr"><head><base target="_top"><title>x</title></head><body><a href="http://127.0.0.1/u/t">Se désinscrire</a></body></html>`
	if diff := cmp.Diff(want, strings.TrimSpace(string(body))); diff != "" {
		t.Errorf("framed letter (-want +got):\n%s", diff)
	}
	csp := framed.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "sandbox", "frame-ancestors 'self'", "form-action 'none'", "allow-top-navigation-by-user-activation"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy of the frame %q lacks %q", csp, want)
		}
	}
	if strings.Contains(csp, "script") || strings.Contains(csp, "http") {
		t.Errorf("policy of the frame %q lets too much through", csp)
	}

	plain := page(t, near(h, "/boite/hebdo-1-2/texte"))
	pre := all(plain, "pre")[0]
	if said := text(pre); !strings.Contains(said, "À la une") || !strings.Contains(said, "Fin <script>alert(1)</script>") {
		t.Errorf("the text is %q", said)
	}
	if links := all(pre, "a"); len(links) != 1 || attr(links[0], "href") != "https://pandia.example/a?b=1&c" {
		t.Errorf("%d links in the text, want the one", len(links))
	}

	source := page(t, near(h, "/boite/hebdo-1-2/source"))
	if said := text(all(source, "pre")[0]); !strings.Contains(said, "Content-Transfer-Encoding: quoted-printable") {
		t.Errorf("the source is %q", said)
	}
}

func TestMailboxEscapesWhatLettersSay(t *testing.T) {
	evil := `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	h := mailbox(t, map[string]string{"evil.eml": eml("claire@lecteur.example", evil, "Mon, 16 Nov 2026 07:00:00 +0100")})
	for _, path := range []string{"/boite/", "/boite/evil", "/boite/evil/texte", "/boite/evil/source"} {
		if said := text(page(t, near(h, path))); !strings.Contains(said, evil) {
			t.Errorf("%s: the subject is not shown as it is", path)
		}
	}
}

func TestMailboxWithAFileThatIsNoLetter(t *testing.T) {
	h := mailbox(t, map[string]string{"broken.eml": "\x00\xff nothing"})
	for _, path := range []string{"/boite/", "/boite/broken", "/boite/broken/texte", "/boite/broken/source"} {
		answer := near(h, path)
		said := text(page(t, answer))
		if answer.StatusCode != http.StatusOK || !strings.Contains(said, "broken.eml") || !strings.Contains(said, "pas une lettre lisible") {
			t.Errorf("%s: status %d, page %q", path, answer.StatusCode, said)
		}
	}
	if answer := near(h, "/boite/broken/html"); answer.StatusCode != http.StatusOK || len(all(page(t, answer), "iframe")) > 0 {
		t.Errorf("/boite/broken/html: status %d", answer.StatusCode)
	}
}

// A pipe would hold the page until somebody wrote into it.
func TestMailboxReadsRegularFilesOnly(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "folder.eml"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.eml"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("pipe.eml", filepath.Join(dir, "link.eml")); err != nil {
		t.Fatal(err)
	}
	o := options(t, newPeople())
	o.Mailbox = &web.Mailbox{Dir: dir}
	h := site(t, o)
	for _, path := range []string{"/boite/folder", "/boite/pipe", "/boite/link", "/boite/pipe/source"} {
		answer := near(h, path)
		if page(t, answer); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, answer.StatusCode)
		}
	}
	if said := text(page(t, near(h, "/boite/"))); !strings.Contains(said, "Aucune lettre") {
		t.Errorf("the list says %q", said)
	}
}

func TestMailboxDoesNotShowALetterThatIsTooLarge(t *testing.T) {
	name := "large.eml"
	box := letters(t, map[string]string{name: eml("claire@lecteur.example", "Lourde", "Mon, 16 Nov 2026 07:00:00 +0100")})
	if err := os.Truncate(filepath.Join(box.Dir, name), 1<<40); err != nil {
		t.Skip("no sparse files here:", err)
	}
	o := options(t, newPeople())
	o.Mailbox = box
	h := site(t, o)
	if said := text(page(t, near(h, "/boite/"))); !strings.Contains(said, "Lourde") {
		t.Errorf("the list says %q", said)
	}
	for _, path := range []string{"/boite/large", "/boite/large/texte", "/boite/large/source", "/boite/large/html"} {
		answer := near(h, path)
		root := page(t, answer)
		said := text(root)
		if answer.StatusCode != http.StatusOK || !strings.Contains(said, "Lourde") || !strings.Contains(said, "trop grande") || !strings.Contains(said, name) {
			t.Errorf("%s: status %d, page %q", path, answer.StatusCode, said)
		}
		if len(all(root, "iframe"))+len(all(root, "pre"))+len(all(root, "nav")) > 0 {
			t.Errorf("%s shows part of the letter", path)
		}
	}
}

func TestMailboxNeverLeavesItsFolder(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(dir, "secret.eml")
	box := filepath.Join(dir, "outbox")
	if err := os.Mkdir(box, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(outside, []byte("Subject: secret\r\n\r\nsecret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(box, "link.eml")); err != nil {
		t.Fatal(err)
	}
	o := options(t, newPeople())
	o.Mailbox = &web.Mailbox{Dir: box}
	h := site(t, o)
	for _, path := range []string{"/boite/link", "/boite/link/source", "/boite/..%2fsecret", "/boite/%2e%2e%2fsecret/source",
		"/boite/secret.eml", "/boite/%00", "/boite/.%2f..%2fsecret", "/boite/" + strings.ReplaceAll(outside, "/", "%2f"), "/boite/a%5cb"} {
		answer := near(h, path)
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != http.StatusNotFound || strings.Contains(string(body), "Subject: secret") {
			t.Errorf("%s: status %d, want 404", path, answer.StatusCode)
		}
	}
	if said := text(page(t, near(h, "/boite/"))); strings.Contains(said, "link") {
		t.Error("the list shows a link that leads out of the folder")
	}
}

func TestMailboxIsForTheMachineItself(t *testing.T) {
	h := mailbox(t, three())
	for _, row := range []struct {
		remote, host string
		want         int
	}{
		{"127.0.0.1:5", "127.0.0.1:8025", http.StatusOK},
		{"127.0.0.1:5", "localhost:8025", http.StatusOK},
		{"127.0.0.1:5", "LOCALHOST", http.StatusOK},
		{"[::1]:5", "[::1]:8025", http.StatusOK},
		{"[::1]:5", "[::1]", http.StatusOK},
		{"[::ffff:127.0.0.1]:5", "127.0.0.1", http.StatusOK},
		{"192.0.2.7:5", "127.0.0.1:8025", http.StatusForbidden},
		{"127.0.0.1:5", "lettre.pandia.example", http.StatusForbidden},
		{"127.0.0.1:5", "localhost.attacker.example:8025", http.StatusForbidden},
		{"127.0.0.1:5", "127.0.0.1.attacker.example", http.StatusForbidden},
		{"127.0.0.1:5", "192.0.2.7:8025", http.StatusForbidden},
		{"127.0.0.1:5", "", http.StatusForbidden},
		{"@", "localhost", http.StatusForbidden},
	} {
		for _, path := range []string{"/boite/", "/boite/hebdo-1-1", "/boite/hebdo-1-1/html"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.RemoteAddr, r.Host = row.remote, row.host
			if answer := ask(h, r); answer.StatusCode != row.want {
				t.Errorf("%s from %s asked of %q: status %d, want %d", path, row.remote, row.host, answer.StatusCode, row.want)
			}
		}
	}
}

func TestNoMailboxUnlessMounted(t *testing.T) {
	if answer := near(site(t, options(t, newPeople())), "/boite/"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("status %d, want 404", answer.StatusCode)
	}
}
