//go:build gallery

package letter_test

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"facteur/internal/browsertest"
	"facteur/internal/newsletter"
)

var letterOnly = flag.String("letter", "", "show this letter only, such as everything")

// photograph stands for the picture of a lead story: an evening, which is dark enough for a bright frame to be seen.
func photograph(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1200, 675))
	for y := range 675 {
		for x := range 1200 {
			c := color.RGBA{uint8(30 + y/6), uint8(50 + y/9), uint8(110 - y/12), 255}
			if hill := 480 + (x-300)*(x-300)/4000; y > hill {
				c = color.RGBA{20, 30, 45, 255}
			}
			if (x-850)*(x-850)+(y-260)*(y-260) < 90*90 {
				c = color.RGBA{240, 190, 120, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, m, nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// A manner is a way in which a letter is looked at.
type manner struct {
	name  string
	view  browsertest.View
	alter func(page string) string
}

var (
	styleSheet   = regexp.MustCompile(`(?s)<style>.*?</style>`)
	picture      = regexp.MustCompile(`(<img[^>]* src=)"[^"]*"`)
	wholePicture = regexp.MustCompile(`<img[^>]*>`)
	sizes        = regexp.MustCompile(`(font-size|line-height):(\d+)px`)
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
		{"inverted", browsertest.View{Width: 700}, func(page string) string {
			return strings.Replace(page, "</head>", "<style>html { filter: invert(1) hue-rotate(180deg); background: #ffffff }</style></head>", 1)
		}},
	}
}

// TestGallery is `make gallery`: every letter in every manner as a picture, and a page that shows them all.
func TestGallery(t *testing.T) {
	folder := filepath.Join("..", "..", "bin", "gallery")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	g := &gallery{t: t, folder: folder, browser: browsertest.New(t)}
	photo := photograph(t)
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

// portrait is the picture of the README, which is copied into docs/ by hand: cp bin/gallery/letter.png docs/
func (g *gallery) portrait() {
	g.t.Helper()
	one := gallerySet(g.t)[0]
	g.page = wholePicture.ReplaceAllString(personal(one.variant.HTML, one.reader, one.frame.Newsletter.Language), "") // there is no room for it and the story
	g.browser.Look(g.t, browsertest.View{Width: 640})
	if err := chromedp.Do(g.browser.Context, chromedp.Navigate(g.url)); err != nil {
		g.t.Fatal(err)
	}
	png, err := chromedp.Run(g.browser.Context, chromedp.CaptureScreenshot())
	if err != nil {
		g.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(g.folder, "letter.png"), png, 0o644); err != nil {
		g.t.Fatal(err)
	}
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
	g.page = strings.ReplaceAll(page, "https://lettre.pandia.example"+newsletter.PicturePath, g.url+newsletter.PicturePath)
	g.browser.Look(g.t, m.view)
	if err := chromedp.Do(g.browser.Context, chromedp.Navigate(g.url)); err != nil {
		g.t.Fatal(err)
	}
	png, err := chromedp.Run(g.browser.Context, chromedp.FullScreenshot(100))
	if err != nil {
		g.t.Fatal(err)
	}
	name := letter + "-" + m.name + ".png"
	if err := os.WriteFile(filepath.Join(g.folder, name), png, 0o644); err != nil {
		g.t.Fatal(err)
	}
	fmt.Fprintf(&g.index, `<figure><a href="%[1]s"><img src="%[1]s" alt=""></a><figcaption>%[2]s</figcaption></figure>`, name, m.name)
}
