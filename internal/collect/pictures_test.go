package collect_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// album is a store of pictures in memory, and the web that they come from.
type album struct {
	known   map[string]collect.Illustration
	fetches []string
	answers map[string]error // of the web; nil: a picture
	during  func()           // what happens while one is fetched
	pruned  time.Time
	settle  error
}

func newAlbum(sources ...string) *album {
	a := &album{known: map[string]collect.Illustration{}, answers: map[string]error{}}
	for _, s := range sources {
		a.known[s] = collect.Illustration{Source: s, State: newsletter.PictureWaiting}
	}
	return a
}

func (a *album) DuePicture(_ context.Context, now time.Time) (collect.Illustration, error) {
	for _, i := range a.known {
		if i.State == newsletter.PictureWaiting && !i.Next.After(now) {
			return i, nil
		}
	}
	return collect.Illustration{}, newsletter.ErrNotFound
}

func (a *album) SettlePicture(_ context.Context, i collect.Illustration) error {
	a.known[i.Source] = i
	return a.settle
}

func (a *album) Illustration(_ context.Context, source string) (collect.Illustration, error) {
	i, there := a.known[source]
	if !there {
		return i, newsletter.ErrNotFound
	}
	return i, nil
}

func (a *album) ForgetPictures(context.Context) (map[string]bool, error) {
	return map[string]bool{"used": true}, nil
}

func (a *album) Fetch(ctx context.Context, source string) (newsletter.Picture, error) {
	a.fetches = append(a.fetches, source)
	if a.during != nil {
		a.during()
	}
	if err := errors.Join(ctx.Err(), a.answers[source]); err != nil {
		return newsletter.Picture{}, err
	}
	return newsletter.Picture{Name: "name of " + source, Width: 1, Height: 1}, nil
}

func (a *album) Prune(before time.Time, used func(string) bool) (int, error) {
	a.pruned = before
	if !used("used") || used("idle") {
		return 0, errors.New("the wrong ones are in use")
	}
	return 1, nil
}

func TestFetch_triesAFewTimesAndSaysSo(t *testing.T) {
	now := time.Date(2026, 10, 27, 6, 0, 0, 0, time.UTC)
	a := newAlbum("good", "bad")
	a.answers["bad"] = errors.New("its server answers 404\n\x1b[31m")
	i := collect.NewIllustrator(a, a, func() time.Time { return now })
	var told []string
	tell := func(i collect.Illustration) { told = append(told, fmt.Sprint(i.Source, " ", i.State, " ", i.Tries)) }
	var at []time.Duration
	for began := now; now.Sub(began) < 24*time.Hour; now = now.Add(time.Minute) {
		tries := len(a.fetches)
		if err := i.Fetch(t.Context(), tell); err != nil {
			t.Fatal(err)
		}
		if len(a.fetches) > tries {
			at = append(at, now.Sub(began))
		}
	}
	if want := "[0s 5m0s 35m0s 3h35m0s]"; fmt.Sprint(at) != want {
		t.Errorf("tried after %v, want %s", at, want)
	}
	if len(told) != 5 || told[4] != "bad failed 4" {
		t.Errorf("told was %q", told)
	}
	if got := a.known["good"]; got.State != newsletter.PictureKept || got.Picture.Name != "name of good" || got.Reason != "" {
		t.Errorf("the good one is %+v", got)
	}
	if got := a.known["bad"]; got.State != newsletter.PictureFailed || strings.ContainsAny(got.Reason, "\n\x1b") || !strings.HasPrefix(got.Reason, "its server answers 404") {
		t.Errorf("the bad one is %+v", got)
	}
}

// The end of the wait is no fault of the picture that it interrupts.
func TestFetch_endsWithItsContext(t *testing.T) {
	a := newAlbum("slow")
	ctx, stop := context.WithCancel(t.Context())
	a.during = stop
	i := collect.NewIllustrator(a, a, time.Now)
	err := i.Fetch(ctx, func(collect.Illustration) { t.Error("something was told") })
	if !errors.Is(err, context.Canceled) || a.known["slow"].Tries != 0 {
		t.Errorf("it ends with %v, and knows %+v", err, a.known["slow"])
	}
}

func TestFetch_oneAtATime(t *testing.T) {
	a := newAlbum("one", "two", "three")
	under, most := 0, 0
	i := collect.NewIllustrator(a, a, time.Now)
	begun, ended := make(chan struct{}), make(chan error, 2)
	a.during = func() {
		under++
		most = max(most, under)
		if len(a.fetches) == 1 {
			close(begun)
			for range 1000 { // time for the other to go wrong
				if _, err := a.Illustration(t.Context(), "one"); err != nil {
					t.Error(err)
				}
			}
		}
		under--
	}
	go func() { ended <- i.Fetch(t.Context(), func(collect.Illustration) {}) }()
	<-begun
	go func() { ended <- i.Fetch(t.Context(), func(collect.Illustration) {}) }()
	if err := errors.Join(<-ended, <-ended); err != nil || most != 1 || len(a.fetches) != 3 {
		t.Errorf("%d at once, %d in all, %v", most, len(a.fetches), err)
	}
}

func TestFetch_storeFails(t *testing.T) {
	a := newAlbum("one")
	a.settle = errors.New("disk full")
	err := collect.NewIllustrator(a, a, time.Now).Fetch(t.Context(), func(collect.Illustration) { t.Error("something was told") })
	if err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("it ends with %v", err)
	}
}

func TestAgain(t *testing.T) {
	a := newAlbum("a")
	i := collect.NewIllustrator(a, a, time.Now)
	if _, err := i.Again(t.Context(), "b"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("what no article names: %v", err)
	}
	a.answers["a"] = errors.New("404")
	if got, err := i.Again(t.Context(), "a"); err != nil || got.State != newsletter.PictureWaiting || got.Reason != "404" {
		t.Errorf("missing: %+v, %v", got, err)
	}
	a.answers["a"] = nil
	if got, err := i.Again(t.Context(), "a"); err != nil || got.State != newsletter.PictureKept || got.Tries != 1 || a.known["a"] != got {
		t.Errorf("mended: %+v, %v", got, err)
	}
	a.answers["a"] = errors.New("404")
	if got, err := i.Again(t.Context(), "a"); err != nil || got.Reason != "404" || a.known["a"].State != newsletter.PictureKept || a.known["a"].Reason != "" {
		t.Errorf("kept, and away now: %+v, %v; known is %+v", got, err, a.known["a"])
	}
}

func TestSweep(t *testing.T) {
	a, now := newAlbum(), time.Date(2026, 10, 27, 6, 0, 0, 0, time.UTC)
	removed, err := collect.NewIllustrator(a, a, func() time.Time { return now }).Sweep(t.Context())
	if err != nil || removed != 1 || !a.pruned.Equal(now.Add(-24*time.Hour)) {
		t.Errorf("%d removed of before %s, %v", removed, a.pruned, err)
	}
}
