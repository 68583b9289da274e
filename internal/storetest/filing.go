package storetest

import (
	"errors"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// wantSection compares the section of an article, and the one that its source names where an editor gave it that; "-": none did.
func (b *bench) wantSection(id int64, section, sourced string) {
	b.t.Helper()
	all, err := b.Articles(b.ctx, []int64{id})
	b.must(err)
	a := all[0]
	if a.Section != section || a.Filed != (sourced != "-") || a.Filed && a.Sourced != sourced {
		b.t.Errorf("article %d is of section %q (filed: %t, its source says %q), want %q and %q", id, a.Section, a.Filed, a.Sourced, section, sourced)
	}
}

func filed(t *testing.T, b *bench) {
	a := b.article(1)
	offer := func(section string, want collect.Outcome) int64 {
		t.Helper()
		a.Section = section
		puts, err := b.PutArticles(b.ctx, []newsletter.Article{a}, b.now)
		b.must(err)
		if puts[0].Outcome != want {
			t.Errorf("with section %q it is %s, want %s", section, puts[0].Outcome, want)
		}
		return puts[0].Article
	}
	id := offer("guides", collect.Added)
	b.must(b.FileArticles(b.ctx, []int64{id}, "tutoriels"))
	b.wantSection(id, "tutoriels", "guides")
	offer("guides", collect.Unchanged)
	b.must(b.FileArticles(b.ctx, []int64{id}, "prompts"))
	b.wantSection(id, "prompts", "guides")
	offer("", collect.Updated)
	b.wantSection(id, "prompts", "")
	candidates, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	if c := candidates[0]; c.Section != "prompts" || !c.Filed {
		t.Errorf("the candidate is %+v", c)
	}
	b.must(b.UnfileArticles(b.ctx, []int64{id}))
	b.wantSection(id, "", "-")
	offer("guides", collect.Updated)
	b.wantSection(id, "guides", "-")
	if err := b.UnfileArticles(b.ctx, []int64{id}); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("a section that nobody gave is taken back: %v", err)
	}
	if err := b.FileArticles(b.ctx, []int64{id, 404}, "prompts"); !errors.Is(err, newsletter.ErrNotFound) {
		t.Errorf("an article that is not there has a section: %v", err)
	}
	b.wantSection(id, "guides", "-")
}

func redated(t *testing.T, b *bench) {
	a := b.article(1)
	a.Published = time.Time{}
	came := b.now
	for _, step := range []struct {
		published, came time.Time
	}{{}, {b.now.Add(-time.Hour), came}, {b.now.Add(-2 * time.Hour), came}, {time.Time{}, came}} {
		a.Published = step.published
		_, err := b.PutArticles(b.ctx, []newsletter.Article{a}, b.now)
		b.must(err)
		candidates, err := b.Candidates(b.ctx, "hebdo")
		b.must(err)
		if got := candidates[0].Came; !got.Equal(step.came) {
			t.Errorf("dated %s it came dated %s, want %s", step.published, got, step.came)
		}
		b.later(time.Minute)
	}
}

// redatedByAnother: what its own source does not date is known by the date that another one gives it first, and keeps that.
func redatedByAnother(t *testing.T, b *bench) {
	undated := b.article(1)
	undated.Published = time.Time{}
	b.take(collect.Taking{Source: "fil", Articles: brought(undated)})
	for _, step := range []struct{ published, came time.Time }{{}, {b.now.Add(-time.Hour), b.now.Add(-time.Hour)}, {b.now.Add(-2 * time.Hour), b.now.Add(-time.Hour)}} {
		dated := undated
		dated.Published = step.published
		b.take(collect.Taking{Source: "site", Articles: brought(dated)})
		candidates, err := b.Candidates(b.ctx, "hebdo")
		b.must(err)
		if c := candidates[0]; !c.Came.Equal(step.came) || !c.Published.IsZero() || len(candidates) > 1 {
			t.Errorf("dated %s by another source it came dated %s, want %s: %+v", step.published, c.Came, step.came, c)
		}
	}
}
