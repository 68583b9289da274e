package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"facteur/internal/newsletter"
)

// refs names editions.
func refs(editions []newsletter.Edition) []string {
	var all []string
	for _, e := range editions {
		all = append(all, e.Ref().String())
	}
	return all
}

// appear publishes an edition of one story under a newsletter, an hour after the one before.
func (b *bench) appear(name string, number int, article int64) newsletter.Edition {
	b.t.Helper()
	b.later(time.Hour)
	p := b.publication(number, article)
	p.Newsletter = name
	p.Letterhead.Title = "Titre de " + name
	p.Variants[0].HTML, p.Variants[0].Text = fmt.Sprintf("<p>%s %d\x7f é</p>", name, number), fmt.Sprintf("%s %d", name, number)
	e, err := b.Publish(b.ctx, p)
	b.must(err)
	return e
}

func archiving(t *testing.T, b *bench) {
	if heads, err := b.ArchiveHeads(b.ctx, 5); err != nil || len(heads) != 0 {
		t.Errorf("an empty archive holds %v, %v", refs(heads), err)
	}
	id := b.put(1)[0]
	b.appear("quotidien", 1, id)
	b.appear("hebdo", 1, id)
	second := b.appear("hebdo", 2, id)
	b.appear("hebdo", 4, id)

	heads, err := b.ArchiveHeads(b.ctx, 2)
	b.must(err)
	if want := []string{"hebdo/4", "hebdo/2", "quotidien/1"}; !slices.Equal(refs(heads), want) {
		t.Errorf("the latest two of each are %v, want %v", refs(heads), want)
	}
	got, err := b.ArchiveEdition(b.ctx, second.Ref())
	b.must(err)
	if got.ID != second.ID || got.Content.Subject != "Le sujet" || got.Letterhead.Title != "Titre de hebdo" || !got.Approved.Equal(second.Approved) {
		t.Errorf("the edition is %+v", got)
	}
	for number, want := range map[int][2]int{1: {0, 2}, 2: {1, 4}, 4: {2, 0}} {
		e, err := b.ArchiveEdition(b.ctx, newsletter.EditionRef{Newsletter: "hebdo", Number: number})
		if err != nil || [2]int{e.Previous, e.Next} != want {
			t.Errorf("beside hebdo/%d stand %d and %d, want %v (%v)", number, e.Previous, e.Next, want, err)
		}
	}
	v, err := b.ArchiveText(b.ctx, second.Ref())
	b.must(err)
	if v.Edition != second.ID || v.Key != "full" || v.HTML != "<p>hebdo 2\x7f é</p>" || v.Text != "hebdo 2" {
		t.Errorf("the text is %+v", v)
	}
	for _, ref := range []newsletter.EditionRef{{Newsletter: "hebdo", Number: 3}, {Newsletter: "hebdo"}, {Newsletter: "hebdo", Number: -1}, {Newsletter: "mensuel", Number: 1}, {}} {
		_, err := b.ArchiveEdition(b.ctx, ref)
		_, textErr := b.ArchiveText(b.ctx, ref)
		if !errors.Is(err, newsletter.ErrNotFound) || !errors.Is(textErr, newsletter.ErrNotFound) {
			t.Errorf("edition %s, which is not there, gives %v and %v", ref, err, textErr)
		}
	}
	lines, err := b.ArchiveIndex(b.ctx, 3)
	b.must(err)
	var named []string
	for _, line := range lines {
		named = append(named, line.String())
	}
	if want := []string{"hebdo/4", "hebdo/2", "hebdo/1"}; !slices.Equal(named, want) || !lines[0].Approved.Equal(b.now) {
		t.Errorf("the index is %v since %s, want %v since %s", named, lines[0].Approved, want, b.now)
	}
}

func archivePages(t *testing.T, b *bench) {
	id := b.put(1)[0]
	for n := range 7 {
		b.appear("hebdo", n+1, id)
	}
	b.appear("quotidien", 3, id)
	for _, row := range []struct {
		name         string
		before, most int
		want         []string
	}{
		{"hebdo", 0, 3, []string{"hebdo/7", "hebdo/6", "hebdo/5"}},
		{"hebdo", 5, 3, []string{"hebdo/4", "hebdo/3", "hebdo/2"}},
		{"hebdo", 2, 3, []string{"hebdo/1"}},
		{"hebdo", 1, 3, nil},
		{"hebdo", 100, 1, []string{"hebdo/7"}},
		{"quotidien", 0, 3, []string{"quotidien/3"}},
		{"mensuel", 0, 3, nil},
		{"", 0, 3, nil},
	} {
		got, err := b.ArchivePage(b.ctx, row.name, row.before, row.most)
		if err != nil || !slices.Equal(refs(got), row.want) {
			t.Errorf("%d of %q before %d are %v, %v; want %v", row.most, row.name, row.before, refs(got), err, row.want)
		}
	}
}

func archiveUnsent(t *testing.T, b *bench) {
	b.readers(2)
	ids := b.put(1)
	b.appear("hebdo", 1, ids[0])
	b.queueAll()
	b.send(b.due()...)
	number := 1
	for name, row := range map[string]struct {
		before func(due []newsletter.Delivery)
		public bool
	}{
		"nothing was tried":   {func([]newsletter.Delivery) {}, false},
		"nothing was made":    {nil, false},
		"one letter was sent": {func(due []newsletter.Delivery) { b.send(due[0]) }, true},
		"one is on the wire":  {func(due []newsletter.Delivery) { b.mark(due[0]) }, true},
		"one may have arrived": {func(due []newsletter.Delivery) {
			b.mark(due[0])
			b.settle(newsletter.Unknown, newsletter.Reply{}, due[0])
		}, true},
		"all tries failed": {func(due []newsletter.Delivery) {
			b.mark(due[0])
			b.settle(newsletter.Failed, newsletter.Reply{Code: 550}, due[0])
		}, false},
		"a try was put off": {func(due []newsletter.Delivery) {
			b.mark(due[0])
			b.settle(newsletter.Deferred, newsletter.Reply{Code: 451}, due[0])
		}, false},
		"it may have, then due": {b.maybeThenDue, true},
	} {
		number++
		e := b.appear("hebdo", number, ids[0])
		if row.before != nil {
			b.queueAll()
			row.before(b.due())
		}
		if _, err := b.ArchiveEdition(b.ctx, e.Ref()); err != nil {
			t.Errorf("%s: before it is cancelled the edition gives %v", name, err)
		}
		_, err := b.Cancel(b.ctx, e.Ref(), func(int) {})
		b.must(err)
		got := b.shown(e)
		if want := slices.Repeat([]bool{row.public}, len(got)); !slices.Equal(got, want) {
			t.Errorf("%s: edition, text, page, heads and index show it: %v, want %v", name, got, want)
		}
		if by := b.carriedBy("hebdo", ids[0]); (by == number) != row.public {
			t.Errorf("%s: its article was brought by edition %d, public is %t", name, by, row.public)
		}
		for _, d := range b.due() { // what is left over would mix with the next row
			t.Errorf("%s: %+v is due of a cancelled edition", name, d)
		}
	}
	first, err := b.ArchiveEdition(b.ctx, newsletter.EditionRef{Newsletter: "hebdo", Number: 1})
	b.must(err)
	if first.Previous != 0 || first.Next == 0 {
		t.Errorf("beside the first stand %d and %d", first.Previous, first.Next)
	}
	if next, err := b.ArchiveEdition(b.ctx, newsletter.EditionRef{Newsletter: "hebdo", Number: first.Next}); err != nil || next.Previous != 1 {
		t.Errorf("the first edition leads on to %d, which leads back to %d: %v", first.Next, next.Previous, err)
	}
}

// shown tells whether the archive's edition, text, latest page, heads and index show an edition, which is the latest.
func (b *bench) shown(e newsletter.Edition) []bool {
	b.t.Helper()
	_, err := b.ArchiveEdition(b.ctx, e.Ref())
	_, textErr := b.ArchiveText(b.ctx, e.Ref())
	page, pageErr := b.ArchivePage(b.ctx, "hebdo", 0, 1)
	heads, headErr := b.ArchiveHeads(b.ctx, 1)
	index, indexErr := b.ArchiveIndex(b.ctx, 1)
	b.must(errors.Join(pageErr, headErr, indexErr))
	return []bool{err == nil, textErr == nil, page[0].ID == e.ID, heads[0].ID == e.ID, index[0].EditionRef == e.Ref()}
}

// maybeThenDue has a letter whose outcome is unknown tried once more.
func (b *bench) maybeThenDue(due []newsletter.Delivery) {
	b.mark(due[0])
	b.settle(newsletter.Unknown, newsletter.Reply{}, due[0])
	_, err := b.ResendTo(b.ctx, newsletter.EditionRef{Newsletter: "hebdo", Number: due[0].Number}, b.address(due[0].Address), b.order("op"))
	b.must(err)
}
