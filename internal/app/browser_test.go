package app_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"facteur/internal/browsertest"
	"facteur/internal/newsletter"
)

// inFrame clicks a link of the letter that the page shows in its frame. Nothing runs in there, not even what asks
// whether the link can be seen: the click goes where the link is drawn, as a reader's would.
func inFrame(selector string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		frames, err := chromedp.Nodes(chromedp.CSS("iframe"))(ctx, target)
		if err != nil {
			return chromedp.Void{}, err
		}
		links, err := chromedp.Nodes(chromedp.CSS(selector), chromedp.FromNode(frames[0]))(ctx, target)
		if err != nil {
			return chromedp.Void{}, err
		}
		return chromedp.MouseClickNode(links[0])(ctx, target)
	}
}

// follow does what leads to another page and returns that page's heading.
func follow(ctx context.Context, t *testing.T, step chromedp.Action[chromedp.Void]) string {
	t.Helper()
	answer, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Status != http.StatusOK {
		t.Errorf("%s: status %d", answer.URL, answer.Status)
	}
	heading, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("h1")))
	if err != nil {
		t.Fatal(err)
	}
	return heading
}

// The journey of who tries the demonstration: the mailbox, a letter, a story of it, and goodbye.
func TestReaderInABrowser(t *testing.T) {
	browser := browsertest.New(t)
	ctx, d := browser.Context, demonstrate(t)

	if heading := follow(ctx, t, chromedp.Navigate(d.url+"/boite/")); heading != "La boîte aux lettres" {
		t.Errorf("the mailbox is headed %q", heading)
	}
	subject := follow(ctx, t, chromedp.Click(chromedp.CSS(".box a")))
	letter, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	story := follow(ctx, t, inFrame(`h3 a[href*="/site/"]`))
	if story != subject || story == "" {
		t.Errorf("the first story of the letter %q is headed %q", subject, story)
	}
	if text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(".prose"))); err != nil || len(strings.Fields(text)) < 100 {
		t.Errorf("the article says %q, %v", text, err)
	}
	follow(ctx, t, chromedp.Navigate(letter))
	if heading := follow(ctx, t, inFrame(`a[href*="/u/"]`)); heading != "Se désinscrire" {
		t.Errorf("the page to leave is headed %q", heading)
	}
	if got := d.states(); got[newsletter.Active] != 4 {
		t.Errorf("before the button, subscriptions are %v", got)
	}
	if heading := follow(ctx, t, chromedp.Click(chromedp.CSS("button"))); !strings.HasPrefix(heading, "C’est fait") {
		t.Errorf("after the button stands %q", heading)
	}
	want := map[newsletter.SubscriptionState]int{newsletter.Active: 3, newsletter.Unsubscribed: 1}
	if diff := cmp.Diff(want, d.states()); diff != "" {
		t.Errorf("subscriptions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{strings.TrimPrefix(d.url, "http://")}, browser.Hosts()); diff != "" {
		t.Errorf("hosts that the pages asked (-want +got):\n%s", diff)
	}
}
