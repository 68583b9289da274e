package app

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"facteur/internal/letter"
	"facteur/internal/newsletter"
)

// What is shown beforehand is, octet by octet, what a reader gets of the edition that is published then.
func TestSpecimen(t *testing.T) {
	now := time.Date(2026, time.November, 24, 6, 0, 0, 0, time.UTC)
	a, err := Open(t.Context(), settings(t), Options{Create: true, Poll: -1, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	articles, err := a.samplesAt(samplesSite, firstSamples)
	if err != nil {
		t.Fatal(err)
	}
	for i := range articles {
		articles[i].Published = now.Add(-time.Duration(i+1) * time.Hour)
	}
	if _, err := a.Collector.Add(t.Context(), articles); err != nil {
		t.Fatal(err)
	}
	if err := a.fetchPictures(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := a.Newsletters[0]
	if err := a.Desk.Advertise(t.Context(), n, newsletter.Sponsor{For: "Librairie", Text: "Dix essais."}); err != nil {
		t.Fatal(err)
	}

	p, err := a.Desk.Preview(t.Context(), n, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	shown, err := a.Specimen(t.Context(), n, p)
	if err != nil {
		t.Fatal(err)
	}
	published, err := a.Desk.Publish(t.Context(), n)
	if err != nil || !published.Published() {
		t.Fatal(published.Reason, err)
	}
	e := published.Edition
	v, err := a.Store.EditionText(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	made, err := letter.New(letter.Frame{Newsletter: e.Letterhead.Newsletter(e.Newsletter), Number: e.Number, WebURL: e.Letterhead.WebURL}, v)
	if err != nil {
		t.Fatal(err)
	}
	message, err := made.Copy(onTheDay(p, made.Needs()))
	if err != nil {
		t.Fatal(err)
	}
	if got := message.Append(nil); !bytes.Equal(got, shown.Message) {
		t.Errorf("a reader gets\n%s\nand was shown\n%s", got, shown.Message)
	}
	for name, part := range map[string]string{"HTML": string(shown.HTML), "text": string(shown.Text)} {
		if !strings.Contains(part, "Dix essais.") || !strings.Contains(part, "depuis le 24/11/2026") || strings.Contains(part, "=\r\n") {
			t.Errorf("the %s is\n%s", name, part)
		}
	}
	if !bytes.HasPrefix(shown.HTML, []byte("<!DOCTYPE html>")) || bytes.Contains(shown.Text, []byte("<table")) {
		t.Error("the parts are not what they are called")
	}
}
