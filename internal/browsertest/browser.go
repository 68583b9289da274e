// Package browsertest puts a browser at the door of a running program, for tests.
//
// Its rules:
//   - A machine without a browser skips such a test and says what would install it. With CI=true the test fails instead.
//   - The browser has a profile of its own, and no name leads it off the machine.
package browsertest

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long a whole journey may take, on a machine that does much else.
const patience = 5 * time.Minute

// A Browser is a headless Chromium with one page open.
type Browser struct {
	// Context is for chromedp's functions. It ends with the test, or when patience does.
	Context context.Context

	mu    sync.Mutex
	asked []string
}

// New starts a browser, which stops at the end of the test.
func New(t testing.TB) *Browser {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(find(t)), chromedp.UserDataDir(t.TempDir()), chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun,
		chromedp.DisableGPU, chromedp.WindowSize(1000, 900),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		// A sandboxed frame is otherwise a process of its own, in which the page's context finds nothing.
		chromedp.Flag("disable-features", "IsolateSandboxedIframes"),
	}
	for _, name := range []string{
		"disable-background-networking", "disable-component-update", "disable-dev-shm-usage", "disable-quic",
		"disable-site-isolation-trials", "disable-sync", "hide-scrollbars",
	} {
		options = append(options, chromedp.Flag(name, true))
	}
	b := &Browser{}
	ctx, cancelTime := context.WithTimeout(context.Background(), patience)
	ctx, cancelBrowser := chromedp.NewExecAllocator(ctx, options...)
	ctx, cancelPage := chromedp.NewContext(ctx, chromedp.WithListener(b.note))
	b.Context = ctx
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("browser: %v", err)
		}
		cancelPage()
		cancelBrowser()
		cancelTime()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return b
}

func find(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("Chromium is missing, and in CI nothing may be skipped: apt-get install -y chromium")
	}
	t.Skip("SKIPPED: no browser looks at the pages; apt-get install -y chromium")
	return ""
}

func (b *Browser) note(event any) {
	if e, ok := event.(*network.EventRequestWillBeSent); ok {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.asked = append(b.asked, e.Request.URL)
	}
}

// Hosts returns the hosts, with their ports, that the pages have asked for anything, each once and in order.
func (b *Browser) Hosts() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var hosts []string
	for _, address := range b.asked {
		if u, err := url.Parse(address); err != nil {
			hosts = append(hosts, address)
		} else if u.Host != "" {
			hosts = append(hosts, u.Host)
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}
