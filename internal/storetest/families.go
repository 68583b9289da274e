package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// The newsletter quotidien, a sister of hebdo, brings two articles; hebdo recalls the first.
func sisters(t *testing.T, b *bench) {
	ids := b.put(3)
	want := func(of, sister string, brought ...newsletter.EditionRef) {
		t.Helper()
		candidates, err := b.Candidates(b.ctx, of, sister)
		b.must(err)
		for i, ref := range brought {
			if candidates[i].Sister != ref {
				t.Errorf("for %s article %d was brought by %v, want %v", of, ids[i], candidates[i].Sister, ref)
			}
		}
	}
	none, daily := newsletter.EditionRef{}, newsletter.EditionRef{Newsletter: "quotidien", Number: 1}

	p := b.publication(1, ids[0], ids[1])
	p.Newsletter = "quotidien"
	_, err := b.Publish(b.ctx, p)
	b.must(err)
	want("hebdo", "quotidien", daily, daily, none)
	want("quotidien", "hebdo", none, none, none)
	alone, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	if alone[0].Sister != none {
		t.Errorf("without a family an article was brought by %v", alone[0].Sister)
	}

	b.later(time.Minute)
	recall := b.publication(1, ids[0])
	recall.Sisters = map[string]int{"quotidien": 1}
	if _, err := b.Publish(b.ctx, recall); !errors.Is(err, newsletter.ErrExists) {
		t.Errorf("a choice made before the sister's edition gives %v, want %v", err, newsletter.ErrExists)
	}
	recall.Sisters["quotidien"] = 2
	recall.Verdicts[0].Rule, recall.Verdicts[0].Sister = newsletter.RuleRecalled, daily
	_, err = b.Publish(b.ctx, recall)
	b.must(err)
	want("quotidien", "hebdo", none, none, none) // what is recalled is hers still
	recorded, err := b.Verdicts(b.ctx, "hebdo", recall.Slot)
	b.must(err)
	if v := recorded[0]; v.Brought("hebdo") != daily || v.CarriedBy != 0 {
		t.Errorf("recorded is %+v", v)
	}

	b.later(time.Minute)
	own := b.publication(2, ids[1]) // from before they were a family
	own.Approved = b.now
	_, err = b.Publish(b.ctx, own)
	b.must(err)
	want("hebdo", "quotidien", daily, none, none)
	want("quotidien", "hebdo", none, newsletter.EditionRef{Newsletter: "hebdo", Number: 2}, none)

	b.later(time.Minute) // the same as the first, though not a recall
	plain := b.publication(3, ids[0])
	plain.Verdicts[0].Position = recall.Verdicts[0].Position
	_, err = b.Publish(b.ctx, plain)
	b.must(err)
	want("quotidien", "hebdo", newsletter.EditionRef{Newsletter: "hebdo", Number: 3})
}

// carriedBy is the edition of a newsletter that brought an article, 0 where none did.
func (b *bench) carriedBy(of string, article int64, sisters ...string) int {
	b.t.Helper()
	candidates, err := b.Candidates(b.ctx, of, sisters...)
	b.must(err)
	for _, c := range candidates {
		if c.Article == article {
			return c.CarriedBy + c.Sister.Number
		}
	}
	b.t.Fatalf("article %d is no candidate", article)
	return 0
}

// What an edition had in it is as it was before, in its newsletter and in its family, once it ended before anything of it left.
func givenBack(t *testing.T, b *bench) {
	ids := b.put(4)
	twin := b.store(b.again(3))
	recall := func(number int) newsletter.Edition {
		p := b.publication(number, ids...)
		p.Verdicts[0].Rule, p.Verdicts[0].Sister = newsletter.RuleRecalled, newsletter.EditionRef{Newsletter: "quotidien", Number: 1}
		p.Verdicts[1].Rule, p.Verdicts[2].Rule = newsletter.RulePinned, newsletter.RulePinned
		p.Verdicts[3].Rule, p.Verdicts[3].Lead = newsletter.RuleUpdated, newsletter.LeadByHand
		for i := range p.Content.Chapters {
			p.Content.Chapters[i].Stories[0].Text = fmt.Sprintf("Texte de l’édition %d.", number)
		}
		b.must(b.TakeStance(b.ctx, "hebdo", ids[1:3], pinned, b.now))
		b.must(b.TakeStance(b.ctx, "hebdo", ids[3:], toLead, b.now))
		e, err := b.Publish(b.ctx, p)
		b.must(err)
		b.later(time.Minute)
		return e
	}
	b.readers(1)
	b.appear("quotidien", 1, ids[0])
	b.appear("hebdo", 1, ids[3])
	then := func() string {
		texts, err := b.CarriedTexts(b.ctx, "hebdo", ids[3:])
		b.must(err)
		return strings.Join(texts[ids[3]].Then, " ")
	}
	second := recall(2)
	if then() != "Texte de l’édition 2." || b.carriedBy("quotidien", ids[1], "hebdo") != 2 {
		t.Errorf("the second edition brought %q", then())
	}
	b.wantStances("hebdo")
	for number := 2; number < 4; number++ { // and the same again, as if nothing had been
		b.must(b.TakeStance(b.ctx, "hebdo", []int64{twin}, excluded, b.now))
		_, err := b.Cancel(b.ctx, second.Ref(), func(int) {})
		b.must(err)
		if e := b.edition(second); !e.Unsent {
			t.Errorf("the edition is %+v", e)
		}
		if slots, err := b.Slots(b.ctx, "hebdo", 9); err != nil || !slots[0].Unsent || slots[len(slots)-1].Unsent {
			t.Errorf("the slots, with that of the edition that left, are %+v, %v", slots, err)
		}
		for i, want := range []int{0, 0, 0, 1} {
			if by := b.carriedBy("hebdo", ids[i]); by != want {
				t.Errorf("article %d was brought by %d, want %d", i+1, by, want)
			}
		}
		if b.carriedBy("quotidien", ids[1], "hebdo") != 0 || b.carriedBy("hebdo", ids[0], "quotidien") != 1 || then() != "" {
			t.Errorf("in the family it counts still; the text is %q", then())
		}
		shelf, err := b.ListArticles(b.ctx, nil, 0)
		b.must(err)
		story, err := b.Story(b.ctx, ids[1])
		b.must(err)
		if len(shelf[3].CarriedBy) != 0 || len(story[0].CarriedBy) != 0 {
			t.Errorf("listed is %+v, the story %+v", shelf[3], story)
		}
		b.wantStances("hebdo", stand(ids[1], pinned), stand(ids[3], toLead), stand(twin, excluded))
		b.must(b.DropStance(b.ctx, "hebdo", []int64{twin}, excluded))
		second = recall(number + 1)
	}
	if by := b.carriedBy("quotidien", ids[0], "hebdo"); by != 1 {
		t.Errorf("what is recalled once more was brought by %d", by)
	}
	b.queueAll()
	b.send(b.due()...)
	b.must(b.TakeStance(b.ctx, "hebdo", ids[1:2], excluded, b.now))
	if by := b.carriedBy("hebdo", ids[2]); by != 4 || then() != "Texte de l’édition 4." {
		t.Errorf("what has left was brought by %d, with the text %q", by, then())
	}
}

// A recall brings nothing as long as another edition of the family with the article counts; once none does, the first that recalled it brought it.
func recallBrings(t *testing.T, b *bench) {
	id := b.put(1)[0]
	want := func(when string, forHebdo, forDaily newsletter.EditionRef) {
		t.Helper()
		for name, want := range map[string]newsletter.EditionRef{"hebdo": forHebdo, "quotidien": forDaily} {
			candidates, err := b.Candidates(b.ctx, name, "hebdo", "quotidien")
			b.must(err)
			if got := candidates[0].Sister; got != want {
				t.Errorf("%s: for %s a sister brought it by %v, want %v", when, name, got, want)
			}
		}
	}
	recall := func(name string, number int, of newsletter.EditionRef) newsletter.Edition {
		p := b.publication(number, id)
		p.Newsletter = name
		p.Verdicts[0].Rule, p.Verdicts[0].Sister = newsletter.RuleRecalled, of
		e, err := b.Publish(b.ctx, p)
		b.must(err)
		b.later(time.Hour)
		return e
	}
	cancel := func(e newsletter.Edition) {
		_, err := b.Cancel(b.ctx, e.Ref(), func(int) {})
		b.must(err)
	}
	b.readers(1)
	none := newsletter.EditionRef{}
	daily := b.appear("quotidien", 1, id)
	weekly := recall("hebdo", 1, daily.Ref())
	want("recalled", daily.Ref(), none)
	cancel(daily)
	want("what was recalled was cancelled", none, weekly.Ref())
	again := recall("quotidien", 2, weekly.Ref())
	want("recalled in turn", none, weekly.Ref())
	cancel(weekly)
	want("all but the last were cancelled", again.Ref(), none)
	cancel(again)
	want("all were cancelled", none, none)
}
