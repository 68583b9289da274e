package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"facteur/internal/smtptest"
)

// Ctrl-C in the middle of an edition ends with how far it came, and with the exit code of a signal.
func TestDrainInterrupted(t *testing.T) {
	relay := smtptest.Start(t, smtptest.Script{})
	host, port := relay.Listen(t)
	o := newOffice(t, fmt.Sprintf("%s:%d", host, port))
	o.set("[send]\nper_hour = 1\n")
	o.write("un.md", leadArticle)
	o.run(0, "article", "add", "un.md")
	o.run(0, "subscriber", "add", "--source", "test", "lea@lecteurs.example", "noe@lecteurs.example", "zoe@lecteurs.example")
	o.run(0, "digest", "publish", "--yes")

	cmd := o.command("outbox", "drain")
	var said, complained bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &complained
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	for len(relay.Letters()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code tells
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code %d", code)
	}
	if answer, want := complained.String(), "facteur: stopped before the end\n  what was done is kept; run the command again to go on\n"; !strings.HasSuffix(answer, want) {
		t.Errorf("it ends with\n%s", answer)
	}
	if answer := said.String(); !strings.HasPrefix(answer, "1 letter sent ") || !strings.Contains(answer, "\n2 letters of hebdo/1 ") {
		t.Errorf("it says\n%s", answer)
	}
}
