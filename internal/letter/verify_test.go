package letter_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// dkimPython is a Python that has dkimpy: Debian's, where another comes first.
func dkimPython(t *testing.T) string {
	t.Helper()
	for _, python := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(python, "-c", "import dkim, nacl").Run() == nil {
			return python
		}
	}
	lacks(t, "dkimpy", "apt-get install -y python3-dkim")
	return ""
}

// dkimpy, which shares no code with what else verifies here, takes the signatures of every letter, and none of a letter that was changed.
func TestSignaturesVerifyElsewhere(t *testing.T) {
	python, keys := dkimPython(t), bothKeys(t)
	var names []string
	var passes []bool
	var asked struct {
		Zone     map[string]string `json:"zone"`
		Messages [][]byte          `json:"messages"`
	}
	asked.Zone = published(t, keys)
	for _, g := range goldens(t) {
		message := string(signed(t, g, keys))
		for _, c := range changes(message) {
			if c.name == "nothing changed" || isGolden(g.name) && !strings.Contains(g.name, "-") {
				names, passes = append(names, g.name+": "+c.name), append(passes, c.pass)
				asked.Messages = append(asked.Messages, []byte(c.do(message)))
			}
		}
	}
	input, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(python, "testdata/verify.py")
	command.Stdin, command.Stderr = bytes.NewReader(input), os.Stderr
	output, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers [][]string
	if err := json.Unmarshal(output, &answers); err != nil {
		t.Fatal(err)
	}
	if len(answers) != len(names) {
		t.Fatalf("%d answers to %d messages", len(answers), len(names))
	}
	for i, signatures := range answers {
		if len(signatures) != len(keys) {
			t.Errorf("%s: %d signatures", names[i], len(signatures))
		}
		for j, why := range signatures {
			if (why == "") != passes[i] {
				t.Errorf("%s: signature %d: %q", names[i], j, why)
			}
		}
	}
}
