package storetest

import (
	"errors"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
	"facteur/internal/preflight"
)

func linksDue(t *testing.T, b *bench) {
	due := func(when, want string) {
		t.Helper()
		got, err := b.DueLink(b.ctx, b.now)
		if want == "" && errors.Is(err, newsletter.ErrNotFound) {
			return
		}
		if err != nil || got.URL != want {
			t.Errorf("%s: due is %q, %v; want %q", when, got.URL, err, want)
		}
	}
	due("an empty store", "")
	b.naming(1, "")
	b.naming(2, "")
	one, two := b.article(1).URL, b.article(2).URL
	due("two came", two) // the latest first
	failed := collect.Link{URL: two, Tries: 1, Checked: b.now, Next: b.now.Add(time.Hour), Reason: "HTTP 404"}
	b.must(b.SettleLink(b.ctx, failed))
	due("the other one waits", one)
	b.must(b.SettleLink(b.ctx, collect.Link{URL: one, Tries: 1, Checked: b.now}))
	due("one is there, the other waits", "")
	b.naming(1, "")
	due("there, and offered again as it was", "")
	all, err := b.Links(b.ctx, []string{two, "https://pandia.example/nowhere"})
	b.must(err)
	if len(all) != 1 || all[0].URL != two || all[0].Tries != 1 || all[0].Reason != "HTTP 404" || !all[0].Checked.Equal(b.now) || !all[0].Next.Equal(failed.Next) {
		t.Errorf("known is %+v", all)
	}
	missing, err := b.LinkFailures(b.ctx, []string{one, two})
	b.must(err)
	if want := (preflight.Failure{Reason: "HTTP 404", At: b.now}); len(missing) != 1 || missing[two].Reason != want.Reason || !missing[two].At.Equal(want.At) {
		t.Errorf("not there are %+v", missing)
	}
	b.later(time.Hour)
	due("the wait is over", two)
	b.must(b.SettleLink(b.ctx, collect.Link{URL: two, Tries: 4, Checked: b.now, Reason: "HTTP 404"}))
	due("it was tried often enough", "")
	changed := b.article(2)
	changed.Title = "Un autre titre"
	_, err = b.PutArticles(b.ctx, []newsletter.Article{changed}, b.now)
	b.must(err)
	due("its article was changed", two)
}
