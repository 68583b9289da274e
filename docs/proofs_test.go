package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testRun  = regexp.MustCompile("go test (\\./[a-z/]+) -run (?:'([^']+)'|([^\\s`']+))")
	testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
)

// Every test that a document names for people to run is there.
func TestNamedTestsExist(t *testing.T) {
	named := 0
	for _, document := range documents(t) {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range testRun.FindAllStringSubmatch(string(text), -1) {
			names, _, _ := strings.Cut(strings.ReplaceAll(m[2]+m[3], `\|`, "|"), "/") // what stands behind is of a test within
			if names == "xxx" {                                                       // benchmarks alone
				continue
			}
			named++
			for name := range strings.SplitSeq(names, "|") {
				if pattern, err := regexp.Compile(name); err != nil || !hasTest(t, filepath.Join("..", m[1]), pattern) {
					t.Errorf("%s: %s names no test %q (%v)", document, m[0], name, err)
				}
			}
		}
	}
	if named < 10 {
		t.Errorf("only %d tests are named: this test looks in the wrong place", named)
	}
}

// hasTest says whether a package has a test of that name.
func hasTest(t *testing.T, folder string, name *regexp.Regexp) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range testFunc.FindAllStringSubmatch(string(source), -1) {
			if name.MatchString(m[1]) {
				return true
			}
		}
	}
	return false
}
