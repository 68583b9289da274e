package collect_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// sites are a store of links in memory, and the web that they lead into.
type sites struct {
	known   map[string]collect.Link
	visits  []string
	answers map[string]error // nil: the page is there
	during  func()
}

func newSites(now time.Time, urls ...string) *sites {
	s := &sites{known: map[string]collect.Link{}, answers: map[string]error{}}
	for _, url := range urls {
		s.known[url] = collect.Link{URL: url, Next: now}
	}
	return s
}

func (s *sites) DueLink(_ context.Context, now time.Time) (collect.Link, error) {
	for _, l := range s.known {
		if !l.Next.IsZero() && !l.Next.After(now) {
			return l, nil
		}
	}
	return collect.Link{}, newsletter.ErrNotFound
}

func (s *sites) Links(_ context.Context, urls []string) (all []collect.Link, _ error) {
	for _, url := range urls {
		if l, there := s.known[url]; there {
			all = append(all, l)
		}
	}
	return all, nil
}

func (s *sites) SettleLink(_ context.Context, l collect.Link) error {
	s.known[l.URL] = l
	return nil
}

func (s *sites) Look(ctx context.Context, address string) error {
	s.visits = append(s.visits, address)
	if s.during != nil {
		s.during()
	}
	return errors.Join(ctx.Err(), s.answers[address])
}

func TestCheck_triesAFewTimesAndSaysSo(t *testing.T) {
	now := time.Date(2026, 10, 27, 6, 0, 0, 0, time.UTC)
	s := newSites(now, "good", "bad")
	s.answers["bad"] = errors.New("its server answers 404\n\x1b[31m")
	c := &collect.LinkChecker{Store: s, Visitor: s, Now: func() time.Time { return now }}
	var told []string
	for began := now; now.Sub(began) < 24*time.Hour; now = now.Add(time.Minute) {
		if err := c.Check(t.Context(), func(l collect.Link) { told = append(told, fmt.Sprint(l.URL, " ", l.Tries, " ", now.Sub(began))) }); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(told)
	if want := "bad 1 0s, bad 2 5m0s, bad 3 35m0s, bad 4 3h35m0s, good 1 0s"; strings.Join(told, ", ") != want {
		t.Errorf("told %q, want %q", told, want)
	}
	if bad := s.known["bad"]; !strings.HasPrefix(bad.Reason, "its server answers 404") || strings.ContainsAny(bad.Reason, "\n\x1b") || !bad.Next.IsZero() {
		t.Errorf("the other one is %+v", bad)
	}
	if good := s.known["good"]; good.Reason != "" || good.Checked.IsZero() || !good.Next.IsZero() {
		t.Errorf("one is %+v", good)
	}
}

// An editor who looks gets what holds now, and pages that were found a moment ago are left alone.
func TestReview(t *testing.T) {
	now := time.Date(2026, 10, 27, 6, 0, 0, 0, time.UTC)
	s := newSites(now, "new", "found", "old", "mended")
	s.known["found"] = collect.Link{URL: "found", Tries: 1, Checked: now.Add(-time.Minute)}
	s.known["old"] = collect.Link{URL: "old", Tries: 1, Checked: now.Add(-48 * time.Hour)}
	s.known["mended"] = collect.Link{URL: "mended", Tries: 4, Checked: now.Add(-time.Minute), Reason: "gone"}
	s.answers["old"] = errors.New("gone")
	c := &collect.LinkChecker{Store: s, Visitor: s, Now: func() time.Time { return now }}
	if err := c.Review(t.Context(), []string{"new", "found", "old", "mended", "stranger"}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"new", "old", "mended"}; !slices.Equal(s.visits, want) {
		t.Errorf("visited %q, want %q", s.visits, want)
	}
	if s.known["old"].Reason != "gone" || s.known["mended"].Reason != "" {
		t.Errorf("known is %+v", s.known)
	}
}

// Pages that no article has are asked for each time, and nothing is known of them afterwards. What was found until time is up counts.
func TestAsk(t *testing.T) {
	now := time.Date(2026, 10, 27, 6, 0, 0, 0, time.UTC)
	s := newSites(now)
	s.answers["gone"] = errors.New("its server answers 410\n\x1b[31m")
	c := &collect.LinkChecker{Store: s, Visitor: s, Now: func() time.Time { return now }}
	missing, err := c.Ask(t.Context(), []string{"there", "gone"})
	if err != nil || len(missing) != 1 || missing[0].URL != "gone" || !missing[0].Checked.Equal(now) || !strings.HasPrefix(missing[0].Reason, "its server answers 410") || strings.ContainsAny(missing[0].Reason, "\n\x1b") {
		t.Errorf("%+v, %v", missing, err)
	}
	if len(s.known) != 0 {
		t.Errorf("known is %+v", s.known)
	}
	ctx, stop := context.WithCancel(t.Context())
	s.during = func() {
		if len(s.visits) == 4 {
			stop()
		}
	}
	missing, err = c.Ask(ctx, []string{"gone", "slow", "never"})
	if !errors.Is(err, context.Canceled) || len(missing) != 1 || len(s.visits) != 4 {
		t.Errorf("%+v, %v, %q", missing, err, s.visits)
	}
}

// The end of the program is no fault of a page.
func TestCheck_ends(t *testing.T) {
	now := time.Date(2026, 10, 27, 6, 0, 0, 0, time.UTC)
	s := newSites(now, "slow")
	ctx, stop := context.WithCancel(t.Context())
	s.during = stop
	c := &collect.LinkChecker{Store: s, Visitor: s, Now: func() time.Time { return now }}
	if err := c.Check(ctx, func(collect.Link) { t.Error("it was told of") }); !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
	if l := s.known["slow"]; l.Tries != 0 || l.Reason != "" {
		t.Errorf("the page is %+v", l)
	}
}
