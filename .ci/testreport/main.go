// Command testreport reads the output of `go test -json` and shows what people want of it: one line for each package, the
// whole output of what failed, and aloud, at the end, every test that was skipped and why.
//
// It fails when a test failed, when nothing was tested, and, under CI=true, when a test was skipped.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() {
	if err := report(os.Stdin, os.Stdout, os.Getenv("CI") == "true"); err != nil {
		fmt.Fprintln(os.Stderr, "FAIL:", err)
		os.Exit(1)
	}
}

// An event is a line of `go test -json`; see `go doc test2json`, and for builds `go help buildjson`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build
	Test       string
	Output     string
}

// A summary is what was seen of a run.
type summary struct {
	output  map[string][]string // of tests that have not ended, by package and test
	tested  int
	failed  int
	skipped []string
}

func report(in io.Reader, out io.Writer, strict bool) error {
	s := summary{output: map[string][]string{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Action == "" {
			e = event{Action: "build-output", Output: lines.Text() + "\n"}
		}
		if _, err := io.WriteString(out, s.take(e)); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return s.conclude(out, strict)
}

// take notes an event and returns what is to be shown of it at once.
func (s *summary) take(e event) string {
	if e.Test == "" {
		return s.takePackage(e)
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		s.output[key] = append(s.output[key], e.Output)
	case "pass":
		s.tested++
		delete(s.output, key)
	case "skip":
		s.skipped = append(s.skipped, key+": "+reason(s.output[key]))
		delete(s.output, key)
	case "fail":
		s.failed++
		shown := strings.Join(s.output[key], "")
		delete(s.output, key)
		return shown
	}
	return ""
}

func (s *summary) takePackage(e event) string {
	switch e.Action {
	case "fail":
		s.failed++
		return s.unended(e.Package)
	case "output", "build-output":
		if e.Output != "PASS\n" {
			return e.Output
		}
	case "build-fail":
		s.failed++
	}
	return ""
}

// unended returns the output of the tests that a panic or a deadline cut off.
func (s *summary) unended(pkg string) string {
	var shown strings.Builder
	for key, output := range s.output {
		if strings.HasPrefix(key, pkg+" ") {
			shown.WriteString(strings.Join(output, ""))
			delete(s.output, key)
		}
	}
	return shown.String()
}

// reason is what a skipped test said, without the frame around it.
func reason(output []string) string {
	var said []string
	for _, line := range output {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- SKIP") {
			said = append(said, line)
		}
	}
	if len(said) == 0 {
		return "it did not say why"
	}
	return strings.Join(said, " ")
}

func (s *summary) conclude(out io.Writer, strict bool) error {
	slices.Sort(s.skipped)
	for _, line := range s.skipped {
		if _, err := fmt.Fprintln(out, "SKIPPED", line); err != nil {
			return err
		}
	}
	switch {
	case s.failed > 0:
		return fmt.Errorf("%d tests or packages failed", s.failed)
	case s.tested == 0:
		return fmt.Errorf("nothing was tested")
	case strict && len(s.skipped) > 0:
		return fmt.Errorf("%d tests were skipped, and under CI=true none may be", len(s.skipped))
	}
	_, err := fmt.Fprintf(out, "%d tests passed, %d were skipped\n", s.tested, len(s.skipped))
	return err
}
