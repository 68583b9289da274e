package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"facteur/internal/newsletter"
)

func TestListAlignsWideCharacters(t *testing.T) {
	var p page
	p.list([]string{"TITLE", "N"}, [][]string{{"世界", "1"}, {"Été", "12"}, {"plain", ""}}, "N")
	const want = "TITLE   N\n" +
		"世界    1\n" +
		"Été    12\n" +
		"plain\n"
	if diff := cmp.Diff(want, p.String()); diff != "" {
		t.Error(diff)
	}
}

func TestClipCountsColumns(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"short", "short"},
		{"世界世界世界", "世界世界…"},
		{"one\ntwo", "one two"},
		{"exactly te", "exactly te"},
		{"no-break\u00a0x", "no-break\u00a0x"},
		{"\x1b[31mred", " [31mred"},
	} {
		if got := clip(test.text, 10); got != test.want {
			t.Errorf("clip(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

// At a terminal no row is wider than it: titles give way, first beside their rows and then under them. Elsewhere nothing is cut.
func TestTitlesGiveWayToTheTerminal(t *testing.T) {
	heading := []string{"ID", "RULE", "TITLE"}
	rows := [][]string{{"1", "new", "Été à la mer, une carte des plages ouvertes"}, {"12", "carried-by hebdo/1", "世界世界世界世界世界世界世界"}, {"3", "new", "Court"}}
	for columns, want := range map[int]string{
		0: "ID  RULE                TITLE\n" +
			" 1  new                 Été à la mer, une carte des plages ouvertes\n" +
			"12  carried-by hebdo/1  世界世界世界世界世界世界世界\n" +
			" 3  new                 Court\n",
		44: "ID  RULE                TITLE\n" +
			" 1  new                 Été à la mer, une c…\n" +
			"12  carried-by hebdo/1  世界世界世界世界世…\n" +
			" 3  new                 Court\n",
		30: "ID  RULE\n    TITLE\n" +
			" 1  new\n    Été à la mer, une carte d…\n" +
			"12  carried-by hebdo/1\n    世界世界世界世界世界世界…\n" +
			" 3  new\n    Court\n",
	} {
		p := page{columns: columns}
		p.titled(heading, rows, "ID")
		if diff := cmp.Diff(want, p.String()); diff != "" {
			t.Errorf("%d columns: %s", columns, diff)
		}
	}
}

func TestSentencesBreakBetweenWordsAtATerminal(t *testing.T) {
	for columns, want := range map[int]string{
		0:  "Été\u00a0: 12 été, 3 mer. http://site.example/\n",
		12: "Été\u00a0: 12\nété, 3 mer.\nhttp://site.example/\n",
		14: "Été\u00a0: 12 été,\n3 mer.\nhttp://site.example/\n",
	} {
		p := page{columns: columns}
		p.tell("%s: 12 été, %d mer. http://site.example/", "Été\u00a0", 3)
		if diff := cmp.Diff(want, p.String()); diff != "" {
			t.Errorf("%d columns: %s", columns, diff)
		}
	}
}

// A command at the end of a sentence stays in one piece, to be copied.
func TestCommandsStayWhole(t *testing.T) {
	p := page{columns: 30}
	p.tell("It stays home; to bring one: %s", "facteur article pin ID --newsletter hebdo")
	p.tell("Now: %s", "facteur digest why")
	const want = "It stays home; to bring one:\nfacteur article pin ID --newsletter hebdo\nNow: facteur digest why\n"
	if diff := cmp.Diff(want, p.String()); diff != "" {
		t.Error(diff)
	}
}

// What digest why says of articles keeps to the terminal.
func TestVerdictsKeepToTheTerminal(t *testing.T) {
	n := newsletter.Newsletter{Name: "hebdo", Zone: time.UTC, FirstHorizon: 8 * 24 * time.Hour, Sections: []newsletter.Section{{Name: "guides", Quota: 2}}}
	old := newsletter.Verdict{Rule: newsletter.RuleTooOld, Back: true, Candidate: newsletter.Candidate{Article: 1, Title: strings.Repeat("é à ", 40)}, Place: "guides"}
	for _, columns := range []int{72, 80, 100, 200} {
		p := page{columns: columns}
		p.why(whyView{Verdicts: viewVerdicts(n, []newsletter.Verdict{old, old})}, n, false)
		for line := range strings.Lines(p.String()) {
			if got := wide(strings.TrimSuffix(line, "\n")); got > columns {
				t.Errorf("a line of %d columns at %d: %s", got, columns, line)
			}
		}
	}
}

// What has no room in a line goes on below it, and a sentence breaks between words; in a pipe each row is a line.
func TestReasonsGiveWayToTheTerminal(t *testing.T) {
	heading := []string{"SOURCE", "SINCE", "NAME", "N", "REASON"}
	rows := [][]string{{"site", "2026-11-27 18:50", "un-fichier.md", "12", "line 1: title is missing: give the article a title"}, {"base", "", "id 3", "7", "é"}}
	for columns, want := range map[int]string{
		0: "SOURCE  SINCE             NAME            N  REASON\n" +
			"site    2026-11-27 18:50  un-fichier.md  12  line 1: title is missing: give the article a title\n" +
			"base                      id 3            7  é\n",
		87: "SOURCE  SINCE             NAME            N  REASON\n" +
			"site    2026-11-27 18:50  un-fichier.md  12  line 1: title is missing: give the article\n" +
			"                                             a title\n" +
			"base                      id 3            7  é\n",
		48: "SOURCE  SINCE             NAME            N\n" +
			"        REASON\n" +
			"site    2026-11-27 18:50  un-fichier.md  12\n" +
			"        line 1: title is missing: give the\n" +
			"        article a title\n" +
			"base                      id 3            7\n" +
			"        é\n",
		30: "SOURCE  SINCE\n" +
			"        NAME            N\n" +
			"        REASON\n" +
			"site    2026-11-27 18:50\n" +
			"        un-fichier.md  12\n" +
			"        line 1: title is\n" +
			"        missing: give the\n" +
			"        article a title\n" +
			"base\n" +
			"        id 3            7\n" +
			"        é\n",
	} {
		p := page{columns: columns}
		p.reasoned(heading, rows, "N")
		if diff := cmp.Diff(want, p.String()); diff != "" {
			t.Errorf("%d columns: %s", columns, diff)
		}
	}
}

// What article show and source list say keeps to the terminal, but for addresses, code and tables, which stay whole.
func TestArticlesAndSourcesKeepToTheTerminal(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("été à ", 60))
	const address = "https://site.example/une-adresse-qui-est-plus-longue-que-bien-des-terminaux-et-qui-reste-entiere-pour-etre-copiee"
	member := memberView{ID: 1, URL: address, Title: long, Source: "site", CarriedBy: []string{"hebdo/1", "quotidienne/12"}}
	article := articleView{
		ID: 1, URL: address, Title: long, Author: long, Tags: []string{long}, Summary: long, Body: long + "\n\n    " + address + "\n| " + address + " |",
		Hidden: true, Nowhere: true, Section: "guide", Picture: &pictureView{Source: address, Alt: long, Tries: 1, Reason: long},
		Story: []memberView{member, member}, Partings: []partingView{{Article: 1, From: 2}}, Back: []catalogueView{{Newsletter: "hebdo", Pin: "facteur article pin 1"}},
	}
	source := sourceView{
		Name: "base-de-la-redaction", Place: address, Tried: time.Unix(0, 0), Moved: address,
		Trouble: &brokenView{What: long, Do: long, Tries: 3}, Mended: &mendedView{},
	}
	for _, columns := range []int{60, 80, 100, 200} {
		p := page{columns: columns}
		p.article(article, time.UTC)
		p.sources([]sourceView{source, source}, time.Time{}, time.UTC)
		for line := range strings.Lines(p.String()) {
			if got := wide(strings.TrimSuffix(line, "\n")); got > columns && !strings.Contains(line, address) {
				t.Errorf("a line of %d columns at %d: %s", got, columns, line)
			}
		}
		if whole := strings.Count(p.String(), address); whole != 10 {
			t.Errorf("%d columns: %d addresses are whole", columns, whole)
		}
	}
}

func TestStampIsOnTheNewslettersWall(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	if got := stamp(time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC), paris); got != "2026-07-02 00:30" {
		t.Errorf("stamp = %q", got)
	}
	if got := stamp(time.Time{}, paris); got != "" {
		t.Errorf("stamp of no instant = %q", got)
	}
}

func TestColoursObeyTheEnvironment(t *testing.T) {
	for _, test := range []struct {
		environ string
		want    bool
	}{
		{"NO_COLOR=1", true}, {"NO_COLOR=", false}, {"TERM=dumb", true}, {"TERM=xterm NO_COLOR=x", false},
	} {
		if got := (&shell{IO: IO{Environ: []string{test.environ}}}).plain(); got != test.want {
			t.Errorf("plain with %s = %t", test.environ, got)
		}
	}
}

func TestParseInstant(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range []string{"2026-12-01 07:00", "2026-12-01T07:00", "2026-12-01T06:00:00Z", "2026-12-01 07:00:00"} {
		got, err := parseInstant(typed, paris)
		if err != nil || stamp(got, time.UTC) != "2026-12-01 06:00" {
			t.Errorf("%s: %v, %v", typed, got, err)
		}
		slot, err := parseSlot(typed, paris)
		if err != nil || slot != "2026-12-01T07:00" {
			t.Errorf("%s: slot %q, %v", typed, slot, err)
		}
	}
	for typed, want := range map[string]string{ // what a slot means where the clock is changed
		"2027-10-31 02:30": "2027-10-31 00:30", "2027-03-28 02:30": "2027-03-28 01:00", "2027-03-28": "2027-03-27 23:00",
	} {
		if got, err := parseInstant(typed, paris); err != nil || stamp(got, time.UTC) != want {
			t.Errorf("%s: %v, %v; want %s", typed, got, err, want)
		}
		if slot, err := parseSlot(typed, paris); err != nil || slot.Wall().Format("2006-01-02 15:04")[:len(typed)] != typed {
			t.Errorf("%s: slot %q, %v", typed, slot, err)
		}
	}
	if slot, err := parseSlot("2026-12-01T07:00+2", paris); err != nil || slot.Extra() != 2 {
		t.Errorf("an extra slot: %q, %v", slot, err)
	}
	for _, typed := range []string{"soon", "2026-13-01", "07:00", strings.Repeat("9", 1000)} {
		if _, err := parseInstant(typed, paris); err == nil {
			t.Errorf("%.20q is a time", typed)
		}
		if _, err := parseSlot(typed, paris); err == nil {
			t.Errorf("%.20q is a slot", typed)
		}
	}
}
