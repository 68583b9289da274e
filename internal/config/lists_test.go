package config

import (
	"errors"
	"strings"
	"testing"
)

// told are the problems of a settings file, each without where it stands, and with what to do where the second of two lines says it.
func told(t *testing.T, file string) []string {
	t.Helper()
	here(t, "facteur.toml", file)
	_, err := Load(Options{})
	found, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("%s\nis taken: %v", file, err)
	}
	var all []string
	for _, p := range found.Problems {
		_, what, _ := strings.Cut(p.What, ": ")
		all = append(all, what+" | "+p.Do)
	}
	return all
}

// expect fails the test unless the problems of a file are these in this order, each by its beginning.
func expect(t *testing.T, file string, want ...string) {
	t.Helper()
	got := told(t, file)
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("nobody tells %q", want[i])
		case i >= len(want) || !strings.HasPrefix(got[i], want[i]):
			t.Errorf("told is    %q", got[i])
		}
	}
}

// Of a list nobody has to correct one entry to hear of the next.
func TestLoad_TellsOfAllEntriesOfAList(t *testing.T) {
	expect(t, `[web]
origins = ["https://a.fr/b", "https://a.fr", "ftp://c.fr"]
trusted_proxies = ["proxy", "10.0.0.1", "other"]
[groups.x]
domains = ["A.fr", "b.fr", "orange.fr"]
[newsletters.hebdo]
minimum = 40
sections = [
  { name = "a", title = "A", quota = 2, minimum = 3 },
  { name = "B b", quota = 0, updated = 101 },
  { name = "c", title = "C", qouta = 2 },
  7,
  { name = "a", title = "A", quota = 2 },
  { name = "d", title = "D", quota = "2" },
  { name = "e", title = "E", quota = 1, recall = true },
  { name = "f", title = "F", quota = 1, recall = true },
]
[sources.s]
kind = "folder"
path = "x"
tags = ["…", "q", "!"]
languages = ["fr", "français", "klingon"]
rules = [{ tag = "a" }, { section = "a", title = "!" }, { section = "cuisine" }, { tag = "b", secton = "a" }, { tag = "a", section = "a" }]
`,
		"unknown key newsletters.hebdo.sections[3].qouta | did you mean newsletters.hebdo.sections[3].quota?",
		"newsletters.hebdo.sections[4] is 7, expected a table",
		`newsletters.hebdo.sections[6].quota is "2", expected a whole number`,
		"unknown key sources.s.rules[4].secton",
		`web.origins: "https://a.fr/b": the pages stand`, `web.origins: "ftp://c.fr": not a full`,
		`web.trusted_proxies: "proxy": not an address`, `web.trusted_proxies: "other": not an address`,
		`groups.x.domains: "A.fr": not a domain`, `groups.x.domains: "orange.fr": it is in groups.orange`,
		`sources.s.rules: rule 1: it needs a section`,
		`sources.s.rules: rule 2: it holds no letter`,
		`sources.s.rules: rule 3: "cuisine" is no section of any newsletter; there are a, c, d |`, `sources.s.rules: rule 3: it needs a tag`,
		`sources.s.rules: rule 5: rule 1 fits whatever it would`,
		`sources.s.tags: "…": it holds no letter`, `sources.s.tags: "!": it holds no letter`,
		`sources.s.languages: "français": not the code`, `sources.s.languages: "klingon": not the code`,
		`newsletters.hebdo.sections: section "a" needs a minimum`,
		`newsletters.hebdo.sections: section 2 needs a name`, `newsletters.hebdo.sections: section 2 needs a title`, `newsletters.hebdo.sections: section 2 needs a quota`, `newsletters.hebdo.sections: section 2 needs an updated`,
		`newsletters.hebdo.sections: section "a" stands twice`,
		`newsletters.hebdo.sections: section "f" is the second that recalls`,
	)
}

// Of two sections of one newsletter that mean another in the first both are told, each once.
func TestLoad_TellsOfAllSectionsThatMeanAnother(t *testing.T) {
	expect(t, `[newsletters.hebdo]
sections = [{ name = "a", title = "A", quota = 1 }, { name = "b", title = "B", quota = 1 }]
[newsletters.soir]
schedule = "@daily"
sections = [{ name = "x", title = "A", quota = 1 }, { name = "y", title = "B", quota = 1 }, { name = "z", title = "Z", quota = 1 }]
`, `newsletters.soir.sections: "A" is section "x" here`, `newsletters.soir.sections: "B" is section "y" here`)
}

// What can have no effect is not meant.
func TestSources_withoutEffect(t *testing.T) {
	for keys, want := range map[string]string{
		`tags = ["Café", "q"]
without_tags = ["CAFE"]`: `tags: "Café": without_tags keeps out what has this tag, so that it has no effect | take it out of the one or of the other`,
		`words = ["l’intelligence artificielle", "robot"]
without_words = ["pub", "Intelligence"]`: `words: "l’intelligence artificielle": without_words keeps out what has "Intelligence", so that it has no effect | take it out, or "Intelligence" out of without_words`,
		`rules = [{ tag = "q", section = "guides" }, { tag = "Q", section = "prompts" }]`:                                   `rules: rule 2: rule 1 fits whatever it would, so that it has no effect | take it out, or put it before the other if it is the narrower one`,
		`rules = [{ title = "guide", section = "guides" }, { tag = "q", title = "le Guide complet", section = "prompts" }]`: "rules: rule 2: rule 1 fits",
		`rules = [{ tag = "q", section = "guides" }, { tag = "r", section = "guides" }, { tag = "r", section = "guides" }]`: "rules: rule 3: rule 2 fits",
		"without_tags = [\"q\"]\nrules = [{ tag = \"q\", title = \"a\", section = \"guides\" }]":                            "rules: rule 1: without_tags keeps out what has this tag",
		"without_words = [\"vente flash\"]\nrules = [{ tag = \"q\", title = \"une vente flash\", section = \"guides\" }]":   `rules: rule 1: without_words keeps out what has "vente flash"`,
		"tags = [\"r\"]\nwithout_tags = [\"q\"]\nrules = [{ tag = \"q\", section = \"guides\" }, { section = \"guides\" }]": `rules: rule 1: without_tags`,
	} {
		got := told(t, "[sources.s]\nkind = \"folder\"\npath = \"x\"\n"+keys)
		if !strings.HasPrefix(got[0], "sources.s."+want) {
			t.Errorf("%s\ntold is %q", keys, got)
		}
	}
	here(t, "facteur.toml", `[sources.s]
kind = "folder"
path = "x"
tags = ["C", "q"]
without_tags = ["C#", "pub"]
words = ["intelligence artificielle"]
without_words = ["artificielle humaine", "intelligences"]
rules = [
  { tag = "q", title = "guide", section = "guides" }, { tag = "q", section = "prompts" }, { title = "guide", section = "guides" },
  { title = "guides", section = "guides" }, { tag = "C", section = "prompts" }, { tag = "C++", section = "prompts" },
]`)
	if _, err := Load(Options{}); err != nil {
		t.Errorf("each has its effect: %v", err)
	}
}
