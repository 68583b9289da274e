package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"facteur/internal/newsletter"
	"facteur/internal/smtptest"
)

var theProgram = flag.String("facteur", "", "the program that is measured; empty: this test as one")

// BenchmarkEdition is what an operator waits for, at 1,000 readers and at a million: from the command that publishes an edition
// to the first letter at the server, how fast letters go from there, how much memory that takes, and from the start of a
// server after a SIGKILL in the midst of it to the next letter.
func BenchmarkEdition(b *testing.B) {
	for _, readers := range []int{1000, 1_000_000} {
		b.Run(fmt.Sprint(readers), func(b *testing.B) {
			for range b.N {
				publishAndKill(b, readers)
			}
		})
	}
}

func publishAndKill(b *testing.B, readers int) {
	b.Helper()
	const wide = 16
	w := newWorld(b, newsletter.UnknownResend, wide, smtptest.Faults{})
	w.measured()
	b.StopTimer()
	w.enrol(readers)
	w.must("article", "add", "un.md")
	b.StartTimer()
	server := w.serve()
	began := time.Now()
	publishing := w.begin("digest", "publish", "--yes")
	server.await(1, time.After(hangAfter))
	b.ReportMetric(milliseconds(time.Since(began)), "ms-first")
	<-publishing.ended
	publishing.check(0)
	b.ReportMetric(milliseconds(time.Since(began)), "ms-published")
	first := time.Now()
	many := readers * 15 / 100 // by then all rows are made
	server.await(many, time.After(hangAfter))
	b.ReportMetric(float64(many)/time.Since(first).Seconds(), "letters/s")
	b.ReportMetric(server.most(), "MB")
	if !server.kill() {
		b.Fatal("the server ended before it was killed")
	}

	began = time.Now()
	before := w.sink.Letters()
	server = w.begin("serve")
	server.await(before+wide+2, time.After(hangAfter)) // the first ones may be what the killed one sent
	b.ReportMetric(milliseconds(time.Since(began)), "ms-again")
	server.await(readers*2/10, time.After(hangAfter))
	b.ReportMetric(server.most(), "MB-again")
	if err := server.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	<-server.ended
	server.check(0)
}

// measured has the program be that of -facteur.
func (w *world) measured() {
	w.t.Helper()
	if *theProgram == "" {
		return
	}
	var err error
	if w.program, err = filepath.Abs(*theProgram); err != nil {
		w.t.Fatal(err)
	}
}

// serve starts a server and waits until it says that it is ready (sd_notify(3)).
func (w *world) serve() *life {
	w.t.Helper()
	path := filepath.Join(w.dir, "notify")
	ready, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = ready.Close() }()
	env := w.env
	w.env = append(slices.Clip(env), "NOTIFY_SOCKET="+path)
	defer func() { w.env = env }()
	l := w.begin("serve")
	if _, err := ready.Read(make([]byte, 64)); err != nil {
		w.t.Fatal(err)
	}
	return l
}

// most is the most memory that a program had at once, in millions of bytes.
func (l *life) most() float64 {
	l.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", l.cmd.Process.Pid))
	if err != nil {
		l.t.Fatalf("%v\n%s", err, l.output.String())
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:") // proc_pid_status(5)
	kB, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		l.t.Fatal(err)
	}
	return float64(kB) * 1024 / 1e6
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
