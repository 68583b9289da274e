package collect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/collect"
	"facteur/internal/newsletter"
)

// paris stands for any zone with an offset that is not zero, without asking the machine for its zones.
func paris() *time.Location { return time.FixedZone("CET", 3600) }

func newsletters() []newsletter.Newsletter {
	return []newsletter.Newsletter{
		{Name: "hebdo", Sections: []newsletter.Section{
			{Name: "actualites", Title: "Actualités"}, {Name: "liste-ia", Title: "Liste IA"},
		}},
		{Name: "mensuel", Sections: []newsletter.Section{
			{Name: "guides", Title: "Les guides"}, {Name: "actualites", Title: "Actualités"}, {Name: "rappel", Title: "À ne pas manquer", Recall: true},
		}},
	}
}

func collector(store collect.Store, now time.Time) *collect.Collector {
	return &collect.Collector{Store: store, Newsletters: newsletters(), Zone: paris(), Now: func() time.Time { return now }}
}

func TestAccept(t *testing.T) {
	row := collect.Row{
		ID:        7,
		URL:       "  HTTPS://Example.ORG:443/page?utm_source=x&id=3#top ",
		Title:     " Un titre\r\nsur deux lignes\u00a0: l’e\u0301te\u0301 ",
		Section:   "LISTE ia",
		Summary:   "\r\n Deux\r\nlignes \r\n",
		Body:      "\n\n    code\r\n\r\ntexte\n\n",
		Author:    "Une\trédaction",
		Tags:      "ia, recherche,, ia ,l’été",
		Language:  "fr_fr",
		Published: "2026-10-27 07:30",
		Picture:   " HTTPS://Example.ORG:443/Été.jpg?utm_source=x&w=2#top", PictureAlt: " Deux\n personnes ",
		Canonical: " HTTP://Example.ORG:80/original?utm_source=x#top ",
	}
	want := newsletter.Article{
		URL:       "https://example.org/page?id=3",
		Title:     "Un titre sur deux lignes\u00a0: l’été",
		Section:   "liste-ia",
		Summary:   " Deux\nlignes",
		Body:      "    code\n\ntexte",
		Author:    "Une rédaction",
		Tags:      []string{"ia", "recherche", "l’été"},
		Language:  "fr-FR",
		Published: time.Date(2026, 10, 27, 6, 30, 0, 0, time.UTC),
		Picture:   "https://example.org/%C3%89t%C3%A9.jpg?utm_source=x&w=2", PictureAlt: "Deux personnes",
		Canonical: "http://example.org/original",
	}
	got, err := collector(nil, time.Time{}).Accept(row)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAccept_onlyAddressAndTitle(t *testing.T) {
	got, err := collector(nil, time.Time{}).Accept(collect.Row{URL: "https://example.org", Title: "<b>Titre</b> &amp; suite"})
	if err != nil {
		t.Fatal(err)
	}
	want := newsletter.Article{URL: "https://example.org/", Title: "<b>Titre</b> &amp; suite"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAccept_refuses(t *testing.T) {
	tests := []struct {
		name string
		edit func(*collect.Row)
		want []string // each is said
	}{
		{"nothing at all", func(r *collect.Row) { *r = collect.Row{} }, []string{"url is missing", "title is missing"}},
		{"no address", func(r *collect.Row) { r.URL = "page" }, []string{"is not a web address"}},
		{"text without end", func(r *collect.Row) { *r = collect.Row{Bytes: collect.MaxRow + 1} }, []string{"the row holds 8388609 bytes"}},
		{"script", func(r *collect.Row) { r.URL = "javascript:alert(1)" }, []string{"is not a web address"}},
		{"address not UTF-8", func(r *collect.Row) { r.URL = "https://example.org/\xff" }, []string{"url is not UTF-8"}},
		{"blank title", func(r *collect.Row) { r.Title = " \u00a0\n" }, []string{"title is missing"}},
		{"invisible title", func(r *collect.Row) { r.Title = "\u200b\u200d\u202e" }, []string{"title has nothing that can be seen"}},
		{"title of fillers", func(r *collect.Row) { r.Title = "\u3164 \u2800\ufe0f\u3164" }, []string{"title has nothing that can be seen"}},
		{"long title", func(r *collect.Row) { r.Title = strings.Repeat("é", 501) }, []string{"501 characters: shorten it to 500"}},
		{"title not UTF-8", func(r *collect.Row) { r.Title = "\xe9t\xe9" }, []string{"title is not UTF-8"}},
		{"NUL in body", func(r *collect.Row) { r.Body = "a\x00b" }, []string{"body holds the control character U+0000"}},
		{"escape in tags", func(r *collect.Row) { r.Tags = "a\x1b[31m" }, []string{"tags holds the control character U+001B"}},
		{"picture that is none", func(r *collect.Row) { r.Picture = "/images/a.jpg" }, []string{`picture "/images/a.jpg" is not a web address`}},
		{"picture of this machine", func(r *collect.Row) { r.Picture = "file:///etc/passwd" }, []string{"is not a web address"}},
		{"picture with a password", func(r *collect.Row) { r.Picture = "https://a:b@example.org/a.jpg" }, []string{"is not a web address"}},
		{"picture not UTF-8", func(r *collect.Row) { r.Picture = "https://example.org/\xff" }, []string{"picture is not UTF-8"}},
		{"long picture", func(r *collect.Row) { r.Picture = "https://example.org/" + strings.Repeat("x", 2000) }, []string{"picture has 2020 bytes"}},
		{"long alt", func(r *collect.Row) { r.PictureAlt = strings.Repeat("é", 501) }, []string{"picture_alt has 501 characters"}},
		{"escape in alt", func(r *collect.Row) { r.PictureAlt = "a\x1b[31m" }, []string{"picture_alt holds the control character"}},
		{"canonical that is none", func(r *collect.Row) { r.Canonical = "mailto:a@example.org" }, []string{`canonical "mailto:a@example.org" is not a web address`}},
		{"canonical not UTF-8", func(r *collect.Row) { r.Canonical = "https://example.org/\xff" }, []string{"canonical is not UTF-8"}},
		{"unknown section", func(r *collect.Row) { r.Section = "sport" },
			[]string{`section "sport" is not known: use one of actualites, liste-ia, guides, or none`}},
		{"section that recalls", func(r *collect.Row) { r.Section = "A NE PAS manquer" },
			[]string{`section "A NE PAS manquer" recalls what other newsletters brought, and takes no articles of its own: use one of actualites, liste-ia, guides, or none`}},
		{"section of signs", func(r *collect.Row) { r.Section = "—" }, []string{"is not known"}},
		{"long summary", func(r *collect.Row) { r.Summary = strings.Repeat("x", 4001) }, []string{"summary has 4001"}},
		{"long author", func(r *collect.Row) { r.Author = strings.Repeat("x", 201) }, []string{"author has 201"}},
		{"tags no list", func(r *collect.Row) { r.Tags = `["a", 3]` }, []string{"is not a list"}},
		{"many tags", func(r *collect.Row) { r.Tags = manyTags(51) }, []string{"tags has 51 entries: keep at most 50"}},
		{"long tag", func(r *collect.Row) { r.Tags = strings.Repeat("x", 101) }, []string{"a tag has 101"}},
		{"language by name", func(r *collect.Row) { r.Language = "français" }, []string{"write its code"}},
		{"date that is none", func(r *collect.Row) { r.Published = "2026-02-30" }, []string{"is not a date"}},
		{"all of it", func(r *collect.Row) { r.Section, r.Language, r.Published = "sport", "?", "hier" },
			[]string{"section", "language", "published"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			row := collect.Row{URL: "https://example.org/a", Title: "Titre"}
			tt.edit(&row)
			got, err := collector(nil, time.Time{}).Accept(row)
			if err == nil {
				t.Fatalf("accepted as %+v", got)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if diff := cmp.Diff(newsletter.Article{}, got); diff != "" {
				t.Errorf("an article beside the error: %s", diff)
			}
		})
	}
}

func manyTags(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "t%d,", i)
	}
	return b.String()
}

// FuzzAccept: an accepted row is fit to be stored and shown, and accepting it once more changes nothing.
func FuzzAccept(f *testing.F) {
	f.Add("https://example.org/a?utm_medium=x#y", "Titre", "guides", "Résumé", "# Corps\r\n", "Rédaction", `["a"]`, "fr", "2026-10-27", "HTTPS://é.example:443/a.jpg#x", "Une\nvue", "https://example.org/b#c")
	f.Add("HTTP://EXAMPLE.ORG:80/%2e%2e/a//b", "Ti\ntre\u2028", "Liste IA", "", "\n\n  x", "", "a,,b", "en_GB", "2026-10-27T07:30:00Z", "//example.org/a.jpg", "\u200b", "../b")
	f.Add("", "\x00", "\xff", "é", "", "", "[", "und", "0001-01-01", "\xff", "\x00", "\xff")
	c := collector(nil, time.Time{})
	f.Fuzz(func(t *testing.T, url, title, section, summary, body, author, tags, lang, published, picture, alt, original string) {
		a, err := c.Accept(collect.Row{
			URL: url, Title: title, Section: section, Summary: summary, Body: body,
			Author: author, Tags: tags, Language: lang, Published: published, Picture: picture, PictureAlt: alt, Canonical: original,
		})
		if err != nil {
			return
		}
		for _, field := range append([]string{a.URL, a.Title, a.Section, a.Summary, a.Body, a.Author, a.Language, a.Picture, a.PictureAlt, a.Canonical}, a.Tags...) {
			if !utf8.ValidString(field) || strings.ContainsRune(field, 0) {
				t.Errorf("accepted %q", field)
			}
		}
		for _, line := range append([]string{a.Title, a.Author, a.Language, a.Picture, a.PictureAlt, a.Canonical}, a.Tags...) {
			if strings.ContainsFunc(line, unicode.IsControl) {
				t.Errorf("more than a line: %q", line)
			}
		}
		again, err := c.Check(a)
		if err != nil {
			t.Fatalf("accepted, then refused: %v", err)
		}
		if diff := cmp.Diff(a, again); diff != "" {
			t.Errorf("checking twice changes: %s", diff)
		}
	})
}
