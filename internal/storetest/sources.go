package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// sourceGoesOn keeps articles and mark together, and a mark only for what it was made from.
func sourceGoesOn(t *testing.T, b *bench) {
	state, err := b.SourceState(b.ctx, "site")
	if err != nil || state != (collect.SourceState{Name: "site"}) {
		t.Fatalf("before the first try: %+v, %v", state, err)
	}
	puts, err := b.TakeHaul(b.ctx, collect.Taking{Source: "site", Origin: "a", Mark: "1", Articles: brought(b.article(1), b.article(2))}, b.now)
	b.must(err)
	if len(puts) != 2 || puts[0].Outcome != collect.Added {
		t.Errorf("the first haul: %+v", puts)
	}
	if _, err := b.TakeHaul(b.ctx, collect.Taking{Source: "site", Origin: "b", Articles: brought(b.article(1))}, b.now); err != nil {
		t.Fatal(err)
	}
	if state, err = b.SourceState(b.ctx, "site"); err != nil || state.Origin != "a" || state.Mark != "1" || state.Articles != 2 {
		t.Errorf("a haul without a mark leaves the mark: %+v, %v", state, err)
	}
	for _, origin := range []string{"a", "b"} {
		b.must(b.SettleSource(b.ctx, collect.SourceState{Name: "site", Origin: origin, Tried: b.now}, "hebdo", nil))
		if state, err = b.SourceState(b.ctx, "site"); err != nil || state.Origin != origin || (state.Mark == "1") != (origin == "a") {
			t.Errorf("settled from %s: %+v, %v", origin, state, err)
		}
	}
}

// sourceAsked tells of what came before the first collection ended well when its source was first asked, and of nothing else.
func sourceAsked(t *testing.T, b *bench) {
	asked := b.now.Truncate(time.Millisecond).UTC()
	b.put(1)
	settle := func(succeeded time.Time) {
		b.must(b.SettleSource(b.ctx, collect.SourceState{Name: "site", Tried: b.now, Succeeded: succeeded}, "hebdo", nil))
		b.later(time.Minute)
	}
	take := func(articles ...int) {
		taking := collect.Taking{Source: "site"}
		for _, n := range articles {
			taking.Articles = append(taking.Articles, brought(b.article(n))...)
		}
		_, err := b.TakeHaul(b.ctx, taking, b.now)
		b.must(err)
		b.later(time.Minute)
	}
	settle(time.Time{}) // it fails
	take(101)
	settle(time.Time{})
	take(1, 102)
	settle(b.now)
	take(101, 103)
	settle(b.now)
	candidates, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	var got []time.Time
	for _, c := range candidates {
		got = append(got, c.Asked.UTC())
	}
	if want := []time.Time{{}, asked, asked, {}}; !slices.Equal(got, want) {
		t.Errorf("their sources were first asked at %v, want %v", got, want)
	}
}

// sourceFaults stay until their name brings an article or is gone, and never crowd out later ones.
func sourceFaults(t *testing.T, b *bench) {
	take := func(cleared []string, faults ...collect.Fault) {
		t.Helper()
		b.later(time.Minute)
		_, err := b.TakeHaul(b.ctx, collect.Taking{Source: "site", Faults: faults, Cleared: cleared}, b.now)
		b.must(err)
	}
	names := func(source string) (all []string) {
		t.Helper()
		faults, err := b.SourceFaults(b.ctx, source)
		b.must(err)
		for _, f := range faults {
			all = append(all, f.Name+": "+f.Reason)
		}
		return all
	}
	take(nil, collect.Fault{Name: "a.md", Reason: "no title"}, collect.Fault{Name: "b.md", Reason: "no title"})
	first := b.now
	take([]string{"b.md", "c.md"}, collect.Fault{Name: "a.md", Reason: "no title"}, collect.Fault{Name: "d.md", Reason: "no url"})
	if got := names("site"); !slices.Equal(got, []string{"d.md: no url", "a.md: no title"}) || names("other") != nil {
		t.Errorf("the faults are %q, and of another source %q", got, names("other"))
	}
	if faults, err := b.SourceFaults(b.ctx, "site"); err != nil || !faults[1].At.Equal(first) {
		t.Errorf("a fault is as old as its first sight: %+v, %v", faults, err)
	}
	var many []collect.Fault
	for i := range 600 {
		many = append(many, collect.Fault{Name: fmt.Sprintf("%d.md", i), Reason: "x"})
	}
	take(nil, many...)
	if got := names("site"); len(got) < 100 || len(got) >= 600 || slices.Contains(got, "a.md: no title") {
		t.Errorf("%d faults are kept", len(got))
	}
}

// faultsDropped has all read anew where more was refused than is kept, as soon as something of that comes: the rest may have been corrected as well.
func faultsDropped(t *testing.T, b *bench) {
	settled := func(cleared []string, faults []collect.Fault) (mark string, dropped bool) {
		t.Helper()
		b.later(time.Minute)
		_, err := b.TakeHaul(b.ctx, collect.Taking{Source: "site", Origin: "a", Mark: "1", Faults: faults, Cleared: cleared}, b.now)
		b.must(err)
		b.must(b.SettleSource(b.ctx, collect.SourceState{Name: "site", Origin: "a", Tried: b.now}, "hebdo", nil))
		state, err := b.SourceState(b.ctx, "site")
		b.must(err)
		return state.Mark, state.Dropped
	}
	var many []collect.Fault
	for i := range 700 {
		many = append(many, collect.Fault{Name: fmt.Sprintf("id %d", i), Reason: "section"})
	}
	for _, step := range []struct {
		cleared []string
		faults  []collect.Fault
		mark    string
		dropped bool
	}{
		{nil, many[:500], "1", false}, {[]string{"id 3"}, nil, "1", false}, // all were kept
		{nil, many, "1", true}, {[]string{"id 900"}, nil, "1", true},
		{[]string{"id 699"}, nil, "", false},  // the others are looked for
		{[]string{"id 698"}, nil, "1", false}, // and were found in that reading
	} {
		if mark, dropped := settled(step.cleared, step.faults); mark != step.mark || dropped != step.dropped {
			t.Errorf("after %d faults and %q cleared the mark is %q, want %q; dropped %t", len(step.faults), step.cleared, mark, step.mark, dropped)
		}
	}
}

// sourceTold sends one notice for each time that a source breaks, and one for each that it is read again.
func sourceTold(t *testing.T, b *bench) {
	now := b.now.Truncate(time.Millisecond).UTC()
	broken := collect.SourceState{
		Name: "site", Tried: now, Succeeded: now.Add(-3 * time.Hour), Failing: now.Add(-2 * time.Hour), Failures: 4, Next: now.Add(time.Hour),
		Trouble: collect.Trouble{What: "it is away", Do: "look for it"}, Told: true, Broke: now.Add(-5 * time.Hour), Mended: now.Add(-4 * time.Hour), Moved: "https://site.example/feed",
	}
	notice := &newsletter.Notice{To: "op@pandia.example", Subject: "s", Text: "t"}
	for range 2 { // two programs may see it at the same time
		b.must(b.SettleSource(b.ctx, broken, "hebdo", notice))
	}
	if state, err := b.SourceState(b.ctx, "site"); err != nil || state != broken {
		t.Errorf("it stands as %+v, %v; want %+v", state, err, broken)
	}
	if got := len(b.due()); got != 1 {
		t.Errorf("%d notices, want 1", got)
	}
	for range 2 {
		b.must(b.SettleSource(b.ctx, collect.SourceState{Name: "site", Tried: now, Succeeded: now}, "hebdo", notice))
	}
	if got := len(b.due()); got != 2 {
		t.Errorf("%d notices after it was read again, want 2", got)
	}
	b.must(b.SettleSource(b.ctx, broken, "hebdo", notice))
	if got := len(b.due()); got != 3 {
		t.Errorf("%d notices after it broke again, want 3", got)
	}
}

// brought are articles as a source brings them that knows them by their addresses alone.
func brought(articles ...newsletter.Article) []collect.Brought {
	all := make([]collect.Brought, len(articles))
	for i, a := range articles {
		all[i].Article = a
	}
	return all
}
