//go:build gallery

package letter_test

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"image"
	"image/draw"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"facteur/data"
	"facteur/internal/browsertest"
	"facteur/internal/newsletter"
)

var letterOnly = flag.String("letter", "", "show this letter only, such as everything")

// A manner is a way in which a letter is looked at.
type manner struct {
	name  string
	view  browsertest.View
	alter func(page string) string
}

var (
	styleSheet = regexp.MustCompile(`(?s)<style>.*?</style>`)
	picture    = regexp.MustCompile(`(<img[^>]* src=)"[^"]*"`)
	sizes      = regexp.MustCompile(`(font-size|line-height):(\d+)px`)
	styled     = regexp.MustCompile(`<[a-z][^<>]* style="[^"]*"`)
	inks       = regexp.MustCompile(`(["; ])color:#([0-9a-f]{6})`)
	grounds    = regexp.MustCompile(`(["; ])background-color:#([0-9a-f]{6})`)
)

func manners() []manner {
	same := func(page string) string { return page }
	return []manner{
		{"light", browsertest.View{Width: 700}, same},
		{"dark", browsertest.View{Width: 700, Dark: true}, same},
		{"360", browsertest.View{Width: 360}, same},
		{"320", browsertest.View{Width: 320}, same},
		{"360-dark", browsertest.View{Width: 360, Dark: true}, same},
		{"text-200", browsertest.View{Width: 700}, func(page string) string {
			return sizes.ReplaceAllStringFunc(page, func(found string) string {
				name, size, _ := strings.Cut(strings.TrimSuffix(found, "px"), ":")
				n, _ := strconv.Atoi(size)
				return fmt.Sprintf("%s:%dpx", name, 2*n)
			})
		}},
		{"no-style", browsertest.View{Width: 700, Dark: true}, func(page string) string { return styleSheet.ReplaceAllString(page, "") }},
		{"no-images", browsertest.View{Width: 700}, func(page string) string { return picture.ReplaceAllString(page, `$1"data:,"`) }},
		{"no-style-320", browsertest.View{Width: 320, Dark: true}, func(page string) string { return styleSheet.ReplaceAllString(page, "") }},
		{"outlook-dark", browsertest.View{Width: 700}, func(page string) string { return darkened(page, true) }},
		{"partly-inverted", browsertest.View{Width: 700}, func(page string) string { return darkened(page, false) }},
		{"inverted", browsertest.View{Width: 700}, func(page string) string {
			return strings.Replace(page, "</head>", "<style>html { filter: invert(1) hue-rotate(180deg); background: #ffffff }</style></head>", 1)
		}},
	}
}

// darkened turns light grounds and dark inks over, as mail programs do that take a letter for one in the light: the others stay, which is
// what leaves them dark on dark. Outlook.com turns all of them and marks what it has turned.
func darkened(page string, outlook bool) string {
	turn := func(tag string, colours *regexp.Regexp, light bool) string {
		return colours.ReplaceAllStringFunc(tag, func(found string) string {
			at := len(found) - len("123456")
			turned, wasLight := turnedOver(found[at:])
			if !outlook && wasLight != light {
				return found
			}
			return found[:at] + turned
		})
	}
	return styled.ReplaceAllStringFunc(page, func(tag string) string {
		marks := ""
		if outlook && inks.MatchString(tag) {
			marks += ` data-ogsc=""`
		}
		if outlook && grounds.MatchString(tag) {
			marks += ` data-ogsb=""`
		}
		return turn(turn(tag, inks, false), grounds, true) + marks
	})
}

// turnedOver is a colour of the same hue that is as light as it was dark.
func turnedOver(hex string) (turned string, wasLight bool) {
	n, _ := strconv.ParseUint(hex, 16, 32)
	r, g, b := int(n>>16), int(n>>8&255), int(n&255)
	shift := 255 - max(r, g, b) - min(r, g, b) // twice the distance to the middle (HSL)
	return fmt.Sprintf("%02x%02x%02x", r+shift, g+shift, b+shift), shift < 0
}

// TestGallery is `make gallery`: every letter in every manner as a picture, and a page that shows them all.
func TestGallery(t *testing.T) {
	folder := filepath.Join("..", "..", "bin", "gallery")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	g := &gallery{t: t, folder: folder, browser: browsertest.New(t)}
	photo, err := data.Samples.ReadFile("sample/salle-de-serveurs.jpg")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, newsletter.PicturePath) {
			_, _ = w.Write(photo)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(g.page))
	}))
	defer server.Close()
	g.url = server.URL
	g.portrait()
	for _, one := range gallerySet(t) {
		if *letterOnly == "" || *letterOnly == one.name {
			g.hang(one)
		}
	}
	index := filepath.Join(folder, "index.html")
	page := "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Letters</title><style>body{font:14px sans-serif;background:#888}" +
		"section{display:flex;gap:8px;overflow-x:auto;align-items:flex-start}figure{margin:0;flex:none}img{height:480px;object-fit:cover;object-position:top;border:1px solid #555}" +
		"</style>" + g.index.String()
	if err := os.WriteFile(index, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("look at %s", index)
}

// gallerySet is every golden letter, and editions with everything, with much, and with pictures where there are some.
func gallerySet(t *testing.T) []golden {
	t.Helper()
	n := hebdo(t)
	all := []golden{
		{"everything", frame(n, 42), rendered(t, n, everything(t)), reader(t)},
		{"long", frame(n, 42), rendered(t, n, long(t, 30)), reader(t)},
	}
	for _, g := range goldens(t) {
		if isGolden(g.name) && g.variant.Kind != newsletter.KindNotice {
			all = append(all, g)
		}
	}
	return all
}

type gallery struct {
	t       *testing.T
	folder  string
	browser *browsertest.Browser
	url     string
	page    string // that is served
	index   strings.Builder
}

// portrait is the picture of the README, from the masthead to the end of the lead story. It is copied into docs/ by hand:
// cp bin/gallery/letter.png docs/
func (g *gallery) portrait() {
	g.t.Helper()
	c := everything(g.t)
	c.Word = nil // there is room for it or for the picture
	n := hebdo(g.t)
	g.page = g.pictured(personal(rendered(g.t, n, c).HTML, reader(g.t), n.Language))
	g.browser.Look(g.t, browsertest.View{Width: 640})
	if err := chromedp.Do(g.browser.Context, chromedp.Navigate(g.url)); err != nil {
		g.t.Fatal(err)
	}
	end, err := chromedp.Run(g.browser.Context, chromedp.EvaluateAsDevTools[float64](`document.querySelector("td.tint").getBoundingClientRect().bottom + scrollY`))
	if err != nil {
		g.t.Fatal(err)
	}
	shot, err := chromedp.Run(g.browser.Context, chromedp.FullScreenshot(100))
	if err != nil {
		g.t.Fatal(err)
	}
	whole, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		g.t.Fatal(err)
	}
	room := whole.Bounds()
	room.Max.Y = int(end)
	cut := image.NewRGBA(room)
	draw.Draw(cut, room, whole, room.Min, draw.Src)
	var file bytes.Buffer
	if err := png.Encode(&file, cut); err != nil {
		g.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(g.folder, "letter.png"), file.Bytes(), 0o644); err != nil {
		g.t.Fatal(err)
	}
}

// pictured lets a letter take its pictures from here.
func (g *gallery) pictured(page string) string {
	return strings.ReplaceAll(page, "https://lettre.pandia.example"+newsletter.PicturePath, g.url+newsletter.PicturePath)
}

func (g *gallery) hang(one golden) {
	fmt.Fprintf(&g.index, "<h2>%s</h2><section>", one.name)
	letter := personal(one.variant.HTML, one.reader, one.frame.Newsletter.Language)
	for _, m := range manners() {
		g.shoot(one.name, m, m.alter(letter))
	}
	text := html.EscapeString(personal(one.variant.Text, one.reader, one.frame.Newsletter.Language))
	plain := manner{name: "text", view: browsertest.View{Width: 700}}
	g.shoot(one.name, plain, "<!DOCTYPE html><meta charset=\"utf-8\"><pre style=\"font:14px/20px monospace;padding:16px\">"+text+"</pre>")
	g.index.WriteString("</section>")
}

func (g *gallery) shoot(letter string, m manner, page string) {
	g.t.Helper()
	g.page = g.pictured(page)
	g.browser.Look(g.t, m.view)
	if err := chromedp.Do(g.browser.Context, chromedp.Navigate(g.url)); err != nil {
		g.t.Fatal(err)
	}
	shot, err := chromedp.Run(g.browser.Context, chromedp.FullScreenshot(100))
	if err != nil {
		g.t.Fatal(err)
	}
	name := letter + "-" + m.name + ".png"
	if err := os.WriteFile(filepath.Join(g.folder, name), shot, 0o644); err != nil {
		g.t.Fatal(err)
	}
	fmt.Fprintf(&g.index, `<figure><a href="%[1]s"><img src="%[1]s" alt=""></a><figcaption>%[2]s</figcaption></figure>`, name, m.name)
}
