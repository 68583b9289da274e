package docs_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The tables of architecture.md say which packages there are, who imports whom and where each library lives.
func TestArchitecture(t *testing.T) {
	text, err := os.ReadFile("architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	p, err := parsePicture(string(text))
	if err != nil {
		t.Fatal(err)
	}
	tree := readTree(t, "..")
	if len(tree) < 5 {
		t.Fatalf("only %d packages found: this test looks in the wrong place", len(tree))
	}
	for _, fault := range p.faults(tree) {
		t.Errorf("%s (docs/architecture.md)", fault)
	}
}

// No package has state, an init function or a name that says nothing.
func TestHouseRules(t *testing.T) {
	for _, u := range readTree(t, "..") {
		for _, fault := range u.faults {
			t.Error(fault)
		}
	}
}

const fakePicture = `
## The floors

| Floor | Package | What it is | May import |
| --- | --- | --- | --- |
| 3 | ~hall~ | top | ~shop~, floor 0 |
| 2 | ~shop~, ~store~ | wiring | everything below, ~art~ |
| 1 | ~cellar~ | pure | everything below |
| 0 | ~stone~ | words | nothing of ours |
| – | ~art~ | pictures | nothing of ours |
| tests | ~dolltest~ | a doll | anything |

## One home for each technology

| Technology | Import path | Home |
| --- | --- | --- |
| the web | ~net/http~ | ~shop~ |
| paint | ~example.org/paint~ | ~cellar~, ~shop~ |
| a colour | ~example.org/paint/red~ | ~shop~ |
| the language | ~golang.org/x~ | anywhere |

## What a floor does without

| Floors | Does not import | Does not use | Why |
| --- | --- | --- | --- |
| 0–1 | ~os~ | ~time.Now~ | pure |
`

func TestArchitectureCanFail(t *testing.T) {
	p, err := parsePicture(strings.ReplaceAll(fakePicture, "~", "`"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		unit unit
		want []string
	}{
		"downwards":              {unit{name: "cellar", imports: []string{"facteur/internal/stone", "strings"}}, nil},
		"named":                  {unit{name: "shop", imports: []string{"facteur/art", "facteur/internal/cellar"}}, nil},
		"a test's own package":   {unit{name: "dolltest", imports: []string{"facteur/internal/hall", "net/http"}}, nil},
		"at home":                {unit{name: "cellar", imports: []string{"example.org/paint", "example.org/paint/blue"}}, nil},
		"the language's own":     {unit{name: "stone", imports: []string{"golang.org/x/text/language"}}, nil},
		"the clock higher up":    {unit{name: "shop", uses: []string{"time.Now"}}, nil},
		"not in the picture":     {unit{name: "attic"}, []string{"attic stands in no row of the floors"}},
		"upwards":                {unit{name: "stone", imports: []string{"facteur/internal/cellar"}}, []string{"stone imports cellar; it may import []"}},
		"a neighbour":            {unit{name: "shop", imports: []string{"facteur/internal/store"}}, []string{"shop imports store; it may import [art cellar stone]"}},
		"a floor skipped":        {unit{name: "hall", imports: []string{"facteur/internal/cellar"}}, []string{"hall imports cellar; it may import [shop stone]"}},
		"a doll in the product":  {unit{name: "shop", imports: []string{"facteur/internal/dolltest"}}, []string{"shop imports dolltest, which is for tests only"}},
		"away from home":         {unit{name: "store", imports: []string{"net/http/httptest"}}, []string{"store imports net/http/httptest, whose home is [shop]"}},
		"the longer row counts":  {unit{name: "cellar", imports: []string{"example.org/paint/red"}}, []string{"cellar imports example.org/paint/red, whose home is [shop]"}},
		"a library without home": {unit{name: "shop", imports: []string{"example.org/glue"}}, []string{"shop imports example.org/glue, which has no home"}},
		"a banned import":        {unit{name: "cellar", imports: []string{"os"}}, []string{"cellar imports os, which floor 1 does without"}},
		"the clock":              {unit{name: "stone", uses: []string{"time.Now"}}, []string{"stone uses time.Now, which floor 0 does without"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, p.faults([]unit{test.unit})); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPictureThatCannotBeRead(t *testing.T) {
	for name, text := range map[string]string{
		"no heading":       "# Architecture\n",
		"no table":         "\n## The floors\n\nText.\n\n## Next\n",
		"a column missing": strings.Replace(fakePicture, "| wiring ", "", 1),
		"floors of a ban":  strings.Replace(fakePicture, "| 0–1 |", "| low |", 1),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parsePicture(text); err == nil {
				t.Error("it was read")
			}
		})
	}
}
