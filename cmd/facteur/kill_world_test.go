package main

import (
	"bytes"
	"context"
	"crypto/tls"
	databasesql "database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
)

// connections is how many letters can be on the wire at once.
const connections = 4

// answer is how long the server takes for one, so that kills fall upon every word between program and server.
const answer = 500 * time.Microsecond

// hangAfter is how long a program may seem to do nothing, on the slowest of machines.
const hangAfter = 10 * time.Minute

// A world is a data folder, the program, and the mail server that takes its letters.
type world struct {
	t       testing.TB
	dir     string
	program string
	env     []string // besides what a program always needs
	sink    *smtptest.Sink
}

// newWorld sets a server going over TCP, and writes settings that lead to it.
func newWorld(t testing.TB, policy newsletter.UnknownPolicy, connections int, faults smtptest.Faults) *world {
	t.Helper()
	program, err := exec.LookPath("facteur")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dir: t.TempDir(), program: program, sink: smtptest.NewSink(faults)}
	relay := w.listen(nil)
	w.write("facteur.toml", fmt.Sprintf(`
smtp  = { url = "smtp://%s?tls=none", connections = %d }
web   = { listen = "127.0.0.1:0" }
retry = { unknown = "%s" }
[newsletters.hebdo]
schedule = "0 7 29 2 *" # no slot comes in between
`, relay, connections, policy))
	w.write("un.md", "---\ntitle: Un titre\nurl: https://site.example/un\n---\nUn résumé.\n")
	return w
}

// listen serves the sink at an address of its own, encrypted where a way is given.
func (w *world) listen(secure *tls.Config) net.Addr {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	address := l.Addr()
	if secure != nil {
		l = tls.NewListener(l, secure)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- w.sink.Serve(ctx, l) }()
	w.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
	return address
}

func (w *world) write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// enrol makes n readers.
func (w *world) enrol(n int) {
	var list strings.Builder
	list.WriteString("email\n")
	for i := range n {
		fmt.Fprintf(&list, "r%06d@lecteurs.example\n", i)
	}
	w.write("readers.csv", list.String())
	w.must("subscriber", "import", "readers.csv", "--source", "test")
}

// must runs a command to its end, which must be a good one.
func (w *world) must(args ...string) {
	w.t.Helper()
	l := w.begin(args...)
	<-l.ended
	l.check(0)
}

// drain sends what is due. That some letters did not get through (code 3) is for the ledger to tell.
func (w *world) drain() {
	w.t.Helper()
	l := w.begin("outbox", "drain")
	<-l.ended
	l.check(0, 3)
}

// A life is one run of the program.
type life struct {
	*world
	args   []string
	cmd    *exec.Cmd
	output bytes.Buffer
	ended  chan struct{}
}

func (w *world) begin(args ...string) *life {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), hangAfter)
	l := &life{world: w, args: args, cmd: exec.CommandContext(ctx, w.program, args...), ended: make(chan struct{})}
	l.cmd.Dir = w.dir
	l.cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "TMPDIR=" + os.TempDir()}
	l.cmd.Env = append(l.cmd.Env, w.env...)
	l.cmd.Stdout, l.cmd.Stderr = &l.output, &l.output
	if err := l.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() {
		defer cancel()
		_ = l.cmd.Wait() // check looks at how it ended
		close(l.ended)
	}()
	return l
}

// check fails the test when the program ended otherwise than with one of these codes.
func (l *life) check(codes ...int) {
	l.t.Helper()
	if code := l.cmd.ProcessState.ExitCode(); !slices.Contains(codes, code) {
		l.t.Fatalf("facteur %s: %s\n%s", strings.Join(l.args, " "), l.cmd.ProcessState, l.output.String())
	}
}

// await waits until the server took n letters in all, or the program ended, or for what else may end it. A kill comes at any
// instant, so that else may be a time.
func (l *life) await(n int, orElse <-chan time.Time) {
	select {
	case <-l.sink.Reached(n):
	case <-orElse:
	case <-l.ended:
	}
}

// spin lets a time go by that a timer is too coarse for.
func (l *life) spin(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		continue
	}
}

// kill ends the program with SIGKILL, unless it came to a good end before: then it returns false.
func (l *life) kill() bool {
	l.t.Helper()
	_ = l.cmd.Process.Kill() // it may have ended
	<-l.ended
	if status, ok := l.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGKILL {
		return true
	}
	l.check(0, 3)
	return false
}

// A ledger is what the database says of the edition.
type ledger struct {
	state      string
	unmade     int            // readers whose row is still to be made
	letters    map[string]int // by state
	attempting map[string]int // by reader: how often such a letter was found and settled before
}

// open is how many letters are still to leave.
func (l ledger) open() int { return l.unmade + l.letters["queued"] + l.letters["deferred"] }

// ledger reads what a commit left, and checks that everybody who was planned is somewhere.
func (w *world) ledger() ledger {
	w.t.Helper()
	l := ledger{letters: map[string]int{}, attempting: map[string]int{}}
	var planned, leftBefore int
	w.read(`SELECT e.state, e.planned, e.left_before, iif(e.state = 'queueing', count(p.id), 0)
		FROM editions e LEFT JOIN subscriptions p ON p.state = 'active' AND p.subscriber_id > e.cursor`, nil,
		func(scan func(...any) error) error { return scan(&l.state, &planned, &leftBefore, &l.unmade) })
	sum := l.unmade + leftBefore
	w.read(`SELECT state, count(*) FROM deliveries WHERE kind = 'edition' GROUP BY state`, nil, func(scan func(...any) error) error {
		var state string
		var n int
		err := scan(&state, &n)
		l.letters[state] = n
		sum += n
		return err
	})
	if sum != planned {
		w.t.Errorf("%d readers were planned, and there are %d: %d left before, %d are unmade, %v", planned, sum, leftBefore, l.unmade, l.letters)
	}
	w.read(`SELECT b.address, d.unknowns`+byReader+`WHERE d.state = 'attempting'`, nil, func(scan func(...any) error) error {
		var address string
		var settled int
		err := scan(&address, &settled)
		l.attempting[address] = settled
		return err
	})
	return l
}

const byReader = ` FROM subscribers b LEFT JOIN deliveries d ON d.subscriber_id = b.id AND d.kind = 'edition' `

// unknown lists the readers whose letter waits for the operator.
func (w *world) unknown() []string {
	w.t.Helper()
	return w.addresses(`SELECT b.address` + byReader + `WHERE d.state = 'unknown'`)
}

// waiting lists readers of whose letter nothing was tried; of many, the last in line, or any.
func (w *world) waiting(last bool) []string {
	w.t.Helper()
	order := "random()"
	if last {
		order = "b.id DESC"
	}
	return w.addresses(`SELECT b.address` + byReader + `JOIN subscriptions p ON p.subscriber_id = b.id
		WHERE p.state = 'active' AND (d.id IS NULL OR d.state = 'queued') ORDER BY ` + order + ` LIMIT 20`)
}

func (w *world) addresses(query string) []string {
	w.t.Helper()
	var all []string
	w.read(query, nil, func(scan func(...any) error) error {
		var address string
		err := scan(&address)
		all = append(all, address)
		return err
	})
	return all
}

// state is that of a reader's letter; empty while there is none.
func (w *world) state(address string) (state string) {
	w.t.Helper()
	w.read(`SELECT coalesce(d.state, '')`+byReader+`WHERE b.address = ?`, []any{address}, func(scan func(...any) error) error { return scan(&state) })
	return state
}

// states are those of all readers' letters. A reader has one: a second would be found here and hide the first.
func (w *world) states() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	w.read(`SELECT b.address, coalesce(d.state, '')`+byReader, nil, func(scan func(...any) error) error {
		var address, state string
		err := scan(&address, &state)
		if before, twice := all[address]; twice {
			w.t.Errorf("%s has two letters, %s and %s", address, before, state)
		}
		all[address] = state
		return err
	})
	return all
}

// read looks into the database beside the program, and changes nothing in it: the next start finds it as a kill left it.
func (w *world) read(query string, args []any, row func(scan func(...any) error) error) {
	w.t.Helper()
	db, err := databasesql.Open("sqlite3", "file:"+filepath.Join(w.dir, "data", "facteur.db")+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.Query(query, args...)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		err = errors.Join(err, row(rows.Scan))
	}
	if err = errors.Join(err, rows.Err()); err != nil {
		w.t.Fatal(err)
	}
}
