package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/token"
)

// shelf holds frozen texts and counts how often they are fetched: variant 1 is an edition's, 2 a notice's, 3 has no
// way out, 4 was signed with a key that is gone, 5 and more are notices.
type shelf struct {
	fetched    map[int64]int
	returnPath string // of the edition's letterhead
}

func (s shelf) Variant(_ context.Context, id int64) (newsletter.Variant, error) {
	s.fetched[id]++
	leave := "https://lettre.pandia.example/u/" + token.Placeholder(token.Leave)
	edition := newsletter.Variant{
		ID: id, Edition: id, Kind: newsletter.KindEdition, Subject: "Le sujet", Text: leave, HTML: `<p><a href="` + leave + `">Partir</a></p>`,
	}
	switch id {
	case 1, 4:
		return edition, nil
	case 3:
		edition.Text = "Bonjour."
		return edition, nil
	}
	return newsletter.Variant{ID: id, Kind: newsletter.KindNotice, Subject: "Une notice", Text: "Le texte."}, nil
}

func (s shelf) EditionByID(_ context.Context, id int64) (newsletter.Edition, error) {
	e := newsletter.Edition{ID: id, Newsletter: "hebdo", Number: 42, KeyID: 1, Letterhead: letterhead()}
	e.Letterhead.Sender.ReturnPath = s.returnPath
	if id == 4 {
		e.KeyID = 9
	}
	return e, nil
}

func postOf(t *testing.T) (*outbox.Post, shelf) {
	t.Helper()
	s := shelf{fetched: map[int64]int{}}
	p := newPost(t)
	p.Texts = s
	return p, s
}

func compose(t *testing.T, p *outbox.Post, d newsletter.Delivery, date time.Time) string {
	t.Helper()
	parcel, err := p.Compose(t.Context(), d, date)
	if err != nil {
		t.Fatal(err)
	}
	return string(parcel.Content)
}

func header(content, name string) string {
	for line := range strings.Lines(strings.ReplaceAll(content, "\r\n ", " ")) {
		if value, found := strings.CutPrefix(line, name+": "); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func someCopy() newsletter.Delivery {
	return newsletter.Delivery{
		ID: 17, Kind: newsletter.KindEdition, Edition: 1, Variant: 1, Newsletter: "hebdo", Subscriber: 3, Subscription: 5, Epoch: 2, Copy: 1,
		Address: "lea@lecteurs.example",
	}
}

func TestPost_ComposesTheSameBytesAgain(t *testing.T) {
	p, _ := postOf(t)
	date := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	first := compose(t, p, someCopy(), date)
	d := someCopy()
	d.Tries, d.Unknowns, d.State = 3, 1, newsletter.Deferred
	if again := compose(t, p, d, date); again != first {
		t.Errorf("a retry differs:\n%s\n%s", first, again)
	}
	ids := map[string]string{header(first, "Message-ID"): "the first"}
	for _, change := range []func(*newsletter.Delivery){
		func(d *newsletter.Delivery) { d.Copy, d.ID = 2, 18 },
		func(d *newsletter.Delivery) { d.Subscriber, d.ID = 4, 19 },
		func(d *newsletter.Delivery) { d.Kind, d.Subscriber, d.ID = newsletter.KindProof, 0, 20 },
	} {
		d := someCopy()
		change(&d)
		id := header(compose(t, p, d, date), "Message-ID")
		if other, taken := ids[id]; taken || !strings.HasSuffix(id, "@pandia.example>") {
			t.Errorf("%+v has the Message-ID %s of %s", d, id, other)
		}
		ids[id] = fmt.Sprint(d.ID)
	}
}

func TestPost_TheLeaveLinkIsTheReadersOwn(t *testing.T) {
	p, _ := postOf(t)
	date := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	link := strings.Trim(header(compose(t, p, someCopy(), date), "List-Unsubscribe"), "<>")
	got, err := p.Keys.Verify(link[strings.LastIndex(link, "/")+1:], token.Leave)
	if err != nil || got.Subscription != 5 || got.Epoch != 2 || got.KeyID != 1 || !got.Time.Equal(date) {
		t.Errorf("the link %s says %+v, %v", link, got, err)
	}
}

func TestPost_Envelope(t *testing.T) {
	for _, path := range []string{"", "retour@pandia.example"} {
		p, s := postOf(t)
		s.returnPath = path
		p.Texts = s
		parcel, err := p.Compose(t.Context(), someCopy(), time.Now())
		want := newsletter.Envelope{From: path, To: "lea@lecteurs.example"}
		if path == "" {
			want.From = "lettre@pandia.example"
		}
		if err != nil || parcel.Envelope != want || parcel.Name != "hebdo-42-17" || parcel.Delivery != 17 {
			t.Errorf("%+v, %v; want the envelope %+v", parcel, err, want)
		}
	}
}

// What the settings say since does not change an edition that was frozen.
func TestPost_AnEditionKeepsItsLetterhead(t *testing.T) {
	p, _ := postOf(t)
	before := compose(t, p, someCopy(), time.Unix(0, 0))
	changed, _ := postOf(t)
	changed.Keys = p.Keys
	changed.House.Sender.Address, changed.House.Title = "autre@ailleurs.example", "Un autre titre"
	if after := compose(t, changed, someCopy(), time.Unix(0, 0)); after != before {
		t.Errorf("the copy was\n%s\nand is now\n%s", before, after)
	}
}

func TestPost_NoticesBelongToNoList(t *testing.T) {
	p, _ := postOf(t)
	for _, name := range []string{"", "hebdo"} {
		d := newsletter.Delivery{ID: 8, Kind: newsletter.KindNotice, Variant: 2, Newsletter: name, Copy: 1, Address: "op@pandia.example"}
		content := compose(t, p, d, time.Now())
		if header(content, "List-Unsubscribe") != "" || header(content, "Auto-Submitted") != "auto-generated" || !strings.Contains(content, "Le texte.") {
			t.Errorf("the notice is\n%s", content)
		}
	}
}

func TestPost_WhatCanNeverBeMade(t *testing.T) {
	p, _ := postOf(t)
	for name, change := range map[string]func(*newsletter.Delivery){
		"a variant without a way out": func(d *newsletter.Delivery) { d.Variant = 3 },
		"a key that is gone":          func(d *newsletter.Delivery) { d.Variant = 4 },
		"no address":                  func(d *newsletter.Delivery) { d.Address = "" },
		"an address with a line end":  func(d *newsletter.Delivery) { d.Address = "a@b.example\r\nBcc: c@d.example" },
	} {
		d := someCopy()
		change(&d)
		if _, err := p.Compose(t.Context(), d, time.Now()); !errors.Is(err, newsletter.ErrInvalid) {
			t.Errorf("%s: %v, want %v", name, err, newsletter.ErrInvalid)
		}
	}
}

func TestPost_FetchesAVariantOnce(t *testing.T) {
	p, s := postOf(t)
	for range 10 {
		compose(t, p, someCopy(), time.Now())
	}
	if s.fetched[1] != 1 {
		t.Errorf("fetched %d times", s.fetched[1])
	}
	for id := range int64(50) { // more than are kept
		compose(t, p, newsletter.Delivery{ID: id, Kind: newsletter.KindNotice, Variant: 100 + id, Address: "op@pandia.example"}, time.Now())
	}
	compose(t, p, someCopy(), time.Now())
	if s.fetched[1] != 2 || s.fetched[149] != 1 {
		t.Errorf("fetched %v", s.fetched)
	}
}
