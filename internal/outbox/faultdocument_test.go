package outbox_test

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the table of faults in docs/reliability.md anew")

const (
	reliability   = "../../docs/reliability.md"
	faultsHeading = "## Servers that misbehave\n"
)

// The section of docs/reliability.md on servers that misbehave is the table of faults. The rest of the page is not touched.
func TestFaultsDocument(t *testing.T) {
	page, err := os.ReadFile(reliability)
	if errors.Is(err, fs.ErrNotExist) {
		page, err = []byte("# Reliability\n\n"+faultsHeading), nil
	}
	if err != nil {
		t.Fatal(err)
	}
	before, section, found := strings.Cut(string(page), faultsHeading)
	if !found {
		before += "\n"
	}
	section, after, more := strings.Cut(section, "\n## ")
	if more {
		after = "\n## " + after
	}
	want := faultsSection()
	if *update {
		if err := os.WriteFile(reliability, []byte(before+faultsHeading+want+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(section, want); diff != "" {
		t.Errorf("docs/reliability.md is stale; `make generate` writes it anew (-file +code):\n%s", diff)
	}
}

func faultsSection() string {
	var b strings.Builder
	b.WriteString(`
<!-- Written by ` + "`go test ./internal/outbox -run TestFaultsDocument -update`" + ` from the rows of TestFaults. -->

What a relay says or does decides only about the letter at hand: the others on the same connection, or on the next one, go out, unless the relay asked
for fewer letters. Each row below is a test over a real socket, with the real sender and the real ledger, once with commands sent
one after the other and once with those of a letter behind the content of the one before (PIPELINING); where that makes a difference there are two rows. Three letters are due, and the second
meets the fault; at the door and where it says so, all three do. At the door no letter is blamed: ` + "`serve`" + ` logs the reason and tries again after a second, then after longer
waits of at most five minutes, and ` + "`drain`" + ` ends with it.

` + "```sh\ngo test ./internal/outbox -run 'TestFaults$' -v   # this table\ngo test ./internal/transport -run TestFaults -v   # much of it again, with the waits of RFC 5321 §4.5.3.2 in virtual time, under TLS\n```" + `

- **The letter** is what it ends as when nothing is due any more. ` + "`deferred`" + ` is due again after the first wait of the settings, then after longer ones;
  nothing else is tried again but a letter whose answer was lost, once, where ` + "`unknown`" + ` letters are resent.
- **Written down** is the try in the ledger: how far the letter came, and the server's words without the reader's address. A try without a code
  has what was seen instead.
- **Read as** is what else the refusal means: the mailbox does not exist (its address is suppressed), the refusal is about the sender (it never
  counts against a reader), or the server wants fewer letters.
- **Connection** says whether it serves the next letter.
`)
	for _, group := range faultGroups() {
		fmt.Fprintf(&b, "\n### %s\n\n| The server | The letter | Written down | Read as | Connection |\n| --- | --- | --- | --- | --- |\n", group.name)
		for _, f := range group.faults {
			b.WriteString(f.row())
			if f.together != nil {
				f.together(&f)
				f.does += ", where commands go together"
				b.WriteString(f.row())
			}
		}
	}
	return b.String()
}

func (f fault) row() string {
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", cell(f.does), f.letterCell(), f.writtenCell(), f.reads, f.connectionCell())
}

func (f fault) letterCell() string {
	text := fmt.Sprintf("`%s`", f.state)
	if f.tries > 1 {
		text += fmt.Sprintf(" after %d tries", f.tries)
	}
	if f.got > 1 {
		text += fmt.Sprintf("; the server has %d", f.got)
	}
	if f.all {
		text += ", all three"
	}
	return text
}

// writtenCell is short, for the table is to be read: the tests compare the whole.
func (f fault) writtenCell() string {
	const longest = 90
	words := []rune(f.said)
	if len(words) > longest {
		words = append(words[:longest], '…')
	}
	said := "`` " + cell(string(words)) + " ``"
	if f.said == lost {
		said = lost
	}
	if f.stage == "" {
		return "no try: " + said
	}
	return fmt.Sprintf("`%s`: %s", f.stage, said)
}

func (f fault) connectionCell() string {
	switch f.made {
	case 1:
		return "goes on"
	case 2:
		return "ends"
	case 3:
		return "ends, as does the next"
	default:
		return "none"
	}
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
