package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"facteur/internal/browsertest"
	"facteur/internal/newsletter"
	"facteur/internal/subscription"
	"facteur/internal/token"
)

// second is a newsletter beside the built-in one.
const second = `
[newsletters.hebdo]
title = "PandIA, la lettre de la semaine"
schedule = "0 7 * * 2"
sections = [{ name = "actualites", title = "Actualités", quota = 8 }]
[newsletters.outils]
title = "Les outils du mois"
schedule = "0 7 1 * *"
sections = [{ name = "outils", title = "Outils", quota = 4 }]
`

// A gallery is a visitor to all pages, in the order of a life.
type gallery struct {
	*visitor
	h   *house
	axe string
}

// Every page, wide and narrow, light and dark: nothing keeps people with a disability from using it, nothing has to be
// scrolled sideways, nothing is asked of another host, and no cookie is left. FACTEUR_SHOTS names a folder for pictures of
// them.
func TestEveryPage(t *testing.T) {
	for name, test := range map[string]struct {
		settings string
		tour     func(*gallery)
	}{"one newsletter": {"", (*gallery).life}, "two newsletters": {second, (*gallery).choice}} {
		t.Run(name, func(t *testing.T) {
			v := visit(t, func(v *visitor) hands { return mouse{v} })
			g := &gallery{visitor: v, h: newHouse(t, test.settings), axe: browsertest.Axe(t)}
			g.reader("nora")
			g.h.publish(1)
			g.h.publish(2)
			test.tour(g)
			ours := []string{strings.TrimPrefix(g.h.url, "http://"), strings.TrimPrefix(g.h.site.URL, "http://")}
			for _, host := range v.browser.Hosts() {
				if host != ours[0] && host != ours[1] {
					t.Errorf("a page asked %s", host)
				}
			}
		})
	}
}

// life sees what one reader may come to see, and what nobody wants to.
func (g *gallery) life() {
	g.signingUp()
	g.confirming()
	g.leaving()
	g.preferring()
	g.managing()
	g.silenced()
	g.visits("archive", "/archives", "Tous les numéros")
	g.visits("edition", "/archives/hebdo/2", "Nouvelle numéro 2")
	g.visits("edition-text", "/archives/hebdo/2/texte", "Nouvelle numéro 2")
	g.visits("problem", "/nulle-part", "Cette page n’existe pas")
	g.opens(g.h.site.URL+"/article", "Un article")
	g.looks("snippet")
}

// choice sees the pages that are others where there is something to choose.
func (g *gallery) choice() {
	g.visits("signup-several", "/inscription", "Recevez les lettres de votre choix")
	g.posts("signup-several-none", "/inscription", "Recevez les lettres", g.form("mila"))
	doubt := g.form("mila@gmial.com")
	doubt["newsletter"] = "hebdo"
	g.posts("doubt-several", "/inscription", "Est-ce la bonne adresse", doubt)
	g.opens(g.h.site.URL+"/article", "Un article")
	g.looks("snippet-several")
	g.visits("preferences-several", g.path("/p/", token.Preferences, "nora", 0), "Vos préférences")
	g.posts("preferences-several-saved", g.path("/p/", token.Preferences, "nora", 0), "Vos préférences",
		map[string]string{"act": "save", "newsletter": "hebdo", "until": "quarter"})
	own := g.path("/p/", token.Preferences, "nora", 0)
	if _, err := g.h.Register.Add(g.t.Context(), g.h.Newsletters[1], full("nora"), "test"); err != nil {
		g.t.Fatal(err)
	}
	g.posts("preferences-several-stopped", own, "C’est fait", map[string]string{"act": "stop"})
	undo := strings.TrimPrefix(g.see(chromedp.Evaluate[string](`document.querySelector("section form").action`)), g.h.url)
	g.posts("undone-several", undo, "Votre désinscription est annulée", map[string]string{"letter": "hebdo", "act": "undo"})
	g.visits("archive-several", "/archives", "Tous les numéros")
}

func (g *gallery) signingUp() {
	g.visits("signup", "/inscription", "Recevez")
	g.posts("signup-wrong", "/inscription", "Recevez", g.form("léa.dubois"))
	g.posts("signup-again", "/inscription", "Encore un clic", map[string]string{"email": "lea@lecteurs.example"})
	g.posts("doubt", "/inscription", "Est-ce la bonne adresse", g.form("lea.dubois@gmial.com"))
	g.posts("received", "/inscription", "Regardez vos messages", g.form("lea@lecteurs.example"))
	g.visits("link", "/lien", "Retrouvez votre page")
	g.posts("link-wrong", "/lien", "Retrouvez votre page", g.form("lea@"))
	g.posts("link-received", "/lien", "Regardez vos messages", g.form("nora@lecteurs.example"))
	var crowd []subscription.SignUp
	for range 50 { // as many as the house lets in
		form, err := g.h.Register.NewForm(g.t.Context())
		if err != nil {
			g.t.Fatal(err)
		}
		crowd = append(crowd, subscription.SignUp{Visit: subscription.Visit{Door: newsletter.OriginPage, Stamp: form.Stamp, Client: "127.0.0.1", Network: "127.0.0.0/24"}, Address: full("trop")})
	}
	g.h.later(typing)
	for _, one := range crowd {
		if _, err := g.h.Register.SignUp(g.t.Context(), one); err != nil {
			g.t.Fatal(err)
		}
	}
	g.posts("too-many", "/inscription", "Un peu plus tard", g.form("leo@lecteurs.example"))
	g.h.later(2 * time.Hour)
}

func (g *gallery) confirming() {
	fresh := g.path("/c/", token.Confirm, "lea", 10*time.Second)
	g.visits("confirm", fresh, "Confirmez")
	page := g.see(chromedp.Value(chromedp.CSS(`[name="page"]`)))
	g.posts("confirm-again", fresh, "Confirmez", map[string]string{"page": "non"})
	g.visits("expired", g.path("/c/", token.Confirm, "lea", 5*24*time.Hour), "Ce lien est trop ancien")
	g.h.later(typing)
	g.posts("confirmed", fresh, "C’est fait", map[string]string{"page": page})
	if _, err := g.h.Register.SignUp(g.t.Context(), g.asked("ines")); err != nil {
		g.t.Fatal(err)
	}
	old := g.path("/c/", token.Confirm, "ines", 5*24*time.Hour)
	renew := map[string]string{"act": "renew", "page": g.stampOf(old)}
	g.h.later(typing)
	g.posts("renewed", old, "Regardez vos messages", renew)
	gone := g.h.Register.Keys.Sign(token.Token{Purpose: token.Confirm, Subscription: 999, Epoch: 1, Time: g.h.now()})
	g.visits("forgotten", "/c/"+gone, "Cette demande n’est plus là")
}

func (g *gallery) leaving() {
	leave := g.path("/u/", token.Leave, "lea", 0)
	g.visits("leave", leave, "Se désinscrire")
	g.posts("leave-again", leave, "Se désinscrire", nil)
	g.posts("left", leave, "C’est fait", map[string]string{"leave": "button"})
	undo := strings.TrimPrefix(g.see(chromedp.Evaluate[string](`document.querySelector("section form").action`)), g.h.url)
	g.posts("left-day", undo, "Jusqu’à quand", map[string]string{"letter": "hebdo", "act": "pause", "until": "day", "day": "2020-01-01"})
	g.posts("left-unchosen", undo, "Aucune réponse", map[string]string{"letter": "hebdo", "act": "reason"})
	g.posts("thanks", undo, "Merci", map[string]string{"letter": "hebdo", "act": "reason", "reason": "other"})
	g.visits("undo-look", undo, "Rien n’a changé")
	g.visits("gone", leave, "Vous ne recevez plus")
	g.posts("undone", undo, "Vous recevez de nouveau", map[string]string{"letter": "hebdo", "act": "undo"})
	g.posts("undo-over", undo, "Ce bouton a déjà servi", map[string]string{"letter": "hebdo", "act": "pause", "until": "month"})
	g.leads(func() { g.post(leave, map[string]string{"leave": "button"}) }, "C’est fait")
	undo = strings.TrimPrefix(g.see(chromedp.Evaluate[string](`document.querySelector("section form").action`)), g.h.url)
	g.posts("paused", undo, "«", map[string]string{"letter": "hebdo", "act": "pause", "until": "month"})
	proof := g.h.Register.Keys.Sign(token.Token{Purpose: token.Leave, Time: g.h.now()})
	g.visits("leave-proof", "/u/"+proof, "Se désinscrire")
	g.posts("left-proof", "/u/"+proof, "Le lien fonctionne", map[string]string{"leave": "button"})
}

func (g *gallery) preferring() {
	g.visits("preferences-paused", g.path("/p/", token.Preferences, "lea", 0), "Vos préférences")
	own := g.path("/p/", token.Preferences, "nora", 0)
	g.visits("preferences", own, "Vos préférences")
	g.posts("preferences-day", own, "Vos préférences", map[string]string{"act": "save", "newsletter": "hebdo", "until": "day", "day": "hier"})
	g.posts("preferences-again", own, "Vos préférences", nil)
	g.posts("preferences-manage", own, "Vos préférences", map[string]string{"act": "manage"})
	g.posts("preferences-stopped", own, "C’est fait", map[string]string{"act": "stop"})
	g.posts("preferences-stopped-twice", own, "C’est fait", map[string]string{"act": "stop"})
	g.opens(g.see(chromedp.Evaluate[string](`document.querySelector('a[href*="/p/"]').href`)), "Vos préférences")
	g.looks("preferences-none")
	g.visits("preferences-over", own, "Ce lien a expiré")
}

func (g *gallery) managing() {
	g.reader("zoe")
	own := g.path("/m/", token.Manage, "zoe", 0)
	g.visits("manage", own, "Vos données")
	g.posts("manage-untold", own, "Vos données", map[string]string{"act": "erase"})
	g.posts("manage-wrong", own, "Vos données", map[string]string{"act": "move", "email": "zoé"})
	g.posts("manage-doubt", own, "Vos données", map[string]string{"act": "move", "email": "zoe@gmial.com"})
	g.posts("manage-sent", own, "Vos données", map[string]string{"act": "move", "email": "zoe@ailleurs.example"})
	move := strings.TrimPrefix(g.h.next("zoe@ailleurs.example", "/a/").link(g.t, "/a/"), g.h.url)
	g.visits("move", move, "Votre nouvelle adresse")
	stamp := g.see(chromedp.Value(chromedp.CSS(`[name="page"]`)))
	g.posts("move-again", move, "Votre nouvelle adresse", map[string]string{"act": "move"})
	g.h.later(typing)
	g.posts("moved", move, "Votre nouvelle adresse est enregistrée", map[string]string{"act": "move", "page": stamp})
	g.visits("manage-over", own, "Ce lien a expiré")
	g.visits("move-over", move, "Ce lien a expiré")
	g.posts("erased", g.path("/m/", token.Manage, "zoe@ailleurs.example", 0), "Vos données sont effacées", map[string]string{"act": "erase", "understood": "yes"})
}

func (g *gallery) silenced() {
	g.reader("ugo")
	if _, _, err := g.h.Register.Suppress(g.t.Context(), full("ugo"), newsletter.SuppressedComplaint, "test"); err != nil {
		g.t.Fatal(err)
	}
	g.visits("silenced", g.path("/c/", token.Confirm, "ugo", 0), "Cette adresse ne peut pas recevoir")
	own := g.path("/p/", token.Preferences, "ugo", 0)
	g.visits("preferences-silenced", own, "Vos préférences")
	g.posts("preferences-silenced-saved", own, "Vos préférences", map[string]string{"act": "save", "newsletter": "hebdo", "until": "none"})
	g.leads(func() { g.post(g.path("/u/", token.Leave, "ugo", 0), map[string]string{"leave": "button"}) }, "C’est fait")
	undo := strings.TrimPrefix(g.see(chromedp.Evaluate[string](`document.querySelector("section form").action`)), g.h.url)
	g.posts("undone-silenced", undo, "Votre désinscription est annulée", map[string]string{"letter": "hebdo", "act": "undo"})
}

// full is an address; a bare name is one of the readers'.
func full(name string) string {
	if strings.Contains(name, "@") {
		return name
	}
	return name + "@lecteurs.example"
}

func (g *gallery) reader(name string) {
	g.t.Helper()
	if _, err := g.h.Register.Add(g.t.Context(), g.h.Newsletters[0], full(name), "test"); err != nil {
		g.t.Fatal(err)
	}
}

// path is a reader's own link, as a letter of some time ago had it.
func (g *gallery) path(path string, purpose token.Purpose, name string, ago time.Duration) string {
	g.t.Helper()
	of := `SELECT p.%s FROM subscriptions p JOIN subscribers b ON b.id = p.subscriber_id WHERE b.address = ?`
	id, err := strconv.ParseInt(g.h.ask(fmt.Sprintf(of, "id"), full(name)), 10, 64)
	if err != nil {
		g.t.Fatal(err)
	}
	epoch, err := strconv.ParseUint(g.h.ask(fmt.Sprintf(of, "epoch"), full(name)), 10, 32)
	if err != nil {
		g.t.Fatal(err)
	}
	return path + g.h.Register.Keys.Sign(token.Token{Purpose: purpose, Subscription: id, Epoch: uint32(epoch), Time: g.h.now().Add(-ago)})
}

// stampOf is the stamp of the button on a page.
func (g *gallery) stampOf(path string) string {
	g.t.Helper()
	g.do(chromedp.Navigate(g.h.url + path))
	return g.see(chromedp.Value(chromedp.CSS(`[name="page"]`)))
}

// form is our own form, filled in and old enough.
func (g *gallery) form(email string) map[string]string {
	g.t.Helper()
	g.do(chromedp.Navigate(g.h.url + "/inscription"))
	form := map[string]string{"email": email}
	for _, name := range []string{"stamp", "wording"} {
		form[name] = g.see(chromedp.Value(chromedp.CSS(`[name="` + name + `"]`)))
	}
	g.h.later(typing)
	return form
}

func (g *gallery) asked(name string) subscription.SignUp {
	g.t.Helper()
	form, err := g.h.Register.NewForm(g.t.Context())
	if err != nil {
		g.t.Fatal(err)
	}
	g.h.later(typing)
	return subscription.SignUp{Visit: subscription.Visit{Door: newsletter.OriginPage, Stamp: form.Stamp}, Address: full(name)}
}

// visits looks at a page.
func (g *gallery) visits(name, path, heading string) {
	g.t.Helper()
	g.opens(g.h.url+path, heading)
	g.looks(name)
}

// posts looks at the answer to a form.
func (g *gallery) posts(name, path, heading string, fields map[string]string) {
	g.t.Helper()
	g.leads(func() { g.post(path, fields) }, heading)
	g.looks(name)
}

// post sends a form from the page that is open, as its own would be.
func (g *gallery) post(path string, fields map[string]string) {
	g.t.Helper()
	g.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
	const form = Object.assign(document.createElement("form"), { method: "post", action: %q });
	for (const [name, value] of Object.entries(%s ?? {})) form.append(Object.assign(document.createElement("input"), { name, value }));
	document.body.append(form);
	HTMLFormElement.prototype.submit.call(form);
})()`, g.h.url+path, text(g.t, fields))))
}

// looks holds the open page against every view.
func (g *gallery) looks(name string) {
	g.t.Helper()
	// No rule of axe-core depends on width and colours together: two views stand for four.
	for _, view := range []browsertest.View{{Width: 1000}, {Width: 360, Dark: true}} {
		g.browser.Look(g.t, view)
		for _, found := range g.browser.Violations(g.t, g.axe) {
			g.t.Errorf("%s, %+v: %s", name, view, found)
		}
		g.fits(name, view)
	}
	g.picture(name)
	narrowest := browsertest.View{Width: 320}
	g.browser.Look(g.t, narrowest)
	g.fits(name, narrowest)
	g.browser.Look(g.t, browsertest.View{Width: 1000})
}

func (g *gallery) fits(name string, view browsertest.View) {
	g.t.Helper()
	if wide := g.browser.TooWide(g.t); len(wide) > 0 {
		g.t.Errorf("%s, %+v is too wide: %s", name, view, strings.Join(wide, "\n"))
	}
}

// picture keeps what people see, where somebody wants to look at it.
func (g *gallery) picture(name string) {
	g.t.Helper()
	folder := os.Getenv("FACTEUR_SHOTS")
	if folder == "" {
		return
	}
	for light, dark := range map[string]bool{"light": false, "dark": true} {
		for _, width := range []int64{1000, 360} {
			g.browser.Look(g.t, browsertest.View{Width: width, Dark: dark})
			shot, err := chromedp.Run(g.browser.Context, chromedp.FullScreenshot(100))
			if err != nil {
				g.t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", name, width, light)), shot, 0o600); err != nil {
				g.t.Fatal(err)
			}
		}
	}
}
