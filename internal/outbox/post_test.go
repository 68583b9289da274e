package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/outbox"
	"facteur/internal/token"
)

// shelf holds frozen texts and counts how often they are fetched: variant 1 is an edition's, 2 a notice's, 3 has no
// way out, 4 was signed with a key that is gone, 5 and more are notices; from 1001 on they are single letters, in the order
// of newsletter.LetterKinds.
type shelf struct {
	fetched    map[int64]int
	returnPath string // of the edition's letterhead
}

func (s shelf) Variant(_ context.Context, id int64) (newsletter.Variant, error) {
	s.fetched[id]++
	edition := newsletter.Variant{
		ID: id, Edition: id, Kind: newsletter.KindEdition, Subject: "Le sujet", Text: readersOwn(), HTML: "<p>" + readersOwn() + "</p>",
	}
	switch id {
	case 1, 4:
		return edition, nil
	case 3:
		edition.Text = "Bonjour."
		return edition, nil
	}
	if id > 1000 {
		links := ""
		for _, p := range singles[newsletter.LetterKinds()[id-1001]] {
			links += "https://lettre.pandia.example/" + p.String() + "/" + token.Placeholder(p) + "\n"
		}
		return newsletter.Variant{ID: id, Kind: newsletter.KindLetter, Subject: "Une lettre", Text: links, HTML: links}, nil
	}
	return newsletter.Variant{ID: id, Kind: newsletter.KindNotice, Subject: "Une notice", Text: "Le texte."}, nil
}

// singles are the purposes of the links in each single letter.
var singles = map[newsletter.LetterKind][]token.Purpose{
	newsletter.LetterConfirm: {token.Confirm},
	newsletter.LetterRemind:  {token.Confirm},
	newsletter.LetterWelcome: {token.Preferences, token.Leave},
	newsletter.LetterAlready: {token.Preferences, token.Leave},
	newsletter.LetterLink:    {token.Preferences},
	newsletter.LetterManage:  {token.Manage},
	newsletter.LetterMove:    {token.Move},
	newsletter.LetterKeep:    {token.Preferences, token.Leave},
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
	return string(parcel.Content.Append(nil))
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
		Address: "lea@lecteurs.example", Confirmed: time.Date(2026, 3, 10, 23, 30, 0, 0, time.UTC),
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

func TestPost_AnEditionNamesTheDayOfTheConsent(t *testing.T) {
	p, _ := postOf(t)
	date := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	if got := compose(t, p, someCopy(), date); strings.Count(got, "lu depuis le 10/03/2026") != 2 {
		t.Errorf("the copy is\n%s", got)
	}
	proof := someCopy()
	proof.Kind, proof.Subscriber, proof.Subscription, proof.Confirmed = newsletter.KindProof, 0, 0, time.Time{}
	if got := compose(t, p, proof, date); strings.Count(got, "lu depuis le 24/11/2026") != 2 {
		t.Errorf("the proof is\n%s", got)
	}
}

func TestPost_SingleLettersCarryTheirOwnTokens(t *testing.T) {
	date := time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	for i, kind := range newsletter.LetterKinds() {
		t.Run(string(kind), func(t *testing.T) {
			p, _ := postOf(t)
			d := newsletter.Delivery{
				ID: 30, Kind: newsletter.KindLetter, Letter: kind, Variant: 1001 + int64(i), Newsletter: "hebdo", Subscriber: 3, Subscription: 5, Epoch: 2,
				Move: 7, Address: "lea@lecteurs.example",
			}
			content := compose(t, p, d, date)
			d.Tries, d.State = 2, newsletter.Deferred
			if again := compose(t, p, d, date); again != content {
				t.Errorf("a retry differs:\n%s\n%s", content, again)
			}
			for _, purpose := range singles[kind] {
				checkToken(t, p, content, purpose, date)
			}
			leaves := slices.Contains(singles[kind], token.Leave)
			if listed := header(content, "List-Unsubscribe") != "" && header(content, "List-Id") != ""; listed != leaves {
				t.Errorf("the letter says it is of a list: %v, want %v\n%s", listed, leaves, content)
			}
		})
	}
}

// checkToken finds the link of a purpose in both parts and reads it.
func checkToken(t *testing.T, p *outbox.Post, content string, purpose token.Purpose, date time.Time) {
	t.Helper()
	_, body, _ := strings.Cut(strings.ReplaceAll(content, "=\r\n", ""), "\r\n\r\n")
	links := strings.Split(body, "lettre.pandia.example/"+purpose.String()+"/")[1:]
	if len(links) != 2 {
		t.Fatalf("%d links of %s, want one in each part\n%s", len(links), purpose, content)
	}
	subscription, epoch := int64(5), uint32(2)
	if purpose == token.Move {
		subscription = 7
	}
	for _, link := range links {
		got, err := p.Keys.Verify(link[:token.Len], purpose)
		if err != nil || got.Subscription != subscription || got.Epoch != epoch || !got.Time.Equal(date) {
			t.Errorf("the link of %s says %+v, %v", purpose, got, err)
		}
	}
}

// Two newsletters may have a text in common, but each writes under its own name.
func TestPost_SingleLettersComeFromTheirNewsletter(t *testing.T) {
	p, _ := postOf(t)
	daily := hebdo()
	daily.Name, daily.ListID, daily.Sender.Address = "matin", "matin.pandia.example", "matin@pandia.example"
	p.Newsletters = []newsletter.Newsletter{hebdo(), daily}
	for _, test := range []struct{ name, from, id string }{
		{"hebdo", `"PandIA" <lettre@pandia.example>`, `"La lettre" <hebdo.pandia.example>`},
		{"matin", `"PandIA" <matin@pandia.example>`, `"La lettre" <matin.pandia.example>`},
	} {
		d := newsletter.Delivery{ID: 30, Kind: newsletter.KindLetter, Letter: newsletter.LetterWelcome, Variant: 1003, Newsletter: test.name, Address: "lea@lecteurs.example"}
		content := compose(t, p, d, time.Now())
		if from, id := header(content, "From"), header(content, "List-Id"); from != test.from || id != test.id {
			t.Errorf("%s writes as %s with List-Id %s, want %s and %s", test.name, from, id, test.from, test.id)
		}
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

// Each letter of every kind has an envelope sender of its own, the same for each try, from which alone it is known.
func TestPost_AReturnPathNamesItsLetter(t *testing.T) {
	p, s := postOf(t)
	s.returnPath = "retours+{token}@pandia.example"
	p.Texts = s
	p.House.Sender.ReturnPath = s.returnPath
	again := someCopy()
	again.Tries, again.Unknowns, again.State = 3, 1, newsletter.Deferred
	second := someCopy()
	second.ID, second.Copy = 18, 2
	paths := map[string]int64{}
	for _, d := range []newsletter.Delivery{
		someCopy(), again, second,
		{ID: 19, Kind: newsletter.KindProof, Edition: 1, Variant: 1, Newsletter: "hebdo", Copy: 1, Address: "op@pandia.example"},
		{ID: 20, Kind: newsletter.KindNotice, Variant: 2, Copy: 1, Address: "op@pandia.example"},
		{ID: 21, Kind: newsletter.KindLetter, Letter: newsletter.LetterWelcome, Variant: 1003, Newsletter: "hebdo", Copy: 1, Address: "lea@lecteurs.example"},
	} {
		parcel, err := p.Compose(t.Context(), d, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		from := parcel.Envelope.From
		local, domain, _ := strings.Cut(from, "@")
		got, err := p.Keys.ReadReturn(strings.ToUpper(from))
		if err != nil || got.Delivery != d.ID || got.Copy != d.Copy || domain != "pandia.example" || !strings.HasPrefix(local, "retours+") || len(local) > 64 {
			t.Errorf("letter %d, copy %d, has the return path %s, read as %+v, %v", d.ID, d.Copy, from, got, err)
		}
		if id, taken := paths[from]; taken && id != d.ID {
			t.Errorf("letters %d and %d share a return path", id, d.ID)
		}
		paths[from] = d.ID
	}
	if len(paths) != 5 {
		t.Errorf("5 letters, one of them tried twice, have %d return paths", len(paths))
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
		"no consent":                  func(d *newsletter.Delivery) { d.Confirmed = time.Time{} },
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
