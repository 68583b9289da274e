package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	passed = `{"Action":"run","Package":"a","Test":"TestA"}
{"Action":"output","Package":"a","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"pass","Package":"a","Test":"TestA"}
{"Action":"output","Package":"a","Output":"PASS\n"}
{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}
{"Action":"pass","Package":"a"}
`
	skipped = `{"Action":"output","Package":"a","Test":"TestB","Output":"=== RUN   TestB\n"}
{"Action":"output","Package":"a","Test":"TestB","Output":"    b_test.go:1: no python3; apt-get install python3\n"}
{"Action":"output","Package":"a","Test":"TestB","Output":"--- SKIP: TestB (0.00s)\n"}
{"Action":"skip","Package":"a","Test":"TestB"}
`
	failed = `{"Action":"output","Package":"a","Test":"TestC","Output":"    c_test.go:1: wrong\n"}
{"Action":"fail","Package":"a","Test":"TestC"}
{"Action":"output","Package":"a","Output":"FAIL\ta\t0.1s\n"}
{"Action":"fail","Package":"a"}
`
	broken = `{"ImportPath":"a","Action":"build-output","Output":"a.go:1: syntax error\n"}
{"ImportPath":"a","Action":"build-fail"}
`
	cutOff = `{"Action":"output","Package":"a","Test":"TestD","Output":"panic: oh\n"}
{"Action":"fail","Package":"a"}
`
)

func TestReport(t *testing.T) {
	for name, test := range map[string]struct {
		in     string
		strict bool
		out    string
		err    string
	}{
		"passed":               {passed, true, "ok  \ta\t0.1s\n1 tests passed, 0 were skipped\n", ""},
		"skipped":              {passed + skipped, false, "ok  \ta\t0.1s\nSKIPPED a TestB: b_test.go:1: no python3; apt-get install python3\n1 tests passed, 1 were skipped\n", ""},
		"skipped under CI":     {passed + skipped, true, "ok  \ta\t0.1s\nSKIPPED a TestB: b_test.go:1: no python3; apt-get install python3\n", "1 tests were skipped, and under CI=true none may be"},
		"failed":               {passed + failed, false, "ok  \ta\t0.1s\n    c_test.go:1: wrong\nFAIL\ta\t0.1s\n", "2 tests or packages failed"},
		"not built":            {passed + broken, false, "ok  \ta\t0.1s\na.go:1: syntax error\n", "1 tests or packages failed"},
		"cut off":              {passed + cutOff, false, "ok  \ta\t0.1s\npanic: oh\n", "1 tests or packages failed"},
		"nothing":              {"", false, "", "nothing was tested"},
		"words of the command": {"go: no such tool\n", false, "go: no such tool\n", "nothing was tested"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			err := report(strings.NewReader(test.in), &out, test.strict)
			if diff := cmp.Diff(test.out, out.String()); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
			said := ""
			if err != nil {
				said = err.Error()
			}
			if said != test.err {
				t.Errorf("error %q, want %q", said, test.err)
			}
		})
	}
}
