package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axePath is where .ci/axe puts axe-core, from the top of the repository.
const axePath = "bin/pages/node_modules/axe-core/axe.min.js"

// Axe is axe-core's script (MPL-2.0), which finds what keeps people with a disability from using a page. A machine
// without it skips the test; with CI=true it fails instead.
func Axe(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if script, err := os.ReadFile(filepath.Join(dir, axePath)); err == nil {
			return string(script)
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("axe-core is missing, and in CI nothing may be skipped: .ci/axe installs it with npm")
	}
	t.Skip("SKIPPED: nothing looks for what keeps people from using the pages; apt-get install -y npm && .ci/axe")
	return ""
}

// Violations runs axe-core on the page that is open and lists what it finds, one line for each element, all of WCAG 2.2 A
// and AA and the best practices among them. tags narrows the rules to those of axe-core that have one of them.
func (b *Browser) Violations(t testing.TB, axe string, tags ...string) []string {
	t.Helper()
	only := "{}"
	if len(tags) > 0 {
		only = fmt.Sprintf(`{runOnly: ["%s"]}`, strings.Join(tags, `", "`))
	}
	there, err := chromedp.Run(b.Context, chromedp.EvaluateAsDevTools[bool](`typeof axe === "object"`))
	if err != nil {
		t.Fatalf("axe-core: %v", err)
	}
	if there {
		axe = ""
	}
	lines, err := chromedp.Run(b.Context, chromedp.EvaluateAsDevTools[[]string](axe+`;
axe.run(document, `+only+`).then(found => found.violations.flatMap(v => v.nodes.map(n => v.id + ": " + v.help + ": " + n.html)))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("axe-core: %v", err)
	}
	return lines
}
