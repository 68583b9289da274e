package browsertest

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A View is how pages are looked at.
type View struct {
	Width int64 // of the window, in CSS pixels
	Dark  bool  // the person prefers dark colours
}

// Look shows pages as view says, the one that is open included.
func (b *Browser) Look(t testing.TB, view View) {
	t.Helper()
	scheme := "light"
	if view.Dark {
		scheme = "dark"
	}
	b.do(t, chromedp.EmulateViewport(view.Width, 900))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(b.Context, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatalf("colours: %v", err)
	}
}

// WithoutScripts lets no page run a script from now on.
func (b *Browser) WithoutScripts(t testing.TB) {
	t.Helper()
	if _, err := chromedp.Call(b.Context, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatalf("switch scripts off: %v", err)
	}
}

// Cookies returns the names of the cookies that the open page has been given.
func (b *Browser) Cookies(t testing.TB) []string {
	t.Helper()
	kept, err := chromedp.Call(b.Context, network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		t.Fatalf("cookies: %v", err)
	}
	var names []string
	for _, c := range kept.Cookies {
		names = append(names, c.Domain+" "+c.Name)
	}
	return names
}

// TooWide lists the elements that the open page can only show by being scrolled sideways; without such scrolling it is
// empty (WCAG 2.2, 1.4.10: at 320 CSS pixels).
func (b *Browser) TooWide(t testing.TB) []string {
	t.Helper()
	found, err := chromedp.Run(b.Context, chromedp.Evaluate[[]string](`(() => {
	const page = document.documentElement;
	if (page.scrollWidth <= page.clientWidth) return [];
	return [page.scrollWidth + " pixels"].concat([...document.querySelectorAll("body *")]
		.filter(e => e.getBoundingClientRect().right > page.clientWidth).map(e => e.outerHTML.slice(0, 200)));
})()`))
	if err != nil {
		t.Fatalf("measure the page: %v", err)
	}
	return found
}

// A stop is where the Tab key led to.
type stop struct {
	There, Seen bool
	HTML        string
}

// focused looks at a stop.
const focused = `(() => {
	const e = document.activeElement, style = getComputedStyle(e);
	return { There: e.matches(%q), HTML: e.outerHTML.slice(0, 200),
		Seen: e === document.body || e.tagName === "IFRAME" || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 };
})()`

// farthest is how many times a person presses Tab before they give up.
const farthest = 60

// TabTo goes by the Tab key to the first element that fits the CSS selector. Each stop on the way must be seen: an
// element that has the focus and no outline stops nobody but people with a mouse.
func (b *Browser) TabTo(t testing.TB, selector string) {
	t.Helper()
	for range farthest {
		b.do(t, chromedp.KeyEvent("\t"))
		stop, err := chromedp.Run(b.Context, chromedp.Evaluate[stop](fmt.Sprintf(focused, selector)))
		if err != nil {
			t.Fatalf("Tab: %v", err)
		}
		if !stop.Seen {
			t.Errorf("the focus cannot be seen on %s", stop.HTML)
		}
		if stop.There {
			return
		}
	}
	t.Fatalf("the Tab key does not lead to %s", selector)
}

func (b *Browser) do(t testing.TB, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.Context, steps...); err != nil {
		t.Fatal(err)
	}
}
