package main

import (
	"bufio"
	"bytes"
	"context"
	databasesql "database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"github.com/rogpeppe/go-internal/testscript"

	"facteur/internal/smtptest"
)

// A stage is what the scripts' own commands keep for one script.
type stage struct {
	t       testing.TB
	server  *smtptest.Server
	dns     *nameServer
	running *exec.Cmd
	output  *bytes.Buffer
	read    chan struct{} // closed when the running program's output has ended
	locked  func()
}

type stageKey struct{}

func newStage(env *testscript.Env) *stage {
	s := &stage{t: env.T().(testing.TB)}
	env.Defer(func() {
		if s.running != nil {
			_ = s.running.Process.Kill()
			<-s.read
			_ = s.running.Wait()
		}
		if s.locked != nil {
			s.locked()
		}
	})
	return s
}

func on(ts *testscript.TestScript) *stage { return ts.Value(stageKey{}).(*stage) }

// code N COMMAND ARGS… runs a command that must end with exit code N. Its output is there for stdout and stderr.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N COMMAND ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
	if want != 0 {
		twoLines(ts, ts.ReadFile("stderr"))
	}
}

// twoLines holds the house rule about errors: what happened, and what to do.
func twoLines(ts *testscript.TestScript, stderr string) {
	lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
	last := lines[len(lines)-1]
	if len(lines) < 2 || !strings.HasPrefix(lines[len(lines)-2], "facteur: ") || !strings.HasPrefix(last, "  ") || len(last) < 10 {
		ts.Fatalf("the error does not end with what happened and what to do:\n%s", stderr)
	}
}

// relay [KEY=ANSWER…] starts a mail server and sets SMTP to its address. Keys are those of smtptest; an answer is a
// reply, or drop, hang.
func relay(ts *testscript.TestScript, _ bool, args []string) {
	s := on(ts)
	s.server = smtptest.Start(s.t, smtptest.Script{Extensions: []string{"8BITMIME", "ENHANCEDSTATUSCODES"}})
	host, port := s.server.Listen(s.t)
	ts.Setenv("SMTP", fmt.Sprintf("smtp://%s:%d?tls=none", host, port))
	script(ts, false, args)
}

// script KEY=ANSWER… tells the mail server what to do from now on; an empty answer is the ordinary.
func script(ts *testscript.TestScript, _ bool, args []string) {
	for _, arg := range args {
		key, reply, found := strings.Cut(arg, "=")
		if !found {
			ts.Fatalf("usage: KEY=ANSWER, not %q", arg)
		}
		answer := smtptest.Answer{Reply: reply}
		switch reply {
		case "drop":
			answer = smtptest.Answer{Drop: true}
		case "hang":
			answer = smtptest.Answer{Hang: true}
		}
		on(ts).server.Answer(key, answer)
	}
}

// took N [ADDRESS] checks how many letters the mail server took, all in all or for one address.
func took(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	for _, l := range on(ts).server.Letters() {
		if len(args) == 1 || len(l.To) == 1 && l.To[0] == args[1] {
			got++
		}
	}
	if got != want {
		ts.Fatalf("the server took %d letters, not %d", got, want)
	}
}

// start PATTERN COMMAND ARGS… starts a program and waits until a line of its output matches. The pattern's first group
// becomes MATCH.
func start(ts *testscript.TestScript, _ bool, args []string) {
	s := on(ts)
	pattern := regexp.MustCompile(args[0])
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	cmd := exec.Command(path, args[2:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = strings.Split(strings.TrimSpace(environment(ts)), "\n")
	reader, writer, err := os.Pipe()
	ts.Check(err)
	cmd.Stdout, cmd.Stderr = writer, writer
	ts.Check(cmd.Start())
	ts.Check(writer.Close())
	s.running, s.output, s.read = cmd, &bytes.Buffer{}, make(chan struct{})
	match := make(chan []string, 1)
	go func() {
		defer close(s.read)
		lines := bufio.NewScanner(reader)
		for lines.Scan() {
			s.output.WriteString(lines.Text() + "\n")
			if found := pattern.FindStringSubmatch(lines.Text()); found != nil {
				select {
				case match <- found:
				default:
				}
			}
		}
	}()
	select {
	case found := <-match:
		if len(found) > 1 {
			ts.Setenv("MATCH", found[1])
		}
	case <-s.read:
		ts.Fatalf("%s ended without a line like %s:\n%s", args[1], pattern, s.output)
	case <-time.After(30 * time.Second):
		ts.Fatalf("%s said nothing like %s", args[1], pattern)
	}
}

func environment(ts *testscript.TestScript) string {
	var names []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TZ", "WORK", "FACTEUR_WEB_LISTEN", "FACTEUR_SMTP_URL", "FACTEUR_SMTP_TIMEOUT", "FACTEUR_RELAYS_MAIN_URL"} {
		if value := ts.Getenv(name); value != "" {
			names = append(names, name+"="+value)
		}
	}
	return strings.Join(names, "\n")
}

// end ends the program that start began as an operator does, checks that it ended well, and shows its output.
func end(ts *testscript.TestScript, _ bool, _ []string) {
	s := on(ts)
	ts.Check(s.running.Process.Signal(syscall.SIGTERM))
	<-s.read
	err := s.running.Wait()
	s.running = nil
	if _, bad := io.Copy(ts.Stdout(), s.output); bad != nil {
		ts.Fatalf("%v", bad)
	}
	ts.Check(err)
}

// site FOLDER serves a folder on the web, and sets SITE to its address.
func site(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: site FOLDER")
	}
	server := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs(args[0]))))
	ts.Defer(server.Close)
	ts.Setenv("SITE", server.URL)
}

// http GET|POST URL [BODY] asks a page and shows its status line and its text.
func request(ts *testscript.TestScript, _ bool, args []string) {
	body := ""
	if len(args) > 2 {
		body = args[2]
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, args[0], args[1], strings.NewReader(body))
	ts.Check(err)
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	ts.Check(err)
	_, err = fmt.Fprintf(ts.Stdout(), "%s\n%s", answer.Status, text)
	ts.Check(err)
}

var unsubscribe = regexp.MustCompile(`https?://[^/\s>"]+(/u/[A-Za-z0-9_-]+)`)

// link FILE sets LEAVE to the path of the leave link in the header of a letter.
func link(ts *testscript.TestScript, _ bool, args []string) {
	letter, err := mail.ReadMessage(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	found := unsubscribe.FindStringSubmatch(letter.Header.Get("List-Unsubscribe"))
	if found == nil {
		ts.Fatalf("no leave link in %s", letter.Header.Get("List-Unsubscribe"))
	}
	ts.Setenv("LEAVE", found[1])
}

// json FILE PATH WANT checks one value, such as letters.0.attempts.0.reply; the last part may be # for a length.
func jsonValue(ts *testscript.TestScript, _ bool, args []string) {
	var value any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &value); err != nil {
		ts.Fatalf("not one JSON value: %v", err)
	}
	for part := range strings.SplitSeq(args[1], ".") {
		switch v := value.(type) {
		case map[string]any:
			found, ok := v[part]
			if !ok {
				ts.Fatalf("no %q in %v", part, v)
			}
			value = found
		case []any:
			if part == "#" {
				value = len(v)
				continue
			}
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(v) {
				ts.Fatalf("no element %s of %d", part, len(v))
			}
			value = v[i]
		default:
			ts.Fatalf("%v has no %s", v, part)
		}
	}
	if got := fmt.Sprint(value); !regexp.MustCompile("^(?:" + args[2] + ")$").MatchString(got) {
		ts.Fatalf("%s is %q, not like %s", args[1], got, args[2])
	}
}

// sql DATABASE STATEMENT changes a database as another program would.
func sql(ts *testscript.TestScript, _ bool, args []string) {
	db, err := databasesql.Open("sqlite3", "file:"+ts.MkAbs(args[0])+"?_busy_timeout=5000")
	ts.Check(err)
	_, err = db.Exec(args[1])
	ts.Check(errors.Join(err, db.Close()))
}

// lock DATABASE keeps a write transaction open until the script says ! lock.
func lock(ts *testscript.TestScript, neg bool, args []string) {
	s := on(ts)
	if neg {
		s.locked()
		return
	}
	db, err := databasesql.Open("sqlite3", "file:"+ts.MkAbs(args[0])+"?_txlock=immediate")
	ts.Check(err)
	tx, err := db.Begin()
	ts.Check(err)
	s.locked = sync.OnceFunc(func() {
		_ = tx.Rollback()
		_ = db.Close()
	})
}
