package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
	"facteur/internal/source"
)

func paris() *time.Location { return time.FixedZone("CET", 3600) }

func TestParseMarkdown(t *testing.T) {
	want := newsletter.Article{
		URL: "https://example.org/a", Title: "L’été : « vite »", Section: "Guides", Summary: "Deux lignes\nen tout",
		Author: "La rédaction", Tags: []string{"ia", "modèles"}, Language: "fr",
		Published: time.Date(2026, 10, 27, 6, 30, 0, 0, time.UTC), Body: "Un chapô.\n\n---\n\n## Suite\n", Canonical: "https://example.org/original",
	}
	want.Body = strings.TrimRight(want.Body, "\n")
	body := "\nUn chapô.\n\n---\n\n## Suite\n\n"
	tests := []struct{ name, text string }{
		{"YAML", `---
# a comment
title: "L’été : « vite »"
url: https://example.org/a?utm_source=x
canonical: /original
section: Guides
summary: |
  Deux lignes
  en tout
author: La rédaction
tags: [ia, modèles]
language: FR
published: 2026-10-27 07:30
draft: false
weight: 3
menu: {main: {name: x}}
---
` + body},
		{"YAML, block list, text tags, other order", `---
tags:
  - ia
  - modèles
published: "2026-10-27T06:30:00Z"
title: 'L’été : « vite »'
summary: "Deux lignes\nen tout"
author: La rédaction
Section: Guides
url: https://example.org/a
Canonical: https://example.org/original?utm_medium=x
language: fr
--- 
` + body},
		{"TOML", `+++
title = "L’été : « vite »"
url = 'https://example.org/a'
canonical = 'https://example.org/original'
section = "Guides"
summary = """
Deux lignes
en tout"""
author = "La rédaction"
tags = ["ia", "modèles"]
language = "fr"
published = 2026-10-27T07:30:00
weight = 3
[params]
title = 5
+++
` + body},
		{"TOML, comma tags, offset", `+++
tags = "ia, modèles"
published = 2026-10-27T08:30:00+02:00
title = "L’été : « vite »"
url = "https://example.org/a"
canonical = "https://example.org/original"
section = "Guides"
summary = "Deux lignes\nen tout"
author = "La rédaction"
language = "fr"
+++
` + body},
	}
	for _, tt := range tests {
		for name, text := range map[string]string{
			tt.name:                        tt.text,
			tt.name + ", CRLF":             strings.ReplaceAll(tt.text, "\n", "\r\n"),
			tt.name + ", byte order mark":  "\ufeff" + tt.text,
			tt.name + ", no final newline": strings.TrimRight(tt.text, "\n"),
		} {
			got, err := source.ParseMarkdown("a.md", []byte(text), paris())
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			got.Summary = strings.TrimRight(got.Summary, "\n") // YAML's | keeps the last line end
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

func TestParseMarkdown_leastArticle(t *testing.T) {
	want := newsletter.Article{URL: "https://example.org/", Title: "Un"}
	for _, text := range []string{
		"---\ntitle: Un\nurl: https://example.org\n---",
		"---\ntitle: Un\nurl: https://example.org\ntags: []\nsection: ~\nsummary:\npublished:\n---\n\n\n",
		"+++\ntitle = 'Un'\nurl = 'https://example.org'\ntags = []\n+++\n",
	} {
		got, err := source.ParseMarkdown("a.md", []byte(text), nil)
		if len(got.Tags) == 0 {
			got.Tags = nil
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	}
}

func TestParseMarkdown_dates(t *testing.T) {
	for text, want := range map[string]time.Time{
		"---\npublished: 2026-10-27\n":                    time.Date(2026, 10, 26, 23, 0, 0, 0, time.UTC),
		"---\npublished: 2026-10-27 07:30:00\n":           time.Date(2026, 10, 27, 6, 30, 0, 0, time.UTC),
		"---\npublished: '2026-10-27T07:30:00.5+02:00'\n": time.Date(2026, 10, 27, 5, 30, 0, 5e8, time.UTC),
		"+++\npublished = 2026-10-27\n":                   time.Date(2026, 10, 26, 23, 0, 0, 0, time.UTC),
		"+++\npublished = 2026-10-27 07:30:00\n":          time.Date(2026, 10, 27, 6, 30, 0, 0, time.UTC),
		"+++\npublished = 2026-10-27T07:30:00.5+02:00\n":  time.Date(2026, 10, 27, 5, 30, 0, 5e8, time.UTC),
		"+++\npublished = '2026-10-27 07:30'\n":           time.Date(2026, 10, 27, 6, 30, 0, 0, time.UTC),
	} {
		fence, assign := text[:3], ": "
		if fence == "+++" {
			assign = " = "
		}
		text += "title" + assign + "'T'\nurl" + assign + "'https://example.org/'\n" + fence + "\n"
		got, err := source.ParseMarkdown("a.md", []byte(text), paris())
		if err != nil || !got.Published.Equal(want) {
			t.Errorf("%q: %v, %v; want %v", text, got.Published, err, want)
		}
	}
}

func TestParseMarkdown_refuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "a.md: is empty"},
		{"blank", "\ufeff \n\n", "a.md: is empty"},
		{"not UTF-8", "---\ntitle: \xe9t\xe9\n---\n", "a.md: is not UTF-8"},
		{"UTF-16", "\xff\xfe-\x00-\x00-\x00", "a.md: is not UTF-8"},
		{"too large", strings.Repeat("x", 5<<20+1), "a.md: is larger than 5242880 bytes"},
		{"body too large", "---\ntitle: T\nurl: https://example.org/\n---\n" + strings.Repeat("x", 4<<20+1), "a.md: body has 4194305 bytes"},
		{"no front matter", "# Titre\n", "a.md:1: has no front matter"},
		{"never closed", "---\ntitle: T\n\nTexte\n", "a.md:1: front matter is never closed: end it with a line of ---"},
		{"closed otherwise", "+++\ntitle = 'T'\n---\n", "a.md:1: front matter is never closed: end it with a line of +++"},
		{"only a fence", "---", "a.md:1: front matter is never closed"},
		{"front matter too large", "---\nx: " + strings.Repeat("x", 16<<10) + "\n---\n", "a.md:1: front matter is larger"},
		{"control character", "---\ntitle: T\nauthor: a\x00b\n---\n", "a.md:3: holds a control character"},
		{"control character in the body", "---\ntitle: T\nurl: https://example.org/\n---\na\x1bb", "a.md: body holds the control character U+001B"},
		{"YAML colon", "---\nurl: https://example.org/\ntitle: Google : un partenariat\n---\n", "a.md:3: front matter is not YAML: mapping value is not allowed in this context; put a text"},
		{"YAML quote", "---\ntitle: \"T\nurl: x\n---\n", "front matter is not YAML"},
		{"YAML list", "---\n- a\n- b\n---\n", "a.md:2: front matter is not YAML keys and values"},
		{"YAML key twice", "---\ntitle: T\ntitle: U\n---\n", "a.md:3: "},
		{"key twice in another case", "---\ntitle: T\nurl: x\nTitle: U\n---\n", "a.md:4: title stands here and on line 2: keep one"},
		{"TOML", "+++\ntitle = T\n+++\n", "a.md:2: front matter is not TOML"},
		{"TOML on its third line", "+++\ntitle = 'T'\nurl = 'x\n+++\n", "a.md:3: front matter is not TOML"},
		{"empty front matter", "---\n---\n", "a.md:1: title is missing: give the article a title\na.md:1: url is missing"},
		{"missing title", "---\nurl: https://example.org/\n---\n", "a.md:1: title is missing"},
		{"blank title", "---\nurl: https://example.org/\ntitle: '  '\n---\n", "a.md:3: title is missing"},
		{"missing address", "+++\ntitle = 'T'\n+++\n", "a.md:1: url is missing"},
		{"address", "---\ntitle: T\nurl: /page\n---\n", "a.md:3: url \"/page\" is not a web address"},
		{"no date", "---\ntitle: T\nurl: https://example.org/\npublished: demain\n---\n", `a.md:4: published "demain" is not a date`},
		{"impossible TOML date", "+++\ntitle = 'T'\npublished = 2026-02-30\n+++\n", "a.md:3: front matter is not TOML"},
		{"TOML time", "+++\ntitle = 'T'\n\npublished = 07:30:00\n+++\n", "a.md:4: published is neither a text nor a list"},
		{"number for a date", "---\ntitle: T\npublished: 2026\n---\n", "a.md:3: published is a number"},
		{"number for a title", "---\ntitle: 2026\n---\n", "a.md:2: title is a number: write a text, between quotes"},
		{"TOML number for a title", "+++\nurl = 'x'\ntitle = 20_26\n+++\n", "a.md:3: title is a number"},
		{"list for a title", "---\ntitle: [a]\n---\n", "a.md:2: title is a list"},
		{"boolean for an author", "---\nauthor: true\n---\n", "a.md:2: author is true or false"},
		{"table for a section", "+++\ntitle = 'T'\n[section]\na = 1\n+++\n", "section is neither"},
		{"numbers in tags", "---\ntags: [ia, 2026]\n---\n", "a.md:2: tags is a list that holds more than texts"},
		{"numbers in TOML tags", "+++\ntags = ['ia', 2026]\n+++\n", "a.md:2: tags is a list that holds more than texts"},
		{"alias", "---\nx: &x a\ntitle: *x\n---\n", "a.md:3: title is neither"},
		{"language", "---\ntitle: T\nurl: https://example.org/\nlanguage: français\n---\n", "a.md:4: language"},
		{"two at once, by line", "---\ntitle: 3\nauthor: [a]\nsummary: 4\n---\n", "a.md:2: title is a number: write a text, between quotes if need be\na.md:3: author is a list: write a text, between quotes if need be\na.md:4: summary"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := source.ParseMarkdown("a.md", []byte(tt.text), nil)
			if err == nil {
				t.Fatalf("read as %+v", got)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q, want %q in it", err, tt.want)
			}
		})
	}
}

func TestReadFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one := write("one.md", "---\ntitle: Un\nurl: https://example.org/1\n---\n")
	bad := write("bad.md", "---\ntitle: Deux\n---\n")
	large := write("large.md", strings.Repeat("x", 6<<20))
	three := write("three.md", "+++\ntitle = 'Trois'\nurl = 'https://example.org/3'\n+++\n")
	none := filepath.Join(dir, "none.md")

	files, err := source.ReadFiles(nil, one, bad, none, large, dir, three)
	var paths []string
	for _, f := range files {
		paths = append(paths, f.Path+" "+f.Article.Title)
	}
	if diff := cmp.Diff([]string{one + " Un", three + " Trois"}, paths); diff != "" {
		t.Error(diff)
	}
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		bad + ":1: url is missing", none + ": no such file or directory", large + ": is larger than", dir + ": is a folder",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
}

// FuzzParseMarkdown: whatever the bytes, an error that names the file or an article that may be stored.
func FuzzParseMarkdown(f *testing.F) {
	for _, seed := range []string{
		"---\ntitle: T\nurl: https://example.org/\ntags: [a, \"b\"]\npublished: 2026-10-27\n---\ntexte\n",
		"+++\ntitle = 'T'\nurl = 'https://example.org/'\npublished = 2026-10-27T07:30:00Z\n[a.b]\nc = [1, {d = 2}]\n+++\n",
		"---\n? [a]\n: &b {c: *b, <<: *b}\ntitle: >-\n  x\n--- \n", "---\n", "---\r\ntitle: |\r\n---\r\n", "\ufeff+++\n\"a\".'b' = \"\"\"\n\\u00e9\"\"\"\n+++",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := source.ParseMarkdown("a.md", data, nil)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "a.md:") {
				t.Errorf("error %q does not name its file", err)
			}
			return
		}
		if err := a.Validate(); err != nil {
			t.Errorf("read, but not valid: %v", err)
		}
		if a.URL == "" {
			t.Error("no address")
		}
	})
}

// The examples of the manual are read as the manual says.
func TestParseMarkdown_manual(t *testing.T) {
	manual, err := os.ReadFile("../../docs/articles.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := strings.Split(string(manual), "```markdown\n")[1:]
	if len(examples) != 2 {
		t.Fatalf("%d examples", len(examples))
	}
	for i, want := range []struct{ title, body string }{{"Agents : bien débuter", "Un agent agit"}, {"Agents : choisir une tâche", "La bonne tâche"}} {
		text, _, _ := strings.Cut(examples[i], "```")
		got, err := source.ParseMarkdown("manual.md", []byte(text), paris())
		if err != nil {
			t.Fatal(err)
		}
		published := time.Date(2026, 10, 27, 6, 30, 0, 0, time.UTC)
		if got.Title != want.title || len(got.Tags) != 2 || !got.Published.Equal(published) || !strings.HasPrefix(got.Body, want.body) {
			t.Errorf("read as %+v", got)
		}
	}
}
