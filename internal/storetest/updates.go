package storetest

import (
	"maps"
	"slices"
	"testing"
	"time"

	"facteur/internal/collect"
	"facteur/internal/digest"
	"facteur/internal/newsletter"
)

func carriedTexts(t *testing.T, b *bench) {
	ids := b.put(3)
	want := func(of string, texts map[int64]digest.CarriedText) {
		t.Helper()
		got, err := b.CarriedTexts(b.ctx, of, append([]int64{99}, ids...))
		b.must(err)
		if !maps.EqualFunc(got, texts, func(a, b digest.CarriedText) bool { return slices.Equal(a.Then, b.Then) && a.Now == b.Now }) {
			t.Errorf("%s carried %v, want %v", of, got, texts)
		}
	}
	publish := func(number int, texts map[int64]string) {
		t.Helper()
		p := b.publication(number, ids[:2]...)
		for i := range p.Content.Chapters {
			s := &p.Content.Chapters[i].Stories[0]
			s.Text = texts[s.Article]
		}
		p.Verdicts[0].Fresh = number
		e, err := b.Publish(b.ctx, p)
		b.must(err)
		if e.Content.Stories()[0].Text != "" {
			t.Error("the whole text stands in the edition")
		}
		recorded, err := b.Verdicts(b.ctx, "hebdo", p.Slot)
		b.must(err)
		for _, v := range recorded {
			if first := v.Article == ids[0]; first != (v.Fresh == number) || first && !v.Changed.Equal(b.now) {
				t.Errorf("recorded is %+v", v)
			}
		}
	}
	want("hebdo", map[int64]digest.CarriedText{})
	publish(1, map[int64]string{ids[0]: "Un.", ids[1]: "Deux."})
	want("hebdo", map[int64]digest.CarriedText{ids[0]: {Then: []string{"Un."}, Now: "Texte."}, ids[1]: {Then: []string{"Deux."}, Now: "Texte."}})
	want("quotidien", map[int64]digest.CarriedText{})
	publish(2, map[int64]string{ids[0]: "Un, autrement."})
	want("hebdo", map[int64]digest.CarriedText{ids[0]: {Then: []string{"Un.", "Un, autrement."}, Now: "Texte."}})

	b.later(time.Hour)
	changed := b.article(1)
	changed.Body = "Tout autre."
	_, err := b.PutArticles(b.ctx, []newsletter.Article{changed}, b.now)
	b.must(err)
	candidates, err := b.Candidates(b.ctx, "hebdo")
	b.must(err)
	if !candidates[0].Changed.Equal(b.now) || candidates[1].Changed.Equal(b.now) {
		t.Errorf("changed are %+v", candidates)
	}
	want("hebdo", map[int64]digest.CarriedText{ids[0]: {Then: []string{"Un.", "Un, autrement."}, Now: "Tout autre."}})

	b.later(time.Hour) // the text of another source is another text, and no update
	elsewhere := b.article(4)
	haul := collect.Taking{Source: "fil", Declared: map[string]int{"fil": 0, "site": 0}, Articles: brought(elsewhere)}
	puts, err := b.TakeHaul(b.ctx, haul, b.now)
	b.must(err)
	ids = []int64{puts[0].Article, ids[1]}
	publish(3, map[int64]string{ids[0]: "Quatre."})
	want("hebdo", map[int64]digest.CarriedText{ids[0]: {Then: []string{"Quatre."}, Now: "Texte."}})
	elsewhere.Body = "Quatre, en entier."
	_, err = b.PutArticles(b.ctx, []newsletter.Article{elsewhere}, b.now)
	b.must(err)
	want("hebdo", map[int64]digest.CarriedText{})
}
