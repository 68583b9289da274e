package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// naming stores an article that names a picture.
func (b *bench) naming(n int, picture string) int64 {
	b.t.Helper()
	a := b.article(n)
	a.Picture, a.PictureAlt = picture, "Ce qu’elle montre"
	puts, err := b.PutArticles(b.ctx, []newsletter.Article{a}, b.now)
	b.must(err)
	return puts[0].Article
}

// wantDue tells which picture is due, and none by the empty text.
func (b *bench) wantDue(when, want string) {
	b.t.Helper()
	got, err := b.DuePicture(b.ctx, b.now)
	if want == "" && errors.Is(err, newsletter.ErrNotFound) {
		return
	}
	if err != nil || got.Source != want {
		b.t.Errorf("%s: due is %q, %v; want %q", when, got.Source, err, want)
	}
}

func keptAs(digit string) newsletter.Picture {
	return newsletter.Picture{Name: strings.Repeat(digit, 32) + ".jpg", Width: 1200, Height: 800}
}

func picturesDue(t *testing.T, b *bench) {
	const one, two = "https://pandia.example/1.jpg", "https://pandia.example/2.jpg"
	b.wantDue("an empty store", "")
	b.naming(1, "")
	b.wantDue("without a picture", "")
	id := b.naming(1, one)
	b.naming(2, two)
	b.naming(3, one)
	b.wantDue("named", two) // the latest first
	waiting := collect.Illustration{Source: two, State: newsletter.PictureWaiting, Tries: 1, Tried: b.now, Next: b.now.Add(time.Hour), Reason: "HTTP 404"}
	b.must(b.SettlePicture(b.ctx, waiting))
	b.wantDue("the other one waits", one)
	kept := collect.Illustration{Source: one, State: newsletter.PictureKept, Tries: 1, Tried: b.now, Picture: keptAs("1")}
	b.must(b.SettlePicture(b.ctx, kept))
	b.wantDue("one is kept, the other waits", "")
	b.naming(1, one)
	b.wantDue("kept, and named again", "")
	for _, want := range []collect.Illustration{waiting, kept} {
		got, err := b.Illustration(b.ctx, want.Source)
		b.must(err)
		if !got.Next.Equal(want.Next) || !got.Tried.Equal(want.Tried) || got.State != want.State || got.Tries != want.Tries || got.Reason != want.Reason || got.Picture != want.Picture {
			t.Errorf("known is %+v, want %+v", got, want)
		}
	}
	if all, err := b.Pictures(b.ctx, []string{one, two, "https://pandia.example/3.jpg"}); err != nil || len(all) != 1 || all[one] != kept.Picture {
		t.Errorf("kept are %v, %v", all, err)
	}
	candidates, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	if len(candidates) != 3 || !candidates[0].Pictured || candidates[1].Pictured || !candidates[2].Pictured || candidates[0].Coming || !candidates[1].Coming {
		t.Errorf("with a picture that is kept are %+v, want the first and the third", candidates)
	}
	failed, err := b.PictureFailures(b.ctx, []string{one, two, "https://pandia.example/3.jpg"})
	b.must(err)
	if f := failed[two]; len(failed) != 1 || f.Reason != "HTTP 404" || !f.At.Equal(b.now) {
		t.Errorf("not kept are %+v", failed)
	}
	if _, err := b.Illustration(b.ctx, "https://pandia.example/3.jpg"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a picture that nobody named: %v", err)
	}
	b.later(time.Hour)
	b.wantDue("the wait is over", two)
	b.must(b.SettlePicture(b.ctx, collect.Illustration{Source: two, State: newsletter.PictureFailed, Tries: 4, Tried: b.now, Reason: "HTTP 404"}))
	b.naming(2, two)
	b.wantDue("failed, and offered again as it was", "")
	changed := b.article(2)
	changed.Title, changed.Picture = "Un autre titre", two
	_, err = b.PutArticles(b.ctx, []newsletter.Article{changed}, b.now)
	b.must(err)
	b.wantDue("failed, and its article was changed", two)
	if i, err := b.Illustration(b.ctx, two); err != nil || i.Tries != 0 {
		t.Errorf("a new round begins with %+v, %v", i, err)
	}
	stored, err := b.Articles(b.ctx, []int64{id})
	b.must(err)
	shelf, err := b.ListArticles(b.ctx, nil, 0)
	b.must(err)
	first := shelf[slices.IndexFunc(shelf, func(s collect.Shelved) bool { return s.ID == id })]
	if stored[0].Picture != one || stored[0].PictureAlt == "" || first.Picture != one || first.PictureState != newsletter.PictureKept {
		t.Errorf("stored is %+v, on the shelf %+v", stored[0], first)
	}
}

func picturesStay(t *testing.T, b *bench) {
	const shown, unshown, next = "https://pandia.example/1.jpg", "https://pandia.example/2.jpg", "https://pandia.example/3.jpg"
	id := b.naming(1, shown)
	b.naming(2, unshown)
	one, two := keptAs("1"), keptAs("2")
	b.must(b.SettlePicture(b.ctx, collect.Illustration{Source: shown, State: newsletter.PictureKept, Tried: b.now, Picture: one}))
	b.must(b.SettlePicture(b.ctx, collect.Illustration{Source: unshown, State: newsletter.PictureKept, Tried: b.now, Picture: two}))
	used := func(when string, want ...string) {
		t.Helper()
		got, err := b.ForgetPictures(b.ctx)
		b.must(err)
		for _, name := range want {
			if !got[name] {
				t.Errorf("%s: %s is in no use", when, name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: in use are %v, want %v", when, got, want)
		}
	}
	used("both named", one.Name, two.Name)
	p := b.publication(1, id)
	p.Content.Chapters[0].Stories[0].Picture = &one
	e, err := b.Publish(b.ctx, p)
	b.must(err)
	if got := e.Content.Stories()[0].Picture; got == nil || *got != one {
		t.Errorf("the edition shows %+v", got)
	}
	b.naming(1, next)
	b.naming(2, next)
	used("only the edition shows one", one.Name)
	if _, err := b.Illustration(b.ctx, unshown); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("what nobody names is known still: %v", err)
	}
	b.wantDue("the new one", next)
	b.must(b.SettlePicture(b.ctx, collect.Illustration{Source: unshown, State: newsletter.PictureKept, Tried: b.now, Picture: two}))
	used("a fetch that ended late", one.Name)
}
